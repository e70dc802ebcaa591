//! Small reports made here, for the rules that real files do not show all of.

use crate::support::collect_bytes;
use wardkeep_intake::Ending;
use wardkeep_types::sighting::{Credentialed, Outcome, Report, Sighting};

fn report(name: &str, bytes: &[u8]) -> (Ending, Report) {
    let (result, mut out) = collect_bytes(name, bytes.to_vec());
    (result.unwrap(), out.reports.remove(0).1)
}

fn shown(s: &Sighting) -> String {
    format!("{:?} {} {} {}", s.outcome, s.severity, s.raw_severity, s.identity)
}

#[test]
fn nessus_rows() {
    let (ending, report) = report("a.nessus", include_bytes!("../../../../fuzz/seeds/nessus/one.nessus"));
    assert_eq!(ending, Ending::Complete);
    let rows: Vec<String> = report.sightings.iter().map(shown).collect();
    let expect = [
        "Fail high 3 host_check|nessus:1|tcp/443",
        "Fail info 0 host_check|nessus:19506|host",
        "Fail high 3 compliance|nessus|ab",
    ];
    assert_eq!(rows, expect);
    let first = &report.sightings[0];
    assert_eq!(
        (first.title.as_str(), first.cvss, first.evidence.as_deref()),
        ("Old & weak", Some(7.5), Some("password=***"))
    );
    assert_eq!(first.vulnerabilities, ["CVE-2026-0001"]);
    let target = &report.targets[0];
    assert_eq!(
        (target.credentialed, target.open_ports.as_slice()),
        (Credentialed::Yes, ["tcp/443 www".to_owned()].as_slice())
    );
    assert_eq!(first.asset.hostname.as_deref(), Some("a.example"));
}

/// A run with one rule per line of `rules` and one result per line of `results`.
fn sarif(rules: &[&str], results: &[&str]) -> Report {
    let text = format!(
        r#"{{"version":"2.1.0","runs":[{{"results":[{}],"tool":{{"driver":{{"name":"Some Tool","rules":[{}]}}}}}}]}}"#,
        results.join(","),
        rules.join(",")
    );
    report("a.sarif", text.as_bytes()).1
}

#[test]
fn sarif_severity_has_an_order() {
    let rules = [
        r#"{"id":"score","properties":{"security-severity":"9.1"}}"#,
        r#"{"id":"level","defaultConfiguration":{"level":"note"}}"#,
        r#"{"id":"none"}"#,
    ];
    let check = |result: &str, expect: &str| {
        let s = sarif(&rules, &[result]).sightings.remove(0);
        assert_eq!(format!("{} {}", s.severity, s.raw_severity), expect, "{result}");
    };
    check(r#"{"ruleId":"score","level":"note"}"#, "critical 9.1");
    check(r#"{"ruleId":"score","properties":{"security-severity":"4.0"}}"#, "medium 4.0");
    check(r#"{"ruleId":"level","level":"error","rank":1}"#, "high error");
    check(r#"{"ruleId":"level","rank":90}"#, "low note");
    check(r#"{"ruleId":"none","rank":90.5}"#, "critical 90.5");
    check(r#"{"ruleId":"none"}"#, "medium ");
    check(r#"{"ruleIndex":1}"#, "low note");
    check(r#"{"ruleId":"score/sub"}"#, "critical 9.1");
}

#[test]
fn sarif_outcomes() {
    let check = |result: &str, expect: Outcome| {
        assert_eq!(sarif(&[], &[result]).sightings[0].outcome, expect, "{result}");
    };
    check(r#"{"kind":"pass"}"#, Outcome::Pass);
    check(r#"{"kind":"notApplicable"}"#, Outcome::NotChecked);
    check(r#"{"suppressions":[{"kind":"inSource"}]}"#, Outcome::Muted);
    check(r#"{"suppressions":[{"kind":"external","status":"rejected"}]}"#, Outcome::Fail);
    check(r#"{"suppressions":[]}"#, Outcome::Fail);
    check(r#"{"baselineState":"absent"}"#, Outcome::Pass);
    let (ending, report) = report("a.sarif", include_bytes!("../../../../fuzz/seeds/sarif/one.sarif"));
    assert!(matches!(ending, Ending::ToolFailed { .. }) && !report.complete && report.tool_failed.is_some());
}

#[test]
fn sarif_fingerprints_must_tell_something() {
    let result = |rule: &str, file: &str, line: u32, print: &str| {
        format!(
            r#"{{"ruleId":"{rule}","fingerprints":{{"f":"{print}"}},"locations":[{{"physicalLocation":{{
                "artifactLocation":{{"uri":"{file}"}},"region":{{"startLine":{line}}}}}}}]}}"#
        )
    };
    let check = |rows: &[String], expect: &[&str]| {
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let made: Vec<String> = sarif(&[], &rows).sightings.into_iter().map(|s| s.identity).collect();
        assert_eq!(made, expect);
    };
    // A good one; a placeholder; one on two different pairs; one on three lines of one pair, numbered by line.
    check(&[result("r", "a", 1, "abc")], &["code|some-tool:r|a|print:f=abc"]);
    check(
        &[result("r", "a", 1, "requires login"), result("r", "a", 2, "requires login")],
        &["code|some-tool:r|a|line:1", "code|some-tool:r|a|line:2"],
    );
    check(
        &[result("r", "a", 1, "same"), result("r", "b", 1, "same")],
        &["code|some-tool:r|a|line:1", "code|some-tool:r|b|line:1"],
    );
    check(
        &[result("r", "a", 50, "x1"), result("r", "a", 48, "x1"), result("r", "a", 49, "x1")],
        &[
            "code|some-tool:r|a|print:f=x1|#3",
            "code|some-tool:r|a|print:f=x1",
            "code|some-tool:r|a|print:f=x1|#2",
        ],
    );
}

#[test]
fn cyclonedx_order_does_not_matter() {
    let (ending, json) = report("a.json", include_bytes!("../../../../fuzz/seeds/cyclonedx/one.json"));
    assert_eq!(ending, Ending::Complete);
    let s = &json.sightings[0];
    assert_eq!(shown(s), "Fail critical critical package|CVE-2026-0001|pkg:maven/g/n");
    assert_eq!(s.vector.as_deref(), Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"));
    assert_eq!(s.vulnerabilities, ["GHSA-1", "CVE-2026-0001"]);
    assert_eq!((s.cwe.as_deref(), s.asset.name.as_deref()), (Some("CWE-79"), Some("app")));
    let names: Vec<&str> = json.components.iter().map(|c| c.name.as_str()).collect();
    assert_eq!((names, json.subject.unwrap().kind), (vec!["g/n", "in"], "application".to_owned()));
    let (_, xml) = report("a.xml", include_bytes!("../../../../fuzz/seeds/cyclonedx/one.xml"));
    assert_eq!(shown(&xml.sightings[0]), "Fail medium 5 package|CVE-2026-0001|pkg:npm/%40s/n");
}

#[test]
fn a_cut_sarif_closes_nothing() {
    let whole = include_bytes!("../../../../fuzz/seeds/sarif/one.sarif");
    let (ending, report) = report("a.sarif", &whole[..whole.len() * 3 / 4]);
    assert!(matches!(ending, Ending::Truncated { .. }) && !report.complete);
    assert_eq!(report.sightings.len(), 2);
}
