//! Key risk indicators: a figure with a live feed, whose threshold is derived from the appetite, not chosen.

use crate::checks::{only, owned};
use crate::{Appetite, Control, Person};
use wardkeep_register::prelude::*;

/// One figure that is watched.
#[derive(Record)]
pub struct Indicator {
    /// What is watched.
    #[field(title)]
    pub name: Line,
    /// The control whose observations feed it.
    #[field(list, filter)]
    pub control: Link<Control>,
    /// Which figure of the control.
    #[field(filter)]
    pub quantity: Quantity,
    /// The appetite statement from which the threshold follows.
    #[field(list, filter)]
    pub appetite: Option<Link<Appetite>>,
    /// Chance of having crossed the threshold from which it is an alarm.
    pub alarm_at: Option<Percent>,
    /// Who acts on it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// The figure now.
    #[field(list, computed)]
    pub figure: Option<Percent>,
    /// Where the appetite's measure crosses its limit.
    #[field(list, computed)]
    pub threshold: Option<Percent>,
    /// Chance that the true figure lies on the wrong side.
    #[field(list, computed)]
    pub chance_crossed: Option<Percent>,
    /// What the derivation says in words.
    #[field(computed)]
    pub says: Option<Line>,
}

/// Figures of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Quantity {
    /// Share of subjects in scope that have it.
    Coverage,
    /// Share of time in which it works as meant.
    Reliability,
    /// How often it stops the event while working.
    Efficacy,
}

/// Life of an indicator.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Worked out at every run.
    #[open]
    Watched,
    /// No longer watched.
    #[done]
    Retired,
}

impl Register for Indicator {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "risk indicator",
        many: "risk indicators",
        prefix: "KRI",
        area: Area::Identify,
        key: "indicator",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("watch", &[Stage::Draft, Stage::Retired], Stage::Watched).only_if(is_whole),
        Move::new("retire", &[Stage::Draft, Stage::Watched], Stage::Retired)
            .needs(Verb::Retire)
            .with_reason()
            .only_if(|i, _| owned(i.owner)),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let derived = stage != Stage::Watched || self.appetite.is_some();
        problems.require(derived, "appetite", "required", "its threshold follows from an appetite statement");
        let alarm = self.alarm_at.is_none_or(|a| (100..=9_900).contains(&a.basis_points()));
        problems.require(alarm, "alarm_at", "range", "an alarm begins between 1 and 99 %");
    }
}

fn is_whole(indicator: &Indicator, _: &GuardContext) -> Result<(), Refused> {
    owned(indicator.owner)?;
    only(indicator.appetite.is_some(), "name the appetite statement from which its threshold follows")
}

#[cfg(test)]
mod tests {
    use super::Indicator;
    use crate::testing::{ID, sample};

    #[test]
    fn a_threshold_is_derived_and_somebody_acts_on_it() {
        let owned = sample::<Indicator>().refuses("watch", "answers").with("owner", ID);
        owned.refuses("watch", "appetite").with("appetite", ID).allows("watch");
        sample::<Indicator>().refuses("retire", "answers");
        sample::<Indicator>().at("watched").fails_in("appetite");
        sample::<Indicator>().with("alarm_at", "0").fails_in("alarm_at");
    }
}
