//! Every described operation as every role, as nobody, and with narrow tokens: the answer is the one that the
//! rights table gives.

use crate::ask::{Reply, Who, ask, token};
use crate::common::TestApp;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use wardkeep_app::auth::Holder;
use wardkeep_register::{Kind, Schema, Verb};
use wardkeep_rights::{Extent, Named, Resource, Role, Scopes, extent};
use wardkeep_web::api::openapi::{Operation, Rights, operations};

/// Who walks, and what the table says of them.
struct Walker {
    name: String,
    who: Who,
    role: Option<Role>,
    scopes: Option<Scopes>,
    /// The reference of the walker's own person record.
    person: Option<String>,
}

impl Walker {
    fn may(&self, resource: Resource, verb: Verb) -> Extent {
        let Some(role) = self.role else { return Extent::None };
        let program = self.person.is_none();
        if self.scopes.as_ref().is_some_and(|s| !s.admit(resource, verb))
            || (program && verb == Verb::Approve)
        {
            return Extent::None;
        }
        match extent(role, resource, verb) {
            // A program owns nothing.
            Extent::Own if program => Extent::None,
            other => other,
        }
    }
    fn sees_others(&self, resource: Resource) -> bool {
        self.may(resource, Verb::View) == Extent::All
    }
    fn sees_some(&self, resource: Resource) -> bool {
        self.may(resource, Verb::View) != Extent::None
    }
}

/// The statuses that fit.
fn expected(walker: &Walker, operation: &Operation, schema: Option<&Schema>) -> Vec<u16> {
    let pages = operation.tag == "pages";
    if walker.role.is_none() {
        return if pages { vec![303] } else { vec![401] };
    }
    let Rights::Right(resource, verb) = operation.rights else {
        return match operation.rights {
            Rights::Known => vec![200],
            _ => moved(walker, schema.unwrap()),
        };
    };
    let one = operation.path.contains("{reference}");
    match (verb, walker.may(resource, verb)) {
        (Verb::View, Extent::All) => vec![200],
        (Verb::View, Extent::Own) if !one => vec![200],
        (Verb::View, _) => vec![404],
        (Verb::Add, Extent::All) => vec![200, 201],
        // One's own where the record can have an owner; else it is nobody's.
        (Verb::Add, Extent::Own) => {
            schema.filter(|s| s.owner_index().is_some()).map_or(vec![403], |schema| {
                // What hangs on somebody else's record cannot be added by who may not see that one.
                let hangs = |f: &wardkeep_register::Field| {
                    f.required && matches!(f.kind, Kind::Link(target) if target != "person")
                };
                if schema.fields.iter().any(hangs) { vec![201, 422] } else { vec![201] }
            })
        }
        (Verb::Add, Extent::None) => vec![if walker.sees_some(resource) { 403 } else { 404 }],
        (_, Extent::All) if walker.sees_others(resource) => vec![200],
        _ => vec![if walker.sees_others(resource) { 403 } else { 404 }],
    }
}

/// The first move of the register: made, asked for, or refused by the record's state; else by rights.
fn moved(walker: &Walker, schema: &Schema) -> Vec<u16> {
    let resource = Resource::of(schema);
    let step = &schema.moves[0];
    let may = |verb| walker.may(resource, verb) == Extent::All;
    if !walker.sees_others(resource) {
        return vec![404];
    }
    if may(step.needs) || (step.second_person && may(Verb::Edit)) {
        vec![200, 202, 409, 422]
    } else {
        vec![403]
    }
}

