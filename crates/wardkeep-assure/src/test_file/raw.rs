//! The written form of a test file and the way to the parsed one.

use super::{Absent, Outcome, Part, Population, Rule, Says, Take, TestFile, is_key};
use crate::condition::Condition;
use crate::rules::{Kind, Method, TestRules, Thresholds, Timing};
use crate::source::Source;
use crate::template::Template;
use serde::Deserialize;
use serde_yaml_ng::Value;
use sha2::{Digest, Sha256};
use wardkeep_types::{Length, Problem, Problems, limits};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTest {
    key: String,
    name: String,
    version: u32,
    question: String,
    controls: Vec<String>,
    kind: Kind,
    method: Method,
    #[serde(default)]
    per_control: bool,
    #[serde(default)]
    thresholds: Thresholds,
    interval: Length,
    half_life: Option<Length>,
    validity: Option<Length>,
    #[serde(default = "yes")]
    mandatory: bool,
    #[serde(default = "one")]
    weight: u8,
    planned_sample: Option<u64>,
    may_be_empty: Option<String>,
    #[serde(default)]
    needs: Vec<String>,
    expected: Option<u64>,
    population: Option<RawPopulation>,
    outcome: Option<RawOutcome>,
    procedure: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPopulation {
    from: String,
    #[serde(default, rename = "where")]
    wanted: Value,
    window: Option<Length>,
    subject: OneOrMore,
    #[serde(default)]
    names: Vec<String>,
    second: Option<RawPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPart {
    from: String,
    #[serde(default, rename = "where")]
    wanted: Value,
    window: Option<Length>,
    subject: OneOrMore,
    #[serde(default)]
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOutcome {
    from: String,
    #[serde(default, rename = "where")]
    wanted: Value,
    window: Option<Length>,
    subject: OneOrMore,
    #[serde(default)]
    names: Vec<String>,
    rules: Vec<RawRule>,
    #[serde(default)]
    take: RawTake,
    absent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    result: RawSays,
    #[serde(default)]
    when: Value,
    #[serde(default)]
    detail: String,
    subject: Option<OneOrMore>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawSays {
    Pass,
    Fail,
    Unknown,
    Ignore,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum RawTake {
    #[default]
    Worst,
    Latest,
}

fn yes() -> bool {
    true
}

fn one() -> u8 {
    1
}

/// Reads a test file and reports every fault.
pub(super) fn read(name: &str, text: &str) -> Result<TestFile, Problems> {
    let mut problems = Problems::new();
    if text.len() > limits::TEXT_BYTES {
        let message = format!("the file is larger than {} KiB", limits::TEXT_BYTES / 1024);
        problems.add(Problem::new(name, "too_large", message).hint("one file holds one test"));
        return Err(problems);
    }
    let raw: RawTest = match serde_yaml_ng::from_str(text) {
        Ok(raw) => raw,
        Err(fault) => {
            let at =
                fault.location().map_or(name.to_owned(), |l| format!("{name}:{}:{}", l.line(), l.column()));
            problems.add(Problem::new(at, "unreadable", fault.to_string()));
            return Err(problems);
        }
    };
    let test = build(raw, text, &mut problems);
    if problems.is_empty() { Ok(test) } else { Err(problems) }
}

fn build(raw: RawTest, text: &str, problems: &mut Problems) -> TestFile {
    let timing = Timing::every(raw.interval);
    let rules = TestRules {
        key: raw.key,
        name: raw.name,
        version: raw.version,
        kind: raw.kind,
        method: raw.method,
        thresholds: raw.thresholds,
        timing: Timing {
            interval: raw.interval,
            half_life: raw.half_life.unwrap_or(timing.half_life),
            validity: raw.validity.unwrap_or(timing.validity),
        },
        mandatory: raw.mandatory,
        weight: raw.weight,
        planned_sample: raw.planned_sample,
        may_be_empty: raw.may_be_empty.is_some(),
    };
    rules.check(problems);
    problems.require(
        is_key(&rules.key),
        "key",
        "not_a_key",
        "a key has lower-case letters, digits and hyphens, at most 64",
    );
    problems.require(!rules.name.trim().is_empty(), "name", "missing", "the name is empty");
    problems.require(!raw.question.trim().is_empty(), "question", "missing", "the question is empty");
    problems.require(!raw.procedure.trim().is_empty(), "procedure", "missing", "the procedure is empty");
    problems.require(
        !raw.controls.is_empty(),
        "controls",
        "missing",
        "a test speaks about at least one control",
    );
    problems.require(
        raw.controls.iter().all(|c| is_key(c)),
        "controls",
        "not_a_key",
        "a control is named by its key",
    );
    let reason = raw.may_be_empty.as_deref().map(str::trim);
    problems.require(
        reason != Some(""),
        "may_be_empty",
        "missing",
        "say why a population of zero is an answer",
    );
    let by_machine = rules.method.strength() == wardkeep_types::observation::Strength::Automated;
    problems.require(
        raw.outcome.is_some() || !by_machine,
        "outcome",
        "missing",
        "a test that a machine answers needs an outcome",
    );
    problems.require(
        raw.population.is_none() || raw.outcome.is_some(),
        "population",
        "unused",
        "a population without an outcome is never looked at",
    );
    let needs = raw.needs.iter().enumerate();
    let needs = needs.filter_map(|(i, s)| source(s, &format!("needs[{i}]"), problems)).collect();
    let separate = raw.population.is_some();
    let population = raw.population.map(|p| population(p, problems));
    let outcome = raw.outcome.map(|o| outcome(o, separate, problems));
    TestFile {
        rules,
        question: raw.question,
        controls: raw.controls,
        per_control: raw.per_control,
        needs,
        empty_because: raw.may_be_empty,
        expected: raw.expected,
        population,
        outcome,
        procedure: raw.procedure,
        sha256: hex::encode(Sha256::digest(text.replace("\r\n", "\n"))),
    }
}

fn population(raw: RawPopulation, problems: &mut Problems) -> Population {
    let first = RawPart {
        from: raw.from,
        wanted: raw.wanted,
        window: raw.window,
        subject: raw.subject,
        names: raw.names,
    };
    Population {
        part: part(first, "population", problems),
        second: raw.second.map(|second| part(second, "population.second", problems)),
    }
}

fn outcome(raw: RawOutcome, separate: bool, problems: &mut Problems) -> Outcome {
    problems.require(
        !raw.rules.is_empty(),
        "outcome.rules",
        "missing",
        "an outcome without rules says nothing",
    );
    if raw.absent.is_some() && !separate {
        let message = "nothing can be absent without a population of its own";
        problems.add(Problem::new("outcome.absent", "unused", message).hint("add a population"));
    }
    let written = RawPart {
        from: raw.from,
        wanted: raw.wanted,
        window: raw.window,
        subject: raw.subject,
        names: raw.names,
    };
    let part = part(written, "outcome", problems);
    let rules = raw.rules.into_iter().enumerate();
    let rules = rules.map(|(i, r)| rule(r, &part.from, &format!("outcome.rules[{i}]"), problems)).collect();
    Outcome {
        part,
        rules,
        take: match raw.take {
            RawTake::Worst => Take::Worst,
            RawTake::Latest => Take::Latest,
        },
        absent: raw.absent.map_or(Absent::Unseen, Absent::Fail),
    }
}

fn rule(raw: RawRule, from: &Source, path: &str, problems: &mut Problems) -> Rule {
    let when = Condition::parse(&raw.when, &format!("{path}.when"), problems);
    known_fields(&when, from, &format!("{path}.when"), problems);
    let subject =
        raw.subject.map_or_else(Vec::new, |s| templates(s, from, &format!("{path}.subject"), problems));
    let detail = OneOrMore::One(raw.detail);
    Rule {
        when,
        says: match raw.result {
            RawSays::Pass => Says::Pass,
            RawSays::Fail => Says::Fail,
            RawSays::Unknown => Says::Unknown,
            RawSays::Ignore => Says::Ignore,
        },
        detail: templates(detail, from, &format!("{path}.detail"), problems).pop().unwrap_or_default(),
        subject,
    }
}

fn part(raw: RawPart, path: &str, problems: &mut Problems) -> Part {
    let from = source(&raw.from, &format!("{path}.from"), problems).unwrap_or(Source::Events);
    let wanted = Condition::parse(&raw.wanted, &format!("{path}.where"), problems);
    known_fields(&wanted, &from, &format!("{path}.where"), problems);
    let subject = templates(raw.subject, &from, &format!("{path}.subject"), problems);
    problems.require(!subject.is_empty(), &format!("{path}.subject"), "missing", "a subject needs a name");
    for name in &raw.names {
        known(name, &from, &format!("{path}.names"), problems);
    }
    let empty = raw.window.is_some_and(|w| w.seconds() == 0);
    problems.require(!empty, &format!("{path}.window"), "out_of_range", "a window of no length sees nothing");
    Part { from, wanted, window: raw.window, subject, names: raw.names }
}

fn templates(raw: OneOrMore, from: &Source, path: &str, problems: &mut Problems) -> Vec<Template> {
    let texts = match raw {
        OneOrMore::One(text) => vec![text],
        OneOrMore::More(texts) => texts,
    };
    let mut parsed = Vec::new();
    for text in texts {
        match Template::parse(&text) {
            Ok(template) => {
                template.fields().for_each(|field| known(field, from, path, problems));
                parsed.push(template);
            }
            Err(message) => problems.add(Problem::new(path, "not_a_template", message)),
        }
    }
    parsed
}

fn source(text: &str, path: &str, problems: &mut Problems) -> Option<Source> {
    text.parse().map_err(|message| problems.add(Problem::new(path, "unknown_source", message))).ok()
}

fn known_fields(condition: &Condition, from: &Source, path: &str, problems: &mut Problems) {
    condition.fields(&mut |field| known(field, from, path, problems));
}

fn known(field: &str, from: &Source, path: &str, problems: &mut Problems) {
    if field != "@control" && !from.may_know(field) {
        let message = format!("{from} has no field '{field}'");
        let hint = format!("known are {}", from.known().join(", "));
        problems.add(Problem::new(path, "unknown_field", message).hint(hint));
    }
}
