//! The one change that would lift a control's number most (`specs/assurance.md` 7, EF-5).

use crate::control::score;
use crate::effectiveness::{ratio, worth};
use crate::verdict::TestEffect;
use serde::{Deserialize, Serialize};
use wardkeep_types::observation::Strength;

/// What could be done about a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Run it for the first time, or with data.
    Run,
    /// Run it again: the answer has aged.
    RunAgain,
    /// Mend what fails.
    MendFailures,
    /// Look at the rest.
    LookAtRest,
    /// Draw a larger sample.
    LargerSample,
    /// Answer by machine instead of by sample or statement.
    Measure,
}

/// A change and what it would bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lift {
    /// Which test.
    pub test: String,
    /// What to do.
    pub change: Change,
    /// E afterwards, from 0 to 1.
    pub to: f64,
    /// One sentence for people.
    pub text: String,
}

/// The best single change; `None` when nothing would lift the number.
pub fn best(tests: &[TestEffect], now: f64) -> Option<Lift> {
    let mut best: Option<Lift> = None;
    for test in tests {
        for (change, shown) in changes(test) {
            let changed = |t: &TestEffect| if t.test == test.test { shown } else { t.low };
            let to = score(tests, changed).value;
            // An optional test without an answer is out of the average, so its first run shows no gain here.
            if to > now + 5e-5 && best.as_ref().is_none_or(|b| to > b.to + 1e-12) {
                best = Some(Lift { test: test.test.clone(), change, to, text: text(test, change, now, to) });
            }
        }
    }
    best.map(|lift| Lift { to: ratio(lift.to), ..lift })
}

/// Each change that applies to the test, with the q it would give.
fn changes(test: &TestEffect) -> Vec<(Change, f64)> {
    let strongest = worth(test.strength);
    let Some(now) = test.factors.filter(|f| f.rate.is_some()) else {
        return vec![(Change::Run, strongest)];
    };
    let shown = |c: f64, p: f64, fresh: f64, s: f64| c * p * fresh * s;
    let (c, p, fresh, s) = (now.coverage, now.proven, now.freshness, now.strength);
    let mut list = Vec::new();
    let rate = now.rate.unwrap_or(0.0);
    if rate < 1.0 {
        // The bound of a sample moves with its rate: without failures at least the rate itself is the aim.
        list.push((Change::MendFailures, shown(c, if p < rate { p / rate } else { 1.0 }, fresh, s)));
    }
    if fresh < 1.0 {
        list.push((Change::RunAgain, shown(c, p, 1.0, s)));
    }
    if c < 1.0 {
        list.push((Change::LookAtRest, (c * p + (1.0 - c)) * fresh * s));
    }
    if p < rate {
        list.push((Change::LargerSample, shown(c, rate, fresh, s)));
    }
    if test.strength != Strength::Automated {
        list.push((Change::Measure, shown(c, p, fresh, 1.0)));
    }
    list
}

fn text(test: &TestEffect, change: Change, now: f64, to: f64) -> String {
    let name = &test.name;
    let counts = test.counts.unwrap_or_default();
    let what = match change {
        Change::Run => format!("Run \"{name}\" with data"),
        Change::RunAgain => format!("Run \"{name}\" again"),
        Change::MendFailures if counts.failed == 1 => format!("Mend the one failure of \"{name}\""),
        Change::MendFailures => format!("Mend the {} failures of \"{name}\"", counts.failed),
        Change::LookAtRest => match counts.population.map(|p| p.saturating_sub(counts.examined)) {
            Some(rest) if rest > 0 => format!("Look at the other {rest} of \"{name}\""),
            _ => format!("Make the population of \"{name}\" known and look at all of it"),
        },
        Change::LargerSample => format!("Draw a larger sample for \"{name}\""),
        Change::Measure => format!("Answer \"{name}\" by machine"),
    };
    format!("{what}: {:.1} % -> {:.1} %", now * 100.0, to * 100.0)
}
