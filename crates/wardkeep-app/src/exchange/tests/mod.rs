//! Tests of imports and exports over a whole installation in a temporary folder.

mod auto;
mod contract;
mod files;
mod import;
mod listed;
#[allow(clippy::duplicate_mod)] // one helper, two test modules
#[path = "../../../../wardkeep-test/src/postgres.rs"]
mod postgres;
mod resume;
mod rights;
mod rows;
mod undo;

use super::{ApplyAsk, ImportHead, ImportRow, StageOptions, read_upload};
use crate::records::{Edits, Proposal};
use crate::{App, Config, Ctx, DataFolder, Error, Refusal};
use std::sync::Arc;
use wardkeep_register::{Schema, Value};
use wardkeep_rights::{Actor, Grant, Role};
use wardkeep_types::{Id, Moment, SetClock};

/// An installation with an organisation and a department below it.
struct Bench {
    app: App,
    root: Id,
    department: Id,
    dir: tempfile::TempDir,
}

fn now() -> Moment {
    "2026-06-01T09:00:00Z".parse().unwrap()
}

fn schema(key: &str) -> &'static Schema {
    wardkeep_registers::by_key(key).unwrap()
}

fn system() -> Ctx {
    Ctx::system("test", now())
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

fn choice(value: &str) -> Value {
    Value::Choice(value.into())
}

fn edits(pairs: &[(&str, Value)]) -> Edits {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

impl Bench {
    async fn new() -> Self {
        Self::with(Config::default()).await
    }
    /// On PostgreSQL, when there is one.
    async fn on_postgres() -> Option<Self> {
        let (url, schema) = (postgres::url()?, postgres::schema());
        let target = wardkeep_store::Target::Postgres { url: url.clone(), schema: "public".into() };
        let db = wardkeep_store::Db::open(&target).await.unwrap();
        db.script(&format!("CREATE SCHEMA {schema}")).await.unwrap();
        db.close().await.unwrap();
        let environment = |name: &str| match name {
            "WARDKEEP_DATABASE_URL" => Some(url.clone()),
            "WARDKEEP_DATABASE_SCHEMA" => Some(schema.clone()),
            _ => None,
        };
        let config = Config::load(std::path::Path::new("/nowhere/wardkeep.toml"), environment).unwrap();
        Some(Self::with(config).await)
    }
    async fn with(config: Config) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let app = open(dir.path(), config).await;
        let (root, department) = (Id::new(now()), Id::new(now()));
        let unit = |name: &str, kind: &str| {
            vec![
                ("name", text(name)),
                ("kind", choice(kind)),
                ("time_zone", text("UTC")),
                ("currency", text("EUR")),
            ]
        };
        let mut below = unit("Cardiology", "department");
        below.push(("parent", Value::Link(root)));
        for (id, above, values) in [(root, root, unit("Hospital", "organisation")), (department, root, below)]
        {
            app.write_one(&system(), Proposal::add(schema("unit"), id, above, edits(&values))).await.unwrap();
        }
        Self { app, root, department, dir }
    }
    /// The same installation opened anew, as after a crash.
    async fn reopened(self) -> Self {
        self.app.db.clone().close().await.unwrap();
        let app = open(self.dir.path(), Config::default()).await;
        Self { app, ..self }
    }
    async fn stage_as(&self, ctx: &Ctx, register: &str, file: &str) -> Result<ImportHead, Error> {
        let upload = read_upload("test.csv", file.as_bytes().to_vec(), None, now()).map_err(Error::from)?;
        self.app.stage_import(ctx, schema(register), Some(self.root), upload, StageOptions::default()).await
    }
    async fn stage(&self, register: &str, file: &str) -> ImportHead {
        self.stage_as(&system(), register, file).await.unwrap()
    }
    async fn apply(&self, head: &ImportHead) -> ImportHead {
        self.app.apply_import(&system(), head.id, ApplyAsk::default()).await.unwrap()
    }
    async fn rows(&self, head: &ImportHead) -> Vec<ImportRow> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = self.app.import_page(&system(), head.id, None, after).await.unwrap();
            rows.extend(page.rows);
            after = page.next;
            if after.is_none() {
                return rows;
            }
        }
    }
    /// The value of a record's field as an export shows it, by title.
    async fn field(&self, register: &str, title: &str, field: &str) -> String {
        let found = self.record(register, title).await;
        match schema(register).field(field) {
            Some((index, _)) => found.row.values[index].show(),
            None => found.head.stage,
        }
    }
    async fn record(&self, register: &str, title: &str) -> wardkeep_register::Stored {
        let sql = "SELECT id FROM record WHERE register = $1 AND title = $2";
        let row = self.app.db.row(sql, wardkeep_store::cells![register, title]).await.unwrap().unwrap();
        let id = Id::from_uuid(row.try_get("", "id").unwrap());
        self.app.db.get(schema(register), &[], id, None).await.unwrap().unwrap()
    }
    async fn count(&self, register: &str) -> i64 {
        let row = self
            .app
            .db
            .row(&format!("SELECT count(*) AS k FROM \"{register}\""), vec![])
            .await
            .unwrap()
            .unwrap();
        row.try_get("", "k").unwrap()
    }
    /// The change log is whole and agrees with every row.
    async fn verify(&self) {
        let scope =
            wardkeep_store::Scope { schemas: wardkeep_registers::all(), ..wardkeep_store::Scope::default() };
        let report = wardkeep_store::verify(&self.app.db, scope).await.unwrap();
        assert!(report.is_sound(), "{:?}", report.problems);
    }
    /// A person with a role on a unit.
    async fn actor(&self, role: Role, unit: Id) -> Ctx {
        let person = Id::new(now());
        let values = [
            ("name", text(role.label())),
            ("email", text(&format!("{}@example.org", role.key()))),
            ("employment", choice("employee")),
        ];
        self.app
            .write_one(&system(), Proposal::add(schema("person"), person, unit, edits(&values)))
            .await
            .unwrap();
        Ctx::new(Actor::human(person, role.label(), vec![Grant::new(role, unit)], now().date()), now())
    }
}

async fn open(dir: &std::path::Path, config: Config) -> App {
    let folder = DataFolder::create(dir).unwrap();
    App::open(folder, config, Arc::new(SetClock::at(now()))).await.unwrap().0
}

/// Added, changed, same, refused.
fn outcomes(head: &ImportHead) -> [u64; 4] {
    let counts = head.counts;
    assert_eq!(counts.total, counts.add + counts.change + counts.same + counts.refused);
    [counts.add, counts.change, counts.same, counts.refused]
}

fn problems(error: Error) -> Vec<String> {
    match error {
        Error::Refusal(Refusal::Invalid(problems)) => problems.iter().map(|p| p.message.clone()).collect(),
        other => vec![other.to_string()],
    }
}
