//! The result of an assessment, as one object for programs.

use super::FormatCount;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use wardkeep_report::{Due, Posture};
use wardkeep_types::{Severity, State};

/// The result of an assessment.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// For people: the terminal and `posture.html`.
    pub posture: Posture,
    /// Files, rows and problems by format key.
    pub formats: BTreeMap<String, FormatCount>,
    /// Log records read in this run.
    pub events: u64,
    /// Files that an earlier run had read.
    pub known_files: u64,
    /// The run was stopped before its end.
    pub stopped: bool,
}

impl Assessed {
    /// The one object of `--json`.
    pub fn to_json(&self) -> Json {
        let posture = &self.posture;
        let count = |c: &FormatCount| json!({"files": c.files, "rows": c.rows, "problems": c.problems});
        let formats: serde_json::Map<String, Json> =
            self.formats.iter().map(|(k, c)| (k.clone(), count(c))).collect();
        let mut alerts: BTreeMap<&str, u64> = Severity::ALL.iter().map(|s| (s.key(), 0)).collect();
        posture.alerts.by_severity.iter().for_each(|(s, n)| *alerts.entry(s.key()).or_default() += n);
        let due = |due: Due| match due {
            Due::Overdue => "overdue",
            Due::Week => "within_7_days",
            Due::Month => "within_30_days",
            Due::Later => "later",
            Due::None => "no_deadline",
        };
        let mut findings: BTreeMap<&str, u64> = Due::ALL.iter().map(|d| (due(*d), 0)).collect();
        posture.findings.iter().for_each(|f| *findings.entry(due(f.due)).or_default() += f.count);
        let mut controls: BTreeMap<&str, u64> = State::ALL.iter().map(|s| (s.key(), 0)).collect();
        posture.controls.iter().for_each(|c| *controls.entry(c.state.key()).or_default() += 1);
        let problems: Vec<Json> = posture
            .problems
            .iter()
            .map(|p| {
                let (file, position) = p.path.rsplit_once(": ").unwrap_or((&p.path, ""));
                json!({"file": file, "position": position, "code": p.code, "message": p.message, "remedy": p.hint})
            })
            .collect();
        let unread: Vec<Json> =
            posture.not_understood.iter().map(|u| json!({"file": u.file, "reason": u.reason})).collect();
        json!({
            "as_of": posture.as_of,
            "banner": posture.banner,
            "formats": formats,
            "files": posture.evidence.files,
            "files_known": self.known_files,
            "events": self.events,
            "alerts": alerts,
            "findings": findings,
            "controls": controls,
            "problems": problems,
            "more_problems": posture.more_problems,
            "not_understood": unread,
            "stopped": self.stopped,
            "seconds": posture.seconds,
        })
    }
}
