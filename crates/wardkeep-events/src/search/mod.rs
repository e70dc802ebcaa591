//! The language in which people question the event store:
//!
//! ```text
//! host:web* user:anna -outcome:success "powershell -enc" src_ip:10.0.0.0/8 last:24h | count by user
//! ```
//!
//! Reading gives a [`Search`] with the place of every condition; showing it and reading that again gives the same
//! search. [`Matching`] answers it for one event; the query crate turns it into expressions of its engine, with the
//! very same [`Check`] of values, so that both give the same answer.

mod ast;
mod check;
mod explain;
mod lex;
mod matching;
mod parse;
mod show;
mod stages;
mod terms;
mod time;

pub use ast::{
    Compare, Expr, FieldName, Known, Network, Pattern, Piece, Search, Span, Stage, Term, Test, When, Window,
};
pub use check::Check;
pub use matching::Matching;

use std::fmt;
use std::str::FromStr;

/// Bytes of a question.
pub const MOST_BYTES: usize = 4_000;
/// Conditions of a question.
pub const MOST_TERMS: usize = 200;
/// How deep parentheses may stand.
pub const MOST_DEPTH: usize = 24;
/// Wildcards of one pattern.
pub const MOST_WILDCARDS: usize = 24;
/// Rows that a question may ask for.
pub const MOST_ROWS: u32 = 10_000;

/// What is wrong with a question, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchError {
    /// The part that is wrong.
    pub span: Span,
    /// Stable code, for programs.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

impl SearchError {
    pub(crate) fn new(span: Span, code: &'static str, message: &str, hint: &str) -> Self {
        Self { span, code, message: message.to_owned(), hint: hint.to_owned() }
    }
    /// The character, from 1, at which the wrong part begins.
    pub fn column(&self, text: &str) -> usize {
        text.get(..self.span.start).unwrap_or(text).chars().count() + 1
    }
    /// The question up to the wrong part, the wrong part, and the rest.
    pub fn parts<'t>(&self, text: &'t str) -> (&'t str, &'t str, &'t str) {
        let cut = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        let (start, end) = (cut(self.span.start), cut(self.span.end.max(self.span.start)));
        (&text[..start], &text[start..end], &text[end..])
    }
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message, self.hint)
    }
}

impl std::error::Error for SearchError {}

impl FromStr for Search {
    type Err = SearchError;
    fn from_str(text: &str) -> Result<Self, SearchError> {
        parse::parse(text)
    }
}

impl Search {
    /// Every condition.
    pub fn terms(&self) -> Vec<&Term> {
        fn walk<'e>(expr: &'e Expr, found: &mut Vec<&'e Term>) {
            match expr {
                Expr::All => {}
                Expr::Not(inner) => walk(inner, found),
                Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| walk(part, found)),
                Expr::Term(term) => found.push(term),
            }
        }
        let mut found = Vec::new();
        walk(&self.filter, &mut found);
        found
    }
    /// The same question with one more condition.
    #[must_use]
    pub fn and(mut self, more: Expr) -> Self {
        self.filter = match (self.filter, more) {
            (filter, Expr::All) | (Expr::All, filter) => filter,
            (Expr::And(mut parts), more) => {
                if !parts.contains(&more) {
                    parts.push(more);
                }
                Expr::And(parts)
            }
            (filter, more) if filter == more => filter,
            (filter, more) => Expr::And(vec![filter, more]),
        };
        self
    }
}

/// The condition that a field has exactly that value, or that it has none.
pub fn is(field: FieldName, value: &str) -> Expr {
    let test = Test::Fits(Pattern::literal(value));
    Expr::Term(Term { span: Span::default(), field: Some(field), test })
}

#[cfg(test)]
mod tests;
