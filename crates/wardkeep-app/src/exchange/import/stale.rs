//! What changed between the preview of an import and its application.

use super::apply::Waiting;
use crate::{App, Error};
use std::collections::{HashMap, HashSet};
use wardkeep_register::Schema;
use wardkeep_types::{Id, Problem, Problems};

impl App {
    /// What changed since the preview, row by row: versions, links to rows that did not get in, unique values.
    pub(super) async fn stale(
        &self,
        schema: &Schema,
        rows: &[Waiting],
    ) -> Result<HashMap<i64, Problems>, Error> {
        let mut bad: HashMap<i64, Problems> = HashMap::new();
        let own: HashSet<Id> = rows.iter().filter(|r| r.base.is_none()).map(|r| r.id).collect();
        let links = |row: &Waiting| {
            row.edits.values().flat_map(|v| v.links().to_vec()).chain(row.kept.unit).collect::<Vec<_>>()
        };
        let wanted = rows.iter().flat_map(|r| links(r).into_iter().chain(r.base.map(|_| r.id)));
        let wanted: HashSet<Id> = wanted.filter(|id| !own.contains(id) && *id != Id::NIL).collect();
        let heads = self.db.heads(&wanted.into_iter().collect::<Vec<_>>()).await?;
        let versions: HashMap<Id, i64> = heads.iter().map(|h| (h.id, h.version)).collect();
        let mut refuse = |row: &Waiting, problem: Problem| {
            bad.insert(row.row, Problems(vec![problem]));
        };
        for row in rows {
            if let Some(base) = row.base.filter(|base| versions.get(&row.id) != Some(base)) {
                let found = versions.get(&row.id).copied().unwrap_or_default();
                let message =
                    format!("the record was changed since the preview (version {found}, previewed {base})");
                let hint = "Import the file again: the new preview shows the present values.";
                refuse(row, Problem::new("", "conflict", message).hint(hint));
            } else if links(row).iter().any(|id| !own.contains(id) && !versions.contains_key(id)) {
                let message = "it points to a row of this file that was refused or left out";
                refuse(
                    row,
                    Problem::new("", "refused_ref", message).hint("Take that row too, or empty the link."),
                );
            }
        }
        for field in schema.fields.iter().filter(|f| f.unique) {
            let valued = rows
                .iter()
                .filter_map(|r| Some((r.edits.get(field.name).filter(|v| !v.is_empty())?.show(), r)));
            let by_value: HashMap<String, &Waiting> = valued.collect();
            let (table, name) = (schema.key, field.name);
            let sql = |marks: &str| {
                format!("SELECT id, \"{name}\" AS v FROM \"{table}\" WHERE \"{name}\" IN ({marks})")
            };
            for (value, holder) in self.look_up(sql, by_value.keys().cloned().collect()).await? {
                let Some(row) = by_value.get(&value).filter(|row| row.id != holder) else { continue };
                let message = format!("another record already has this {}", field.label().to_lowercase());
                refuse(row, Problem::new(name, "not_unique", message).hint("Correct one of the two."));
            }
        }
        Ok(bad)
    }
}
