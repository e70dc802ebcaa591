//! Two sibling units and one restricted incident: whoever stands outside finds no trace of the other side, in
//! any page, list, count, search, history, export or answer of the API that can be reached.

use crate::ask::{Who, ask, get};
use crate::common::{Session, TestApp};
use serde_json::json;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use wardkeep_app::Ctx;
use wardkeep_app::assess::Options;
use wardkeep_app::exchange::{ExportAsk, ExportColumns, ExportFormat};
use wardkeep_app::records::Ask;
use wardkeep_register::Kind;
use wardkeep_rights::{Actor, Grant, Role};
use wardkeep_types::Id;

/// Stands in every title of the other unit; typed words never hold it whole.
const LUND: &str = "Zanzibar";
/// Stands in the title of the restricted incident.
const WALLED: &str = "Quetzal";

struct House {
    test: TestApp,
    /// Officer of one unit.
    kiel: Session,
    /// Officer of the whole, but not on the incident's list.
    whole: Session,
    /// Ids and references of the other unit's records.
    lund: Vec<String>,
    /// Id and reference of the restricted incident.
    walled: Vec<String>,
}

async fn house() -> House {
    let mut test = TestApp::open().await;
    let kiel = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let whole = test.person("Jonas Berg", Role::Officer, "Nordklinik").await;
    let named = test.person("Aylin Demir", Role::Officer, "Nordklinik").await;
    let (mut lund, mut walled) = (Vec::new(), Vec::new());
    test.add("risk", "Hospital Kiel", &[("name", "Ransomware stops the laboratory")]).await;
    let risk = test.id("Ransomware stops the laboratory").to_string();
    for schema in wardkeep_registers::all() {
        // People, units and teams are known by name to everybody within.
        if ["unit", "person", "team"].contains(&schema.key)
            || wardkeep_rights::reach(wardkeep_rights::Resource::of(schema))
                == wardkeep_rights::Reach::Library
        {
            continue;
        }
        let name = format!("{LUND} {}", schema.key);
        let pairs = [("name", name.as_str())];
        let linked = schema.fields.iter().find(|f| f.kind == Kind::Links("risk"));
        let with_risk = [("name", name.as_str()), (linked.map_or("", |f| f.name), risk.as_str())];
        let reference =
            test.add(schema.key, "Clinic Lund", if linked.is_some() { &with_risk } else { &pairs }).await;
        lund.extend([reference, test.id(&name).to_string()]);
        test.add(schema.key, "Hospital Kiel", &[("name", &format!("Harmless {}", schema.key))]).await;
    }
    let incident = format!("{WALLED} breach");
    let reference = test.add("incident", "Hospital Kiel", &[("name", &incident), ("risks", &risk)]).await;
    walled.extend([reference.clone(), test.id(&incident).to_string()]);
    let tasks = [("name", "Talk to the lawyers"), ("incidents", walled[1].as_str())];
    let link = wardkeep_registers::by_key("task")
        .unwrap()
        .fields
        .iter()
        .find(|f| f.kind.target() == Some("incident"));
    let pairs =
        if let Some(field) = link { vec![tasks[0], (field.name, tasks[1].1)] } else { vec![tasks[0]] };
    test.add("task", "Hospital Kiel", &pairs).await;
    let me = Who::Cookie(named);
    // Both officers watch it before it is closed to them.
    for session in [&kiel, &whole] {
        test.post(session, &format!("/incidents/{reference}/watch"), &[("on", "1")]).await;
    }
    let Who::Cookie(session) = &me else { unreachable!() };
    test.post(
        session,
        &format!("/incidents/{reference}/restrict"),
        &[("on", "1"), ("why", "names a colleague")],
    )
    .await;
    assert!(
        test.app.db.head(test.id(&incident)).await.unwrap().unwrap().restricted,
        "the incident is not restricted"
    );
    test.post(
        session,
        &format!("/incidents/{reference}/comments"),
        &[("comment", &format!("The {WALLED} report is here @Jonas"))],
    )
    .await;
    let change = json!({ "version": 2, "fields": { "summary": format!("{WALLED} again") } });
    ask(&test, &me, "patch", &format!("/api/v1/incidents/{reference}"), Some(&change)).await.is(200);
    let changes = test.app.db.changes_from(1, 10_000).await.unwrap();
    test.app.tell_of_changes(&changes).await.unwrap();
    // Control tests look at every record, and their answers are shown to many.
    let options = Options::default();
    let system = Ctx::system("assess", test.now());
    test.app.assess(&system, &options, Arc::new(()), Arc::new(AtomicBool::new(false))).await.unwrap();
    House { test, kiel, whole, lund, walled }
}

