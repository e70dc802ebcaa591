//! Whether the rows that people see agree with what the change log says.

use crate::proof::Proof;
use crate::read::stored;
use crate::report::Report;
use crate::sql::{get, get_id};
use crate::verify::record_page;
use crate::{Cell, Entry, StoreError, Tx, cells};
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use wardkeep_register::{Kind, Schema, Stored, Value};
use wardkeep_types::Id;

/// What the log says of one record: by field, the newest value; nothing where it was erased.
#[derive(Default)]
struct Told {
    last: i64,
    values: HashMap<String, Option<Json>>,
    /// The record's values at its making were erased: of fields never changed since nothing is known.
    hidden: bool,
}

/// Every record's version against its newest change.
pub(crate) async fn versions(tx: &Tx, proof: &mut Proof) -> Result<(), StoreError> {
    let mut after = i64::MIN;
    loop {
        let page = record_page(tx, after).await?;
        let Some((last, ..)) = page.last() else { break };
        after = *last;
        for (_, id, version) in page {
            proof.report.rows += u64::from(proof.current(id, version).is_some());
        }
    }
    proof.no_more_records();
    Ok(())
}

/// The rows of one register, field by field.
pub(crate) async fn rows(tx: &Tx, schema: &Schema, report: &mut Report) -> Result<(), StoreError> {
    let table = schema.key;
    let mut after = Id::NIL;
    loop {
        let sql = format!("SELECT * FROM \"{table}\" WHERE id > $1 ORDER BY id LIMIT 500");
        let rows = tx.rows(&sql, cells![after]).await?;
        let Some(last) = rows.last() else { return missing(tx, schema, report).await };
        after = get_id(last, "id")?;
        let ids: Vec<Cell> =
            rows.iter().map(|r| get_id(r, "id").map(Cell::from)).collect::<Result<_, _>>()?;
        let marks = (1..=ids.len()).map(|i| format!("${i}")).collect::<Vec<_>>().join(",");
        let told = told(tx, &marks, ids.clone()).await?;
        let mut links = links(tx, &marks, ids).await?;
        for row in &rows {
            let record = match stored(schema, &[], row) {
                Ok(record) => record,
                Err(error) => {
                    let id = get_id(row, "id")?;
                    report.fault(format!("record {id}"), "row", format!("record {id} of '{table}': {error}"));
                    continue;
                }
            };
            let shown = format!("{} ({})", record.head.reference, record.head.id);
            let (id, since): (Id, i64) = (record.head.id, get(row, "from_change")?);
            let custom: Option<String> = get(row, "custom")?;
            let Some(told) = told.get(&id) else {
                report.fault(
                    shown.clone(),
                    "row",
                    format!("{shown} stands in '{table}', but no entry has made it"),
                );
                continue;
            };
            if told.last != since {
                report.fault(
                    shown.clone(),
                    "row",
                    format!("{shown} is from change {since}; its newest is {}", told.last),
                );
                continue;
            }
            for (field, value) in values(schema, &record, custom.as_deref(), &mut links) {
                let expected = match told.values.get(&field) {
                    Some(Some(expected)) => expected,
                    Some(None) => continue,
                    None if told.hidden => continue,
                    None if field == "restricted" => &Json::Bool(false),
                    None => &Json::Null,
                };
                if !same(expected, &value) {
                    let text = format!(
                        "{shown}: '{field}' is not what change {} and those before it say",
                        told.last
                    );
                    report.fault(shown.clone(), "row", text);
                }
            }
        }
    }
}

/// Records that have a head but no row.
async fn missing(tx: &Tx, schema: &Schema, report: &mut Report) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT r.reference FROM record r LEFT JOIN \"{}\" t ON t.id = r.id WHERE r.register = $1 AND t.id IS NULL ORDER BY r.seq",
        schema.key
    );
    for row in &tx.rows(&sql, cells![schema.key]).await? {
        let reference: String = get(row, "reference")?;
        report.fault(
            reference.clone(),
            "row",
            format!("the row of {reference} is gone, and nothing tells why"),
        );
    }
    Ok(())
}

