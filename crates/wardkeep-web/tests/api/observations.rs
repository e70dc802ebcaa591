//! Observations from collectors, and why a control stands where it stands.

use crate::ask::{Who, ask, get, token};
use crate::common::TestApp;
use serde_json::{Value as Json, json};
use wardkeep_app::auth::Holder;
use wardkeep_rights::Role;

fn sent(key: &str) -> Json {
    json!({
        "test": "mfa-console-sign-in", "unit": "UNI-0002",
        "period": { "from": "2026-07-01T00:00:00Z", "to": "2026-08-01T00:00:00Z" },
        "collector": { "name": "log-query", "version": "1.4.0" },
        "population": 412, "expected": 415, "examined": 405, "passed": 389, "failed": 16,
        "failing_subjects": ["acct:m.lopez"], "idempotency_key": key
    })
}

async fn collector() -> (TestApp, Who) {
    let test = TestApp::open().await;
    let program = token(&test, Holder::Program, "observation:add", &[test.id("Hospital Kiel")]).await;
    (test, program)
}

const PATH: &str = "/api/v1/observations";

#[tokio::test]
async fn the_same_is_kept_once_and_something_else_under_its_key_is_a_conflict() {
    let (mut test, program) = collector().await;
    let first = ask(&test, &program, "post", PATH, Some(&sent("mfa-2026-07"))).await.is(201);
    assert_eq!(
        (first.text_at("/result"), first.text_at("/strength")),
        ("counted".into(), "automated".into())
    );
    assert_eq!(first.text_at("/effective_at"), "2026-08-01T00:00:00Z");
    assert_eq!(first.text_at("/recorded_at"), test.now().to_string());
    let again = ask(&test, &program, "post", PATH, Some(&sent("mfa-2026-07"))).await.is(200);
    assert_eq!(again.json, first.json);
    let mut other = sent("mfa-2026-07");
    other["note"] = json!("something else");
    assert_eq!(ask(&test, &program, "post", PATH, Some(&other)).await.is(409).text_at("/code"), "conflict");
    // Keys are a unit's own: somebody else's key tells nothing.
    let lund = token(&test, Holder::Program, "observation:add", &[test.id("Clinic Lund")]).await;
    other["unit"] = json!("UNI-0003");
    ask(&test, &lund, "post", PATH, Some(&other)).await.is(201);
    let reader = Who::Cookie(test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await);
    let list = get(&test, &reader, PATH).await.is(200);
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1);
    let one = get(&test, &reader, first.headers["location"].to_str().unwrap()).await.is(200);
    assert_eq!(one.json["subjects"][0]["subject"], "acct:m.lopez");
    let changes = test.app.db.changes_from(1, 1_000).await.unwrap();
    assert_eq!(changes.iter().filter(|c| c.entry.act == "observation:add").count(), 2);
}

#[tokio::test]
async fn what_a_collector_may_not_say_is_refused_with_its_place() {
    let (test, program) = collector().await;
    let refused = |change: Json, status: u16, path: &'static str, code: &'static str| {
        let (test, program) = (&test, &program);
        async move {
            let mut body = sent("k");
            for (name, value) in change.as_object().unwrap() {
                body[name.as_str()] = value.clone();
            }
            let reply = ask(test, program, "post", PATH, Some(&body)).await.is(status);
            if status == 422 {
                assert_eq!(reply.problem(), (path.to_owned(), code.to_owned()), "{}", reply.text);
            }
        }
    };
    refused(json!({ "passed": 390 }), 422, "examined", "sums_wrong").await;
    refused(json!({ "population": -1 }), 422, "population", "invalid").await;
    refused(json!({ "population": 404 }), 422, "population", "sums_wrong").await;
    refused(
        json!({ "period": { "from": "2026-08-01T00:00:00Z", "to": "2026-07-01T00:00:00Z" } }),
        422,
        "period",
        "period_reversed",
    )
    .await;
    refused(
        json!({ "period": { "from": "2026-07-01T00:00:00Z", "to": "2026-08-12T12:05:01Z" } }),
        422,
        "period.to",
        "in_future",
    )
    .await;
    refused(json!({ "period": { "from": "July" } }), 422, "period.from", "invalid").await;
    refused(json!({ "result": "counted" }), 422, "result", "computed").await;
    refused(json!({ "strength": "automated" }), 422, "strength", "computed").await;
    refused(json!({ "colour": "green" }), 422, "colour", "unknown_field").await;
    refused(json!({ "test": "no-such-test" }), 422, "test", "unknown_ref").await;
    refused(json!({ "test": "mfa-console-sign-in@99" }), 409, "", "").await;
    refused(json!({ "unit": "UNI-0003" }), 422, "unit", "unknown_ref").await;
    refused(json!({ "unit": "UNI-0099" }), 422, "unit", "unknown_ref").await;
    refused(json!({ "evidence": ["sha256:77ab"] }), 422, "evidence[0]", "invalid").await;
    refused(json!({ "collector": {} }), 422, "collector.name", "required").await;
    refused(json!({ "idempotency_key": "" }), 422, "idempotency_key", "required").await;
    refused(json!({ "failing_subjects": ["two\nlines"] }), 422, "failing_subjects[0]", "invalid").await;
    let kept = ask(&test, &program, "post", PATH, Some(&sent("k"))).await;
    assert_eq!(kept.status, 201, "{}", kept.text);
    let empty = json!({ "population": 0, "expected": null, "examined": 0, "passed": 0, "failed": 0, "failing_subjects": [], "idempotency_key": "empty" });
    let mut body = sent("k");
    empty.as_object().unwrap().iter().for_each(|(n, v)| body[n.as_str()] = v.clone());
    assert_eq!(ask(&test, &program, "post", PATH, Some(&body)).await.is(201).text_at("/result"), "no_data");
    body["idempotency_key"] = json!("error");
    body["error"] = json!("the log server did not answer");
    assert_eq!(ask(&test, &program, "post", PATH, Some(&body)).await.is(201).text_at("/result"), "error");
}

