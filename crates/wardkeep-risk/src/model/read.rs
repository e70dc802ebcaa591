//! Reading and writing model files.

use super::{FORMAT, Model};
use wardkeep_types::{Problem, limits};

/// Reads TOML or JSON, by the first character that counts.
pub fn read(text: &str, file: &str) -> Result<Model, Problem> {
    if text.trim_start().starts_with('{') { from_json(text, file) } else { from_toml(text, file) }
}

/// Reads TOML; a fault names line and column.
pub fn from_toml(text: &str, file: &str) -> Result<Model, Problem> {
    check_size(text, file)?;
    let model: Model = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        unreadable(&format!("{file}:{line}:{column}"), error.message())
    })?;
    check_format(model, file)
}

/// Reads JSON; a fault names line and column.
pub fn from_json(text: &str, file: &str) -> Result<Model, Problem> {
    check_size(text, file)?;
    let model: Model = crate::exact_json::read(text).map_err(|error| {
        unreadable(&format!("{file}:{}:{}", error.line(), error.column()), &error.to_string())
    })?;
    check_format(model, file)
}

/// Writes JSON that reads back to the same model.
pub fn to_json(model: &Model) -> String {
    serde_json::to_string_pretty(model).unwrap_or_else(|error| unreachable!("a model is plain data: {error}"))
}

fn check_size(text: &str, file: &str) -> Result<(), Problem> {
    if text.len() as u64 <= limits::DOCUMENT_BYTES {
        return Ok(());
    }
    let message = format!("the file has {} bytes, the limit is {}", text.len(), limits::DOCUMENT_BYTES);
    Err(Problem::new(file, "too_large", message).hint("Split the model, or give samples as a law."))
}

fn check_format(model: Model, file: &str) -> Result<Model, Problem> {
    if model.format == FORMAT {
        return Ok(model);
    }
    let message = format!("format '{}' is not known to this version", model.format);
    Err(Problem::new(format!("{file}: format"), "format", message)
        .hint(format!("Write format = \"{FORMAT}\".")))
}

fn unreadable(place: &str, message: &str) -> Problem {
    Problem::new(place, "unreadable", message.to_owned())
        .hint("See the guide for the fields of a model file.")
}
