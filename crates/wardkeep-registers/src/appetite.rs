//! Appetite: how much loss is too much, as constraints that are tested, never as a curve through points.

use crate::checks::{only, owned};
use crate::{Person, Unit};
use wardkeep_register::prelude::*;

/// One constraint on the year's loss.
#[derive(Record)]
pub struct Appetite {
    /// What the board says, in a sentence.
    #[field(title)]
    pub name: Line,
    /// What is limited.
    #[field(list, filter)]
    pub measure: Measure,
    /// The loss that is to be exceeded rarely, for a chance.
    pub amount: Option<Money>,
    /// The quantile, for money in bad years: 99 means the worst year in a hundred.
    pub level: Option<Percent>,
    /// Most money.
    pub limit_money: Option<Money>,
    /// Most chance.
    pub limit_chance: Option<Percent>,
    /// From where it gets near, in money.
    pub warning_money: Option<Money>,
    /// From where it gets near, as a chance.
    pub warning_chance: Option<Percent>,
    /// The part of the organisation; all of it when empty.
    #[field(list, filter)]
    pub scope: Option<Link<Unit>>,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// Why this limit.
    pub reason: Markdown,
    /// When it was approved.
    #[field(list)]
    pub approved_on: Option<Date>,
    /// Outcome of the newest test.
    #[field(list, filter, computed)]
    pub verdict: Option<Verdict>,
    /// The measure at the newest test.
    #[field(computed)]
    pub measured: Option<Line>,
    /// Hash of the run that was tested.
    #[field(computed)]
    pub run_hash: Option<Line>,
    /// When it was tested.
    #[field(computed)]
    pub tested_at: Option<Moment>,
}

/// What a constraint limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Measure {
    /// The chance that a year costs more than an amount.
    #[label("Chance above an amount")]
    Exceedance,
    /// What a year costs at that quantile.
    #[label("Value at risk")]
    Var,
    /// The mean of the years beyond that quantile.
    #[label("Tail mean")]
    Tvar,
    /// The mean of all years.
    Mean,
}

/// Outcome of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Verdict {
    /// Met with a chance of at least 90 % over what we do not know.
    Pass,
    /// Met with a chance of at most 10 %.
    Fail,
    /// Neither, or something in scope is not assessed.
    Undetermined,
}

/// Life of a statement.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Waits for the board.
    #[open]
    Asked,
    /// Tested at every run.
    #[open]
    InForce,
    /// No longer tested.
    #[done]
    Retired,
}

use Stage::{Asked, Draft, InForce, Retired};

impl Register for Appetite {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "appetite statement",
        many: "appetite statements",
        prefix: "APP",
        area: Area::Identify,
        key: "appetite",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("ask", &[Draft, Retired], Asked).only_if(is_whole),
        Move::new("approve", &[Asked], InForce)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(is_whole),
        Move::new("retire", &[Draft, Asked, InForce], Retired).needs(Verb::Retire).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let chance = self.measure == Measure::Exceedance;
        let (other, fits) = if chance {
            ("limit_money", self.limit_money.is_none())
        } else {
            ("limit_chance", self.limit_chance.is_none())
        };
        problems.require(fits, other, "kind", "a chance is limited by a chance, money by money");
        if stage != Draft {
            let (field, there) = match self.measure {
                Measure::Exceedance => ("amount", self.amount.is_some() && self.limit_chance.is_some()),
                Measure::Var | Measure::Tvar => ("level", self.level.is_some() && self.limit_money.is_some()),
                Measure::Mean => ("limit_money", self.limit_money.is_some()),
            };
            problems.require(there, field, "required", "enter the limit and what it is a limit of");
        }
        let level = self.level.is_none_or(|l| (5_000..10_000).contains(&l.basis_points()));
        problems.require(level, "level", "range", "a quantile lies between 50 and below 100 %");
        let near = self.limit_money.zip(self.warning_money).is_none_or(|(most, near)| near <= most)
            && self.limit_chance.zip(self.warning_chance).is_none_or(|(most, near)| near <= most);
        problems.require(near, "warning_money", "order", "a warning comes before the limit, in one currency");
    }
}

fn is_whole(statement: &Appetite, _: &GuardContext) -> Result<(), Refused> {
    owned(statement.owner)?;
    only(!statement.reason.as_str().trim().is_empty(), "say why this limit")
}

#[cfg(test)]
mod tests {
    use super::Appetite;
    use crate::testing::{ID, sample};

    #[test]
    fn a_statement_has_an_owner_and_a_reason_before_anybody_is_asked() {
        let owned = sample::<Appetite>().refuses("ask", "answers").with("owner", ID);
        owned.refuses("ask", "why").with("reason", "Half of our reserves.").allows("ask");
        sample::<Appetite>().at("asked").refuses("approve", "answers");
    }

    #[test]
    fn limits_fit_what_they_limit() {
        sample::<Appetite>()
            .with("measure", "exceedance")
            .with("limit_money", "5 EUR")
            .fails_in("limit_money");
        let tail = sample::<Appetite>().with("measure", "tvar").at("in_force");
        tail.fails_in("level");
        sample::<Appetite>().with("level", "30").fails_in("level");
        let near = sample::<Appetite>().with("measure", "mean").with("limit_money", "5 EUR");
        near.with("warning_money", "6 EUR").fails_in("warning_money");
    }
}
