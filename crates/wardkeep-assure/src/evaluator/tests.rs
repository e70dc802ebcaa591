//! Tests of the content over facts.

mod registers;

use super::{Draft, Evaluator, Run};
use crate::exception::Excepted;
use crate::facts::{Fact, Facts, Row};
use crate::source::Source;
use crate::test_file::TestFile;
use crate::{Exception, Instant, Recorded, assess_control, baseline, scan_rows, sighting_row};
use std::sync::Arc;
use wardkeep_types::event::{Dialect, Event};
use wardkeep_types::observation::{Basis, RunResult};
use wardkeep_types::sighting::{
    AssetHint, Class, Component, Credentialed, Outcome, Report, Sighting, Target,
};
use wardkeep_types::{Date, Id, Moment, Severity, State};

const NOW: &str = "2026-07-01T12:00:00Z";

fn now() -> Moment {
    NOW.parse().unwrap()
}

fn test(key: &str) -> TestFile {
    baseline::tests().unwrap().into_iter().find(|t| t.rules.key == key).unwrap()
}

fn records(register: &str) -> Source {
    Source::Records(register.to_owned())
}

fn record(reference: &str, pairs: &[(&str, &str)]) -> Row {
    let basis = vec![Basis::Record { id: Id::derived(&Id::NIL, reference) }];
    let row = Row { basis, ..Row::default() }.text("reference", reference).text("title", reference);
    pairs.iter().fold(row, |row, (name, value)| match value.parse::<Date>() {
        Ok(day) => row.with(name, Fact::Day(day)),
        Err(_) => row.text(name, *value),
    })
}

fn asset(reference: &str, hostname: &str) -> Row {
    let pairs = [("hostnames", hostname), ("criticality", "critical"), ("stage", "in_use")];
    record(reference, &pairs)
}

fn event(host: &str, hours_ago: i64) -> Event {
    let mut event = Event::new(Dialect::Syslog, Arc::from("syslog"), 1, "raw");
    event.at = now().plus_seconds(-hours_ago * 3_600);
    event.host = Some(host.into());
    event
}

fn run(test: &TestFile, control: &str, excepted: Excepted, facts: &[(Source, &dyn Facts)]) -> Draft {
    let mut evaluator =
        Evaluator::new(test, Run { control: control.to_owned(), ..Run::until(now()) }, excepted);
    for (source, fact) in facts {
        evaluator.feed(source, *fact);
    }
    evaluator.finish()
}

/// Result, population, passed, failed, excepted, unknown.
fn counts(draft: &Draft) -> (RunResult, Option<u64>, u64, u64, u64, u64) {
    let c = draft.counts;
    assert_eq!(c.examined, c.passed + c.failed + c.excepted);
    (draft.result, c.population, c.passed, c.failed, c.excepted, c.unknown)
}

#[test]
fn without_facts_nothing_is_green() {
    for test in baseline::tests().unwrap() {
        let draft = run(&test, "mfa", Excepted::default(), &[]);
        assert_eq!(draft.result, RunResult::NoData, "{}", test.rules.key);
        let frame = super::Frame { id: Id::NIL, unit: Id::NIL, recorded_at: now(), collector: String::new() };
        let rules = test.rules_for("mfa");
        let seen = [Recorded { observation: draft.observation(&rules, "", frame), voided_at: None }];
        let effect = assess_control(&crate::Control::new("mfa"), &[rules], &seen, &[], Instant::at(now()));
        assert!(effect.state.is_unknown(), "{}", test.rules.key);
    }
}

