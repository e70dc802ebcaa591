//! One record: new, or changed.

use super::chain::{About, Chain};
use super::parts::{
    columns, custom_json, differences, head_cells, owner_and_due, read_links, whole, write_links,
};
use super::{Pending, Written};
use crate::read::stored;
use crate::search::body;
use crate::sql::get;
use crate::values::{column_names, row_cells};
use crate::{StoreError, Tx, cells};
use serde_json::{Value as Json, json};
use wardkeep_register::{Field, Row, Schema};
use wardkeep_types::{Id, Reference};

/// A record that is new.
pub(super) struct New<'a> {
    pub(super) schema: &'a Schema,
    pub(super) custom: &'a [Field],
    pub(super) id: Id,
    pub(super) unit: Id,
    pub(super) stage: &'a str,
    pub(super) restricted: bool,
    pub(super) row: Row,
    pub(super) why: Option<String>,
    pub(super) number: i64,
}

impl New<'_> {
    pub(super) fn write(self, chain: &mut Chain<'_>, pending: &mut Pending) -> Written {
        let Self { schema, custom, id, unit, stage, restricted, row, why, number } = self;
        let now = chain.author.now;
        let reference = Reference::new(schema.names.prefix, number as u64);
        let about =
            About { act: "add".into(), record: Some(id), register: schema.key, unit: Some(unit), version: 1 };
        let whole = whole(schema, custom, &row, unit, stage, restricted);
        let n = chain.append(about, vec![("record".into(), Json::Null, whole)], why, pending);
        pending.records.push(head_cells(schema, id, &reference, unit, stage, restricted, &row, 1, now, now));
        let (_, rows) = pending.rows.entry(schema.key).or_insert_with(|| (columns(schema), Vec::new()));
        let mut cells = cells![
            id,
            schema.names.prefix,
            number,
            unit,
            stage,
            1_i64,
            restricted,
            now,
            now,
            custom_json(&row),
            n
        ];
        cells.extend(row_cells(schema, &row));
        rows.push(cells);
        for (field, value) in schema.fields.iter().zip(&row.values) {
            for target in value.links() {
                pending.links.push(cells![id, field.name, *target, n, None::<i64>]);
            }
        }
        let text = body(schema, custom, &reference.to_string(), &row);
        pending.words.push((id, schema.title(&row).to_owned(), text, schema.key, unit));
        Written { id: Some(id), reference: Some(reference), change: Some(n), version: 1 }
    }
}

/// A record that changes.
pub(super) struct Edit<'a> {
    pub(super) schema: &'a Schema,
    pub(super) custom: &'a [Field],
    pub(super) id: Id,
    pub(super) version: i64,
    pub(super) act: String,
    pub(super) unit: Id,
    pub(super) stage: String,
    pub(super) restricted: bool,
    pub(super) row: Row,
    pub(super) why: Option<String>,
}

impl Edit<'_> {
    pub(super) async fn write(
        self,
        tx: &Tx,
        chain: &mut Chain<'_>,
        pending: &mut Pending,
    ) -> Result<Written, StoreError> {
        let Self { schema, custom, id, version, act, unit, stage, restricted, row, why } = self;
        let table = schema.key;
        let found = tx.row(&format!("SELECT * FROM \"{table}\" WHERE id = $1"), cells![id]).await?;
        let found = found.ok_or(StoreError::NotFound(id))?;
        let mut old = stored(schema, custom, &found)?;
        if old.head.version != version {
            let reference = old.head.reference.to_string();
            return Err(StoreError::Conflict { reference, expected: version, found: old.head.version });
        }
        read_links(tx, schema, &mut old).await?;
        let mut changes = differences(schema, custom, &old.row, &row);
        let mut note = |field: &str, from: Json, to: Json| {
            if from != to {
                changes.push((field.into(), from, to));
            }
        };
        note("stage", json!(old.head.stage), json!(stage));
        note("unit", json!(old.head.unit), json!(unit));
        note("restricted", json!(old.head.restricted), json!(restricted));
        let reference = Some(old.head.reference.clone());
        if changes.is_empty() && act == "edit" {
            return Ok(Written { id: Some(id), reference, change: None, version });
        }
        let now = chain.author.now;
        let about = About { act, record: Some(id), register: table, unit: Some(unit), version: version + 1 };
        let n = chain.append(about, changes, why, pending);
        let shared: Vec<String> = columns(schema).iter().map(|c| format!("\"{c}\"")).collect();
        let shared = shared.join(", ");
        let keep = format!(
            "INSERT INTO \"{table}_was\" ({shared}, to_change) SELECT {shared}, $1 FROM \"{table}\" WHERE id = $2"
        );
        tx.run(&keep, cells![n, id]).await?;
        let mut sets =
            vec!["unit_id", "stage", "version", "restricted", "changed_at", "custom", "from_change"]
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>();
        sets.extend(column_names(schema));
        let mut values = cells![unit, stage.clone(), version + 1, restricted, now, custom_json(&row), n];
        values.extend(row_cells(schema, &row));
        let marks: Vec<String> =
            sets.iter().enumerate().map(|(i, c)| format!("\"{c}\" = ${}", i + 1)).collect();
        values.push(id.into());
        let sql = format!("UPDATE \"{table}\" SET {} WHERE id = ${}", marks.join(", "), values.len());
        tx.run(&sql, values).await?;
        write_links(tx, schema, id, &old.row, &row, n).await?;
        let title = schema.title(&row).to_owned();
        let head = "UPDATE record SET title = $1, unit_id = $2, owner_id = $3, due_on = $4, stage = $5, is_open = $6, restricted = $7, version = $8, changed_at = $9 WHERE id = $10 RETURNING seq";
        let (owner, due) = owner_and_due(schema, &row);
        let values = cells![
            title.clone(),
            unit,
            owner,
            due,
            stage.clone(),
            schema.is_open(&stage),
            restricted,
            version + 1,
            now,
            id
        ];
        let seq: i64 =
            tx.row(head, values).await?.map_or(Err(StoreError::NotFound(id)), |r| get(&r, "seq"))?;
        let text = body(schema, custom, &old.head.reference.to_string(), &row);
        tx.index(seq, &title, &text, (table, unit)).await?;
        Ok(Written { id: Some(id), reference, change: Some(n), version: version + 1 })
    }
}
