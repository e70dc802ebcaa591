//! From what was sent to an observation; the server sets what a collector may not claim (OB-1).

use super::problem;
use crate::{Ctx, Error, Refusal};
use serde_json::{Map, Value as Json};
use wardkeep_assure::{TestFile, TestRules};
use wardkeep_types::observation::{Counts, Observation, RunResult, Strength, SubjectResult};
use wardkeep_types::{Id, Line, Moment, Problem, Problems};

/// Members of an observation that is sent.
pub const MEMBERS: &[&str] = &[
    "test",
    "unit",
    "period",
    "effective_at",
    "collected_at",
    "collector",
    "query_sha256",
    "population",
    "expected",
    "examined",
    "passed",
    "failed",
    "excepted",
    "unknown",
    "failing_subjects",
    "evidence",
    "idempotency_key",
    "note",
    "error",
    "statement",
    "attester",
    "answer",
];
/// Characters of a key by which sending twice is harmless.
const KEY_CHARACTERS: usize = 200;
/// Files that one observation names.
const EVIDENCE: usize = 1_000;

/// An observation as it was sent.
pub struct Sent {
    pub test: String,
    pub unit: String,
    pub idempotency_key: String,
    from: Moment,
    to: Moment,
    effective_at: Option<Moment>,
    collector: String,
    query_sha256: Option<String>,
    counts: Counts,
    failing: Vec<String>,
    evidence: Vec<String>,
    note: Option<String>,
    error: Option<String>,
    attested: Option<String>,
}

/// A reader of members that collects what is wrong.
struct Reader<'a> {
    members: &'a Map<String, Json>,
    problems: Problems,
}

impl Reader<'_> {
    fn line(&mut self, name: &str, required: bool) -> Option<String> {
        match self.members.get(name) {
            None | Some(Json::Null) => {
                if required {
                    problem(&mut self.problems, name, "required", format!("{name} is missing"));
                }
                None
            }
            Some(Json::String(text)) if required && text.trim().is_empty() => {
                problem(&mut self.problems, name, "required", format!("{name} is empty"));
                None
            }
            Some(Json::String(text)) => match text.parse::<Line>() {
                Ok(line) if !line.as_str().is_empty() => Some(line.to_string()),
                _ => {
                    problem(
                        &mut self.problems,
                        name,
                        "invalid",
                        format!("{name} is one line of at most 200 characters"),
                    );
                    None
                }
            },
            Some(_) => {
                problem(&mut self.problems, name, "invalid", format!("{name} is a text"));
                None
            }
        }
    }
    fn moment(&mut self, path: &str, json: Option<&Json>, required: bool) -> Option<Moment> {
        match json {
            None | Some(Json::Null) if !required => None,
            None | Some(Json::Null) => {
                problem(&mut self.problems, path, "required", format!("{path} is missing"));
                None
            }
            Some(json) => {
                let read = json.as_str().and_then(|text| text.parse().ok());
                if read.is_none() {
                    let found = Problem::new(path, "invalid", format!("{path} is no moment"));
                    self.problems.add(found.hint("write it as 2026-07-01T00:00:00Z"));
                }
                read
            }
        }
    }
    fn count(&mut self, name: &str) -> Option<u64> {
        let json = self.members.get(name).filter(|json| !json.is_null())?;
        // Sums of seven counts stay far from the end of the type.
        let read = json.as_u64().filter(|n| *n < 1 << 53);
        if read.is_none() {
            problem(&mut self.problems, name, "invalid", format!("{name} is a whole number of at least 0"));
        }
        read
    }
    fn list(&mut self, name: &str, most: usize) -> Vec<String> {
        let Some(json) = self.members.get(name).filter(|json| !json.is_null()) else { return Vec::new() };
        let read = json
            .as_array()
            .and_then(|items| items.iter().map(|i| Some(i.as_str()?.to_owned())).collect::<Option<Vec<_>>>());
        let Some(items) = read.filter(|items| items.len() <= most) else {
            problem(&mut self.problems, name, "invalid", format!("{name} is a list of at most {most} texts"));
            return Vec::new();
        };
        items
    }
    fn sha256(&mut self, path: &str, text: &str) -> Option<String> {
        let bare = text.strip_prefix("sha256:").unwrap_or(text).to_ascii_lowercase();
        let fits = bare.len() == 64 && bare.bytes().all(|b| b.is_ascii_hexdigit());
        if !fits {
            problem(&mut self.problems, path, "invalid", "a SHA-256 has 64 hexadecimal digits");
        }
        fits.then_some(bare)
    }
}

