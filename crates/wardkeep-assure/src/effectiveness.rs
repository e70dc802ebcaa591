//! How much one observation shows: coverage, rate, freshness, strength (`specs/assurance.md` 7).

use crate::beta;
use crate::rules::TestRules;
use serde::{Deserialize, Serialize};
use wardkeep_types::Moment;
use wardkeep_types::observation::{Counts, RunResult, Strength};

/// Confidence of the bound that a true sample is held to.
const SAMPLE_CONFIDENCE: f64 = 0.90;

/// What a strength is worth: 1.00, 0.85, 0.60.
pub fn worth(strength: Strength) -> f64 {
    match strength {
        Strength::Automated => 1.00,
        Strength::Sampled => 0.85,
        Strength::Attested => 0.60,
    }
}

/// A ratio as it is kept and shown: four decimals.
pub fn ratio(value: f64) -> f64 {
    (value.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0
}

/// The factors of `q = c · p · f · s`, each from 0 to 1, unrounded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// c: how much of what should be looked at was looked at.
    pub coverage: f64,
    /// p̂: passed of passed and failed; absent when nothing had a verdict.
    pub rate: Option<f64>,
    /// p: what the rate proves. The rate itself for a whole population, its lower bound for a sample.
    pub proven: f64,
    /// f: 1 within the interval, halved every half-life after it, 0 after the validity.
    pub freshness: f64,
    /// s: what the method is worth.
    pub strength: f64,
    /// Seconds since the moment the observation speaks about.
    pub age: i64,
}

impl Factors {
    /// The factors of an observation with these counts at `as_of`.
    pub fn new(
        rules: &TestRules,
        run: RunResult,
        counts: &Counts,
        effective_at: Moment,
        as_of: Moment,
    ) -> Self {
        let strength = rules.method.strength();
        let empty_by_right = rules.may_be_empty && run == RunResult::Counted && counts.population == Some(0);
        let judged = counts.passed + counts.failed;
        let rate = if empty_by_right {
            Some(1.0)
        } else {
            (judged > 0).then(|| counts.passed as f64 / judged as f64)
        };
        let coverage = match run {
            RunResult::Counted if empty_by_right => 1.0,
            RunResult::Counted => coverage(strength, counts),
            RunResult::NoData | RunResult::Error => 0.0,
        };
        let true_sample =
            strength == Strength::Sampled && counts.population.is_none_or(|n| counts.examined < n);
        let proven = match rate {
            Some(_) if true_sample => beta::lower_bound(counts.passed, judged, SAMPLE_CONFIDENCE),
            Some(rate) => rate,
            None => 0.0,
        };
        let age = as_of.as_micros().saturating_sub(effective_at.as_micros()).max(0);
        let freshness = freshness(rules, age);
        Self { coverage, rate, proven, freshness, strength: worth(strength), age: age / 1_000_000 }
    }
    /// q, which is also the low end: what is shown.
    pub fn shown(&self) -> f64 {
        self.coverage * self.proven * self.freshness * self.strength
    }
    /// The high end: what we would say if all unseen subjects passed and the answer were fresh.
    pub fn at_best(&self) -> f64 {
        // Where nothing was judged (all of it excepted) nothing is known to be bad.
        let proven = if self.rate.is_none() { 1.0 } else { self.proven };
        self.strength * (self.coverage * proven + (1.0 - self.coverage))
    }
}

fn coverage(strength: Strength, counts: &Counts) -> f64 {
    let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { (part as f64 / whole as f64).min(1.0) };
    match (strength, counts.population, counts.expected) {
        (_, None, _) => 0.0,
        // A sample is drawn from a list; what counts is how much of the expected population the list holds.
        (Strength::Sampled, Some(listed), Some(expected)) => share(listed, expected),
        (Strength::Sampled, Some(listed), None) => share(listed, listed),
        (Strength::Automated | Strength::Attested, Some(population), _) => share(counts.examined, population),
    }
}

/// f for an age in microseconds.
fn freshness(rules: &TestRules, age: i64) -> f64 {
    let micros = |length: wardkeep_types::Length| length.seconds().saturating_mul(1_000_000);
    let timing = &rules.timing;
    if age <= micros(timing.interval) {
        1.0
    } else if age <= micros(timing.validity) {
        let late = (age - micros(timing.interval)) as f64;
        libm::exp2(-late / micros(timing.half_life).max(1) as f64)
    } else {
        0.0
    }
}
