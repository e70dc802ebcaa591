//! `/risk/appetite`: what the board bears, how it stands, and from where each indicator becomes an alarm.

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::super::taste::Taste;
use super::curve::{CurveParts, framed};
use super::portfolio::tables::{appetite, cell};
use super::say::{add, amounts, column, foot, stop};
use super::{APPETITE, pages};
use crate::parts::{
    Align, AnswerView, ButtonView, CellView, EmptyView, HeadView, LinkView, RowView, Sentence, TableView,
    Tone, Value, answer, empty, head, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::records::{RecordView, ValueView};
use wardkeep_app::risk::views::{AppetitePageView, IndicatorView};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Area;
use wardkeep_report::chart::Amounts;
use wardkeep_types::State;

/// `GET /risk/appetite`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let view = reader.state.app.risk_appetite(&reader.ctx, &reader.organisation).await?;
    let title = words("risk.appetite_title");
    let mut frame = Frame::new(title).in_area(Area::Govern).at(APPETITE).crumb(title);
    if let Some(run) = &view.run {
        frame =
            frame.as_of(foot(&reader.taste, run), reader.now().seconds_since(run.computed_at) > 2 * 86_400);
    }
    Ok(reader.page(frame, body(&reader.taste, &view)))
}

/// The page below the frame.
pub fn body(taste: &Taste, view: &AppetitePageView) -> Markup {
    let heading = head(&HeadView {
        title: words("risk.appetite_title").to_owned(),
        verbs: vec![ButtonView::link(words("risk.write_appetite"), add("appetite", None)).main()],
        ..HeadView::default()
    });
    if view.statements.is_empty() && view.waiting.is_empty() {
        return html! { (heading) (pages(APPETITE)) (nothing_yet()) };
    }
    html! {
        (heading)
        (pages(APPETITE))
        (answer(&said(view)))
        @if let Some(run) = &view.run {
            @let a = amounts(taste, run);
            (appetite(&a, &view.statements))
            @if let Some(curve) = &view.curve {
                section.section #curve {
                    (framed(taste, &CurveParts {
                        said: Sentence::new(curve_said(&view.statements)),
                        run,
                        curves: std::slice::from_ref(curve),
                        appetite: &view.statements,
                        var: &[],
                        no_loss: None,
                    }))
                }
            }
            (indicators(&a, &view.indicators))
        }
        @if !view.waiting.is_empty() {
            section.section #waiting {
                h2 { (words("risk.waiting")) }
                ul.lines { @for one in &view.waiting { li { (super::say::link(one)) } } }
            }
        }
    }
}

/// The finding of the curve: how the limits that are points of it stand.
fn curve_said(all: &[wardkeep_app::risk::views::AppetiteView]) -> String {
    let word = super::curve::verdict_word;
    let on: Vec<String> = all
        .iter()
        .filter(|r| super::curve::on_curve(r))
        .map(|r| format!("{}: {}", r.words, word(r.verdict)))
        .collect();
    if on.is_empty() {
        words("risk.appetite_curve").to_owned()
    } else {
        fill("risk.appetite_curve_said", &[("list", &on.join("; "))])
    }
}

fn nothing_yet() -> Markup {
    empty(&EmptyView {
        title: words("risk.no_statements").to_owned(),
        text: Sentence::new(words("risk.no_statements_text")),
        acts: vec![ButtonView::link(words("risk.write_appetite"), add("appetite", None)).main()],
        example: Some(Sentence::new(words("risk.no_statements_example"))),
    })
}

fn said(view: &AppetitePageView) -> AnswerView {
    let of = |verdict: &'static str| view.statements.iter().filter(move |r| r.verdict == verdict);
    let (fail, unsure, all) = (of("fail").count(), of("undetermined").count(), view.statements.len());
    let alarms = view.indicators.iter().filter(|i| i.state == "alarm").count();
    let values = [("n", fail.to_string()), ("all", all.to_string()), ("unsure", unsure.to_string())];
    let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
    let (tone, mut text) = if all == 0 {
        (Tone::Warn, Sentence::new(words("risk.none_in_force")))
    } else if let Some(first) = of("fail").next() {
        let text = Sentence::new(fill("risk.appetite_broken", &values))
            .and(" ")
            .link(stop(&first.record.name), first.record.path.clone());
        (Tone::Bad, text)
    } else if unsure > 0 {
        (Tone::Warn, Sentence::new(fill("risk.appetite_unsure", &values)))
    } else {
        (Tone::Good, Sentence::new(fill("risk.limits_hold", &values)))
    };
    if alarms > 0 {
        text = text.and(" ").and(fill("risk.alarms", &[("n", &alarms.to_string())]));
    }
    AnswerView { tone, text, next: vec![] }
}

/// An indicator's state with the shapes of the five states and its own words.
fn state(state: &str) -> Markup {
    let (look, word) = match state {
        "fine" => (State::Effective, words("risk.kri_fine")),
        "watch" => (State::Degraded, words("risk.kri_watch")),
        "alarm" => (State::Failing, words("risk.kri_alarm")),
        _ => (State::NotTested, words("risk.kri_unknown")),
    };
    html! { span class={ "badge " (crate::parts::state_class(look)) } { (crate::parts::state_shape(look)) (word) } }
}

