//! What an assessment found, as plain data.

use serde::{Deserialize, Serialize};
use wardkeep_types::{Date, Moment, Problem, Severity, State};

/// Everything `wardkeep assess` has to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Posture {
    /// The moment it speaks about.
    pub as_of: Moment,
    /// What was assessed, in the person's words: a folder's name.
    pub subject: String,
    /// Program and version that made it.
    pub made_by: String,
    /// The evidence as a whole.
    pub evidence: Evidence,
    /// What the reader must know before anything else, such as evidence older than two days.
    pub banner: Option<String>,
    /// What was read, by format.
    pub formats: Vec<FormatLine>,
    /// Files that could not be read, each with its reason.
    pub not_understood: Vec<Unread>,
    /// Alerts.
    pub alerts: Alerts,
    /// Findings by severity and deadline.
    pub findings: Vec<FindingCount>,
    /// Controls with their states.
    pub controls: Vec<ControlLine>,
    /// What to do first, best first.
    pub first: Vec<Action>,
    /// What was wrong in files that were read.
    pub problems: Vec<Problem>,
    /// Problems beyond those listed.
    pub more_problems: u64,
    /// How long it took.
    pub seconds: f64,
}

/// The evidence as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Files looked at.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Log records.
    pub events: u64,
    /// First and last moment the evidence speaks about.
    pub from: Option<Moment>,
    /// Last moment.
    pub to: Option<Moment>,
}

/// One format that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatLine {
    /// Such as "AWS CloudTrail".
    pub name: String,
    /// Files of it.
    pub files: u64,
    /// Records, rows or components in them.
    pub rows: u64,
    /// Rows that were faulty.
    pub problems: u64,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Path within the evidence.
    pub file: String,
    /// Why, and what would help.
    pub reason: String,
}

/// Alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// How many of each severity; absent ones are zero.
    pub by_severity: Vec<(Severity, u64)>,
    /// How many per ATT&CK tactic, in the order they are to be shown.
    pub by_tactic: Vec<TacticCount>,
    /// Alerts whose rules name no tactic.
    pub without_tactic: u64,
}

/// Alerts of one tactic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TacticCount {
    /// Such as `TA0005`.
    pub id: String,
    /// Such as "Defense evasion".
    pub name: String,
    /// How many.
    pub alerts: u64,
}

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Its day has passed.
    Overdue,
    /// Within 7 days.
    Week,
    /// Within 30 days.
    Month,
    /// After that.
    Later,
    /// It has no day.
    None,
}

impl Due {
    /// All, nearest first.
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Week, Self::Month, Self::Later, Self::None];
    /// The class of a due day at `today`.
    pub fn of(due: Option<Date>, today: Date) -> Self {
        match due.map(|d| d.days_since(today)) {
            None => Self::None,
            Some(days) if days < 0 => Self::Overdue,
            Some(days) if days <= 7 => Self::Week,
            Some(days) if days <= 30 => Self::Month,
            Some(_) => Self::Later,
        }
    }
    /// The word that people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::Later => "Later",
            Self::None => "No date",
        }
    }
}

/// Open findings of one severity and deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingCount {
    /// How bad.
    pub severity: Severity,
    /// Due when.
    pub due: Due,
    /// How many.
    pub count: u64,
}

/// A control with its state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ControlLine {
    /// What it is called.
    pub name: String,
    /// NIST CSF 2.0 categories, such as `PR.AA`.
    pub outcomes: Vec<String>,
    /// Its state.
    pub state: State,
    /// E, 0..1: is it shown to work?
    pub shown: f64,
    /// If all unseen subjects were fine.
    pub high: f64,
    /// Why it is in that state, one sentence each.
    pub reasons: Vec<String>,
    /// The one change that would lift the number most.
    pub lift: Option<String>,
    /// The tests it rests on.
    pub tests: Vec<TestLine>,
}

impl ControlLine {
    /// How far it is shown to work, 0..1; `None` where nothing is known, which is never a zero.
    pub fn known(&self) -> Option<f64> {
        let observed = self.tests.iter().any(|t| t.factors.is_some());
        let counts = match self.state {
            State::NotTested => false,
            State::Insufficient => self.shown > 0.0,
            State::Effective | State::Degraded | State::Failing => true,
        };
        (observed && counts).then_some(self.shown)
    }
}

/// One test of a control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestLine {
    /// What it is called.
    pub name: String,
    /// Its verdict.
    pub state: State,
    /// Why.
    pub reasons: Vec<String>,
    /// Coverage, rate, freshness, strength: 0..1; absent when nothing was observed.
    pub factors: Option<[f64; 4]>,
    /// q = c · p · f · s.
    pub shown: f64,
    /// The run's own sentence.
    pub note: String,
    /// The moment the observation speaks about.
    pub effective_at: Option<Moment>,
    /// SHA-256 of the observation.
    pub observation: Option<String>,
    /// Subjects that fail, the first few.
    pub failing: Vec<FailingLine>,
    /// Failing subjects beyond those listed.
    pub more_failing: u64,
}

/// A subject that fails, down to the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailingLine {
    /// What it is called.
    pub subject: String,
    /// Why it fails.
    pub detail: String,
    /// Where that stands: `CloudTrail/x.json, record 12`.
    pub places: Vec<String>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What, with a verb first.
    pub what: String,
    /// What it is about and what it would bring.
    pub why: String,
    /// Where the evidence for it stands.
    pub places: Vec<String>,
    /// How bad, when it is about a weakness or an alert.
    pub severity: Option<Severity>,
    /// Due when.
    pub due: Option<Date>,
}
