//! Reading result rows.

use crate::Error;
use sea_orm::{QueryResult, TryGetable};
use wardkeep_store::Cell;
use wardkeep_types::{Id, Moment};

pub(super) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, Error> {
    row.try_get("", column).map_err(Error::fault)
}

pub(super) fn id(row: &QueryResult, column: &str) -> Result<Id, Error> {
    get::<uuid::Uuid>(row, column).map(Id::from_uuid)
}

pub(super) fn id_maybe(row: &QueryResult, column: &str) -> Result<Option<Id>, Error> {
    Ok(get::<Option<uuid::Uuid>>(row, column)?.map(Id::from_uuid))
}

pub(super) fn moment(row: &QueryResult, column: &str) -> Result<Moment, Error> {
    get::<i64>(row, column).map(Moment::from_micros)
}

/// A day kept as text, if there is one.
pub(super) fn day(row: &QueryResult, column: &str) -> Result<Option<wardkeep_types::Date>, Error> {
    Ok(get::<Option<String>>(row, column)?.and_then(|text| text.parse().ok()))
}

/// Marks `$n` for the next values, which are pushed.
pub(super) fn bind(values: &mut Vec<Cell>, cells: impl IntoIterator<Item = Cell>) -> String {
    let mut marks = Vec::new();
    for cell in cells {
        values.push(cell);
        marks.push(format!("${}", values.len()));
    }
    marks.join(",")
}
