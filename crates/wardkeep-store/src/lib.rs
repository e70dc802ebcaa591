//! Records, change log, versions, search, jobs and files on SQLite or PostgreSQL.
//!
//! One writer turns register schemas into statements for both databases; what differs between them stands in
//! [`dialect`](crate::Dialect) alone. The change log is one hash chain for the whole installation.

mod agree;
mod archive;
mod backup;
mod catalog;
mod chain;
mod cursor;
mod db;
mod dialect;
mod erase;
mod error;
mod export;
mod files;
mod hold;
mod jobs;
mod keys;
mod links;
mod list;
mod log;
mod migrate;
mod needles;
mod outbox;
mod proof;
mod read;
mod redact;
mod report;
mod restore;
mod search;
mod sniff;
mod sql;
mod values;
mod verify;
mod verify_events;
mod words;
mod write;

pub use archive::{Manifest, Member};
pub use backup::backup;
pub use chain::{Commitment, Entry, GENESIS, commit, entry_hash};
pub use cursor::Cursor;
pub use db::{Db, Target, Tx};
pub use dialect::Dialect;
pub use erase::{Erased, Erasure, FilePolicy, Redactor, compact, erase};
pub use error::StoreError;
pub use export::{ChainExport, Values, export_chain, verify_export};
pub use files::{Content, Files, Incoming};
pub use hold::Hold;
pub use jobs::{Beat, Job, JobState, LOG_BYTES, NewJob, Progress};
pub use keys::{Keys, PublicKey, SignedHead, sign_head};
pub use links::{LinkRow, Neighbour};
pub use list::{Count, Filter, ListQuery, Op, Page, Reach, Sort};
pub use log::{ChangeRecord, FieldChange};
pub use migrate::{MIGRATIONS, Migrated, register_ddl};
pub use outbox::{ConsumerState, Range};
pub use read::HeadRow;
pub use report::{PROBLEMS_LISTED, Report};
pub use restore::{restore, verify_backup};
pub use search::SearchHit;
pub use sql::Cell;
pub use values::{filter_cell, register_columns};
pub use verify::{Scope, verify};
pub use write::{Act, Author, FieldEdit, Write, Written};