/// Reads the members of one observation; all faults are told at once.
pub fn read(members: &Map<String, Json>) -> Result<Sent, Problems> {
    let mut r = Reader { members, problems: Problems::new() };
    for name in members.keys().filter(|name| !MEMBERS.contains(&name.as_str())) {
        let refused = ["result", "strength", "recorded_at", "state", "verdict"].contains(&name.as_str());
        let message = if refused {
            format!("'{name}' is for Wardkeep to say")
        } else {
            format!("an observation has no member '{name}'")
        };
        problem(&mut r.problems, name, if refused { "computed" } else { "unknown_field" }, message);
    }
    let (test, unit, key) = (r.line("test", true), r.line("unit", true), r.line("idempotency_key", true));
    if key.as_ref().is_some_and(|key| key.chars().count() > KEY_CHARACTERS) {
        problem(&mut r.problems, "idempotency_key", "invalid", "a key has at most 200 characters");
    }
    let period = members.get("period");
    let from = r.moment("period.from", period.and_then(|p| p.get("from")), true);
    let to = r.moment("period.to", period.and_then(|p| p.get("to")), true);
    let effective_at = r.moment("effective_at", members.get("effective_at"), false);
    r.moment("collected_at", members.get("collected_at"), false);
    let collector = collector(&mut r);
    let query_sha256 = r.line("query_sha256", false).and_then(|text| r.sha256("query_sha256", &text));
    let mut named = |name: &str| r.count(name);
    let counts = Counts {
        population: named("population"),
        expected: named("expected"),
        examined: named("examined").unwrap_or(0),
        passed: named("passed").unwrap_or(0),
        failed: named("failed").unwrap_or(0),
        excepted: named("excepted").unwrap_or(0),
        unknown: named("unknown").unwrap_or(0),
    };
    let failing = subjects(&mut r);
    let hashes = r.list("evidence", EVIDENCE);
    let evidence =
        hashes.iter().enumerate().filter_map(|(i, text)| r.sha256(&format!("evidence[{i}]"), text)).collect();
    let (note, error, attested) = (r.line("note", false), r.line("error", false), attested(&mut r));
    match (test, unit, key, from, to, collector) {
        (Some(test), Some(unit), Some(idempotency_key), Some(from), Some(to), Some(collector))
            if r.problems.is_empty() =>
        {
            Ok(Sent {
                test,
                unit,
                idempotency_key,
                from,
                to,
                effective_at,
                collector,
                query_sha256,
                counts,
                failing,
                evidence,
                note,
                error,
                attested,
            })
        }
        _ => Err(r.problems),
    }
}

fn collector(r: &mut Reader<'_>) -> Option<String> {
    let json = r.members.get("collector").filter(|json| !json.is_null());
    let part = |name: &str| {
        json.and_then(|c| c.get(name)).and_then(Json::as_str).map(str::trim).filter(|t| !t.is_empty())
    };
    match (json, part("name"), part("version")) {
        (Some(Json::String(_)) | None, ..) => r.line("collector", true),
        (Some(_), Some(name), version) => {
            let both = format!("{name} {}", version.unwrap_or_default());
            let line = both.trim().parse::<Line>().ok().map(|line| line.to_string());
            if line.is_none() {
                problem(
                    &mut r.problems,
                    "collector",
                    "invalid",
                    "name and version of the collector fit one line",
                );
            }
            line
        }
        (Some(_), None, _) => {
            problem(&mut r.problems, "collector.name", "required", "say what collected it");
            None
        }
    }
}

