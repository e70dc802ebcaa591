//! Pages of log records: how they are kept, saved searches, one record and what is made from it.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "chain/evidence.rs"]
#[allow(dead_code)] // the tests of the chain use more of it
mod evidence;

use common::TestApp;
use wardkeep_app::Ctx;
use wardkeep_app::stream::NewSource;
use wardkeep_events::store::EventWriter;
use wardkeep_rights::Role;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, EventId, FieldValue};

const DAY: i64 = 86_400;

/// Sign-ins of two senders, so many days ago.
async fn stored(test: &TestApp, days_ago: i64) -> Vec<EventId> {
    let folder = test.app.folder.events();
    let at = test.now().plus_seconds(-days_ago * DAY);
    let mut writer = EventWriter::new(&folder, test.now());
    let mut ids = Vec::new();
    for n in 0..20 {
        let source = if n % 2 == 0 { "http/shop" } else { "http/mail" };
        let raw =
            format!("{at} web1 sshd[{n}]: Failed password for anna from 203.0.113.{n} port 40{n:02} ssh2");
        let mut event = Event::new(Dialect::Auth, source.into(), n + 1, raw);
        event.id = EventId::of(source, event.raw.as_bytes(), 0);
        event.at = Moment::from_micros(at.as_micros() + n as i64);
        event.host = Some("web1".into());
        event.user = Some("anna".into());
        event.fields.insert("program".into(), FieldValue::from("sshd"));
        wardkeep_events::classify(&mut event);
        ids.push(event.id);
        writer.push(event).unwrap();
    }
    let written = writer.finish().unwrap();
    test.app.close_event_files(&Ctx::system("test", test.now()), &written, "").await.unwrap();
    ids
}

async fn rows(test: &TestApp) -> u64 {
    test.app.holdings(None, None).await.unwrap().files.iter().map(|file| file.rows).sum()
}

async fn sound(test: &TestApp) {
    let scope = wardkeep_store::Scope { events: Some(test.app.folder.events()), ..Default::default() };
    let report = wardkeep_store::verify(&test.app.db, scope).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
}

#[tokio::test]
async fn a_log_source_may_have_days_of_its_own() {
    let test = TestApp::open().await;
    let ctx = Ctx::system("test", test.now());
    for days in [3, 40] {
        stored(&test, days).await;
    }
    let new = NewSource {
        name: "Shop".into(),
        kind: "http".into(),
        address: None,
        format: None,
        keep_days: Some(30),
        unit: test.id("Nordklinik"),
    };
    test.app.add_source(&ctx, &new).await.unwrap();
    let hold = wardkeep_app::events::NewHold { reason: "Case 9".into(), ..Default::default() };
    let hold = test.app.hold_events(&ctx, &hold).await.unwrap();
    let held = test.app.apply_retention(&ctx).await.unwrap();
    assert_eq!((held.events, held.held.len(), rows(&test).await), (0, 1, 40));
    test.app.release_events(&ctx, hold, "closed").await.unwrap();
    let done = test.app.apply_retention(&ctx).await.unwrap();
    assert_eq!((done.events, done.rewritten.len(), done.deleted.len()), (10, 1, 0));
    assert_eq!(rows(&test).await, 30);
    sound(&test).await;
    assert_eq!(test.app.apply_retention(&ctx).await.unwrap().events, 0, "nothing is left to do");
    // Days of the source come before those of its kind, in both directions.
    test.app.retain_events(&ctx, "auth", Some(10)).await.unwrap();
    let done = test.app.apply_retention(&ctx).await.unwrap();
    assert_eq!((done.events, done.deleted.len()), (10, 1), "what is left of the other source is 40 days old");
    assert_eq!(rows(&test).await, 20);
    sound(&test).await;
}

