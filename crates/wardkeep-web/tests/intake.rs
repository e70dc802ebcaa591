//! Live intake behind the router: what is refused and how, silent sources, lost records, indicators of compromise.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "intake/ioc.rs"]
mod ioc;

use axum::body::Body;
use axum::http::{Request, header};
use common::{Answer, TestApp};
use http_body_util::BodyExt as _;
use std::io::Write as _;
use std::time::Duration;
use tower::ServiceExt as _;
use wardkeep_app::stream::{IntakeTroubles, Losses, NewSource, Running, start};
use wardkeep_app::{Config, Ctx};
use wardkeep_rights::Role;
use wardkeep_store::cells;

/// An installation that takes records over HTTP, and the token of a source.
async fn open(set: impl FnOnce(&mut Config)) -> (TestApp, Running, String) {
    let mut config = Config::default();
    config.intake.http = true;
    config.intake.flush_seconds = 1;
    set(&mut config);
    let test = TestApp::open_with(config).await;
    let (running, token) = begin(&test).await;
    (test, running, token)
}

/// Starts live intake, with a source.
async fn begin(test: &TestApp) -> (Running, String) {
    let running = start(&test.app).await.unwrap().unwrap();
    let new = NewSource {
        name: "Numbers".into(),
        kind: "http".into(),
        address: None,
        format: None,
        unit: test.id("Nordklinik"),
        keep_days: None,
    };
    let (_, token) = test.app.add_source(&Ctx::system("test", test.now()), &new).await.unwrap();
    (running, token.unwrap().reveal().to_owned())
}

