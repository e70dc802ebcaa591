//! `/risk/{reference}`: one risk in words and in money, what its figures come from, and what would change them.

mod decide;
mod inputs;
mod panel;
mod prepared;
mod whatif;

pub use decide::pays;
pub use inputs::{about, on_word};
pub use panel::panel;
pub use whatif::answer;

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::super::taste::Taste;
use super::curve::{CurveParts, framed, one_in};
use super::portfolio::over_time;
use super::say::{add, amounts, band, foot, maybe, money_column, stop};
use super::{LIBRARY, PORTFOLIO, contents, say};
use crate::parts::{
    AnswerView, ButtonView, ChartView, FactView, FieldGroupView, HeadView, RowView, Sentence, TableView,
    Tone, Value, answer as answer_line, chart, field_groups, head,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::risk::views::{QualitativeView, RiskView, RunStamp, WhatIfView};
use wardkeep_register::Area;
use wardkeep_report::chart::{Amounts, Marks, Swing, tornado};

/// Inputs that are drawn; the table has all.
const DRAWN: usize = 10;

/// `GET /risk/{reference}?coverage:KEY=98`.
pub async fn show(reader: Reader, Path(reference): Path<String>) -> Response {
    reader.answer(page(&reader, &reference)).await
}

async fn page(reader: &Reader, reference: &str) -> Result<Response, Error> {
    let app = &reader.state.app;
    let view = app.risk_shown(&reader.ctx, &reader.organisation, reference).await?;
    let positions = whatif::positions(&view, &reader.pairs);
    let tried = if positions.is_empty() {
        None
    } else {
        Some(app.risk_what_if(&reader.ctx, &reader.organisation, reference, &positions).await?)
    };
    let title = format!("{} {}", view.record.reference, view.record.name);
    let mut frame = Frame::new(title.clone())
        .in_area(Area::Identify)
        .at(PORTFOLIO)
        .back(words("risk.portfolio_title"), PORTFOLIO)
        .crumb(view.record.reference.clone());
    if let Some(run) = &view.run {
        frame =
            frame.as_of(foot(&reader.taste, run), reader.now().seconds_since(run.computed_at) > 2 * 86_400);
    }
    Ok(reader.page(frame, body(&reader.taste, &view, tried.as_ref())))
}

/// The page below the frame.
pub fn body(taste: &Taste, view: &RiskView, tried: Option<&WhatIfView>) -> Markup {
    let Some(run) = &view.run else {
        return html! { (heading(view)) (answer_line(&AnswerView { tone: Tone::Plain, text: Sentence::new(words("risk.one_never")), ..AnswerView::default() })) (in_words(&view.qualitative)) (prepared::section(taste, view)) };
    };
    let a = amounts(taste, run);
    html! {
        (heading(view))
        (answer_line(&said(taste, &a, view)))
        (contents(&sections(view)))
        div.beside { (in_words(&view.qualitative)) (in_money(&a, view)) }
        @if view.assessed && !view.sliders.is_empty() { (whatif::section(taste, run, view, tried)) }
        @for scenario in &view.scenarios { (inputs::scenario(taste, &a, scenario)) }
        (swings(taste, run, &a, view))
        @if let Some(alone) = &view.alone {
            section.section #alone {
                (framed(taste, &CurveParts {
                    said: Sentence::new(alone.var.iter().find(|l| l.level == "99").and_then(|l| l.figure.value)
                        .map_or_else(|| words("risk.curve_title").to_owned(), |v| fill("risk.alone_said", &[("said", &one_in(taste, 0.01, &a.full(v)))]))),
                    run,
                    curves: std::slice::from_ref(&alone.curve),
                    appetite: &[],
                    var: &alone.var,
                    no_loss: Some(alone.no_loss),
                }))
            }
        }
        (prepared::section(taste, view))
        (decide::treatments(taste, &a, view))
        (decide::acceptances(taste, &a, view))
        (past(taste, run, &a, view))
    }
}

/// What stands on the page of a risk with figures, in its order.
fn sections(view: &RiskView) -> Vec<(String, String)> {
    let there = |there: bool, anchor: &str, name: &str| there.then(|| (anchor.to_owned(), name.to_owned()));
    let mut out = vec![];
    out.extend(there(view.assessed && !view.sliders.is_empty(), "what-if", words("risk.whatif")));
    out.extend(view.scenarios.iter().map(|s| (inputs::anchor(s), s.name.clone())));
    out.extend(there(!view.tornado.is_empty(), "tornado", words("risk.to_tornado")));
    out.extend(there(view.alone.is_some(), "alone", words("risk.to_curve")));
    out.extend(there(true, "treatments", words("risk.treatments")));
    out.extend(there(!view.acceptances.is_empty(), "acceptances", words("risk.acceptances")));
    out.extend(there(view.history.len() > 1, "history", words("risk.to_history")));
    out
}

