//! Records, change log, versions, search, jobs and files on SQLite or PostgreSQL.
//!
//! One writer turns register schemas into statements for both databases; what differs between them stands in
//! [`dialect`](crate::Dialect) alone. The change log is one hash chain for the whole installation.

mod chain;
mod cursor;
mod db;
mod dialect;
mod error;
mod links;
mod list;
mod log;
mod migrate;
mod read;
mod search;
mod sql;
mod values;
mod write;

pub use chain::{Commitment, Entry, GENESIS, commit, entry_hash};
pub use cursor::Cursor;
pub use db::{Db, Target, Tx};
pub use dialect::Dialect;
pub use error::StoreError;
pub use links::{LinkRow, Neighbour};
pub use list::{Count, Filter, ListQuery, Op, Page, Reach, Sort};
pub use log::{ChangeRecord, FieldChange};
pub use migrate::{MIGRATIONS, Migrated, register_ddl};
pub use read::HeadRow;
pub use search::SearchHit;
pub use sql::Cell;
pub use values::filter_cell;
pub use write::{Act, Author, FieldEdit, Write, Written};
