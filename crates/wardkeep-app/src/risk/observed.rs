//! The one link from assurance to money (`docs/decisions`): counts of observations per control and factor. The
//! engine derives its own efficacy from them; the effectiveness E that pages show never enters.

use std::collections::BTreeMap;
use wardkeep_assure::{Instant, Kind, Recorded, TestFile};
use wardkeep_risk::control::{Counts, Freshness, Proof, Quantity};
use wardkeep_types::observation::{RunResult, Strength};

/// A year's loss does not change because a daily feed paused for a weekend: evidence counts in full for this many
/// days at least, halves over as many more at least, and is void after six times that at the earliest. A test whose
/// own times are longer keeps them.
const LEAST_DAYS: f64 = 30.0;

/// What the answers of a test speak about: how many subjects have the control, or how well it works on those that
/// do. Tests that are not named here speak about reliability.
const COVERAGE: [&str; 8] = [
    "admin-changes-named",
    "configuration-checks-pass",
    "log-coverage-critical-assets",
    "mfa-console-sign-in",
    "remote-sign-in-with-keys",
    "sbom-per-service",
    "scan-coverage",
    "supplier-evidence-in-date",
];

/// Counts of one control, before it is known under which names the engine holds it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// Key of the control, as tests name it.
    pub control: String,
    /// The test.
    pub test: String,
    /// The counts; `control` is empty.
    pub counts: Counts,
}

/// What was observed of each control as of an instant: of every test in every unit the newest answer that counted.
/// A run without data or with an error never replaces a good one; it ages instead.
pub(crate) fn seen(observations: &[Recorded], tests: &[TestFile], at: Instant) -> Vec<Seen> {
    let mut newest: BTreeMap<(&str, wardkeep_types::Id), &Recorded> = BTreeMap::new();
    for recorded in observations {
        let o = &recorded.observation;
        let late = o.effective_at > at.as_of || o.recorded_at > at.known_at;
        let void = recorded.voided_at.is_some_and(|voided| voided <= at.known_at);
        if late || void || o.result != RunResult::Counted || o.counts.passed + o.counts.failed == 0 {
            continue;
        }
        let slot = newest.entry((o.test.as_str(), o.unit)).or_insert(recorded);
        let order = |r: &Recorded| (r.observation.effective_at, r.observation.recorded_at, r.observation.id);
        if order(recorded) > order(slot) {
            *slot = recorded;
        }
    }
    let mut out = Vec::new();
    for ((test, _), recorded) in newest {
        let Some(file) = tests.iter().find(|t| t.rules.key == test && t.rules.kind == Kind::Operating) else {
            continue;
        };
        let o = &recorded.observation;
        let coverage = COVERAGE.contains(&test);
        let days = |length: wardkeep_types::Length| length.seconds() as f64 / 86_400.0;
        let timing = file.rules.timing;
        let counts = Counts {
            control: String::new(),
            quantity: if coverage { Quantity::Coverage } else { Quantity::Reliability },
            population: o.counts.population,
            examined: o.counts.passed + o.counts.failed,
            passed: o.counts.passed,
            failed: o.counts.failed,
            census: coverage && o.strength == Strength::Automated && o.counts.population.is_some(),
            proof: Proof::from(o.strength),
            age_days: (at.as_of.seconds_since(o.effective_at).max(0) / 86_400) as f64,
            freshness: Freshness {
                full_days: days(timing.interval).max(LEAST_DAYS),
                half_days: days(timing.half_life).max(LEAST_DAYS),
                void_days: days(timing.validity).max(6.0 * LEAST_DAYS),
            },
            evidence: vec![o.id.to_string()],
        };
        for control in &file.controls {
            out.push(Seen { control: control.clone(), test: test.to_owned(), counts: counts.clone() });
        }
    }
    out
}
