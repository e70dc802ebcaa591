//! Objectives: what the business wants of security, in figures.

use crate::checks::{is_over, lies_ahead, only, owned};
use crate::{Control, Person, Risk, Service};
use wardkeep_register::prelude::*;

/// Something to be reached by a day, and how one would know.
#[derive(Record)]
pub struct Objective {
    /// What is to be reached, in one sentence.
    #[field(title)]
    pub name: Line,
    /// Why it matters to the business.
    pub reason: Markdown,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// What is measured, and in what, such as days to mend a critical weakness.
    #[field(list)]
    pub measure: Option<Line>,
    /// The figure at the start.
    pub base: Option<i64>,
    /// The figure now.
    #[field(list)]
    pub current: Option<i64>,
    /// The figure to be reached; below the base when less is better.
    #[field(list)]
    pub target: Option<i64>,
    /// Where the trend leads.
    #[field(list, filter, computed)]
    pub trend: Option<Trend>,
    /// Until when.
    #[field(list, due)]
    pub due: Option<Date>,
    /// Services that it serves.
    pub services: Links<Service>,
    /// Controls that bring it about.
    pub controls: Links<Control>,
    /// Risks that it makes smaller.
    pub risks: Links<Risk>,
}

/// Where the trend of an objective leads.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Trend {
    /// It will be reached in time.
    OnTrack,
    /// It will not, if things go on so.
    AtRisk,
    /// Its day went by.
    Missed,
    /// It is reached.
    Reached,
}

/// Life of an objective.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being put into words.
    #[open]
    Draft,
    /// Agreed, under way.
    #[open]
    Agreed,
    /// Reached.
    #[done]
    Reached,
    /// Not reached in time.
    #[done]
    Missed,
    /// Given up.
    #[done]
    Dropped,
}

use Stage::{Agreed, Draft, Dropped, Missed, Reached};

impl Register for Objective {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "objective", many: "objectives", prefix: "OBJ", area: Area::Govern, key: "objective" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("agree", &[Draft], Agreed)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(is_measurable),
        Move::new("reach", &[Agreed], Reached).only_if(is_reached),
        Move::new("miss", &[Agreed], Missed).with_reason().only_if(day_went_by),
        Move::new("drop", &[Draft, Agreed], Dropped).needs(Verb::Retire).with_reason(),
        Move::new("reopen", &[Reached, Missed, Dropped], Draft).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let moves = self.base.zip(self.target).is_none_or(|(base, target)| base != target);
        problems.require(moves, "target", "same", "a target that equals the start changes nothing");
        let served = stage == Draft || !(self.services.is_empty() && self.reason.as_str().is_empty());
        problems.require(
            served,
            "services",
            "required",
            "name the services it serves, or why it matters to the business",
        );
    }
}

impl Objective {
    /// Whether the current figure meets the target, on the side of the base that counts as better.
    pub fn is_met(&self) -> bool {
        match (self.base, self.current, self.target) {
            (Some(base), Some(now), Some(target)) if target < base => now <= target,
            (_, Some(now), Some(target)) => now >= target,
            _ => false,
        }
    }
}

fn is_measurable(objective: &Objective, context: &GuardContext) -> Result<(), Refused> {
    owned(objective.owner)?;
    let measured = objective.measure.is_some() && objective.base.is_some() && objective.target.is_some();
    only(measured, "enter what is measured, the figure at the start and the target")?;
    lies_ahead(objective.due, "the day by which it is to be reached", context)
}

fn is_reached(objective: &Objective, _: &GuardContext) -> Result<(), Refused> {
    only(objective.is_met(), "the current figure does not meet the target yet")
}

fn day_went_by(objective: &Objective, context: &GuardContext) -> Result<(), Refused> {
    is_over(objective.due, "the day by which it was to be reached", context)
}

#[cfg(test)]
mod tests {
    use super::Objective;
    use crate::testing::{ID, sample};

    #[test]
    fn an_objective_can_be_measured_and_is_reached_by_figures() {
        let owned =
            sample::<Objective>().refuses("agree", "answers").with("owner", ID).refuses("agree", "measured");
        let measured = owned.with("measure", "Days to mend").with("base", "30").with("target", "14");
        let agreed = measured
            .refuses("agree", "the day by which")
            .with("due", "2026-12-31")
            .allows("agree")
            .at("agreed");
        let near =
            agreed.with("current", "15").refuses("reach", "does not meet").refuses("miss", "wait until");
        near.with("current", "14").allows("reach");
    }

    #[test]
    fn targets_change_something() {
        sample::<Objective>().with("base", "5").with("target", "5").fails_in("target");
        sample::<Objective>().at("agreed").fails_in("services");
    }
}
