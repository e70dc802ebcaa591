//! Appetite, causes, what is outside the sum, cover and remarks as tables.

use super::super::curve::verdict_word;
use super::super::say::{column, link, money, money_column, stop, told};
use crate::parts::{
    Align, CellView, EmptyView, FactView, FieldGroupView, NoticeView, RowView, Sentence, TableView, Tone,
    Value, field_groups, notice, table, unknown,
};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::risk::views::{AppetiteView, CauseView, ChangeView, CoverView, PortfolioView};
use wardkeep_report::chart::Amounts;
use wardkeep_types::State;

/// A verdict as shape, word and colour: the looks of the states, with the words of a test of appetite.
pub fn verdict(verdict: &str) -> Markup {
    let class = match verdict {
        "pass" => State::Effective,
        "fail" => State::Failing,
        "undetermined" => State::Insufficient,
        _ => State::NotTested,
    };
    let shape = crate::parts::state_shape(class);
    html! { span class={ "badge " (crate::parts::state_class(class)) } { (shape) (verdict_word(verdict)) } }
}

/// A measure or limit as people read it: a chance for an exceedance, else money.
pub fn measured(a: &Amounts, rule: &AppetiteView, value: f64) -> String {
    if rule.measure == "exceedance" { a.percent(value) } else { a.full(value) }
}

/// Every constraint with its test.
pub fn appetite(a: &Amounts, rules: &[AppetiteView]) -> Markup {
    let row = |r: &AppetiteView| {
        let now = match (r.value, r.verdict) {
            (Some(value), _) => Value::number(measured(a, r, value)),
            (None, "not_tested") => Value::Unknown(words("risk.not_tested").to_owned()),
            (None, _) => Value::Unknown(words("risk.infinite").to_owned()),
        };
        let room = r.value.filter(|_| r.limit > 0.0).map(|v| v / r.limit);
        RowView {
            name: r.record.name.clone(),
            href: Some(r.record.path.clone()),
            cells: vec![
                CellView {
                    value: Value::text(r.record.name.clone()),
                    sub: Some(match &r.scope {
                        Some(scope) => format!("{} ({scope})", r.words),
                        None => r.words.clone(),
                    }),
                },
                CellView {
                    value: Value::Html(verdict(r.verdict)),
                    sub: (r.warned && r.verdict == "pass").then(|| words("risk.warned").to_owned()),
                },
                CellView {
                    value: now,
                    sub: room.map(|s| fill("risk.of_limit", &[("share", &a.percent(s))])),
                },
                Value::number(measured(a, r, r.limit)).into(),
                CellView {
                    value: r.chance_met.map_or(Value::Empty, |c| Value::number(a.percent(c))),
                    sub: (r.not_assessed > 0)
                        .then(|| fill("risk.left_out", &[("n", &r.not_assessed.to_string())])),
                },
            ],
            ..RowView::default()
        }
    };
    table(&TableView {
        caption: words("risk.appetite").to_owned(),
        columns: vec![
            column(words("risk.limit"), Align::Text),
            column(words("risk.test"), Align::Tight),
            column(words("risk.now"), Align::Number),
            column(words("risk.at_most"), Align::Number),
            column(words("risk.chance_met"), Align::Number),
        ],
        rows: rules.iter().map(row).collect(),
        ..TableView::default()
    })
}

/// What each changed input did.
pub fn causes(a: &Amounts, change: &ChangeView) -> Markup {
    let cell = |v: f64| {
        CellView::from(Value::number(if a.bare(v.abs()) == "0" { "0".to_owned() } else { a.change(v) }))
    };
    let row = |c: &CauseView| RowView {
        cells: vec![
            c.record.as_ref().map_or_else(
                || CellView::from(Value::text(told(&c.words).trim_end_matches('.').to_owned())),
                |r| CellView {
                    value: Value::Link(crate::parts::LinkView::new(
                        c.words.replace(" -> ", " → "),
                        r.path.clone(),
                    )),
                    sub: Some(r.reference.clone()),
                },
            ),
            cell(c.mean),
            cell(c.var),
            cell(c.tvar),
        ],
        ..RowView::default()
    };
    let total = |pair: (f64, f64)| cell(pair.1 - pair.0);
    table(&TableView {
        caption: words("risk.causes").to_owned(),
        columns: vec![
            column(words("risk.cause"), Align::Text),
            money_column(words("risk.mean"), a),
            money_column(words("risk.one_in_100"), a),
            money_column(words("risk.worst_hundredth"), a),
        ],
        rows: change.causes.iter().map(row).collect(),
        foot: Some(vec![
            Value::text(words("risk.together")).into(),
            total(change.mean),
            total(change.var),
            total(change.tvar),
        ]),
        ..TableView::default()
    })
}

/// What nobody assessed: in no sum, and named.
pub fn outside(view: &PortfolioView) -> Markup {
    let rows = view.outside.iter().map(|o| RowView {
        name: o.record.name.clone(),
        href: Some(o.record.path.clone()),
        cells: vec![
            Value::Code(o.record.reference.clone()).into(),
            CellView { value: Value::text(o.record.name.clone()), sub: Some(o.why.clone()) },
        ],
        ..RowView::default()
    });
    html! {
        section.section #outside {
            h2 { (words("risk.outside")) span.count { " " (view.outside.len()) } }
            @if !view.outside.is_empty() { p { (unknown(words("risk.not_assessed"))) " " (words("risk.outside_text")) } }
            (table(&TableView {
                caption: words("risk.outside").to_owned(),
                title: 1,
                columns: vec![column(words("risk.reference"), Align::Reference), column(words("risk.what"), Align::Text)],
                rows: rows.collect(),
                empty: EmptyView { title: words("risk.outside_none").to_owned(), ..EmptyView::default() },
                ..TableView::default()
            }))
        }
    }
}

/// Insurance line by line.
pub fn cover(a: &Amounts, cover: &CoverView) -> Markup {
    let fact = |label: &str, value: Option<f64>| FactView::new(label, money(a, value));
    html! {
        section.section #cover {
            (field_groups(&[FieldGroupView {
                title: fill("risk.cover", &[("currency", &a.currency)]),
                facts: vec![
                    fact(words("risk.gross"), cover.gross),
                    fact(words("risk.recovered"), cover.recovered),
                    fact(words("risk.net"), cover.net),
                    fact(words("risk.premium"), Some(cover.premium)),
                    fact(words("risk.reinstatement"), Some(cover.reinstatement)),
                ],
            }]))
        }
    }
}

/// Incidents that name no scenario, and what the engine remarks.
pub fn remarks(view: &PortfolioView) -> Markup {
    html! {
        @if !view.incidents_without_scenario.is_empty() {
            section.section { (notice(&NoticeView {
                tone: Tone::Warn,
                title: Some(words("risk.stray_incidents").to_owned()),
                text: Sentence::new(words("risk.stray_text")),
                points: view.incidents_without_scenario.iter().map(|r| Sentence::default().link(format!("{} {}", r.reference, r.name), r.path.clone())).collect(),
                ..NoticeView::default()
            })) }
        }
        @if !view.notes.is_empty() {
            section.section {
                h2 { (words("risk.notes")) }
                ul.points { @for note in &view.notes { li { (stop(note)) } } }
            }
        }
    }
}

/// A record as a link in a cell.
pub fn cell(record: Option<&wardkeep_app::risk::views::Ref>) -> Value {
    record.map_or(Value::Empty, |r| Value::Link(link(r)))
}
