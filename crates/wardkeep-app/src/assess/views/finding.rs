//! A finding down to the report rows that say it, and how its deadline came about.

use super::alert::plain;
use super::row::{int, moment, text};
use crate::records::RecordView;
use crate::{App, Error};
use wardkeep_store::cells;
use wardkeep_types::{Date, Moment, Severity};

/// A report row that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenIn {
    /// Address of the report.
    pub report: String,
    /// Row.
    pub row: i64,
    /// Path of the report.
    pub path: String,
    /// Tool and its version.
    pub tool: String,
    /// When the scan ended.
    pub at: Moment,
    /// How bad the row says it is.
    pub severity: Severity,
}

/// How a deadline came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineView {
    /// The set of rules.
    pub profile: String,
    /// What went in.
    pub severity: Severity,
    /// Days that the rules give; `None` when they give no date.
    pub days: Option<i64>,
    /// From when they count: the first sighting.
    pub start: Option<Moment>,
    /// What comes out.
    pub worked_out: Option<Date>,
    /// What stands in the record.
    pub due: Option<Date>,
    /// The profile is one that this version can explain.
    pub known: bool,
}

/// A finding's chain.
#[derive(Debug, Clone, Default)]
pub struct FindingChain {
    /// Report rows, newest report first.
    pub sightings: Vec<SeenIn>,
    /// How many there are.
    pub total: u64,
    /// The deadline; absent for a finding that no rules looked at.
    pub deadline: Option<DeadlineView>,
}

/// Rows listed on a finding's page.
const ROWS: i64 = 20;
/// The profile by severity.
const BY_SEVERITY: &str = "severity/1.0.0";

impl App {
    /// The chain of a finding that the reader has before them. At most two statements.
    pub async fn finding_chain(&self, shown: &RecordView) -> Result<FindingChain, Error> {
        let sql = "SELECT s.sha256, s.row_no, s.severity, r.path, r.tool, r.tool_version, r.ended_at FROM sighting s JOIN scan_report r ON r.sha256 = s.sha256 WHERE s.finding_id = $1 AND s.outcome = 'fail' ORDER BY r.ended_at DESC, s.sha256, s.row_no LIMIT $2";
        let mut sightings = Vec::new();
        for row in self.db.rows(sql, cells![shown.id, ROWS]).await? {
            sightings.push(SeenIn {
                report: text(&row, "sha256")?,
                row: int(&row, "row_no")?,
                path: text(&row, "path")?,
                tool: super::report::tool_of(&row)?,
                at: moment(&row, "ended_at")?,
                severity: text(&row, "severity")?.parse().unwrap_or(Severity::Unknown),
            });
        }
        let total = if sightings.len() < ROWS as usize {
            sightings.len() as u64
        } else {
            let sql = "SELECT count(*) AS n FROM sighting WHERE finding_id = $1 AND outcome = 'fail'";
            self.db.row(sql, cells![shown.id]).await?.map_or(Ok(0), |r| int(&r, "n"))?.unsigned_abs()
        };
        Ok(FindingChain { sightings, total, deadline: deadline(shown) })
    }
}

fn deadline(shown: &RecordView) -> Option<DeadlineView> {
    let profile = Some(plain(shown, "deadline_profile")).filter(|p| !p.is_empty())?;
    let severity = plain(shown, "severity").parse().unwrap_or(Severity::Unknown);
    let start: Option<Moment> = plain(shown, "first_seen").parse().ok();
    let days = super::super::findings::days(severity);
    let known = profile == BY_SEVERITY;
    let worked_out = start.zip(days).filter(|_| known).map(|(start, days)| start.date().plus_days(days));
    Some(DeadlineView {
        severity,
        days: days.filter(|_| known),
        start,
        worked_out,
        due: plain(shown, "due").parse().ok(),
        known,
        profile,
    })
}