/// The record's values as the log would write them.
fn values(
    schema: &Schema,
    record: &Stored,
    custom: Option<&str>,
    links: &mut HashMap<(Id, String), Vec<Id>>,
) -> Vec<(String, Json)> {
    let head = &record.head;
    let mut all = vec![
        ("unit".to_owned(), json!(head.unit)),
        ("stage".to_owned(), json!(head.stage)),
        ("restricted".to_owned(), json!(head.restricted)),
    ];
    for (field, value) in schema.fields.iter().zip(&record.row.values) {
        let value = match field.kind {
            Kind::Links(_) => {
                let mut ids = links.remove(&(head.id, field.name.to_owned())).unwrap_or_default();
                ids.sort_unstable();
                &Value::Links(ids)
            }
            _ => value,
        };
        all.push((field.name.to_owned(), if value.is_empty() { Json::Null } else { value.to_json() }));
    }
    let made: Map<String, Json> = custom.and_then(|c| serde_json::from_str(c).ok()).unwrap_or_default();
    all.extend(made);
    all
}

async fn told(tx: &Tx, marks: &str, ids: Vec<Cell>) -> Result<HashMap<Id, Told>, StoreError> {
    let sql = format!(
        "SELECT c.record_id, c.entry, v.field, v.new_value FROM change c LEFT JOIN change_value v ON v.n = c.n WHERE c.record_id IN ({marks}) ORDER BY c.n"
    );
    let mut all: HashMap<Id, Told> = HashMap::new();
    let mut entry: Option<(String, Entry)> = None;
    for row in &tx.rows(&sql, ids).await? {
        let text: String = get(row, "entry")?;
        if entry.as_ref().is_none_or(|(t, _)| *t != text) {
            // What cannot be read is reported with the chain.
            entry = serde_json::from_str(&text).ok().map(|e| (text, e));
        }
        let Some((_, entry)) = entry.as_ref().filter(|(_, e)| e.version > 0) else { continue };
        let told = all.entry(get_id(row, "record_id")?).or_default();
        told.last = entry.n;
        // A move may change nothing but the version.
        let (Some(field), value) =
            (get::<Option<String>>(row, "field")?, get::<Option<String>>(row, "new_value")?)
        else {
            continue;
        };
        let committed = entry.values.iter().any(|c| c.field == field && c.to.is_some());
        let value: Option<Json> = value.and_then(|v| serde_json::from_str(&v).ok());
        match (field.as_str(), value) {
            ("why", _) => {}
            ("record", Some(Json::Object(whole))) => {
                told.values.extend(whole.into_iter().map(|(k, v)| (k, Some(v))));
            }
            ("record", _) => told.hidden = true,
            (_, value) => {
                told.values.insert(field, value.or((!committed).then_some(Json::Null)));
            }
        }
    }
    Ok(all)
}

/// Current lists of links of those records, unsorted.
pub(crate) async fn links(
    tx: &Tx,
    marks: &str,
    ids: Vec<Cell>,
) -> Result<HashMap<(Id, String), Vec<Id>>, StoreError> {
    let sql =
        format!("SELECT from_id, field, to_id FROM link WHERE from_id IN ({marks}) AND to_change IS NULL");
    let mut all: HashMap<(Id, String), Vec<Id>> = HashMap::new();
    for row in &tx.rows(&sql, ids).await? {
        all.entry((get_id(row, "from_id")?, get(row, "field")?)).or_default().push(get_id(row, "to_id")?);
    }
    Ok(all)
}

/// Equal as far as reading a fraction from text can tell.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => {
            a == b
                || matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if (a - b).abs() <= 1e-12 * a.abs().max(b.abs()))
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}
