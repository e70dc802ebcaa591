//! Lists: rights, filters, pages, views, bulk changes, and what they cost.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use common::TestApp;
use wardkeep_rights::Role;

#[tokio::test]
async fn a_list_shows_what_one_may_see_and_nothing_else() {
    let mut test = TestApp::open().await;
    let officer = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let lund = test.person("Peter Nowak", Role::Officer, "Clinic Lund").await;
    let employee = test.person("Ingrid Aas", Role::Employee, "Hospital Kiel").await;
    let kiel = test.add("risk", "Hospital Kiel", &[("name", "Ransomware in Kiel")]).await;
    let there = test.add("risk", "Clinic Lund", &[("name", "Flood in Lund")]).await;
    test.get(&officer, "/risks").await.is(200).has(&[
        "Ransomware in Kiel",
        "Flood in Lund",
        &kiel,
        "Add risk",
        "As of 2026-08-12",
    ]);
    test.get(&lund, "/risks").await.is(200).has(&["Flood in Lund"]).lacks(&["Ransomware", &kiel]);
    // A sibling's record is missing, not forbidden, at every address.
    for path in ["", "/edit", "/history", "/moves/close"] {
        test.get(&lund, &format!("/risks/{kiel}{path}")).await.is(404).lacks(&["Ransomware"]);
    }
    test.get(&lund, &format!("/risks/{there}")).await.is(200);
    test.get(&employee, "/risks").await.is(404);
    test.get(&employee, "/no-such-place").await.is(404).has(&["There is nothing"]);
    // Nobody at all is sent to the door, with the way back.
    let request = axum::http::Request::get("/risks?stage=open").body(axum::body::Body::empty()).unwrap();
    let answer = test.ask(request).await;
    assert_eq!(answer.place, "/sign-in?next=%2Frisks%3Fstage%3Dopen");
}

#[tokio::test]
async fn filters_sort_and_pages_stand_in_the_address() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.fill("Maria Lindqvist").await;
    let first = test.get(&me, "/assets?sort=name&limit=20").await;
    first.is(200).has(&["1 to 20 of 60", "badge controller"]).lacks(&["ws-ward-12-4"]);
    let at = first.text.find("rel=\"next\"").expect("no next page");
    let link =
        first.text[..at].rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let second = test.get(&me, &link).await;
    second.is(200).has(&["20 rows of 60", "rel=\"prev\""]).lacks(&[">badge controller<"]);
    let mine = test.get(&me, "/risks?owner=me&stage=open").await;
    mine.is(200)
        .has(&["Ransomware stops the laboratory", "aria-current=\"page\">Mine"])
        .lacks(&["Old badge readers open for copied cards<"]);
    test.get(&me, "/risks?q=badge").await.is(200).has(&["Old badge readers"]).lacks(&["Ransomware stops"]);
    test.get(&me, "/risks?stage=treating&unit=UNI-0002").await.is(200).has(&["Clear filter"]);
    test.get(&me, "/risks?treatment=none_of_these").await.is(422);
    test.get(&me, "/risks?colour=red").await.is(422).has(&["has no filter"]);
    test.get(&me, "/risks?q=zzzz").await.is(200).has(&["No risks match", "Clear filter"]);
    test.get(&me, "/risks?columns=source&columns=treatment")
        .await
        .is(200)
        .has(&[">Source<", ">Treatment<"])
        .lacks(&["Annual loss"]);
    test.get(&me, "/risks?panel=columns").await.is(200).has(&["Columns to show", "name=\"columns\""]);
    test.get(&me, "/risks?stage=open")
        .await
        .is(200)
        .has(&["/risks/export.csv?stage=open", "/risks/export.xlsx"]);
    // The file holds what the list shows.
    let file = test.get(&me, "/risks/export.csv?owner=me&stage=open&sort=name").await;
    file.is(200).has(&["Ransomware stops the laboratory"]).lacks(&["<html"]);
    assert_eq!(file.text.trim_end().lines().count(), 1 + mine.text.matches("data-edit=").count());
    test.get(&me, "/risks/export.jsonl?q=badge").await.is(200).has(&["Old badge readers"]);
    let reader = test.person("Rita Reader", Role::Reader, "Nordklinik").await;
    test.get(&reader, "/risks").await.is(200).lacks(&["export.csv"]);
    test.get(&reader, "/risks/export.csv").await.is(403);
}

#[tokio::test]
async fn a_page_takes_few_statements() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.fill("Maria Lindqvist").await;
    for schema in wardkeep_registers::all() {
        for query in ["", "?limit=5", "?q=a&limit=5"] {
            let path = format!("/{}{query}", schema.path);
            let taken = test.statements(&me, &path).await;
            assert!(taken <= 6, "{path} takes {taken} statements");
        }
    }
    let taken = test.statements(&me, "/today").await;
    assert!(taken <= 12, "/today takes {taken} statements");
    let taken = test.statements(&me, "/identify").await;
    assert!(taken <= 12, "/identify takes {taken} statements");
}

