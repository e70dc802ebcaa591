//! Cells: the few shapes that both databases store alike, so that no query decodes by dialect.

use sea_orm::sea_query::{self, Alias, IntoIden};
use sea_orm::{QueryResult, TryGetable, Value as Sql};
use uuid::Uuid;
use wardkeep_types::Id;

use crate::StoreError;

/// A stored cell: text, whole number, id or nothing. Days are text, moments microseconds, booleans 0 or 1, so
/// that sorting and comparing agree between the databases.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text.
    Text(Option<String>),
    /// A whole number.
    Int(Option<i64>),
    /// An id.
    Id(Option<Id>),
}

impl From<Cell> for Sql {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Text(text) => Self::String(text),
            Cell::Int(int) => Self::BigInt(int),
            Cell::Id(id) => Self::Uuid(id.map(Id::uuid)),
        }
    }
}
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}
impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Cell {
    fn from(int: i64) -> Self {
        Self::Int(Some(int))
    }
}
impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Int(Some(i64::from(flag)))
    }
}
impl From<Option<i64>> for Cell {
    fn from(int: Option<i64>) -> Self {
        Self::Int(int)
    }
}
impl From<Id> for Cell {
    fn from(id: Id) -> Self {
        Self::Id(Some(id))
    }
}
impl From<Option<Id>> for Cell {
    fn from(id: Option<Id>) -> Self {
        Self::Id(id)
    }
}
impl From<wardkeep_types::Moment> for Cell {
    fn from(at: wardkeep_types::Moment) -> Self {
        Self::Int(Some(at.as_micros()))
    }
}
impl From<Option<wardkeep_types::Moment>> for Cell {
    fn from(at: Option<wardkeep_types::Moment>) -> Self {
        Self::Int(at.map(wardkeep_types::Moment::as_micros))
    }
}
impl From<wardkeep_types::Date> for Cell {
    fn from(day: wardkeep_types::Date) -> Self {
        Self::Text(Some(day.to_string()))
    }
}

/// Several cells at once: `cells![id, "text", 3_i64]`.
#[macro_export]
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { vec![$($crate::Cell::from($cell)),*] };
}

/// A result column by name.
pub(crate) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, StoreError> {
    row.try_get::<T>("", column).map_err(StoreError::from)
}

/// A result column that holds an id.
pub(crate) fn get_id(row: &QueryResult, column: &str) -> Result<Id, StoreError> {
    get::<Uuid>(row, column).map(Id::from_uuid)
}

/// A result column that may hold an id.
pub(crate) fn get_id_maybe(row: &QueryResult, column: &str) -> Result<Option<Id>, StoreError> {
    get::<Option<Uuid>>(row, column).map(|id| id.map(Id::from_uuid))
}

/// An identifier that comes from a schema, never from a person.
pub(crate) fn name(text: &str) -> sea_query::DynIden {
    Alias::new(text.to_owned()).into_iden()
}
