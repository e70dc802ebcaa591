//! What an observation must satisfy, and its hash (`specs/assurance.md` 6).

use crate::canonical;
use wardkeep_types::observation::{Counts, Observation, RunResult};
use wardkeep_types::{Moment, Problem, Problems};

/// How far a period may end ahead of now: clocks differ (OB-3).
pub const AHEAD_SECONDS: i64 = 300;
/// Failing subjects kept in an observation; its counts hold the rest.
pub const SUBJECTS_KEPT: usize = 1_000;

/// Faults of the counts (OB-2), each with its field.
pub fn check_counts(counts: &Counts, problems: &mut Problems) {
    let mut need = |fine: bool, path: &str, message: String| {
        if !fine {
            problems.add(Problem::new(path, "sums_wrong", message));
        }
    };
    let Counts { population, examined, passed, failed, excepted, unknown, .. } = *counts;
    let sum = passed.checked_add(failed).and_then(|s| s.checked_add(excepted));
    need(
        sum == Some(examined),
        "examined",
        format!("examined is {examined}, but {passed} passed, {failed} failed and {excepted} are excepted"),
    );
    if let Some(population) = population {
        need(
            examined.checked_add(unknown).is_some_and(|seen| seen <= population),
            "population",
            format!("{examined} examined and {unknown} unknown are more than the population of {population}"),
        );
    }
}

/// Faults of a whole observation at `now` (OB-2, OB-3).
pub fn check(observation: &Observation, now: Moment) -> Problems {
    let mut problems = Problems::new();
    check_counts(&observation.counts, &mut problems);
    let Observation { from, to, effective_at, result, counts, subjects, .. } = observation;
    problems.require(from < to, "period", "period_reversed", "the period ends before it begins, or is empty");
    let latest = now.plus_seconds(AHEAD_SECONDS);
    let in_time = |at: Moment| at <= latest;
    problems.require(
        in_time(*to),
        "period.to",
        "in_future",
        "the period ends more than 5 minutes ahead of now",
    );
    problems.require(
        in_time(*effective_at),
        "effective_at",
        "in_future",
        "the moment it speaks about is more than 5 minutes ahead of now",
    );
    if *result != RunResult::Counted {
        let empty = counts.examined == 0 && counts.unknown == 0;
        problems.require(
            empty,
            "result",
            "counts_without_run",
            "a run without data or with an error counts nothing",
        );
    }
    let listed = |passed| subjects.iter().filter(|s| s.passed == Some(passed) && !s.excepted).count() as u64;
    problems.require(
        listed(false) <= counts.failed && listed(true) <= counts.passed,
        "subjects",
        "more_listed_than_counted",
        "more subjects are listed than counted",
    );
    problems
}

/// SHA-256 over the canonical form of the whole observation, 64 lower-case hexadecimal digits.
pub fn hash(observation: &Observation) -> String {
    // An observation holds text, whole numbers, lists and nothing else, so it always has a canonical form.
    canonical::sha256(observation).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{check, hash};
    use crate::sample::observation;
    use wardkeep_types::Moment;
    use wardkeep_types::observation::{Observation, RunResult};

    #[test]
    fn wrong_sums_and_periods_are_refused_with_the_field() {
        let now: Moment = "2026-07-01T00:10:00Z".parse().unwrap();
        let look = |change: fn(&mut Observation), paths: &[&str]| {
            let mut o = observation("t", 412, 405, 389, "2026-07-01T00:00:00Z");
            change(&mut o);
            let problems = check(&o, now);
            let found: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
            assert_eq!(found, paths);
        };
        look(|_| (), &[]);
        look(|o| o.counts.passed += 1, &["examined"]);
        look(|o| o.counts.passed = u64::MAX, &["examined"]);
        look(|o| o.counts.unknown = 8, &["population"]);
        look(|o| o.counts.population = Some(404), &["population"]);
        look(|o| o.counts.population = None, &[]);
        look(|o| o.to = o.from, &["period"]);
        look(|o| o.to = "2026-07-01T00:15:00Z".parse().unwrap(), &[]);
        look(|o| o.to = "2026-07-01T00:15:01Z".parse().unwrap(), &["period.to"]);
        look(|o| o.effective_at = "2026-08-01T00:00:00Z".parse().unwrap(), &["effective_at"]);
        look(|o| o.result = RunResult::Error, &["result"]);
        look(|o| o.counts.failed = 0, &["examined"]);
    }

    #[test]
    fn the_hash_covers_every_part() {
        let one = observation("t", 412, 405, 389, "2026-07-01T00:00:00Z");
        let base = hash(&one);
        assert_eq!(base.len(), 64);
        assert_eq!(base, hash(&one.clone()));
        let changes: [fn(&mut Observation); 5] = [
            |o| o.counts.passed -= 1,
            |o| o.note = "x".to_owned(),
            |o| o.test_version = 2,
            |o| o.evidence.push("77ab".to_owned()),
            |o| o.completeness = wardkeep_types::Percent::from_ratio(0.5),
        ];
        for change in changes {
            let mut other = one.clone();
            change(&mut other);
            assert_ne!(hash(&other), base);
        }
    }
}
