//! Pages of risk in money: who sees what, what empty pages teach, and a matrix tried before it is stored.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use common::TestApp;
use wardkeep_rights::Role;

const PAGES: [&str; 5] = ["/risk", "/risk/investments", "/risk/appetite", "/risk/estimates", "/risk/matrix"];

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
