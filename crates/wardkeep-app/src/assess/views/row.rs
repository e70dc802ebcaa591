//! Columns of plain statements.

use crate::Error;
use sea_orm::QueryResult;
use wardkeep_types::{Id, Moment};

pub(super) fn text(row: &QueryResult, name: &str) -> Result<String, Error> {
    Ok(row.try_get::<Option<String>>("", name).map_err(Error::fault)?.unwrap_or_default())
}

pub(super) fn int(row: &QueryResult, name: &str) -> Result<i64, Error> {
    Ok(maybe_int(row, name)?.unwrap_or(0))
}

pub(super) fn maybe_int(row: &QueryResult, name: &str) -> Result<Option<i64>, Error> {
    row.try_get::<Option<i64>>("", name).map_err(Error::fault)
}

pub(super) fn moment(row: &QueryResult, name: &str) -> Result<Moment, Error> {
    int(row, name).map(Moment::from_micros)
}

pub(super) fn maybe_moment(row: &QueryResult, name: &str) -> Result<Option<Moment>, Error> {
    Ok(maybe_int(row, name)?.map(Moment::from_micros))
}

pub(super) fn id(row: &QueryResult, name: &str) -> Result<Id, Error> {
    row.try_get::<uuid::Uuid>("", name).map(Id::from_uuid).map_err(Error::fault)
}

pub(super) fn maybe_id(row: &QueryResult, name: &str) -> Result<Option<Id>, Error> {
    Ok(row.try_get::<Option<uuid::Uuid>>("", name).map_err(Error::fault)?.map(Id::from_uuid))
}

/// `$1,$2,...` for so many values, beginning at `first`.
pub(super) fn marks(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(",")
}
