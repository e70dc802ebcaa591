//! Values as written in rules, made into patterns.

use super::LowerError;
use crate::ir::Test;
use crate::pattern::{Pattern, Piece};
use rsigma_parser::{SigmaString, SigmaValue, SpecialChar, StringPart};

/// A keyword is looked for anywhere in a text.
pub(super) fn keyword(value: &SigmaValue) -> Test {
    let mut pieces = vec![Piece::Many];
    pieces.extend(pieces_of(value));
    pieces.push(Piece::Many);
    Test::Text(Pattern::new(pieces, false))
}

/// The pieces of a value; numbers and booleans as they are written.
pub(super) fn pieces_of(value: &SigmaValue) -> Vec<Piece> {
    match value {
        SigmaValue::String(text) => pieces_of_text(text),
        SigmaValue::Null => Vec::new(),
        other => vec![Piece::Text(other.to_string().into())],
    }
}

fn pieces_of_text(text: &SigmaString) -> Vec<Piece> {
    let piece = |part: &StringPart| match part {
        StringPart::Plain(text) => Piece::Text(text.as_str().into()),
        StringPart::Special(SpecialChar::WildcardMulti) => Piece::Many,
        StringPart::Special(SpecialChar::WildcardSingle) => Piece::One,
    };
    text.parts.iter().map(piece).collect()
}

/// The text of a value that has no wildcards.
pub(super) fn plain(value: &SigmaValue, modifier: &str) -> Result<String, LowerError> {
    match value {
        SigmaValue::String(text) => {
            text.as_plain().or_else(|| text.parts.is_empty().then(String::new)).ok_or_else(|| {
                LowerError::new(
                    format!("'{text}' has a wildcard, which the modifier {modifier} cannot encode"),
                    "write the wildcard as \\* or \\? if the character itself is meant",
                    text.original.clone(),
                )
            })
        }
        other => Ok(other.to_string()),
    }
}

/// A number, however it is written.
pub(super) fn number(value: &SigmaValue, modifier: &str) -> Result<f64, LowerError> {
    let text = value.to_string();
    let number: Option<f64> = match value {
        SigmaValue::Integer(i) => Some(*i as f64),
        SigmaValue::Float(x) => Some(*x),
        SigmaValue::String(_) => text.trim().parse().ok(),
        SigmaValue::Bool(_) | SigmaValue::Null => None,
    };
    number.filter(|n| n.is_finite()).ok_or_else(|| {
        LowerError::new(
            format!("'{text}' is not a number, which the modifier {modifier} needs"),
            "write a number",
            text.clone(),
        )
    })
}