fn heading(view: &RiskView) -> Markup {
    let mut facts = vec![Value::text(view.stage.1.clone())];
    facts.extend(view.owner.clone().map(Value::text));
    head(&HeadView {
        reference: Some(view.record.reference.clone()),
        title: view.record.name.clone(),
        facts,
        verbs: vec![
            ButtonView::link(words("risk.open_record"), view.record.path.clone()),
            ButtonView::link(words("risk.library_from"), format!("{LIBRARY}?risk={}", view.record.reference)),
            ButtonView::link(words("risk.add_treatment"), add("treatment_plan", Some(&view.record))),
            ButtonView::link(words("risk.add_acceptance"), add("acceptance", Some(&view.record))),
        ],
        ..HeadView::default()
    })
}

/// What the risk costs, how far that is known, and what to do next.
fn said(taste: &Taste, a: &Amounts, view: &RiskView) -> AnswerView {
    if !view.assessed {
        return AnswerView {
            tone: Tone::Warn,
            text: Sentence::new(words("risk.one_not_assessed")),
            next: vec![
                ButtonView::link(words("risk.add_scenario"), add("scenario", Some(&view.record))).main(),
            ],
        };
    }
    let why = format!("/risk/why/mean?risk={}", view.record.reference);
    let figure = match (view.mean.value, band(a, &view.mean)) {
        (Some(v), Some(band)) => fill("risk.with_band", &[("figure", &a.full(v)), ("band", &band)]),
        (Some(v), None) => a.full(v),
        _ => words("risk.infinite").to_owned(),
    };
    let mut text = Sentence::new(words("risk.one_average")).figure(figure, why);
    if let (Some(mean), Some(tail)) = (view.mean_share, view.tail_share) {
        text = text.and(fill("risk.one_shares", &[("mean", &a.percent(mean)), ("tail", &a.percent(tail))]));
    }
    text = text.and(". ");
    let guessed = view.scenarios.iter().flat_map(|s| &s.inputs).filter(|i| i.source == "placeholder").count();
    let inputs: usize = view.scenarios.iter().map(|s| s.inputs.len()).sum();
    let mut tone = Tone::Plain;
    if let Some(said) = &view.qualitative.disagreement {
        tone = Tone::Warn;
        text = text.and(stop(said)).and(" ");
    }
    if guessed > 0 {
        tone = Tone::Warn;
        let (n, all) = (taste.count(guessed as i64), taste.count(inputs as i64));
        text = text.and(fill("risk.one_guessed", &[("n", &n), ("all", &all)]));
    }
    AnswerView { tone, text, next: vec![] }
}

fn level(level: Option<&(u32, String)>) -> Value {
    level.map_or_else(
        || Value::Unknown(words("risk.not_assessed").to_owned()),
        |(n, name)| Value::text(format!("{n} · {name}")),
    )
}

/// The side of the matrix.
fn in_words(view: &QualitativeView) -> Markup {
    let rating = match (&view.rating, view.band) {
        (Some((score, band)), _) => Value::text(format!("{band} ({score})")),
        (None, _) => Value::Unknown(words("risk.not_assessed").to_owned()),
    };
    let by_figures = view.by_figures.map_or_else(
        || Value::Unknown(words("risk.no_anchors").to_owned()),
        |(l, i)| {
            Value::text(fill("risk.cell_of", &[("likelihood", &l.to_string()), ("impact", &i.to_string())]))
        },
    );
    let matrix = view.matrix.as_ref().map_or_else(
        || Value::Unknown(words("risk.no_matrix").to_owned()),
        |m| Value::Link(crate::parts::LinkView::new(m.name.clone(), super::MATRIX)),
    );
    field_groups(&[FieldGroupView {
        title: words("risk.in_words").to_owned(),
        facts: vec![
            FactView::new(words("risk.likelihood"), level(view.likelihood.as_ref())),
            FactView::new(words("risk.impact"), level(view.impact.as_ref())),
            FactView::new(words("risk.rating"), rating),
            FactView {
                sub: view.disagreement.clone(),
                ..FactView::new(words("risk.by_figures"), by_figures)
            },
            FactView::new(words("risk.matrix"), matrix),
        ],
    }])
}

