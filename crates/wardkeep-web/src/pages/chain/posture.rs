//! `/report/posture`: how the organisation stands, as it was last worked out; and the same as one file.

mod exposure;

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::say::{at, count, period, points, state_word};
use super::{FILES, POSTURE};
use crate::parts::{
    Align, AnswerView, ButtonView, CellView, ChartView, ColumnView, EmptyView, HeadView, LinkView, RowView,
    Sentence, StatFigure, StatView, TableView, Tone, Value, answer, chart, head, severity_badge, stats,
    table,
};
use crate::words::{fill, words};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::assess::PostureView;
use wardkeep_report::chart::{Marks, Part, stacked};
use wardkeep_report::{Action, ControlLine, Due, posture_html};
use wardkeep_types::{Severity, State};

/// `GET /report/posture`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    let view = reader.state.app.posture_view(&reader.ctx, &reader.organisation).await?;
    let title = words("posture.title");
    let as_of = match view.computed_at {
        None => Sentence::new(words("posture.never")),
        Some(computed) => {
            let values = [("as_of", at(reader, view.posture.as_of)), ("computed", at(reader, computed))];
            Sentence::new(fill("posture.as_of", &values.each_ref().map(|(n, v)| (*n, v.as_str()))))
        }
    };
    let old = reader.now().seconds_since(view.posture.as_of) > 2 * 86_400 && view.computed_at.is_some();
    let frame = Frame::new(title).at(POSTURE).crumb(words("area.report")).crumb(title).as_of(as_of, old);
    Ok(reader.page(frame, main(reader, &view)))
}

/// `GET /report/posture.html`: one file with a policy of its own, to keep or send.
pub async fn download(reader: Reader) -> Response {
    reader
        .answer(async {
            let posture = reader.state.app.posture_file(&reader.ctx, &reader.organisation).await?;
            let name = format!("attachment; filename=\"posture-{}.html\"", posture.as_of.date());
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            Ok((headers, posture_html(&posture)).into_response())
        })
        .await
}

fn main(reader: &Reader, view: &PostureView) -> Markup {
    let posture = &view.posture;
    let failing = posture.controls.iter().any(|c| c.state == State::Failing);
    let overdue = posture.findings.iter().any(|f| f.due == Due::Overdue);
    let sure = posture.controls.iter().all(|c| c.state == State::Effective) && !posture.controls.is_empty();
    let tone = if failing || overdue {
        Tone::Bad
    } else if sure {
        Tone::Good
    } else {
        Tone::Warn
    };
    let next = posture.first.iter().find_map(|a| {
        link_of(a).map(|l| ButtonView::link(fill("posture.open", &[("reference", &l.text)]), l.href))
    });
    html! {
        (head(&HeadView {
            title: words("posture.title").to_owned(),
            facts: vec![Value::text(posture.subject.clone())],
            verbs: vec![ButtonView::link(words("posture.download"), format!("{POSTURE}.html"))],
            ..HeadView::default()
        }))
        (answer(&AnswerView { tone, text: Sentence::new(wardkeep_report::answer(posture)), next: next.into_iter().collect() }))
        @if !view.hidden.is_empty() { p.quiet { (hidden(view)) } }
        (stats(&figures(reader, view)))
        @if !posture.controls.is_empty() { (states(reader, view)) }
        (first(reader, view))
        section.section #controls {
            h2 { (words("posture.controls")) span.count { " " (posture.controls.len()) } }
            (table(&controls(reader, view)))
        }
        div.beside {
            @if !view.hidden.contains(&"finding") { (exposure::findings(reader, posture)) }
            @if !view.hidden.contains(&"alert") { (exposure::alerts(reader, posture)) }
        }
        @if !view.hidden.contains(&"evidence") { (exposure::evidence(reader, view)) }
    }
}

fn hidden(view: &PostureView) -> String {
    let names: Vec<&str> =
        view.hidden.iter().filter_map(|key| wardkeep_registers::by_key(key).map(|s| s.names.many)).collect();
    fill("posture.hidden", &[("registers", &names.join(", "))])
}

