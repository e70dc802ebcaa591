//! Reading result rows.

use crate::Error;
use sea_orm::prelude::Uuid;
use sea_orm::{QueryResult, TryGetable};
use wardkeep_types::{Id, Moment};

pub(super) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, Error> {
    row.try_get("", column).map_err(Error::fault)
}

pub(super) fn id(row: &QueryResult, column: &str) -> Result<Id, Error> {
    get::<Uuid>(row, column).map(Id::from_uuid)
}

pub(super) fn id_maybe(row: &QueryResult, column: &str) -> Result<Option<Id>, Error> {
    Ok(get::<Option<Uuid>>(row, column)?.map(Id::from_uuid))
}

pub(super) fn moment(row: &QueryResult, column: &str) -> Result<Moment, Error> {
    get::<i64>(row, column).map(Moment::from_micros)
}

pub(super) fn moment_maybe(row: &QueryResult, column: &str) -> Result<Option<Moment>, Error> {
    Ok(get::<Option<i64>>(row, column)?.map(Moment::from_micros))
}

/// A value kept as text, through its own parser.
pub(super) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    row: &QueryResult,
    column: &str,
) -> Result<T, Error> {
    get::<String>(row, column)?.parse().map_err(|e| Error::fault(format!("stored {column}: {e}")))
}

/// A value kept as text that may be missing.
pub(super) fn parsed_maybe<T: std::str::FromStr<Err: std::fmt::Display>>(
    row: &QueryResult,
    column: &str,
) -> Result<Option<T>, Error> {
    let text: Option<String> = get(row, column)?;
    text.map(|t| t.parse().map_err(|e| Error::fault(format!("stored {column}: {e}")))).transpose()
}
