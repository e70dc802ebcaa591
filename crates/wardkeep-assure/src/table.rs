//! The tables of `specs/assurance.md` 5, 7 and 11, row by row, and what must hold for all inputs.

#![allow(clippy::float_cmp)] // figures are rounded to four decimals

mod laws;

use crate::sample::observation;
use crate::{
    Control, Effect, Exception, Instant, Kind, Method, Recorded, TestRules, assess_control, is_notable,
    next_change,
};
use wardkeep_types::observation::{Observation, RunResult, Strength, SubjectResult};
use wardkeep_types::{Length, Moment, Percent, State};

const END: &str = "2026-07-01T00:00:00Z";

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

fn days(count: i64) -> Moment {
    moment(END).plus_seconds(count * 86_400)
}

fn weekly(key: &str, method: Method) -> TestRules {
    TestRules::new(key, method, Length::from_days(7))
}

fn recorded(observation: Observation) -> Recorded {
    Recorded { observation, voided_at: None }
}

fn effect(control: &Control, tests: &[TestRules], seen: Vec<Observation>, at: Moment) -> Effect {
    let seen: Vec<Recorded> = seen.into_iter().map(recorded).collect();
    assess_control(control, tests, &seen, &[], Instant::at(at))
}

fn one(rules: TestRules, seen: Observation, at: Moment) -> Effect {
    effect(&Control::new("c"), &[rules], vec![seen], at)
}

fn four(value: f64) -> f64 {
    crate::effectiveness::ratio(value)
}

/// State, E and the code of the first reason of the one test.
fn expect(found: &Effect, state: State, shown: f64, code: &str) {
    let codes: Vec<&str> = found.tests[0].reasons.iter().map(|r| r.code.as_str()).collect();
    assert_eq!((found.state, found.shown), (state, shown), "{codes:?}");
    assert!(code.is_empty() || codes.contains(&code), "{code} is not in {codes:?}");
}

#[test]
fn ef_automated_late() {
    let found = one(weekly("t", Method::Query), observation("t", 412, 405, 389, END), days(10));
    let f = found.tests[0].factors.unwrap();
    assert_eq!((four(f.coverage), four(f.rate.unwrap()), four(f.freshness)), (0.9830, 0.9605, 0.7430));
    expect(&found, State::Degraded, 0.7015, "late");
    assert_eq!(found.high, four(389.0 / 412.0 + 7.0 / 412.0));
}

#[test]
fn ef_samples_are_held_to_their_lower_bound() {
    let check = |drawn: u64, good: u64, proven: f64, shown: f64| {
        let mut seen = observation("t", 180, drawn, good, END);
        seen.counts.expected = Some(180);
        seen.strength = Strength::Sampled;
        let found = one(weekly("t", Method::SampleInspection), seen, days(1));
        let f = found.tests[0].factors.unwrap();
        assert_eq!((four(f.proven), f.coverage), (proven, 1.0));
        expect(&found, State::Effective, shown, "");
    };
    check(30, 29, 0.8764, 0.7450);
    check(25, 25, 0.9120, 0.7752);
    check(5, 5, 0.6310, 0.5363);
    // The same sample where the control asks for a machine, where it is smaller than planned, or from a thin list.
    let mut seen = observation("t", 180, 30, 29, END);
    let strict = Control { required: Strength::Automated, ..Control::new("c") };
    let rules = weekly("t", Method::SampleInspection);
    let found = effect(&strict, std::slice::from_ref(&rules), vec![seen.clone()], days(1));
    expect(&found, State::Degraded, 0.7450, "strength_below_required");
    let planned = TestRules { planned_sample: Some(31), ..rules.clone() };
    expect(&one(planned, seen.clone(), days(1)), State::Insufficient, 0.7450, "sample_too_small");
    seen.counts.expected = Some(360);
    expect(&one(rules, seen, days(1)), State::Insufficient, 0.3725, "too_little_seen");
}

