//! Policies: what the organisation asks of its people, in words that hold.

use crate::checks::{lies_ahead, only, owned};
use crate::choices::Classification;
use crate::{Framework, Person, Team};
use wardkeep_register::prelude::*;

/// One version of a document that people must follow.
#[derive(Record)]
pub struct Policy {
    /// Its title.
    #[field(title)]
    pub name: Line,
    /// What sort of document it is.
    #[field(list, filter)]
    pub kind: PolicyKind,
    /// Its version, such as 2.1; a new version is a new record that replaces this one.
    #[field(list, label = "Version")]
    pub edition: Line,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// What it asks for, in a sentence or two.
    pub summary: Markdown,
    /// Its text.
    pub body: Markdown,
    /// Its text as a file, if it was written elsewhere.
    pub file: Option<FileRef>,
    /// What changed since the version before.
    pub change_note: Markdown,
    /// Who may read it.
    #[field(filter)]
    pub classification: Classification,
    /// Everybody must follow it.
    #[field(filter)]
    pub for_everybody: bool,
    /// Teams that must follow it, if not everybody.
    pub audience: Links<Team>,
    /// People confirm that they have read it.
    #[field(list, filter)]
    pub needs_confirmation: bool,
    /// Frameworks that ask for it.
    pub frameworks: Links<Framework>,
    /// First day on which it holds.
    pub in_force_from: Option<Date>,
    /// How long after a review the next one follows.
    pub review_every: Option<Length>,
    /// When it must be looked at again.
    #[field(list, due)]
    pub review_on: Option<Date>,
    /// The version whose place it takes.
    pub replaces: Option<Link<Policy>>,
}

/// Sorts of document.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum PolicyKind {
    /// What we want, and who decides.
    Policy,
    /// What must be so.
    Standard,
    /// How it is done, step by step.
    Procedure,
    /// How it is best done.
    Guideline,
    /// What a body is there for.
    Charter,
}

/// Life of a version.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Others read it.
    #[open]
    InReview,
    /// Agreed, not yet in force.
    #[open]
    Approved,
    /// In force.
    #[open]
    Published,
    /// No longer in force.
    #[done]
    Retired,
}

use Stage::{Approved, Draft, InReview, Published, Retired};

impl Register for Policy {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "policy", many: "policies", prefix: "POL", area: Area::Govern, key: "policy" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("submit", &[Draft], InReview).only_if(is_written),
        Move::new("ask_for_changes", &[InReview, Approved], Draft).with_reason(),
        Move::new("approve", &[InReview], Approved)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(is_written),
        Move::new("publish", &[Approved], Published)
            .needs(Verb::Approve)
            .second_person()
            .only_if(can_be_published),
        Move::new("review", &[Published], Published).only_if(has_next_review),
        Move::new("retire", &[Draft, InReview, Approved, Published], Retired)
            .needs(Verb::Retire)
            .with_reason(),
        Move::new("reopen", &[Retired], Draft).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        if let (Some(from), Some(review)) = (self.in_force_from, self.review_on) {
            problems.require(
                from < review,
                "review_on",
                "order",
                "the review lies before the day it comes into force",
            );
        }
        let itself = self.body.as_str().is_empty() || self.file.is_none();
        problems.require(
            itself,
            "file",
            "two_texts",
            "a policy has one text: write it here or hand in a file",
        );
        let read = stage != Published || self.for_everybody || !self.audience.is_empty();
        problems.require(read, "audience", "required", "say who must follow it: everybody, or some teams");
        let open = !self.for_everybody || self.classification <= Classification::Internal;
        problems.require(
            open,
            "classification",
            "contradiction",
            "what everybody must follow, everybody must be able to read",
        );
    }
}

fn is_written(policy: &Policy, _: &GuardContext) -> Result<(), Refused> {
    owned(policy.owner)?;
    only(!policy.body.as_str().is_empty() || policy.file.is_some(), "write its text or hand in a file first")
}

fn can_be_published(policy: &Policy, context: &GuardContext) -> Result<(), Refused> {
    is_written(policy, context)?;
    only(policy.in_force_from.is_some(), "enter the first day on which it holds")?;
    only(
        policy.for_everybody || !policy.audience.is_empty(),
        "say who must follow it: everybody, or some teams",
    )?;
    has_next_review(policy, context)
}

fn has_next_review(policy: &Policy, context: &GuardContext) -> Result<(), Refused> {
    lies_ahead(policy.review_on, "the date of the next review", context)
}

#[cfg(test)]
mod tests {
    use super::Policy;
    use crate::testing::{ID, sample};

    #[test]
    fn nothing_is_published_unwritten_or_unapproved() {
        let written =
            sample::<Policy>().with("owner", ID).refuses("submit", "text").with("body", "Lock your screen.");
        let approved = written
            .allows("submit")
            .refuses("publish", "starts from")
            .at("approved")
            .refuses("publish", "first day");
        let dated = approved.with("in_force_from", "2026-07-01").refuses("publish", "who must follow");
        let addressed = dated.with("for_everybody", "yes").refuses("publish", "next review");
        addressed.with("review_on", "2027-07-01").allows("publish");
    }

    #[test]
    fn texts_and_audiences_are_clear() {
        sample::<Policy>().at("published").fails_in("audience");
        sample::<Policy>()
            .with("for_everybody", "yes")
            .with("classification", "secret")
            .fails_in("classification");
        let dates = sample::<Policy>().with("in_force_from", "2026-07-01");
        dates.with("review_on", "2026-07-01").fails_in("review_on");
    }
}
