//! Alerts: what a rule, a model or another tool claims about events.

use crate::checks::only;
use crate::choices::{Severity, Tlp};
use crate::{Asset, Incident, Ioc, Person};
use wardkeep_register::prelude::*;

/// A claim about events that somebody should look at.
#[derive(Record)]
pub struct Alert {
    /// What is claimed.
    #[field(title)]
    pub name: Line,
    /// How bad it would be.
    #[field(list, filter)]
    pub severity: Severity,
    /// Who looks at it.
    #[field(filter)]
    pub owner: Option<Link<Person>>,
    /// What happened, and why the rule fired.
    pub description: Markdown,
    /// Who claims it: a detection of ours or another tool.
    pub source: Line,
    /// The source's key: the same key again is the same alert, once more.
    #[field(unique)]
    pub source_ref: Line,
    /// Id of the rule that fired.
    #[field(filter)]
    pub rule: Option<Line>,
    /// The indicator of compromise that was seen.
    #[field(filter)]
    pub indicator: Option<Link<Ioc>>,
    /// Tactic of MITRE ATT&CK, such as TA0006.
    pub tactic: Option<Line>,
    /// Technique of MITRE ATT&CK, such as T1110.001.
    #[field(list, filter)]
    pub technique: Option<Line>,
    /// When the first of its events happened.
    pub first_event: Option<Moment>,
    /// When the last of its events happened.
    #[field(list)]
    pub last_event: Option<Moment>,
    /// How many events stand behind it.
    #[field(list)]
    pub event_count: Option<i64>,
    /// The machine, as the events name it.
    #[field(list)]
    pub host: Option<Line>,
    /// The machine, if we know it.
    #[field(filter)]
    pub asset: Option<Link<Asset>>,
    /// The account, as the events name it.
    #[field(personal)]
    pub account: Option<Line>,
    /// Addresses, hashes and names seen, one per line.
    pub observables: Text,
    /// With whom it may be shared.
    #[field(label = "TLP")]
    pub tlp: Tlp,
    /// What it turned out to be.
    #[field(list, filter)]
    pub verdict: Verdict,
    /// What was looked at, and found.
    pub verdict_reason: Markdown,
    /// When somebody took it.
    #[field(computed)]
    pub acknowledged_at: Option<Moment>,
    /// The incident it became part of.
    pub incident: Option<Link<Incident>>,
}

/// What an alert turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Verdict {
    /// Not known yet.
    Undecided,
    /// It is what it claims.
    TruePositive,
    /// It happened, and was meant to.
    Benign,
    /// It did not happen; counts against the rule.
    FalsePositive,
    /// Another alert says the same.
    Duplicate,
    /// Somebody tried the rule.
    Test,
}

/// Life of an alert.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Nobody has looked.
    #[open]
    New,
    /// Somebody looks.
    #[open]
    Acknowledged,
    /// Became an incident.
    #[done]
    Promoted,
    /// Joined an incident.
    #[done]
    Merged,
    /// Needs nothing more.
    #[done]
    Dismissed,
}

use Stage::{Acknowledged, Dismissed, Merged, New, Promoted};

impl Register for Alert {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "alert", many: "alerts", prefix: "ALR", area: Area::Detect, key: "alert" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("acknowledge", &[New], Acknowledged),
        Move::new("promote", &[New, Acknowledged], Promoted).only_if(has_incident),
        Move::new("merge", &[New, Acknowledged], Merged).only_if(has_incident),
        Move::new("dismiss", &[New, Acknowledged], Dismissed).with_reason().only_if(is_harmless),
        Move::new("reopen", &[Dismissed, Merged], Acknowledged).with_reason(),
    ];

    fn check(&self, _stage: Stage, problems: &mut Problems) {
        if let (Some(first), Some(last)) = (self.first_event, self.last_event) {
            problems.require(first <= last, "last_event", "order", "the last event lies before the first");
        }
        problems.require(
            self.event_count.is_none_or(|n| n > 0),
            "event_count",
            "range",
            "an alert stands on one event at least",
        );
        let technique_fits = self.technique.as_ref().is_none_or(|t| attack_id(t.as_str(), "T"));
        problems.require(technique_fits, "technique", "invalid", "a technique is written T1110 or T1110.001");
        let tactic_fits = self.tactic.as_ref().is_none_or(|t| attack_id(t.as_str(), "TA"));
        problems.require(tactic_fits, "tactic", "invalid", "a tactic is written TA0006");
    }
}

/// `T1110`, `T1110.001`, `TA0006`.
fn attack_id(text: &str, letters: &str) -> bool {
    let digits = |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = text.strip_prefix(letters) else { return false };
    match number.split_once('.') {
        None => digits(number, 4),
        Some((whole, part)) => letters == "T" && digits(whole, 4) && digits(part, 3),
    }
}

fn has_incident(alert: &Alert, _: &GuardContext) -> Result<(), Refused> {
    only(alert.incident.is_some(), "name the incident that it belongs to")
}

fn is_harmless(alert: &Alert, _: &GuardContext) -> Result<(), Refused> {
    match alert.verdict {
        Verdict::Undecided => {
            Err(Refused::because("say first what it turned out to be; the rule learns from it"))
        }
        Verdict::TruePositive => {
            Err(Refused::because("what is true becomes part of an incident: promote or merge it"))
        }
        Verdict::Benign | Verdict::FalsePositive | Verdict::Duplicate | Verdict::Test => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::Alert;
    use crate::testing::{ID, sample};

    #[test]
    fn alerts_end_in_an_incident_or_with_a_harmless_verdict() {
        sample::<Alert>()
            .refuses("promote", "name the incident")
            .with("incident", ID)
            .allows("promote")
            .allows("merge");
        let decided = sample::<Alert>().refuses("dismiss", "turned out").with("verdict", "true_positive");
        decided.refuses("dismiss", "promote or merge").with("verdict", "benign").allows("dismiss");
    }

    #[test]
    fn order_counts_and_technique_ids_hold() {
        let late = sample::<Alert>().with("first_event", "2026-05-02T00:00:00Z");
        late.with("last_event", "2026-05-01T00:00:00Z").fails_in("last_event");
        sample::<Alert>().with("event_count", "0").fails_in("event_count");
        sample::<Alert>().with("technique", "T1110.001").with("tactic", "TA0006").stands();
        sample::<Alert>().with("technique", "1110").fails_in("technique");
        sample::<Alert>().with("tactic", "TA0006.001").fails_in("tactic");
    }
}
