//! Tests that read findings and records.

use super::{counts, now, record, records, run, test};
use crate::exception::Excepted;
use crate::facts::{Fact, Facts, Row};
use crate::source::Source;
use wardkeep_types::observation::RunResult;

#[test]
fn findings_count_only_when_something_was_scanned() {
    let test = test("critical-findings-in-time");
    let finding =
        |reference: &str, pairs: &[(&str, &str)]| record(reference, pairs).text("severity", "critical");
    let rows = [
        finding("FND-1", &[("stage_category", "open"), ("due", "2026-06-30")]),
        finding("FND-2", &[("stage_category", "open"), ("due", "2026-07-01")]),
        finding("FND-3", &[("stage_category", "done"), ("due", "2026-06-10"), ("closed_on", "2026-06-10")]),
        finding("FND-4", &[("stage_category", "done"), ("due", "2026-06-10"), ("closed_on", "2026-06-11")]),
        finding("FND-5", &[("stage_category", "open")]),
        finding("FND-6", &[("stage_category", "open"), ("due", "2026-06-01")]).text("severity", "high"),
    ];
    let mut facts: Vec<(Source, &dyn Facts)> =
        rows.iter().map(|r| (Source::Findings, r as &dyn Facts)).collect();
    assert_eq!(run(&test, "", Excepted::default(), &facts).result, RunResult::NoData);
    let scan = Row { at: Some(now().plus_seconds(-60)), ..Row::default() };
    facts.push((Source::Scans, &scan));
    assert_eq!(
        counts(&run(&test, "", Excepted::default(), &facts)),
        (RunResult::Counted, Some(5), 2, 2, 0, 1)
    );
    let clean = run(&test, "", Excepted::default(), &[(Source::Scans, &scan)]);
    assert_eq!(counts(&clean), (RunResult::Counted, Some(0), 0, 0, 0, 0));
    let old = Row { at: Some(now().plus_seconds(-200 * 86_400)), ..Row::default() };
    assert_eq!(run(&test, "", Excepted::default(), &[(Source::Scans, &old)]).result, RunResult::NoData);
}

#[test]
fn register_checks_read_days_and_stages() {
    let check = |key: &str, register: &str, rows: &[Row], expected: (u64, u64, u64)| {
        let test = test(key);
        let control = record("CTL-1", &[]);
        let mut facts: Vec<(Source, &dyn Facts)> =
            rows.iter().map(|r| (records(register), r as &dyn Facts)).collect();
        facts.push((records("control"), &control));
        let c = run(&test, "", Excepted::default(), &facts).counts;
        assert_eq!((c.passed, c.failed, c.unknown), expected, "{key}");
    };
    let task = |r: &str, due: &str, done: &str| {
        record(
            r,
            &[
                ("due", due),
                ("done_at", done),
                ("stage_category", if done.is_empty() { "open" } else { "done" }),
            ],
        )
    };
    let tasks = [
        task("T1", "2026-06-10", "2026-06-10"),
        task("T2", "2026-06-10", "2026-06-12"),
        task("T3", "2026-06-10", ""),
        task("T4", "2026-07-01", ""),
        task("T5", "2026-01-10", ""),
    ];
    check("tasks-on-time", "task", &tasks, (1, 2, 0));
    let until = |r: &str, until: &str| record(r, &[("stage", "approved"), ("until", until)]);
    let exceptions =
        [until("E1", "2026-07-01"), until("E2", "2026-06-30"), until("E3", ""), until("E4", "2027-07-02")];
    check("exceptions-in-date", "exception", &exceptions, (1, 3, 0));
    check("exceptions-in-date", "exception", &[], (0, 0, 0));
    let risk = |r: &str, owner: &str, on: &str| {
        record(r, &[("stage", "assessed"), ("owner", owner), ("review_on", on)])
    };
    let risks = [
        risk("R1", "PER-1", "2026-07-01"),
        risk("R2", "", "2027-01-01"),
        risk("R3", "PER-1", "2026-06-30"),
        risk("R4", "PER-1", ""),
    ];
    check("risk-reviews-in-date", "risk", &risks, (1, 3, 0));
    let source = |r: &str, hours: i64| {
        let at = now().plus_seconds(-hours * 3_600);
        record(r, &[("stage", "active")]).with("last_seen", Fact::Moment(at))
    };
    let file = record("S3", &[("stage", "paused")]);
    check("log-sources-alive", "log_source", &[source("S1", 2), source("S2", 30), file], (1, 1, 0));
}

#[test]
fn a_test_per_control_looks_at_its_own_control() {
    let test = test("control-designed");
    let control = |reference: &str, key: &str, owner: &str| {
        record(
            reference,
            &[
                ("baseline", key),
                ("owner", owner),
                ("statement", "s"),
                ("review_by", "2027-01-01"),
                ("stage", "in_operation"),
            ],
        )
    };
    let rows = [control("CTL-1", "mfa", "PER-1"), control("CTL-2", "audit-logging", "")];
    let facts: Vec<(Source, &dyn Facts)> =
        rows.iter().map(|r| (records("control"), r as &dyn Facts)).collect();
    assert_eq!(
        counts(&run(&test, "mfa", Excepted::default(), &facts)),
        (RunResult::Counted, Some(1), 1, 0, 0, 0)
    );
    assert_eq!(
        counts(&run(&test, "audit-logging", Excepted::default(), &facts)),
        (RunResult::Counted, Some(1), 0, 1, 0, 0)
    );
    assert_eq!(test.rules_for("mfa").key, "control-designed/mfa");
}
