//! The database follows the registers: a committed snapshot of the schema, and the SQL that leads from it to
//! what the registers now declare. A person reads and commits it (`docs/decisions`).

use crate::root;
use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use wardkeep_store::{register_columns, register_ddl};

fn folder() -> PathBuf {
    root().join("crates/wardkeep-store/migrations")
}

type Tables = BTreeMap<String, BTreeMap<String, String>>;

fn now() -> Tables {
    let table =
        |schema| register_columns(schema).into_iter().map(|(name, mark)| (name, mark.to_owned())).collect();
    wardkeep_registers::all().iter().map(|schema| (schema.key.to_owned(), table(schema))).collect()
}

fn snapshot() -> Result<Tables> {
    let path = folder().join("schema.snapshot");
    let text = if path.exists() { fs::read_to_string(&path)? } else { String::new() };
    let mut tables = Tables::new();
    for line in text.lines() {
        let mut words = line.split('\t');
        let (Some(table), Some(column), Some(mark)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        tables.entry(table.to_owned()).or_default().insert(column.to_owned(), mark.to_owned());
    }
    Ok(tables)
}

/// Prints the SQL, and with a name writes it as the next migration together with the new snapshot.
pub fn diff(write: Option<&str>) -> Result<()> {
    let (before, after) = (snapshot()?, now());
    let sql = statements(&before, &after);
    if sql.is_empty() {
        println!("the database follows the registers; nothing to do");
        return Ok(());
    }
    println!("{sql}");
    let Some(name) = write else { return Ok(()) };
    let last = fs::read_dir(folder())?
        .filter_map(|f| f.ok()?.file_name().to_str()?.split('_').next()?.parse::<u32>().ok())
        .max()
        .unwrap_or(0);
    // The first one replaces an empty file that was listed before there were registers.
    let number = if before.is_empty() { 2 } else { last + 1 };
    let file = format!("{number:04}_{name}.sql");
    fs::write(folder().join(&file), &sql).context("writing the migration")?;
    let mut text = String::new();
    for (table, columns) in &after {
        for (column, mark) in columns {
            writeln!(text, "{table}\t{column}\t{mark}")?;
        }
    }
    fs::write(folder().join("schema.snapshot"), text)?;
    println!("written: migrations/{file}; list it in crates/wardkeep-store/src/migrate.rs after reading it");
    Ok(())
}

fn statements(before: &Tables, after: &Tables) -> String {
    let mut sql = String::new();
    for schema in wardkeep_registers::all() {
        let Some(old) = before.get(schema.key) else {
            let _ = writeln!(sql, "-- {}\n{}", schema.names.many, register_ddl(schema));
            continue;
        };
        for (column, mark) in &after[schema.key] {
            match old.get(column) {
                None => {
                    for table in [schema.key.to_owned(), format!("{}_was", schema.key)] {
                        let _ = writeln!(sql, "ALTER TABLE \"{table}\" ADD COLUMN \"{column}\" {mark};");
                    }
                }
                Some(was) if was != mark => {
                    let _ = writeln!(
                        sql,
                        "-- {}.{column} was {was} and is now {mark}: write the conversion by hand",
                        schema.key
                    );
                }
                Some(_) => {}
            }
        }
        for column in old.keys().filter(|c| !after[schema.key].contains_key(*c)) {
            let _ = writeln!(
                sql,
                "-- {}.{column} is no longer declared; its values stay until someone decides",
                schema.key
            );
        }
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::{now, snapshot, statements};

    #[test]
    fn the_committed_snapshot_follows_the_registers() {
        let sql = statements(&snapshot().unwrap(), &now());
        assert!(sql.is_empty(), "run `cargo xtask migrate diff --write NAME`:\n{sql}");
    }
}
