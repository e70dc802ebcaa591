//! Estimates: what a person said about a number, when, and why. Without a kind of source there is no estimate.

use crate::checks::only;
use crate::choices::SourceKind;
use crate::{Evidence, Person, Scenario};
use wardkeep_register::prelude::*;

/// One answer to one question about a scenario.
#[derive(Record)]
pub struct RiskEstimate {
    /// What was asked.
    #[field(title, label = "Question")]
    pub name: Line,
    /// The scenario that it feeds.
    #[field(list, filter)]
    pub scenario: Link<Scenario>,
    /// Which number of it.
    #[field(list, filter)]
    pub about: About,
    /// Which form of loss, for losses.
    #[field(filter)]
    pub form: Option<LossForm>,
    /// The loss grows with the time to recover.
    pub time_driven: bool,
    /// How the three points are meant.
    pub shape: Shape,
    /// Times a year.
    pub times: Option<Estimate<PerYear>>,
    /// Money for each event.
    pub amount: Option<Estimate<Money>>,
    /// Chance that a secondary loss follows.
    pub chance: Option<Percent>,
    /// Who said it.
    #[field(list, filter, label = "Person")]
    pub owner: Link<Person>,
    /// When it was said.
    #[field(list)]
    pub stated_on: Date,
    /// What it rests on.
    #[field(list, filter)]
    pub source: SourceKind,
    /// Why this answer and no other.
    pub reason: Markdown,
    /// Name and date of the study, for studies.
    pub study: Option<Line>,
    /// A public figure shown beside it, never used as the value.
    pub anchor: Text,
    /// What supports it.
    pub evidence: Links<Evidence>,
    /// What happened, once it is known: the score of whoever said it.
    #[field(filter)]
    pub outcome: Option<Outcome>,
    /// Until when it must be asked again.
    #[field(list, due)]
    pub renew_by: Option<Date>,
}

/// Which number of a scenario is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum About {
    /// Loss events a year.
    Rate,
    /// Loss of one event.
    Loss,
    /// Chance that a secondary loss follows a primary one.
    SecondaryChance,
    /// Secondary loss of one event.
    SecondaryLoss,
}

/// Forms of loss (Open FAIR's six, and the total when nobody split it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum LossForm {
    /// All of it, not split.
    Total,
    /// Work that was not done.
    Productivity,
    /// Handling the event.
    Response,
    /// Things and money that are gone.
    Replacement,
    /// Fines and judgements.
    FinesAndJudgements,
    /// Lost advantage over others.
    CompetitiveAdvantage,
    /// Lost trust.
    Reputation,
}

/// How three points are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Shape {
    /// 5 % and 95 % points; the middle one is not used.
    Interval,
    /// Smallest, most likely and largest that can be.
    ThreePoints,
}

/// Whether the truth lay inside an estimate's range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Outcome {
    /// Inside.
    Held,
    /// Below the range.
    Below,
    /// Above the range.
    Above,
}

/// Life of an estimate.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written; moves no figure.
    #[open]
    Draft,
    /// Feeds its scenario.
    #[open]
    InUse,
    /// A newer one took its place.
    #[done]
    Superseded,
    /// The outcome is known and scored.
    #[done]
    Scored,
    /// Taken back.
    #[done]
    Withdrawn,
}

use Stage::{Draft, InUse, Scored, Superseded, Withdrawn};

impl Register for RiskEstimate {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "estimate", many: "estimates", prefix: "EST", area: Area::Identify, key: "estimate" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("use", &[Draft], InUse).only_if(has_reason),
        Move::new("supersede", &[InUse], Superseded).with_reason(),
        Move::new("score", &[InUse, Superseded], Scored)
            .only_if(|e, _| only(e.outcome.is_some(), "enter the outcome first")),
        Move::new("withdraw", &[Draft, InUse], Withdrawn).needs(Verb::Retire).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let about = match self.about {
            About::Rate => "times",
            About::Loss | About::SecondaryLoss => "amount",
            About::SecondaryChance => "chance",
        };
        let given = [
            ("times", self.times.is_some()),
            ("amount", self.amount.is_some()),
            ("chance", self.chance.is_some()),
        ];
        let empty = stage == Draft && given.iter().all(|(_, there)| !there);
        for (field, there) in given {
            let fits = empty || there == (field == about);
            problems.require(fits, field, "one_value", "enter the value that it is about, and no other");
        }
        let interval = self.shape == Shape::Interval;
        if let Some(times) = self.times {
            let (low, high) = (times.low.times(), times.high.times());
            let fine = if interval { low > 0.0 && low < high } else { high > 0.0 };
            problems.require(fine, "times", "range", "a 5 % point lies above zero and below the 95 % point");
        }
        if let Some(amount) = self.amount {
            let one =
                amount.low.currency == amount.high.currency && amount.low.currency == amount.likely.currency;
            problems.require(one, "amount", "currency", "the three points of a loss need one currency");
            let (low, high) = (amount.low.minor, amount.high.minor);
            let fine = if interval { low > 0 && low < high } else { low >= 0 && high > 0 };
            problems.require(fine, "amount", "range", "a 5 % point lies above zero and below the 95 % point");
        }
        let draft = stage == Draft;
        let named = draft || self.source != SourceKind::Study || self.study.is_some();
        problems.require(named, "study", "required", "name the study and its date");
        let shown = draft || self.source != SourceKind::Evidence || !self.evidence.is_empty();
        problems.require(shown, "evidence", "required", "link the evidence that it rests on");
    }
}

fn has_reason(estimate: &RiskEstimate, context: &GuardContext) -> Result<(), Refused> {
    only(!estimate.reason.as_str().trim().is_empty(), "say why this answer and no other")?;
    only(estimate.stated_on <= context.today(), "an estimate is not stated in the future")
}

#[cfg(test)]
mod tests {
    use super::RiskEstimate;
    use crate::testing::{ID, sample};

    #[test]
    fn an_estimate_has_a_source_a_reason_and_one_value() {
        sample::<RiskEstimate>().stands();
        sample::<RiskEstimate>().with("source", "").fails_in("source");
        sample::<RiskEstimate>().at("in_use").fails_in("times");
        let rate = sample::<RiskEstimate>().with("times", "0.02 .. 0.05 .. 0.15");
        rate.with("source", "expert")
            .refuses("use", "say why")
            .with("reason", "Three peers in ten years.")
            .allows("use");
        sample::<RiskEstimate>().with("amount", "1 EUR .. 2 EUR .. 3 EUR").fails_in("times");
    }

    #[test]
    fn a_range_begins_above_zero_and_sources_are_named() {
        sample::<RiskEstimate>().with("times", "0 .. 1 .. 2").fails_in("times");
        sample::<RiskEstimate>()
            .with("about", "loss")
            .with("amount", "0 EUR .. 1 EUR .. 2 EUR")
            .fails_in("amount");
        let study = sample::<RiskEstimate>().with("times", "0.1 .. 0.2 .. 0.3").with("source", "study");
        study.at("in_use").fails_in("study");
        let seen = sample::<RiskEstimate>().with("times", "0.1 .. 0.2 .. 0.3").with("source", "evidence");
        seen.with("evidence", ID).at("in_use").refuses("score", "outcome");
    }
}
