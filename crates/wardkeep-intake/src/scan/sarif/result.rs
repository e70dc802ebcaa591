//! Results made into sightings once the whole run is read.

use super::locate::{Artifacts, Place, index};
use super::rules::{Rule, Rules, taxon, text};
use crate::scan::{blank, identity, mask, words};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use wardkeep_types::Severity;
use wardkeep_types::sighting::{Class, Outcome, Sighting};

/// What is kept of a result.
#[derive(Debug)]
pub(super) struct Row {
    number: u64,
    rule: String,
    component: Option<usize>,
    rule_index: Option<usize>,
    level: Option<String>,
    rank: Option<f64>,
    security_severity: Option<String>,
    outcome: Outcome,
    message: Option<String>,
    message_id: Option<String>,
    arguments: Vec<String>,
    place: Place,
    fingerprints: Vec<String>,
    cwe: Option<String>,
}

impl Row {
    pub(super) fn read(number: u64, value: &Map<String, Value>) -> Self {
        let rule = value.get("rule");
        let message = value.get("message");
        let location = value.get("locations").and_then(Value::as_array).and_then(|all| all.first());
        let taxa = value.get("taxa").and_then(Value::as_array);
        let arguments = message.and_then(|m| m.get("arguments")).and_then(Value::as_array);
        Self {
            number,
            rule: text(value.get("ruleId")).or_else(|| text(rule?.get("id"))).unwrap_or_default(),
            component: rule.and_then(|r| index(r.pointer("/toolComponent/index"))),
            rule_index: index(value.get("ruleIndex")).or_else(|| index(rule?.get("index"))),
            level: text(value.get("level")),
            rank: value.get("rank").and_then(Value::as_f64),
            security_severity: value.get("properties").and_then(|p| text(p.get("security-severity"))),
            outcome: outcome(value),
            message: message.and_then(|m| text(m.get("text")).or_else(|| text(m.get("markdown")))),
            message_id: message.and_then(|m| text(m.get("id"))),
            arguments: arguments
                .map(|all| all.iter().map(|a| text(Some(a)).unwrap_or_default()).collect())
                .unwrap_or_default(),
            place: location.map(Place::read).unwrap_or_default(),
            fingerprints: fingerprints(value),
            cwe: taxa.and_then(|all| all.iter().find_map(taxon)),
        }
    }
}

/// `kind` says pass or fail; a suppression that was not refused mutes; a result that only the baseline had is gone.
fn outcome(value: &Map<String, Value>) -> Outcome {
    let suppressions = value.get("suppressions").and_then(Value::as_array);
    let muting =
        |s: &Value| !matches!(s.get("status").and_then(Value::as_str), Some("rejected" | "underReview"));
    let word = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    match word("kind") {
        "pass" => Outcome::Pass,
        "notApplicable" | "review" | "open" | "informational" => Outcome::NotChecked,
        _ if word("baselineState") == "absent" => Outcome::Pass,
        _ if suppressions.is_some_and(|all| all.iter().any(muting)) => Outcome::Muted,
        _ => Outcome::Fail,
    }
}

/// Fingerprints as `name=value`, the full ones before the partial ones, each in order of name.
fn fingerprints(value: &Map<String, Value>) -> Vec<String> {
    const PLACEHOLDERS: [&str; 4] = ["requires login", "<finding_uid>", "null", "none"];
    let mut all = Vec::new();
    for member in ["fingerprints", "partialFingerprints"] {
        let sorted: BTreeMap<_, _> =
            value.get(member).and_then(Value::as_object).into_iter().flatten().collect();
        for (name, print) in sorted {
            let Some(print) = text(Some(print)) else { continue };
            let empty = print.chars().all(|c| matches!(c, '0' | '-' | ':'));
            if !empty && !PLACEHOLDERS.contains(&print.to_ascii_lowercase().as_str()) {
                all.push(format!("{name}={print}"));
            }
        }
    }
    all
}

/// Makes the sightings of a run.
pub(super) fn sightings(
    tool: &str,
    repository: Option<&str>,
    rows: Vec<Row>,
    rules: &Rules,
    artifacts: &Artifacts,
) -> Vec<Sighting> {
    let paths: Vec<String> = rows.iter().map(|row| artifacts.path(&row.place)).collect();
    let named: Vec<String> = rows.iter().map(|row| rule_id(row, rules)).collect();
    let usable = usable_fingerprints(&rows, &paths, &named);
    let mut made: Vec<Sighting> = Vec::with_capacity(rows.len());
    for ((row, path), rule) in rows.iter().zip(&paths).zip(&named) {
        let found = rules.find(&row.rule, row.component, row.rule_index);
        let context = context(row, &usable);
        let mut s = blank(row.number, tool, rule, class(found));
        s.identity = identity::code(tool, rule, path, &context);
        describe(&mut s, row, found, path);
        s.asset.name = repository.map(str::to_owned);
        made.push(s);
    }
    number_equals(&mut made, &rows);
    made
}

fn rule_id(row: &Row, rules: &Rules) -> String {
    if !row.rule.is_empty() {
        return row.rule.clone();
    }
    let found = rules.find("", row.component, row.rule_index).map(|rule| rule.id.clone());
    found.filter(|id| !id.is_empty()).unwrap_or_else(|| "unnamed".to_owned())
}