fn indicators(a: &Amounts, all: &[IndicatorView]) -> Markup {
    let percent =
        |v: Option<f64>| v.map_or(Value::Unknown(String::new()), |v| Value::number(a.percent(v / 100.0)));
    let row = |i: &IndicatorView| RowView {
        cells: vec![
            CellView { value: cell(Some(&i.record)), sub: Some(i.watches.clone()) },
            Value::Html(state(i.state)).into(),
            percent(i.value).into(),
            CellView {
                value: i.threshold.map_or(Value::Empty, |v| Value::number(a.percent(v / 100.0))),
                sub: Some(i.words.clone()),
            },
            i.chance_crossed.map_or(CellView::default(), |c| Value::number(a.percent(c)).into()),
            cell(i.appetite.as_ref()).into(),
        ],
        ..RowView::default()
    };
    html! {
        section.section #indicators {
            h2 { (words("risk.indicators")) }
            p.quiet { (words("risk.indicators_text")) }
            (table(&TableView {
                caption: words("risk.indicators").to_owned(),
                columns: vec![
                    column(words("risk.indicator"), Align::Text),
                    column(words("risk.state"), Align::Tight),
                    column(words("risk.now"), Align::Number),
                    column(words("risk.threshold"), Align::Number),
                    column(words("risk.chance_crossed"), Align::Number),
                    column(words("risk.guards"), Align::Text),
                ],
                rows: all.iter().map(row).collect(),
                empty: EmptyView {
                    title: words("risk.no_indicators").to_owned(),
                    text: Sentence::new(words("risk.no_indicators_text")),
                    acts: vec![ButtonView::link(words("risk.add_indicator"), add("indicator", None))],
                    ..EmptyView::default()
                },
                ..TableView::default()
            }))
        }
    }
}

/// The figures that a statement or acceptance rests on, on its own page.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    let app = &reader.state.app;
    if view.register == "acceptance" {
        let Some(risk) = risk_of(view) else { return Ok(html! {}) };
        return match app.risk_shown(&reader.ctx, &reader.organisation, &risk).await {
            Ok(found) => Ok(accepted(&reader.taste, &found, &view.reference)),
            Err(Error::Refusal(Refusal::NotFound)) => Ok(html! {}),
            Err(error) => Err(error),
        };
    }
    let found = match app.risk_appetite(&reader.ctx, &reader.organisation).await {
        Ok(found) => found,
        Err(Error::Refusal(Refusal::NotFound)) => return Ok(html! {}),
        Err(error) => return Err(error),
    };
    let own: Vec<_> = found.statements.into_iter().filter(|s| s.record.reference == view.reference).collect();
    let Some(run) = found.run.as_ref().filter(|_| !own.is_empty()) else { return Ok(html! {}) };
    let a = amounts(&reader.taste, run);
    Ok(html! {
        section.risk-panel aria-label=(words("risk.rests_on")) {
            (appetite(&a, &own))
            p.small.quiet { (foot(&reader.taste, run)) " " (LinkView::new(words("risk.see_appetite"), APPETITE)) }
        }
    })
}

/// The reference of the risk that an acceptance names.
fn risk_of(view: &RecordView) -> Option<String> {
    let field = view.fields.iter().find(|f| f.name == "risk")?;
    match &field.shown {
        ValueView::Links { seen, .. } => seen.first().map(|label| label.reference.clone()),
        _ => None,
    }
}

/// Then and now, side by side: what was accepted and what it would be today.
fn accepted(taste: &Taste, risk: &wardkeep_app::risk::views::RiskView, reference: &str) -> Markup {
    let Some((run, one)) =
        risk.run.as_ref().zip(risk.acceptances.iter().find(|x| x.record.reference == reference))
    else {
        return html! {};
    };
    let a = amounts(taste, run);
    let row = |label: &str, then: Option<f64>, now: Option<f64>| RowView {
        cells: vec![
            Value::text(label).into(),
            super::say::money(&a, then).into(),
            super::say::money(&a, now).into(),
        ],
        ..RowView::default()
    };
    html! {
        section.risk-panel aria-label=(words("risk.rests_on")) {
            (table(&TableView {
                caption: words("risk.rests_on").to_owned(),
                columns: vec![
                    column(words("risk.figure"), Align::Text),
                    super::say::money_column(words("risk.then"), &a),
                    super::say::money_column(words("risk.now"), &a),
                ],
                rows: vec![row(words("risk.mean"), one.mean, risk.mean.value), row(words("risk.share_tail"), one.tail, risk.tail)],
                keep: true,
                ..TableView::default()
            }))
            p.small.quiet {
                (words("risk.accepted_on")) " "
                @if one.run.is_empty() { (words("value.unknown")) } @else { a href={ "/risk/runs/" (one.run) } { (super::say::short(&one.run)) } }
                ". " (foot(taste, run))
            }
        }
    }
}