/// The side of the engine.
fn in_money(a: &Amounts, view: &RiskView) -> Markup {
    let why = |figure: &str| Some(format!("/risk/why/{figure}?risk={}", view.record.reference));
    let figure = |value: Option<f64>, key: &str| match value.filter(|_| view.assessed) {
        Some(v) => Value::Figure { text: a.full(v), unit: None, why: why(key) },
        None if view.assessed => Value::Unknown(words("risk.infinite").to_owned()),
        None => Value::Unknown(words("risk.not_assessed").to_owned()),
    };
    let of_all = |share: Option<f64>| share.map(|s| fill("risk.of_all", &[("share", &a.percent(s))]));
    let mut facts = vec![
        FactView {
            sub: band(a, &view.mean).map(|band| fill("risk.band_is", &[("band", &band)])),
            ..FactView::new(words("risk.mean"), figure(view.mean.value, "mean"))
        },
        FactView {
            sub: of_all(view.tail_share),
            ..FactView::new(words("risk.share_tail"), figure(view.tail, "tail"))
        },
    ];
    if let Some(alone) = &view.alone {
        facts.push(FactView::new(words("risk.no_loss"), Value::text(a.percent(alone.no_loss))));
        for (key, label) in [("95", words("risk.one_in_20")), ("99", words("risk.one_in_100"))] {
            if let Some(l) = alone.var.iter().find(|l| l.level == key) {
                facts.push(FactView {
                    sub: band(a, &l.figure).map(|band| fill("risk.band_is", &[("band", &band)])),
                    ..FactView::new(
                        fill("risk.by_itself", &[("what", label)]),
                        Value::text(maybe(a, l.figure.value)),
                    )
                });
            }
        }
    }
    field_groups(&[FieldGroupView { title: words("risk.in_money").to_owned(), facts }])
}

/// Which input swings the portfolio's bad year most.
fn swings(taste: &Taste, run: &RunStamp, a: &Amounts, view: &RiskView) -> Markup {
    let Some(first) = view.tornado.first() else { return html! {} };
    let all: Vec<Swing> = view
        .tornado
        .iter()
        .take(DRAWN)
        .map(|s| Swing { label: s.label.clone(), low: s.mean.0, high: s.mean.1 })
        .collect();
    let now = middle(view);
    let drawn = tornado(
        words("risk.tornado"),
        a,
        now,
        words("risk.now_word"),
        &all,
        [words("risk.input_low"), words("risk.input_high")],
        Marks::Live,
    );
    let rows = view.tornado.iter().map(|s| RowView {
        cells: vec![
            Value::text(s.label.clone()).into(),
            Value::number(a.bare(s.mean.0)).into(),
            Value::number(a.bare(s.mean.1)).into(),
            Value::number(a.bare(s.var.0)).into(),
            Value::number(a.bare(s.var.1)).into(),
        ],
        ..RowView::default()
    });
    let named = |what: &str, end: &str| money_column(&format!("{what}, {end}"), a);
    let (low, high) = (words("risk.input_low"), words("risk.input_high"));
    html! {
        section.section #tornado {
            (chart(&ChartView {
                said: Sentence::new(fill("risk.tornado_said", &[("input", &first.label)])),
                about: words("risk.tornado_about").to_owned(),
                drawing: drawn.svg,
                figures: TableView {
                    caption: words("risk.tornado").to_owned(),
                    columns: vec![
                        say::column(words("risk.input"), crate::parts::Align::Text),
                        named(words("risk.mean"), low),
                        named(words("risk.mean"), high),
                        named(words("risk.one_in_100"), low),
                        named(words("risk.one_in_100"), high),
                    ],
                    rows: rows.collect(),
                    wide: true,
                    ..TableView::default()
                },
                source: foot(taste, run),
            }))
        }
    }
}

/// The risk's own mean as the inputs swing it: by itself, before cover that reaches beyond it.
fn middle(view: &RiskView) -> f64 {
    let alone = view.alone.as_ref().and_then(|a| a.curve.mean);
    alone
        .or(view.mean.value)
        .or_else(|| view.tornado.first().map(|s| f64::midpoint(s.mean.0, s.mean.1)))
        .unwrap_or(0.0)
}

fn past(taste: &Taste, run: &RunStamp, a: &Amounts, view: &RiskView) -> Markup {
    let band = view.mean.low.zip(view.mean.high);
    let Some((said, drawn)) = over_time(taste, a, &view.history, band, None, words("risk.mean_a_year"))
    else {
        return html! {};
    };
    let mut figures = TableView {
        caption: words("risk.history").to_owned(),
        columns: vec![
            say::column(words("risk.when"), crate::parts::Align::Text),
            money_column(words("risk.mean"), a),
            money_column(words("risk.share_tail"), a),
            say::column(words("risk.why_moved"), crate::parts::Align::Text),
        ],
        ..TableView::default()
    };
    figures.rows = view
        .history
        .iter()
        .rev()
        .map(|h| RowView {
            href: Some(format!("/risk/runs/{}", h.hash)),
            cells: vec![
                Value::text(taste.moment_stamp(h.at).absolute).into(),
                say::money(a, h.mean).into(),
                say::money(a, h.tvar99).into(),
                Value::text(say::told(&h.why)).into(),
            ],
            ..RowView::default()
        })
        .collect();
    html! {
        section.section #history {
            (chart(&ChartView {
                said: Sentence::new(said),
                about: words("risk.history_about").to_owned(),
                drawing: drawn,
                figures,
                source: foot(taste, run),
            }))
        }
    }
}
