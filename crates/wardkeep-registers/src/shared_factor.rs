//! Shared factors: what moves several scenarios or controls together, with a name the board understands.

use crate::checks::{only, owned};
use crate::{Person, Scenario};
use wardkeep_register::prelude::*;

/// Something that several scenarios or controls have in common.
#[derive(Record)]
pub struct SharedFactor {
    /// A name the board understands: "identity platform", "payroll supplier".
    #[field(title)]
    pub name: Line,
    /// How it joins them.
    #[field(list, filter)]
    pub kind: Sort,
    /// How much the rates move together: variance of a frailty, spread of a driver.
    #[field(list)]
    pub spread: Option<Percent>,
    /// How often a common event comes.
    pub times: Option<Estimate<PerYear>>,
    /// Whether a common event's rate is already in the scenarios. There is no default.
    pub overlap: Option<Overlap>,
    /// Chance that it is down when it matters, for what controls stand on.
    pub failing: Option<Percent>,
    /// Scenarios that it moves or hits.
    pub scenarios: Links<Scenario>,
    /// Why they hang together.
    pub reason: Markdown,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// When it must be looked at again.
    #[field(list, due)]
    pub review_on: Option<Date>,
}

/// Sorts of shared factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Sort {
    /// A yearly factor on the rates of several scenarios.
    Frailty,
    /// A driver of several rates, heavier in the tail.
    Driver,
    /// One event that hits several scenarios at once.
    CommonEvent,
    /// Something that several controls stand on.
    Ground,
}

/// Whether a common event is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Overlap {
    /// The scenarios' rates contain it and are reduced by it.
    CarvedOut,
    /// It comes on top.
    Extra,
}

/// Life of a shared factor.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Counts.
    #[open]
    InUse,
    /// No longer counts.
    #[done]
    Retired,
}

impl Register for SharedFactor {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "shared factor",
        many: "shared factors",
        prefix: "SHF",
        area: Area::Identify,
        key: "shared_factor",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("use", &[Stage::Draft], Stage::InUse).only_if(is_whole),
        Move::new("retire", &[Stage::Draft, Stage::InUse], Stage::Retired).needs(Verb::Retire).with_reason(),
        Move::new("reopen", &[Stage::Retired], Stage::Draft).only_if(|f, _| owned(f.owner)),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        if stage != Stage::InUse {
            return;
        }
        let (field, there) = match self.kind {
            Sort::Frailty | Sort::Driver => ("spread", self.spread.is_some_and(|s| s.basis_points() > 0)),
            Sort::CommonEvent => ("overlap", self.times.is_some() && self.overlap.is_some()),
            Sort::Ground => ("failing", self.failing.is_some()),
        };
        problems.require(
            there,
            field,
            "required",
            "a factor in use needs its figure; a common event also overlap",
        );
        let hits = self.kind == Sort::Ground || !self.scenarios.is_empty();
        problems.require(hits, "scenarios", "required", "name the scenarios that it moves");
    }
}

fn is_whole(factor: &SharedFactor, _: &GuardContext) -> Result<(), Refused> {
    owned(factor.owner)?;
    only(!factor.reason.as_str().trim().is_empty(), "say why they hang together: it is a judgement")
}

#[cfg(test)]
mod tests {
    use super::SharedFactor;
    use crate::testing::{ID, sample};

    #[test]
    fn a_judgement_has_a_judge_and_a_reason() {
        let owned = sample::<SharedFactor>().refuses("use", "answers").with("owner", ID);
        owned.refuses("use", "say why").with("reason", "One directory for all.").allows("use");
        sample::<SharedFactor>().at("retired").refuses("reopen", "answers");
    }

    #[test]
    fn each_sort_has_its_figure() {
        sample::<SharedFactor>().at("in_use").fails_in("spread");
        sample::<SharedFactor>().at("in_use").with("kind", "common_event").fails_in("overlap");
        sample::<SharedFactor>().at("in_use").with("kind", "ground").fails_in("failing");
        sample::<SharedFactor>().at("in_use").with("spread", "25").fails_in("scenarios");
    }
}
