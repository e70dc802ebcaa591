//! Pages that are told of changes: only of what their reader may see, and only while they may.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use axum::body::Body;
use axum::http::{Request, header};
use common::{Session, TestApp};
use http_body_util::BodyExt as _;
use std::time::Duration;
use tower::ServiceExt as _;
use wardkeep_rights::Role;

/// Opens the stream of a page that was made now, lets `work` happen, and reads the first event; `None` when nothing
/// is told within four looks at the log.
async fn told(test: &TestApp, who: &Session, of: &str, since: &str) -> Option<String> {
    let place = format!("/live?of={of}&since={since}");
    let request = Request::get(&place).header(header::COOKIE, &who.cookie).body(Body::empty()).unwrap();
    let response = test.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200, "{place}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("connect-src 'self'"));
    let mut body = response.into_body();
    let frame = tokio::time::timeout(Duration::from_millis(1_500), body.frame()).await.ok()??.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_hears_of_what_its_reader_may_see_and_of_nothing_else() {
    let mut test = TestApp::open().await;
    let kiel = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let lund = test.person("Peter Nowak", Role::Officer, "Clinic Lund").await;
    let risk = test.add("risk", "Hospital Kiel", &[("name", "Flood")]).await;
    let incident = test.add("incident", "Hospital Kiel", &[("name", "Quetzal breach")]).await;
    let since = test.now().to_string();
    assert_eq!(told(&test, &kiel, "/risks", &since).await, None, "nothing has changed yet");
    test.clock.advance(60);
    test.add("risk", "Hospital Kiel", &[("name", "Fire")]).await;
    test.add("risk", "Hospital Kiel", &[("name", "Storm")]).await;
    let heard = told(&test, &kiel, "/risks", &since).await.unwrap();
    assert_eq!(heard, "event: news\ndata: 2 records here have changed.\n\n");
    assert_eq!(told(&test, &lund, "/risks", &since).await, None, "Lund hears nothing of Kiel");
    assert_eq!(told(&test, &lund, "/today", &since).await, None);
    assert!(told(&test, &kiel, "/today", &since).await.unwrap().contains("2 records"));
    assert_eq!(told(&test, &kiel, &format!("/risks/{risk}"), &since).await, None, "another record");
    assert_eq!(told(&test, &kiel, "/assets", &since).await, None, "another register");
    // One's own changes are no news; those of others are.
    let later = test.now().to_string();
    test.clock.advance(60);
    let edit = [("version", "1"), ("fields", "name"), ("name", "Flood again")];
    test.post(&kiel, &format!("/risks/{risk}"), &edit).await.is(303);
    assert_eq!(told(&test, &kiel, "/risks", &later).await, None);
    let other = test.person("Aylin Demir", Role::Officer, "Hospital Kiel").await;
    assert!(
        told(&test, &other, &format!("/risks/{risk}"), &later)
            .await
            .unwrap()
            .contains("This record has changed.")
    );
    // A restricted incident leaves no trace with those who are not named.
    let since = test.now().to_string();
    test.clock.advance(60);
    test.post(&kiel, &format!("/incidents/{incident}/restrict"), &[("on", "1"), ("reason", "staff")])
        .await
        .is(303);
    let place = format!("/live?of=/incidents/{incident}&since={since}");
    test.get(&other, &place).await.is(404);
    assert_eq!(told(&test, &other, "/incidents", &since).await, None);
}

#[tokio::test]
async fn streams_are_refused_as_their_pages_are() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let board = test.person("Berta Board", Role::Board, "Nordklinik").await;
    let since = test.now().to_string();
    for of in ["/risks", "/risks/RSK-0001", "/nothing", "/risks/RSK-0001/history", "/admin"] {
        test.get(&board, &format!("/live?of={of}&since={since}")).await.is(404);
    }
    test.get(&me, &format!("/live?of=/risks/RSK-9999&since={since}")).await.is(404);
    test.get(&me, "/live?of=/risks&since=yesterday").await.is(422);
    let nobody = Request::get("/live?of=/today&since=x").body(Body::empty()).unwrap();
    test.ask(nobody).await.is(303);
    for page in ["/risks", "/today"] {
        test.get(&me, page).await.has(&["data-news=\"/live?of=", "role=\"status\""]);
    }
    test.get(&me, "/risks?known_at=2026-08-12").await.lacks(&["data-news"]);
}
