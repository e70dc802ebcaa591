//! `/risk/estimates`: whose figures must be asked again, and whose ranges held.

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::super::taste::Taste;
use super::one::about;
use super::say::{add, column, source};
use super::{ESTIMATES, fold, pages};
use crate::parts::{
    Align, AnswerView, ButtonView, CellView, EmptyView, HeadView, RowView, Sentence, TableView, Tone,
    Urgency, Value, answer, empty, head, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::risk::views::{CalibrationView, EstimateView, EstimatesView};
use wardkeep_register::Area;
use wardkeep_report::chart::Amounts;

/// `GET /risk/estimates`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let view = reader.state.app.risk_estimates(&reader.ctx, &reader.organisation).await?;
    let title = words("risk.estimates_title");
    let frame = Frame::new(title).in_area(Area::Identify).at(ESTIMATES).crumb(title);
    Ok(reader.page(frame, body(&reader.taste, &view)))
}

/// The page below the frame.
pub fn body(taste: &Taste, view: &EstimatesView) -> Markup {
    let add = ButtonView::link(words("risk.add_estimate"), add("estimate", None));
    let heading = head(&HeadView {
        title: words("risk.estimates_title").to_owned(),
        verbs: vec![add.clone()],
        ..HeadView::default()
    });
    if view.estimates.is_empty() {
        return html! {
            (heading)
            (pages(ESTIMATES))
            (empty(&EmptyView {
                title: words("risk.no_estimates").to_owned(),
                text: Sentence::new(words("risk.no_estimates_text")),
                acts: vec![add.main()],
                example: Some(Sentence::new(words("risk.no_estimates_example"))),
            }))
        };
    }
    let (due, later): (Vec<&EstimateView>, Vec<&EstimateView>) =
        view.estimates.iter().partition(|e| e.overdue || e.source == "placeholder");
    html! {
        (heading)
        (pages(ESTIMATES))
        (answer(&said(view)))
        @if !due.is_empty() { (table(&estimates(taste, words("risk.estimates_title"), &due))) }
        @if !later.is_empty() {
            section.section #in-date {
                h2 { (words("risk.estimates_later")) " " span.count { (later.len()) } }
                (fold(words("risk.estimates_later_show"), &table(&estimates(taste, words("risk.estimates_later"), &later))))
            }
        }
        section.section #calibration {
            h2 { (words("risk.calibration")) }
            p.quiet { (words("risk.calibration_text")) }
            (table(&calibration(taste, &view.calibration)))
        }
    }
}

fn said(view: &EstimatesView) -> AnswerView {
    let overdue = view.estimates.iter().filter(|e| e.overdue).count();
    let placeholders = view.estimates.iter().filter(|e| e.source == "placeholder").count();
    let values = [
        ("overdue", overdue.to_string()),
        ("placeholders", placeholders.to_string()),
        ("all", view.estimates.len().to_string()),
    ];
    let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
    let most = view.estimates.iter().filter(|e| e.overdue || e.source == "placeholder");
    let most = most
        .filter(|e| e.matters.is_some())
        .max_by(|a, b| a.matters.unwrap_or(0.0).total_cmp(&b.matters.unwrap_or(0.0)));
    let mut text = Sentence::new(if overdue + placeholders == 0 {
        fill("risk.estimates_fine", &values)
    } else {
        fill("risk.estimates_due", &values)
    });
    if let Some(one) = most {
        text = text
            .and(" ")
            .and(words("risk.begin_with"))
            .link(one.record.name.clone(), one.record.path.clone())
            .and(".");
    }
    AnswerView { tone: if overdue + placeholders == 0 { Tone::Good } else { Tone::Warn }, text, next: vec![] }
}

fn estimates(taste: &Taste, caption: &str, all: &[&EstimateView]) -> TableView {
    let a = Amounts { currency: String::new(), decimal: taste.decimal() };
    let row = |e: &EstimateView| {
        let renew = e.renew_by.map_or(Value::Empty, |d| {
            let urgency = taste.urgency(d, true);
            if urgency == Urgency::Calm {
                Value::Moment(taste.day_stamp(d))
            } else {
                Value::Due(taste.day_stamp(d), urgency)
            }
        });
        RowView {
            name: e.record.name.clone(),
            href: Some(e.record.path.clone()),
            edit: Some(format!("{}/edit", e.record.path)),
            cells: vec![
                CellView { value: Value::text(e.record.name.clone()), sub: Some(under(e)) },
                CellView {
                    value: Value::text(e.shown.clone()),
                    sub: e.ends.map(|ends| ends_mean(ends).to_owned()),
                },
                source(&e.source).into(),
                CellView {
                    value: e.person.clone().map_or(Value::Empty, Value::text),
                    sub: Some(fill(
                        "risk.days_old",
                        &[("day", &taste.day(e.on)), ("n", &e.age_days.to_string())],
                    )),
                },
                renew.into(),
                e.matters.map_or(CellView::default(), |m| Value::number(a.percent(m)).into()),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: caption.to_owned(),
        columns: vec![
            column(words("risk.estimate"), Align::Text),
            column(words("risk.range"), Align::Text),
            column(words("risk.rests_on"), Align::Tight),
            column(words("risk.said_by"), Align::Text),
            column(words("risk.renew_by"), Align::Tight),
            column(words("risk.matters"), Align::Number),
        ],
        rows: all.iter().copied().map(row).collect(),
        ..TableView::default()
    }
}

fn ends_mean(ends: &str) -> &'static str {
    if ends == "range_points" { words("risk.range_points") } else { words("risk.range_ends") }
}

/// What an estimate is about: its reference, the number, the scenario.
fn under(e: &EstimateView) -> String {
    let mut parts = vec![e.record.reference.clone(), about(&e.about, None)];
    // A question that names its scenario does not need to say it twice.
    parts.extend(e.scenario.as_ref().map(|s| {
        if e.record.name.contains(&s.name) {
            s.reference.clone()
        } else {
            format!("{} {}", s.reference, s.name)
        }
    }));
    parts.join(" · ")
}

fn calibration(taste: &Taste, people: &[CalibrationView]) -> TableView {
    let a = Amounts { currency: String::new(), decimal: taste.decimal() };
    let row = |c: &CalibrationView| {
        let share = if c.scored > 0 { c.held as f64 / c.scored as f64 } else { f64::NAN };
        // Under half of what was promised is worth a warning.
        let warns = c.scored >= 5 && share < 0.7;
        RowView {
            name: c.person.clone(),
            href: Some(c.path.clone()),
            cells: vec![
                CellView {
                    value: Value::text(c.person.clone()),
                    sub: warns.then(|| words("risk.too_narrow").to_owned()),
                },
                Value::Share {
                    percent: 100.0 * share,
                    text: if c.scored > 0 { a.percent(share) } else { words("value.unknown").to_owned() },
                    state: None,
                    why: None,
                }
                .into(),
                Value::number(fill(
                    "chain.n_of_m",
                    &[("n", &c.held.to_string()), ("m", &c.scored.to_string())],
                ))
                .into(),
                Value::number(a.number(c.brier)).into(),
                Value::number(a.percent(c.weight)).into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("risk.calibration").to_owned(),
        columns: vec![
            column(words("risk.person"), Align::Text),
            column(words("risk.held"), Align::Tight),
            column(words("risk.answers"), Align::Number),
            column(words("risk.brier"), Align::Number),
            column(words("risk.weight"), Align::Number),
        ],
        rows: people.iter().map(row).collect(),
        empty: EmptyView {
            title: words("risk.no_calibration").to_owned(),
            text: Sentence::new(words("risk.no_calibration_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}
