//! A rule over stored history: hits by day, the values they have, the cost.

use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use crate::parts::{
    Align, ButtonView, ChartView, ColumnView, NoticeView, RowView, Sentence, TableView, Tone, Value, button,
    chart, notice, table,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::events::is_open;
use wardkeep_app::records::RecordView;
use wardkeep_app::rules::{DryRunView, RuleDetail};
use wardkeep_report::chart::{self as drawn, Bar, Marks};
use wardkeep_store::{Job, JobState};
use wardkeep_types::Date;

/// Days drawn one by one; more are joined by weeks.
const DAYS: usize = 35;
/// Events named.
const EXAMPLES: usize = 5;

/// `POST /rules/{reference}/dry-run`.
pub async fn run(Path(reference): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            reader.state.app.dry_run_rule(&reader.ctx, &reader.organisation, &reference, false).await?;
            super::super::imports::begin_work(reader);
            Ok(go(format!("/rules/{reference}#dry-run")))
        })
        .await
}

/// `POST /rules/{reference}/dry-run/stop`.
pub async fn stop(Path(reference): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            reader.state.app.stop_dry_run(&reader.ctx, &reader.organisation, &reference).await?;
            Ok(go(format!("/rules/{reference}#dry-run")))
        })
        .await
}

/// A run in the background: how far it is, or why it failed.
fn under_way(reader: &Reader, view: &RecordView, job: &Job) -> Markup {
    let n = |n: i64| reader.taste.count(n);
    if job.state == JobState::Failed {
        let why = job.outcome.clone().unwrap_or_default();
        let text = fill("rules.run_failed", &[("why", &why)]).into();
        return notice(&NoticeView { tone: Tone::Bad, text, ..NoticeView::default() });
    }
    let said = match job.state {
        JobState::Running if job.progress.total > 0 => {
            fill("rules.run_progress", &[("read", &n(job.progress.done)), ("all", &n(job.progress.total))])
        }
        _ => words("rules.run_waits").to_owned(),
    };
    let stop = ButtonView::post(
        words("rules.run_stop"),
        format!("/rules/{}/dry-run/stop", view.reference),
        reader.hidden(),
    );
    html! {
        div.run-progress role="status" {
            p { (said) }
            @if job.progress.total > 0 {
                progress max=(job.progress.total) value=(job.progress.done) aria-label=(words("rules.dry_run")) {}
            }
            div.next {
                (button(&ButtonView::link(words("events.refresh"), format!("/rules/{}#dry-run", view.reference)).small()))
                @if view.may_edit { (button(&stop.small())) }
            }
        }
    }
}

/// The part of a rule's page.
pub fn part(reader: &Reader, view: &RecordView, detail: &RuleDetail) -> Markup {
    let run = ButtonView::post(
        words("rules.dry_run_act"),
        format!("/rules/{}/dry-run", view.reference),
        reader.hidden(),
    );
    let run =
        (view.may_edit && view.known_at.is_none() && detail.watches.is_empty() && !detail.text.is_empty())
            .then_some(run);
    let busy = detail.dry_run_job.as_ref().is_some_and(is_open);
    html! {
        section #dry-run {
            h2 { (words("rules.dry_run")) }
            @if view.stage == "active" && !detail.dry_run_fits && detail.watches.is_empty() { (untried()) }
            @if let Some(job) = &detail.dry_run_job { (under_way(reader, view, job)) }
            @match &detail.dry_run {
                None => { p.quiet { (words("rules.not_tried")) } }
                Some(found) => {
                    @if !detail.dry_run_fits { (old()) }
                    (report(reader, found))
                }
            }
            @if let Some(run) = run.as_ref().filter(|_| !busy) { p { (button(run)) } }
            @if !detail.watches.is_empty() { p.quiet { (words("rules.watches_no_run")) } }
        }
    }
}

/// Active, and nobody has seen what it would find.
fn untried() -> Markup {
    notice(&NoticeView { tone: Tone::Warn, text: words("rules.untried").into(), ..NoticeView::default() })
}

fn old() -> Markup {
    notice(&NoticeView { tone: Tone::Warn, text: words("rules.old_run").into(), ..NoticeView::default() })
}

