//! Pages of risk in money: who sees what, what empty pages teach, and a matrix tried before it is stored.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use common::TestApp;
use wardkeep_rights::Role;

const PAGES: [&str; 6] =
    ["/risk", "/risk/investments", "/risk/appetite", "/risk/estimates", "/risk/matrix", "/risk/library"];

#[tokio::test]
async fn empty_pages_say_what_to_do_next() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.get(&me, "/risk").await.is(200).has(&["No figures yet", "Add a scenario", "/scenarios/new"]);
    test.get(&me, "/risk/investments")
        .await
        .is(200)
        .has(&["No measure to choose from", "/treatment-plans/new"]);
    test.get(&me, "/risk/appetite").await.is(200).has(&["Nobody has said how much is too much"]);
    test.get(&me, "/risk/estimates").await.is(200).has(&["No estimates yet", "/estimates/new"]);
    test.get(&me, "/risk/matrix").await.is(200).has(&["No matrix in use", "/risk-matrices/new"]);
    for missing in ["/risk/why/mean", "/risk/runs/8f3a91c27b00", "/risk/RSK-0999", "/risk/workbook.xlsx"] {
        test.get(&me, missing).await.is(404);
    }
}

#[tokio::test]
async fn figures_of_the_whole_are_not_for_everybody() {
    let mut test = TestApp::open().await;
    let employee = test.person("Nils Holm", Role::Employee, "Hospital Kiel").await;
    for page in PAGES {
        test.get(&employee, page).await.is(404);
    }
    test.get(&employee, "/today").await.lacks(&["/risk/investments"]);
}

#[tokio::test]
async fn levels_are_tried_before_they_are_stored() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let matrix = test
        .add(
            "risk_matrix",
            "Nordklinik",
            &[
                ("name", "Group matrix"),
                ("likelihood", "Rare 0.01 .. 0.1\nOften 0.1 .. 10"),
                ("impact", "Small 1000 .. 10000\nLarge 10000 .. 1000000"),
                ("formula", "product"),
                ("bands", "Low 1\nMedium 2\nHigh 4"),
            ],
        )
        .await;
    let _ = matrix;
    test.get(&me, "/risk/matrix").await.is(200).has(&[
        "Group matrix",
        "Is the matrix honest?",
        "Rare 0.01 .. 0.1",
    ]);
    let tried = "/risk/matrix?matrix=MTX-0001&likelihood=Rare+0.01+..+0.1%0AOften+0.1+..+1&impact=Small+1000+..+10000%0ALarge+10000+..+100000&formula=LI&bands=Low+2%0AHigh+4";
    test.get(&me, tried).await.is(200).has(&["tried, not stored", "Store these levels"]);
    test.get(&me, "/risk/matrix").await.has(&["Often 0.1 .. 10"]);
    let wrong = tried.replace("Rare+0.01", "Rare+x");
    test.get(&me, &wrong).await.is(200).has(&["cannot be read", "line 1"]);
}

#[tokio::test]
async fn a_scenario_is_copied_from_the_library_and_each_share_waits_for_a_person() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let page = test.get(&me, "/risk/library").await;
    page.is(200).has(&[
        "Ransomware stops the business",
        "assumption",
        "No risk is open",
        "no control here does this yet",
    ]);
    let maria = me.person.to_string();
    test.add("risk", "Nordklinik", &[("name", "Servers are locked"), ("owner", &maria)]).await;
    test.add(
        "control",
        "Nordklinik",
        &[("name", "Second factor"), ("outside_reference", "mfa"), ("owner", &maria)],
    )
    .await;
    let page = test.get(&me, "/risk/library?risk=RSK-0001").await;
    page.is(200).has(&[
        "RSK-0001 Servers are locked",
        "a mitigation is listed for T1078, T1133",
        "Second factor",
    ]);
    let asked = [("from", "ransomware"), ("risk", "RSK-0001")];
    let done = test.post(&me, "/risk/library", &asked).await;
    assert_eq!(done.leads_to(), "/risk/RSK-0001");
    test.get(&me, "/risk/RSK-0001").await.is(200).has(&[
        "Waits for somebody",
        "is a draft and in no sum",
        "Second factor",
        "40.0 %",
        "a mitigation is listed for T1078, T1133",
        "/moves/confirm",
    ]);
    let estimates = test.get(&me, "/estimates/EST-0001").await;
    estimates.is(200).has(&["built-in library", "Placeholder", "In use"]);
    test.get(&me, "/control-effects/EFF-0001").await.is(200).has(&["Suggested"]);
    // A copy of the copy, and what does not exist.
    let asked = [("from", "SCN-0001"), ("risk", "RSK-0001")];
    assert_eq!(test.post(&me, "/risk/library", &asked).await.leads_to(), "/risk/RSK-0001");
    test.get(&me, "/estimates/EST-0003").await.is(200).has(&["Copied from EST-000", "Placeholder"]);
    let asked = [("from", "meteor"), ("risk", "RSK-0001")];
    test.post(&me, "/risk/library", &asked).await.is(422);
    let reader = test.person("Rolf Auer", Role::Reader, "Nordklinik").await;
    let theirs = test.get(&reader, "/risk/library").await;
    theirs.is(200).lacks(&["Copy this scenario"]);
    let asked = [("from", "ransomware"), ("risk", "RSK-0001")];
    test.post(&reader, "/risk/library", &asked).await.is(403);
}
