//! JSON, told apart by the names in its first object.

use super::Sniff;
use crate::Format;
use crate::Limits;
use crate::json::{Pull, PullError, Shape, TIME_NAMES, balanced};
use std::collections::BTreeSet;

/// Reports and documents that are known but not read: their names, and what they are.
const OTHERS: [(&[&str], &str); 45] = [
    (&["SchemaVersion", "ArtifactName"], "Trivy report (JSON)"),
    (&["Target", "Vulnerabilities"], "Trivy report (JSON)"),
    (&["ClusterName", "Resources"], "Trivy report (JSON)"),
    (&["matches", "descriptor"], "Grype report (JSON)"),
    (&["results", "errors", "paths"], "Semgrep report (JSON)"),
    (&["results", "errors", "metrics"], "Bandit report (JSON)"),
    (&["template-id", "info"], "Nuclei report (JSON)"),
    (&["templateID", "info"], "Nuclei report (JSON)"),
    (&["spdxVersion"], "SPDX document (JSON)"),
    (&["SPDXID"], "SPDX document (JSON)"),
    (&["@context", "@graph"], "JSON-LD document"),
    (&["document", "product_tree"], "CSAF document"),
    (&["document", "vulnerabilities"], "CSAF document"),
    (&["@context", "statements"], "OpenVEX document"),
    (&["auditReportVersion"], "npm audit report"),
    (&["advisories", "metadata"], "npm audit report"),
    (&["CheckID", "Status"], "Prowler report (JSON)"),
    (&["CheckID", "StatusExtended"], "Prowler report (JSON)"),
    (&["AwsAccountId", "GeneratorId"], "AWS Security Hub findings"),
    (&["Findings"], "findings report (JSON)"),
    (&["findings"], "findings report (JSON)"),
    (&["vulnerabilities", "packageManager"], "Snyk report (JSON)"),
    (&["vulnerabilities", "scan"], "GitLab report (JSON)"),
    (&["Description", "RuleID", "Secret"], "Gitleaks report (JSON)"),
    (&["SourceMetadata", "DetectorName"], "TruffleHog report (JSON)"),
    (&["plugins_used", "results"], "detect-secrets report (JSON)"),
    (&["check_type", "results"], "Checkov report (JSON)"),
    (&["osv"], "govulncheck report"),
    (&["schema_version", "affected"], "OSV advisory"),
    (&["dataType", "cveMetadata"], "CVE record"),
    (&["type", "objects", "id"], "STIX bundle"),
    (&["catalog"], "OSCAL catalog"),
    (&["profile"], "OSCAL profile"),
    (&["hash", "severity", "location"], "scanner report (JSON)"),
    (&["lockfileVersion"], "lock file (JSON)"),
    (&["Account Number", "Control ID"], "Prowler report (JSON)"),
    (&["created_at", "results", "version"], "bundler-audit report (JSON)"),
    (&["interesting_findings"], "WPScan report (JSON)"),
    (&["scan_aborted"], "WPScan report (JSON)"),
    (&["offender", "rule"], "Gitleaks report (JSON)"),
    (&["projectName", "rules"], "SonarQube report (JSON)"),
    (&["type", "data.advisory"], "yarn audit report (JSON)"),
    (&["value", "children"], "yarn audit report (JSON)"),
    (&["cveId", "productName"], "Defender vulnerability report (JSON)"),
    (&["osPlatform", "computerDnsName"], "Defender machine list (JSON)"),
];

/// What the head shows of a document.
#[derive(Default)]
struct Seen {
    /// Names of the first object, and of the objects in it, dotted.
    names: BTreeSet<String>,
    /// Names in the first element of an array that the first object holds under one of the container names.
    inner: BTreeSet<String>,
    /// Objects at the top or in the array at the top.
    objects: usize,
    array: bool,
}