#[test]
fn ef_attested_is_worth_little() {
    let found = one(weekly("t", Method::Statement), observation("t", 1, 1, 1, END), days(1));
    expect(&found, State::Degraded, 0.60, "strength_below_required");
    assert_eq!(found.strength_mix.get("attested"), Some(&1.0));
    assert!(found.tests[0].reasons[0].text.starts_with("Attested only"));
}

#[test]
fn ef_a_mandatory_test_that_never_ran_halves() {
    let tests = [weekly("a", Method::Query), weekly("b", Method::Query)];
    let found = effect(&Control::new("c"), &tests, vec![observation("a", 5, 5, 5, END)], days(1));
    assert_eq!((found.state, found.shown, found.high), (State::Insufficient, 0.5, 1.0));
    let lift = found.lift.unwrap();
    assert_eq!((lift.test.as_str(), lift.to), ("b", 1.0));
    let optional = [tests[0].clone(), TestRules { mandatory: false, ..tests[1].clone() }];
    let found = effect(&Control::new("c"), &optional, vec![observation("a", 5, 5, 5, END)], days(1));
    assert_eq!((found.state, found.shown), (State::Effective, 1.0));
    let seen = vec![observation("a", 5, 5, 5, END), observation("b", 5, 5, 1, END)];
    let found = effect(&Control::new("c"), &optional, seen, days(1));
    assert_eq!((found.state, found.shown), (State::Degraded, 0.6));
}

#[test]
fn ef_little_seen_is_insufficient_but_a_known_failure_is_known() {
    let rules = weekly("t", Method::Query);
    let found = one(rules.clone(), observation("t", 100, 40, 40, END), days(1));
    expect(&found, State::Insufficient, 0.4, "too_little_seen");
    assert_eq!(found.high, 1.0);
    let found = one(rules.clone(), observation("t", 100, 40, 20, END), days(1));
    expect(&found, State::Failing, 0.2, "below_fail");
    let mut seen = observation("t", 100, 40, 40, END);
    seen.counts.population = None;
    expect(&one(rules, seen, days(1)), State::Insufficient, 0.0, "population_unknown");
}

#[test]
fn ef_answers_age() {
    let rules = weekly("t", Method::Query);
    let check = |day: i64, freshness: f64, state: State| {
        let found = one(rules.clone(), observation("t", 9, 9, 9, END), days(day));
        assert_eq!(
            (four(found.tests[0].factors.unwrap().freshness), found.state),
            (freshness, state),
            "day {day}"
        );
    };
    check(7, 1.0, State::Effective);
    check(10, 0.7430, State::Degraded);
    check(14, 0.5, State::Degraded);
    check(15, 0.0, State::Insufficient);
    let found = one(rules.clone(), observation("t", 9, 9, 9, END), days(7));
    assert_eq!(
        next_change(&found, std::slice::from_ref(&rules), &[]),
        Some(Moment::from_micros(days(7).as_micros() + 1))
    );
    let later = one(rules.clone(), observation("t", 9, 9, 9, END), days(10));
    assert!(is_notable(&found, &later) && !is_notable(&later, &later));
    assert_eq!(next_change(&later, &[rules], &[]), Some(Moment::from_micros(days(14).as_micros() + 1)));
}

#[test]
fn ts_scanner_reports_never_pass_by_silence() {
    let rules = weekly("t", Method::ScanResult);
    let mut manual = observation("t", 4, 2, 0, END);
    manual.counts.unknown = 2;
    expect(&one(rules.clone(), manual, days(0)), State::Failing, 0.0, "below_fail");
    let mut asff = observation("t", 731, 727, 441, END);
    asff.counts.unknown = 4;
    let found = one(rules.clone(), asff, days(0));
    assert_eq!((found.state, four(found.tests[0].factors.unwrap().rate.unwrap())), (State::Failing, 0.6066));
    let mut bench = observation("t", 23, 23, 23, END);
    bench.totals_disagree = true;
    expect(&one(rules.clone(), bench, days(0)), State::Degraded, 1.0, "totals_disagree");
    let mut clean = observation("t", 0, 0, 0, END);
    expect(&one(rules.clone(), clean.clone(), days(0)), State::Insufficient, 0.0, "no_data");
    let by_right = TestRules { may_be_empty: true, ..rules.clone() };
    expect(&one(by_right.clone(), clean.clone(), days(0)), State::Effective, 1.0, "");
    clean.result = RunResult::NoData;
    expect(&one(by_right, clean, days(0)), State::Insufficient, 0.0, "no_data");
}

