//! An installation in a folder of its own, behind its door, with people who are signed in.
#![allow(dead_code)] // each test file uses its part

pub mod seed;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt as _;
use wardkeep_app::auth::{Auth, Cost, Device, Keys, NewGrant, Settings, Step, csrf_token};
use wardkeep_app::records::{Edits, Proposal};
use wardkeep_app::{App, Config, Ctx, DataFolder};
use wardkeep_register::{Field, Kind, Schema, Value};
use wardkeep_rights::{Grant, Role};
use wardkeep_store::register_ddl;
use wardkeep_types::{Id, Moment, SetClock};
use wardkeep_web::router::router;
use wardkeep_web::session::Door;
use wardkeep_web::state::State;

/// A password that nobody tries first.
const PASSWORD: &str = "seven grey herons wade";

/// An installation with its router.
pub struct TestApp {
    pub app: Arc<App>,
    pub auth: Auth,
    pub clock: SetClock,
    pub router: Router,
    pub dir: tempfile::TempDir,
    /// Units and people by name.
    pub ids: BTreeMap<String, Id>,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Session {
    pub cookie: String,
    pub csrf: String,
    pub person: Id,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub place: String,
    pub text: String,
}

impl Answer {
    /// Whether all those words stand in it.
    pub fn has(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(
                self.text.contains(word),
                "'{word}' is missing in a page of status {}:\n{}",
                self.status,
                self.text
            );
        }
        self
    }
    /// Whether none of those words stands in it.
    pub fn lacks(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(!self.text.contains(word), "'{word}' stands in a page of status {}", self.status);
        }
        self
    }
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "went to '{}':\n{}", self.place, self.text);
        self
    }
    /// Where a redirect leads, without its message.
    pub fn leads_to(&self) -> &str {
        self.is(303);
        self.place.split(['?', '#']).next().unwrap()
    }
    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let at = self.text.find(&mark).unwrap_or_else(|| panic!("no hidden field {name} in\n{}", self.text));
        self.text[at + mark.len()..].split('"').next().unwrap().to_owned()
    }
}

/// Values by field name, as people write them; ids in link fields.
pub fn edits(schema: &Schema, pairs: &[(&str, &str)]) -> Edits {
    // An indicator of compromise is called by its value: a host name made of the name.
    let named = pairs.iter().find(|(name, _)| *name == "name" && schema.key == "ioc");
    let host = named.map(|(_, name)| {
        let label: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        format!("{}.example", label.trim_matches('-'))
    });
    let called = host.as_deref().map(|host| [("value", host), ("kind", "domain")]);
    let pairs = pairs.iter().filter(|pair| named != Some(*pair)).chain(called.iter().flatten());
    let of = |(name, text): &(&str, &str)| {
        let (_, field) = schema.field(name).unwrap_or_else(|| panic!("{} has no field {name}", schema.key));
        let value =
            Value::parse(field, text).unwrap_or_else(|e| panic!("{}.{name} = {text}: {}", schema.key, e.0));
        ((*name).to_owned(), value)
    };
    pairs.map(of).collect()
}

/// The first thing that fits a mandatory field.
fn filler(field: &Field, salt: &str) -> Value {
    match field.kind {
        Kind::Choice(options) => Value::Choice(options[0].key.into()),
        Kind::Line if field.name == "value" => Value::Text("198.51.100.7".into()),
        Kind::Line => Value::Text(format!("x {salt}")),
        // What begins begins before what ends.
        Kind::Date => Value::Date(
            if field.name.starts_with("start") { "2026-08-01" } else { "2026-10-01" }.parse().unwrap(),
        ),
        Kind::Money | Kind::Percent | Kind::Int => {
            Value::parse(field, if field.kind == Kind::Money { "1 EUR" } else { "1" }).unwrap()
        }
        _ => Value::Empty,
    }
}

