//! `/evidence/reports/{address}`: a stored file or scanner report: head, rows, what it looked at.

use super::super::convert::bytes;
use super::super::frame::Frame;
use super::super::reader::Reader;
use super::FILES;
use super::files::state as state_of;
use super::say::{at, count, period};
use crate::parts::{
    Align, AnswerView, CellView, ColumnView, EmptyView, FactView, FieldGroupView, HeadView, LinkView,
    NoticeView, PagerView, RowView, Sentence, TableView, Tone, Value, answer, field_groups, head, notice,
    pager, table,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::assess::{ReportAsk, ReportView, RowView as ReportRow};
use wardkeep_types::sighting::{Component, Credentialed, Outcome, Target};

/// `GET /evidence/reports/{address}?after=&via=`.
pub async fn show(reader: Reader, Path(address): Path<String>) -> Response {
    reader.answer(page(&reader, &address)).await
}

async fn page(reader: &Reader, address: &str) -> Result<Response, Error> {
    let after = reader.asked("after").and_then(|a| a.parse().ok()).unwrap_or(0);
    let ask = ReportAsk { via: reader.asked("via"), after };
    let view = reader.state.app.report(&reader.ctx, &reader.organisation, address, ask).await?;
    let mut frame = Frame::new(view.path.clone());
    frame = match &view.via {
        Some(via) => frame.back(words("observation.crumb"), format!("/observations/{via}")),
        None if view.file.is_some() => frame.back(words("files.title"), FILES),
        None => frame,
    };
    Ok(reader.page(frame.crumb(words("report.crumb")), main(reader, &view)))
}

fn main(reader: &Reader, view: &ReportView) -> Markup {
    html! {
        (head(&HeadView { title: view.path.clone(), facts: vec![Value::text(view.tool.clone())], ..HeadView::default() }))
        (said(reader, view))
        @if !view.failed.is_empty() {
            (notice(&NoticeView { tone: Tone::Bad, title: Some(words("report.failed").to_owned()), text: Sentence::new(view.failed.clone()), ..NoticeView::default() }))
        } @else if !view.complete {
            (notice(&NoticeView { tone: Tone::Warn, text: Sentence::new(words("report.incomplete")), ..NoticeView::default() }))
        }
        @if view.partly { p.quiet { (words("report.partly")) } }
        (field_groups(&[facts(reader, view)]))
        @if !view.tool.is_empty() {
            section.section {
                h2 { (words("report.rows")) span.count { " " (count(&reader.taste, view.total)) } }
                (table(&rows(view)))
                (steps(reader, view))
            }
        }
        @if !view.targets.is_empty() {
            section.section {
                h2 { (words("report.targets")) span.count { " " (view.targets_total) } }
                (table(&targets(view)))
            }
        }
        @if !view.components.is_empty() {
            section.section {
                h2 { (words("report.components")) span.count { " " (count(&reader.taste, view.components_total)) } }
                (table(&components(view)))
            }
        }
    }
}

/// What the rows say, in one sentence; passes are named as coverage, what was not checked never as a pass.
fn said(reader: &Reader, view: &ReportView) -> Markup {
    if view.tool.is_empty() || view.partly {
        return html! {};
    }
    let n = |key: &str| view.outcomes.iter().find(|(k, _)| k == key).map_or(0, |(_, n)| *n);
    let unknown = n("not_checked") + n("error") + n("muted");
    let values = [
        ("fail", n("fail")),
        ("pass", n("pass")),
        ("unknown", unknown),
        ("targets", view.targets_total as u64),
        ("components", view.components_total),
    ];
    let values = values.map(|(name, n)| (name, count(&reader.taste, n)));
    let values = values.each_ref().map(|(n, v)| (*n, v.as_str()));
    let text = match (view.total, view.components_total) {
        (0, 0) => words("report.said_none").to_owned(),
        (0, _) => fill("report.said_components", &values),
        _ => fill("report.said", &values),
    };
    let tone = if view.total == 0 {
        Tone::Plain
    } else if n("fail") > 0 {
        Tone::Bad
    } else {
        Tone::Warn
    };
    answer(&AnswerView { tone, text: Sentence::new(text), next: Vec::new() })
}

fn facts(reader: &Reader, view: &ReportView) -> FieldGroupView {
    let mut facts = Vec::new();
    if !view.tool.is_empty() {
        facts.push(FactView::new(words("report.tool"), Value::text(view.tool.clone())));
    }
    facts.push(FactView::new(
        words("report.period"),
        Value::text(period(reader, view.period.0, view.period.1)),
    ));
    if let Some(subject) = &view.subject {
        facts.push(FactView::new(words("report.subject"), Value::text(named(subject))));
    }
    if let Some(file) = &view.file {
        let format = if file.format.is_empty() {
            Value::Unknown(words("files.no_format").to_owned())
        } else {
            Value::text(file.format.clone())
        };
        facts.push(FactView::new(words("files.format"), format));
        facts.push(FactView::new(words("files.size"), Value::text(bytes(&reader.taste, file.size))));
        facts.push(FactView::new(words("files.rows"), Value::number(count(&reader.taste, file.rows))));
        facts.push(FactView::new(words("files.state"), Value::Html(state_of(file.state))));
        if !file.reason.is_empty() {
            facts.push(FactView::new(words("files.reason"), Value::text(file.reason.clone())));
        }
    }
    if let Some(read) = view.read_at {
        facts.push(FactView::new(words("files.read_at"), Value::text(at(reader, read))));
    }
    let own = if view.address.len() == 64 { words("report.hash") } else { words("report.address") };
    facts.push(FactView::new(own, Value::Code(view.address.clone())));
    FieldGroupView { title: words("report.about").to_owned(), facts }
}

fn named(component: &Component) -> String {
    [Some(component.name.as_str()), component.version.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The word for what a row says.
pub fn outcome(outcome: Outcome) -> Value {
    match outcome {
        Outcome::Fail => Value::Html(html! { span.verdict.failing { (words("outcome.fail")) } }),
        Outcome::Pass => Value::Html(html! { span.verdict.effective { (words("outcome.pass")) } }),
        Outcome::NotChecked => Value::Unknown(words("outcome.not_checked").to_owned()),
        Outcome::Error => Value::Unknown(words("outcome.error").to_owned()),
        Outcome::Muted => Value::Unknown(words("outcome.muted").to_owned()),
    }
}

fn column(label: &str, align: Align) -> ColumnView {
    ColumnView { label: label.to_owned(), align, ..ColumnView::default() }
}

fn rows(view: &ReportView) -> TableView {
    let via = view.via.as_ref().map(|v| format!("?via={v}")).unwrap_or_default();
    let row = |r: &ReportRow| {
        let s = &r.sighting;
        let title = if s.title.trim().is_empty() { &s.rule } else { &s.title };
        let finding =
            r.finding.as_ref().map(|l| Value::Link(LinkView::new(l.reference.clone(), l.path.clone())));
        RowView {
            href: Some(format!("/evidence/reports/{}/rows/{}{via}", view.address, r.number)),
            name: title.clone(),
            cells: vec![
                Value::number(r.number.to_string()).into(),
                CellView {
                    value: Value::text(title.clone()),
                    sub: Some(format!("{} {}", s.asset.label(), s.locus).trim().to_owned()),
                },
                outcome(s.outcome).into(),
                Value::Severity(s.severity).into(),
                finding.unwrap_or_default().into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("report.rows").to_owned(),
        title: 1,
        columns: vec![
            column(words("report.row"), Align::Number),
            column(words("report.what"), Align::Text),
            column(words("report.says"), Align::Tight),
            column(words("report.severity"), Align::Tight),
            column(words("report.finding"), Align::Reference),
        ],
        rows: view.rows.iter().map(row).collect(),
        empty: EmptyView {
            title: words("report.no_rows").to_owned(),
            text: Sentence::new(words("report.no_rows_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

fn targets(view: &ReportView) -> TableView {
    let row = |t: &Target| RowView {
        name: t.asset.label().to_owned(),
        cells: vec![
            CellView { value: Value::text(t.asset.label()), sub: t.system.clone() },
            if t.reached {
                Value::text(words("report.reached"))
            } else {
                Value::Unknown(words("report.not_reached").to_owned())
            }
            .into(),
            match t.credentialed {
                Credentialed::Yes => Value::text(words("report.with_rights")),
                Credentialed::Partly => Value::text(words("report.partly_rights")),
                Credentialed::No => Value::text(words("report.without_rights")),
                Credentialed::Unknown => Value::Unknown(String::new()),
            }
            .into(),
            Value::text(t.open_ports.iter().take(8).cloned().collect::<Vec<_>>().join(", ")).into(),
        ],
        ..RowView::default()
    };
    TableView {
        caption: words("report.targets").to_owned(),
        columns: vec![
            column(words("report.target"), Align::Text),
            column(words("report.reach"), Align::Tight),
            column(words("report.rights"), Align::Tight),
            column(words("report.ports"), Align::Text),
        ],
        rows: view.targets.iter().map(row).collect(),
        ..TableView::default()
    }
}

fn components(view: &ReportView) -> TableView {
    let row = |c: &Component| RowView {
        name: c.name.clone(),
        cells: vec![
            Value::text(c.name.clone()).into(),
            Value::text(c.version.clone().unwrap_or_default()).into(),
            Value::text(c.kind.clone()).into(),
            c.purl.clone().map(Value::Code).unwrap_or_default().into(),
        ],
        ..RowView::default()
    };
    TableView {
        caption: words("report.components").to_owned(),
        columns: vec![
            column(words("report.component"), Align::Text),
            column(words("report.version"), Align::Tight),
            column(words("report.kind"), Align::Tight),
            column(words("report.purl"), Align::Text),
        ],
        rows: view.components.iter().map(row).collect(),
        ..TableView::default()
    }
}

fn steps(reader: &Reader, view: &ReportView) -> Markup {
    let (Some(first), Some(last)) = (view.rows.first(), view.rows.last()) else { return html! {} };
    let begun = reader.asked("after").is_some_and(|a| a != "0");
    if !begun && view.next.is_none() {
        return html! {};
    }
    pager(&PagerView {
        shown: fill("report.range", &[("from", &first.number.to_string()), ("to", &last.number.to_string())]),
        total: Some(count(&reader.taste, view.total)),
        about: false,
        first: begun.then(|| reader.address().without(&["after"]).to_string()),
        previous: None,
        next: view.next.map(|n| reader.address().with("after", n.to_string()).to_string()),
    })
}
