//! The one place where records are written: rows, links, change entries, search words and outbox in one
//! transaction, under the lock of the chain.

use crate::chain::{Commitment, Entry, commit, entry_hash};
use crate::read::stored;
use crate::search::body;
use crate::sql::{get, get_id};
use crate::values::{column_names, row_cells};
use crate::{Cell, Db, StoreError, Tx, cells};
use rand::Rng;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use wardkeep_register::{Checked, Field, Kind, Row, Schema, Stored, Value};
use wardkeep_types::{Id, Moment, Reference};

mod checks;
mod flush;
mod parts;

use checks::{check_targets, check_unique, take_numbers};
use flush::flush;
use parts::{columns, custom_json, differences, head_cells, owner_and_due, read_links, whole, write_links};

/// Who writes, from where, when.
#[derive(Debug, Clone, PartialEq)]
pub struct Author {
    /// The person behind it; `None` for the program itself.
    pub person: Option<Id>,
    /// `person`, `token` or `system`.
    pub kind: &'static str,
    /// The request's id.
    pub request: String,
    /// The present moment.
    pub now: Moment,
}

/// A field's value before and after, for acts that are not about a register's row.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldEdit {
    /// Field name.
    pub field: String,
    /// Before; null when there was nothing.
    pub old: Json,
    /// After; null when there is nothing.
    pub new: Json,
}

/// An act beside rows: a grant, a setting, a comment, a freeze. Its statements run in the same transaction.
#[derive(Debug, Clone, Default)]
pub struct Act {
    /// What was done: `grant:add`, `setting:change`, ...
    pub act: String,
    /// The record it concerns, and that record's register.
    pub record: Option<(Id, &'static str)>,
    /// The unit it concerns, for who may read the entry.
    pub unit: Option<Id>,
    /// What changed.
    pub fields: Vec<FieldEdit>,
    /// Why.
    pub why: Option<String>,
    /// Statements with their parameters.
    pub statements: Vec<(String, Vec<Cell>)>,
}

/// One thing to write.
pub enum Write<'a> {
    /// A new record.
    Add {
        /// Its register.
        schema: &'a Schema,
        /// Custom fields of it.
        custom: &'a [Field],
        /// Its id, made by the caller so that work can be repeated safely.
        id: Id,
        /// Its unit.
        unit: Id,
        /// The stage it begins in.
        stage: String,
        /// Need-to-know.
        restricted: bool,
        /// Its values.
        row: Checked<Row>,
        /// Why.
        why: Option<String>,
    },
    /// A change of a record: fields, stage, unit.
    Change {
        /// Its register.
        schema: &'a Schema,
        /// Custom fields of it.
        custom: &'a [Field],
        /// The record.
        id: Id,
        /// The version that was read.
        version: i64,
        /// What is done: `edit`, `move:accept`, `retire`, ...
        act: String,
        /// Its unit afterwards.
        unit: Id,
        /// Its stage afterwards.
        stage: String,
        /// Need-to-know afterwards.
        restricted: bool,
        /// Its values afterwards.
        row: Checked<Row>,
        /// Why.
        why: Option<String>,
    },
    /// Anything else that belongs into the change log.
    Act(Act),
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The record, if it was about one.
    pub id: Option<Id>,
    /// Its reference.
    pub reference: Option<Reference>,
    /// The change's number; `None` when nothing differed and nothing was written.
    pub change: Option<i64>,
    /// The record's version now.
    pub version: i64,
}

/// What accumulates until it is flushed in few statements.
#[derive(Default)]
struct Pending {
    records: Vec<Vec<Cell>>,
    rows: HashMap<&'static str, (Vec<String>, Vec<Vec<Cell>>)>,
    links: Vec<Vec<Cell>>,
    changes: Vec<Vec<Cell>>,
    values: Vec<Vec<Cell>>,
    words: Vec<(Id, String, String, &'static str, Id)>,
}

struct Chain<'a> {
    author: &'a Author,
    n: i64,
    hash: String,
}

impl Db {
    /// Writes everything or nothing, in order. `extra` runs in the same transaction without an entry (import
    /// states, job claims).
    pub async fn write(
        &self,
        author: &Author,
        batch: Vec<Write<'_>>,
        extra: Vec<(String, Vec<Cell>)>,
    ) -> Result<Vec<Written>, StoreError> {
        let tx = self.begin().await?;
        let written = write_in(&tx, author, batch, extra).await;
        match written {
            Ok(written) => {
                tx.commit().await?;
                Ok(written)
            }
            Err(error) => {
                // The first error matters; a failed rollback ends the connection, which undoes all the same.
                let _ = tx.rollback().await;
                Err(error)
            }
        }
    }
}

