//! SARIF: what a source scanner says about the patient portal.

use super::Made;
use super::scene::{DAY, Scene};
use serde_json::{Value, json};

/// Rule, what it says, level, weight from 0 to 10, flaw.
#[rustfmt::skip] // one row a line
const RULES: [(&str, &str, &str, &str, &str); 6] = [
    ("portal/sql-by-hand", "A query is put together from input", "error", "9.1", "CWE-89"),
    ("portal/missing-owner-check", "A record is read without asking whose it is", "error", "8.2", "CWE-639"),
    ("portal/unescaped-output", "Input is shown without escaping", "warning", "6.1", "CWE-79"),
    ("portal/weak-hash", "A hash that is broken", "warning", "5.3", "CWE-327"),
    ("portal/verbose-error", "An error is shown with its inner text", "note", "3.1", "CWE-209"),
    ("portal/old-cookie", "A cookie without its flags", "note", "2.9", "CWE-614"),
];

/// Rule, file, line, silenced.
#[rustfmt::skip] // one row a line
const FOUND: [(usize, &str, u32, bool); 11] = [
    (0, "src/search/query.ts", 88, false),
    (0, "src/admin/report.ts", 141, true),
    (1, "src/letters/download.ts", 37, false),
    (1, "src/results/show.ts", 52, false),
    (2, "src/messages/view.ts", 19, false),
    (2, "src/messages/list.ts", 64, false),
    (2, "src/help/search.ts", 23, false),
    (3, "src/files/etag.ts", 11, false),
    (4, "src/server/errors.ts", 9, false),
    (4, "src/api/appointments.ts", 210, false),
    (5, "src/server/session.ts", 30, false),
];

pub(super) fn files(scene: &Scene) -> Vec<Made> {
    let (begun, ended) = (scene.ago(DAY + 5_000), scene.ago(DAY + 4_900));
    let rules: Vec<Value> = RULES
        .iter()
        .map(|(id, text, level, weight, flaw)| {
            json!({
                "id": id, "shortDescription": {"text": text}, "defaultConfiguration": {"level": level},
                "properties": {"security-severity": weight, "tags": ["security", format!("external/cwe/{}", flaw.to_lowercase())]},
            })
        })
        .collect();
    let results: Vec<Value> = FOUND
        .iter()
        .map(|(rule, file, line, silenced)| {
            let mut found = json!({
                "ruleId": RULES[*rule].0, "ruleIndex": rule, "level": RULES[*rule].2, "message": {"text": format!("{} in {file}.", RULES[*rule].1)},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": file, "uriBaseId": "ROOT"}, "region": {"startLine": line}}}],
                "partialFingerprints": {"contextHash/v1": format!("{:08x}", line * 2_654_435 + *rule as u32)},
            });
            if *silenced {
                found["suppressions"] = json!([{"kind": "inSource", "status": "accepted", "justification": "only fixed words reach it"}]);
            }
            found
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "Sample Source Check", "semanticVersion": "3.2.0", "rules": rules}},
            "invocations": [{"executionSuccessful": true, "startTimeUtc": begun, "endTimeUtc": ended}],
            "originalUriBaseIds": {"ROOT": {"uri": "file:///build/patient-portal/"}},
            "versionControlProvenance": [{"repositoryUri": "https://git01.tarnwald.example/apps/patient-portal", "revisionId": "5d1c0a7e", "branch": "main"}],
            "results": results,
        }],
    });
    let text = serde_json::to_string_pretty(&log).unwrap_or_default();
    vec![Made::new("scans/patient-portal.sarif", "sarif", text)]
}
