//! Reading the change log.

use crate::chain::Entry;
use crate::sql::get;
use crate::{Cell, Db, StoreError, cells};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use wardkeep_types::Moment;

/// One field's change as it can still be read.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// Field name.
    pub field: String,
    /// Before, if there was something and it was not erased.
    pub old: Option<Json>,
    /// After, if there is something and it was not erased.
    pub new: Option<Json>,
    /// A value was there and was erased.
    pub erased: bool,
}

/// One change as people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeRecord {
    /// The chained entry.
    pub entry: Entry,
    /// Its hash.
    pub hash: String,
    /// What changed, without the reason.
    pub fields: Vec<FieldChange>,
    /// Why, if said and not erased.
    pub why: Option<String>,
}

impl Db {
    /// The number and hash of the newest change.
    pub async fn chain_head(&self) -> Result<(i64, String), StoreError> {
        let row = self.row("SELECT n, hash FROM chain_head WHERE id = 1", cells![]).await?;
        let row = row.ok_or_else(|| StoreError::Inconsistent("no chain head".into()))?;
        Ok((get(&row, "n")?, get(&row, "hash")?))
    }
    /// The newest change that was known at that moment; 0 before the first.
    pub async fn change_at(&self, at: Moment) -> Result<i64, StoreError> {
        let row = self.row("SELECT coalesce(max(n), 0) AS n FROM change WHERE at <= $1", cells![at]).await?;
        row.map_or(Ok(0), |r| get(&r, "n"))
    }
    /// A record's history, newest first, before change `before` if given.
    pub async fn history(
        &self,
        record: wardkeep_types::Id,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<ChangeRecord>, StoreError> {
        let sql = "SELECT c.entry, c.hash, v.field, v.old_value, v.new_value, c.n FROM (SELECT n, entry, hash FROM change WHERE record_id = $1 AND n < $2 ORDER BY n DESC LIMIT $3) c LEFT JOIN change_value v ON v.n = c.n ORDER BY c.n DESC, v.field";
        self.changes(sql, cells![record, before.unwrap_or(i64::MAX), limit]).await
    }
    /// Changes from number `from` on, oldest first: what webhooks, live pages and verification read.
    pub async fn changes_from(&self, from: i64, limit: i64) -> Result<Vec<ChangeRecord>, StoreError> {
        let sql = "SELECT c.entry, c.hash, v.field, v.old_value, v.new_value, c.n FROM (SELECT n, entry, hash FROM change WHERE n >= $1 ORDER BY n LIMIT $2) c LEFT JOIN change_value v ON v.n = c.n ORDER BY c.n, v.field";
        self.changes(sql, cells![from, limit]).await
    }
    async fn changes(&self, sql: &str, values: Vec<Cell>) -> Result<Vec<ChangeRecord>, StoreError> {
        let mut changes: Vec<ChangeRecord> = Vec::new();
        let mut kept: BTreeMap<String, (Option<String>, Option<String>)> = BTreeMap::new();
        let finish = |change: Option<&mut ChangeRecord>,
                      kept: &mut BTreeMap<String, (Option<String>, Option<String>)>| {
            if let Some(change) = change {
                fill(change, std::mem::take(kept));
            }
        };
        for row in &self.rows(sql, values).await? {
            let hash: String = get(row, "hash")?;
            if changes.last().is_none_or(|c| c.hash != hash) {
                finish(changes.last_mut(), &mut kept);
                let entry: String = get(row, "entry")?;
                let entry = serde_json::from_str(&entry)
                    .map_err(|e| StoreError::Inconsistent(format!("change entry {entry}: {e}")))?;
                changes.push(ChangeRecord { entry, hash, fields: Vec::new(), why: None });
            }
            if let Some(field) = get::<Option<String>>(row, "field")? {
                kept.insert(field, (get(row, "old_value")?, get(row, "new_value")?));
            }
        }
        finish(changes.last_mut(), &mut kept);
        Ok(changes)
    }
}

fn fill(change: &mut ChangeRecord, mut kept: BTreeMap<String, (Option<String>, Option<String>)>) {
    let read = |text: Option<String>| text.and_then(|t| serde_json::from_str::<Json>(&t).ok());
    for commitment in &change.entry.values {
        let (old, new) = kept.remove(&commitment.field).unwrap_or((None, None));
        let erased =
            (commitment.from.is_some() && old.is_none()) || (commitment.to.is_some() && new.is_none());
        let (old, new) = (read(old), read(new));
        if commitment.field == "why" {
            change.why = new.and_then(|w| w.as_str().map(str::to_owned));
        } else {
            change.fields.push(FieldChange { field: commitment.field.clone(), old, new, erased });
        }
    }
}
