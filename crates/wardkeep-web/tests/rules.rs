//! Detection rules on pages: what they look for, what they would find, why they fire, and how they are tuned.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "chain/evidence.rs"]
#[allow(dead_code)] // the tests of the chain use more of it
mod evidence;

use common::TestApp;
use wardkeep_app::Ctx;
use wardkeep_rights::Role;
use wardkeep_store::cells;

/// The rule that finds a deleted trail.
const TRAIL: &str = "aws_trail_stopped.yml";

async fn assessed() -> (TestApp, tempfile::TempDir) {
    let test = TestApp::open().await;
    let dir = tempfile::tempdir().unwrap();
    evidence::folder(dir.path());
    test.assess(dir.path()).await;
    (test, dir)
}

async fn reference(test: &TestApp, file: &str) -> String {
    let sql = "SELECT ref_number FROM rule WHERE file LIKE $1 ORDER BY ref_number DESC";
    let row = test.app.db.row(sql, cells![format!("%{file}")]).await.unwrap().unwrap();
    format!("RUL-{:04}", row.try_get::<i64>("", "ref_number").unwrap())
}

#[tokio::test]
async fn shipped_rules_are_registered_once_and_say_what_they_saw() {
    let (mut test, dir) = assessed().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let count = "SELECT CAST(count(*) AS TEXT) || '/' || CAST(max(from_change) AS TEXT) AS x FROM rule";
    let before = test.one(count).await;
    test.assess(dir.path()).await;
    assert_eq!(test.one(count).await, before, "nothing new, nothing written");
    let rule = reference(&test, TRAIL).await;
    let page = test.get(&me, &format!("/rules/{rule}")).await;
    page.is(200).has(&[
        "came out as written",
        "Not tried yet",
        "logsource:",
        "Nothing is let pass",
        "comes from a file",
    ]);
    assert_eq!(test.one("SELECT CAST(hits AS TEXT) AS x FROM rule WHERE last_fired IS NOT NULL").await, "1");
    let coverage = test.get(&me, "/rules/coverage").await;
    coverage.is(200).has(&["Credential access", "active rules see nothing", "nothing looks"]);
    let windows = reference(&test, "win_security_log_cleared.yml").await;
    test.get(&me, &format!("/rules/{windows}"))
        .await
        .is(200)
        .has(&["active and sees nothing", "product windows"]);
    test.get(&me, "/rules?stage=active&sight=blind").await.is(200);
}

#[tokio::test]
async fn a_rule_that_does_not_fire_is_explained_down_to_the_value() {
    let (mut test, _dir) = assessed().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let employee = test.person("Erik Holm", Role::Employee, "Nordklinik").await;
    let event = test.one("SELECT event_id AS x FROM alert_event WHERE raw LIKE '%DeleteTrail%'").await;
    let rule = reference(&test, TRAIL).await;
    let fires = test.get(&me, &format!("/rules/{rule}/explain?event={event}")).await;
    fires.is(200).has(&["It fires on this record because", "DeleteTrail"]);
    let other = reference(&test, "aws_root_console_login.yml").await;
    let quiet = test.get(&me, &format!("/rules/{other}/explain?event={event}")).await;
    quiet.is(200).has(&["It does not fire on this record because", "DeleteTrail", "does not fit"]);
    quiet.has(&["Part by part"]).lacks(&["Why it fired", "the copy that is kept"]);
    let asked = test.get(&me, &format!("/rules/explain?event={event}&rule={}", other.to_lowercase())).await;
    assert_eq!(asked.leads_to(), format!("/rules/{other}/explain"));
    test.get(&me, &format!("/evidence/events/{event}")).await.is(200).has(&["Explain a rule on this record"]);
    test.get(&me, "/rules/explain?event=x&rule=../x").await.is(404);
    for path in [
        format!("/rules/{rule}/explain?event={event}"),
        "/rules/explain".into(),
        "/rules/coverage".into(),
        "/rules/write".into(),
    ] {
        test.get(&employee, &path).await.is(404);
    }
}

const OWN: &str = "title: Sign-in noted\nid: 7a1d0d8e-8f6b-4b7e-9a55-0c5d0a6f1b11\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s:\n    eventName: ConsoleLogin\n  condition: s\n";