impl House {
    /// Every address that can be reached from the start by reading, with what was read there.
    async fn crawl(&self, who: &Session) -> Vec<(String, String)> {
        let mut queue: VecDeque<String> = [
            "/today",
            "/areas",
            "/search",
            "/me",
            "/approvals",
            "/api",
            "/report/posture",
            "/report/posture.html",
            "/evidence/files",
        ]
        .map(str::to_owned)
        .into();
        for word in ["zanzib", "quetz", "breach", "harmless"] {
            queue.extend([
                format!("/search?q={word}"),
                format!("/api/v1/search?q={word}"),
                format!("/api/v1/palette?q={word}"),
            ]);
        }
        for path in ["me", "today", "registers", "observations"] {
            queue.push_back(format!("/api/v1/{path}"));
        }
        for schema in wardkeep_registers::all() {
            for list in [format!("/{}", schema.path), format!("/api/v1/{}", schema.path)] {
                let columns: Vec<&str> = schema.fields.iter().map(|f| f.name).collect();
                queue.extend([
                    list.clone(),
                    format!("{list}?q=zanzib"),
                    format!("{list}?q=quetz"),
                    format!("{list}?limit=1"),
                    format!("{list}?sort=-changed_at&columns={}", columns.join(",")),
                ]);
            }
            queue.push_back(format!("/api/v1/pick/{}?q=z", schema.key));
        }
        let (mut seen, mut read) = (BTreeSet::new(), Vec::new());
        while let Some(path) = queue.pop_front() {
            if !seen.insert(path.clone()) || read.len() > 2_500 {
                continue;
            }
            let answer = self.test.get(who, &path).await;
            assert!(answer.status < 500, "{path}: {}", answer.text);
            for link in links(&answer.text) {
                if let Some(record) = link.strip_prefix("/api/v1/").filter(|l| l.split('/').count() == 2) {
                    queue.extend(
                        ["history", "used-by", "links"].map(|side| format!("/api/v1/{record}/{side}")),
                    );
                }
                queue.push_back(link);
            }
            read.push((path, answer.text));
        }
        read
    }
    fn ctx(&self, who: &Session, unit: &str) -> Ctx {
        let grants = vec![Grant::new(Role::Officer, self.test.id(unit))];
        Ctx::new(Actor::human(who.person, "x", grants, self.test.now().date()), self.test.now())
    }
    /// Everything that the actor can export, as text.
    async fn exports(&self, ctx: &Ctx) -> String {
        let mut all = String::new();
        for schema in wardkeep_registers::all() {
            for columns in [ExportColumns::Listed, ExportColumns::Full] {
                let ask = ExportAsk { ask: Ask::default(), format: ExportFormat::Jsonl, columns };
                if let Ok(done) = self.test.app.export(ctx, schema, &ask).await {
                    all.push_str(&std::fs::read_to_string(done.file.path()).unwrap());
                }
            }
        }
        all
    }
}

/// Addresses of ours that stand in a page or an answer of the API.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for mark in ["href=\"/", "\"/"] {
        for (at, _) in text.match_indices(mark) {
            let rest = &text[at + mark.len() - 1..];
            let link = rest.split(['"', '#']).next().unwrap_or_default().replace("&amp;", "&");
            // The stream of live changes never ends; it has tests of its own.
            let static_file = link.starts_with("/static")
                || link.starts_with("/live")
                || link.starts_with("/sign")
                || link.contains('{')
                || link.contains(' ');
            if link.len() > 1 && link.len() < 500 && !static_file {
                found.push(link);
            }
        }
    }
    found
}

