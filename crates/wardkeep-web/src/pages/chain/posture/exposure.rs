//! Findings by deadline, alerts by severity and tactic, and what was read.

use super::super::super::convert::bytes;
use super::super::super::reader::Reader;
use super::super::FILES;
use super::super::say::count;
use super::column;
use crate::parts::{Align, CellView, EmptyView, RowView, Sentence, TableView, Value, table};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::assess::PostureView;
use wardkeep_report::{Due, Posture};
use wardkeep_types::Severity;

fn due_word(due: Due) -> &'static str {
    match due {
        Due::Overdue => words("posture.due_over"),
        Due::Week => words("posture.due_week"),
        Due::Month => words("posture.due_month"),
        Due::Later => words("posture.due_later"),
        Due::None => words("posture.due_none"),
    }
}

/// Open findings, a row a severity, a column a deadline.
pub fn findings(reader: &Reader, posture: &Posture) -> Markup {
    let of = |severity: Option<Severity>, due: Option<Due>| -> u64 {
        let fits = |f: &&wardkeep_report::FindingCount| {
            severity.is_none_or(|s| s == f.severity) && due.is_none_or(|d| d == f.due)
        };
        posture.findings.iter().filter(fits).map(|f| f.count).sum()
    };
    let cells = |first: CellView, severity: Option<Severity>| {
        let mut cells = vec![first];
        cells.extend(
            Due::ALL.map(|d| CellView::from(Value::number(count(&reader.taste, of(severity, Some(d)))))),
        );
        cells.push(Value::number(count(&reader.taste, of(severity, None))).into());
        cells
    };
    let rows = Severity::ALL.iter().filter(|s| of(Some(**s), None) > 0).map(|s| RowView {
        href: Some(format!("/findings?stage=new|confirmed|claimed&severity={}", s.key())),
        cells: cells(Value::Severity(*s).into(), Some(*s)),
        ..RowView::default()
    });
    let mut columns = vec![column(words("posture.severity"), Align::Tight)];
    columns.extend(Due::ALL.map(|d| column(due_word(d), Align::Number)));
    columns.push(column(words("posture.all"), Align::Number));
    let view = TableView {
        caption: words("posture.findings").to_owned(),
        columns,
        rows: rows.collect(),
        foot: (of(None, None) > 0).then(|| cells(Value::text(words("posture.all")).into(), None)),
        empty: EmptyView {
            title: words("posture.no_findings").to_owned(),
            text: Sentence::new(words("posture.no_findings_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    };
    html! { section.section #findings { h2 { a href="/findings" { (words("posture.findings")) } } (table(&view)) } }
}

/// Alerts by severity, then by tactic.
pub fn alerts(reader: &Reader, posture: &Posture) -> Markup {
    let alerts = &posture.alerts;
    let all: u64 = alerts.by_severity.iter().map(|(_, n)| n).sum();
    let row = |value: Value, n: u64, href: Option<String>| RowView {
        href,
        cells: vec![value.into(), Value::number(count(&reader.taste, n)).into()],
        ..RowView::default()
    };
    let of = |severity: Severity| {
        alerts.by_severity.iter().filter(|(s, _)| *s == severity).map(|(_, n)| n).sum::<u64>()
    };
    let severities = Severity::ALL.iter().filter(|s| of(**s) > 0);
    let by_severity = TableView {
        caption: words("posture.alerts_severity").to_owned(),
        columns: vec![
            column(words("posture.severity"), Align::Tight),
            column(words("posture.alerts"), Align::Number),
        ],
        rows: severities
            .map(|s| row(Value::Severity(*s), of(*s), Some(format!("/alerts?severity={}", s.key()))))
            .collect(),
        empty: EmptyView {
            title: words("posture.no_alerts").to_owned(),
            text: Sentence::new(words("posture.no_alerts_text")),
            ..EmptyView::default()
        },
        keep: true,
        ..TableView::default()
    };
    let mut tactics: Vec<RowView> = alerts
        .by_tactic
        .iter()
        .map(|t| {
            row(
                Value::text(format!("{} ({})", t.name, t.id)),
                t.alerts,
                Some(format!("/alerts?tactic={}", t.id)),
            )
        })
        .collect();
    if alerts.without_tactic > 0 {
        tactics.push(row(Value::Unknown(words("posture.no_tactic").to_owned()), alerts.without_tactic, None));
    }
    let by_tactic = TableView {
        caption: words("posture.alerts_tactic").to_owned(),
        columns: vec![
            column(words("posture.tactic"), Align::Text),
            column(words("posture.alerts"), Align::Number),
        ],
        rows: tactics,
        keep: true,
        ..TableView::default()
    };
    html! {
        section.section #alerts {
            h2 { a href="/alerts" { (words("posture.alerts")) } }
            (table(&by_severity))
            @if all > 0 { (table(&by_tactic)) }
        }
    }
}

/// What was read, by format, and what was not understood.
pub fn evidence(reader: &Reader, view: &PostureView) -> Markup {
    let (posture, n) = (&view.posture, |n: u64| count(&reader.taste, n));
    let formats = TableView {
        caption: words("posture.formats").to_owned(),
        columns: vec![
            column(words("files.format"), Align::Text),
            column(words("posture.files_word"), Align::Number),
            column(words("files.rows"), Align::Number),
        ],
        rows: posture
            .formats
            .iter()
            .map(|f| RowView {
                cells: vec![
                    Value::text(f.name.clone()).into(),
                    Value::number(n(f.files)).into(),
                    Value::number(n(f.rows)).into(),
                ],
                ..RowView::default()
            })
            .collect(),
        empty: EmptyView { title: words("posture.no_formats").to_owned(), ..EmptyView::default() },
        keep: true,
        ..TableView::default()
    };
    let values = [
        ("files", n(posture.evidence.files)),
        ("size", bytes(&reader.taste, posture.evidence.bytes)),
        ("events", n(posture.evidence.events)),
    ];
    html! {
        section.section #evidence {
            h2 { a href=(FILES) { (words("posture.evidence")) } }
            p.quiet { (fill("posture.read", &values.each_ref().map(|(n, v)| (*n, v.as_str())))) }
            div.beside {
                (table(&formats))
                div {
                    h3 { (words("posture.not_understood")) }
                    @if posture.not_understood.is_empty() { p.quiet { (words("posture.all_understood")) } }
                    ul.points {
                        @for file in &posture.not_understood { li { code { (file.file) } " " span.quiet { (file.reason) } } }
                    }
                    @if view.more_unread > 0 { p.small { a href={ (FILES) "?state=not_understood" } { (fill("value.more", &[("n", &n(view.more_unread))])) } } }
                }
            }
        }
    }
}
