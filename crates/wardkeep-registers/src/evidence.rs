//! Evidence: files, query results and statements that show that something is so.

use crate::checks::{is_over, only, owned};
use crate::choices::Classification;
use crate::{Control, Finding, Incident, Person, Risk};
use wardkeep_register::prelude::*;

/// Something that shows that a thing was so, at a time.
#[derive(Record)]
pub struct Evidence {
    /// What it shows.
    #[field(title)]
    pub name: Line,
    /// What sort of evidence it is.
    #[field(list, filter)]
    pub kind: EvidenceKind,
    /// How it was made and how to read it.
    pub description: Markdown,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// The file itself.
    pub file: Option<FileRef>,
    /// Where it lies, if it is not here. What lies elsewhere may change, so it counts as somebody's word.
    pub address: Option<Url>,
    /// What was stated, and by whom.
    pub statement: Markdown,
    /// First day that it speaks of.
    pub period_from: Option<Date>,
    /// Last day that it speaks of.
    pub period_to: Option<Date>,
    /// The moment for which it is true; its age is counted from here, not from when it was handed in.
    #[field(list)]
    pub effective_at: Option<Moment>,
    /// When it was taken.
    pub collected_at: Option<Moment>,
    /// Who or what took it, with version.
    #[field(list)]
    pub collector: Option<Line>,
    /// After which day it shows nothing any more.
    #[field(list, due)]
    pub valid_until: Option<Date>,
    /// Who may see it.
    #[field(filter)]
    pub classification: Classification,
    /// How long it must be kept.
    pub keep_until: Option<Date>,
    /// Must not be destroyed, whatever other rules say.
    #[field(filter)]
    pub legal_hold: bool,
    /// Controls that it supports.
    pub controls: Links<Control>,
    /// Risks that it speaks of.
    pub risks: Links<Risk>,
    /// Findings that it speaks of.
    pub findings: Links<Finding>,
    /// The incident in which it was taken.
    pub incident: Option<Link<Incident>>,
    /// Newer evidence that takes its place.
    pub superseded_by: Option<Link<Evidence>>,
}

/// Sorts of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum EvidenceKind {
    /// A document, picture or table.
    File,
    /// What a query over our data gave.
    QueryResult,
    /// What a scanner reported.
    Scan,
    /// Something that lies elsewhere.
    Link,
    /// Somebody's word.
    Attestation,
    /// A letter or mail.
    Mail,
    /// A state that a system itself told.
    SystemFact,
    /// A disk, a memory image, a network capture, a device.
    Forensic,
}

/// Life of evidence.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being put together.
    #[open]
    Draft,
    /// Handed in; somebody else must look.
    #[open]
    Submitted,
    /// Counts.
    #[done]
    Accepted,
    /// Does not count.
    #[done]
    Rejected,
    /// Too old to count.
    #[done]
    Expired,
    /// Newer evidence took its place.
    #[done]
    Superseded,
}

use Stage::{Accepted, Draft, Expired, Rejected, Submitted, Superseded};

impl Register for Evidence {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "evidence", many: "evidence", prefix: "EVD", area: Area::Protect, key: "evidence" };
    const NEED_TO_KNOW: bool = true;
    const MOVES: &'static [Move<Self>] = &[
        Move::new("submit", &[Draft, Rejected], Submitted).only_if(is_complete),
        Move::new("record", &[Draft], Accepted).only_if(is_collected),
        Move::new("accept", &[Submitted], Accepted).needs(Verb::Approve).second_person().only_if(still_holds),
        Move::new("reject", &[Submitted], Rejected).needs(Verb::Approve).with_reason(),
        Move::new("expire", &[Accepted], Expired).only_if(has_run_out),
        Move::new("supersede", &[Submitted, Accepted, Expired], Superseded)
            .with_reason()
            .only_if(has_successor),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        if let (Some(from), Some(to)) = (self.period_from, self.period_to) {
            problems.require(from <= to, "period_to", "order", "the period ends before it begins");
        }
        if let (Some(at), Some(until)) = (self.effective_at, self.valid_until) {
            problems.require(
                at.date() <= until,
                "valid_until",
                "order",
                "it would be too old from the start",
            );
        }
        let begun = stage == Draft || self.effective_at.is_some();
        problems.require(
            begun,
            "effective_at",
            "required",
            "say for which moment it is true: its age is counted from there",
        );
        let carried = stage == Draft || self.carries();
        problems.require(carried, "file", "required", "hand in a file, an address or a statement");
    }
}

impl Evidence {
    fn carries(&self) -> bool {
        self.file.is_some() || self.address.is_some() || !self.statement.as_str().is_empty()
    }
}

fn is_complete(evidence: &Evidence, _: &GuardContext) -> Result<(), Refused> {
    owned(evidence.owner)?;
    only(evidence.carries(), "hand in a file, an address or a statement")?;
    only(evidence.effective_at.is_some(), "say for which moment it is true: its age is counted from there")
}

/// What Wardkeep took itself needs no second look; what a person brings does.
fn is_collected(evidence: &Evidence, context: &GuardContext) -> Result<(), Refused> {
    only(
        context.actor.is_none(),
        "only evidence that Wardkeep took itself is recorded without a second look; submit it",
    )?;
    only(
        evidence.carries() && evidence.collector.is_some(),
        "evidence that was collected names its collector and content",
    )
}

fn still_holds(evidence: &Evidence, context: &GuardContext) -> Result<(), Refused> {
    only(evidence.valid_until.is_none_or(|until| until >= context.today()), "it is already too old to count")
}

fn has_run_out(evidence: &Evidence, context: &GuardContext) -> Result<(), Refused> {
    is_over(evidence.valid_until, "the last day on which it counts", context)
}

fn has_successor(evidence: &Evidence, _: &GuardContext) -> Result<(), Refused> {
    only(evidence.superseded_by.is_some(), "name the evidence that takes its place")
}

#[cfg(test)]
mod tests {
    use super::Evidence;
    use crate::testing::{ID, sample};

    #[test]
    fn people_submit_and_only_the_program_records() {
        let owned =
            sample::<Evidence>().refuses("submit", "answers").with("owner", ID).refuses("submit", "hand in");
        let carried = owned.with("statement", "All keys are locked away.").refuses("submit", "which moment");
        let whole = carried
            .with("effective_at", "2026-05-30T00:00:00Z")
            .allows("submit")
            .with("collector", "scan 1.2");
        whole.refuses("record", "second look").by_program().allows("record");
    }

    #[test]
    fn age_decides() {
        let old = sample::<Evidence>().with("valid_until", "2026-05-31");
        old.at("submitted").refuses("accept", "too old").at("accepted").allows("expire");
        sample::<Evidence>().at("accepted").with("valid_until", "2026-06-01").refuses("expire", "wait until");
        sample::<Evidence>()
            .with("period_from", "2026-05-02")
            .with("period_to", "2026-05-01")
            .fails_in("period_to");
        sample::<Evidence>().at("submitted").fails_in("effective_at");
    }
}
