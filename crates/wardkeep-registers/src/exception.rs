//! Exceptions: agreed deviations with an owner, a reason and an end.

use crate::checks::{is_over, lies_ahead, only, owned};
use crate::{Asset, Control, Finding, Person, Policy, Risk};
use wardkeep_register::prelude::*;

/// Longest time that an exception holds, in days (`specs/assurance.md` 11).
pub const LONGEST_DAYS: i64 = 365;

/// Something that may deviate from the rule for a time.
#[derive(Record)]
pub struct Exception {
    /// What is let be.
    #[field(title)]
    pub name: Line,
    /// What it deviates from.
    #[field(list, filter)]
    pub target: Target,
    /// Controls that it takes subjects out of.
    pub controls: Links<Control>,
    /// Findings that it covers.
    pub findings: Links<Finding>,
    /// Policies it deviates from.
    pub policies: Links<Policy>,
    /// Assets that it covers.
    pub assets: Links<Asset>,
    /// Number of the requirement, or id of the vulnerability or rule.
    pub subject_id: Option<Line>,
    /// Accounts, hosts and the like that it covers, one per line. A filter is frozen into this list.
    pub subjects: Text,
    /// Why the rule cannot be kept for now.
    pub reason: Markdown,
    /// Controls that make up for it.
    pub compensated_by: Links<Control>,
    /// How they make up for it.
    pub compensation: Markdown,
    /// Risks that it makes bigger.
    pub risks: Links<Risk>,
    /// Yearly loss that it adds, as agreed.
    #[field(list)]
    pub at_stake: Option<Money>,
    /// Who asks for it and answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// First day.
    pub starts_on: Date,
    /// Last day, a year after the first at most.
    #[field(list, due)]
    pub until: Date,
    /// What must stay true for it to hold.
    pub conditions: Markdown,
    /// Made before anything falls under it.
    pub preventive: bool,
    /// The exception that it follows.
    pub renews: Option<Link<Exception>>,
    /// How often it was renewed.
    #[field(list, computed)]
    pub renewals: Option<i64>,
}

/// What exceptions deviate from.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Target {
    /// Subjects leave a control's pass rate, visibly.
    Control,
    /// Findings wait.
    Finding,
    /// A policy's sentence does not hold.
    Policy,
    /// A requirement of a framework is not met.
    Requirement,
    /// An asset stays as it is.
    Asset,
    /// A vulnerability or rule, wherever it turns up.
    Vulnerability,
}

/// Life of an exception.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Waiting for a decision.
    #[open]
    Asked,
    /// Holds until its end.
    #[open]
    Approved,
    /// Does not hold for now, since what it rests on has changed.
    #[open]
    Suspended,
    /// Refused.
    #[done]
    Rejected,
    /// Over.
    #[done]
    Expired,
    /// Taken back.
    #[done]
    Revoked,
    /// No longer needed: the rule is kept.
    #[done]
    Resolved,
}

use Stage::{Approved, Asked, Draft, Expired, Rejected, Resolved, Revoked, Suspended};

impl Register for Exception {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "exception", many: "exceptions", prefix: "EXC", area: Area::Govern, key: "exception" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("ask", &[Draft, Rejected], Asked).only_if(is_complete),
        Move::new("approve", &[Asked], Approved)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(lies_in_future),
        Move::new("reject", &[Asked], Rejected).needs(Verb::Approve).with_reason(),
        Move::new("suspend", &[Approved], Suspended).with_reason(),
        Move::new("resume", &[Suspended], Approved)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(lies_in_future),
        Move::new("expire", &[Approved, Suspended], Expired).only_if(end_has_come),
        Move::new("revoke", &[Approved, Suspended], Revoked).needs(Verb::Approve).with_reason(),
        Move::new("resolve", &[Draft, Asked, Approved, Suspended], Resolved).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let days = self.until.days_since(self.starts_on);
        problems.require(days >= 0, "until", "order", "the exception ends before it starts");
        problems.require(
            days <= LONGEST_DAYS,
            "until",
            "too_long",
            "an exception holds for 365 days at most; renew it then",
        );
        let stakes = self.at_stake.is_none_or(|m| m.minor >= 0);
        problems.require(stakes, "at_stake", "negative", "a loss is zero or more");
        if stage != Draft {
            problems.require(
                !self.reason.as_str().is_empty(),
                "reason",
                "required",
                "say why the rule cannot be kept for now",
            );
            problems.require(
                self.has_target(),
                self.target_field(),
                "required",
                "name what it deviates from",
            );
        }
    }
}

impl Exception {
    fn target_field(&self) -> &'static str {
        match self.target {
            Target::Control => "controls",
            Target::Finding => "findings",
            Target::Policy => "policies",
            Target::Asset => "assets",
            Target::Requirement | Target::Vulnerability => "subject_id",
        }
    }
    fn has_target(&self) -> bool {
        match self.target {
            Target::Control => !self.controls.is_empty(),
            Target::Finding => !self.findings.is_empty(),
            Target::Policy => !self.policies.is_empty(),
            Target::Asset => !self.assets.is_empty(),
            Target::Requirement | Target::Vulnerability => self.subject_id.is_some(),
        }
    }
}

fn is_complete(exception: &Exception, _: &GuardContext) -> Result<(), Refused> {
    owned(exception.owner)?;
    only(!exception.reason.as_str().is_empty(), "say why the rule cannot be kept for now")?;
    only(exception.has_target(), "name what it deviates from")
}

fn lies_in_future(exception: &Exception, context: &GuardContext) -> Result<(), Refused> {
    lies_ahead(Some(exception.until), "the last day", context)
}

fn end_has_come(exception: &Exception, context: &GuardContext) -> Result<(), Refused> {
    is_over(Some(exception.until), "the last day", context)
}

#[cfg(test)]
mod tests {
    use super::Exception;
    use crate::testing::{ID, sample};

    #[test]
    fn an_exception_is_whole_when_asked_and_dated_when_approved() {
        let asked =
            sample::<Exception>().refuses("ask", "answers").with("owner", ID).refuses("ask", "say why");
        asked
            .with("reason", "The vendor is late.")
            .refuses("ask", "deviates from")
            .with("controls", ID)
            .allows("ask");
        let today = sample::<Exception>().at("asked").refuses("approve", "must lie ahead");
        today.at("approved").refuses("expire", "wait until");
        sample::<Exception>()
            .with("starts_on", "2026-05-01")
            .with("until", "2026-05-31")
            .at("approved")
            .allows("expire");
    }

    #[test]
    fn a_year_is_the_longest() {
        sample::<Exception>().with("until", "2027-06-01").stands();
        sample::<Exception>().with("until", "2027-06-02").fails_in("until");
        sample::<Exception>().with("until", "2026-05-31").fails_in("until");
        sample::<Exception>()
            .at("asked")
            .with("reason", "Late.")
            .with("target", "finding")
            .fails_in("findings");
    }
}
