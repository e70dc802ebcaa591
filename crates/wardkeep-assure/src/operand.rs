//! The right side of a condition.

use crate::facts::{Fact, Facts};
use serde_yaml_ng::Value;
use std::borrow::Cow;
use std::cmp::Ordering;
use wardkeep_types::{Date, Length, Moment};

/// What conditions may refer to beside the facts.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// What `today` and `now` mean.
    pub as_of: Moment,
    /// Key of the control that the test is run for; `{@control}` stands for it.
    pub control: &'a str,
}

/// A value to compare with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// Missing or empty.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text, in lower case.
    Text(String),
    /// A day.
    Day(Date),
    /// A moment.
    Moment(Moment),
    /// So many seconds from the start of today; a day.
    Today(i64),
    /// So many seconds from now.
    Now(i64),
    /// Another field of the same facts.
    Field(String),
}

impl Operand {
    /// From a YAML scalar; the error is a sentence for people.
    pub fn parse(value: &Value) -> Result<Self, String> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(*b),
            Value::Number(n) => Self::Number(n.as_f64().ok_or("this number is too large")?),
            Value::String(text) => Self::of_text(text)?,
            _ => return Err("a value is text, a number, true, false or null".to_owned()),
        })
    }

    fn of_text(text: &str) -> Result<Self, String> {
        if let Some(name) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            return if name.is_empty() {
                Err("{} names no field".to_owned())
            } else {
                Ok(Self::Field(name.to_owned()))
            };
        }
        if let Some(offset) = text.strip_prefix("today").and_then(offset) {
            return if offset % 86_400 == 0 {
                Ok(Self::Today(offset))
            } else {
                Err(format!("'{text}': today moves by whole days; write now for hours"))
            };
        }
        if let Some(offset) = text.strip_prefix("now").and_then(offset) {
            return Ok(Self::Now(offset));
        }
        if let Ok(day) = text.parse() {
            return Ok(Self::Day(day));
        }
        Ok(match text.parse() {
            Ok(moment) if text.contains('T') => Self::Moment(moment),
            _ => Self::Text(text.to_lowercase()),
        })
    }

    /// Whether less and more have a meaning for it.
    pub fn has_order(&self) -> bool {
        !matches!(self, Self::Null | Self::Bool(_) | Self::Text(_))
    }

    /// The field it refers to.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Field(name) => Some(name),
            _ => None,
        }
    }

    fn resolve<'a>(&'a self, facts: &'a dyn Facts, scope: &Scope<'a>) -> Option<Fact<'a>> {
        Some(match self {
            Self::Null => Fact::Empty,
            Self::Bool(b) => Fact::Bool(*b),
            Self::Number(n) => Fact::Number(*n),
            Self::Text(t) => Fact::Text(Cow::Borrowed(t)),
            Self::Day(d) => Fact::Day(*d),
            Self::Moment(m) => Fact::Moment(*m),
            Self::Today(offset) => Fact::Day(scope.as_of.date().plus_days(offset / 86_400)),
            Self::Now(offset) => Fact::Moment(scope.as_of.plus_seconds(*offset)),
            Self::Field(name) if name == "@control" => Fact::Text(Cow::Borrowed(scope.control)),
            Self::Field(name) => return facts.fact(name),
        })
    }

    /// Whether the fact is this value.
    pub fn equals(&self, fact: &Fact<'_>, facts: &dyn Facts, scope: &Scope<'_>) -> bool {
        match (fact, self) {
            (Fact::Text(text), Self::Text(wanted)) => same_text(text, wanted),
            (Fact::Bool(b), Self::Text(wanted)) => wanted == if *b { "true" } else { "false" },
            (Fact::Text(text), Self::Bool(b)) => same_text(text, if *b { "true" } else { "false" }),
            (Fact::Bool(found), Self::Bool(wanted)) => found == wanted,
            (Fact::Number(n), Self::Text(wanted)) => wanted.parse() == Ok(*n),
            (fact, Self::Field(_)) => match (fact, self.resolve(facts, scope)) {
                (Fact::Text(a), Some(Fact::Text(b))) => same_text(a, &b.to_lowercase()),
                (fact, Some(other)) => fact == &other || order(fact, &other) == Some(Ordering::Equal),
                (_, None) => false,
            },
            (fact, _) => self.order(fact, facts, scope) == Some(Ordering::Equal),
        }
    }

    /// Whether the fact's text and this value's text stand in that relation, both in lower case.
    pub fn in_text(
        &self,
        fact: &Fact<'_>,
        facts: &dyn Facts,
        scope: &Scope<'_>,
        relation: fn(&str, &str) -> bool,
    ) -> bool {
        let text = fact.shown().to_lowercase();
        match self {
            Self::Text(part) => relation(&text, part),
            other => {
                other.resolve(facts, scope).is_some_and(|part| relation(&text, &part.shown().to_lowercase()))
            }
        }
    }

    /// How the fact compares with this value; `None` when the two have no common order.
    pub fn order(&self, fact: &Fact<'_>, facts: &dyn Facts, scope: &Scope<'_>) -> Option<Ordering> {
        order(fact, &self.resolve(facts, scope)?)
    }
}

/// A day is compared with a moment by the moment's day, so that something due today is not late at noon.
fn order(found: &Fact<'_>, wanted: &Fact<'_>) -> Option<Ordering> {
    match (found, wanted) {
        (Fact::Number(a), Fact::Number(b)) => a.partial_cmp(b),
        (Fact::Day(a), Fact::Day(b)) => Some(a.cmp(b)),
        (Fact::Moment(a), Fact::Moment(b)) => Some(a.cmp(b)),
        (Fact::Day(a), Fact::Moment(b)) => Some(a.cmp(&b.date())),
        (Fact::Moment(a), Fact::Day(b)) => Some(a.date().cmp(b)),
        (Fact::Text(text), Fact::Number(_)) => order(&Fact::Number(text.trim().parse().ok()?), wanted),
        (Fact::Text(text), Fact::Day(_) | Fact::Moment(_)) => {
            let day = text.parse().map(Fact::Day).ok();
            order(&day.or_else(|| text.parse().map(Fact::Moment).ok())?, wanted)
        }
        _ => None,
    }
}

fn same_text(text: &str, lower: &str) -> bool {
    if text.is_ascii() { text.eq_ignore_ascii_case(lower) } else { text.to_lowercase() == lower }
}

/// `+30d`, `-24h` or nothing, in seconds; `None` when the rest is something else.
fn offset(rest: &str) -> Option<i64> {
    let rest = rest.trim();
    let length = |text: &str| text.trim().parse::<Length>().ok().map(Length::seconds);
    match rest.chars().next() {
        None => Some(0),
        Some('+') => length(&rest[1..]),
        Some('-') => length(&rest[1..]).map(|s| -s),
        Some(_) => None,
    }
}