impl TestApp {
    /// An organisation with two sites and no people.
    pub async fn open() -> Self {
        Self::open_with(Config::default()).await
    }
    /// The same with settings.
    pub async fn open_with(config: Config) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let now: Moment = "2026-08-12T12:00:00Z".parse().unwrap();
        let clock = SetClock::at(now);
        let folder = DataFolder::create(dir.path()).unwrap();
        let (app, _) = App::open(folder, config, Arc::new(clock.clone())).await.unwrap();
        if app.db.rows("SELECT 1 AS x FROM risk", vec![]).await.is_err() {
            for schema in wardkeep_registers::all() {
                app.db.script(&app.db.dialect().render(&register_ddl(schema))).await.unwrap();
            }
        }
        let app = Arc::new(app);
        let settings = Settings { cost: Cost { memory: 64, passes: 1, lanes: 1 }, ..Settings::default() };
        let auth = Auth::open(app.db.clone(), Keys::from_bytes([7; 32]), settings).await.unwrap();
        let state = State::new(app.clone(), auth.clone()).unwrap();
        let router = router(state, Door::new(app.clone(), auth.clone()));
        let mut test = Self { app, auth, clock, router, dir, ids: BTreeMap::new() };
        let root = Id::new(now);
        let plain = [("time_zone", "Europe/Berlin"), ("currency", "EUR")];
        let unit =
            |kind: &'static str, name: &'static str| [&plain[..], &[("name", name), ("kind", kind)]].concat();
        test.add_as("Nordklinik", "unit", root, root, &unit("organisation", "Nordklinik")).await;
        let parent = root.to_string();
        for name in ["Hospital Kiel", "Clinic Lund"] {
            let mut pairs = unit("site", name);
            pairs.push(("parent", &parent));
            test.add_as(name, "unit", Id::new(now), root, &pairs).await;
        }
        test
    }
    pub fn now(&self) -> Moment {
        use wardkeep_types::Clock as _;
        self.clock.now()
    }
    fn system(&self) -> Ctx {
        Ctx::system("test", self.now())
    }
    pub fn id(&self, name: &str) -> Id {
        *self.ids.get(name).unwrap_or_else(|| panic!("nothing is called {name}"))
    }
    async fn add_as(
        &mut self,
        name: &str,
        register: &str,
        id: Id,
        unit: Id,
        pairs: &[(&str, &str)],
    ) -> String {
        let schema = wardkeep_registers::by_key(register).unwrap();
        let mut edits = edits(schema, pairs);
        for field in schema.fields.iter().filter(|f| f.required && !f.computed) {
            // A mandatory link leads to the first record there is.
            if let (Kind::Link(target), false) = (field.kind, edits.contains_key(field.name)) {
                let prefix = wardkeep_registers::by_key(target).unwrap().names.prefix;
                let first = self.app.db.head_by_reference(&format!("{prefix}-0001").parse().unwrap()).await;
                let found = match first.unwrap() {
                    Some(head) => head.id,
                    None => {
                        let made = Id::new(self.now());
                        let title = format!("{name}: {target}");
                        Box::pin(self.add_as(&title, target, made, unit, &[("name", &title)])).await;
                        made
                    }
                };
                edits.insert(field.name.to_owned(), Value::Link(found));
                continue;
            }
            edits.entry(field.name.to_owned()).or_insert_with(|| filler(field, name));
        }
        let done = self.app.write_one(&self.system(), Proposal::add(schema, id, unit, edits)).await;
        let done = done.unwrap_or_else(|e| panic!("{register} {name}: {e}"));
        self.ids.insert(name.to_owned(), id);
        done.reference.to_string()
    }
    /// A record by the program itself; mandatory fields that are not named get their first choice. Returns its
    /// reference.
    pub async fn add(&mut self, register: &str, unit: &str, pairs: &[(&str, &str)]) -> String {
        let unit = self.id(unit);
        let name = pairs.iter().find(|(n, _)| *n == "name").map_or("", |(_, v)| *v).to_owned();
        let id = Id::new(self.now());
        self.add_as(&name, register, id, unit, pairs).await
    }
    /// A move by the program itself; `false` when the record refuses it.
    pub async fn move_to(&self, register: &str, name: &str, step: &str) -> bool {
        let schema = wardkeep_registers::by_key(register).unwrap();
        let proposal = Proposal::movement(schema, self.id(name), None, step).because("as planned");
        self.app.write_one(&self.system(), proposal).await.is_ok()
    }
    /// The same for a record that is known by its reference.
    pub async fn move_to_reference(&self, register: &str, reference: &str, step: &str) -> bool {
        let schema = wardkeep_registers::by_key(register).unwrap();
        let head = self.app.db.head_by_reference(&reference.parse().unwrap()).await.unwrap().unwrap();
        let proposal = Proposal::movement(schema, head.id, None, step).because("as planned");
        self.app.write_one(&self.system(), proposal).await.is_ok()
    }
    /// The first value of a statement, as text, under the name `x`.
    pub async fn first(&self, sql: &str) -> String {
        self.app.db.row(sql, vec![]).await.unwrap().unwrap().try_get("", "x").unwrap()
    }
    /// A person with a role, signed in.
    pub async fn person(&mut self, name: &str, role: Role, unit: &str) -> Session {
        let mail = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let at = self.id(unit);
        self.add("person", unit, &[("name", name), ("email", &mail)]).await;
        self.move_to("person", name, "start").await;
        let (system, person) = (self.system(), self.id(name));
        let organisation = self.app.organisation().await.unwrap();
        let link = self.auth.invite(&system, &organisation.units, person).await.unwrap();
        let device = Device { ip: [127, 0, 0, 1].into(), user_agent: "test", known: None };
        let step =
            self.auth.set_password_by_link(link.token.reveal(), PASSWORD, &device, self.now()).await.unwrap();
        let Step::Done(issued) = step else { panic!("{name} was not let in") };
        let grant =
            Grant { until: role.must_end().then(|| self.now().date().plus_days(30)), ..Grant::new(role, at) };
        let given = NewGrant { person, grant, from: None, why: "test".into() };
        self.auth.add_grant(&system, &organisation.units, &given).await.unwrap();
        let secret = issued.token.reveal();
        Session { cookie: format!("wardkeep={secret}"), csrf: csrf_token(secret), person }
    }
    /// The same person, signed in anew: sessions do not last for ever.
    pub async fn again(&self, who: &Session) -> Session {
        let mail =
            self.app.db.row("SELECT email FROM person WHERE id = $1", wardkeep_store::cells![who.person]);
        let mail: String = mail.await.unwrap().unwrap().try_get("", "email").unwrap();
        let device = Device { ip: [127, 0, 0, 1].into(), user_agent: "test", known: None };
        let step = self.auth.sign_in(&mail, PASSWORD, &device, self.now()).await.unwrap();
        let Step::Done(issued) = step else { panic!("not let in again") };
        let secret = issued.token.reveal();
        Session { cookie: format!("wardkeep={secret}"), csrf: csrf_token(secret), person: who.person }
    }
    pub async fn get(&self, who: &Session, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, &who.cookie).body(Body::empty()).unwrap();
        self.ask(request).await
    }
    /// Sends a form with the session's token.
    pub async fn post(&self, who: &Session, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let token = ("csrf", who.csrf.as_str());
        self.post_raw(who, path, &[&[token], pairs].concat()).await
    }
    pub async fn post_raw(&self, who: &Session, path: &str, pairs: &[(&str, &str)]) -> Answer {
        use wardkeep_web::pages::address::encode;
        let body: Vec<String> = pairs.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        let request = Request::post(path)
            .header(header::COOKIE, &who.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .unwrap();
        self.ask(request).await
    }
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let place = response.headers().get(header::LOCATION).map_or("", |v| v.to_str().unwrap()).to_owned();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, place, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
    /// Statements that one page takes.
    pub async fn statements(&self, who: &Session, path: &str) -> u64 {
        self.get(who, path).await.is(200);
        let before = self.app.db.statements();
        self.get(who, path).await.is(200);
        self.app.db.statements() - before
    }
    /// The version of a record.
    pub async fn version(&self, name: &str) -> i64 {
        self.app.db.head(self.id(name)).await.unwrap().unwrap().version
    }
}