#[tokio::test]
async fn views_are_kept_shared_and_removed() {
    let mut test = TestApp::open().await;
    let officer = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let owner = test.person("Jonas Berg", Role::Owner, "Nordklinik").await;
    test.get(&owner, "/assets?exposure=internet").await.is(200).has(&["Save this view"]);
    let kept =
        test.post(&owner, "/assets/views", &[("name", "Exposed"), ("query", "exposure=internet")]).await;
    assert_eq!(kept.place, "/assets?exposure=internet&flash=view_saved");
    test.get(&owner, "/assets").await.has(&["Exposed"]);
    test.get(&officer, "/assets").await.lacks(&["Exposed"]);
    // Only who may keep views for all shares one.
    test.post(&owner, "/assets/views", &[("name", "Ours"), ("query", "stage=open"), ("shared", "true")])
        .await
        .is(403);
    test.post(&officer, "/assets/views", &[("name", "Ours"), ("query", "stage=open"), ("shared", "true")])
        .await
        .is(303);
    test.get(&owner, "/assets").await.has(&["Ours"]);
    let page = test.get(&owner, "/assets?exposure=internet").await;
    let view = page.has(&["Remove this view"]).hidden("view");
    test.post(&officer, "/assets/views/remove", &[("view", &view)]).await.is(404);
    test.post(&owner, "/assets/views/remove", &[("view", &view)]).await.is(303);
    test.get(&owner, "/assets").await.lacks(&["Exposed"]);
}

#[tokio::test]
async fn many_are_changed_at_once_and_taken_back() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let lund = test.person("Peter Nowak", Role::Officer, "Clinic Lund").await;
    let a = test.add("risk", "Hospital Kiel", &[("name", "First")]).await;
    let b = test.add("risk", "Clinic Lund", &[("name", "Second")]).await;
    let owner = test.app.db.head(me.person).await.unwrap().unwrap().reference.to_string();
    test.post(&me, "/risks/bulk", &[]).await.is(422).has(&["Select at least one row"]);
    test.post(&me, "/risks/bulk", &[("row", &a), ("field", "")])
        .await
        .is(200)
        .has(&["Which field?", "Treatment"]);
    let enter = test.post(&me, "/risks/bulk", &[("row", &a), ("row", &b), ("field", "owner")]).await;
    enter.is(200).has(&["2 risks chosen", &format!("value=\"{a}@1\"")]);
    let wrong = [("row", "RSK-0001@1"), ("field", "owner"), ("step", "preview"), ("owner", "Nobody Known")];
    test.post(&me, "/risks/bulk", &wrong)
        .await
        .is(200)
        .has(&["There is no person", "value=\"Nobody Known\""]);
    let (first, second) = (format!("{a}@1"), format!("{b}@1"));
    let rows =
        [("row", first.as_str()), ("row", second.as_str()), ("field", "owner"), ("owner", "Maria Lindqvist")];
    let preview = test.post(&me, "/risks/bulk", &[&rows[..], &[("step", "preview")]].concat()).await;
    preview.is(200).has(&["Change 2 risks", "Maria Lindqvist"]);
    // Somebody of Lund reaches only what is Lund's.
    let theirs = test.post(&lund, "/risks/bulk", &[&rows[..], &[("step", "preview")]].concat()).await;
    theirs.is(200).has(&["Change 1 risks", "Second"]).lacks(&["First"]);
    let done = test.post(&me, "/risks/bulk", &[&rows[..], &[("step", "apply")]].concat()).await;
    assert!(done.place.starts_with("/risks?flash=bulk.2.0."), "{}", done.place);
    let told = test.get(&me, &done.place).await;
    told.is(200).has(&["Changed 2 risks.", "Undo"]);
    assert_eq!((test.version("First").await, test.version("Second").await), (2, 2));
    // One of them is changed by somebody else before it is taken back.
    let edit = [("version", "2"), ("fields", "name"), ("name", "Second, renamed")];
    test.post(&lund, &format!("/risks/{b}"), &edit).await.is(303);
    let undo = [("first", told.hidden("first")), ("last", told.hidden("last"))];
    let undo = undo.each_ref().map(|(n, v)| (*n, v.as_str()));
    test.post(&lund, "/risks/bulk/undo", &undo).await.leads_to();
    let back = test.post(&me, "/risks/bulk/undo", &undo).await;
    assert_eq!(back.place, "/risks?flash=undone.1.1");
    test.get(&me, &format!("/risks/{a}")).await.is(200).has(&["Not filled in"]).lacks(&["owned by"]);
    test.get(&me, &format!("/risks/{b}")).await.is(200).has(&["owned by", "Second, renamed"]);
    // Rows of an older version are told, not overwritten.
    let stale = test
        .post(
            &me,
            "/risks/bulk",
            &[("row", &first), ("field", "owner"), ("owner", &owner), ("step", "preview")],
        )
        .await;
    stale.is(200).has(&["It was changed meanwhile"]).lacks(&["Change 1 risks"]);
}
