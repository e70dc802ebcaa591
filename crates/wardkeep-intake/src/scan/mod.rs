//! Scanner reports and bills of materials, read into sightings.

mod cyclonedx;
mod identity;
mod mask;
mod nessus;
mod nmap;
mod sarif;
mod words;

pub(crate) use cyclonedx::cyclonedx;
pub(crate) use nessus::nessus;
pub(crate) use nmap::nmap;
pub(crate) use sarif::sarif;

use crate::emit::Emit;
use crate::{Ending, Position};
use wardkeep_types::Severity;
use wardkeep_types::sighting::{AssetHint, Class, Outcome, Report, Sighting};

/// A sighting with nothing known but where it stands and what made it.
fn blank(row: u64, tool: &str, rule: &str, class: Class) -> Sighting {
    Sighting {
        row,
        tool: tool.to_owned(),
        rule: rule.to_owned(),
        title: String::new(),
        outcome: Outcome::Fail,
        class,
        severity: Severity::Unknown,
        raw_severity: String::new(),
        cvss: None,
        vector: None,
        vulnerabilities: Vec::new(),
        cwe: None,
        asset: AssetHint::default(),
        locus: String::new(),
        identity: String::new(),
        purl: None,
        fixed_in: None,
        solution: None,
        evidence: None,
    }
}

/// Gives the report to the sink and says how the file ended.
fn deliver(emit: &mut Emit<'_>, mut report: Report, ending: Ending) -> Ending {
    report.complete = ending == Ending::Complete && report.tool_failed.is_none();
    let failed = report.tool_failed.clone();
    emit.report(report);
    match (failed, ending) {
        (Some(text), Ending::Complete) => Ending::ToolFailed { text },
        (_, ending) => ending,
    }
}

/// The bound on rows held in memory for one report; a file with more is told to be split.
const ROWS: usize = 5_000_000;

/// False, with a fault, when a report has more rows than are held.
fn room(emit: &mut Emit<'_>, rows: usize, at: Position) -> bool {
    if rows == ROWS {
        emit.fault(
            at,
            "too_long",
            "The report has more than 5,000,000 rows.",
            "Split it into several files.",
        );
    }
    rows < ROWS
}
