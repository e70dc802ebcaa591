//! `/evidence/reports/{address}/rows/{number}`: one row of a report as the tool said it.

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::report::outcome;
use super::say::{at, file};
use crate::parts::{
    FactView, FieldGroupView, HeadView, LinkView, RawLine, RawView, Sentence, Value, field_groups, head, raw,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::assess::ReportRow;

/// `GET /evidence/reports/{address}/rows/{number}?via=`.
pub async fn show(reader: Reader, Path((address, number)): Path<(String, i64)>) -> Response {
    reader.answer(page(&reader, &address, number)).await
}

async fn page(reader: &Reader, address: &str, number: i64) -> Result<Response, Error> {
    let row = reader
        .state
        .app
        .report_row(&reader.ctx, &reader.organisation, address, number, reader.asked("via"))
        .await?;
    let mut frame = Frame::new(title(&row));
    if let Some(via) = &row.via {
        frame = frame.back(words("observation.crumb"), format!("/observations/{via}"));
    } else if let Some(finding) = &row.row.finding {
        frame = frame.back(finding.reference.clone(), finding.path.clone());
    }
    if let Some(ended) = row.at {
        frame = frame.as_of(Sentence::new(fill("rows.scanned", &[("moment", &at(reader, ended))])), false);
    }
    Ok(reader.page(frame.crumb(fill("rows.crumb", &[("n", &row.row.number.to_string())])), main(&row)))
}

fn title(row: &ReportRow) -> String {
    let s = &row.row.sighting;
    if s.title.trim().is_empty() { s.rule.clone() } else { s.title.clone() }
}

fn main(row: &ReportRow) -> Markup {
    let s = &row.row.sighting;
    let via = row.via.as_ref().map(|v| format!("?via={v}")).unwrap_or_default();
    let mut facts = vec![outcome(s.outcome), Value::Severity(s.severity)];
    if let Some(finding) = &row.row.finding {
        facts.push(Value::Link(
            LinkView::new(finding.title.clone(), finding.path.clone())
                .with_reference(finding.reference.clone()),
        ));
    }
    let lines = |text: &Option<String>| text.clone().map(Value::Lines).unwrap_or_default();
    let mut said = vec![
        FactView::new(words("rows.asset"), Value::text(asset(row))),
        FactView::new(words("rows.locus"), Value::text(s.locus.clone())),
        FactView::new(words("rows.rule"), Value::Code(s.rule.clone())),
        FactView::new(words("rows.raw_severity"), Value::text(s.raw_severity.clone())),
        FactView::new(
            words("rows.cvss"),
            s.cvss.map(|c| Value::number(format!("{c:.1}"))).unwrap_or_default(),
        ),
        FactView::new(words("rows.vector"), s.vector.clone().map(Value::Code).unwrap_or_default()),
        FactView::new(
            words("rows.vulnerabilities"),
            if s.vulnerabilities.is_empty() { Value::Empty } else { Value::Tags(s.vulnerabilities.clone()) },
        ),
        FactView::new(words("rows.cwe"), Value::text(s.cwe.clone().unwrap_or_default())),
        FactView::new(words("rows.purl"), s.purl.clone().map(Value::Code).unwrap_or_default()),
        FactView::new(words("rows.fixed_in"), Value::text(s.fixed_in.clone().unwrap_or_default())),
        FactView::new(words("rows.solution"), lines(&s.solution)),
    ];
    said.retain(|f| !f.value.is_empty());
    let from = vec![
        FactView::new(words("report.tool"), Value::text(row.tool.clone())),
        FactView::new(words("rows.report"), Value::Link(file(&row.address, Some(&row.path), &via))),
        FactView::new(words("rows.identity"), Value::Code(s.identity.clone())),
    ];
    html! {
        (head(&HeadView { title: title(row), facts, ..HeadView::default() }))
        (field_groups(&[
            FieldGroupView { title: words("rows.as_reported").to_owned(), facts: said },
            FieldGroupView { title: words("rows.from").to_owned(), facts: from },
        ]))
        @if let Some(evidence) = &s.evidence {
            section.section {
                h2 { (words("rows.evidence")) }
                (raw(&RawView {
                    name: fill("rows.raw_name", &[("path", &row.path), ("n", &row.row.number.to_string())]),
                    about: Sentence::new(words("rows.masked")),
                    lines: evidence.lines().enumerate().map(|(n, line)| RawLine { number: n as u64 + 1, text: line.to_owned(), hit: false }).collect(),
                    ..RawView::default()
                }))
            }
        }
    }
}

/// Every name under which the report knows the asset.
fn asset(row: &ReportRow) -> String {
    let hint = &row.row.sighting.asset;
    let parts = [&hint.hostname, &hint.ip, &hint.name, &hint.cloud_uid];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
}
