//! One record's life: added, read, changed, moved, disputed.

use crate::ask::{Who, ask, ask_with, get, token};
use crate::common::TestApp;
use serde_json::json;
use wardkeep_app::auth::Holder;
use wardkeep_rights::Role;

async fn office() -> (TestApp, Who) {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    (test, Who::Cookie(me))
}

#[tokio::test]
async fn a_record_is_added_read_changed_and_moved() {
    let (test, me) = office().await;
    let fields = json!({
        "name": "Ransomware stops the laboratory", "source": "attack", "treatment": "reduce", "owner": "PER-0001", "description": "A *mail* starts it",
        "frequency": { "low": 0.1, "likely": 0.2, "high": 1.5 },
        "loss": { "low": { "minor": 100_000, "currency": "EUR" }, "likely": { "minor": 200_000, "currency": "EUR" }, "high": { "minor": 900_000, "currency": "EUR" } },
        "review_on": "2026-12-01"
    });
    let made =
        ask(&test, &me, "post", "/api/v1/risks", Some(&json!({ "unit": "UNI-0002", "fields": fields })))
            .await
            .is(201);
    assert_eq!(made.headers["location"], "/api/v1/risks/RSK-0001");
    assert_eq!(made.headers["etag"], "\"1\"");
    let read = get(&test, &me, "/api/v1/risks/RSK-0001").await.is(200);
    assert_eq!(read.json, made.json);
    for (name, value) in fields.as_object().unwrap() {
        assert_eq!(&read.json["fields"][name], value, "{name}");
    }
    assert_eq!(read.json["unit"], json!({ "reference": "UNI-0002", "name": "Hospital Kiel" }));
    assert_eq!(read.json["titles"]["PER-0001"], "Maria Lindqvist");
    let sent =
        json!({ "version": 1, "fields": { "review_on": null, "name": "Ransomware" }, "reason": "shorter" });
    let changed = ask(&test, &me, "patch", "/api/v1/risks/RSK-0001", Some(&sent)).await.is(200);
    assert_eq!((&changed.json["version"], &changed.json["fields"]["review_on"]), (&json!(2), &json!(null)));
    // The whole record as it was read can be sent back, computed fields and all.
    let again = json!({ "fields": changed.json["fields"] });
    let same =
        ask_with(&test, &me, "patch", "/api/v1/risks/RSK-0001", Some(&again), &[("if-match", "\"2\"")])
            .await
            .is(200);
    assert_eq!(same.json["version"], 2);
    let moved = ask(&test, &me, "post", "/api/v1/risks/RSK-0001/moves", Some(&json!({ "move": "assess" })))
        .await
        .is(200);
    assert_eq!((moved.text_at("/stage"), &moved.json["version"]), ("assessed".to_owned(), &json!(3)));
    let history = get(&test, &me, "/api/v1/risks/RSK-0001/history").await.is(200);
    let sentences: Vec<&str> =
        history.json["items"].as_array().unwrap().iter().map(|i| i["sentence"].as_str().unwrap()).collect();
    assert_eq!(sentences.len(), 3);
    assert!(sentences[1].starts_with("changed ") && sentences[2] == "added the risk", "{sentences:?}");
    assert_eq!(history.json["items"][1]["reason"], "shorter");
    let then = get(&test, &me, &format!("/api/v1/risks/RSK-0001?known_at={}", history.json["items"][2]["n"]))
        .await
        .is(200);
    assert_eq!(then.text_at("/title"), "Ransomware stops the laboratory");
}

#[tokio::test]
async fn who_was_slower_learns_what_stands_field_by_field() {
    let (mut test, me) = office().await;
    test.add("risk", "Hospital Kiel", &[("name", "Old"), ("description", "same")]).await;
    let first = json!({ "version": 1, "fields": { "name": "First" } });
    ask(&test, &me, "patch", "/api/v1/risks/RSK-0001", Some(&first)).await.is(200);
    let second = json!({ "version": 1, "fields": { "name": "Second", "description": "same" } });
    let refused = ask(&test, &me, "patch", "/api/v1/risks/RSK-0001", Some(&second)).await.is(409);
    assert_eq!(refused.text_at("/code"), "conflict");
    assert_eq!(
        refused.json["conflicts"],
        json!([{ "path": "fields.name", "sent": "Second", "current": "First" }])
    );
    assert_eq!(refused.json["current"]["version"], 2);
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    let none =
        ask(&test, &me, "patch", "/api/v1/risks/RSK-0001", Some(&json!({ "fields": {} }))).await.is(422);
    assert_eq!(none.problem(), ("version".into(), "required".into()));
    let both =
        ask_with(&test, &me, "patch", "/api/v1/risks/RSK-0001", Some(&second), &[("if-match", "\"2\"")])
            .await
            .is(422);
    assert_eq!(both.problem().0, "version");
}