#[test]
fn ts_two_sources_that_disagree_cap_the_verdict() {
    let rules = weekly("t", Method::Query);
    let mut seen = observation("t", 412, 412, 412, END);
    seen.counts.expected = Some(415);
    expect(&one(rules.clone(), seen.clone(), days(0)), State::Effective, 1.0, "");
    seen.counts.expected = Some(430);
    expect(&one(rules.clone(), seen.clone(), days(0)), State::Degraded, 1.0, "incomplete_population");
    seen.counts.expected = Some(412);
    seen.completeness = Percent::from_ratio(0.979);
    expect(&one(rules, seen, days(0)), State::Degraded, 1.0, "incomplete_population");
}

#[test]
fn ef_errors_let_the_last_good_run_age() {
    let rules = weekly("t", Method::Query);
    let mut error = observation("t", 0, 0, 0, "2026-07-02T00:00:00Z");
    (error.result, error.note) = (RunResult::Error, "the source was not reachable".to_owned());
    let good = observation("t", 9, 9, 9, END);
    let look = |seen, day| effect(&Control::new("c"), std::slice::from_ref(&rules), seen, days(day));
    expect(&look(vec![good.clone(), error.clone()], 1), State::Degraded, 1.0, "error_since");
    expect(&look(vec![error.clone(), good.clone()], 15), State::Insufficient, 0.0, "expired");
    expect(&look(vec![error.clone()], 1), State::NotTested, 0.0, "only_errors");
    expect(
        &look(vec![error, observation("t", 9, 9, 9, "2026-07-03T00:00:00Z")], 3),
        State::Effective,
        1.0,
        "",
    );
    expect(&look(vec![], 3), State::NotTested, 0.0, "never_observed");
    // A late arrival about an older period never displaces a newer one.
    let mut late = observation("t", 9, 9, 0, "2026-06-20T00:00:00Z");
    late.recorded_at = days(1);
    expect(&look(vec![good, late], 2), State::Effective, 1.0, "");
}

#[test]
fn tm_two_clocks() {
    let rules = weekly("t", Method::Query);
    let mut void = recorded(observation("t", 9, 9, 9, "2026-03-10T00:00:00Z"));
    void.voided_at = Some(moment("2026-06-01T00:00:00Z"));
    let look = |as_of: &str, known_at: &str| {
        let at = Instant { as_of: moment(as_of), known_at: moment(known_at) };
        assess_control(&Control::new("c"), std::slice::from_ref(&rules), std::slice::from_ref(&void), &[], at)
            .state
    };
    assert_eq!(look("2026-03-12T00:00:00Z", "2026-03-31T00:00:00Z"), State::Effective);
    assert_eq!(look("2026-03-12T00:00:00Z", END), State::NotTested);
    assert_eq!(look("2026-03-12T00:00:00Z", "2026-03-09T00:00:00Z"), State::NotTested);
}

