//! Texts with `{field}` in them.

use crate::facts::Facts;

/// A text whose `{field}` parts are filled from facts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    Field(String),
}

impl Template {
    /// Reads a template; the error is a sentence for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            if open > 0 {
                pieces.push(Piece::Words(rest[..open].to_owned()));
            }
            let Some(close) = rest[open..].find('}').map(|i| open + i) else {
                return Err(format!("'{text}' has a {{ without its }}"));
            };
            let field = rest[open + 1..close].trim();
            if field.is_empty() {
                return Err(format!("'{text}' has an empty {{}}"));
            }
            pieces.push(Piece::Field(field.to_owned()));
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// Filled; `None` when a field is missing or empty, or when the text is empty altogether.
    pub fn fill(&self, facts: &dyn Facts) -> Option<String> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Field(field) => text.push_str(&facts.fact(field).filter(|f| !f.is_empty())?.shown()),
            }
        }
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
        Some(text).filter(|t| !t.trim().is_empty())
    }

    /// Filled; a missing field reads "(not stated)".
    pub fn fill_always(&self, facts: &dyn Facts) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Field(field) => match facts.fact(field).filter(|f| !f.is_empty()) {
                    Some(fact) => text.push_str(&fact.shown()),
                    None => text.push_str("(not stated)"),
                },
            }
        }
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
    }

    /// The fields it names.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|p| match p {
            Piece::Field(field) => Some(field.as_str()),
            Piece::Words(_) => None,
        })
    }
}

/// Characters of a subject or detail; the rest of a hostile value is cut.
const LONGEST: usize = 500;
