//! What hangs on a record: who may know of it, comments, watching, files.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use common::{Session, TestApp};
use wardkeep_rights::Role;

async fn open() -> (TestApp, Session) {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    (test, me)
}

#[tokio::test]
async fn a_restricted_incident_is_nowhere_for_those_who_need_not_know() {
    let (mut test, me) = open().await;
    let other = test.person("Aylin Demir", Role::Officer, "Nordklinik").await;
    let risk = test.add("risk", "Hospital Kiel", &[("name", "Insider")]).await;
    let risk_id = test.id("Insider").to_string();
    let incident = test
        .add(
            "incident",
            "Hospital Kiel",
            &[("name", "Zebra case"), ("risks", &risk_id), ("next_update_on", "2026-08-13")],
        )
        .await;
    let path = format!("/incidents/{incident}");
    test.get(&other, &path).await.is(200).has(&["Zebra case", "Restrict to named people"]);
    test.post(&me, &format!("{path}/restrict"), &[("on", "yes"), ("reason", "Somebody of ours.")])
        .await
        .is(303);
    test.get(&me, &path).await.is(200).has(&["Need to know", "Who may open it", "Maria Lindqvist"]);
    test.post(&me, &format!("{path}/comments"), &[("comment", "@Aylin Demir please look at the zebra")])
        .await
        .is(303);
    let nowhere = [
        "/today".to_owned(),
        "/incidents".into(),
        "/incidents?q=zebra".into(),
        "/search?q=zebra".into(),
        "/api/v1/palette?q=zebra".into(),
        "/api/v1/pick/incident?q=zebra".into(),
        format!("/search?q={incident}"),
        format!("/risks/{risk}"),
        "/respond".into(),
        format!("/risks/{risk}/history"),
        "/incidents?known_at=2026-08-12".into(),
    ];
    for place in &nowhere {
        test.get(&other, place).await.is(200).lacks(&["Zebra case", "zebra case"]);
    }
    for place in ["", "/edit", "/history", "/moves/analyse"] {
        test.get(&other, &format!("{path}{place}")).await.is(404);
    }
    for (place, pairs) in [
        ("/comments", ("comment", "x")),
        ("/watch", ("on", "yes")),
        ("/restrict", ("on", "")),
        ("/need-to-know", ("person", "PER-0002")),
    ] {
        test.post(&other, &format!("{path}{place}"), &[pairs]).await.is(404);
    }
    test.post(&me, &format!("{path}/need-to-know"), &[("person", "PER-9999")])
        .await
        .is(422)
        .has(&["There is no person"]);
    test.post(&me, &format!("{path}/need-to-know"), &[("person", "PER-0002 Aylin Demir")]).await.is(303);
    test.get(&other, &path).await.is(200).has(&["Zebra case"]);
    // The mention that waited is read now that she may know.
    test.get(&other, "/today").await.has(&["Maria Lindqvist mentioned you on", "Zebra case"]);
    test.post(&me, &format!("{path}/need-to-know"), &[("person", "PER-0002"), ("off", "yes")]).await.is(303);
    test.get(&other, &path).await.is(404);
    test.post(&me, &format!("{path}/need-to-know"), &[("person", "PER-0001"), ("off", "yes")])
        .await
        .is(409)
        .has(&["name another person first"]);
}

#[tokio::test]
async fn comments_watching_and_files_hang_on_the_record() {
    let (mut test, me) = open().await;
    let other = test.person("Aylin Demir", Role::Officer, "Nordklinik").await;
    let risk = test.add("risk", "Hospital Kiel", &[("name", "Flood")]).await;
    let path = format!("/risks/{risk}");
    test.post(&me, &format!("{path}/comments"), &[("comment", "  ")])
        .await
        .is(422)
        .has(&["Write something first"]);
    test.post(&other, &format!("{path}/watch"), &[("on", "yes")]).await.is(303);
    test.post(&me, &format!("{path}/comments"), &[("comment", "Who has the pumps?\nAsk <b>them</b>.")])
        .await
        .is(303);
    test.get(&me, &path).await.has(&["Who has the pumps?", "&lt;b&gt;them", "Aylin Demir"]);
    test.get(&other, "/today").await.has(&["Maria Lindqvist commented on", "Flood"]);
    test.post(&other, "/notices", &[]).await.is(303);
    test.get(&other, "/today").await.lacks(&["commented on"]).has(&["No news"]);
    let body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"..\\\\map \u{e9}.txt\"\r\ncontent-type: text/plain\r\n\r\nwhere the water comes in\r\n--b--\r\n",
        me.csrf
    );
    let send = |body: String| {
        axum::http::Request::post(format!("{path}/files"))
            .header("cookie", &me.cookie)
            .header("content-type", "multipart/form-data; boundary=b")
            .body(axum::body::Body::from(body))
            .unwrap()
    };
    let forged = test.ask(send(body.replace(&me.csrf, "x"))).await;
    forged.is(403);
    test.ask(send(body)).await.is(303);
    let page = test.get(&me, &path).await;
    page.has(&["map \u{e9}.txt", "24 B"]);
    let at = page.text.find(&format!("{path}/files/")).unwrap();
    let place = page.text[at..].split('"').next().unwrap().to_owned();
    let file = test.get(&other, &place).await;
    assert_eq!(file.text, "where the water comes in");
    let outsider = test.person("Peter Nowak", Role::Officer, "Clinic Lund").await;
    test.get(&outsider, &place).await.is(404);
    test.get(&me, &format!("{path}/history")).await.has(&["commented", "attached a file"]);
}
