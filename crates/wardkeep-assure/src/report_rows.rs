//! Scanner reports as facts.

use crate::facts::{Fact, Row};
use std::collections::BTreeMap;
use wardkeep_types::Moment;
use wardkeep_types::observation::Basis;
use wardkeep_types::sighting::{AssetHint, Class, Credentialed, Outcome, Report, Sighting, Target};

/// One row of a report as a fact of `sightings`. `asset` is the reference of the matched asset, if any; `at`
/// is when the report was made.
pub fn sighting_row(sighting: &Sighting, sha256: &str, asset: Option<&str>, at: Moment) -> Row {
    let basis = vec![Basis::ScanRow { sha256: sha256.to_owned(), row: sighting.row }];
    let row = hinted(Row { at: Some(at), basis, ..Row::default() }, &sighting.asset);
    row.text("tool", &sighting.tool)
        .text("rule", &sighting.rule)
        .text("title", &sighting.title)
        .text("outcome", outcome(sighting.outcome))
        .text("class", class(sighting.class))
        .text("severity", sighting.severity.key())
        .text("locus", &sighting.locus)
        .text("identity", &sighting.identity)
        .text("asset", asset.unwrap_or_else(|| sighting.asset.label()))
}

/// What a report says it looked at, as facts of `scans`: one per target. A report that states no targets
/// speaks for the assets it has rows about, and a bill of materials for the thing it describes.
pub fn scan_rows(report: &Report, sha256: &str, at: Moment) -> Vec<Row> {
    let kind = if report.components.is_empty() { "scan" } else { "sbom" };
    let base = || {
        Row { at: Some(at), basis: vec![Basis::File { sha256: sha256.to_owned() }], ..Row::default() }
            .text("tool", &report.tool)
            .text("kind", kind)
            .with("complete", Fact::Bool(report.complete))
            .with("components", Fact::Number(report.components.len() as f64))
    };
    let usable = report.tool_failed.is_none();
    if !report.targets.is_empty() {
        return report.targets.iter().map(|t| target(base(), t, usable)).collect();
    }
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    if let Some(subject) = &report.subject {
        let hint = AssetHint { name: Some(subject.name.clone()), ..AssetHint::default() };
        rows.insert(format!("{hint:?}"), hinted(base(), &hint).with("reached", Fact::Bool(usable)));
    }
    for hint in report.sightings.iter().map(|s| &s.asset).filter(|h| **h != AssetHint::default()) {
        rows.entry(format!("{hint:?}"))
            .or_insert_with(|| hinted(base(), hint).with("reached", Fact::Bool(usable)));
    }
    if rows.is_empty() && usable {
        // It was read and names nothing: a sign of life, but cover for no asset.
        return vec![base()];
    }
    rows.into_values().collect()
}

fn target(row: Row, target: &Target, usable: bool) -> Row {
    let credentialed = match target.credentialed {
        Credentialed::Yes => "yes",
        Credentialed::Partly => "partly",
        Credentialed::No => "no",
        Credentialed::Unknown => "unknown",
    };
    hinted(row, &target.asset)
        .with("reached", Fact::Bool(target.reached && usable))
        .text("credentialed", credentialed)
        .maybe("system", target.system.as_deref())
}

fn hinted(row: Row, hint: &AssetHint) -> Row {
    row.maybe("hostname", hint.hostname.as_deref())
        .maybe("ip", hint.ip.as_deref())
        .maybe("name", hint.name.as_deref())
        .maybe("cloud_uid", hint.cloud_uid.as_deref())
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "fail",
        Outcome::Pass => "pass",
        Outcome::NotChecked => "not_checked",
        Outcome::Error => "error",
        Outcome::Muted => "muted",
    }
}

fn class(class: Class) -> &'static str {
    match class {
        Class::Package => "package",
        Class::HostCheck => "host_check",
        Class::Compliance => "compliance",
        Class::Code => "code",
        Class::Web => "web",
        Class::Cloud => "cloud",
        Class::Secret => "secret",
        Class::Other => "other",
    }
}