#[tokio::test]
async fn a_list_keeps_the_good_ones() {
    let (test, program) = collector().await;
    let mut all: Vec<Json> = (0..3_000).map(|n| sent(&format!("k{n}"))).collect();
    all[7]["passed"] = json!(1);
    all[2_500] = sent("k3");
    all[2_600] = json!("x");
    let reply = ask(&test, &program, "post", PATH, Some(&json!(all))).await.is(200);
    assert_eq!(
        (&reply.json["new"], &reply.json["same"], &reply.json["refused"]),
        (&json!(2_997), &json!(1), &json!(2))
    );
    let bad = &reply.json["items"][7];
    assert_eq!(
        (bad["status"].clone(), bad["problems"][0]["path"].clone()),
        (json!(422), json!("[7].examined"))
    );
    let again = ask(&test, &program, "post", PATH, Some(&json!(all))).await.is(200);
    assert_eq!((&again.json["new"], &again.json["same"]), (&json!(0), &json!(2_998)));
    let many: Vec<Json> = (0..10_001).map(|_| json!({})).collect();
    ask(&test, &program, "post", PATH, Some(&json!(many))).await.is(413);
}

#[tokio::test]
async fn a_control_says_why_it_stands_where_it_stands() {
    let (mut test, program) = collector().await;
    let me = Who::Cookie(test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await);
    let reference = test
        .add("control", "Hospital Kiel", &[("name", "Multi-factor sign-in"), ("outside_reference", "mfa")])
        .await;
    for step in ["plan", "put_in_operation"] {
        test.move_to("control", "Multi-factor sign-in", step).await;
    }
    let path = format!("/api/v1/controls/{reference}/why");
    let before = get(&test, &me, &path).await.is(200);
    assert_eq!(before.text_at("/control/title"), "Multi-factor sign-in");
    test.clock.advance(60);
    let (as_of, recorded) = ("2026-08-01T06:00:00Z", test.now());
    ask(&test, &program, "post", PATH, Some(&sent("mfa-2026-07"))).await.is(201);
    test.clock.advance(60);
    let then = get(&test, &me, &format!("{path}?as_of={as_of}")).await.is(200);
    let tests = then.json["tests"].as_array().unwrap();
    let mfa = tests.iter().find(|t| t["effect"]["test"] == "mfa-console-sign-in").unwrap();
    assert_eq!(mfa["effect"]["counts"]["examined"], 405);
    assert_eq!(mfa["subjects"][0]["subject"], "acct:m.lopez");
    // Before it was recorded nobody knew.
    let earlier = recorded.plus_seconds(-1);
    let unknown = get(&test, &me, &format!("{path}?as_of={as_of}&known_at={earlier}")).await.is(200);
    let tests = unknown.json["tests"].as_array().unwrap();
    assert!(tests.iter().all(|t| t["effect"]["observation"].is_null()));
    get(&test, &me, &format!("{path}?as_of=2030-01-01T00:00:00Z")).await.is(422);
    get(&test, &me, "/api/v1/controls/CTL-0099/why").await.is(404);
    // Whoever may not see the control's unit learns nothing.
    let lund = Who::Cookie(test.person("Peter Nowak", Role::Officer, "Clinic Lund").await);
    get(&test, &lund, &path).await.is(404);
}
