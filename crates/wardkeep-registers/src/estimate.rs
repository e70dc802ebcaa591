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
    /// Times a year, for loss events, threat events and contacts.
    pub times: Option<Estimate<PerYear>>,
    /// Money for each event.
    pub amount: Option<Estimate<Money>>,
    /// A chance or a share from 0 to 100 %: the number itself, or the most likely one of a range. It is needed for a
    /// secondary loss that follows, a contact that acts, vulnerability, capability and resistance.
    pub chance: Option<Percent>,
    /// Low end of a range of chances, where the answer is a range.
    #[field(label = "Chance, low end")]
    pub chance_low: Option<Percent>,
    /// High end of it.
    #[field(label = "Chance, high end")]
    pub chance_high: Option<Percent>,
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
    /// Threat events a year: attempts, whether or not they succeed. Used while the rate is not estimated.
    ThreatEvents,
    /// Contacts a year, used while threat events are not estimated.
    Contacts,
    /// Chance that a contact becomes an attempt.
    Action,
    /// Chance that a threat event becomes a loss event.
    Vulnerability,
    /// What the threat can do, on one scale with the resistance. Used while vulnerability is not estimated.
    Capability,
    /// What the defence withstands, on the scale of the capability.
    Resistance,
}

impl About {
    /// The field that holds the value.
    pub fn field(self) -> &'static str {
        match self {
            Self::Rate | Self::ThreatEvents | Self::Contacts => "times",
            Self::Loss | Self::SecondaryLoss => "amount",
            Self::SecondaryChance
            | Self::Action
            | Self::Vulnerability
            | Self::Capability
            | Self::Resistance => "chance",
        }
    }
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
        let about = self.about.field();
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
        self.check_range(interval, problems);
        let draft = stage == Draft;
        let named = draft || self.source != SourceKind::Study || self.study.is_some();
        problems.require(named, "study", "required", "name the study and its date");
        let shown = draft || self.source != SourceKind::Evidence || !self.evidence.is_empty();
        problems.require(shown, "evidence", "required", "link the evidence that it rests on");
    }
}

impl RiskEstimate {
    /// The range of a chance, when there is one.
    pub fn chance_range(&self) -> Option<(Percent, Percent, Percent)> {
        Some((self.chance_low?, self.chance?, self.chance_high?))
    }
    fn check_range(&self, interval: bool, problems: &mut Problems) {
        let (low, high) = (self.chance_low, self.chance_high);
        if low.is_none() && high.is_none() {
            return;
        }
        let ends = [("chance_low", low.is_some()), ("chance_high", high.is_some())];
        if self.about.field() != "chance" || self.about == About::SecondaryChance {
            for (field, there) in ends {
                let message = "a range of chances does not belong to this number";
                problems.require(!there, field, "no_range", message);
            }
            return;
        }
        for (field, there) in ends {
            problems.require(there, field, "required", "a range has a low and a high end");
        }
        let likely = self.chance.is_some();
        problems.require(likely, "chance", "required", "enter the most likely chance of the range");
        if let Some((low, likely, high)) = self.chance_range() {
            let ordered = low <= likely && likely <= high;
            problems.require(ordered, "chance", "order", "the most likely chance lies between both ends");
            let inside = !interval || (Percent::ZERO < low && low < high && high < Percent::FULL);
            let message = "a 5 % point lies above 0 % and below the 95 % point, and that below 100 %";
            problems.require(inside, "chance_low", "range", message);
        }
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
    fn each_node_asks_for_its_value_and_ranges_of_chances_are_in_order() {
        for (about, times) in
            [("threat_events", true), ("contacts", true), ("action", false), ("resistance", false)]
        {
            let one = sample::<RiskEstimate>().with("about", about).at("in_use");
            one.fails_in(if times { "times" } else { "chance" });
            let (field, value) = if times { ("times", "1 .. 2 .. 4") } else { ("chance", "20") };
            sample::<RiskEstimate>()
                .with("about", about)
                .with("source", "expert")
                .with(field, value)
                .at("in_use")
                .stands();
        }
        let range = |low: &str, likely: &str, high: &str| {
            let one = sample::<RiskEstimate>().with("about", "vulnerability").with("chance", likely);
            one.with("chance_low", low).with("chance_high", high)
        };
        range("5", "10", "40").stands();
        range("5", "50", "40").fails_in("chance");
        range("", "10", "40").fails_in("chance_low");
        range("5", "", "40").fails_in("chance");
        range("0", "10", "40").with("shape", "interval").fails_in("chance_low");
        range("0", "10", "40").with("shape", "three_points").stands();
        range("5", "10", "40").with("about", "secondary_chance").fails_in("chance_low");
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
