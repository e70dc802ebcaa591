//! What is odd about rules that compile.

use crate::ir::{Link, Node, Test};
use crate::load::RuleSet;
use crate::rule::{Logic, Rule, Status};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use wardkeep_types::Severity;
use wardkeep_types::event::LogSource;

/// A remark about a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Lint {
    /// The rule's file.
    pub file: String,
    /// The rule's id.
    pub rule: String,
    /// Stable code.
    pub code: &'static str,
    /// What is odd, in one sentence.
    pub message: String,
    /// What to do about it.
    pub remedy: &'static str,
}

/// Looks at every rule. `provided` are the log sources that connected sources give.
pub fn lint(set: &RuleSet, provided: &BTreeSet<LogSource>) -> Vec<Lint> {
    let mut all = Vec::new();
    let mut add = |rule: &Rule, code, message: String, remedy| {
        all.push(Lint { file: rule.path.to_string(), rule: rule.id.to_string(), code, message, remedy });
    };
    for at in set.blind(provided) {
        let rule = &set.rules()[at];
        let message = format!("the rule is blind: nothing connected gives {}", shown(&rule.logsource));
        add(rule, "blind", message, "connect such a source, or mute the rule");
    }
    for rule in set.rules() {
        for (code, message, remedy) in facts(rule) {
            add(rule, code, message.to_owned(), remedy);
        }
        if !rule.unset_placeholders.is_empty() {
            let message = format!("these placeholders have no list: {}", rule.unset_placeholders.join(", "));
            add(rule, "placeholder", message, "set the lists in the settings of rules");
        }
        if let Logic::Detection(node) = &rule.logic
            && let Some(expression) = open_expression(node)
        {
            let message = format!("/{expression}/ holds no fixed text, so every value must be tried");
            add(rule, "slow_expression", message, "name a word that every match must hold");
        }
    }
    for at in set.restless() {
        let message =
            "the rule is evaluated for every event: nothing that it looks for is necessary".to_owned();
        add(&set.rules()[at], "restless", message, "add a selection that must hold");
    }
    let mut same: BTreeMap<String, &Rule> = BTreeMap::new();
    for rule in set.rules() {
        let Logic::Detection(node) = &rule.logic else { continue };
        let mut logic = format!("{:?} {} ", rule.logsource, rule.condition);
        node.atoms(&mut |atom| {
            logic.push_str(atom.field.as_ref().map_or("*", |field| &field.name));
            logic.push_str(if atom.link == Link::All { " all " } else { " any " });
            for test in &atom.tests {
                logic.push_str(&test.to_string());
            }
        });
        if let Some(other) = same.get(&logic) {
            let message = format!("the rule looks for the same as {} ({})", other.title, other.path);
            add(rule, "twin", message, "keep one of the two");
        } else {
            same.insert(logic, rule);
        }
    }
    all.sort();
    all
}

type Fact = (&'static str, &'static str, &'static str);

fn facts(rule: &Rule) -> Vec<Fact> {
    let detection = matches!(rule.logic, Logic::Detection(_));
    let facts = [
        (
            rule.id.starts_with("unnamed-"),
            ("no_id", "the rule has no id", "give it a UUID: tuning and alerts hang on it"),
        ),
        (
            rule.description.is_empty(),
            (
                "no_description",
                "the rule does not say what it is about",
                "describe what it finds and why that matters",
            ),
        ),
        (
            rule.level == Severity::Unknown,
            ("no_level", "the rule has no level", "give it one, so that alerts can be ranked"),
        ),
        (
            rule.reported && rule.falsepositives.is_empty(),
            (
                "no_falsepositives",
                "the rule does not say what else may fire it",
                "list known harmless causes, or write: none known",
            ),
        ),
        (
            rule.reported && rule.techniques.is_empty() && rule.tactics.is_empty(),
            (
                "no_technique",
                "the rule names no ATT&CK technique",
                "add tags such as attack.t1059.001: coverage counts them",
            ),
        ),
        (
            detection && rule.logsource == LogSource::default(),
            (
                "no_logsource",
                "the rule states no log source, so it looks at no event",
                "give the log source a category, product or service",
            ),
        ),
        (
            rule.status == Status::Deprecated,
            ("deprecated", "its author has withdrawn the rule", "retire it, and use what replaced it"),
        ),
        (
            rule.status == Status::Unsupported,
            ("unsupported", "its author says that the rule cannot work as it stands", "retire it"),
        ),
    ];
    facts.into_iter().filter(|(wrong, _)| *wrong).map(|(_, fact)| fact).collect()
}

fn open_expression(node: &Node) -> Option<String> {
    let mut found = None;
    node.atoms(&mut |atom| {
        for test in &atom.tests {
            if let Test::Regex(regex) = test
                && crate::matcher::literals(regex.as_str()).is_empty()
            {
                found.get_or_insert_with(|| regex.as_str().to_owned());
            }
        }
    });
    found
}

fn shown(source: &LogSource) -> String {
    let parts = [("product", &source.product), ("category", &source.category), ("service", &source.service)];
    let said: Vec<String> =
        parts.iter().filter_map(|(name, part)| Some(format!("{name} {}", part.as_deref()?))).collect();
    if said.is_empty() { "no log source".to_owned() } else { said.join(", ") }
}
