//! Effects: which control makes which scenario rarer or smaller, and how much of it at most.

use crate::checks::{only, owned};
use crate::choices::SourceKind;
use crate::{Control, Person, Scenario, SharedFactor};
use wardkeep_register::prelude::*;

/// One link from a control to a scenario; it acts on one factor.
#[derive(Record)]
pub struct ControlEffect {
    /// What the control does here, in a few words.
    #[field(title)]
    pub name: Line,
    /// The control.
    #[field(list, filter)]
    pub control: Link<Control>,
    /// The scenario.
    #[field(list, filter)]
    pub scenario: Link<Scenario>,
    /// What it makes smaller.
    #[field(list, filter)]
    pub factor: Factor,
    /// Share of the scenario's techniques that it addresses: it caps credit, it is not efficacy.
    #[field(list)]
    pub kappa: Percent,
    /// What kappa rests on.
    #[field(filter)]
    pub source: SourceKind,
    /// How it joins other controls on the same factor.
    pub joins: Joins,
    /// Name of the chain, for controls that work only together.
    pub chain: Option<Line>,
    /// What it stands on, for controls that fail with it.
    pub stands_on: Option<Link<SharedFactor>>,
    /// Share of subjects in scope that have the control, before anything is observed.
    pub assumed_coverage: Option<Percent>,
    /// Share of time in which it works as meant, before anything is observed.
    pub assumed_reliability: Option<Percent>,
    /// How often it stops the event while working, before anything is observed.
    pub assumed_efficacy: Option<Percent>,
    /// The same while degraded.
    pub assumed_degraded: Option<Percent>,
    /// Who confirmed kappa and the assumptions.
    #[field(list, filter, label = "Confirmed by")]
    pub owner: Option<Link<Person>>,
}

/// What a control makes smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Factor {
    /// Threat events, or the rate itself.
    EventFrequency,
    /// The chance that a threat event becomes a loss event.
    Susceptibility,
    /// The chance of a secondary loss.
    SecondaryChance,
    /// The chance that an event goes unseen.
    Detection,
    /// The time to respond.
    Response,
    /// Losses that grow with the time to recover.
    Recovery,
}

/// How a control joins others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Joins {
    /// By itself.
    Alone,
    /// Works only together with all of the same chain.
    Chain,
    /// Fails whenever what it stands on fails.
    DependsOn,
}

/// Life of an effect.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Suggested by a catalogue or a person; moves no figure.
    #[open]
    Suggested,
    /// A person stands by it: it counts.
    #[open]
    Confirmed,
    /// No longer counts.
    #[done]
    Ended,
}

impl Register for ControlEffect {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "control effect",
        many: "control effects",
        prefix: "EFF",
        area: Area::Identify,
        key: "control_effect",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("confirm", &[Stage::Suggested], Stage::Confirmed).only_if(is_judged),
        Move::new("end", &[Stage::Suggested, Stage::Confirmed], Stage::Ended).with_reason(),
        Move::new("reopen", &[Stage::Ended], Stage::Suggested).only_if(|e, _| owned(e.owner)),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let chained = (self.joins == Joins::Chain) == self.chain.is_some();
        problems.require(chained, "chain", "together", "name the chain, and only for controls in one");
        let standing = (self.joins == Joins::DependsOn) == self.stands_on.is_some();
        problems.require(standing, "stands_on", "together", "name what it stands on, and only then");
        let owned = stage != Stage::Confirmed || self.owner.is_some();
        problems.require(owned, "owner", "required", "somebody stands by a confirmed effect");
    }
}

fn is_judged(effect: &ControlEffect, _: &GuardContext) -> Result<(), Refused> {
    owned(effect.owner)?;
    only(
        effect.source != SourceKind::Placeholder || effect.kappa.basis_points() < 10_000,
        "a placeholder does not address every technique: judge kappa first",
    )
}

#[cfg(test)]
mod tests {
    use super::ControlEffect;
    use crate::testing::{ID, sample};

    #[test]
    fn a_person_confirms_kappa() {
        let suggested = sample::<ControlEffect>().refuses("confirm", "answers").with("owner", ID);
        let all = suggested.with("source", "placeholder").with("kappa", "100").refuses("confirm", "judge");
        all.with("kappa", "40").allows("confirm");
        sample::<ControlEffect>().at("ended").refuses("reopen", "answers");
    }

    #[test]
    fn chains_and_shared_ground_are_named() {
        sample::<ControlEffect>().with("joins", "chain").fails_in("chain");
        sample::<ControlEffect>().with("joins", "depends_on").fails_in("stands_on");
        sample::<ControlEffect>().at("confirmed").fails_in("owner");
    }
}
