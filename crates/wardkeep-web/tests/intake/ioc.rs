//! Indicators of compromise from the list to the alert: in the stream, over history, and no longer.

use super::{begin, open, pause, post};
use crate::common::{Session, TestApp};
use wardkeep_app::ioc::{HISTORY_DAYS, IocImport, IocImported};
use wardkeep_app::records::Proposal;
use wardkeep_app::{Config, Ctx};
use wardkeep_rights::Role;
use wardkeep_types::Id;

const LIST: &str =
    "# bad ones\n198.51.100[.]7\nhxxp://evil[.]example/x\n198.51.100.7\nnonsense\n10.1.2.3\nevil[.]example\n";

async fn import(test: &TestApp, text: &str, active: bool) -> IocImported {
    let import = IocImport {
        file: "list.txt",
        text,
        kind: None,
        source: "Report 7",
        confidence: "80%".parse().unwrap(),
        tlp: "amber",
        valid_until: None,
        active,
        unit: test.id("Nordklinik"),
    };
    test.app.import_iocs(&Ctx::system("test", test.now()), &import).await.unwrap()
}

fn line(host: &str, from: &str) -> Vec<u8> {
    format!(
        "<38>1 2026-08-12T11:59:59Z {host} sshd 7 - - Accepted password for anna from {from} port 9 ssh2\n"
    )
    .into_bytes()
}

/// Alerts of indicators: how many, and of how many events.
async fn alerts(test: &TestApp) -> String {
    let sql = "SELECT CAST(count(*) AS TEXT) || '/' || CAST(COALESCE(sum(event_count), 0) AS TEXT) AS x FROM alert WHERE indicator IS NOT NULL";
    test.first(sql).await
}

async fn wait_for(test: &TestApp, wanted: &str) {
    for _ in 0..150 {
        if alerts(test).await == wanted {
            return;
        }
        pause(100).await;
    }
    assert_eq!(alerts(test).await, wanted);
}

async fn hunt(test: &TestApp) -> (u64, u64, u64) {
    let ctx = Ctx::system("test", test.now());
    let done = test.app.hunt_iocs(&ctx, None, HISTORY_DAYS).await.unwrap();
    (done.indicators, done.sightings, done.alerts)
}

async fn officer(test: &mut TestApp) -> Session {
    test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await
}

