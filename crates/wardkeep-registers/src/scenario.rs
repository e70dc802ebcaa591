//! Scenarios: who does what to what, how often, and what it costs; the unit that the risk engine sums.

use crate::checks::{entries, only, owned};
use crate::{Person, Risk};
use wardkeep_register::prelude::*;

/// One way in which a risk may come true. Every change makes a new version; earlier versions never change.
#[derive(Record)]
pub struct Scenario {
    /// What happens, in a few words.
    #[field(title)]
    pub name: Line,
    /// The risk that it spells out.
    #[field(list, filter)]
    pub risk: Link<Risk>,
    /// Who answers for its figures.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// Who or what starts it.
    pub actor: Option<Line>,
    /// What is harmed.
    pub harmed: Option<Line>,
    /// How it is harmed.
    pub effect: Option<Line>,
    /// One sentence that a year can prove wrong.
    pub claim: Text,
    /// Which controls the estimated rate already contains: counting them twice is the usual mistake.
    #[field(list, filter)]
    pub basis: Basis,
    /// Techniques with which it begins and their weights, one per line: T1566 0.4.
    pub techniques: Text,
    /// Chance that it is seen before the harm, before controls that detect.
    pub seen: Option<Percent>,
    /// Chance that somebody acts on what was seen.
    pub acted: Option<Percent>,
    /// Hours from first sight to harm.
    pub hours_to_harm: Option<i64>,
    /// Mean hours to respond, before controls that respond.
    pub hours_to_respond: Option<i64>,
    /// Share of the loss that remains when it is contained.
    pub remaining_loss: Option<Percent>,
    /// Year of the prices in its estimates.
    pub price_year: Option<i64>,
    /// Id of the scenario in the built-in library from which it was copied.
    pub library_key: Option<Line>,
    /// When it must be looked at again.
    #[field(list, due)]
    pub review_on: Option<Date>,
}

/// What an estimated rate already contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Basis {
    /// Ordinary controls, such as data of an industry contain.
    WithReferenceControls,
    /// None of the controls that are linked to the scenario.
    NoModelledControls,
    /// Our own controls as they were on the day of the estimate.
    OwnToday,
}

/// Life of a scenario.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written; in no sum.
    #[open]
    Draft,
    /// Counts in the portfolio once its rate and loss are estimated.
    #[open]
    InUse,
    /// No longer counts.
    #[done]
    Retired,
}

impl Register for Scenario {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "scenario", many: "scenarios", prefix: "SCN", area: Area::Identify, key: "scenario" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("use", &[Stage::Draft], Stage::InUse).only_if(is_whole),
        Move::new("retire", &[Stage::Draft, Stage::InUse], Stage::Retired).needs(Verb::Retire).with_reason(),
        Move::new("reopen", &[Stage::Retired], Stage::Draft).only_if(|s, _| owned(s.owner)),
    ];

    fn check(&self, _: Stage, problems: &mut Problems) {
        let weights: Option<Vec<f64>> = entries(&self.techniques).map(weight).collect();
        let sum = weights.map(|w| w.iter().sum::<f64>());
        problems.require(
            sum.is_some_and(|sum| sum <= 1.000_001),
            "techniques",
            "weights",
            "write a technique and its weight on each line, such as T1566 0.4; the weights sum to 1 at most",
        );
        let parts = [self.seen.is_some(), self.acted.is_some(), self.remaining_loss.is_some()];
        let hours = [self.hours_to_harm, self.hours_to_respond];
        let all = parts.iter().all(|p| *p) && hours.iter().all(Option::is_some);
        let none = !parts.iter().any(|p| *p) && hours.iter().all(Option::is_none);
        problems.require(
            all || none,
            "seen",
            "together",
            "containment needs all five: seen, acted, hours to harm, hours to respond, remaining loss",
        );
        let positive = hours.iter().flatten().all(|h| (1..=87_600).contains(h));
        problems.require(positive, "hours_to_harm", "range", "hours lie between 1 and 87,600");
        let year = self.price_year.is_none_or(|y| (1990..=2200).contains(&y));
        problems.require(year, "price_year", "range", "a price year has four digits, such as 2025");
    }
}

fn weight(entry: &str) -> Option<f64> {
    let (id, weight) = entry.split_once(char::is_whitespace)?;
    let weight: f64 = weight.trim().parse().ok()?;
    (id.starts_with('T') && (0.0..=1.0).contains(&weight)).then_some(weight)
}

fn is_whole(scenario: &Scenario, _: &GuardContext) -> Result<(), Refused> {
    owned(scenario.owner)?;
    only(
        !scenario.claim.as_str().trim().is_empty(),
        "write the one sentence that a year can prove wrong first",
    )
}

#[cfg(test)]
mod tests {
    use super::Scenario;
    use crate::testing::{ID, sample};

    #[test]
    fn a_scenario_in_use_has_an_owner_and_a_claim() {
        let owned = sample::<Scenario>().refuses("use", "answers").with("owner", ID);
        owned.refuses("use", "prove wrong").with("claim", "One site stops for a day.").allows("use");
        sample::<Scenario>().at("retired").refuses("reopen", "answers");
    }

    #[test]
    fn weights_and_containment_are_whole() {
        sample::<Scenario>().with("techniques", "T1566 0.4\nT1078 0.6").stands();
        sample::<Scenario>().with("techniques", "T1566 0.7\nT1078 0.6").fails_in("techniques");
        sample::<Scenario>().with("techniques", "often").fails_in("techniques");
        sample::<Scenario>().with("seen", "30").fails_in("seen");
        sample::<Scenario>().with("price_year", "25").fails_in("price_year");
    }
}
