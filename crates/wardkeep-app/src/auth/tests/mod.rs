//! The door on SQLite, and on PostgreSQL where the machine has it. Refused cases first.

mod approvals;
mod authenticator;
mod codes;
mod first;
mod guesses;
mod links;
mod passkeys;
#[allow(clippy::duplicate_mod)] // one helper, two test modules
#[path = "../../../../wardkeep-test/src/postgres.rs"]
#[allow(dead_code)] // its own tests are elsewhere
mod postgres;
mod rights;
mod sessions;

use super::*;
use crate::Ctx;
use std::net::IpAddr;
use wardkeep_register::Value;
use wardkeep_rights::{Grant, Role, UnitTree};
use wardkeep_store::{Target, Write, register_ddl};
use wardkeep_types::{Id, Moment};

/// A password that nobody tries first.
const GOOD: &str = "seven grey herons wade";
const BETTER: &str = "lanterns over quiet canals";
const START: Moment = Moment::from_micros(1_780_000_000_000_000);

fn at(seconds: i64) -> Moment {
    START.plus_seconds(seconds)
}

/// A browser at an address.
fn from(ip: &str) -> Device<'static> {
    let ip: IpAddr = ip.parse().unwrap();
    Device { ip, user_agent: "Firefox on Linux", known: None }
}

fn home() -> Device<'static> {
    from("192.0.2.10")
}

struct Door {
    auth: Auth,
    unit: Id,
    site: Id,
    units: UnitTree,
    officer: Id,
    _dir: Option<tempfile::TempDir>,
}

impl Door {
    async fn account(&self, email: &str) -> Account {
        self.auth.account_by_email(email).await.unwrap().unwrap()
    }
    async fn ctx(&self, email: &str, now: Moment) -> Ctx {
        let account = self.account(email).await;
        let grants =
            self.auth.grants_of(account.person).await.unwrap().into_iter().map(|g| g.grant).collect();
        Ctx::new(wardkeep_rights::Actor::human(account.person, account.name, grants, now.date()), now)
    }
    /// Another person with an account, a password and a role.
    async fn person(&self, name: &str, role: Role, unit: Id) -> Id {
        let person = Id::new(START);
        let email = format!("{}@example.org", name.to_lowercase());
        let values = [
            ("name", Value::Text(name.into())),
            ("email", Value::Text(email.clone())),
            ("employment", Value::Choice("employee".into())),
        ];
        add(&self.auth, "person", person, unit, "active", &values).await;
        let system = Ctx::system("test", START);
        let link = self.auth.invite(&system, &self.units, person).await.unwrap();
        assert!(matches!(
            self.auth.set_password_by_link(link.token.reveal(), GOOD, &home(), START).await.unwrap(),
            Step::Done(_)
        ));
        let grant =
            Grant { until: role.must_end().then(|| START.date().plus_days(30)), ..Grant::new(role, unit) };
        self.auth
            .add_grant(&system, &self.units, &NewGrant { person, grant, from: None, why: "test".into() })
            .await
            .unwrap();
        person
    }
    async fn signed_in(&self, email: &str, password: &str, now: Moment) -> (Issued, Live) {
        let Step::Done(issued) = self.auth.sign_in(email, password, &home(), now).await.unwrap() else {
            panic!("not signed in")
        };
        let live = self.auth.live(issued.token.reveal(), now).await.unwrap().unwrap();
        (issued, live)
    }
    async fn sign_in(&self, email: &str, password: &str, device: &Device<'_>, now: Moment) -> Step {
        self.auth.sign_in(email, password, device, now).await.unwrap()
    }
    /// Everything that the change log holds, as text.
    async fn log(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        for change in self.auth.db.changes_from(1, 1_000).await.unwrap() {
            let _ = writeln!(text, "{} {:?} {:?}", change.entry.act, change.why, change.fields);
        }
        text
    }
}

async fn add(auth: &Auth, register: &str, id: Id, unit: Id, stage: &str, values: &[(&str, Value)]) {
    let schema = wardkeep_registers::by_key(register).unwrap();
    let mut row = schema.empty_row();
    for (name, value) in values {
        row.values[schema.field(name).unwrap().0] = value.clone();
    }
    let row = schema.check(row, stage, &[]).unwrap();
    let write =
        Write::Add { schema, custom: &[], id, unit, stage: stage.into(), restricted: false, row, why: None };
    auth.db.write(&Ctx::system("test", START).author(), vec![write], vec![]).await.unwrap();
}

fn cheap() -> Settings {
    Settings {
        cost: Cost { memory: 64, passes: 1, lanes: 1 },
        public_url: "http://localhost:8420".into(),
        ..Settings::default()
    }
}

fn form() -> FirstStart {
    let text = str::to_owned;
    FirstStart {
        name: text("Anna Berg"),
        email: text("Anna@Example.org"),
        password: text(GOOD),
        organisation: text("Nordklinik"),
        currency: text("EUR"),
        time_zone: text("Europe/Berlin"),
    }
}

/// Empty installations on every database at hand.
async fn empty(settings: Settings) -> Vec<(Auth, Option<tempfile::TempDir>)> {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&Target::File(dir.path().join("test.db"))).await.unwrap();
    let mut all = vec![(db, Some(dir))];
    if let Some(url) = postgres::url() {
        let schema = postgres::schema();
        let admin = Db::open(&Target::Postgres { url: url.clone(), schema: "public".into() }).await.unwrap();
        admin.script(&format!("CREATE SCHEMA {schema}")).await.unwrap();
        all.push((Db::open(&Target::Postgres { url, schema }).await.unwrap(), None));
    }
    let mut doors = Vec::new();
    for (db, dir) in all {
        db.migrate(|| async { Ok(()) }).await.unwrap();
        if db.rows("SELECT 1 AS x FROM unit", vec![]).await.is_err() {
            for schema in wardkeep_registers::all() {
                db.script(&db.dialect().render(&register_ddl(schema))).await.unwrap();
            }
        }
        doors.push((Auth::open(db, Keys::from_bytes([7; 32]), settings.clone()).await.unwrap(), dir));
    }
    doors
}

/// Installations whose officer, Anna, has an account; a site stands below the organisation.
async fn doors_with(settings: Settings) -> Vec<Door> {
    let mut doors = Vec::new();
    for (auth, dir) in empty(settings).await {
        let link = auth.create_first_link(START).await.unwrap().unwrap();
        auth.first_start(link.reveal(), &form(), &home(), START).await.unwrap();
        let (unit, _) = auth.organisation().await.unwrap().unwrap();
        let site = Id::new(START);
        let values = [
            ("name", Value::Text("Site Nord".into())),
            ("kind", Value::Choice("site".into())),
            ("parent", Value::Link(unit)),
            ("time_zone", Value::Text("Europe/Berlin".into())),
            ("currency", Value::Text("EUR".into())),
        ];
        add(&auth, "unit", site, site, "planned", &values).await;
        let units = UnitTree::build([(unit, None), (site, Some(unit))]).unwrap();
        let officer = auth.account_by_email("anna@example.org").await.unwrap().unwrap().person;
        doors.push(Door { auth, unit, site, units, officer, _dir: dir });
    }
    doors
}

async fn doors() -> Vec<Door> {
    doors_with(cheap()).await
}

/// The sentence of a refusal.
fn said<T: std::fmt::Debug>(result: Result<T, crate::Error>) -> String {
    result.unwrap_err().to_string()
}