/// [`Db::write`] within a transaction that does more.
pub(crate) async fn write_in(
    tx: &Tx,
    author: &Author,
    batch: Vec<Write<'_>>,
    extra: Vec<(String, Vec<Cell>)>,
) -> Result<Vec<Written>, StoreError> {
    let lock = "UPDATE chain_head SET writers = writers + 1 WHERE id = 1 RETURNING n, hash";
    let head = tx.row(lock, vec![]).await?.ok_or_else(|| StoreError::Inconsistent("no chain head".into()))?;
    let mut chain = Chain { author, n: get(&head, "n")?, hash: get(&head, "hash")? };
    let first = chain.n + 1;
    check_targets(tx, &batch).await?;
    check_unique(tx, &batch).await?;
    let mut numbers = take_numbers(tx, &batch).await?;
    let mut pending = Pending::default();
    let mut written = Vec::with_capacity(batch.len());
    for (index, write) in batch.into_iter().enumerate() {
        let at = |error| StoreError::At { index, error: Box::new(error) };
        written.push(match write {
            Write::Add { schema, custom, id, unit, stage, restricted, row, why } => {
                let number = numbers.get_mut(schema.names.prefix).map_or(0, |next| {
                    *next += 1;
                    *next
                });
                let add = New {
                    schema,
                    custom,
                    id,
                    unit,
                    stage: &stage,
                    restricted,
                    row: row.into_inner(),
                    why,
                    number,
                };
                add.write(&mut chain, &mut pending)
            }
            Write::Change { schema, custom, id, version, act, unit, stage, restricted, row, why } => {
                // Rows waiting to be inserted must be there before they can be changed.
                flush(tx, &mut pending).await?;
                let change = Edit {
                    schema,
                    custom,
                    id,
                    version,
                    act,
                    unit,
                    stage,
                    restricted,
                    row: row.into_inner(),
                    why,
                };
                change.write(tx, &mut chain, &mut pending).await.map_err(at)?
            }
            Write::Act(act) => {
                flush(tx, &mut pending).await?;
                for (sql, values) in act.statements {
                    tx.run(&sql, values).await.map_err(at)?;
                }
                let fields: Vec<(String, Json, Json)> =
                    act.fields.into_iter().map(|f| (f.field, f.old, f.new)).collect();
                let (record, register) = act.record.map_or((None, ""), |(id, register)| (Some(id), register));
                let about = About { act: act.act, record, register, unit: act.unit, version: 0 };
                let n = chain.append(about, fields, act.why, &mut pending);
                Written { id: record, reference: None, change: Some(n), version: 0 }
            }
        });
    }
    flush(tx, &mut pending).await?;
    for (sql, values) in extra {
        tx.run(&sql, values).await?;
    }
    if chain.n >= first {
        tx.run("UPDATE chain_head SET n = $1, hash = $2 WHERE id = 1", cells![chain.n, chain.hash.clone()])
            .await?;
        let outbox = "INSERT INTO outbox (first_change, last_change, at) VALUES ($1, $2, $3)";
        tx.run(outbox, cells![first, chain.n, author.now]).await?;
    }
    Ok(written)
}

struct About {
    act: String,
    record: Option<Id>,
    register: &'static str,
    unit: Option<Id>,
    version: i64,
}

impl Chain<'_> {
    /// Adds one entry; returns its number.
    fn append(
        &mut self,
        about: About,
        mut fields: Vec<(String, Json, Json)>,
        why: Option<String>,
        pending: &mut Pending,
    ) -> i64 {
        if let Some(why) = why.filter(|w| !w.is_empty()) {
            fields.push(("why".into(), Json::Null, Json::String(why)));
        }
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        self.n += 1;
        let mut random = rand::rng();
        let mut values = Vec::with_capacity(fields.len());
        for (field, old, new) in fields {
            let mut side = |json: &Json| {
                (!json.is_null()).then(|| {
                    let salt: [u8; 16] = random.random();
                    (commit(&salt, json), json.to_string(), hex::encode(salt))
                })
            };
            let (old, new) = (side(&old), side(&new));
            values.push(Commitment {
                field: field.clone(),
                from: old.as_ref().map(|o| o.0.clone()),
                to: new.as_ref().map(|n| n.0.clone()),
            });
            let (old_value, old_salt) = old.map_or((None, None), |o| (Some(o.1), Some(o.2)));
            let (new_value, new_salt) = new.map_or((None, None), |n| (Some(n.1), Some(n.2)));
            pending.values.push(cells![self.n, field, old_value, old_salt, new_value, new_salt]);
        }
        let entry = Entry {
            n: self.n,
            at: self.author.now,
            actor: self.author.person,
            actor_kind: self.author.kind.into(),
            request: self.author.request.clone(),
            act: about.act.clone(),
            record: about.record,
            register: about.register.into(),
            version: about.version,
            values,
            prev_hash: std::mem::take(&mut self.hash),
        };
        self.hash = entry_hash(&entry);
        pending.changes.push(cells![
            self.n,
            self.author.now,
            self.author.person,
            about.record,
            about.register,
            about.act,
            about.unit,
            serde_json::to_string(&entry).unwrap_or_default(),
            self.hash.clone(),
        ]);
        self.n
    }
}

struct New<'a> {
    schema: &'a Schema,
    custom: &'a [Field],
    id: Id,
    unit: Id,
    stage: &'a str,
    restricted: bool,
    row: Row,
    why: Option<String>,
    number: i64,
}

impl New<'_> {
    fn write(self, chain: &mut Chain<'_>, pending: &mut Pending) -> Written {
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

struct Edit<'a> {
    schema: &'a Schema,
    custom: &'a [Field],
    id: Id,
    version: i64,
    act: String,
    unit: Id,
    stage: String,
    restricted: bool,
    row: Row,
    why: Option<String>,
}

impl Edit<'_> {
    async fn write(
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