#[tokio::test]
async fn lists_answer_the_same_questions_as_pages() {
    let (mut test, me) = office().await;
    for n in 0..7 {
        test.add(
            "risk",
            if n < 5 { "Hospital Kiel" } else { "Clinic Lund" },
            &[("name", &format!("Risk {n}"))],
        )
        .await;
    }
    let page = get(&test, &me, "/api/v1/risks?limit=3&sort=name").await.is(200);
    assert_eq!(page.json["items"].as_array().unwrap().len(), 3);
    assert_eq!(
        (page.json["count"].clone(), page.json["previous"].clone()),
        (json!({ "exact": 7 }), json!(null))
    );
    let (mut seen, mut next) = (3, page.text_at("/next"));
    while !next.is_empty() {
        let page = get(&test, &me, &next).await.is(200);
        seen += page.json["items"].as_array().unwrap().len();
        next = page.text_at("/next");
    }
    assert_eq!(seen, 7);
    let some = get(&test, &me, "/api/v1/risks?unit=UNI-0003&columns=treatment").await.is(200);
    assert_eq!(some.json["count"], json!({ "exact": 2 }));
    assert_eq!(some.json["items"][0]["fields"].as_object().unwrap().len(), 1);
    let wrong = get(&test, &me, "/api/v1/risks?ownr=me").await.is(422);
    assert_eq!(wrong.problem(), ("ownr".into(), "unknown_filter".into()));
    assert_eq!(
        get(&test, &me, "/api/v1/search?q=risk&limit=2").await.is(200).json["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn links_and_what_uses_a_record() {
    let (mut test, me) = office().await;
    test.add("risk", "Hospital Kiel", &[("name", "Ransomware")]).await;
    let body = json!({ "unit": "UNI-0002", "fields": { "name": "Ask the insurer", "kind": "work", "priority": "high", "anchor": "fixed", "risks": ["RSK-0001"], "owner": "PER-0001", "due": "2026-09-01" } });
    ask(&test, &me, "post", "/api/v1/tasks", Some(&body)).await.is(201);
    let links = get(&test, &me, "/api/v1/tasks/TSK-0001/links").await.is(200);
    let found: Vec<(&str, &str)> = links.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| (i["field"].as_str().unwrap(), i["reference"].as_str().unwrap()))
        .collect();
    assert!(found.contains(&("risks", "RSK-0001")) && found.contains(&("owner", "PER-0001")), "{found:?}");
    let users = get(&test, &me, "/api/v1/risks/RSK-0001/used-by").await.is(200);
    assert_eq!(
        (users.text_at("/items/0/reference"), users.text_at("/items/0/self")),
        ("TSK-0001".into(), "/api/v1/tasks/TSK-0001".into())
    );
    let wrong = json!({ "version": 1, "fields": { "risks": ["RSK-0099"], "owner": 7 } });
    let refused = ask(&test, &me, "patch", "/api/v1/tasks/TSK-0001", Some(&wrong)).await.is(422);
    let codes: Vec<(&str, &str)> = refused.json["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["path"].as_str().unwrap(), p["code"].as_str().unwrap()))
        .collect();
    assert_eq!(codes, [("fields.owner", "invalid"), ("fields.risks", "unknown_ref")]);
}

#[tokio::test]
async fn bodies_that_cannot_be_meant_are_refused_with_their_place() {
    let (mut test, me) = office().await;
    test.add("risk", "Hospital Kiel", &[("name", "Ransomware")]).await;
    let post = "/api/v1/risks";
    let refused = |body: serde_json::Value, status: u16, path: &'static str, code: &'static str| {
        let (test, me) = (&test, &me);
        async move {
            let reply = ask(test, me, "post", post, Some(&body)).await.is(status);
            assert_eq!(reply.problem(), (path.to_owned(), code.to_owned()), "{}", reply.text);
            assert!(reply.text_at("/instance").starts_with("urn:uuid:"));
        }
    };
    refused(json!("{\"unit\":\"UNI-0001\",\"unit\":\"UNI-0002\"}"), 400, "", "unreadable").await;
    refused(json!("[1]"), 400, "", "unreadable").await;
    refused(json!("{"), 400, "", "unreadable").await;
    refused(json!({ "unit": "UNI-0002", "fields": {}, "owner": "me" }), 422, "owner", "unknown_field").await;
    refused(json!({ "fields": { "name": "x" } }), 422, "unit", "required").await;
    refused(json!({ "unit": "UNI-0099", "fields": { "name": "x" } }), 422, "unit", "unknown_ref").await;
    refused(json!({ "unit": "UNI-0002", "fields": { "nme": "x" } }), 422, "fields.nme", "unknown_field")
        .await;
    refused(json!({ "unit": "UNI-0002", "fields": {} }), 422, "fields.name", "required").await;
    refused(
        json!({ "unit": "UNI-0002", "fields": { "name": "x", "review_on": "31.12.2026" } }),
        422,
        "fields.review_on",
        "invalid",
    )
    .await;
    refused(
        json!({ "unit": "UNI-0002", "fields": { "name": "x", "annual_loss": "5 EUR" } }),
        422,
        "fields.annual_loss",
        "computed",
    )
    .await;
    refused(json!({ "unit": "UNI-0002", "fields": { "name": "x\ny" } }), 422, "fields.name", "invalid").await;
    let form = ask_with(
        &test,
        &me,
        "post",
        post,
        Some(&json!("a=b")),
        &[("content-type", "application/x-www-form-urlencoded")],
    )
    .await
    .is(415);
    assert_eq!(form.text_at("/code"), "media_type");
    let large = json!({ "unit": "UNI-0002", "fields": { "name": "x".repeat(33 * 1024 * 1024) } });
    assert_eq!(ask(&test, &me, "post", post, Some(&large)).await.is(413).text_at("/code"), "too_large");
    assert_eq!(
        ask(&test, &me, "delete", "/api/v1/risks/RSK-0001", None).await.is(405).text_at("/code"),
        "method"
    );
    assert_eq!(get(&test, &me, "/api/v1/a/b/c/d").await.is(404).text_at("/code"), "not_found");
    assert_eq!(get(&test, &me, "/api/v1/nothings").await.is(404).text_at("/code"), "not_found");
    let upload = json!({ "version": 1, "fields": { "file": { "name": "x", "sha256": "0", "size": 1, "media": "text/plain" } } });
    test.add("evidence", "Hospital Kiel", &[("name", "Proof")]).await;
    if let Some((_, field)) = wardkeep_registers::by_key("evidence")
        .unwrap()
        .fields
        .iter()
        .enumerate()
        .find(|(_, f)| f.kind == wardkeep_register::Kind::File)
    {
        let body =
            serde_json::from_str(&upload.to_string().replace("\"file\":", &format!("\"{}\":", field.name)))
                .unwrap();
        let refused = ask(&test, &me, "patch", "/api/v1/evidence/EVD-0001", Some(&body)).await;
        assert_eq!(
            (refused.status, refused.problem().1.as_str()),
            (422, "file_by_upload"),
            "{}",
            refused.text
        );
    }
}

#[tokio::test]
async fn moves_say_why_not_and_ask_for_a_second_person() {
    let (mut test, me) = office().await;
    test.add(
        "risk",
        "Hospital Kiel",
        &[("name", "Ransomware"), ("owner", &test.id("Maria Lindqvist").to_string())],
    )
    .await;
    let moves = "/api/v1/risks/RSK-0001/moves";
    let unknown = ask(&test, &me, "post", moves, Some(&json!({ "move": "fly" }))).await.is(422);
    assert_eq!(unknown.problem(), ("move".into(), "unknown_move".into()));
    let early = ask(&test, &me, "post", moves, Some(&json!({ "move": "accept", "reason": "cheap" }))).await;
    assert!([409, 422].contains(&early.status), "{}", early.text);
    for schema in wardkeep_registers::all() {
        let first = schema.first_stage().key;
        let Some(step) =
            schema.moves.iter().find(|m| m.second_person && !m.guarded && m.from.contains(&first))
        else {
            continue;
        };
        let reference =
            test.add(schema.key, "Hospital Kiel", &[("name", &format!("A {}", schema.key))]).await;
        let path = format!("/api/v1/{}/{reference}/moves", schema.path);
        let asked =
            ask(&test, &me, "post", &path, Some(&json!({ "move": step.name, "reason": "as agreed" }))).await;
        assert!([202, 422].contains(&asked.status), "{}: {}", schema.key, asked.text);
    }
}

#[tokio::test]
async fn tokens_and_cookies_each_prove_themselves() {
    let (mut test, me) = office().await;
    test.add("risk", "Hospital Kiel", &[("name", "Ransomware")]).await;
    let Who::Cookie(session) = &me else { unreachable!() };
    let bearer = token(&test, Holder::Person(session.person), "risk:view", &[]).await;
    get(&test, &bearer, "/api/v1/risks/RSK-0001").await.is(200);
    get(&test, &bearer, "/api/v1/tasks").await.is(404);
    let change = json!({ "version": 1, "fields": { "name": "Other" } });
    let narrow = ask(&test, &bearer, "patch", "/api/v1/risks/RSK-0001", Some(&change)).await.is(403);
    assert!(narrow.text_at("/detail").contains("risk:edit"), "{}", narrow.text);
    let me_again = get(&test, &bearer, "/api/v1/me").await.is(200);
    assert_eq!(
        (me_again.text_at("/scopes"), me_again.json["may"].clone()),
        ("risk:view".into(), json!({ "risk": ["view"] }))
    );
    for wrong in ["wardkeep_000000000000_x", "", "x"] {
        let reply = get(&test, &Who::Token(wrong.into()), "/api/v1/risks").await.is(401);
        assert_eq!(reply.headers["www-authenticate"], "Bearer");
    }
    let anonymous = get(&test, &Who::Nobody, "/api/v1/risks").await.is(401);
    assert_eq!(
        (anonymous.text_at("/code"), anonymous.headers["content-type"].to_str().unwrap()),
        ("unauthorised".into(), "application/problem+json")
    );
    let mut forged = session.clone();
    forged.csrf = "x".into();
    let reply = ask(&test, &Who::Cookie(forged), "patch", "/api/v1/risks/RSK-0001", Some(&change)).await;
    assert!([401, 403].contains(&reply.status), "{}", reply.text);
    ask(&test, &me, "patch", "/api/v1/risks/RSK-0001", Some(&change)).await.is(200);
}
