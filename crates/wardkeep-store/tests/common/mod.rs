//! Both databases for a test: SQLite in a folder of its own, PostgreSQL in a schema of its own.
#![allow(dead_code, clippy::unwrap_used)] // each test file uses its part

// By path, not as a dependency: the test crate will need the store, and the store's tests must not wait for it.
#[path = "../../../wardkeep-test/src/postgres.rs"]
pub mod postgres;

use wardkeep_register::{Schema, Value};
use wardkeep_store::*;
use wardkeep_types::{Id, Moment};

/// A database and the folder it lives in; the folder is there for PostgreSQL too, for files and keys.
pub struct Place {
    pub db: Db,
    pub target: Target,
    pub dir: tempfile::TempDir,
}

/// An empty, migrated SQLite database.
pub async fn sqlite() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let target = Target::File(dir.path().join("wardkeep.db"));
    let db = Db::open(&target).await.unwrap();
    prepare(&db).await;
    Place { db, target, dir }
}

/// An empty, migrated PostgreSQL schema, when there is a server.
pub async fn postgresql() -> Option<Place> {
    let url = postgres::url()?;
    let schema = postgres::schema();
    let admin = Db::open(&Target::Postgres { url: url.clone(), schema: "public".into() }).await.unwrap();
    admin.script(&format!("CREATE SCHEMA {schema}")).await.unwrap();
    admin.close().await.unwrap();
    let target = Target::Postgres { url, schema };
    let db = Db::open(&target).await.unwrap();
    prepare(&db).await;
    Some(Place { db, target, dir: tempfile::tempdir().unwrap() })
}

/// Both.
pub async fn databases() -> Vec<Place> {
    let mut all = vec![sqlite().await];
    all.extend(postgresql().await);
    all
}

/// Makes every table.
pub async fn prepare(db: &Db) {
    db.migrate(|| async { Ok(()) }).await.unwrap();
    if db.rows("SELECT 1 AS x FROM risk", vec![]).await.is_err() {
        for schema in wardkeep_registers::all() {
            db.script(&db.dialect().render(&register_ddl(schema))).await.unwrap();
        }
    }
}

pub fn author(second: i64) -> Author {
    Author { person: None, kind: "system", request: "test".into(), now: Moment::EPOCH.plus_seconds(second) }
}

pub fn register(key: &str) -> &'static Schema {
    wardkeep_registers::by_key(key).unwrap()
}

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}

/// A new record from some of its values.
pub fn add<'a>(schema: &'a Schema, id: Id, unit: Id, values: &[(&str, Value)]) -> Write<'a> {
    let mut row = schema.empty_row();
    for (name, value) in values {
        row.values[schema.field(name).unwrap().0] = value.clone();
    }
    let stage = schema.first_stage().key;
    let row = schema.check(row, stage, &[]).unwrap();
    Write::Add { schema, custom: &[], id, unit, stage: stage.into(), restricted: false, row, why: None }
}

/// A unit of that name.
pub fn unit(id: Id, name: &str) -> Write<'static> {
    let values = [
        ("name", text(name)),
        ("kind", Value::Choice("organisation".into())),
        ("time_zone", text("Europe/Berlin")),
        ("currency", text("EUR")),
    ];
    add(register("unit"), id, id, &values)
}

/// A risk of that name.
pub fn risk(id: Id, unit: Id, name: &str) -> Write<'static> {
    let values = [
        ("name", text(name)),
        ("source", Value::Choice("attack".into())),
        ("treatment", Value::Choice("undecided".into())),
    ];
    add(register("risk"), id, unit, &values)
}