/// Posts a body; the answer and what `Retry-After` says.
async fn post(
    test: &TestApp,
    token: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> (Answer, Option<String>) {
    let mut request =
        Request::post("/api/v1/events").header(header::AUTHORIZATION, format!("Bearer {token}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = test.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let wait = response.headers().get(header::RETRY_AFTER).map(|v| v.to_str().unwrap().to_owned());
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (Answer { status, place: String::new(), text }, wait)
}

async fn pause(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_refused_with_its_reason() {
    let (test, running, token) = open(|_| {}).await;
    let line = b"<38>1 2026-08-12T11:59:59Z web1 app - - - hello\n".to_vec();
    let sent = post(&test, &token, &[("idempotency-key", "a")], line.clone()).await.0;
    sent.is(200).has(&["\"accepted\":1", "\"repeated\":false"]);
    let again = post(&test, &token, &[("idempotency-key", "a")], line.clone()).await.0;
    again.is(200).has(&["\"repeated\":true"]);
    let wrong = format!("wksrc_{}_nonsense", &token[6..18]);
    post(&test, &wrong, &[], line.clone()).await.0.is(401);
    post(&test, "wksrc_x", &[], line.clone()).await.0.is(401);
    let bare = Request::post("/api/v1/events").body(Body::from("x")).unwrap();
    test.ask(bare).await.is(401);
    let unknown = [("content-encoding", "br")];
    post(&test, &token, &unknown, line).await.0.is(415).has(&["gzip or zstd"]);
    post(&test, &token, &[], vec![b'x'; 33 << 20]).await.0.is(413).has(&["32 MiB"]);
    let nothing = vec![0; 40 << 20];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&nothing).unwrap();
    let bomb = gzip.finish().unwrap();
    post(&test, &token, &[("content-encoding", "gzip")], bomb.clone()).await.0.is(413);
    let bomb = zstd::encode_all(&nothing[..], 3).unwrap();
    post(&test, &token, &[("content-encoding", "zstd")], bomb).await.0.is(413);
    let torn = [("content-encoding", "gzip")];
    post(&test, &token, &torn, b"no gzip".to_vec()).await.0.is(400);
    running.stop().await;
    // Nothing of what was refused was kept.
    assert_eq!(test.first("SELECT CAST(sum(events) AS TEXT) AS x FROM source_state").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_spool_tells_senders_to_wait_raises_an_alert_and_empties_again() {
    let (test, running, token) = open(|config| config.intake.spool_mib = 1).await;
    let body = |n: usize| {
        let line = format!("<38>1 2026-08-12T11:59:59Z web1 app - - - {n} {}\n", "x".repeat(900));
        line.repeat(300).into_bytes()
    };
    let (mut taken, mut refused) = (0, None);
    for n in 0..40 {
        let (answer, wait) = post(&test, &token, &[], body(n)).await;
        if answer.status == 429 {
            refused = wait;
            break;
        }
        answer.is(200);
        taken += 300;
    }
    assert_eq!(refused.as_deref(), Some("10"), "after {taken} records");
    let unit = test.id("Nordklinik");
    let (before, now) = (IntakeTroubles::default(), IntakeTroubles { refused: 1, ..Default::default() });
    test.app.look_at_intake(unit, before, now).await.unwrap();
    test.app.look_at_intake(unit, before, now).await.unwrap();
    let full =
        "SELECT CAST(count(*) AS TEXT) AS x FROM alert WHERE name = 'The intake of log records is full'";
    assert_eq!(test.first(full).await, "1", "one alert an hour");
    let mut free = false;
    for n in 100..200 {
        pause(100).await;
        if post(&test, &token, &[], body(n)).await.0.status == 200 {
            (free, taken) = (true, taken + 300);
            break;
        }
    }
    assert!(free, "the spool did not empty");
    running.stop().await;
    let stored = test.first("SELECT CAST(sum(events) AS TEXT) AS x FROM source_state").await;
    assert_eq!(stored, taken.to_string());
}

#[tokio::test]
async fn what_is_lost_raises_one_alert_an_hour() {
    let test = TestApp::open().await;
    let unit = test.id("Nordklinik");
    let at = |kernel, disk| IntakeTroubles { refused: 0, lost: Losses { kernel, disk } };
    let lost = "SELECT CAST(count(*) AS TEXT) AS x FROM alert WHERE source_ref LIKE 'wardkeep-intake-lost:%'";
    test.app.look_at_intake(unit, at(5, 1), at(5, 1)).await.unwrap();
    assert_eq!(test.first(lost).await, "0", "nothing new was lost");
    test.app.look_at_intake(unit, at(5, 1), at(9, 1)).await.unwrap();
    test.app.look_at_intake(unit, at(9, 1), at(11, 1)).await.unwrap();
    assert_eq!(test.first(lost).await, "1");
    let said =
        test.first("SELECT description AS x FROM alert WHERE source_ref LIKE 'wardkeep-intake-lost:%'").await;
    assert!(said.contains("dropped 4 datagrams") && !said.contains("disk of the data folder"), "{said}");
    test.clock.set(test.now().plus_seconds(3_600));
    // A socket that was opened anew counts from zero.
    test.app.look_at_intake(unit, at(11, 1), at(2, 3)).await.unwrap();
    assert_eq!(test.first(lost).await, "2");
}

#[tokio::test]
async fn a_silent_source_is_an_alert_and_an_observation_within_the_hour() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let unit = test.id("Nordklinik");
    let source = [("name", "Firewall"), ("kind", "syslog"), ("address", "syslog/10.0.0.7")];
    let limit = [&source[..], &[("silence_limit", "30m")]].concat();
    let reference = test.add("log_source", "Nordklinik", &limit).await;
    assert!(test.move_to("log_source", "Firewall", "approve").await);
    let page = format!("/log-sources/{reference}");
    test.get(&me, &page).await.is(200).has(&[
        "no record yet",
        "30 minutes",
        "set by hand",
        "Adjust",
        "none named",
    ]);
    let heard = |now: wardkeep_types::Moment| {
        let sql = "INSERT INTO source_state (address, last_seen, events, failures, bytes, lag) VALUES ('syslog/10.0.0.7', $1, 40, 2, 900, 5000000) ON CONFLICT (address) DO UPDATE SET last_seen = excluded.last_seen";
        (sql, cells![now])
    };
    let (sql, values) = heard(test.now());
    test.app.db.run(sql, values).await.unwrap();
    let hour = test.now().as_micros().div_euclid(3_600_000_000);
    let sql =
        "INSERT INTO source_hour (address, hour, events, failures) VALUES ('syslog/10.0.0.7', $1, 40, 2)";
    test.app.db.run(sql, cells![hour]).await.unwrap();
    test.app.look_at_sources(unit, true).await.unwrap();
    test.get(&me, &page).await.is(200).has(&[
        "40 records",
        "2 of 40 in 24 hours",
        "5 seconds",
        "class=\"spark\"",
    ]);
    let alerts = "SELECT CAST(count(*) AS TEXT) || ' ' || COALESCE(min(stage), '') AS x FROM alert WHERE name = 'Firewall is silent'";
    assert_eq!(test.first(alerts).await, "0 ");
    test.clock.set(test.now().plus_seconds(29 * 60));
    test.app.look_at_sources(unit, false).await.unwrap();
    assert_eq!(test.first(alerts).await, "0 ", "it may be silent for half an hour");
    test.clock.set(test.now().plus_seconds(2 * 60));
    test.app.look_at_sources(unit, false).await.unwrap();
    test.app.look_at_sources(unit, false).await.unwrap();
    assert_eq!(test.first(alerts).await, "1 new");
    let seen = "SELECT result || ' ' || body AS x FROM observation WHERE test = 'log-sources-alive' ORDER BY effective_at DESC, recorded_at DESC";
    let observed = test.first(seen).await;
    assert!(observed.contains("\"failed\":1") && observed.contains("Firewall is silent"), "{observed}");
    let me = test.again(&me).await;
    test.get(&me, &page).await.is(200).has(&["silent since"]);
    // It sends again: the alert is settled by itself.
    let (sql, values) = heard(test.now());
    test.app.db.run(sql, values).await.unwrap();
    test.clock.set(test.now().plus_seconds(30));
    test.app.look_at_sources(unit, false).await.unwrap();
    assert_eq!(test.first(alerts).await, "1 dismissed");
    let observed = test.first(seen).await;
    assert!(observed.contains("\"passed\":1") && observed.contains("\"failed\":0"), "{observed}");
}