/// A body that fits: the example of the description, with what must differ each time.
fn body(
    walker: &Walker,
    operation: &Operation,
    schema: Option<&Schema>,
    n: usize,
    version: i64,
) -> Option<Json> {
    let mut body = operation.body.as_ref()?.1.clone();
    let Some(schema) = schema else {
        if operation.tag != "observations" {
            return Some(body);
        }
        body["idempotency_key"] = json!(format!("key {n}"));
        body["unit"] = json!("UNI-0002");
        return Some(body);
    };
    if operation.method == "patch" {
        return Some(json!({ "version": version, "fields": {} }));
    }
    if operation.path.ends_with("/moves") {
        body["move"] = json!(schema.moves[0].name);
        return Some(body);
    }
    body["unit"] = json!("UNI-0002");
    let fields = body["fields"].as_object_mut().unwrap();
    let unique: Vec<_> = schema.fields.iter().filter(|f| f.unique && fields.contains_key(f.name)).collect();
    for field in unique {
        let text = if field.form == wardkeep_register::Form::Email {
            format!("p{n}@hospital.example")
        } else if field.name == "urn" {
            format!("urn:example:rules-{n}")
        } else if schema.key == "ioc" {
            format!("2001:db8::{n:x}")
        } else {
            format!("{} {n}", field.name)
        };
        fields.insert(field.name.to_owned(), json!(text));
    }
    if schema.key == "unit" {
        // A second top unit would be out of reach for everybody here, and with it what covers the whole.
        fields.insert("parent".to_owned(), json!("UNI-0001"));
    }
    if let (Some(index), Some(person)) = (schema.owner_index(), &walker.person) {
        fields.insert(schema.fields[index].name.to_owned(), json!(person));
    }
    for field in schema.fields.iter().filter(|f| matches!(f.kind, Kind::Link("person"))) {
        if fields.contains_key(field.name)
            && Some(field.name) != schema.owner_index().map(|i| schema.fields[i].name)
        {
            fields.insert(field.name.to_owned(), json!("PER-0001"));
        }
    }
    Some(body)
}

/// Records that belong to somebody else, one of each register, by register.
async fn records(test: &mut TestApp) -> BTreeMap<&'static str, String> {
    let other = test.person("Somebody Else", Role::Reader, "Hospital Kiel").await;
    let owner = other.person.to_string();
    let mut made = BTreeMap::from([("unit", "UNI-0002".to_owned()), ("person", "PER-0001".to_owned())]);
    // In this order, so that examples can point to the first asset and the like.
    for key in ["asset", "supplier", "control", "framework", "risk"] {
        made.insert(key, add(test, key, &owner).await);
    }
    for schema in wardkeep_registers::all() {
        if !made.contains_key(schema.key) {
            let reference = add(test, schema.key, &owner).await;
            made.insert(schema.key, reference);
        }
    }
    made
}

async fn add(test: &mut TestApp, key: &'static str, owner: &str) -> String {
    let schema = wardkeep_registers::by_key(key).unwrap();
    let operation = operations()
        .into_iter()
        .find(|o| o.path == format!("/api/v1/{}", schema.path) && o.method == "post")
        .unwrap();
    let fields = operation.body.unwrap().1["fields"].clone();
    let mut edits = wardkeep_app::records::Edits::new();
    for (name, json) in fields.as_object().unwrap() {
        let (_, field) = schema.field(name).unwrap();
        let value = match field.kind {
            Kind::Link(target) => wardkeep_register::Value::Link(first(test, target).await),
            Kind::Links(target) => wardkeep_register::Value::Links(vec![first(test, target).await]),
            _ => wardkeep_register::Value::from_json(field, json).unwrap(),
        };
        edits.insert(name.clone(), value);
    }
    if let Some(index) = schema.owner_index() {
        edits.insert(
            schema.fields[index].name.to_owned(),
            wardkeep_register::Value::Link(owner.parse().unwrap()),
        );
    }
    let id = wardkeep_types::Id::new(test.now());
    let proposal = wardkeep_app::records::Proposal::add(schema, id, test.id("Hospital Kiel"), edits);
    let done = test.app.write_one(&wardkeep_app::Ctx::system("test", test.now()), proposal).await;
    done.unwrap_or_else(|e| panic!("{key}: {e}")).reference.to_string()
}

async fn first(test: &TestApp, register: &str) -> wardkeep_types::Id {
    let prefix = wardkeep_registers::by_key(register).unwrap().names.prefix;
    let reference = format!("{prefix}-0001").parse().unwrap();
    test.app.db.head_by_reference(&reference).await.unwrap().unwrap_or_else(|| panic!("no {register} yet")).id
}

struct Walk {
    test: TestApp,
    records: BTreeMap<&'static str, String>,
    observation: String,
    asked: usize,
}

