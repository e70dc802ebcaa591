//! Watchers: who wants to hear of a record's changes.

use super::row::{get, id};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::{Schema, Verb};
use wardkeep_store::cells;
use wardkeep_types::Id;

/// A person by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The person's record.
    pub id: Id,
    /// Its reference.
    pub reference: String,
    /// Name.
    pub name: String,
}

impl App {
    /// Who watches a record, by name. That the reader may see the record is the caller's matter.
    pub async fn watchers(&self, record: Id) -> Result<Vec<Named>, Error> {
        self.named_people("watcher", record).await
    }
    pub(super) async fn named_people(&self, table: &'static str, record: Id) -> Result<Vec<Named>, Error> {
        let sql = format!(
            "SELECT r.id, r.reference, r.title FROM {table} w JOIN record r ON r.id = w.person_id WHERE w.record_id = $1 ORDER BY r.title LIMIT 200"
        );
        let rows = self.db.rows(&sql, cells![record]).await?;
        rows.iter()
            .map(|r| Ok(Named { id: id(r, "id")?, reference: get(r, "reference")?, name: get(r, "title")? }))
            .collect()
    }
    pub(super) async fn watcher_ids(&self, record: Id) -> Result<Vec<Id>, Error> {
        let sql = "SELECT person_id FROM watcher WHERE record_id = $1 LIMIT 1000";
        self.db.rows(sql, cells![record]).await?.iter().map(|row| id(row, "person_id")).collect()
    }
    /// Watches a record, or stops. What one watches is one's own matter and stands in no change log.
    pub async fn watch(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
        on: bool,
    ) -> Result<(), Error> {
        let head = self.seen(ctx, organisation, schema, reference, Verb::View).await?;
        let person = ctx.person().ok_or_else(|| Refusal::Forbidden("only people watch records".into()))?;
        if on {
            let sql = "INSERT INTO watcher (record_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT (record_id, person_id) DO NOTHING";
            self.db.run(sql, cells![head.id, person, ctx.now]).await?;
        } else {
            self.db
                .run("DELETE FROM watcher WHERE record_id = $1 AND person_id = $2", cells![head.id, person])
                .await?;
        }
        Ok(())
    }
}
