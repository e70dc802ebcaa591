//! How many records each register holds for a reader, and how many of them want attention.

use super::row::{get, id};
use crate::{App, Ctx, Error, Organisation};
use wardkeep_register::Schema;
use wardkeep_store::cells;
use wardkeep_types::Id;

/// Counts of one register, as far as the reader may see its records.
#[derive(Debug, Clone)]
pub struct RegisterCount {
    /// The register.
    pub schema: &'static Schema,
    /// All records.
    pub total: u64,
    /// Those still open.
    pub open: u64,
    /// Open ones past their day.
    pub overdue: u64,
    /// Open ones that nobody answers for.
    pub unowned: u64,
    /// Open ones that the reader answers for.
    pub mine: u64,
}

impl App {
    /// Counts of every register within reach, in one statement.
    pub async fn register_counts(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
    ) -> Result<Vec<RegisterCount>, Error> {
        let mut values = cells![ctx.now.date(), ctx.person()];
        // A branch for each register reads one stretch of the index `record_counts`, and no row; one condition over
        // all registers reads every row ten times slower.
        let branches: Vec<String> = self
            .reaches(ctx, organisation)
            .iter()
            .filter_map(|(register, reach)| reach.of_register(register, &mut values))
            .map(|seen| format!("SELECT max(r.register) AS register, count(*) AS total, CAST(sum(r.is_open) AS BIGINT) AS open, CAST(sum(CASE WHEN r.is_open = 1 AND r.due_on < $1 THEN 1 ELSE 0 END) AS BIGINT) AS overdue, CAST(sum(CASE WHEN r.is_open = 1 AND r.owner_id IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS unowned, CAST(sum(CASE WHEN r.is_open = 1 AND r.owner_id = $2 THEN 1 ELSE 0 END) AS BIGINT) AS mine FROM record r WHERE {seen} HAVING count(*) > 0"))
            .collect();
        if branches.is_empty() {
            return Ok(Vec::new());
        }
        let sql = branches.join(" UNION ALL ");
        let mut counts = Vec::new();
        for row in self.db.rows(&sql, values).await? {
            let Some(schema) = wardkeep_registers::by_key(&get::<String>(&row, "register")?) else {
                continue;
            };
            // PostgreSQL sums to numerics, hence the casts; SQLite takes the same word for its whole numbers.
            let number = |name: &str| get::<i64>(&row, name).map(|n| n.max(0) as u64);
            counts.push(RegisterCount {
                schema,
                total: number("total")?,
                open: number("open")?,
                overdue: number("overdue")?,
                unowned: number("unowned")?,
                mine: number("mine")?,
            });
        }
        Ok(counts)
    }
    /// The record that a request for a second person is about.
    pub async fn approval_record(&self, approval: Id) -> Result<Option<Id>, Error> {
        let row =
            self.db.row("SELECT record_id FROM pending_approval WHERE id = $1", cells![approval]).await?;
        row.map(|r| id(&r, "record_id")).transpose()
    }
}