impl Walk {
    async fn begin() -> Self {
        let mut test = TestApp::open().await;
        let records = records(&mut test).await;
        let program = token(&test, Holder::Program, "*:*", &[test.id("Nordklinik")]).await;
        let example = operations().into_iter().find(|o| o.id == "addObservations").unwrap().body.unwrap().1;
        let mut example = example;
        example["unit"] = json!("UNI-0002");
        let kept = ask(&test, &program, "post", "/api/v1/observations", Some(&example)).await.is(201);
        Self { test, records, observation: kept.text_at("/id"), asked: 0 }
    }
    async fn ask(&mut self, walker: &Walker, operation: &Operation, schema: Option<&Schema>) -> Reply {
        self.asked += 1;
        let own = if operation.path.contains("/risks/") { "risk" } else { "control" };
        let key = schema.map_or(own, |s| s.key);
        let reference = &self.records[key];
        let head = self.test.app.db.head_by_reference(&reference.parse().unwrap()).await.unwrap().unwrap();
        let mut path = operation
            .path
            .replace("{reference}", reference)
            .replace("{id}", &self.observation)
            .replace("{register}", "risk");
        if operation.id == "search" {
            path.push_str("?q=example");
        }
        let body = body(walker, operation, schema, self.asked, head.version);
        ask(&self.test, &walker.who, operation.method, &path, body.as_ref()).await
    }
    /// Walks everything and names each answer that the table does not give.
    async fn walk(&mut self, walker: &Walker) -> Vec<String> {
        let mut wrong = Vec::new();
        for operation in operations() {
            let schema = wardkeep_registers::all().iter().find(|s| s.names.many == operation.tag);
            let mut fits = expected(walker, &operation, schema);
            // Log records come with the token of their source and with nothing else; nothing is taken in here.
            if operation.id == "addEvents" {
                fits = vec![if matches!(walker.who, Who::Nobody | Who::Cookie(_)) { 401 } else { 404 }];
            }
            // The engine has not run here: who may ask is told so, and a run or a workbook that is not there is missing.
            if fits == [200] {
                match operation.id.as_str() {
                    "readRiskWhatIf" => fits = vec![200, 409],
                    "readRiskWorkbook" => fits = vec![200, 404],
                    "readRiskRun" => fits = vec![404],
                    _ => {}
                }
            }
            let reply = self.ask(walker, &operation, schema).await;
            if !fits.contains(&reply.status) {
                let said: String = reply.text.chars().take(300).collect();
                wrong.push(format!(
                    "{} {}: {} instead of {fits:?}: {said}",
                    walker.name, operation.id, reply.status
                ));
            }
        }
        wrong
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_every_role_as_the_rights_say() {
    let mut walk = Walk::begin().await;
    let mut walkers =
        vec![Walker { name: "nobody".into(), who: Who::Nobody, role: None, scopes: None, person: None }];
    for role in Role::ALL {
        let (who, person) = if role == Role::Pipeline {
            (token(&walk.test, Holder::Program, "*:*", &[walk.test.id("Nordklinik")]).await, None)
        } else {
            let session = walk.test.person(&format!("Walker {}", role.key()), role, "Nordklinik").await;
            let head = walk.test.app.db.head(session.person).await.unwrap().unwrap();
            (Who::Cookie(session), Some(head.reference.to_string()))
        };
        let scopes = (role == Role::Pipeline).then(|| "*:*".parse().unwrap());
        walkers.push(Walker { name: role.key().to_owned(), who, role: Some(role), scopes, person });
    }
    let officer = walkers.iter().find(|w| w.role == Some(Role::Officer)).unwrap();
    let (Who::Cookie(session), person) = (officer.who.clone(), officer.person.clone()) else {
        unreachable!()
    };
    for scopes in ["risk:view", "*:view", "observation:add search:view", "task:* asset:edit asset:view"] {
        let who = token(&walk.test, Holder::Person(session.person), scopes, &[]).await;
        let (name, role) = (format!("officer's token {scopes}"), Some(Role::Officer));
        walkers.push(Walker {
            name,
            who,
            role,
            scopes: Some(scopes.parse().unwrap()),
            person: person.clone(),
        });
    }
    let program =
        token(&walk.test, Holder::Program, "observation:add", &[walk.test.id("Hospital Kiel")]).await;
    let scopes = Some("observation:add".parse().unwrap());
    walkers.push(Walker {
        name: "narrow program".into(),
        who: program,
        role: Some(Role::Pipeline),
        scopes,
        person: None,
    });
    let mut wrong = Vec::new();
    for walker in &walkers {
        wrong.extend(walk.walk(walker).await);
    }
    eprintln!("{} requests by {} walkers, {} wrong", walk.asked, walkers.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(walk.asked > 150 * walkers.len());
    // Search, today and the palette are nobody's but theirs.
    assert_eq!(extent(Role::Board, Named::Search.into(), Verb::View), Extent::None);
}
