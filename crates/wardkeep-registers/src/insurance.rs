//! Insurance: what a policy takes over, event by event and year by year. Unclear cover is no cover.

use crate::checks::{is_over, lies_ahead, only};
use crate::{Person, Scenario, Supplier};
use wardkeep_register::prelude::*;

/// One policy.
#[derive(Record)]
pub struct Insurance {
    /// What the policy is called.
    #[field(title)]
    pub name: Line,
    /// Who insures.
    #[field(list, filter)]
    pub insurer: Option<Link<Supplier>>,
    /// Scenarios that it covers. What is not here is not covered.
    pub covers: Links<Scenario>,
    /// What it leaves out, in its own words.
    pub exclusions: Markdown,
    /// What we bear of each event.
    pub event_deductible: Option<Money>,
    /// What it pays for one event at most.
    pub event_limit: Option<Money>,
    /// What we bear of each year.
    pub annual_retention: Option<Money>,
    /// What it pays in one year at most.
    #[field(list)]
    pub annual_limit: Option<Money>,
    /// Premium a year.
    #[field(list)]
    pub premium: Option<Money>,
    /// Expected cost a year of bringing the limit back after a loss.
    pub reinstatement: Option<Money>,
    /// Who keeps it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// First day of cover.
    pub starts_on: Date,
    /// Last day of cover.
    #[field(list, due)]
    pub until: Date,
}

/// Life of a policy.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being negotiated; covers nothing.
    #[open]
    Draft,
    /// Covers.
    #[open]
    InForce,
    /// Over.
    #[done]
    Ended,
}

use Stage::{Draft, Ended, InForce};

impl Register for Insurance {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "insurance policy",
        many: "insurance policies",
        prefix: "INS",
        area: Area::Identify,
        key: "insurance",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("bind", &[Draft], InForce).only_if(covers_something),
        Move::new("expire", &[InForce], Ended)
            .only_if(|p, context| is_over(Some(p.until), "the last day", context)),
        Move::new("cancel", &[Draft, InForce], Ended).with_reason(),
    ];

    fn check(&self, _: Stage, problems: &mut Problems) {
        problems.require(self.starts_on <= self.until, "until", "order", "cover ends before it starts");
        let amounts = [
            self.event_deductible,
            self.event_limit,
            self.annual_retention,
            self.annual_limit,
            self.premium,
            self.reinstatement,
        ];
        let given: Vec<Money> = amounts.into_iter().flatten().collect();
        let one = given.iter().all(|m| m.currency == given[0].currency);
        problems.require(one, "premium", "currency", "all amounts of a policy need one currency");
        let fine = given.iter().all(|m| m.minor >= 0);
        problems.require(fine, "premium", "negative", "amounts are zero or more");
        let event = self.event_deductible.is_none() || self.event_limit.is_some();
        problems.require(event, "event_limit", "together", "enter what it pays for one event at most");
        let year = self.annual_retention.is_none() || self.annual_limit.is_some();
        problems.require(year, "annual_limit", "together", "enter what it pays in one year at most");
    }
}

fn covers_something(policy: &Insurance, context: &GuardContext) -> Result<(), Refused> {
    only(!policy.covers.is_empty(), "name the scenarios that it covers: unclear cover is no cover")?;
    only(
        policy.event_limit.or(policy.annual_limit).is_some(),
        "enter what it pays for one event or in one year at most",
    )?;
    lies_ahead(Some(policy.until), "the last day", context)
}

#[cfg(test)]
mod tests {
    use super::Insurance;
    use crate::testing::{ID, sample};

    #[test]
    fn cover_is_clear_or_it_is_none() {
        let named = sample::<Insurance>().refuses("bind", "unclear").with("covers", ID);
        let limited = named.refuses("bind", "at most").with("annual_limit", "1000000 EUR");
        limited.refuses("bind", "must lie ahead").with("until", "2027-05-31").allows("bind");
        sample::<Insurance>().at("in_force").refuses("expire", "wait");
    }

    #[test]
    fn amounts_belong_together() {
        sample::<Insurance>().with("until", "2026-05-31").fails_in("until");
        sample::<Insurance>().with("premium", "5 EUR").with("annual_limit", "5 USD").fails_in("premium");
        sample::<Insurance>().with("event_deductible", "5 EUR").fails_in("event_limit");
        sample::<Insurance>().with("annual_retention", "5 EUR").fails_in("annual_limit");
    }
}
