//! What can go wrong with the store, told apart by who can mend it.

use sea_orm::DbErr;
use wardkeep_types::Id;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the record since it was read.
    #[error("{reference} was changed meanwhile: version {found}, you had {expected}")]
    Conflict {
        /// Human reference.
        reference: String,
        /// The version that the writer had read.
        expected: i64,
        /// The version that stands.
        found: i64,
    },
    /// No such record.
    #[error("there is no record {0}")]
    NotFound(Id),
    /// Another record of the register has the same value in a field that must be unique.
    #[error("another record, {reference}, already has this {field}")]
    NotUnique {
        /// Field name.
        field: String,
        /// The record that has it.
        reference: String,
    },
    /// A link points to a record that is not there or belongs to another register.
    #[error("the {field} points to a record that does not exist")]
    BrokenLink {
        /// Field name.
        field: String,
        /// What it points to.
        target: Id,
    },
    /// Row `index` of a batch is at fault; nothing of the batch was written.
    #[error("row {index}: {error}")]
    At {
        /// Position in the batch, from 0.
        index: usize,
        /// What is wrong with it.
        error: Box<StoreError>,
    },
    /// The database was made by a newer program.
    #[error(
        "this data was written by a newer Wardkeep (schema {found}, this program knows {known}); install the newer program"
    )]
    Newer {
        /// Schema number of the data.
        found: i64,
        /// Newest schema number that this program knows.
        known: i64,
    },
    /// A migration failed and was rolled back.
    #[error("upgrading the data to schema {number} failed and was undone; the data is as before. {cause}")]
    Migration {
        /// The migration.
        number: i64,
        /// What the database said.
        cause: String,
    },
    /// The disk is full.
    #[error("the disk is full; free some space and try again. Nothing was written")]
    DiskFull,
    /// The data folder or database cannot be written.
    #[error("the data cannot be written; check the permissions of {0}")]
    ReadOnly(String),
    /// The database file is damaged.
    #[error("the database is damaged ({0}); restore the last backup with `wardkeep restore`")]
    Corrupt(String),
    /// The database cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Something in the data contradicts what the program wrote.
    #[error("stored data is not as it should be: {0}")]
    Inconsistent(String),
    /// A file is larger than may be stored.
    #[error("the file is larger than {} MiB, the most that is stored; hand in a part of it or raise the limit", limit / 1_048_576)]
    TooLarge {
        /// Most bytes.
        limit: u64,
    },
    /// A file operation failed.
    #[error("{path}: {cause}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Any other failure of the database.
    #[error("database: {0}")]
    Database(DbErr),
}

impl From<DbErr> for StoreError {
    /// Sorts what the databases say into what people can act on.
    fn from(error: DbErr) -> Self {
        let text = error.to_string();
        let has = |needle: &str| text.contains(needle);
        if has("database or disk is full") || has("No space left") {
            Self::DiskFull
        } else if has("readonly database")
            || has("unable to open database file")
            || has("read-only transaction")
        {
            Self::ReadOnly("the data folder".into())
        } else if has("malformed") || has("file is not a database") || has("disk I/O error") {
            Self::Corrupt(text)
        } else if matches!(error, DbErr::Conn(_) | DbErr::ConnectionAcquire(_)) {
            Self::Unreachable(text)
        } else {
            Self::Database(error)
        }
    }
}