fn traces(read: &[(String, String)], secrets: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    // The description of the API is the same for everybody; its examples bear the first numbers of all.
    let told = read.iter().filter(|(path, _)| path != "/api/v1/openapi.json" && !path.starts_with("/api?"));
    for (path, text) in told {
        // What was asked for stands in the answer that there is no such thing.
        for secret in secrets.iter().filter(|s| text.contains(s.as_str()) && !path.contains(s.as_str())) {
            let at = text.find(secret.as_str()).unwrap();
            let from = (0..=at.saturating_sub(120)).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            found.push(format!("{path}: '{secret}' in ...{}", &text[from..at + secret.len()]));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_other_side_is_anywhere() {
    let house = house().await;
    let walled: Vec<String> = house.walled.iter().cloned().chain([WALLED.to_owned()]).collect();
    let both: Vec<String> =
        house.lund.iter().cloned().chain([LUND.to_owned()]).chain(walled.clone()).collect();
    let mut found = Vec::new();
    let kiel = house.crawl(&house.kiel).await;
    found.extend(traces(&kiel, &both));
    let whole = house.crawl(&house.whole).await;
    found.extend(traces(&whole, &walled));
    // The same walk finds what may be seen, so that silence proves something.
    assert!(whole.iter().filter(|(_, text)| text.contains(LUND)).count() > 50, "the walk saw too little");
    assert!(kiel.len() > 300, "{} addresses", kiel.len());
    let kiel_exports = house.exports(&house.ctx(&house.kiel, "Hospital Kiel")).await;
    let whole_exports = house.exports(&house.ctx(&house.whole, "Nordklinik")).await;
    assert!(whole_exports.contains(LUND) && kiel_exports.contains("Harmless"));
    found.extend(traces(&[("export".into(), kiel_exports)], &both));
    found.extend(traces(&[("export of the whole".into(), whole_exports)], &walled));
    eprintln!("{} and {} addresses read, {} traces", kiel.len(), whole.len(), found.len());
    assert!(found.is_empty(), "{} traces:\n{}", found.len(), found[..found.len().min(40)].join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_by_name_tells_nothing() {
    let house = house().await;
    let (test, who) = (&house.test, Who::Cookie(house.kiel.clone()));
    let refs: Vec<&String> =
        house.lund.iter().chain(&house.walled).filter(|s| s.parse::<Id>().is_err()).collect();
    assert!(refs.len() > 10);
    for reference in refs {
        let schema = wardkeep_registers::by_prefix(reference.split('-').next().unwrap()).unwrap();
        let missing = format!("{}-9999", schema.names.prefix);
        for path in ["", "/history", "/used-by", "/links", "?known_at=5"] {
            let there = get(test, &who, &format!("/api/v1/{}/{reference}{path}", schema.path)).await.is(404);
            let nowhere = get(test, &who, &format!("/api/v1/{}/{missing}{path}", schema.path)).await.is(404);
            assert_eq!(
                (there.text_at("/detail"), there.text_at("/code")),
                (nowhere.text_at("/detail"), nowhere.text_at("/code"))
            );
        }
        for path in ["", "/edit", "/history"] {
            let page = test.get(&house.kiel, &format!("/{}/{reference}{path}", schema.path)).await;
            page.is(404).lacks(&[LUND, WALLED]);
        }
        for (method, path, body) in [
            ("patch", "", json!({ "version": 1, "fields": {} })),
            ("patch", "", json!({ "nonsense": 1 })),
            (
                "post",
                "/moves",
                json!({ "move": schema.moves.first().map_or("x", |m| m.name), "reason": "x" }),
            ),
        ] {
            ask(test, &who, method, &format!("/api/v1/{}/{reference}{path}", schema.path), Some(&body))
                .await
                .is(404);
        }
        // A link to it is as unknown as one to nothing.
        let field = |key: &str| {
            wardkeep_registers::by_key(key)
                .unwrap()
                .fields
                .iter()
                .find(|f| f.kind.target() == Some(schema.key) && !f.computed)
        };
        for key in ["task", "risk", "exception", "finding"] {
            let Some(field) = field(key) else { continue };
            let path = wardkeep_registers::by_key(key).unwrap().path;
            let body = |to: &str| json!({ "unit": "UNI-0002", "fields": { "name": "x", field.name: to } });
            let there =
                ask(test, &who, "post", &format!("/api/v1/{path}"), Some(&body(reference))).await.is(422);
            let nowhere =
                ask(test, &who, "post", &format!("/api/v1/{path}"), Some(&body(&missing))).await.is(422);
            assert_eq!(
                there.text.replace(reference.as_str(), "?").split("instance").next(),
                nowhere.text.replace(&missing, "?").split("instance").next()
            );
        }
    }
}

#[tokio::test]
async fn counts_and_filters_hold_what_is_shown() {
    let house = house().await;
    let who = Who::Cookie(house.kiel.clone());
    for schema in wardkeep_registers::all() {
        let all = get(&house.test, &who, &format!("/api/v1/{}?limit=200", schema.path)).await.is(200);
        let shown = all.json["items"].as_array().unwrap().len();
        let one = get(&house.test, &who, &format!("/api/v1/{}?limit=1", schema.path)).await.is(200);
        assert_eq!(one.json["count"]["exact"], shown, "{}", schema.key);
        let other = get(&house.test, &who, &format!("/api/v1/{}?unit=UNI-0003", schema.path)).await.is(200);
        let library =
            wardkeep_rights::reach(wardkeep_rights::Resource::of(schema)) == wardkeep_rights::Reach::Library;
        assert!(library || other.json["count"] == json!({ "exact": 0 }), "{}: {}", schema.key, other.text);
    }
}

#[tokio::test]
async fn saving_keeps_links_that_the_writer_does_not_see() {
    let house = house().await;
    let (test, who) = (&house.test, Who::Cookie(house.kiel.clone()));
    let link = wardkeep_registers::by_key("task")
        .unwrap()
        .fields
        .iter()
        .find(|f| f.kind.target() == Some("incident"));
    let field = link.expect("a task can belong to incidents").name;
    let task = get(test, &who, "/api/v1/tasks?q=lawyers").await.is(200).text_at("/items/0/reference");
    let read = get(test, &who, &format!("/api/v1/tasks/{task}")).await.is(200);
    let form = test.get(&house.kiel, &format!("/tasks/{task}/edit")).await;
    form.is(200).lacks(&[house.walled[1].as_str()]);
    let body =
        json!({ "version": read.json["version"], "fields": { field: [], "name": "Talk to other lawyers" } });
    ask(test, &who, "patch", &format!("/api/v1/tasks/{task}"), Some(&body)).await.is(200);
    let kept = "SELECT count(*) AS x FROM link WHERE to_id = $1";
    let incident: Id = house.walled.iter().find_map(|s| s.parse().ok()).unwrap();
    let rows = test.app.db.rows(kept, wardkeep_store::cells![incident]).await.unwrap();
    assert_eq!(rows[0].try_get::<i64>("", "x").unwrap(), 1);
}
