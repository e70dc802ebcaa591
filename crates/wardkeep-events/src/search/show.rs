//! Writing a question out again, so that reading it gives the same question.

use super::ast::{Expr, FieldName, Network, Pattern, Piece, Search, Stage, Term, Test, When};
use super::terms::is_name;
use super::time::shown;
use std::fmt::{self, Display, Formatter, Write as _};

impl Display for Search {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut blank = "";
        // `OR` binds weaker than the period beside it.
        match &self.filter {
            Expr::All => {}
            filter @ Expr::Or(_) if self.window != super::Window::default() => {
                write!(f, "({filter})")?;
                blank = " ";
            }
            filter => {
                write!(f, "{filter}")?;
                blank = " ";
            }
        }
        match (self.window.from, self.window.to) {
            (Some(When::Ago(length)), None) if length.seconds() > 0 => {
                write!(f, "{blank}last:{length}")?;
                blank = " ";
            }
            (from, to) => {
                for (name, end) in [("from", from), ("to", to)] {
                    if let Some(when) = end {
                        write!(f, "{blank}{name}:{}", shown(when))?;
                        blank = " ";
                    }
                }
            }
        }
        if let Some(stage) = &self.stage {
            write!(f, "{blank}| {stage}")?;
            blank = " ";
        }
        match self.limit {
            Some(limit) => write!(f, "{blank}| limit {limit}"),
            None => Ok(()),
        }
    }
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(by) if by.is_empty() => f.write_str("count"),
            Self::Count(by) => write!(f, "count by {}", names(by)),
            Self::Top(n, field) => write!(f, "top {n} {field}"),
            Self::Over(every, None) => write!(f, "over {every}"),
            Self::Over(every, Some(field)) => write!(f, "over {every} by {field}"),
            Self::Fields(fields) => write!(f, "fields {}", names(fields)),
        }
    }
}

fn names(fields: &[FieldName]) -> String {
    let shown: Vec<String> = fields.iter().map(ToString::to_string).collect();
    shown.join(",")
}

/// Whole numbers without a point.
pub(super) fn number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return (number as i64).to_string();
    }
    format!("{number:?}")
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let list = |f: &mut Formatter<'_>, parts: &[Expr], between: &str, weaker: fn(&Expr) -> bool| {
            for (i, part) in parts.iter().enumerate() {
                if i > 0 {
                    f.write_str(between)?;
                }
                if weaker(part) { write!(f, "({part})")? } else { write!(f, "{part}")? }
            }
            Ok(())
        };
        match self {
            Self::All => f.write_char('*'),
            Self::And(parts) => list(f, parts, " ", |part| matches!(part, Self::Or(_))),
            Self::Or(parts) => list(f, parts, " OR ", |_| false),
            Self::Not(inner) => match &**inner {
                Self::And(_) | Self::Or(_) => write!(f, "-({inner})"),
                inner => write!(f, "-{inner}"),
            },
            Self::Term(term) => write!(f, "{term}"),
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}:")?;
        }
        write!(f, "{}", self.test)
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fits(pattern) => write!(f, "{pattern}"),
            Self::Exists => f.write_char('*'),
            Self::Compare(how, bound) => write!(f, "{}{}", how.sign(), number(*bound)),
            Self::Between(low, high) => write!(f, "{}..{}", number(*low), number(*high)),
            Self::Within(network) => write!(f, "{network}"),
        }
    }
}

impl Display for Network {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("\"\"");
        }
        for piece in &self.0 {
            match piece {
                Piece::Many => f.write_char('*')?,
                Piece::One => f.write_char('?')?,
                Piece::Literal(text) if needs_no_quotes(text) => f.write_str(text)?,
                Piece::Literal(text) => write!(f, "\"{}\"", text.replace('"', "\"\""))?,
            }
        }
        Ok(())
    }
}

fn needs_no_quotes(text: &str) -> bool {
    let safe = |c: char| c.is_alphanumeric() || "_.\\@$#%".contains(c) || c == '-';
    text.chars().all(safe)
        && !text.starts_with('-')
        && !text.contains("..")
        && !matches!(text, "AND" | "OR" | "NOT")
}

impl Display for FieldName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(known) => f.write_str(known.key()),
            Self::Other(name) if is_name(name) => write!(f, "field.{name}"),
            Self::Other(name) => write!(f, "\"field.{}\"", name.replace('"', "\"\"")),
        }
    }
}
