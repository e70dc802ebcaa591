//! Why a rule fired on an event, or did not (DE-3).

use crate::eval::{atom_holds, holds, value_holds};
use crate::ir::{Atom, Link, Node};
use crate::rule::{Logic, Rule};
use crate::view::View;
use serde::Serialize;
use wardkeep_types::event::{Event, LogSource};

/// How one part came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It does not hold because the event has no such field.
    Missing,
}

/// One part of a rule's logic, with what was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The part in words: a name, `all of`, or a comparison.
    pub label: String,
    /// How it came out.
    pub outcome: Outcome,
    /// The field looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The value found, cut at 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// For a list of values, those that were found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<String>,
    /// Its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Step>,
}

impl Step {
    /// The comparisons that decided: those that held, where the whole holds; those that did not, where it does not;
    /// below a `not` the other way round.
    pub fn decisive(&self) -> Vec<&Step> {
        let mut found = Vec::new();
        self.decide(self.outcome == Outcome::True, &mut found);
        found
    }
    fn decide<'s>(&'s self, held: bool, found: &mut Vec<&'s Step>) {
        if (self.outcome == Outcome::True) != held {
            return;
        }
        if self.parts.is_empty() {
            found.push(self);
            return;
        }
        let turned = self.label == "not" || self.label.ends_with(": not");
        self.parts.iter().for_each(|part| part.decide(held != turned, found));
    }
}

/// Why a rule fired on an event, or did not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// Whether the rule fires: log source and logic both agree.
    pub fires: bool,
    /// Whether the rule is written for any log source of the event.
    pub routed: bool,
    /// The log source that the rule is written for.
    pub wanted: LogSource,
    /// The log sources of the event.
    pub event: Vec<LogSource>,
    /// Why the rule cannot fire on any event, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asleep: Option<String>,
    /// The condition as written.
    pub condition: String,
    /// The logic with what was found.
    pub logic: Step,
}

/// Explains one rule on one event. A correlation is explained by its condition only: its parts are other rules.
pub fn explain(rule: &Rule, event: &Event) -> Explanation {
    let view = View::by_name(event);
    let routed = event.logsources.iter().any(|from| rule.takes(from));
    let (logic, asleep) = match &rule.logic {
        Logic::Detection(node) => {
            let unset = &rule.unset_placeholders;
            let asleep =
                (!unset.is_empty()).then(|| format!("these placeholders have no list: {}", unset.join(", ")));
            (step(node, &view), asleep)
        }
        Logic::Correlation(_) => {
            let asleep = "a correlation looks at hits of other rules, not at one event".to_owned();
            (group(rule.condition.clone(), false, Vec::new()), Some(asleep))
        }
    };
    Explanation {
        rule: rule.id.to_string(),
        title: rule.title.to_string(),
        fires: routed && asleep.is_none() && logic.outcome == Outcome::True,
        routed,
        wanted: rule.logsource.clone(),
        event: event.logsources.to_vec(),
        asleep,
        condition: rule.condition.clone(),
        logic,
    }
}

fn group(label: String, holds: bool, parts: Vec<Step>) -> Step {
    let outcome = if holds { Outcome::True } else { Outcome::False };
    Step { label, outcome, field: None, value: None, found: Vec::new(), parts }
}

fn step(node: &Node, view: &View<'_>) -> Step {
    let holds = holds(node, view);
    let steps = |nodes: &[Node]| nodes.iter().map(|node| step(node, view)).collect();
    match node {
        Node::All(nodes) => group("all of".into(), holds, steps(nodes)),
        Node::Any(nodes) => group("one of".into(), holds, steps(nodes)),
        Node::AtLeast(count, nodes) => group(format!("{count} of"), holds, steps(nodes)),
        Node::Not(node) => group("not".into(), holds, vec![step(node, view)]),
        Node::Named(name, node) => match step(node, view) {
            // A part that is only a list needs no level of its own.
            inner if inner.field.is_none() && !inner.parts.is_empty() => {
                Step { label: format!("{name}: {}", inner.label), ..inner }
            }
            inner => group(name.to_string(), holds, vec![inner]),
        },
        Node::Atom(atom) => atom_step(atom, view),
    }
}

fn atom_step(atom: &Atom, view: &View<'_>) -> Step {
    /// Characters shown of a value.
    const SHOWN: usize = 500;
    /// Values listed as found.
    const LISTED: usize = 20;
    let holds = atom_holds(atom, view);
    let found = atom.field.as_ref().map(|field| view.get(field));
    let value = atom.field.as_ref().and_then(|field| view.text(field)).map(|text| {
        let cut: String = text.chars().take(SHOWN).collect();
        if cut.len() < text.len() { cut + "…" } else { cut }
    });
    let tests = atom.tests.iter().filter(|test| match found {
        Some(found) => value_holds(test, found, view),
        None => atom_holds(&Atom { field: None, link: Link::Any, tests: vec![(*test).clone()] }, view),
    });
    let hits =
        if atom.tests.len() > 1 { tests.take(LISTED).map(ToString::to_string).collect() } else { Vec::new() };
    let outcome = match (holds, found) {
        (true, _) => Outcome::True,
        (false, Some(None)) => Outcome::Missing,
        (false, _) => Outcome::False,
    };
    Step {
        label: atom.to_string(),
        outcome,
        field: atom.field.as_ref().map(|field| field.name.to_string()),
        value,
        found: hits,
        parts: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Step};

    fn step(label: &str, outcome: Outcome, parts: Vec<Step>) -> Step {
        Step { label: label.into(), outcome, field: None, value: None, found: Vec::new(), parts }
    }

    #[test]
    fn what_decided_is_found_through_not() {
        use Outcome::{False, Missing, True};
        let inner = || {
            step(
                "not",
                False,
                vec![step("filter: one of", True, vec![step("x", True, vec![]), step("y", False, vec![])])],
            )
        };
        let whole = step("all of", False, vec![step("a", True, vec![]), inner()]);
        let names = |s: &Step| s.decisive().iter().map(|d| d.label.clone()).collect::<Vec<_>>();
        assert_eq!(names(&whole), ["x"]);
        let missed = step(
            "all of",
            False,
            vec![step("a", True, vec![]), step("b", Missing, vec![]), step("c", False, vec![])],
        );
        assert_eq!(names(&missed), ["b", "c"]);
        let fires = step("one of", True, vec![step("a", True, vec![]), step("b", False, vec![])]);
        assert_eq!(names(&fires), ["a"]);
        assert_eq!(names(&step("not", True, vec![step("a", Missing, vec![])])), ["a"]);
    }
}
