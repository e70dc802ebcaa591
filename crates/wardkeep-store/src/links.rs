//! Links between records: what a record rests on, and what uses it.

use crate::list::Reach;
use crate::read::{HEAD_COLUMNS, head_row};
use crate::sql::{get, get_id};
use crate::{Db, HeadRow, StoreError};
use std::collections::HashMap;
use wardkeep_types::Id;

/// One current link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// The record that points.
    pub from: Id,
    /// With which of its fields.
    pub field: String,
    /// The record it points to.
    pub to: Id,
}

/// A record at the other end of a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour {
    /// With which field the link is made.
    pub field: String,
    /// The record at the other end.
    pub head: HeadRow,
}

impl Db {
    /// Target ids by (record, field) of those records' link lists, sorted.
    pub async fn link_lists(
        &self,
        ids: &[Id],
        known_at: Option<i64>,
    ) -> Result<HashMap<(Id, String), Vec<Id>>, StoreError> {
        let mut lists: HashMap<(Id, String), Vec<Id>> = HashMap::new();
        for chunk in ids.chunks(500) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let held = match known_at {
                None => "to_change IS NULL".to_owned(),
                Some(n) => format!("from_change <= {n} AND (to_change IS NULL OR to_change > {n})"),
            };
            let sql = format!(
                "SELECT from_id, field, to_id FROM link WHERE from_id IN ({}) AND {held}",
                marks.join(",")
            );
            for row in &self.rows(&sql, chunk.iter().map(|id| (*id).into()).collect()).await? {
                let key = (get_id(row, "from_id")?, get::<String>(row, "field")?);
                lists.entry(key).or_default().push(get_id(row, "to_id")?);
            }
        }
        lists.values_mut().for_each(|ids| ids.sort_unstable());
        Ok(lists)
    }
    /// The records that point to `id` and that `reach` may see, newest first. `registers` are those whose
    /// records the reader may view; each brings its own reach.
    pub async fn used_by(
        &self,
        id: Id,
        reach: &[(&str, Reach)],
        limit: i64,
    ) -> Result<Vec<Neighbour>, StoreError> {
        let mut values = vec![id.into()];
        let seen = Reach::any_of(reach, &mut values);
        let sql = format!(
            "SELECT l.field, {HEAD_COLUMNS} FROM link l JOIN record r ON r.id = l.from_id WHERE l.to_id = $1 AND l.to_change IS NULL AND ({seen}) ORDER BY r.changed_at DESC LIMIT {limit}"
        );
        let rows = self.rows(&sql, values).await?;
        rows.iter().map(|row| Ok(Neighbour { field: get(row, "field")?, head: head_row(row)? })).collect()
    }
}
