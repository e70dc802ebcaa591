//! The one place where records are written: rows, links, change entries, search words and outbox in one
//! transaction, under the lock of the chain.

use crate::sql::get;
use crate::{Cell, Db, StoreError, Tx, cells};
use serde_json::Value as Json;
use std::collections::HashMap;
use wardkeep_register::{Checked, Field, Row, Schema};
use wardkeep_types::{Id, Moment, Reference};

mod chain;
mod checks;
mod flush;
mod parts;
mod rows;

use chain::{About, Chain};
use checks::{check_targets, check_unique, take_numbers};
use flush::flush;
use rows::{Edit, New};

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