fn report(reader: &Reader, found: &DryRunView) -> Markup {
    let n = |n: u64| reader.taste.count(n as i64);
    let report = &found.report;
    let days = report.per_day.len() as u64;
    let said = if report.events == 0 {
        words("rules.no_events").to_owned()
    } else {
        fill(
            "rules.dry_run_said",
            &[("hits", &n(report.hits)), ("days", &n(days)), ("a_day", &n(found.hits_a_day()))],
        )
    };
    let about = fill(
        "rules.dry_run_about",
        &[("looked", &n(report.looked_at)), ("events", &n(report.events)), ("files", &n(found.files.0))],
    );
    let at = reader.taste.moment_stamp(found.at).absolute;
    let took = fill("rules.took", &[("at", &at), ("ms", &n(found.micros.unsigned_abs().div_ceil(1_000)))]);
    html! {
        @if report.events == 0 { p.quiet { (said) } } @else {
            @let (svg, figures) = drawing(reader, found);
            (chart(&ChartView { said: Sentence::new(said), about, drawing: svg, figures, source: Sentence::new(took) }))
        }
        @if found.cut {
            (notice(&NoticeView { tone: Tone::Warn, text: fill("rules.cut", &[("read", &n(found.files.0)), ("all", &n(found.files.1))]).into(), ..NoticeView::default() }))
        }
        @for (field, values) in &report.top {
            @if !values.is_empty() {
                (table(&top(reader, field, values.iter().map(|v| (v.value.as_str(), v.hits)))))
            }
        }
        @if !report.examples.is_empty() {
            p.small { (words("rules.examples")) " "
                @for (at, id) in report.examples.iter().take(EXAMPLES).enumerate() {
                    @if at > 0 { ", " } a.mono href={ "/rules/explain?event=" (id) } { (id.chars().take(12).collect::<String>()) "…" }
                }
            }
        }
    }
}

fn drawing(reader: &Reader, found: &DryRunView) -> (Markup, TableView) {
    let per_day: Vec<(Date, u64)> =
        found.report.per_day.iter().filter_map(|(day, hits)| Some((day.parse().ok()?, *hits))).collect();
    let mut bars: Vec<(String, u64)> = Vec::new();
    if per_day.len() <= DAYS {
        bars.extend(per_day.iter().map(|(day, hits)| (reader.taste.day(*day), *hits)));
    } else {
        // Joined so that at most as many bars stand as days would.
        let step = per_day.len().div_ceil(DAYS);
        for days in per_day.chunks(step) {
            let hits = days.iter().map(|(_, hits)| hits).sum();
            bars.push((fill("rules.from_day", &[("day", &reader.taste.day(days[0].0))]), hits));
        }
    }
    let bar = |(label, hits): &(String, u64)| Bar {
        label: label.clone(),
        value: *hits as f64,
        shown: reader.taste.count(*hits as i64),
        tone: drawn::Tone::Accent,
    };
    let bars_drawn: Vec<Bar> = bars.iter().map(bar).collect();
    let drawing = drawn::bars(words("rules.hits_by_day"), words("rules.hits"), &bars_drawn, Marks::Live);
    let rows = bars.iter().map(|(label, hits)| RowView {
        name: label.clone(),
        cells: vec![
            Value::text(label.clone()).into(),
            Value::number(reader.taste.count(*hits as i64)).into(),
        ],
        ..RowView::default()
    });
    let figures = TableView {
        caption: words("rules.hits_by_day").to_owned(),
        columns: columns(words("rules.day")),
        rows: rows.collect(),
        keep: true,
        ..TableView::default()
    };
    (drawing.svg, figures)
}

fn columns(first: &str) -> Vec<ColumnView> {
    vec![
        ColumnView { label: first.to_owned(), ..ColumnView::default() },
        ColumnView { label: words("rules.hits").to_owned(), align: Align::Number, ..ColumnView::default() },
    ]
}

fn top<'v>(reader: &Reader, field: &str, values: impl Iterator<Item = (&'v str, u64)>) -> TableView {
    let name = field.strip_prefix("wardkeep.").unwrap_or(field);
    let row = |(value, hits): (&str, u64)| RowView {
        name: value.to_owned(),
        cells: vec![
            Value::Code(value.chars().take(200).collect()).into(),
            Value::number(reader.taste.count(hits as i64)).into(),
        ],
        ..RowView::default()
    };
    TableView {
        caption: fill("rules.top", &[("field", name)]),
        columns: columns(name),
        rows: values.map(row).collect(),
        keep: true,
        ..TableView::default()
    }
}
