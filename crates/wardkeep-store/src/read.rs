//! Reading records by id or reference.

use crate::sql::{get, get_id, get_id_maybe};
use crate::values::from_row;
use crate::{Db, StoreError, cells};
use sea_orm::QueryResult;
use std::collections::{BTreeMap, HashMap};
use wardkeep_register::{Field, Head, Kind, Row, Schema, Stored, Value};
use wardkeep_types::{Id, Moment, Reference};

/// What the head table knows of a record: enough to show a link, decide on rights and sort one's work.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadRow {
    /// Identity.
    pub id: Id,
    /// Register key.
    pub register: String,
    /// Human reference.
    pub reference: Reference,
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: Id,
    /// Owner, if there is one.
    pub owner: Option<Id>,
    /// Deadline, `YYYY-MM-DD`.
    pub due_on: Option<String>,
    /// Stage key.
    pub stage: String,
    /// Still open.
    pub is_open: bool,
    /// Need-to-know.
    pub restricted: bool,
    /// Version.
    pub version: i64,
    /// Last change.
    pub changed_at: Moment,
}

pub(crate) const HEAD_COLUMNS: &str = "r.id, r.register, r.reference, r.title, r.unit_id, r.owner_id, r.due_on, r.stage, r.is_open, r.restricted, r.version, r.changed_at";

pub(crate) fn head_row(row: &QueryResult) -> Result<HeadRow, StoreError> {
    let reference: String = get(row, "reference")?;
    Ok(HeadRow {
        id: get_id(row, "id")?,
        register: get(row, "register")?,
        reference: reference
            .parse()
            .map_err(|_| StoreError::Inconsistent(format!("reference {reference}")))?,
        title: get(row, "title")?,
        unit: get_id(row, "unit_id")?,
        owner: get_id_maybe(row, "owner_id")?,
        due_on: get(row, "due_on")?,
        stage: get(row, "stage")?,
        is_open: get::<i64>(row, "is_open")? != 0,
        restricted: get::<i64>(row, "restricted")? != 0,
        version: get(row, "version")?,
        changed_at: Moment::from_micros(get(row, "changed_at")?),
    })
}

/// Reads a record from a row of its register's table; lists of links come from elsewhere.
pub(crate) fn stored(schema: &Schema, custom: &[Field], row: &QueryResult) -> Result<Stored, StoreError> {
    let head = Head {
        id: get_id(row, "id")?,
        reference: Reference::new(&get::<String>(row, "ref_prefix")?, get::<i64>(row, "ref_number")? as u64),
        unit: get_id(row, "unit_id")?,
        stage: get(row, "stage")?,
        version: get(row, "version")?,
        restricted: get::<i64>(row, "restricted")? != 0,
        created_at: Moment::from_micros(get(row, "created_at")?),
        changed_at: Moment::from_micros(get(row, "changed_at")?),
    };
    let values = schema.fields.iter().map(|f| from_row(f, row)).collect::<Result<_, _>>()?;
    let made: Option<String> = get(row, "custom")?;
    Ok(Stored { head, row: Row { values, custom: custom_values(made.as_deref(), custom)? } })
}

fn custom_values(json: Option<&str>, fields: &[Field]) -> Result<BTreeMap<String, Value>, StoreError> {
    let Some(json) = json else { return Ok(BTreeMap::new()) };
    let wrong = |e: serde_json::Error| StoreError::Inconsistent(format!("custom fields: {e}"));
    let object: BTreeMap<String, serde_json::Value> = serde_json::from_str(json).map_err(wrong)?;
    // Values of fields that were retired stay in the row but are not shown.
    Ok(fields
        .iter()
        .filter_map(|f| Some((f.name.to_owned(), Value::from_json(f, object.get(f.name)?).ok()?)))
        .filter(|(_, value)| !value.is_empty())
        .collect())
}

impl Db {
    /// The heads of those records, in no particular order; ids without a record are left out.
    pub async fn heads(&self, ids: &[Id]) -> Result<Vec<HeadRow>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let sql = format!("SELECT {HEAD_COLUMNS} FROM record r WHERE r.id IN ({})", marks.join(","));
            let rows = self.rows(&sql, chunk.iter().map(|id| (*id).into()).collect()).await?;
            for row in &rows {
                found.push(head_row(row)?);
            }
        }
        Ok(found)
    }
    /// The head of one record.
    pub async fn head(&self, id: Id) -> Result<Option<HeadRow>, StoreError> {
        Ok(self.heads(&[id]).await?.pop())
    }
    /// The head of the record with that reference.
    pub async fn head_by_reference(&self, reference: &Reference) -> Result<Option<HeadRow>, StoreError> {
        let sql = format!("SELECT {HEAD_COLUMNS} FROM record r WHERE r.reference = $1");
        self.row(&sql, cells![reference.to_string()]).await?.as_ref().map(head_row).transpose()
    }
    /// One record, as it is or as it was known at change `known_at`, with its lists of links.
    pub async fn get(
        &self,
        schema: &Schema,
        custom: &[Field],
        id: Id,
        known_at: Option<i64>,
    ) -> Result<Option<Stored>, StoreError> {
        let table = schema.key;
        let row = match known_at {
            None => self.row(&format!("SELECT * FROM \"{table}\" WHERE id = $1"), cells![id]).await?,
            Some(n) => {
                let now = format!("SELECT * FROM \"{table}\" WHERE id = $1 AND from_change <= $2");
                match self.row(&now, cells![id, n]).await? {
                    Some(row) => Some(row),
                    None => {
                        let was = format!(
                            "SELECT * FROM \"{table}_was\" WHERE id = $1 AND from_change <= $2 AND to_change > $2"
                        );
                        self.row(&was, cells![id, n]).await?
                    }
                }
            }
        };
        let Some(row) = row else { return Ok(None) };
        let mut record = stored(schema, custom, &row)?;
        if schema.fields.iter().any(|f| matches!(f.kind, Kind::Links(_))) {
            let mut lists = self.link_lists(&[id], known_at).await?;
            for (field, value) in schema.fields.iter().zip(&mut record.row.values) {
                if matches!(field.kind, Kind::Links(_)) {
                    *value = Value::Links(lists.remove(&(id, field.name.to_owned())).unwrap_or_default());
                }
            }
        }
        Ok(Some(record))
    }
    /// Many records of one register as they are now, with their lists of links: a few statements whatever their
    /// number. Ids without a record are left out.
    pub async fn get_many(
        &self,
        schema: &Schema,
        custom: &[Field],
        ids: &[Id],
    ) -> Result<HashMap<Id, Stored>, StoreError> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let sql = format!("SELECT * FROM \"{}\" WHERE id IN ({})", schema.key, marks.join(","));
            for row in &self.rows(&sql, chunk.iter().map(|id| (*id).into()).collect()).await? {
                let record = stored(schema, custom, row)?;
                found.insert(record.head.id, record);
            }
        }
        if schema.fields.iter().any(|f| matches!(f.kind, Kind::Links(_))) {
            let mut lists = self.link_lists(ids, None).await?;
            for (id, record) in &mut found {
                for (field, value) in schema.fields.iter().zip(&mut record.row.values) {
                    if matches!(field.kind, Kind::Links(_)) {
                        *value =
                            Value::Links(lists.remove(&(*id, field.name.to_owned())).unwrap_or_default());
                    }
                }
            }
        }
        Ok(found)
    }
}
