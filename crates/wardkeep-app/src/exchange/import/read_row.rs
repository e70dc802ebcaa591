//! One row's texts as values.

use super::columns::Columns;
use super::links::{Found, Targets, parts};
use super::rows::Raw;
use crate::exchange::marks::{CUT, HIDDEN, MASKED};
use crate::records::Edits;
use wardkeep_register::{EstimateOf, Field, Form, Kind, Schema, Stored, Value};
use wardkeep_types::{Id, Problem, Problems};

/// A row whose cells were read.
#[derive(Default)]
pub(super) struct ReadRow {
    pub(super) edits: Edits,
    /// Rows of the same file to which its links point.
    pub(super) points_to: Vec<usize>,
    pub(super) problems: Problems,
}

/// Reads the cells of a row. `ids` are the ids that new rows will get; `stored` is the record it meets.
pub(super) fn read_row(
    schema: &Schema,
    columns: &Columns,
    raw: &Raw,
    targets: &Targets,
    ids: &dyn Fn(usize) -> Id,
    stored: Option<&Stored>,
) -> ReadRow {
    let mut read = ReadRow::default();
    let filled = columns.fill.iter().filter(|_| stored.is_none());
    for (index, text) in raw.cells.iter().chain(filled) {
        let field = &columns.fields[*index];
        match cell(schema, field, text, targets, ids, &mut read.points_to) {
            Ok(Some(value)) => {
                read.edits.insert(field.name.to_owned(), value);
            }
            // A mark of an export: the value stays as it is.
            Ok(None) if stored.is_some() || !field.required => {}
            Ok(None) => {
                let message = format!("{} was not part of that export", field.label());
                read.problems.add(Problem::new(field.name, "not_exported", message).hint("Enter the value."));
            }
            Err(message) => read.problems.add(Problem::new(field.name, "invalid", message).hint(hint(field))),
        }
    }
    read
}

fn cell(
    schema: &Schema,
    field: &Field,
    text: &str,
    targets: &Targets,
    ids: &dyn Fn(usize) -> Id,
    points_to: &mut Vec<usize>,
) -> Result<Option<Value>, String> {
    let bare = text.trim();
    if (field.confidential && bare == MASKED) || bare.ends_with(CUT) {
        return Ok(None);
    }
    let Some(target) = field.kind.target() else {
        return Value::parse(field, text).map(Some).map_err(|e| e.0);
    };
    let mut found: Vec<Id> = Vec::new();
    for part in parts(text).filter(|p| *p != HIDDEN) {
        match targets.find(target, target == schema.key, part)? {
            Found::Record(id) => found.push(id),
            Found::Row(row) => {
                points_to.push(row);
                found.push(ids(row));
            }
        }
    }
    if matches!(field.kind, Kind::Links(_)) {
        found.sort_unstable();
        found.dedup();
        return Ok(Some(Value::Links(found)));
    }
    match found.as_slice() {
        [] if bare == HIDDEN => Ok(None),
        [] => Ok(Some(Value::Empty)),
        [one] => Ok(Some(Value::Link(*one))),
        _ => Err(format!("{} holds one record only", field.label())),
    }
}

/// How a value of that field is written.
pub(crate) fn hint(field: &Field) -> String {
    match field.kind {
        Kind::Line if field.form == Form::Email => "Write name@example.org.".into(),
        Kind::Line => "Write one line of at most 200 characters.".into(),
        Kind::Text | Kind::Markdown => "Write text of at most 64 KiB without control characters.".into(),
        Kind::Int => "Write a whole number such as 12.".into(),
        Kind::Percent => "Write a percentage such as 71.5.".into(),
        Kind::Money => "Write an amount with its currency, such as 1500.00 EUR.".into(),
        Kind::Date => "Write the day as 2026-03-31.".into(),
        Kind::Moment => "Write the moment as 2026-03-31T14:05:00Z.".into(),
        Kind::Duration => "Write a length of time such as 4h or 30d.".into(),
        Kind::Bool => "Write yes or no.".into(),
        Kind::Choice(options) => {
            let keys: Vec<&str> = options.iter().map(|o| o.key).collect();
            format!("Write one of: {}.", keys.join(", "))
        }
        Kind::Link(target) => format!("Write {}, or its title.", example(target)),
        Kind::Links(target) => format!("Write {}, or titles; put | between several.", example(target)),
        Kind::Estimate(EstimateOf::PerYear) => {
            "Write low | likely | high in times a year, such as 0.1 | 0.5 | 2.".into()
        }
        Kind::Estimate(EstimateOf::Money) => {
            "Write low | likely | high, such as 1000 EUR | 5000 EUR | 90000 EUR.".into()
        }
        Kind::File => "Hand the file in on the record's page.".into(),
        Kind::Url => "Write an address that begins with https:// or http://.".into(),
    }
}

fn example(target: &str) -> String {
    match (target, wardkeep_registers::by_key(target)) {
        ("person", _) => "a reference such as PER-0001, a mail address".into(),
        (_, Some(schema)) => format!("a reference such as {}-0001", schema.names.prefix),
        (_, None) => "a reference".into(),
    }
}

/// Whether a file's value means what is stored. Blanks around a text and "no" for an empty box make no difference:
/// tables do not keep them.
pub(super) fn same(kind: Kind, stored: &Value, file: &Value) -> bool {
    let text = |value: &Value| match value {
        Value::Text(text) => text.trim().replace("\r\n", "\n"),
        _ => String::new(),
    };
    match kind {
        Kind::Line | Kind::Text | Kind::Markdown | Kind::Url => text(stored) == text(file),
        Kind::Bool => (*stored == Value::Bool(true)) == (*file == Value::Bool(true)),
        _ => stored == file || (stored.is_empty() && file.is_empty()),
    }
}
