//! From batches of the engine to plain rows, and from its errors to ours.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use wardkeep_app::events::{AskError, Cell};
use wardkeep_events::store::{plain_value, stored_value};
use wardkeep_types::Moment;

/// Characters of one cell of an answer.
const LONGEST: usize = 64 * 1024;

/// The rows of batches, at most `most`.
pub(crate) fn rows(batches: &[RecordBatch], most: usize) -> Result<Vec<Vec<Cell>>, AskError> {
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch.columns().iter().map(plain).collect::<Result<Vec<_>, _>>();
        let columns = columns.map_err(|e| error(&e.into()))?;
        for row in 0..batch.num_rows() {
            if rows.len() >= most {
                return Ok(rows);
            }
            rows.push(columns.iter().map(|column| cell(column, row)).collect());
        }
    }
    Ok(rows)
}

/// The column as one of the few kinds that cells have.
fn plain(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let kind = match column.data_type() {
        DataType::Boolean | DataType::Null => return Ok(column.clone()),
        DataType::Timestamp(_, _) | DataType::Date32 | DataType::Date64 => {
            DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
        }
        kind if kind.is_integer() => DataType::Int64,
        kind if kind.is_floating() || kind.is_decimal() => DataType::Float64,
        _ => DataType::Utf8,
    };
    cast(column, &kind)
}

fn cell(column: &ArrayRef, row: usize) -> Cell {
    if column.is_null(row) {
        return Cell::None;
    }
    match column.data_type() {
        DataType::Boolean => Cell::Bool(column.as_boolean().value(row)),
        DataType::Int64 => Cell::Int(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Cell::Float(column.as_primitive::<Float64Type>().value(row)),
        DataType::Timestamp(_, _) => {
            Cell::At(Moment::from_micros(column.as_primitive::<TimestampMicrosecondType>().value(row)))
        }
        DataType::Utf8 => {
            let text = column.as_string::<i32>().value(row);
            let mut text = match plain_value(text) {
                Some(text) => text.to_owned(),
                None => stored_value(text).to_string(),
            };
            if text.len() > LONGEST {
                text.truncate((0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0));
            }
            Cell::Text(text)
        }
        _ => Cell::None,
    }
}

/// What an error of the engine means for who asked.
pub(crate) fn error(error: &DataFusionError) -> AskError {
    let said = || {
        let text = error.find_root().strip_backtrace();
        let text = text.lines().next().unwrap_or_default();
        let starts = ["Error during planning: ", "SQL error: ", "Schema error: ", "Execution error: "];
        starts.iter().find_map(|start| text.strip_prefix(start)).unwrap_or(text).to_owned()
    };
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => AskError::TooLarge,
        DataFusionError::SQL(_, _)
        | DataFusionError::Plan(_)
        | DataFusionError::SchemaError(_, _)
        | DataFusionError::NotImplemented(_)
        | DataFusionError::Configuration(_) => AskError::Wrong(said()),
        DataFusionError::ArrowError(cause, _)
            if matches!(
                **cause,
                ArrowError::DivideByZero
                    | ArrowError::CastError(_)
                    | ArrowError::ArithmeticOverflow(_)
                    | ArrowError::InvalidArgumentError(_)
                    | ArrowError::ParseError(_)
                    | ArrowError::ComputeError(_)
            ) =>
        {
            AskError::Wrong(said())
        }
        DataFusionError::Execution(_) => AskError::Wrong(said()),
        _ => AskError::Fault(error.strip_backtrace()),
    }
}
