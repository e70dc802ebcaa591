//! The tables that a database has, as the database itself tells: for backups, which copy all of them, and
//! erasure, which must not forget one.

use crate::sql::{get, get_id_maybe};
use crate::{Cell, Db, Dialect, StoreError, Tx, cells};
use sea_orm::QueryResult;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use wardkeep_types::Id;

/// Rows read at a time: few enough for rows of a megabyte.
const PAGE: i64 = 500;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Int,
    Text,
    Id,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub name: String,
    pub sort: Sort,
    /// Part of a key or unique index: two rows may not share its value.
    pub unique: bool,
    /// Counts up by itself.
    pub serial: bool,
}

/// A table with rows of its own; the search index is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

impl Table {
    /// Its column names, quoted, separated by commas.
    pub fn list(&self) -> String {
        self.columns.iter().map(|c| format!("\"{}\"", c.name)).collect::<Vec<_>>().join(", ")
    }
}

/// Every table, those first to which others refer. The numbers of migrations are left out: they belong to the
/// program that made the tables, not to the data.
pub(crate) async fn tables(tx: &Tx) -> Result<Vec<Table>, StoreError> {
    let (columns, references) = match tx.dialect() {
        Dialect::Sqlite => (
            "SELECT t.name AS t, c.name AS c, c.type AS sort, (c.pk = 1 AND t.sql LIKE '%AUTOINCREMENT%') AS serial, EXISTS (SELECT 1 FROM pragma_index_list(t.name) i JOIN pragma_index_info(i.name) x WHERE i.\"unique\" = 1 AND x.name = c.name) AS held FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t.name <> 'search' AND t.name NOT LIKE 'search\\_%' ESCAPE '\\' ORDER BY t.name, c.cid",
            "SELECT t.name AS t, f.\"table\" AS needs FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
        ),
        Dialect::Postgres => (
            "SELECT c.table_name::text AS t, c.column_name::text AS c, c.data_type::text AS sort, (coalesce(c.column_default, '') LIKE 'nextval%')::int::bigint AS serial, (EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indisunique AND i.indrelid = (quote_ident(c.table_schema) || '.' || quote_ident(c.table_name))::regclass AND a.attname = c.column_name))::int::bigint AS held FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name <> 'search' ORDER BY c.table_name COLLATE \"C\", c.ordinal_position",
            "SELECT a.relname::text AS t, b.relname::text AS needs FROM pg_constraint f JOIN pg_class a ON a.oid = f.conrelid JOIN pg_class b ON b.oid = f.confrelid JOIN pg_namespace n ON n.oid = a.relnamespace WHERE f.contype = 'f' AND n.nspname = current_schema()",
        ),
    };
    let mut all: BTreeMap<String, Table> = BTreeMap::new();
    for row in &tx.rows(columns, cells![]).await? {
        let (name, column): (String, String) = (get(row, "t")?, get(row, "c")?);
        let sort = match get::<String>(row, "sort")?.to_lowercase().as_str() {
            "integer" | "bigint" => Sort::Int,
            "text" => Sort::Text,
            // Ids are the only bytes that tables hold.
            "blob" | "uuid" => Sort::Id,
            other => return Err(StoreError::Inconsistent(format!("{name}.{column} is of the type {other}"))),
        };
        let (serial, unique) = (get::<i64>(row, "serial")? != 0, get::<i64>(row, "held")? != 0);
        let table = all.entry(name.clone()).or_insert(Table { name, columns: Vec::new() });
        table.columns.push(Column { name: column, sort, unique, serial });
    }
    all.remove("schema_version");
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in &tx.rows(references, cells![]).await? {
        let (table, needed): (String, String) = (get(row, "t")?, get(row, "needs")?);
        if table != needed {
            needs.entry(table).or_default().insert(needed);
        }
    }
    let mut sorted = Vec::with_capacity(all.len());
    while !all.is_empty() {
        let free = |name: &String| needs.get(name).is_none_or(|n| n.iter().all(|n| !all.contains_key(n)));
        // Tables that refer to each other in a circle have no order; then any does.
        let next = all.keys().find(|n| free(n)).or_else(|| all.keys().next()).cloned().unwrap_or_default();
        sorted.extend(all.remove(&next));
    }
    Ok(sorted)
}

