//! Migrations: numbered SQL files for both databases, applied at start, each in one transaction.

use crate::values::columns;
use crate::{Db, StoreError, cells, sql};
use std::fmt::Write as _;
use std::future::Future;
use wardkeep_register::{Kind, Schema};

/// Every migration: number, name, text with marks (see [`crate::Dialect::render`]). Never edited once released.
pub const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "records", include_str!("../migrations/0001_records.sql")),
    (2, "registers", include_str!("../migrations/0002_registers.sql")),
    (3, "accounts", include_str!("../migrations/0003_accounts.sql")),
    (4, "work", include_str!("../migrations/0004_work.sql")),
    (5, "jobs", include_str!("../migrations/0005_jobs.sql")),
    (6, "evidence", include_str!("../migrations/0006_evidence.sql")),
    (7, "courier", include_str!("../migrations/0007_courier.sql")),
    (8, "counts", include_str!("../migrations/0008_counts.sql")),
    (9, "rules", include_str!("../migrations/0009_rules.sql")),
    (10, "event_care", include_str!("../migrations/0010_event_care.sql")),
    (11, "risk", include_str!("../migrations/0011_risk.sql")),
    (12, "intake", include_str!("../migrations/0012_intake.sql")),
    (13, "ioc", include_str!("../migrations/0013_ioc.sql")),
    (14, "event_holds", include_str!("../migrations/0014_event_holds.sql")),
    (15, "order", include_str!("../migrations/0015_order.sql")),
    (16, "risk_nodes", include_str!("../migrations/0016_risk_nodes.sql")),
];

/// What a start found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// Schema number before; 0 for a new database.
    pub from: i64,
    /// Schema number now.
    pub to: i64,
}

impl Db {
    /// Brings the database to this program's schema. Before the first pending migration of a database that
    /// holds data, `backup` is awaited; when it fails nothing is touched.
    pub async fn migrate<F>(&self, backup: impl FnOnce() -> F) -> Result<Migrated, StoreError>
    where
        F: Future<Output = Result<(), StoreError>>,
    {
        let table = "CREATE TABLE IF NOT EXISTS schema_version (number {int} PRIMARY KEY, name {text} NOT NULL){strict}";
        self.script(&self.dialect().render(table)).await?;
        let from = self.schema_number().await?;
        let known = MIGRATIONS.last().map_or(0, |m| m.0);
        if from > known {
            return Err(StoreError::Newer { found: from, known });
        }
        if from == known {
            return Ok(Migrated { from, to: known });
        }
        if from > 0 {
            backup().await?;
        }
        for (number, name, text) in MIGRATIONS.iter().filter(|m| m.0 > from) {
            let tx = self.begin().await?;
            let applied = async {
                tx.script(&self.dialect().render(text)).await?;
                tx.run("INSERT INTO schema_version (number, name) VALUES ($1, $2)", cells![*number, *name])
                    .await
            };
            if let Err(error) = applied.await {
                tx.rollback().await?;
                return Err(StoreError::Migration { number: *number, cause: error.to_string() });
            }
            tx.commit().await?;
        }
        Ok(Migrated { from, to: known })
    }
    /// The schema number of the data; 0 for a new database.
    pub async fn schema_number(&self) -> Result<i64, StoreError> {
        let row = self.row("SELECT coalesce(max(number), 0) AS number FROM schema_version", cells![]).await?;
        row.map_or(Ok(0), |r| sql::get(&r, "number"))
    }
}

/// The tables of one register, in the marks of a migration: its current rows, and `_was` with the rows that
/// were, each with the change numbers between which it held.
pub fn register_ddl(schema: &Schema) -> String {
    let table = schema.key;
    let own: String = schema.fields.iter().flat_map(columns).fold(String::new(), |mut text, (name, mark)| {
        let _ = writeln!(text, "  \"{name}\" {mark},");
        text
    });
    let head = "  id {uuid} NOT NULL,\n  ref_prefix {text} NOT NULL,\n  ref_number {int} NOT NULL,\n  unit_id {uuid} NOT NULL,\n  stage {text} NOT NULL,\n  version {int} NOT NULL,\n  restricted {int} NOT NULL,\n  created_at {int} NOT NULL,\n  changed_at {int} NOT NULL,\n  custom {text},\n  from_change {int} NOT NULL,\n";
    let mut text = format!(
        "CREATE TABLE \"{table}\" (\n{head}{own}  PRIMARY KEY (id)\n){{strict}};\nCREATE TABLE \"{table}_was\" (\n{head}{own}  to_change {{int}} NOT NULL,\n  PRIMARY KEY (id, from_change)\n){{strict}};\n"
    );
    // A list is sorted within the units one may see: each sortable list column has an index led by the unit.
    let mut sorted: Vec<&str> = vec!["ref_number", "changed_at", "stage"];
    sorted.extend(
        schema
            .fields
            .iter()
            .filter(|f| (f.title || f.list || f.filter || f.due) && f.kind.sortable())
            .map(|f| f.name),
    );
    for column in sorted {
        let _ = writeln!(
            text,
            "CREATE INDEX \"{table}_by_{column}\" ON \"{table}\" (unit_id, \"{column}\"{{empty_first}}, id);"
        );
    }
    for field in schema.fields.iter().filter(|f| f.unique) {
        let _ =
            writeln!(text, "CREATE UNIQUE INDEX \"{table}_one_{0}\" ON \"{table}\" (\"{0}\");", field.name);
    }
    for field in schema.fields.iter().filter(|f| matches!(f.kind, Kind::Link("person")) && f.name == "owner")
    {
        let _ = writeln!(text, "CREATE INDEX \"{table}_of_{0}\" ON \"{table}\" (\"{0}\");", field.name);
    }
    text
}