#[test]
fn ef_kinds_key_controls_and_findings() {
    let operating = weekly("o", Method::Query);
    let design = TestRules { kind: Kind::Design, ..weekly("d", Method::RegisterCheck) };
    let (good, poor) = (|t: &str| observation(t, 10, 10, 10, END), observation("d", 10, 10, 8, END));
    let key = Control { is_key: true, ..Control::new("c") };
    let both = [operating.clone(), design.clone()];
    let found = effect(&key, &both, vec![good("o"), good("d")], days(1));
    assert_eq!((found.state, found.design, found.operating), (State::Effective, Some(1.0), Some(1.0)));
    let found = effect(&key, &both, vec![good("o"), poor], days(1));
    assert_eq!((found.state, found.shown, found.design), (State::Degraded, 0.8, Some(0.8)));
    let found = effect(&key, std::slice::from_ref(&operating), vec![good("o")], days(1));
    assert_eq!(
        (found.state, found.shown, found.reasons[0].code.as_str()),
        (State::Degraded, 1.0, "design_not_assessed")
    );
    let found = effect(&Control::new("c"), std::slice::from_ref(&design), vec![good("d")], days(1));
    assert_eq!(found.state, State::Insufficient, "a design alone shows no operation");
    let tests = [operating];
    let with = |change: fn(&mut Control)| {
        let mut control = Control::new("c");
        change(&mut control);
        effect(&control, &tests, vec![good("o")], days(1)).state
    };
    assert_eq!(with(|_| ()), State::Effective);
    assert_eq!(with(|c| c.in_operation = false), State::NotTested);
    assert_eq!(with(|c| c.open_majors = 1), State::Degraded);
    assert_eq!(with(|c| c.overdue_actions = 1), State::Degraded);
    assert_eq!(effect(&key, &[], vec![], days(1)).state, State::NotTested);
}

#[test]
fn ex_exempted_subjects_leave_the_rate_until_the_minute_of_expiry() {
    let rules = weekly("t", Method::Query);
    let mut seen = observation("t", 412, 412, 392, END);
    let subject = |i: u32| SubjectResult {
        subject: format!("acct:{i}"),
        passed: Some(i >= 20),
        excepted: false,
        detail: String::new(),
        basis: vec![],
    };
    seen.subjects = (0..412).map(subject).collect();
    let until = days(2);
    let exempt = |range: std::ops::Range<u32>| Exception {
        reference: "EXC-0001".to_owned(),
        controls: vec!["c".to_owned()],
        subjects: range.map(|i| format!("ACCT:{i}")).collect(),
        from: days(-1),
        until,
    };
    let look = |exception: Exception, at: Moment| {
        let seen = [recorded(seen.clone())];
        assess_control(&Control::new("c"), std::slice::from_ref(&rules), &seen, &[exception], Instant::at(at))
    };
    let rate = |e: &Effect| four(e.tests[0].factors.unwrap().rate.unwrap());
    let during = look(exempt(0..10), until.plus_seconds(-60));
    let counts = during.tests[0].counts.unwrap();
    assert_eq!((rate(&during), counts.excepted, counts.examined), (0.9751, 10, 412));
    assert_eq!(during.tests[0].failing.len(), 10);
    assert_eq!(rate(&look(exempt(0..10), until.plus_seconds(60))), 0.9515);
    let many = look(exempt(0..60), until.plus_seconds(-60));
    expect(&many, State::Degraded, 1.0, "many_excepted");
    let other = Exception { controls: vec!["d".to_owned()], ..exempt(0..10) };
    assert_eq!(rate(&look(other, days(1))), 0.9515);
    assert_eq!(next_change(&during, std::slice::from_ref(&rules), &[exempt(0..10)]), Some(until));
}

#[test]
fn ef_why_names_the_change_that_lifts_most() {
    let found = one(weekly("t", Method::Query), observation("t", 412, 405, 389, END), days(10));
    let lift = found.lift.unwrap();
    assert_eq!((lift.change, lift.to), (crate::Change::RunAgain, 0.9442));
    assert_eq!(lift.text, "Run \"t\" again: 70.2 % -> 94.4 %");
    let zero = TestRules {
        thresholds: crate::Thresholds { zero_tolerance: true, ..crate::Thresholds::default() },
        ..weekly("t", Method::Query)
    };
    let found = one(zero, observation("t", 100, 100, 99, END), days(1));
    expect(&found, State::Failing, 0.99, "zero_tolerance");
    assert_eq!(found.lift.unwrap().text, "Mend the one failure of \"t\": 99.0 % -> 100.0 %");
    assert!(one(weekly("t", Method::Query), observation("t", 9, 9, 9, END), days(1)).lift.is_none());
}
