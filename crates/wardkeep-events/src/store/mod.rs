//! Events as Parquet files: one folder a day and source kind, sorted by time, zstd, bloom filters on the
//! entities. Any engine that reads Parquet can read them.

mod columns;
mod fields;
mod find;
mod hashes;
mod merge;
mod read;
mod schema;
mod write;

pub use columns::read_columns;
pub use fields::{plain_value, stored_value};
pub use find::{find_event, find_events};
pub use hashes::hashes_in;
pub use merge::{file_sources, merge_files, select_events};
pub use read::{EventFile, EventReader, read_events, read_texts, rewrite_events};
pub use schema::dialect_key;
pub use write::{EventWriter, Written, batch, write_parts};

use std::path::PathBuf;

/// A failure of the event store, with the file it concerns.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// A file could not be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file is not what this program wrote.
    #[error("{path}: {cause}; the file is damaged, restore it from a backup")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
}

impl EventError {
    pub(crate) fn damaged(path: &std::path::Path, cause: impl std::fmt::Display) -> Self {
        Self::Damaged { path: path.to_owned(), cause: cause.to_string() }
    }
    pub(crate) fn file(path: &std::path::Path, cause: std::io::Error) -> Self {
        Self::File { path: path.to_owned(), cause }
    }
}
