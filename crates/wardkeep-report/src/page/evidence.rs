//! What was read, what was not, and what was wrong in it.

use crate::posture::Posture;
use crate::words::{count, moment, number};
use maud::{Markup, html};

/// One sentence on what the answer rests on.
pub(super) fn read(posture: &Posture) -> Markup {
    let e = &posture.evidence;
    let understood = e.files.saturating_sub(posture.not_understood.len() as u64);
    html! {
        "Read from " (count(understood, "file", "files")) " (" (size(e.bytes)) ") with " (count(e.events, "log record", "log records"))
        @if let (Some(from), Some(to)) = (e.from, e.to) { ", which speak about " (moment(from)) " to " (moment(to)) }
        "."
    }
}

fn size(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    let unit = units.iter().find(|(_, size)| bytes >= *size);
    unit.map_or_else(
        || count(bytes, "byte", "bytes"),
        |(name, size)| format!("{:.1} {name}", bytes as f64 / *size as f64),
    )
}

pub(super) fn section(posture: &Posture) -> Markup {
    html! {
        section #evidence {
            h2 { "Evidence" }
            div.pair {
                div {
                    h3 { "Read" }
                    @if posture.formats.is_empty() { p.empty { "No file was understood." } } @else {
                        table {
                            thead { tr { th scope="col" { "Format" } th.num scope="col" { "Files" } th.num scope="col" { "Rows" } th.num scope="col" { "Faulty" } } }
                            tbody {
                                @for line in &posture.formats {
                                    tr {
                                        th scope="row" { (line.name) }
                                        td.num { (number(line.files)) }
                                        td.num { (number(line.rows)) }
                                        td.num.nil[line.problems == 0].late[line.problems > 0] { (number(line.problems)) }
                                    }
                                }
                            }
                        }
                    }
                }
                div {
                    h3 { "Not understood" }
                    @if posture.not_understood.is_empty() { p.empty { "Every file was understood." } } @else {
                        table.unread {
                            thead { tr { th scope="col" { "File" } th scope="col" { "Why" } } }
                            tbody { @for unread in &posture.not_understood { tr { th scope="row" { code { (unread.file) } } td { (unread.reason) } } } }
                        }
                    }
                }
            }
            @if !posture.problems.is_empty() {
                h3 { "Faults in files that were read" }
                p.quiet { "Good rows were kept. " @if posture.more_problems > 0 { "The first " (posture.problems.len()) " of " (number(posture.problems.len() as u64 + posture.more_problems)) "." } }
                table.unread {
                    thead { tr { th scope="col" { "Where" } th scope="col" { "What" } } }
                    tbody { @for problem in &posture.problems { tr { th scope="row" { code { (problem.path) } } td { (problem.message) @if !problem.hint.is_empty() { span.quiet { " " (problem.hint) } } } } } }
                }
            }
        }
    }
}
