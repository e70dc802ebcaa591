//! Connections: one pool type for both databases, a single writer on SQLite.

use crate::{Cell, Dialect, StoreError};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, QueryResult,
    Statement, TransactionTrait,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Where the records are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file; made when it is not there.
    File(PathBuf),
    /// A PostgreSQL URL and the schema within the database.
    Postgres {
        /// `postgres://user:secret@host/database`
        url: String,
        /// Schema name; `public` unless several installations share a database.
        schema: String,
    },
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    dialect: Dialect,
    statements: Arc<AtomicU64>,
}

/// A transaction that writes; what is not committed is rolled back when it is dropped.
pub struct Tx {
    inner: DatabaseTransaction,
    dialect: Dialect,
    statements: Arc<AtomicU64>,
}

fn options(url: String, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .connect_timeout(Duration::from_secs(10))
        .sqlx_logging(false);
    options
}

fn sqlite(path: &std::path::Path, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = options("sqlite://wardkeep.db".into(), connections);
    let path = path.to_owned();
    options.idle_timeout(None::<Duration>).map_sqlx_sqlite_opts(move |sqlx| {
        sqlx.filename(&path)
            .create_if_missing(!read_only)
            .read_only(read_only)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30))
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL") // a commit that was reported must survive a power cut
            .pragma("secure_delete", "ON") // what is erased leaves no trace in free pages
            .pragma("cache_size", if read_only { "-8000" } else { "-32000" })
            .pragma("temp_store", "MEMORY")
    });
    options
}

impl Db {
    /// Opens the database without changing it; call [`Db::migrate`] before use.
    pub async fn open(target: &Target) -> Result<Self, StoreError> {
        let (read, write, dialect) = match target {
            Target::File(path) => {
                let write = Database::connect(sqlite(path, 1, false)).await?;
                write.execute_unprepared("SELECT 1").await?;
                let read = Database::connect(sqlite(path, 4, true)).await?;
                (read, write, Dialect::Sqlite)
            }
            Target::Postgres { url, schema } => {
                let mut options = options(url.clone(), 12);
                options.set_schema_search_path(schema.clone());
                // Compiling a statement takes longer than any of ours runs: what looks costly has many conditions and
                // few rows. And how many rows words or units leave is only known with them: a plan for all words read
                // the whole index, a hundred times slower than one for these.
                options.map_sqlx_postgres_opts(|sqlx| {
                    sqlx.options([("jit", "off"), ("plan_cache_mode", "force_custom_plan")])
                });
                let pool = Database::connect(options).await?;
                (pool.clone(), pool, Dialect::Postgres)
            }
        };
        Ok(Self { read, write, dialect, statements: Arc::default() })
    }
    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }
    /// Statements sent so far, for the count of statements a page.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }
    /// Begins a transaction that will write.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let options = sea_orm::TransactionOptions {
            sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let inner = self.write.begin_with_options(options).await?;
        Ok(Tx { inner, dialect: self.dialect, statements: self.statements.clone() })
    }
    /// Begins a transaction that only reads: everything read in it is as it was at its first statement, while
    /// others go on writing.
    pub async fn snapshot(&self) -> Result<Tx, StoreError> {
        let options = sea_orm::TransactionOptions {
            isolation_level: (self.dialect == Dialect::Postgres)
                .then_some(sea_orm::IsolationLevel::RepeatableRead),
            access_mode: (self.dialect == Dialect::Postgres).then_some(sea_orm::AccessMode::ReadOnly),
            ..Default::default()
        };
        let inner = self.read.begin_with_options(options).await?;
        Ok(Tx { inner, dialect: self.dialect, statements: self.statements.clone() })
    }
    /// Reads rows with a plain statement; parameters are `$1`, `$2`, ...
    pub async fn rows(&self, sql: &str, values: Vec<Cell>) -> Result<Vec<QueryResult>, StoreError> {
        self.tally();
        Ok(self.read.query_all_raw(statement(self.dialect, sql, values)).await?)
    }
    /// Reads at most one row.
    pub async fn row(&self, sql: &str, values: Vec<Cell>) -> Result<Option<QueryResult>, StoreError> {
        self.tally();
        Ok(self.read.query_one_raw(statement(self.dialect, sql, values)).await?)
    }
    /// Writes with one plain statement of its own transaction; for things outside the change log (sessions,
    /// job claims, counters of attempts). Returns the rows it touched.
    pub async fn run(&self, sql: &str, values: Vec<Cell>) -> Result<u64, StoreError> {
        self.tally();
        Ok(self.write.execute_raw(statement(self.dialect, sql, values)).await?.rows_affected())
    }
    /// Writes with one statement that returns a row.
    pub async fn run_returning(
        &self,
        sql: &str,
        values: Vec<Cell>,
    ) -> Result<Option<QueryResult>, StoreError> {
        self.tally();
        Ok(self.write.query_one_raw(statement(self.dialect, sql, values)).await?)
    }
    pub(crate) async fn select<S>(&self, query: &S) -> Result<Vec<QueryResult>, StoreError>
    where
        S: sea_orm::sea_query::QueryStatementWriter + sea_orm::StatementBuilder + Sync,
    {
        self.tally();
        Ok(self.read.query_all_raw(self.dialect.backend().build(query)).await?)
    }
    /// Runs text of several statements on the writing connection, outside any transaction.
    pub async fn script(&self, sql: &str) -> Result<(), StoreError> {
        self.write.execute_unprepared(sql).await?;
        Ok(())
    }
    /// Closes both pools; what was committed stays.
    pub async fn close(self) -> Result<(), StoreError> {
        if self.dialect == Dialect::Sqlite {
            // Leaves one file behind; a failure only means that the next start replays the log.
            let _ = self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await;
        }
        self.read.close().await?;
        Ok(self.write.close().await?)
    }
    fn tally(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }
}

impl Tx {
    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }
    /// Reads rows within the transaction.
    pub async fn rows(&self, sql: &str, values: Vec<Cell>) -> Result<Vec<QueryResult>, StoreError> {
        self.tally();
        Ok(self.inner.query_all_raw(statement(self.dialect, sql, values)).await?)
    }
    /// Reads at most one row within the transaction.
    pub async fn row(&self, sql: &str, values: Vec<Cell>) -> Result<Option<QueryResult>, StoreError> {
        self.tally();
        Ok(self.inner.query_one_raw(statement(self.dialect, sql, values)).await?)
    }
    /// Writes with a plain statement; returns the rows it touched.
    pub async fn run(&self, sql: &str, values: Vec<Cell>) -> Result<u64, StoreError> {
        self.tally();
        Ok(self.inner.execute_raw(statement(self.dialect, sql, values)).await?.rows_affected())
    }
    /// Runs text of several statements.
    pub async fn script(&self, sql: &str) -> Result<(), StoreError> {
        self.inner.execute_unprepared(sql).await?;
        Ok(())
    }
    /// Makes it last.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }
    /// Undoes it.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.inner.rollback().await?)
    }
    fn tally(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }
}

fn statement(dialect: Dialect, sql: &str, values: Vec<Cell>) -> Statement {
    Statement::from_sql_and_values(dialect.backend(), sql, values.into_iter().map(sea_orm::Value::from))
}
