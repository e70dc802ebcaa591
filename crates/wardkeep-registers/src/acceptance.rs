//! Acceptances: a risk that is lived with for a time, by somebody with the authority to say so.

use crate::checks::{is_over, lies_ahead, only};
use crate::{Person, Risk};
use wardkeep_register::prelude::*;

/// Longest time that an acceptance holds, in days (24 months, `specs/risk.md` 7).
pub const LONGEST_DAYS: i64 = 731;
/// How long it holds unless said otherwise, in days (12 months).
pub const USUAL_DAYS: i64 = 365;

/// The decision to live with a risk. It ends on a day, or by itself when what it rests on changes.
#[derive(Record)]
pub struct Acceptance {
    /// What is accepted.
    #[field(title)]
    pub name: Line,
    /// The risk.
    #[field(list, filter)]
    pub risk: Link<Risk>,
    /// Who asks.
    #[field(list, filter, label = "Asked by")]
    pub owner: Link<Person>,
    /// Why nothing more is done.
    pub reason: Markdown,
    /// What must stay true.
    pub conditions: Markdown,
    /// First day.
    pub starts_on: Date,
    /// Last day, 24 months after the first at most.
    #[field(list, due)]
    pub until: Date,
    /// Hash of the run whose figures are accepted.
    #[field(computed)]
    pub run_hash: Option<Line>,
    /// Mean loss in a year as accepted.
    #[field(list, computed)]
    pub annual_loss: Option<Money>,
    /// Its part of the mean of the worst hundredth of years, as accepted.
    #[field(computed)]
    pub tail_loss: Option<Money>,
    /// What the figures rest on, for the test whether it still holds.
    #[field(computed)]
    pub rests_on: Text,
    /// Who approved it.
    #[field(computed)]
    pub approved_by: Option<Link<Person>>,
    /// Why it no longer holds.
    #[field(list, computed)]
    pub void_because: Option<Line>,
}

/// Life of an acceptance.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Waits for a second person.
    #[open]
    Asked,
    /// Holds.
    #[open]
    Approved,
    /// Refused.
    #[done]
    Rejected,
    /// No longer holds because what it rested on changed.
    #[done]
    Void,
    /// Over.
    #[done]
    Expired,
    /// Taken back.
    #[done]
    Withdrawn,
}

use Stage::{Approved, Asked, Draft, Expired, Rejected, Void, Withdrawn};

impl Register for Acceptance {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "acceptance",
        many: "acceptances",
        prefix: "ACC",
        area: Area::Identify,
        key: "acceptance",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("ask", &[Draft, Rejected], Asked).only_if(is_whole),
        Move::new("approve", &[Asked], Approved)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(may_be_approved),
        Move::new("reject", &[Asked], Rejected).needs(Verb::Approve).with_reason(),
        Move::new("void", &[Approved], Void).with_reason().only_if(|_, context| {
            only(context.actor.is_none(), "an acceptance becomes void by itself; withdraw it instead")
        }),
        Move::new("expire", &[Approved], Expired)
            .only_if(|a, context| is_over(Some(a.until), "the last day", context)),
        Move::new("withdraw", &[Draft, Asked, Approved], Withdrawn).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let days = self.until.days_since(self.starts_on);
        problems.require(days >= 0, "until", "order", "the acceptance ends before it starts");
        problems.require(
            days <= LONGEST_DAYS,
            "until",
            "too_long",
            "an acceptance holds for 24 months at most; ask again then",
        );
        let figured = !matches!(stage, Asked | Approved) || self.run_hash.is_some();
        problems.require(
            figured,
            "run_hash",
            "not_assessed",
            "a risk that is not assessed cannot be accepted: estimate it and run the engine first",
        );
    }
}

fn is_whole(acceptance: &Acceptance, context: &GuardContext) -> Result<(), Refused> {
    only(!acceptance.reason.as_str().trim().is_empty(), "say why nothing more is done")?;
    only(acceptance.starts_on >= context.today(), "an acceptance is not dated back")?;
    lies_ahead(Some(acceptance.until), "the last day", context)
}

/// That the approver is neither asker nor owner and has the authority needs other records: the use case sees to it.
fn may_be_approved(acceptance: &Acceptance, context: &GuardContext) -> Result<(), Refused> {
    lies_ahead(Some(acceptance.until), "the last day", context)
}

#[cfg(test)]
mod tests {
    use super::Acceptance;
    use crate::testing::sample;

    #[test]
    fn an_acceptance_has_a_reason_an_end_and_somebody_else_behind_it() {
        let dated = sample::<Acceptance>().with("until", "2027-06-01");
        let asked = dated.refuses("ask", "say why").with("reason", "Cheaper to bear.").allows("ask");
        let asked =
            asked.at("asked").allows("approve").with("until", "2026-06-01").refuses("approve", "ahead");
        asked.by_program().at("approved").refuses("expire", "wait until").allows("void");
        let back = sample::<Acceptance>().with("reason", "x").with("starts_on", "2026-05-01");
        back.with("until", "2027-01-01").refuses("ask", "dated back");
        sample::<Acceptance>().at("approved").refuses("void", "withdraw it instead");
    }

    #[test]
    fn two_years_are_the_longest_and_figures_are_needed() {
        sample::<Acceptance>().with("until", "2028-06-01").stands();
        sample::<Acceptance>().with("until", "2028-06-02").fails_in("until");
        sample::<Acceptance>().at("asked").fails_in("run_hash");
    }
}
