//! A question in words, so that people see whether it was understood as they meant it.

use super::ast::{Compare, Expr, FieldName, Known, Pattern, Piece, Search, Stage, Term, Test, When, Window};
use super::show::number;
use std::fmt::Write as _;

impl Search {
    /// The question as a sentence.
    pub fn explain(&self) -> String {
        let mut said = String::from("Events");
        if self.filter != Expr::All {
            let _ = write!(said, " where {}", condition(&self.filter, false));
        }
        said.push_str(&period(&self.window));
        match &self.stage {
            None => said.push_str(", newest first"),
            Some(Stage::Count(by)) if by.is_empty() => said.push_str(", counted"),
            Some(Stage::Count(by)) => {
                let _ = write!(said, ", counted by {}", list(by));
            }
            Some(Stage::Top(n, field)) => {
                let _ = write!(said, ": the {n} commonest values of {}", name(field));
            }
            Some(Stage::Over(every, by)) => {
                let _ = write!(said, ", counted for every {every}");
                if let Some(by) = by {
                    let _ = write!(said, " and {}", name(by));
                }
            }
            Some(Stage::Fields(fields)) => {
                let _ = write!(said, ", newest first, with {}", list(fields));
            }
        }
        if let Some(limit) = self.limit {
            let _ = write!(said, ", at most {limit} rows");
        }
        said.push('.');
        said
    }
}

fn period(window: &Window) -> String {
    let point = |when: When| match when {
        When::Ago(length) if length.seconds() == 0 => "now".to_owned(),
        When::Ago(length) => format!("{length} ago"),
        other => super::time::shown(other),
    };
    match (window.from, window.to) {
        (None, None) => String::new(),
        (Some(When::Ago(length)), None) => format!(", in the last {length}"),
        (Some(from), None) => format!(", since {}", point(from)),
        (None, Some(to)) => format!(", until {}", point(to)),
        (Some(from), Some(to)) => format!(", from {} to {}", point(from), point(to)),
    }
}

fn condition(expr: &Expr, inside: bool) -> String {
    let joined = |parts: &[Expr], word: &str| {
        let text = parts.iter().map(|part| condition(part, true)).collect::<Vec<_>>().join(word);
        if inside { format!("({text})") } else { text }
    };
    match expr {
        Expr::All => "anything is the case".to_owned(),
        Expr::And(parts) => joined(parts, " and "),
        Expr::Or(parts) => joined(parts, " or "),
        Expr::Not(inner) => format!("not ({})", condition(inner, false)),
        Expr::Term(term) => single(term),
    }
}

fn single(term: &Term) -> String {
    let Some(field) = &term.field else {
        let Test::Fits(pattern) = &term.test else { return "there is text".to_owned() };
        return format!("the record contains {}", shown(pattern));
    };
    let field = name(field);
    match &term.test {
        Test::Exists => format!("{field} is there"),
        Test::Fits(_) if term.field == Some(FieldName::Known(Known::Hash)) => {
            format!("the record contains the hash {}", term.test)
        }
        Test::Fits(pattern) if pattern.as_literal().is_some() => format!("{field} is {}", shown(pattern)),
        Test::Fits(pattern) => format!("{field} looks like {}", shown(pattern)),
        Test::Compare(how, bound) => {
            let how = match how {
                Compare::Above => "above",
                Compare::From => "at least",
                Compare::Below => "below",
                Compare::UpTo => "at most",
            };
            format!("{field} is {how} {}", number(*bound))
        }
        Test::Between(low, high) => format!("{field} lies from {} to {}", number(*low), number(*high)),
        Test::Within(network) => format!("{field} lies in {network}"),
    }
}

fn shown(pattern: &Pattern) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Many => "*".to_owned(),
        Piece::One => "?".to_owned(),
    };
    format!("\"{}\"", pattern.0.iter().map(piece).collect::<String>())
}

fn name(field: &FieldName) -> String {
    match field {
        FieldName::Known(Known::Ip) => "either address".to_owned(),
        FieldName::Known(known) => known.key().to_owned(),
        FieldName::Other(name) => format!("the field {name}"),
    }
}

fn list(fields: &[FieldName]) -> String {
    fields.iter().map(name).collect::<Vec<_>>().join(", ")
}