fn figures(reader: &Reader, view: &PostureView) -> Vec<StatView> {
    let posture = &view.posture;
    let n = |n: u64| StatFigure::Known(count(&reader.taste, n), None);
    let of = |pick: &dyn Fn(State) -> bool| posture.controls.iter().filter(|c| pick(c.state)).count() as u64;
    let all = posture.controls.len() as u64;
    let stat = |label: &str, figure: u64, note: String, href: &str| StatView {
        label: label.to_owned(),
        figure: n(figure),
        note: Some(note),
        href: Some(href.to_owned()),
        ..StatView::default()
    };
    let of_all =
        |all: u64, word: &str| format!("{} {} {word}", words("posture.of"), count(&reader.taste, all));
    let mut figures = vec![
        stat(
            words("posture.failing"),
            of(&|s| s == State::Failing),
            of_all(all, words("posture.controls_word")),
            "/controls?state=failing",
        ),
        stat(
            words("posture.unknown"),
            of(&State::is_unknown),
            of_all(all, words("posture.controls_word")),
            "/controls?state=insufficient|not_tested",
        ),
    ];
    if !view.hidden.contains(&"finding") {
        let open: u64 = posture.findings.iter().map(|f| f.count).sum();
        let overdue: u64 = posture.findings.iter().filter(|f| f.due == Due::Overdue).map(|f| f.count).sum();
        figures.push(stat(
            words("posture.overdue"),
            overdue,
            of_all(open, words("posture.open_word")),
            &format!("/findings?stage=new|confirmed|claimed&due.below={}", posture.as_of.date()),
        ));
    }
    if !view.hidden.contains(&"alert") {
        let alerts: u64 = posture.alerts.by_severity.iter().map(|(_, n)| n).sum();
        let serious: u64 =
            posture.alerts.by_severity.iter().filter(|(s, _)| *s >= Severity::High).map(|(_, n)| n).sum();
        figures.push(stat(
            words("posture.serious"),
            serious,
            of_all(alerts, words("posture.alerts_word")),
            "/alerts?severity=critical|high",
        ));
    }
    if !view.hidden.contains(&"evidence") {
        let unread = posture.not_understood.len() as u64 + view.more_unread;
        figures.push(stat(
            words("posture.unread"),
            unread,
            of_all(posture.evidence.files, words("posture.files_word")),
            &format!("{FILES}?state=not_understood"),
        ));
    }
    figures
}

/// All controls as one bar, the unknown hatched.
fn states(reader: &Reader, view: &PostureView) -> Markup {
    let of = |state: State| view.posture.controls.iter().filter(|c| c.state == state).count() as u64;
    let parts: Vec<Part> = State::ALL
        .iter()
        .map(|s| Part {
            label: state_word(*s).to_owned(),
            count: of(*s),
            tone: wardkeep_report::chart::Tone::State(*s),
        })
        .collect();
    let drawn = stacked(words("posture.states"), words("posture.controls_word"), &parts, Marks::Live);
    let all = view.posture.controls.len().max(1) as f64;
    let unknown = of(State::Insufficient) + of(State::NotTested);
    let row = |s: &State| RowView {
        href: Some(format!("/controls?state={}", s.key())),
        cells: vec![
            Value::State(*s).into(),
            Value::number(count(&reader.taste, of(*s))).into(),
            Value::number(points(&reader.taste, of(*s) as f64 / all)).into(),
        ],
        ..RowView::default()
    };
    let values = [
        ("shown", count(&reader.taste, of(State::Effective))),
        ("all", count(&reader.taste, all as u64)),
        ("unknown", count(&reader.taste, unknown)),
    ];
    chart(&ChartView {
        said: Sentence::new(fill("posture.states_said", &values.each_ref().map(|(n, v)| (*n, v.as_str())))),
        about: words("posture.states_about").to_owned(),
        drawing: html! { div.strip { (drawn.svg) } ul.legend { @for s in State::ALL { @if of(s) > 0 { li { (crate::parts::state_badge(s)) " " (count(&reader.taste, of(s))) } } } } },
        figures: TableView {
            caption: words("posture.states").to_owned(),
            columns: vec![
                column(words("chain.state"), Align::Tight),
                column(words("posture.controls"), Align::Number),
                ColumnView {
                    label: words("posture.share").to_owned(),
                    unit: Some("%".to_owned()),
                    align: Align::Number,
                    sort: None,
                },
            ],
            rows: State::ALL.iter().map(row).collect(),
            keep: true,
            ..TableView::default()
        },
        source: Sentence::new(fill(
            "posture.evidence_period",
            &[("period", &period(reader, view.posture.evidence.from, view.posture.evidence.to))],
        )),
    })
}

