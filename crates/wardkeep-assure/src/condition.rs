//! Conditions over facts, written as in a Sigma selection: a map means all, a list of maps means any, a list
//! of values means one of them, `field|modifier` says how to compare.
//!
//! Modifiers: none (equals), `contains`, `startswith`, `endswith`, `exists`, `lt`, `lte`, `gt`, `gte`,
//! `before`, `after`, and `not` after any of them. Text is compared without regard to case. A field that is
//! missing or empty meets no condition but `exists: false`, `null` and those with `not`.

use crate::facts::{Fact, Facts};
use crate::operand::{Operand, Scope};
use serde_yaml_ng::Value;
use std::cmp::Ordering;
use wardkeep_types::{Problem, Problems};

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Each must hold; empty holds always.
    All(Vec<Condition>),
    /// One must hold.
    Any(Vec<Condition>),
    /// One comparison.
    Compare {
        /// Name of the field.
        field: String,
        /// How.
        how: Compare,
        /// With what: one of them must fit.
        with: Vec<Operand>,
        /// Turned round.
        not: bool,
    },
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// The same, without regard to case.
    Equals,
    /// Holds the text.
    Contains,
    /// Begins with it.
    StartsWith,
    /// Ends with it.
    EndsWith,
    /// Is there and not empty, or is not.
    Exists,
    /// Less, or earlier.
    Less,
    /// Less or equal.
    AtMost,
    /// More, or later.
    More,
    /// More or equal.
    AtLeast,
}

const MODIFIERS: &[(&str, Compare)] = &[
    ("contains", Compare::Contains),
    ("startswith", Compare::StartsWith),
    ("endswith", Compare::EndsWith),
    ("exists", Compare::Exists),
    ("lt", Compare::Less),
    ("before", Compare::Less),
    ("lte", Compare::AtMost),
    ("gt", Compare::More),
    ("after", Compare::More),
    ("gte", Compare::AtLeast),
];

impl Condition {
    /// One that always holds.
    pub const ALWAYS: Self = Self::All(Vec::new());

    /// From YAML; faults carry `path` and the field.
    pub fn parse(value: &Value, path: &str, problems: &mut Problems) -> Self {
        match value {
            Value::Null => Self::ALWAYS,
            Value::Mapping(_) => Self::all(value, path, problems),
            Value::Sequence(items) if !items.is_empty() => Self::Any(
                items
                    .iter()
                    .enumerate()
                    .map(|(i, v)| Self::all(v, &format!("{path}[{i}]"), problems))
                    .collect(),
            ),
            _ => {
                let hint = "write field: value pairs, or a list of such maps for \"any of\"";
                problems.add(Problem::new(path, "not_a_condition", "this is not a condition").hint(hint));
                Self::ALWAYS
            }
        }
    }