#[tokio::test]
async fn a_rule_is_written_tried_and_only_then_active_and_a_filter_tunes_it() {
    let (mut test, dir) = assessed().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let bad = test.post(&me, "/rules/write", &[("text", "title: x\nlogsource: {product: aws}\n")]).await;
    bad.is(200).has(&["line 1", "detection"]);
    let made = test.post(&me, "/rules/write", &[("text", OWN)]).await;
    let path = made.leads_to().to_owned();
    let moved = |name: &'static str| {
        let (test, me, path) = (&test, &me, &path);
        async move { test.post(me, &format!("{path}/moves"), &[("move", name), ("reason", "as planned")]).await }
    };
    moved("test").await;
    let refused = moved("activate").await;
    assert!(refused.status != 303 || refused.text.contains("dry run"), "{}", refused.text);
    let rows = "SELECT stage AS x FROM rule WHERE rule_id LIKE '7a1d0d8e%'";
    assert_eq!(test.one(rows).await, "test");
    test.post(&me, &format!("{path}/dry-run"), &[]).await.is(303);
    test.get(&me, &path).await.is(200).has(&["It would have fired 2 times on 1 day", "ConsoleLogin", "2026"]);
    moved("activate").await;
    assert_eq!(test.one(rows).await, "active");
    // An active text is not replaced untried.
    test.post(&me, "/rules/write", &[("text", &OWN.replace("low", "high"))])
        .await
        .is(200)
        .has(&["rework it first"]);
    // A new assessment finds nothing in old files; the active set has the rule, and the filter takes its hits away.
    let active = test.app.active_rules().await.unwrap();
    let found = |rules: &wardkeep_app::rules::ActiveRules| {
        rules.set.find("7a1d0d8e-8f6b-4b7e-9a55-0c5d0a6f1b11").cloned()
    };
    assert!(found(&active).is_some_and(|rule| rule.filters.is_empty()));
    let again = test.app.active_rules().await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&active, &again), "nothing changed");
    let (rule, owner) = (rule_id(&test).await, me.person.to_string());
    let filter = [
        ("name", "Nightly job"),
        ("rules", rule.as_str()),
        ("filter", "job:\n  userIdentity.userName: anna\ncondition: not job"),
        ("reason", "The job signs in each night."),
        ("owner", owner.as_str()),
        ("until", "2026-09-01"),
    ];
    test.add("rule_filter", "Nordklinik", &filter).await;
    assert!(test.move_to("rule_filter", "Nightly job", "activate").await);
    let tuned = test.app.active_rules().await.unwrap();
    assert_eq!(found(&tuned).unwrap().filters.len(), 1);
    test.get(&me, &path).await.is(200).has(&["Nightly job", "filters"]);
    // After its last day it filters nothing, and says so.
    test.clock.advance(30 * 86_400);
    let over = test.app.active_rules().await.unwrap();
    assert!(found(&over).unwrap().filters.is_empty());
    let me = test.again(&me).await;
    test.get(&me, &path).await.is(200).has(&["over: filters nothing"]);
    test.app.rules_upkeep(&Ctx::system("test", test.now()), test.now()).await.unwrap();
    assert_eq!(test.one("SELECT stage AS x FROM rule_filter").await, "expired");
    drop(dir);
}

async fn rule_id(test: &TestApp) -> String {
    let sql = "SELECT id FROM rule WHERE rule_id LIKE '7a1d0d8e%'";
    let row = test.app.db.row(sql, vec![]).await.unwrap().unwrap();
    wardkeep_types::Id::from_uuid(row.try_get("", "id").unwrap()).to_string()
}

#[tokio::test]
async fn folders_sync_without_losing_what_people_decided() {
    let (test, _dir) = assessed().await;
    let ctx = Ctx::system("test", test.now());
    let unit = test.id("Nordklinik");
    let rules = tempfile::tempdir().unwrap();
    let file = rules.path().join("own.yml");
    std::fs::write(&file, OWN).unwrap();
    let first = test.app.sync_folder(&ctx, unit, rules.path(), "active").await.unwrap();
    assert_eq!((first.added, first.changed), (1, 0));
    let schema = wardkeep_registers::by_key("rule").unwrap();
    let id: wardkeep_types::Id = rule_id(&test).await.parse().unwrap();
    let mute = wardkeep_app::records::Proposal::movement(schema, id, None, "mute").because("too loud");
    test.app.write_one(&ctx, mute).await.unwrap();
    std::fs::write(&file, OWN.replace("level: low", "level: high")).unwrap();
    let second = test.app.sync_folder(&ctx, unit, rules.path(), "active").await.unwrap();
    assert_eq!((second.added, second.changed), (0, 1));
    assert_eq!(
        test.one("SELECT stage || ' ' || level AS x FROM rule WHERE rule_id LIKE '7a1d%'").await,
        "muted high"
    );
    let third = test.app.sync_folder(&ctx, unit, rules.path(), "active").await.unwrap();
    assert_eq!((third.added, third.changed, third.same), (0, 0, 1));
    let detail = test.app.rule_detail(id).await.unwrap();
    let changed = |l: &&wardkeep_app::rules::DiffLine| !matches!(l, wardkeep_app::rules::DiffLine::Same(_));
    assert_eq!(detail.changes.iter().filter(changed).count(), 2);
    assert!(
        test.app.active_rules().await.unwrap().set.find("7a1d0d8e-8f6b-4b7e-9a55-0c5d0a6f1b11").is_none()
    );
}
