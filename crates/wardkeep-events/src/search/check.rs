//! The test of a single value: the one place that says what fits.

use super::ast::{FieldName, Known, Pattern, Piece, Term, Test};
use crate::store::plain_value;
use regex::{Regex, RegexBuilder};
use wardkeep_types::event::FieldValue;

/// A test made ready for many values.
#[derive(Debug, Clone)]
pub struct Check(Kind);

#[derive(Debug, Clone)]
enum Kind {
    /// Equal but for the case of ASCII letters; the text has only ASCII.
    Same(Box<str>),
    Fits(Regex),
    Test(Test),
}

impl Check {
    /// The test of a term. For the text of the record, and for hashes, it is whether the pattern stands in the text,
    /// as it is or as it is written within JSON.
    pub fn of(term: &Term) -> Self {
        let Test::Fits(pattern) = &term.test else { return Self(Kind::Test(term.test.clone())) };
        match &term.field {
            None | Some(FieldName::Known(Known::Hash)) => Self(Kind::Fits(within(pattern))),
            Some(FieldName::Known(Known::LogSource)) => Self(Kind::Fits(part_of_json(pattern))),
            Some(_) => Self::whole(pattern),
        }
    }
    /// Whether a whole value fits.
    fn whole(pattern: &Pattern) -> Self {
        match pattern.as_literal() {
            Some(text) if text.is_ascii() => Self(Kind::Same(text.into())),
            _ => Self(Kind::Fits(build(&format!(r"\A{}\z", expression(pattern, ".", &regex::escape))))),
        }
    }
    /// Whether a value that is present passes. Lists pass when one of their values does.
    pub fn value(&self, value: &FieldValue) -> bool {
        match value {
            FieldValue::Null => false,
            FieldValue::List(values) => values.iter().any(|value| self.value(value)),
            FieldValue::Text(text) => self.plain(text),
            FieldValue::Int(number) => self.int(*number),
            FieldValue::Float(number) => match &self.0 {
                Kind::Test(test) => compares(test, *number),
                _ => self.plain(&number.to_string()),
            },
            FieldValue::Bool(_) => self.plain(&value.to_string()),
        }
    }
    /// As [`Check::value`], for a whole number.
    pub fn int(&self, number: i64) -> bool {
        match &self.0 {
            Kind::Test(test) => compares(test, number as f64),
            _ => self.plain(&number.to_string()),
        }
    }
    /// As [`Check::value`], for a value as a column of the store has it.
    pub fn stored(&self, text: &str) -> bool {
        match plain_value(text) {
            Some(text) => self.plain(text),
            None => self.value(&crate::store::stored_value(text)),
        }
    }
    /// As [`Check::value`], for a text.
    pub fn plain(&self, text: &str) -> bool {
        match &self.0 {
            Kind::Same(wanted) => wanted.eq_ignore_ascii_case(text),
            Kind::Fits(pattern) => pattern.is_match(text),
            Kind::Test(Test::Exists) => true,
            Kind::Test(Test::Within(network)) => network.holds_text(text),
            Kind::Test(test) => text.trim().parse::<f64>().is_ok_and(|number| compares(test, number)),
        }
    }
}

fn compares(test: &Test, number: f64) -> bool {
    match test {
        Test::Exists => true,
        Test::Compare(how, bound) => how.holds(number, *bound),
        Test::Between(low, high) => (*low..=*high).contains(&number),
        Test::Fits(_) | Test::Within(_) => false,
    }
}

/// The pattern anywhere in a text, or anywhere in JSON.
fn within(pattern: &Pattern) -> Regex {
    let trimmed = trimmed(pattern);
    let plain = expression(&trimmed, ".", &regex::escape);
    let in_json = |text: &str| {
        let quoted = serde_json::to_string(text).unwrap_or_default();
        regex::escape(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default())
    };
    let escaped = expression(&trimmed, ".", &in_json);
    build(&if plain == escaped { plain } else { format!("(?:{plain}|{escaped})") })
}

/// Wildcards at the ends say nothing about a text in which the pattern may stand anywhere.
fn trimmed(pattern: &Pattern) -> Pattern {
    let mut pieces = pattern.0.as_slice();
    while let [Piece::Many, rest @ ..] | [rest @ .., Piece::Many] = pieces {
        pieces = rest;
    }
    Pattern(pieces.to_vec())
}

/// One value of the JSON that holds the log sources; their names are plain words.
fn part_of_json(pattern: &Pattern) -> Regex {
    build(&format!(":\"{}\"", expression(pattern, "[^\"]", &regex::escape)))
}

fn expression(pattern: &Pattern, any: &str, escape: &dyn Fn(&str) -> String) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => escape(text),
        Piece::Many => format!("{any}*"),
        Piece::One => any.to_owned(),
    };
    pattern.0.iter().map(piece).collect()
}

/// A question is bounded, and so is what it becomes; the empty expression stands in for what cannot happen.
fn build(expression: &str) -> Regex {
    let built = RegexBuilder::new(expression)
        .case_insensitive(true)
        .dot_matches_new_line(true)
        .size_limit(64 << 20)
        .build();
    built.unwrap_or_else(|_| Regex::new(r"[^\s\S]").unwrap_or_else(|_| unreachable!("a class of nothing")))
}
