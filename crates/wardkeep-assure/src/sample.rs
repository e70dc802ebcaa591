//! Observations for tests.

use wardkeep_types::observation::{Counts, Observation, RunResult, Strength};
use wardkeep_types::{Id, Moment};

/// An observation of `test` over the week before `to`: `failed` is what was examined and did not pass.
pub fn observation(test: &str, population: u64, examined: u64, passed: u64, to: &str) -> Observation {
    let to: Moment = to.parse().expect("a moment");
    Observation {
        id: Id::derived(&Id::NIL, &format!("{test} {to} {population} {examined} {passed}")),
        test: test.to_owned(),
        test_version: 1,
        unit: Id::NIL,
        from: to.plus_seconds(-7 * 86_400),
        to,
        effective_at: to,
        recorded_at: to,
        collector: "test 1".to_owned(),
        query_sha256: String::new(),
        result: RunResult::Counted,
        counts: Counts {
            population: Some(population),
            expected: None,
            examined,
            passed,
            failed: examined - passed,
            excepted: 0,
            unknown: 0,
        },
        strength: Strength::Automated,
        completeness: None,
        totals_disagree: false,
        subjects: Vec::new(),
        evidence: Vec::new(),
        note: String::new(),
    }
}