#[tokio::test]
async fn holds_and_limits_are_set_on_the_page_by_who_may() {
    let mut test = TestApp::open().await;
    let officer = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let analyst = test.person("Nils Berg", Role::Analyst, "Nordklinik").await;
    let employee = test.person("Erik Holm", Role::Employee, "Nordklinik").await;
    stored(&test, 40).await;
    test.get(&officer, "/events/stored").await.is(200).has(&["auth", "without end", "No legal holds"]);
    test.get(&analyst, "/events/stored").await.is(200).lacks(&["Place a legal hold", "Set a limit"]);
    test.get(&employee, "/events/stored").await.is(404);
    let hold = [("form", "hold"), ("reason", "Case 12"), ("held_kind", "auth"), ("from", "2026-06-01")];
    test.post(&analyst, "/events/stored/hold", &hold).await.is(403);
    test.post(&employee, "/events/stored/hold", &hold).await.is(404);
    let wrong = [("form", "hold"), ("reason", " "), ("held_kind", "auth")];
    test.post(&officer, "/events/stored/hold", &wrong)
        .await
        .is(422)
        .has(&["Say why these log records must be kept"]);
    let wrong = [("form", "hold"), ("reason", "x"), ("from", "2026-06-31")];
    test.post(&officer, "/events/stored/hold", &wrong).await.is(422).has(&["Give a day"]);
    test.post(&officer, "/events/stored/hold", &hold).await.is(303);
    test.post(&officer, "/events/stored/limit", &[("form", "limit"), ("kind", "*"), ("days", "0")])
        .await
        .is(422);
    test.post(&officer, "/events/stored/limit", &[("form", "limit"), ("kind", "*"), ("days", "30")])
        .await
        .is(303);
    let page = test.get(&officer, "/events/stored").await;
    page.is(200).has(&["Case 12", "Maria Lindqvist", "30 days", "in force", "1 under a hold"]);
    // The care that is asked for here finds the hold.
    test.post(&officer, "/events/stored", &[]).await.is(303);
    assert_eq!(test.app.run_event_care("test").await.unwrap(), 1);
    assert_eq!(rows(&test).await, 20);
    test.get(&officer, "/events/stored").await.has(&["1 file kept by a legal hold"]);
    let id = test.app.event_holds().await.unwrap()[0].id.to_string();
    test.get(&officer, &format!("/events/stored?release={id}")).await.is(200).has(&["Release this hold"]);
    let release = |why: &'static str| [("form", "release"), ("hold", id.as_str()), ("ended_why", why)];
    test.post(&officer, "/events/stored/release", &release("")).await.is(422).has(&["Say why the hold ends"]);
    test.post(&analyst, "/events/stored/release", &release("no")).await.is(403);
    test.post(&officer, "/events/stored/release", &release("The case is closed")).await.is(303);
    test.post(&officer, "/events/stored", &[]).await.is(303);
    test.app.run_event_care("test").await.unwrap();
    assert_eq!(rows(&test).await, 0);
    test.get(&officer, "/events/stored").await.has(&["The case is closed", "released"]);
    sound(&test).await;
}

#[tokio::test]
async fn care_is_asked_for_only_when_there_is_something_to_do() {
    let test = TestApp::open().await;
    let ctx = || Ctx::system("test", test.now());
    let asked = || async {
        test.app.ask_event_care(&ctx()).await.unwrap();
        test.app.run_event_care("test").await.unwrap()
    };
    assert_eq!(asked().await, 0, "nothing is stored");
    stored(&test, 2).await;
    assert_eq!(asked().await, 0, "one file needs no care");
    stored(&test, 2).await;
    assert_eq!(asked().await, 1);
    let files = test.app.holdings(None, None).await.unwrap().files;
    // The same records twice are the same records.
    assert_eq!((files.len(), files[0].rows), (1, 20));
    assert_eq!(asked().await, 0);
    test.clock.set(test.now().plus_seconds(700));
    assert_eq!(asked().await, 1, "what was replaced goes after a while");
    let folder = test.app.folder.events().join(files[0].day.to_string());
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    sound(&test).await;
}