#[test]
fn log_coverage_compares_the_register_with_the_hosts_that_logged() {
    let test = test("log-coverage-critical-assets");
    let assets = [asset("AST-1", "web01.example.org"), asset("AST-2", "db01"), asset("AST-3", "old")];
    let small = record("AST-4", &[("hostnames", "printer"), ("criticality", "low"), ("stage", "in_use")]);
    let (web, db, old, other) =
        (event("WEB01", 2), event("db01.example.org", 23), event("old", 25), event("guest", 1));
    let from = records("asset");
    let mut facts: Vec<(Source, &dyn Facts)> =
        assets.iter().map(|a| (from.clone(), a as &dyn Facts)).collect();
    facts.push((from, &small));
    let silent = run(&test, "", Excepted::default(), &facts);
    assert_eq!(silent.result, RunResult::NoData, "without any event silence proves nothing");
    for event in [&web, &db, &old, &other] {
        facts.push((Source::Events, event));
    }
    let draft = run(&test, "", Excepted::default(), &facts);
    assert_eq!(counts(&draft), (RunResult::Counted, Some(3), 2, 1, 0, 0));
    let first = &draft.subjects[0];
    assert_eq!(
        (first.subject.as_str(), first.detail.as_str()),
        ("AST-3", "Sent no log record in the last 24 hours.")
    );
    assert!(matches!(first.basis[..], [Basis::Record { .. }]));
    assert!(matches!(draft.subjects[1].basis[..], [Basis::Record { .. }, Basis::Event { .. }]));
    assert!(draft.note.contains("1 seen that the population does not know"), "{}", draft.note);
    facts.reverse();
    assert_eq!(run(&test, "", Excepted::default(), &facts), draft, "the order of facts does not matter");
}

#[test]
fn excepted_subjects_are_counted_apart() {
    let test = test("asset-owners-present");
    let with = |reference: &str, owner: &str| {
        record(reference, &[("owner", owner), ("criticality", "high"), ("stage", "in_use")])
    };
    let rows = [with("AST-1", "PER-1"), with("AST-2", ""), with("AST-3", "")];
    let facts: Vec<(Source, &dyn Facts)> = rows.iter().map(|r| (records("asset"), r as &dyn Facts)).collect();
    let exception = Exception {
        reference: "EXC-1".to_owned(),
        controls: vec![],
        subjects: vec!["ast-2".to_owned()],
        from: now().plus_seconds(-60),
        until: now().plus_seconds(60),
    };
    let draft = run(&test, "", Excepted::at(&[exception], "c", now()), &facts);
    assert_eq!(counts(&draft), (RunResult::Counted, Some(3), 1, 1, 1, 0));
    let two = &draft.subjects[1];
    assert_eq!((two.subject.as_str(), two.passed, two.excepted), ("AST-2", Some(false), true));
}

fn report(hostname: &str, reached: bool) -> Report {
    let asset = AssetHint { hostname: Some(hostname.to_owned()), ..AssetHint::default() };
    let target =
        Target { asset, reached, credentialed: Credentialed::Unknown, system: None, open_ports: vec![] };
    Report { tool: "nessus".to_owned(), targets: vec![target], complete: true, ..Report::default() }
}

#[test]
fn scans_cover_only_what_they_say_they_reached() {
    let test = test("scan-coverage");
    let assets = [asset("AST-1", "web01"), asset("AST-2", "db01"), asset("AST-3", "app01")];
    let days_ago = |days: i64| now().plus_seconds(-days * 86_400);
    let mut scans = scan_rows(&report("web01", true), "aa", days_ago(3));
    scans.extend(scan_rows(&report("db01", true), "bb", days_ago(20)));
    scans.extend(scan_rows(&report("db01", false), "cc", days_ago(2)));
    scans.extend(scan_rows(&report("app01", true), "dd", days_ago(31)));
    let mut facts: Vec<(Source, &dyn Facts)> =
        assets.iter().map(|a| (records("asset"), a as &dyn Facts)).collect();
    facts.extend(scans.iter().map(|s| (Source::Scans, s as &dyn Facts)));
    let draft = run(&test, "", Excepted::default(), &facts);
    assert_eq!(counts(&draft), (RunResult::Counted, Some(3), 1, 2, 0, 0));
    assert_eq!(draft.evidence, ["aa", "bb", "cc"]);
    let details: Vec<&str> = draft.subjects.iter().map(|s| s.detail.as_str()).collect();
    assert_eq!(
        details,
        ["nessus did not reach it.", "No scan reached it in the last 30 days.", "Reached by nessus."]
    );
}

#[test]
fn a_service_needs_a_bill_of_materials_that_holds_something() {
    let test = test("sbom-per-service");
    let part = |name: &str| Component {
        name: name.to_owned(),
        version: None,
        purl: None,
        kind: "library".into(),
        licences: vec![],
    };
    let sbom = Report {
        tool: "cyclonedx".to_owned(),
        subject: Some(part("shop")),
        components: vec![part("serde")],
        ..Report::default()
    };
    let rows = scan_rows(&sbom, "aa", now().plus_seconds(-60));
    let live = [("stage", "live"), ("stage_category", "open")];
    let mut services = [record("SVC-1", &live), record("SVC-2", &live)];
    services[0] = services[0].clone().text("asset_names", "till\nShop");
    let mut facts: Vec<(Source, &dyn Facts)> =
        services.iter().map(|a| (records("service"), a as &dyn Facts)).collect();
    facts.extend(rows.iter().map(|s| (Source::Scans, s as &dyn Facts)));
    assert_eq!(
        counts(&run(&test, "", Excepted::default(), &facts)),
        (RunResult::Counted, Some(2), 1, 1, 0, 0)
    );
}

