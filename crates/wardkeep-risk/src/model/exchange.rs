//! Amounts in currencies: they add only over a dated rate.

use serde::{Deserialize, Serialize};
use wardkeep_types::{Currency, Date, Money, Problem};

/// What one unit of a currency was worth on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRate {
    /// One unit of this ..
    pub from: Currency,
    /// .. in this ..
    pub to: Currency,
    /// .. is worth this much.
    pub rate: f64,
    /// On this day.
    pub on: Date,
    /// Says who.
    pub source: String,
}

/// An amount as the engine computes it: f64 in major units, with its currency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// Major units.
    pub value: f64,
    /// Currency.
    pub currency: Currency,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { value: money.major(), currency: money.currency }
    }
}

impl Amount {
    /// To minor units, rounded half away from zero; `None` when it does not fit.
    pub fn money(self) -> Option<Money> {
        let minor = libm::round(self.value * 10f64.powi(self.currency.decimals() as i32));
        (minor.abs() < 9.0e18).then(|| Money::new(minor as i64, self.currency))
    }
}

/// The dated rates of a run. There is no `Add` for amounts: adding needs these.
#[derive(Debug, Clone, Copy)]
pub struct ExchangeRates<'a>(pub &'a [ExchangeRate]);

impl ExchangeRates<'_> {
    /// What one unit of `from` is worth in `to`: itself, a stated rate, or the inverse of one.
    pub fn factor(&self, from: Currency, to: Currency, path: &str) -> Result<f64, Problem> {
        if from == to {
            return Ok(1.0);
        }
        let found = self.0.iter().filter(|r| r.rate > 0.0 && r.rate.is_finite()).find_map(|r| {
            if r.from == from && r.to == to {
                Some(r.rate)
            } else if r.from == to && r.to == from {
                Some(1.0 / r.rate)
            } else {
                None
            }
        });
        found.ok_or_else(|| {
            Problem::new(path, "exchange", format!("{from} cannot be added to {to}: there is no dated rate"))
                .hint(format!("Add [[exchange]] with from = \"{from}\", to = \"{to}\", rate, on and source."))
        })
    }
    /// The sum in one currency.
    pub fn sum(&self, amounts: &[Amount], to: Currency) -> Result<Amount, Problem> {
        let mut value = 0.0;
        for (i, amount) in amounts.iter().enumerate() {
            value += amount.value * self.factor(amount.currency, to, &format!("amounts[{i}]"))?;
        }
        Ok(Amount { value, currency: to })
    }
}