fn subjects(r: &mut Reader<'_>) -> Vec<String> {
    let mut names = r.list("failing_subjects", 1_000_000);
    names.truncate(wardkeep_assure::observation::SUBJECTS_KEPT);
    for (index, name) in names.iter().enumerate() {
        if !name.parse::<Line>().is_ok_and(|line| !line.as_str().is_empty()) {
            let path = format!("failing_subjects[{index}]");
            problem(&mut r.problems, &path, "invalid", "a subject is one line of at most 200 characters");
        }
    }
    names
}

/// What somebody said, for tests whose answer is a statement (OB-2).
fn attested(r: &mut Reader<'_>) -> Option<String> {
    let (statement, attester, answer) =
        (r.line("statement", false), r.line("attester", false), r.line("answer", false));
    match (statement, attester, answer) {
        (None, None, None) => None,
        (Some(statement), Some(attester), Some(answer))
            if ["yes", "partly", "no"].contains(&answer.as_str()) =>
        {
            Some(format!("{attester} says {answer}: {statement}"))
        }
        _ => {
            let message = "a statement comes with statement, attester and answer (yes, partly, no)";
            problem(&mut r.problems, "answer", "required", message);
            None
        }
    }
}

/// The rules of a test that is live, by `key` or `key@version`.
pub fn test(tests: &[TestFile], named: &str) -> Result<(TestRules, String), Error> {
    let (key, version) = named.split_once('@').map_or((named, None), |(key, version)| (key, Some(version)));
    let found = tests.iter().find_map(|test| {
        if !test.per_control {
            return (test.rules.key == key).then(|| (test.rules.clone(), test.sha256.clone()));
        }
        let control = key.strip_prefix(&test.rules.key)?.strip_prefix('/')?;
        test.controls.iter().any(|c| c == control).then(|| (test.rules_for(control), test.sha256.clone()))
    });
    let (rules, sha256) =
        found.ok_or_else(|| Refusal::invalid("test", "unknown_ref", format!("there is no test '{key}'")))?;
    if version.is_some_and(|version| version != rules.version.to_string()) {
        let text = format!(
            "version {} of this test is not live; it is at {}",
            version.unwrap_or_default(),
            rules.version
        );
        return Err(Refusal::NotYet(text).into());
    }
    Ok((rules, sha256))
}

impl Sent {
    /// The observation it makes: result, strength and the moment of recording are ours.
    pub fn observation(
        &self,
        ctx: &Ctx,
        unit: Id,
        (rules, sha256): &(TestRules, String),
    ) -> Result<Observation, Problems> {
        let strength = rules.method.strength();
        if (strength == Strength::Attested) && self.attested.is_none() && self.error.is_none() {
            let message = "this test rests on what somebody says: send statement, attester and answer";
            return Err(Problems(vec![Problem::new("statement", "required", message)]));
        }
        let counts = self.counts;
        let seen = counts.examined + counts.unknown > 0;
        let empty_by_right = rules.may_be_empty && counts.population == Some(0);
        let result = match (&self.error, seen || empty_by_right) {
            (Some(_), _) => RunResult::Error,
            (None, true) => RunResult::Counted,
            (None, false) => RunResult::NoData,
        };
        let failing = |subject: &String| SubjectResult {
            subject: subject.clone(),
            passed: Some(false),
            excepted: false,
            detail: String::new(),
            basis: Vec::new(),
        };
        let note =
            self.error.iter().chain(&self.attested).chain(&self.note).cloned().collect::<Vec<_>>().join("; ");
        Ok(Observation {
            id: Id::new(ctx.now),
            test: rules.key.clone(),
            test_version: rules.version,
            unit,
            from: self.from,
            to: self.to,
            effective_at: self.effective_at.unwrap_or(self.to),
            recorded_at: ctx.now,
            collector: self.collector.clone(),
            query_sha256: self.query_sha256.clone().unwrap_or_else(|| sha256.clone()),
            result,
            counts,
            strength,
            completeness: None,
            totals_disagree: false,
            subjects: self.failing.iter().map(failing).collect(),
            evidence: self.evidence.clone(),
            note,
        })
    }
}
