//! Exchange rates: what one currency was worth in another on a day. Without one, currencies do not add.

use crate::checks::{is_over, only};
use wardkeep_register::prelude::*;
use wardkeep_types::Currency;

/// One dated rate with its source.
#[derive(Record)]
pub struct ExchangeRate {
    /// What it is: USD in EUR.
    #[field(title)]
    pub name: Line,
    /// One unit of this currency is worth ..
    #[field(list, label = "From", filter)]
    pub from_currency: Line,
    /// .. so much of this one.
    #[field(list, label = "To", filter)]
    pub to_currency: Line,
    /// How much: a number above zero, such as 0.92.
    #[field(list)]
    pub rate: Line,
    /// On this day.
    #[field(list)]
    pub dated: Date,
    /// Who published it.
    #[field(list)]
    pub publisher: Line,
}

/// Life of a rate.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Typed in; not used yet.
    #[open]
    Draft,
    /// Used from its day on, until a newer one is.
    #[open]
    InUse,
    /// Wrong, or no longer needed.
    #[done]
    Retired,
}

impl Register for ExchangeRate {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "exchange rate",
        many: "exchange rates",
        prefix: "FXR",
        area: Area::Identify,
        key: "exchange_rate",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("use", &[Stage::Draft], Stage::InUse)
            .only_if(|r, context| only(r.dated <= context.today(), "a rate is not dated in the future")),
        Move::new("retire", &[Stage::Draft, Stage::InUse], Stage::Retired)
            .needs(Verb::Retire)
            .with_reason()
            .only_if(|r, context| is_over(Some(r.dated), "the day of the rate", context)),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        if stage == Stage::Draft {
            return;
        }
        let code = |text: &Line| text.as_str().parse::<Currency>().ok();
        let (from, to) = (code(&self.from_currency), code(&self.to_currency));
        problems.require(
            from.is_some(),
            "from_currency",
            "unknown",
            "a currency has three letters, such as USD",
        );
        problems.require(to.is_some(), "to_currency", "unknown", "a currency has three letters, such as EUR");
        problems.require(from.is_none() || from != to, "to_currency", "same", "a rate needs two currencies");
        let rate: Option<f64> = self.rate.as_str().parse().ok();
        let fine = rate.is_some_and(|r| r > 0.0 && r.is_finite());
        problems.require(fine, "rate", "range", "a rate is a number above zero, such as 0.92");
    }
}

#[cfg(test)]
mod tests {
    use super::ExchangeRate;
    use crate::testing::{Sample, sample};

    fn rate() -> Sample {
        let from = sample::<ExchangeRate>().with("from_currency", "USD").with("to_currency", "EUR");
        from.with("rate", "0.92")
    }

    #[test]
    fn a_rate_is_a_number_between_two_currencies_on_a_day_that_has_come() {
        rate().allows("use").with("dated", "2026-06-02").refuses("use", "future");
        rate().refuses("retire", "wait");
        rate().at("in_use").with("to_currency", "USD").fails_in("to_currency");
        rate().at("in_use").with("rate", "none").fails_in("rate");
        rate().at("in_use").with("from_currency", "Dollar").fails_in("from_currency");
    }
}