#[tokio::test]
async fn a_record_becomes_a_rule_and_a_test_of_it() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let reader = test.person("Nils Berg", Role::InternalAuditor, "Nordklinik").await;
    let ids = stored(&test, 2).await;
    test.app.rules_at_start(&Ctx::system("test", test.now())).await.unwrap();
    let page = test.get(&me, &format!("/events/{}", ids[0])).await;
    page.is(200).has(&["As it came", "Failed password", "Begin a rule", "Add test", "pick-0"]);
    test.get(&reader, &format!("/events/{}", ids[0])).await.is(200).lacks(&["Begin a rule", "Add test"]);
    let draft = test.get(&me, &format!("/rules/write?event={}&field=program", ids[0])).await;
    draft.is(200).has(&["product: linux", "program: sshd", "condition: selection"]);
    test.get(&reader, &format!("/rules/write?event={}", ids[0])).await.is(404);
    // What the page offers is a rule as it stands.
    let text = draft.text.split("<textarea").nth(1).unwrap().split_once('>').unwrap().1;
    let text = text.split("</textarea>").next().unwrap().replace("&quot;", "\"").replace("&amp;", "&");
    let made = test.post(&me, "/rules/write", &[("text", text.trim_start_matches('\n'))]).await;
    let path = made.leads_to().to_owned();
    let reference = path.rsplit('/').next().unwrap().to_owned();
    // A test made from the record: it must fire, and does.
    let event = ids[0].to_string();
    let sent = [("rule", reference.as_str()), ("event", event.as_str()), ("fires", "yes")];
    test.post(&reader, "/rules/tests", &sent).await.is(403);
    test.post(&me, "/rules/tests", &sent).await.is(303);
    let page = test.get(&me, &path).await;
    page.is(200).has(&["must fire", "as wanted", "http/shop, record 1"]);
    assert_eq!(
        test.one("SELECT test_result AS x FROM rule WHERE test_result IS NOT NULL AND source = 'hand'").await,
        "passed"
    );
    let again = test.post(&me, "/rules/tests", &sent).await;
    assert!(again.status >= 400 && again.text.contains("already"), "{}", again.text);
    let other = ids[1].to_string();
    let wrong = [("rule", reference.as_str()), ("event", other.as_str()), ("fires", "no")];
    test.post(&me, "/rules/tests", &wrong).await.is(303);
    assert_eq!(
        test.one("SELECT test_result AS x FROM rule WHERE test_result IS NOT NULL AND source = 'hand'").await,
        "failed"
    );
    let all = test.app.all_rule_tests().await.unwrap();
    let own = all.iter().find(|(known, _)| *known == reference).unwrap();
    assert_eq!((own.1.positive, own.1.negative, own.1.wrong.len()), (1, 1, 1), "{own:?}");
    let page = test.get(&me, &path).await;
    let sample = page.hidden("sample");
    test.post(&me, &format!("{path}/tests/remove"), &[("sample", &sample)]).await.is(303);
    test.post(&me, &format!("{path}/tests"), &[]).await.is(303);
    // Any rule is explained on any stored record, down to the value.
    let explained = test.get(&me, &format!("{path}/explain?event={event}")).await;
    explained.is(200).has(&["It fires on this record because", "sshd", "/events/"]);
    let blind = test
        .one("SELECT CAST(ref_number AS TEXT) AS x FROM rule WHERE file LIKE '%win_security_log_cleared%'")
        .await;
    let quiet = test.get(&me, &format!("/rules/RUL-{blind:0>4}/explain?event={event}")).await;
    quiet.is(200).has(&["It does not fire: it looks at"]);
    sound(&test).await;
}

#[tokio::test]
async fn searches_are_kept_by_each_person_and_shared_by_choice() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let other = test.person("Nils Berg", Role::Analyst, "Nordklinik").await;
    let employee = test.person("Erik Holm", Role::Employee, "Nordklinik").await;
    test.get(&me, "/events?q=user%3Aanna").await.is(200).has(&["Save this search"]);
    test.get(&me, "/events?q=user%3Aanna&panel=save").await.is(200).has(&["name=\"query\" value=\"q=user"]);
    let save = |name: &'static str, shared: &'static str| {
        [("name", name), ("query", "q=user%3Aanna"), ("shared", shared)]
    };
    test.post(&employee, "/events/searches", &save("Mine", "")).await.is(404);
    test.post(&me, "/events/searches", &save("Of Anna", "")).await.is(303);
    test.get(&me, "/events").await.is(200).has(&["Of Anna"]);
    test.get(&other, "/events").await.is(200).lacks(&["Of Anna"]);
    let page = test.get(&me, "/events?q=user%3Aanna").await;
    let view = page.has(&["Forget this search"]).hidden("view");
    test.post(&other, "/events/searches/remove", &[("view", &view)]).await.is(404);
    test.post(&me, "/events/searches", &save("Anna for all", "true")).await.is(303);
    test.get(&other, "/events").await.is(200).has(&["Anna for all"]);
    test.post(&me, "/events/searches/remove", &[("view", &view)]).await.is(303);
    test.get(&me, "/events").await.is(200).lacks(&["Of Anna"]);
}

#[tokio::test]
async fn a_dry_run_over_much_history_is_work_in_the_background() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    stored(&test, 2).await;
    test.app.rules_at_start(&Ctx::system("test", test.now())).await.unwrap();
    let number =
        test.one("SELECT CAST(min(ref_number) AS TEXT) AS x FROM rule WHERE log_source LIKE '%linux%'").await;
    let path = format!("/rules/RUL-{number:0>4}");
    test.get(&me, &path).await.is(200).has(&["active without a dry run"]);
    // The manifest says that there is much; what is read is what is there.
    test.app.db.run("UPDATE event_file SET rows = 300000", vec![]).await.unwrap();
    test.post(&me, &format!("{path}/dry-run"), &[]).await.is(303);
    let waits = test.get(&me, &path).await;
    waits.is(200).has(&["waits for its turn", "Stop the run"]);
    test.post(&me, &format!("{path}/dry-run/stop"), &[]).await.is(303);
    assert_eq!(test.app.run_dry_runs("test").await.unwrap(), 0);
    test.post(&me, &format!("{path}/dry-run"), &[]).await.is(303);
    assert_eq!(test.app.run_dry_runs("test").await.unwrap(), 1);
    let done = test.get(&me, &path).await;
    done.is(200).has(&["1 file was read"]).lacks(&["waits for its turn", "active without a dry run"]);
}