#[tokio::test]
async fn a_list_comes_in_once_and_wrong_lines_are_told() {
    let mut test = TestApp::open().await;
    let me = officer(&mut test).await;
    let done = import(&test, LIST, true).await;
    assert_eq!((done.added, done.active, done.held, done.known, done.refused), (4, 3, 1, 1, 1));
    assert_eq!(done.problems[0].path, "list.txt:5");
    let again = import(&test, LIST, true).await;
    assert_eq!((again.added, again.known), (0, 5));
    let list = test.get(&me, "/indicators-of-compromise").await;
    list.is(200)
        .has(&["198.51.100[.]7", "hxxp://evil[.]example/x", "Web address"])
        .lacks(&["http://evil.example"]);
    // What is written by hand takes the same form.
    let pairs = [("value", "HTTPS://Bad.Example"), ("kind", "url"), ("confidence", "50%"), ("tlp", "green")];
    let added = test.add("ioc", "Nordklinik", &pairs).await;
    test.get(&me, &format!("/indicators-of-compromise/{added}"))
        .await
        .is(200)
        .has(&["hxxps://bad[.]example/", "Candidate"]);
    let analyst = test.person("Ada Analyst", Role::Analyst, "Nordklinik").await;
    test.get(&analyst, "/indicators-of-compromise/IND-0001").await.is(200);
    let reader = test.person("Rita Reader", Role::Reader, "Nordklinik").await;
    test.get(&reader, "/indicators-of-compromise/IND-0001").await.is(404);
    test.post(&reader, "/indicators-of-compromise/IND-0001/hunt", &[]).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn indicators_are_found_in_the_stream_and_over_history_until_they_are_revoked() {
    let (mut test, running, token) = open(|_| {}).await;
    let me = officer(&mut test).await;
    // Records that came before anybody knew.
    for (host, from) in [("web1", "198.51.100.7"), ("web1", "198.51.100.7"), ("web2", "198.51.100.7")] {
        let key = format!("{host}-{}", uuid::Uuid::new_v4());
        post(&test, &token, &[("idempotency-key", &key)], line(host, from)).await.0.is(200);
    }
    for _ in 0..100 {
        if test.first("SELECT CAST(COALESCE(sum(events), 0) AS TEXT) AS x FROM source_state").await == "3" {
            break;
        }
        pause(100).await;
    }
    import(&test, "198.51.100[.]7\n", true).await;
    assert_eq!(hunt(&test).await, (1, 3, 2));
    assert_eq!(alerts(&test).await, "2/3");
    assert_eq!(hunt(&test).await, (0, 0, 0), "nothing is due twice");
    let page = test.get(&me, "/indicators-of-compromise/IND-0001").await;
    page.is(200).has(&[
        "Where it was seen",
        "3 records of 90 days",
        "Search stored records again",
        "?indicator=IND-0001",
    ]);
    // Asked for again by hand: the same alerts, not new ones.
    test.post(&me, "/indicators-of-compromise/IND-0001/hunt", &[]).await.is(303);
    assert_eq!(test.app.run_ioc_hunts("test").await.unwrap(), 1);
    assert_eq!(alerts(&test).await, "2/3");
    // The stream learns of it within seconds, and counts on where history ended.
    for sent in 3..103 {
        post(&test, &token, &[("idempotency-key", &sent.to_string())], line("web3", "198.51.100.7"))
            .await
            .0
            .is(200);
        pause(200).await;
        if alerts(&test).await.starts_with("3/") {
            break;
        }
    }
    assert!(alerts(&test).await.starts_with("3/"));
    let alert = test.first("SELECT 'ALR-' || substr('0000' || CAST(ref_number AS TEXT), -4) AS x FROM alert WHERE indicator IS NOT NULL AND host = 'web3'").await;
    let page = test.get(&me, &format!("/alerts/{alert}")).await;
    page.is(200).has(&[
        "Indicator of compromise",
        "198.51.100[.]7",
        "Report 7, 80 % sure",
        "In message",
        "Accepted password",
    ]);
    // Revoked: within seconds nothing is found any more.
    assert!(test.move_to_reference("ioc", "IND-0001", "revoke").await);
    pause(6_500).await;
    for host in ["web4", "web5"] {
        post(&test, &token, &[("idempotency-key", host)], line(host, "198.51.100.7")).await.0.is(200);
    }
    running.stop().await;
    let hosts = test.first("SELECT CAST(count(*) AS TEXT) AS x FROM alert WHERE indicator IS NOT NULL AND host IN ('web4', 'web5')").await;
    assert_eq!(hosts, "0");
    wait_for(&test, &alerts(&test).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_after_the_day_of_a_closed_alert_is_a_new_alert() {
    let mut config = Config::default();
    config.intake.http = true;
    let test = TestApp::open_with(config).await;
    import(&test, "198.51.100[.]7\n", true).await;
    let (running, token) = begin(&test).await;
    let send = async |at: &str, key: &str| {
        let text =
            format!("<38>1 {at} web1 sshd 7 - - Accepted password for anna from 198.51.100.7 port 9 ssh2\n");
        post(&test, &token, &[("idempotency-key", key)], text.into_bytes()).await.0.is(200);
    };
    send("2026-08-12T11:00:00Z", "first").await;
    wait_for(&test, "1/1").await;
    let alert = "SELECT id AS x FROM alert WHERE indicator IS NOT NULL";
    let id: uuid::Uuid = test.app.db.row(alert, vec![]).await.unwrap().unwrap().try_get("", "x").unwrap();
    let schema = wardkeep_registers::by_key("alert").unwrap();
    let verdict = crate::common::edits(schema, &[("verdict", "benign")]);
    let mut dismissed =
        Proposal::movement(schema, Id::from_uuid(id), None, "dismiss").because("our own test of the list");
    dismissed.edits = verdict;
    test.app.write_one(&Ctx::system("test", test.now()), dismissed).await.unwrap();
    // As with a rule: more of the same day belongs to what was judged.
    send("2026-08-12T11:30:00Z", "same day").await;
    test.clock.set(test.now().plus_seconds(86_400));
    send("2026-08-13T11:30:00Z", "next day").await;
    // A new alert is written at once, growth of a known one within a minute or when intake stops.
    wait_for(&test, "2/2").await;
    running.stop().await;
    assert_eq!(alerts(&test).await, "2/3");
    let stages = "SELECT group_concat(stage || ' ' || event_count, ', ') AS x FROM (SELECT stage, event_count FROM alert WHERE indicator IS NOT NULL ORDER BY first_event)";
    assert_eq!(test.first(stages).await, "dismissed 2, new 1");
    // Looking over history finds the same three again, and makes no further alert of them.
    assert_eq!(hunt(&test).await, (1, 3, 2));
    assert_eq!(test.first(stages).await, "dismissed 2, new 1");
}
