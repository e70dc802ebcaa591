//! Matrices: levels of likelihood and impact in words, with what they mean beside them.

use crate::Person;
use crate::checks::{only, owned};
use wardkeep_register::prelude::*;

/// A matrix for talking about risks. Its honesty is tested, never repaired in silence.
#[derive(Record)]
pub struct RiskMatrix {
    /// What it is called.
    #[field(title)]
    pub name: Line,
    /// Likelihood levels, lowest first, one per line: name, then what it means in times a year: Rare 0.01 .. 0.1.
    pub likelihood: Text,
    /// Impact levels, lowest first, one per line: name, then what it means in money: Minor 1000 .. 10000.
    pub impact: Text,
    /// How a cell is scored.
    #[field(list, filter)]
    pub formula: Formula,
    /// Bands of scores, lowest first, one per line: name and highest score: Low 4.
    pub bands: Text,
    /// Currency of the impact levels.
    #[field(list)]
    pub currency: Option<Line>,
    /// Who keeps it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// When it must be looked at again.
    #[field(list, due)]
    pub review_on: Option<Date>,
}

/// How likelihood L and impact I make a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Formula {
    /// L times I.
    #[label("L x I")]
    Product,
    /// L times I plus I.
    #[label("L x I + I")]
    ProductAndImpact,
    /// L times I plus twice I.
    #[label("L x I + 2 I")]
    ProductAndTwiceImpact,
    /// L times I plus L.
    #[label("L x I + L")]
    ProductAndLikelihood,
    /// L times I plus twice L.
    #[label("L x I + 2 L")]
    ProductAndTwiceLikelihood,
}

/// Life of a matrix.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Risks are rated with it.
    #[open]
    InUse,
    /// No longer used.
    #[done]
    Retired,
}

/// One level: its name and what it means, from and to.
pub fn level(line: &str) -> Option<(String, Option<(f64, f64)>)> {
    let Some((left, high)) = line.split_once("..") else {
        return Some((line.trim().to_owned(), None)).filter(|(name, _)| !name.is_empty());
    };
    let (name, low) = left.trim().rsplit_once(char::is_whitespace)?;
    let (low, high): (f64, f64) = (low.parse().ok()?, high.trim().parse().ok()?);
    (low > 0.0 && low < high && high.is_finite()).then(|| (name.trim().to_owned(), Some((low, high))))
}

/// One band: its name and highest score.
pub fn band(line: &str) -> Option<(String, u32)> {
    let (name, most) = line.trim().rsplit_once(char::is_whitespace)?;
    Some((name.trim().to_owned(), most.parse().ok()?))
}

/// The lines of a text that say something.
pub fn lines(text: &Text) -> impl Iterator<Item = &str> {
    text.as_str().lines().map(str::trim).filter(|line| !line.is_empty())
}

impl Register for RiskMatrix {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "risk matrix",
        many: "risk matrices",
        prefix: "MTX",
        area: Area::Identify,
        key: "risk_matrix",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("use", &[Stage::Draft], Stage::InUse).only_if(is_whole),
        Move::new("retire", &[Stage::Draft, Stage::InUse], Stage::Retired).needs(Verb::Retire).with_reason(),
        Move::new("reopen", &[Stage::Retired], Stage::Draft).only_if(|m, _| owned(m.owner)),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        for (field, text) in [("likelihood", &self.likelihood), ("impact", &self.impact)] {
            let levels: Option<Vec<_>> = lines(text).map(level).collect();
            let shaped = levels.as_ref().is_some_and(|l| l.len() <= 10);
            problems.require(
                shaped,
                field,
                "levels",
                "write one level per line, ten at most: a name, or a name and from .. to above zero",
            );
            let enough = stage != Stage::InUse || levels.is_some_and(|l| l.len() >= 2);
            problems.require(enough, field, "required", "a matrix in use has two levels or more");
        }
        let bands: Option<Vec<_>> = lines(&self.bands).map(band).collect();
        let rising = bands.is_some_and(|b| b.is_sorted_by(|x, y| x.1 < y.1));
        problems.require(rising, "bands", "order", "write a name and the highest score per line, rising");
        let known =
            self.currency.as_ref().is_none_or(|c| c.as_str().parse::<wardkeep_types::Currency>().is_ok());
        problems.require(known, "currency", "unknown", "a currency has three letters, such as EUR");
    }
}

fn is_whole(matrix: &RiskMatrix, _: &GuardContext) -> Result<(), Refused> {
    owned(matrix.owner)?;
    let two = |text: &Text| lines(text).count() >= 2;
    only(two(&matrix.likelihood) && two(&matrix.impact), "write two levels or more on each axis")
}

#[cfg(test)]
mod tests {
    use super::{RiskMatrix, level};
    use crate::testing::{ID, sample};

    #[test]
    fn a_matrix_in_use_is_whole() {
        let owned = sample::<RiskMatrix>().refuses("use", "answers").with("owner", ID);
        let levels =
            owned.with("likelihood", "Rare 0.01 .. 0.1\nOften 0.1 .. 5").refuses("use", "two levels");
        levels.with("impact", "Small\nLarge").allows("use");
        sample::<RiskMatrix>().at("retired").refuses("reopen", "answers");
    }

    #[test]
    fn levels_and_bands_are_read() {
        assert_eq!(level("Very rare 0.01 .. 0.1"), Some(("Very rare".into(), Some((0.01, 0.1)))));
        assert_eq!(level("Rare"), Some(("Rare".into(), None)));
        sample::<RiskMatrix>().with("impact", "Small 5 .. 1").fails_in("impact");
        sample::<RiskMatrix>().with("bands", "Low 9\nHigh 4").fails_in("bands");
        sample::<RiskMatrix>().with("currency", "euros").fails_in("currency");
    }
}
