//! Reading result rows.

use crate::Error;
use sea_orm::{QueryResult, TryGetable};
use wardkeep_types::{Id, Moment};

pub(super) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, Error> {
    row.try_get("", column).map_err(Error::fault)
}

pub(super) fn id(row: &QueryResult, column: &str) -> Result<Id, Error> {
    get::<uuid::Uuid>(row, column).map(Id::from_uuid)
}

pub(super) fn moment(row: &QueryResult, column: &str) -> Result<Moment, Error> {
    get::<i64>(row, column).map(Moment::from_micros)
}
