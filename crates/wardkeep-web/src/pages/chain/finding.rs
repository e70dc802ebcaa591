//! What a finding rests on, on its page: the report rows that say it, and how its deadline came about.

use super::super::reader::Reader;
use super::say::{at, count};
use crate::parts::{
    Align, CellView, ColumnView, LinkView, RowView, TableView, Value, severity_badge, table, unknown,
};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::assess::{DeadlineView, FindingChain, SeenIn};
use wardkeep_app::records::RecordView;

/// The panel of a finding's page.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    let chain = reader.state.app.finding_chain(view).await?;
    if chain.total == 0 && chain.deadline.is_none() {
        return Ok(html! {});
    }
    Ok(html! {
        section.chain {
            @if let Some(deadline) = &chain.deadline { (self::deadline(reader, deadline)) }
            @if chain.total > 0 {
                h2 { (words("finding.seen")) span.count { " " (count(&reader.taste, chain.total)) } }
                (table(&sightings(reader, &chain)))
                @if chain.total > chain.sightings.len() as u64 {
                    p.small.quiet { (fill("finding.more", &[("n", &chain.sightings.len().to_string())])) }
                }
            }
        }
    })
}

/// Profile, inputs, start and outcome, one after the other.
fn deadline(reader: &Reader, deadline: &DeadlineView) -> Markup {
    let day = |d: wardkeep_types::Date| reader.taste.day(d);
    let start = deadline.start.map(|s| at(reader, s));
    html! {
        section {
            h2 { (words("finding.deadline")) }
            @match (deadline.known, deadline.days, &start, deadline.worked_out) {
                (true, Some(days), Some(start), Some(due)) => {
                    p.formula tabindex="0" {
                        (fill("finding.formula", &[("start", start), ("days", &days.to_string()), ("due", &day(due))]))
                    }
                    p {
                        (severity_badge(deadline.severity)) " "
                        (fill("finding.by_severity", &[("days", &days.to_string()), ("profile", &deadline.profile)]))
                    }
                }
                (true, None, ..) => { p { (severity_badge(deadline.severity)) " " (fill("finding.no_days", &[("profile", &deadline.profile)])) } }
                _ => { p { (unknown(words("finding.other_profile"))) " " (fill("finding.profile", &[("profile", &deadline.profile)])) } }
            }
            @if let (Some(due), Some(worked)) = (deadline.due, deadline.worked_out) {
                @if due < worked { p.quiet { (fill("finding.earlier", &[("due", &day(due))])) } }
                @else if due > worked { p.quiet { (fill("finding.later", &[("due", &day(due))])) } }
            }
        }
    }
}

fn sightings(reader: &Reader, chain: &FindingChain) -> TableView {
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |s: &SeenIn| RowView {
        name: s.path.clone(),
        cells: vec![
            CellView {
                value: Value::Link(LinkView::new(
                    fill("finding.row", &[("path", &s.path), ("n", &s.row.to_string())]),
                    format!("/evidence/reports/{}/rows/{}", s.report, s.row),
                )),
                sub: Some(s.tool.clone()),
            },
            Value::Moment(reader.taste.moment_stamp(s.at)).into(),
            Value::Severity(s.severity).into(),
        ],
        ..RowView::default()
    };
    TableView {
        caption: words("finding.seen").to_owned(),
        columns: vec![
            column(words("finding.where"), Align::Text),
            column(words("finding.when"), Align::Tight),
            column(words("report.severity"), Align::Tight),
        ],
        rows: chain.sightings.iter().map(row).collect(),
        ..TableView::default()
    }
}