    fn all(value: &Value, path: &str, problems: &mut Problems) -> Self {
        let Value::Mapping(pairs) = value else {
            problems.add(Problem::new(path, "not_a_condition", "this is not a map of field: value pairs"));
            return Self::ALWAYS;
        };
        let mut all = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            match key.as_str() {
                Some(key) => all.extend(Self::compare(key, value, path, problems)),
                None => problems.add(Problem::new(path, "not_a_field", "a field's name must be text")),
            }
        }
        Self::All(all)
    }

    fn compare(key: &str, value: &Value, path: &str, problems: &mut Problems) -> Option<Self> {
        let mut parts = key.split('|');
        let field = parts.next().unwrap_or_default().trim().to_owned();
        let at = format!("{path}.{key}");
        let mut refuse = |code: &str, message: String, hint: &str| {
            problems.add(Problem::new(&at, code, message).hint(hint));
            None
        };
        if field.is_empty() {
            return refuse("not_a_field", "the field has no name".to_owned(), "");
        }
        let (mut how, mut not) = (Compare::Equals, false);
        for modifier in parts {
            match MODIFIERS.iter().find(|(name, _)| *name == modifier) {
                _ if modifier == "not" && !not => not = true,
                Some((_, found)) if how == Compare::Equals && !not => how = *found,
                _ => {
                    let known: Vec<&str> = MODIFIERS.iter().map(|m| m.0).collect();
                    let hint = format!("known are {}, and not as the last", known.join(", "));
                    return refuse("unknown_modifier", format!("'{modifier}' is not a modifier here"), &hint);
                }
            }
        }
        let values = match value {
            Value::Sequence(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let with: Result<Vec<Operand>, String> = values.iter().map(Operand::parse).collect();
        let with = match with {
            Ok(with) if !with.is_empty() => with,
            Ok(_) => {
                return refuse("no_value", "the list of values is empty".to_owned(), "name at least one");
            }
            Err(message) => return refuse("not_a_value", message, ""),
        };
        if how == Compare::Exists && !(with.len() == 1 && matches!(with[0], Operand::Bool(_))) {
            return refuse("not_a_value", "exists takes true or false".to_owned(), "");
        }
        let ordered = matches!(how, Compare::Less | Compare::AtMost | Compare::More | Compare::AtLeast);
        if ordered && !with.iter().all(Operand::has_order) {
            let hint = "write a number, a day, today+30d, now-24h or {field}";
            return refuse("not_a_value", "this value has no order".to_owned(), hint);
        }
        let wild = |o: &Operand| matches!(o, Operand::Text(t) if t.contains('*'));
        if with.iter().any(wild) {
            let hint = "write |contains, |startswith or |endswith instead";
            return refuse("wildcard", "'*' has no meaning here".to_owned(), hint);
        }
        Some(Self::Compare { field, how, with, not })
    }

    /// Whether it holds for these facts.
    pub fn holds(&self, facts: &dyn Facts, scope: &Scope<'_>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|c| c.holds(facts, scope)),
            Self::Any(any) => any.iter().any(|c| c.holds(facts, scope)),
            Self::Compare { field, how, with, not } => {
                let fact = facts.fact(field);
                let fact = fact.as_ref().filter(|f| !f.is_empty());
                with.iter().any(|operand| one(fact, *how, operand, facts, scope)) != *not
            }
        }
    }

    /// Calls `visit` with every field it names.
    pub fn fields<'c>(&'c self, visit: &mut dyn FnMut(&'c str)) {
        match self {
            Self::All(all) => all.iter().for_each(|c| c.fields(visit)),
            Self::Any(any) => any.iter().for_each(|c| c.fields(visit)),
            Self::Compare { field, with, .. } => {
                visit(field);
                with.iter().filter_map(Operand::field).for_each(visit);
            }
        }
    }
}

fn one(fact: Option<&Fact<'_>>, how: Compare, with: &Operand, facts: &dyn Facts, scope: &Scope<'_>) -> bool {
    match (how, with) {
        (Compare::Exists, wanted) => fact.is_some() == (*wanted == Operand::Bool(true)),
        (_, Operand::Null) => fact.is_none(),
        _ => fact.is_some_and(|fact| fits(fact, how, with, facts, scope)),
    }
}

fn fits(fact: &Fact<'_>, how: Compare, with: &Operand, facts: &dyn Facts, scope: &Scope<'_>) -> bool {
    if let Fact::List(items) = fact {
        return items.iter().any(|item| fits(item, how, with, facts, scope));
    }
    match how {
        Compare::Exists => true,
        Compare::Equals => with.equals(fact, facts, scope),
        Compare::Contains => with.in_text(fact, facts, scope, |text, part| text.contains(part)),
        Compare::StartsWith => with.in_text(fact, facts, scope, |text, part| text.starts_with(part)),
        Compare::EndsWith => with.in_text(fact, facts, scope, |text, part| text.ends_with(part)),
        Compare::Less => with.order(fact, facts, scope) == Some(Ordering::Less),
        Compare::AtMost => with.order(fact, facts, scope).is_some_and(Ordering::is_le),
        Compare::More => with.order(fact, facts, scope) == Some(Ordering::Greater),
        Compare::AtLeast => with.order(fact, facts, scope).is_some_and(Ordering::is_ge),
    }
}