#[test]
fn manual_checks_never_pass() {
    let test = test("configuration-checks-pass");
    let row = |row: u64, outcome: Outcome| Sighting {
        row,
        tool: "prowler".into(),
        rule: format!("check{row}"),
        title: "t".into(),
        outcome,
        class: Class::Cloud,
        severity: Severity::High,
        raw_severity: "high".into(),
        cvss: None,
        vector: None,
        vulnerabilities: vec![],
        cwe: None,
        asset: AssetHint { cloud_uid: Some("arn:x".into()), ..AssetHint::default() },
        locus: String::new(),
        identity: String::new(),
        purl: None,
        fixed_in: None,
        solution: None,
        evidence: None,
    };
    let all = [Outcome::Fail, Outcome::Fail, Outcome::NotChecked, Outcome::NotChecked];
    let rows: Vec<Row> = all
        .into_iter()
        .zip(1..)
        .map(|(o, i)| sighting_row(&row(i, o), "aa", None, now().plus_seconds(-1)))
        .collect();
    let facts: Vec<(Source, &dyn Facts)> =
        rows.iter().map(|r| (Source::Sightings, r as &dyn Facts)).collect();
    let draft = run(&test, "", Excepted::default(), &facts);
    assert_eq!(counts(&draft), (RunResult::Counted, Some(4), 0, 2, 0, 2));
    assert_eq!(draft.subjects[0].basis, [Basis::ScanRow { sha256: "aa".into(), row: 1 }]);
}

#[test]
fn two_population_sources_are_compared() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../content/tests/log-coverage-critical-assets.yaml"
    ))
    .unwrap();
    let second = "  second: {from: records/host, subject: \"{hostname}\"}\noutcome:";
    let test = TestFile::parse("t", &text.replace("outcome:", second)).unwrap();
    let assets: Vec<Row> = (0..49).map(|i| asset(&format!("AST-{i}"), &format!("h{i}.org"))).collect();
    let hosts: Vec<Row> = (0..50).map(|i| record("x", &[("hostname", &format!("H{i}.org"))])).collect();
    let events: Vec<Event> = (0..50).map(|i| event(&format!("h{i}.org"), 1)).collect();
    let mut facts: Vec<(Source, &dyn Facts)> =
        assets.iter().map(|a| (records("asset"), a as &dyn Facts)).collect();
    facts.extend(hosts.iter().map(|h| (records("host"), h as &dyn Facts)));
    facts.extend(events.iter().map(|e| (Source::Events, e as &dyn Facts)));
    let draft = run(&test, "", Excepted::default(), &facts);
    assert_eq!(counts(&draft), (RunResult::Counted, Some(50), 50, 0, 0, 0));
    assert_eq!((draft.counts.expected, draft.completeness.unwrap().ratio()), (Some(50), 0.98));
}

#[test]
fn too_many_subjects_and_broken_collectors_are_errors() {
    let test = test("root-account-unused");
    let mut evaluator = Evaluator::new(&test, Run::until(now()), Excepted::default());
    evaluator.limit = 10;
    for i in 0..11 {
        let mut event = event("h", 1);
        event.dialect = Dialect::CloudTrail;
        event.fields.insert("recipientAccountId".into(), i.into());
        evaluator.feed(&Source::Events, &event);
    }
    let draft = evaluator.finish();
    assert_eq!((draft.result, draft.counts.examined), (RunResult::Error, 0));
    let mut evaluator = Evaluator::new(&test, Run::until(now()), Excepted::default());
    evaluator.fail("the store could not be read");
    assert_eq!(evaluator.finish().note, "the store could not be read");
}

#[test]
fn states_have_words() {
    assert_eq!(
        State::ALL.map(State::word),
        ["effective", "degraded", "failing", "insufficient evidence", "not tested"]
    );
}
