//! Values as columns. Money takes two, lists of links none: they stand in the link table.

use crate::sql::{get, get_id_maybe};
use crate::{Cell, StoreError};
use sea_orm::QueryResult;
use wardkeep_register::{Field, Kind, Row, Schema, Value};
use wardkeep_types::{Length, Moment, Money, Percent};

/// The columns of a field and their types, in the marks of a migration.
pub(crate) fn columns(field: &Field) -> Vec<(String, &'static str)> {
    let one = |mark| vec![(field.name.to_owned(), mark)];
    match field.kind {
        Kind::Line | Kind::Text | Kind::Markdown | Kind::Url | Kind::Choice(_) | Kind::Date => one("{text}"),
        Kind::Estimate(_) | Kind::File => one("{text}"),
        Kind::Int | Kind::Percent | Kind::Moment | Kind::Duration | Kind::Bool => one("{int}"),
        Kind::Money => vec![(field.name.to_owned(), "{int}"), (format!("{}_currency", field.name), "{text}")],
        Kind::Link(_) => one("{uuid}"),
        Kind::Links(_) => Vec::new(),
    }
}

/// A value as the cells of its field's columns.
pub(crate) fn to_cells(field: &Field, value: &Value) -> Vec<Cell> {
    match field.kind {
        Kind::Line | Kind::Text | Kind::Markdown | Kind::Url | Kind::Choice(_) | Kind::Date => {
            vec![Cell::Text((!value.is_empty()).then(|| value.show()))]
        }
        Kind::Estimate(_) | Kind::File => vec![Cell::Text((!value.is_empty()).then(|| value.show()))],
        Kind::Int | Kind::Percent | Kind::Moment | Kind::Duration | Kind::Bool => {
            vec![Cell::Int(as_int(value))]
        }
        Kind::Money => match value {
            Value::Money(m) => vec![Cell::Int(Some(m.minor)), Cell::Text(Some(m.currency.to_string()))],
            _ => vec![Cell::Int(None), Cell::Text(None)],
        },
        Kind::Link(_) => vec![Cell::Id(value.links().first().copied())],
        Kind::Links(_) => Vec::new(),
    }
}

fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(i) => Some(*i),
        Value::Percent(p) => Some(i64::from(p.basis_points())),
        Value::Moment(m) => Some(m.as_micros()),
        Value::Duration(l) => Some(l.seconds()),
        Value::Bool(b) => Some(i64::from(*b)),
        _ => None,
    }
}

/// Reads one field's value back from a result row.
pub(crate) fn from_row(field: &Field, row: &QueryResult) -> Result<Value, StoreError> {
    let bad =
        || StoreError::Inconsistent(format!("the column {} holds a value that does not fit", field.name));
    match field.kind {
        Kind::Line | Kind::Text | Kind::Markdown | Kind::Url => {
            Ok(get::<Option<String>>(row, field.name)?.map_or(Value::Empty, Value::Text))
        }
        // A choice that a later version no longer knows is still shown as it was.
        Kind::Choice(_) => Ok(get::<Option<String>>(row, field.name)?.map_or(Value::Empty, Value::Choice)),
        Kind::Date | Kind::Estimate(_) | Kind::File => {
            let text: Option<String> = get(row, field.name)?;
            text.map_or(Ok(Value::Empty), |t| Value::parse(field, &t).map_err(|_| bad()))
        }
        Kind::Int | Kind::Percent | Kind::Moment | Kind::Duration | Kind::Bool => {
            let Some(int) = get::<Option<i64>>(row, field.name)? else { return Ok(Value::Empty) };
            Ok(match field.kind {
                Kind::Percent => Value::Percent(Percent::from_basis_points(int).ok_or_else(bad)?),
                Kind::Moment => Value::Moment(Moment::from_micros(int)),
                Kind::Duration => Value::Duration(Length::from_seconds(int)),
                Kind::Bool => Value::Bool(int != 0),
                _ => Value::Int(int),
            })
        }
        Kind::Money => {
            let minor: Option<i64> = get(row, field.name)?;
            let currency: Option<String> = get(row, &format!("{}_currency", field.name))?;
            match (minor, currency) {
                (Some(minor), Some(code)) => {
                    Ok(Value::Money(Money::new(minor, code.parse().map_err(|_| bad())?)))
                }
                _ => Ok(Value::Empty),
            }
        }
        Kind::Link(_) => Ok(get_id_maybe(row, field.name)?.map_or(Value::Empty, Value::Link)),
        Kind::Links(_) => Ok(Value::Empty),
    }
}

/// Names of a register's own columns, in order.
pub(crate) fn column_names(schema: &Schema) -> Vec<String> {
    schema.fields.iter().flat_map(columns).map(|(name, _)| name).collect()
}

/// All cells of a row, in the order of [`column_names`].
pub(crate) fn row_cells(schema: &Schema, row: &Row) -> Vec<Cell> {
    schema.fields.iter().zip(&row.values).flat_map(|(f, v)| to_cells(f, v)).collect()
}

/// The cell by which a list compares a field with that value; `None` for what cannot be compared.
pub fn filter_cell(field: &Field, value: &Value) -> Option<Cell> {
    to_cells(field, value).into_iter().next()
}

/// A register's own columns with their types in the marks of a migration: what a schema snapshot compares.
pub fn register_columns(schema: &Schema) -> Vec<(String, &'static str)> {
    schema.fields.iter().flat_map(columns).collect()
}
