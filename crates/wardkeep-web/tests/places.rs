//! Today, search, palette, areas: the places one comes to without knowing a register.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use common::TestApp;
use wardkeep_app::work::NewDelegation;
use wardkeep_rights::Role;
use wardkeep_types::Id;

#[tokio::test]
async fn today_begins_with_an_answer_and_teaches_when_it_is_empty() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let start = test.get(&me, "/").await;
    assert_eq!(start.place, "/today");
    test.get(&me, "/today").await.is(200).has(&[
        "Today, Maria",
        "Nothing waits for you today.",
        "No news",
        "As of 2026-08-12, 12:00 UTC",
    ]);
    test.fill("Maria Lindqvist").await;
    test.get(&me, "/today").await.is(200).has(&[
        "past their day",
        "Begin with ",
        "Test restore of analyser images",
        "due this week",
        "overdue",
    ]);
    let employee = test.person("Nils Holm", Role::Employee, "Hospital Kiel").await;
    test.get(&employee, "/today").await.is(200).has(&["Nothing waits for you today."]).lacks(&["Ransomware"]);
}

#[tokio::test]
async fn who_stands_in_sees_what_waits_for_the_absent() {
    let mut test = TestApp::open().await;
    let away = test.person("Jonas Berg", Role::Owner, "Nordklinik").await;
    let here = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let owner = away.person.to_string();
    test.add(
        "task",
        "Hospital Kiel",
        &[("name", "Call the insurer"), ("owner", &owner), ("due", "2026-08-13")],
    )
    .await;
    test.get(&here, "/today").await.lacks(&["who is away"]);
    let organisation = test.app.organisation().await.unwrap();
    let grants = wardkeep_rights::Grant::new(Role::Owner, test.id("Nordklinik"));
    let ctx = wardkeep_app::Ctx::new(
        wardkeep_rights::Actor::human(away.person, "Jonas Berg", vec![grants], test.now().date()),
        test.now(),
    );
    let day = |text: &str| text.parse().unwrap();
    let wanted = NewDelegation {
        delegate: here.person,
        from: day("2026-08-10"),
        until: day("2026-08-20"),
        reason: "on leave".into(),
    };
    let wrong = NewDelegation { until: day("2026-08-01"), delegate: away.person, ..wanted.clone() };
    assert!(test.app.delegate(&ctx, &wrong).await.is_err());
    let made: Id = test.app.delegate(&ctx, &wanted).await.unwrap();
    test.get(&here, "/today").await.has(&["Call the insurer", "for Jonas Berg, who is away"]);
    test.app.end_delegation(&ctx, made).await.unwrap();
    test.get(&here, "/today").await.lacks(&["who is away"]);
    assert!(test.app.delegations(here.person, test.now().date()).await.unwrap().is_empty());
    drop(organisation);
}

#[tokio::test]
async fn search_and_palette_find_by_words_and_reference() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let lund = test.person("Peter Nowak", Role::Officer, "Clinic Lund").await;
    let risk = test.add("risk", "Hospital Kiel", &[("name", "Ransomware stops the laboratory")]).await;
    test.add("task", "Hospital Kiel", &[("name", "Test restore of the laboratory")]).await;
    test.get(&me, "/search").await.is(200).has(&["Search every register"]);
    test.get(&me, "/search?q=laborat").await.is(200).has(&[
        "Ransomware",
        "Test restore",
        "All risks that match",
    ]);
    test.get(&me, "/search?q=rsk-1").await.is(200).has(&["Ransomware"]);
    test.get(&me, "/search?q=%22%27%29*--").await.is(200).has(&["Nothing found"]);
    test.get(&lund, "/search?q=laboratory").await.is(200).has(&["Nothing found"]);
    test.get(&lund, &format!("/search?q={risk}")).await.is(200).has(&["Nothing found"]);
    let palette = test.get(&me, "/api/v1/palette?q=risk").await;
    let entries: Vec<serde_json::Value> = serde_json::from_str(&palette.text).unwrap();
    assert_eq!(entries[0]["href"], "/risks");
    assert!(entries.iter().any(|e| e["kind"] == "create" && e["href"] == "/risks/new"), "{}", palette.text);
    let found = test.get(&me, "/api/v1/palette?q=ransom").await;
    assert!(found.text.contains(&format!("/risks/{risk}")), "{}", found.text);
    let picked = test.get(&me, "/api/v1/pick/person?q=mar").await;
    assert!(picked.text.contains("PER-0001 Maria Lindqvist"), "{}", picked.text);
}

#[tokio::test]
async fn areas_say_what_needs_attention() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.get(&me, "/identify").await.is(200).has(&["Nothing is written down here yet.", "Risks", "Assets"]);
    test.add("risk", "Hospital Kiel", &[("name", "Flood"), ("review_on", "2026-08-01")]).await;
    test.get(&me, "/identify").await.is(200).has(&[
        "1 risk",
        "past their day",
        "review_on.below=2026-08-12",
        "have nobody who answers",
    ]);
    for area in ["govern", "protect", "detect", "respond"] {
        test.get(&me, &format!("/{area}")).await.is(200);
    }
    test.get(&me, "/areas").await.is(200).has(&["Govern", "Identify", "Respond"]);
    let board = test.person("Berta Board", Role::Board, "Nordklinik").await;
    test.get(&board, "/identify").await.is(404);
    test.get(&board, "/today").await.is(200).lacks(&["href=\"/risks\""]);
}

#[tokio::test]
async fn no_page_needs_a_script_or_carries_one_inline() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.fill("Maria Lindqvist").await;
    let mut places: Vec<String> = [
        "/today",
        "/search?q=a",
        "/areas",
        "/approvals",
        "/risks/RSK-0001",
        "/risks/RSK-0001/edit",
        "/risks/RSK-0001/history",
    ]
    .map(str::to_owned)
    .to_vec();
    for schema in wardkeep_registers::all() {
        places.extend([format!("/{}", schema.path), format!("/{}/new", schema.path)]);
    }
    for place in &places {
        let answer = test.get(&me, place).await;
        answer.is(200).lacks(&[" style=\"", "<style", "javascript:", " onclick=", " onload="]);
        for (at, _) in answer.text.match_indices("<script") {
            assert!(answer.text[at..].starts_with("<script type=\"module\" src=\"/static/"), "{place}");
        }
        // Words whose key was mistyped would stand there as the key.
        for section in ["today.", "list.", "record.", "rail.", "form.", "filter."] {
            assert!(!answer.text.contains(&format!(">{section}")), "{place}: a text without words");
        }
        let mut ids: Vec<&str> = answer
            .text
            .match_indices(" id=\"")
            .map(|(at, _)| answer.text[at + 5..].split('"').next().unwrap())
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{place}: an id stands twice");
    }
}
