//! The parts of a row: what differs, its columns, its links.

use crate::sql::{get, get_id};
use crate::{Cell, StoreError, Tx, cells};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use wardkeep_register::{Field, Kind, Row, Schema, Stored, Value};
use wardkeep_types::{Id, Moment, Reference};

/// Which fields differ, old and new as JSON.
pub(super) fn differences(
    schema: &Schema,
    custom: &[Field],
    old: &Row,
    new: &Row,
) -> Vec<(String, Json, Json)> {
    let own = schema.fields.iter().enumerate().map(|(i, f)| (f, old.values.get(i), new.values.get(i)));
    let made = custom.iter().map(|f| (f, old.custom.get(f.name), new.custom.get(f.name)));
    own.chain(made)
        .filter_map(|(field, a, b)| {
            let json = |v: Option<&Value>| v.filter(|v| !v.is_empty()).map_or(Json::Null, Value::to_json);
            let (a, b) = (json(a), json(b));
            (a != b).then(|| (field.name.to_owned(), a, b))
        })
        .collect()
}

/// All values of a new record as one object: one commitment for the whole, since it is erased as a whole.
pub(super) fn whole(
    schema: &Schema,
    custom: &[Field],
    row: &Row,
    unit: Id,
    stage: &str,
    restricted: bool,
) -> Json {
    let mut object = Map::new();
    object.insert("unit".into(), json!(unit));
    object.insert("stage".into(), json!(stage));
    if restricted {
        object.insert("restricted".into(), json!(true));
    }
    for (name, _, new) in differences(schema, custom, &schema.empty_row(), row) {
        object.insert(name, new);
    }
    Json::Object(object)
}

pub(super) fn custom_json(row: &Row) -> Option<String> {
    if row.custom.is_empty() {
        return None;
    }
    let object: BTreeMap<&String, Json> = row.custom.iter().map(|(k, v)| (k, v.to_json())).collect();
    serde_json::to_string(&object).ok()
}

pub(super) fn columns(schema: &Schema) -> Vec<String> {
    crate::list::shared_columns(schema)
}

pub(super) fn owner_and_due(schema: &Schema, row: &Row) -> (Option<Id>, Option<String>) {
    let value = |index: Option<usize>| index.and_then(|i| row.values.get(i));
    let owner = value(schema.owner_index()).and_then(|v| v.links().first().copied());
    let due = value(schema.due_index()).and_then(|v| match v {
        Value::Date(day) => Some(day.to_string()),
        Value::Moment(at) => Some(at.date().to_string()),
        _ => None,
    });
    (owner, due)
}

#[allow(clippy::too_many_arguments)] // the columns of one table, in order
pub(super) fn head_cells(
    schema: &Schema,
    id: Id,
    reference: &Reference,
    unit: Id,
    stage: &str,
    restricted: bool,
    row: &Row,
    version: i64,
    created: Moment,
    changed: Moment,
) -> Vec<Cell> {
    let (owner, due) = owner_and_due(schema, row);
    cells![
        id,
        schema.key,
        reference.to_string(),
        schema.title(row),
        unit,
        owner,
        due,
        stage,
        schema.is_open(stage),
        restricted,
        version,
        created,
        changed,
    ]
}

pub(super) async fn read_links(tx: &Tx, schema: &Schema, record: &mut Stored) -> Result<(), StoreError> {
    if !schema.fields.iter().any(|f| matches!(f.kind, Kind::Links(_))) {
        return Ok(());
    }
    let sql = "SELECT field, to_id FROM link WHERE from_id = $1 AND to_change IS NULL";
    let mut lists: HashMap<String, Vec<Id>> = HashMap::new();
    for row in &tx.rows(sql, cells![record.head.id]).await? {
        lists.entry(get(row, "field")?).or_default().push(get_id(row, "to_id")?);
    }
    for (field, value) in schema.fields.iter().zip(&mut record.row.values) {
        if matches!(field.kind, Kind::Links(_)) {
            let mut ids = lists.remove(field.name).unwrap_or_default();
            ids.sort_unstable();
            *value = Value::Links(ids);
        }
    }
    Ok(())
}

pub(super) async fn write_links(
    tx: &Tx,
    schema: &Schema,
    id: Id,
    old: &Row,
    new: &Row,
    n: i64,
) -> Result<(), StoreError> {
    for (i, field) in schema.fields.iter().enumerate() {
        let before: HashSet<Id> = old.values[i].links().iter().copied().collect();
        let after: HashSet<Id> = new.values[i].links().iter().copied().collect();
        for gone in before.difference(&after) {
            let sql = "UPDATE link SET to_change = $1 WHERE from_id = $2 AND field = $3 AND to_id = $4 AND to_change IS NULL";
            tx.run(sql, cells![n, id, field.name, *gone]).await?;
        }
        for added in after.difference(&before) {
            let sql = "INSERT INTO link (from_id, field, to_id, from_change) VALUES ($1, $2, $3, $4)";
            tx.run(sql, cells![id, field.name, *added, n]).await?;
        }
    }
    Ok(())
}