/// Reads a table from its first row to its last, a page at a time, in the order in which rows were made (SQLite)
/// or of the primary key (PostgreSQL).
pub(crate) struct Reader<'a> {
    tx: &'a Tx,
    table: &'a Table,
    after: Option<i64>,
    /// PostgreSQL: a cursor is open.
    open: bool,
}

impl<'a> Reader<'a> {
    pub fn new(tx: &'a Tx, table: &'a Table) -> Self {
        Self { tx, table, after: None, open: false }
    }
    /// The next rows, as JSON in the order of the table's columns; empty after the last.
    pub async fn next(&mut self) -> Result<Vec<Vec<Json>>, StoreError> {
        let (name, list) = (&self.table.name, self.table.list());
        let rows = match self.tx.dialect() {
            Dialect::Sqlite => {
                let sql = format!(
                    "SELECT rowid AS \"_row\", {list} FROM \"{name}\" WHERE rowid > $1 ORDER BY rowid LIMIT {PAGE}"
                );
                let rows = self.tx.rows(&sql, cells![self.after.unwrap_or(i64::MIN)]).await?;
                if let Some(last) = rows.last() {
                    self.after = Some(get(last, "_row")?);
                }
                rows
            }
            Dialect::Postgres => {
                // Named after the table: a prepared `FETCH` remembers the columns it gave.
                let cursor = format!("\"backup of {name} {}\"", self.table.columns.len());
                if !self.open {
                    let key = self.key().await?;
                    let order = if key.is_empty() { String::new() } else { format!(" ORDER BY {key}") };
                    self.tx
                        .script(&format!(
                            "DECLARE {cursor} NO SCROLL CURSOR FOR SELECT {list} FROM \"{name}\"{order}"
                        ))
                        .await?;
                    self.open = true;
                }
                let rows = self.tx.rows(&format!("FETCH {PAGE} FROM {cursor}"), cells![]).await?;
                if rows.is_empty() {
                    self.tx.script(&format!("CLOSE {cursor}")).await?;
                    self.open = false;
                }
                rows
            }
        };
        rows.iter().map(|row| self.table.columns.iter().map(|c| value(row, c)).collect()).collect()
    }
    async fn key(&self) -> Result<String, StoreError> {
        let sql = "SELECT quote_ident(a.attname) AS c FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY k (num, pos) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num WHERE i.indisprimary AND i.indrelid = ($1)::regclass ORDER BY k.pos";
        let rows = self.tx.rows(sql, cells![format!("\"{}\"", self.table.name)]).await?;
        let names = rows.iter().map(|r| get::<String>(r, "c")).collect::<Result<Vec<_>, _>>()?;
        Ok(names.join(", "))
    }
}

fn value(row: &QueryResult, column: &Column) -> Result<Json, StoreError> {
    Ok(match column.sort {
        Sort::Int => json!(get::<Option<i64>>(row, &column.name)?),
        Sort::Text => json!(get::<Option<String>>(row, &column.name)?),
        Sort::Id => json!(get_id_maybe(row, &column.name)?),
    })
}

/// The cell of a column from what [`Reader`] gave.
pub(crate) fn cell(column: &Column, json: &Json) -> Option<Cell> {
    match (column.sort, json) {
        (Sort::Int, Json::Null) => Some(Cell::Int(None)),
        (Sort::Text, Json::Null) => Some(Cell::Text(None)),
        (Sort::Id, Json::Null) => Some(Cell::Id(None)),
        (Sort::Int, Json::Number(n)) => n.as_i64().map(|n| Cell::Int(Some(n))),
        (Sort::Text, Json::String(text)) => Some(Cell::Text(Some(text.clone()))),
        (Sort::Id, Json::String(text)) => text.parse::<Id>().ok().map(|id| Cell::Id(Some(id))),
        _ => None,
    }
}

impl Db {
    /// Names of all tables, for tools.
    pub async fn table_names(&self) -> Result<Vec<String>, StoreError> {
        let tx = self.snapshot().await?;
        let names = tables(&tx).await?.into_iter().map(|t| t.name).collect();
        tx.rollback().await?;
        Ok(names)
    }
}