fn column(label: &str, align: Align) -> ColumnView {
    ColumnView { label: label.to_owned(), align, ..ColumnView::default() }
}

/// The record an action is about.
fn link_of(action: &Action) -> Option<LinkView> {
    let reference = action.places.first()?;
    let prefix = reference.split('-').next()?;
    let schema = wardkeep_registers::all().iter().find(|s| s.names.prefix == prefix)?;
    Some(LinkView::new(reference.clone(), format!("/{}/{reference}", schema.path)))
}

fn first(reader: &Reader, view: &PostureView) -> Markup {
    html! {
        section.section #first {
            h2 { (words("posture.first")) }
            @if view.posture.first.is_empty() { p.quiet { (words("posture.nothing_first")) } }
            ol.first {
                @for action in view.posture.first.iter().take(10) {
                    li {
                        p { strong { (action.what) } @if let Some(link) = link_of(action) { " " (link) } }
                        p.quiet { (action.why) }
                        p.row {
                            @if let Some(severity) = action.severity { (severity_badge(severity)) }
                            @if let Some(due) = action.due {
                                span class=[(due < view.posture.as_of.date()).then_some("due-late")] { (fill("posture.due", &[("day", &reader.taste.day(due))])) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What needs somebody comes first.
const ORDER: [State; 5] =
    [State::Failing, State::Degraded, State::Insufficient, State::NotTested, State::Effective];

fn controls(reader: &Reader, view: &PostureView) -> TableView {
    let place = |state: State| ORDER.iter().position(|s| *s == state);
    let mut all: Vec<(&ControlLine, &String)> = view.posture.controls.iter().zip(&view.references).collect();
    all.sort_by(|(a, x), (b, y)| {
        place(a.state).cmp(&place(b.state)).then(a.shown.total_cmp(&b.shown)).then_with(|| x.cmp(y))
    });
    let row = |(c, reference): &(&ControlLine, &String)| {
        let why = format!("/controls/{reference}/why");
        let shown = match c.known() {
            Some(shown) => Value::Figure { text: points(&reader.taste, shown), unit: None, why: Some(why) },
            None => Value::Unknown(String::new()),
        };
        RowView {
            name: c.name.clone(),
            href: Some(format!("/controls/{reference}")),
            cells: vec![
                Value::State(c.state).into(),
                CellView { value: Value::text(c.name.clone()), sub: c.reasons.first().cloned() },
                Value::text(c.outcomes.join(", ")).into(),
                shown.into(),
                Value::number(points(&reader.taste, c.high)).into(),
            ],
            ..RowView::default()
        }
    };
    let percent = |label: &str| ColumnView {
        label: label.to_owned(),
        unit: Some("%".to_owned()),
        align: Align::Number,
        sort: None,
    };
    TableView {
        caption: words("posture.controls").to_owned(),
        title: 1,
        columns: vec![
            column(words("chain.state"), Align::Tight),
            column(words("posture.control"), Align::Text),
            column(words("posture.outcome"), Align::Tight),
            percent(words("chain.shown")),
            percent(words("chain.at_best")),
        ],
        rows: all.iter().map(row).collect(),
        empty: EmptyView {
            title: words("posture.no_controls").to_owned(),
            text: Sentence::new(words("posture.no_controls_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}