pub(super) fn sniff(text: &[u8]) -> Option<Sniff> {
    let mut seen = Seen::default();
    // The head may be cut anywhere; what was seen before the cut counts.
    let cut = look(text, &mut seen).is_err();
    let has = |name: &str| seen.names.contains(name);
    if has("bomFormat") || (has("specVersion") && has("components")) {
        return Some(Sniff::certain(Format::CycloneDx, "member bomFormat"));
    }
    let sarif_schema = memchr::memmem::find(&text[..text.len().min(2_048)], b"sarif").is_some();
    if has("runs") && (has("version") || sarif_schema) || (has("$schema") && has("version") && sarif_schema) {
        return Some(Sniff::certain(Format::Sarif, "members version and runs"));
    }
    let inside = !seen.inner.is_empty();
    let names = if inside { &seen.inner } else { &seen.names };
    if names.is_empty() {
        // After a whole array or object of something else there is nothing to read; broken text may be no JSON.
        let told = Sniff::unknown("JSON document", "It holds no objects, so there are no records to read.");
        return (!cut || seen.objects > 0).then_some(told);
    }
    if let Some((_, words)) = OTHERS.iter().find(|(all, _)| all.iter().all(|name| names.contains(*name))) {
        return Some(Sniff::unknown(*words, "This version does not read that format."));
    }
    let found =
        records(names, if inside { "names of the first record inside" } else { "names of the first record" });
    if found.format != Format::Json {
        return Some(found);
    }
    let timed = TIME_NAMES.iter().any(|name| names.contains(*name));
    let lines = text.split(|b| *b == b'\n').take(3).filter(|line| balanced(line)).count();
    // A message of a program that talks in JSON lines is no log record.
    let message = names.len() == 2 && names.contains("type") && names.contains("data");
    if timed || (lines >= 2 && !seen.array && !message) {
        return Some(found);
    }
    Some(Sniff::unknown("JSON document", "Its objects carry no time, so they are not log records."))
}

fn records(names: &BTreeSet<String>, why: &str) -> Sniff {
    let shape = Shape::of(|name| names.contains(name));
    match shape {
        Shape::Windows | Shape::CloudTrail => Sniff::certain(shape.format(), why),
        _ => Sniff::likely(shape.format(), why),
    }
}

type Reader<'t> = Pull<&'t [u8]>;

fn look(text: &[u8], seen: &mut Seen) -> Result<(), PullError> {
    let mut pull = Pull::new(text, &Limits::default());
    if pull.peek()? == Some(b'[') {
        seen.array = true;
        return pull.array(|pull| top(pull, seen));
    }
    while pull.peek()? == Some(b'{') {
        top(&mut pull, seen)?;
        pull.take(b',')?;
    }
    Ok(())
}

fn top(pull: &mut Reader<'_>, seen: &mut Seen) -> Result<(), PullError> {
    if pull.peek()? != Some(b'{') || seen.objects > 0 {
        seen.objects += usize::from(pull.peek()? == Some(b'{'));
        return pull.skip();
    }
    seen.objects += 1;
    let Seen { names, inner, .. } = seen;
    pull.object(|pull, key| {
        names.insert(key.to_owned());
        let container = matches!(key, "Records" | "records" | "items")
            || (key == "value" && names.contains("@odata.context"));
        if container && inner.is_empty() && pull.peek()? == Some(b'[') {
            return pull
                .array(|pull| if inner.is_empty() { members(pull, "", 3, inner) } else { pull.skip() });
        }
        // Inside Event.System and winlog stand the names that tell.
        members(pull, key, 2, names)
    })
}

/// Adds the dotted names of an object's members, `levels` deep.
fn members(
    pull: &mut Reader<'_>,
    path: &str,
    levels: usize,
    names: &mut BTreeSet<String>,
) -> Result<(), PullError> {
    if levels == 0 || names.len() > 500 || pull.peek()? != Some(b'{') {
        return pull.skip();
    }
    pull.object(|pull, key| {
        let name = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        names.insert(name.clone());
        members(pull, &name, levels - 1, names)
    })
}