/// A fingerprint counts only inside one rule and file; one that stands on two different pairs says nothing.
fn usable_fingerprints<'r>(
    rows: &'r [Row],
    paths: &'r [String],
    rules: &'r [String],
) -> HashMap<&'r str, bool> {
    let mut pairs: HashMap<&str, (&str, &str)> = HashMap::new();
    let mut usable: HashMap<&str, bool> = HashMap::new();
    for ((row, path), rule) in rows.iter().zip(paths).zip(rules) {
        for print in &row.fingerprints {
            let pair = (path.as_str(), rule.as_str());
            let same = *pairs.entry(print).or_insert(pair) == pair;
            *usable.entry(print).or_insert(true) &= same;
        }
    }
    usable
}

/// What tells two results of one rule in one file apart, best first.
fn context(row: &Row, usable: &HashMap<&str, bool>) -> String {
    if let Some(print) = row.fingerprints.iter().find(|print| usable.get(print.as_str()) == Some(&true)) {
        return format!("print:{print}");
    }
    if let Some(snippet) = &row.place.snippet {
        let bare: String = snippet.chars().filter(|c| !c.is_whitespace()).collect();
        if !bare.is_empty() {
            return format!("text:{}", &blake3::hash(bare.as_bytes()).to_hex()[..32]);
        }
    }
    if let Some(logical) = &row.place.logical {
        return format!("in:{logical}");
    }
    row.place.line.map_or_else(|| "file".to_owned(), |line| format!("line:{line}"))
}

/// Equal identities get a number in order of line, so that every row stays a finding of its own.
fn number_equals(made: &mut [Sighting], rows: &[Row]) {
    let mut order: Vec<usize> = (0..made.len()).collect();
    order.sort_by_key(|at| (rows[*at].place.line.unwrap_or(0), rows[*at].number));
    let mut seen: HashMap<String, u32> = HashMap::new();
    for at in order {
        let count = seen.entry(made[at].identity.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            made[at].identity = format!("{}|#{count}", made[at].identity);
        }
    }
}

fn class(rule: Option<&Rule>) -> Class {
    let secret = rule.is_some_and(|rule| rule.tags.iter().any(|tag| tag.eq_ignore_ascii_case("secret")));
    if secret { Class::Secret } else { Class::Code }
}

fn describe(s: &mut Sighting, row: &Row, rule: Option<&Rule>, path: &str) {
    s.outcome = row.outcome;
    (s.severity, s.raw_severity) = severity(row, rule);
    s.cvss = row
        .security_severity
        .as_deref()
        .or_else(|| rule?.security_severity.as_deref())
        .and_then(words::score);
    let message = message(row, rule);
    let title = rule.and_then(|rule| rule.title.clone()).or_else(|| message.clone());
    s.title = title
        .unwrap_or_else(|| s.rule.clone())
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    s.cwe = row.cwe.clone().or_else(|| rule?.cwe.clone());
    let is_vulnerability = ["CVE-", "GHSA-", "RUSTSEC-"].iter().any(|start| s.rule.starts_with(start));
    if is_vulnerability {
        s.vulnerabilities = vec![s.rule.clone()];
    }
    s.locus = match (path.is_empty(), row.place.line) {
        (false, Some(line)) => format!("{path}:{line}"),
        (false, None) => path.to_owned(),
        (true, _) => row.place.logical.clone().unwrap_or_default(),
    };
    s.solution = rule.and_then(|rule| rule.solution.as_deref()).and_then(mask::evidence);
    // The flagged text of a secret is the secret.
    let snippet = row.place.snippet.as_deref().filter(|_| s.class != Class::Secret);
    let parts: Vec<&str> = [message.as_deref(), snippet].into_iter().flatten().collect();
    s.evidence = mask::evidence(&parts.join("\n\n"));
}

/// `security-severity`, then the result's level, then the rule's, then the rank; else SARIF's own default,
/// `warning`.
fn severity(row: &Row, rule: Option<&Rule>) -> (Severity, String) {
    let stated = row.security_severity.as_deref().or_else(|| rule?.security_severity.as_deref());
    if let Some(raw) = stated {
        let by_score = words::score(raw).map(Severity::from_cvss);
        return (by_score.unwrap_or_else(|| words::rating(raw)), raw.to_owned());
    }
    if let Some(level) = row.level.as_deref().or_else(|| rule?.level.as_deref()) {
        return (words::level(level), level.to_owned());
    }
    if let Some(rank) = row.rank.filter(|rank| *rank >= 0.0) {
        return (words::rank(rank), rank.to_string());
    }
    let level = if matches!(row.outcome, Outcome::Fail | Outcome::Muted) { "warning" } else { "none" };
    (words::level(level), String::new())
}

/// The message's own text, or the rule's text for its id, with `{0}` and so on filled in.
fn message(row: &Row, rule: Option<&Rule>) -> Option<String> {
    let by_id = || rule?.messages.get(row.message_id.as_deref()?).cloned();
    let mut text = row.message.clone().or_else(by_id)?;
    for (index, argument) in row.arguments.iter().enumerate() {
        text = text.replace(&format!("{{{index}}}"), argument);
    }
    Some(text)
}
