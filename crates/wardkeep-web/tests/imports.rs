//! Imports on pages: hand in, look, choose, apply, take back.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use axum::body::Body;
use axum::http::{Request, header};
use common::{Answer, Session, TestApp};
use std::time::Duration;
use wardkeep_rights::Role;

/// Sends a form with a file, as a browser does.
async fn upload(test: &TestApp, who: &Session, pairs: &[(&str, &str)], name: &str, content: &[u8]) -> Answer {
    let mut body: Vec<u8> = Vec::new();
    let token = ("csrf", who.csrf.as_str());
    for (key, value) in [&[token], pairs].concat() {
        body.extend(
            format!("--frontier\r\nContent-Disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    body.extend(format!("--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n").as_bytes());
    body.extend(content);
    body.extend(b"\r\n--frontier--\r\n");
    let request = Request::post("/imports")
        .header(header::COOKIE, &who.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=frontier")
        .body(Body::from(body))
        .unwrap();
    test.ask(request).await
}

/// The page of an import once nothing works on it any more.
async fn settled(test: &TestApp, who: &Session, place: &str) -> Answer {
    for _ in 0..200 {
        let page = test.get(who, place).await;
        if !page.text.contains("class=\"progress") {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the import does not end");
}

const FILE: &str = "name,description,source,treatment,owner\r\n\
    Flood in the archive,Water from above,environment,reduce,Maria Lindqvist\r\n\
    Ransomware stops the laboratory,It stops twice,attack,reduce,\r\n\
    Bad row,,attack,whatever,\r\n\
    Nobody owns it,,attack,reduce,Nobody Known\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_applied_and_taken_back() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.get(&me, "/risks").await.is(200).has(&["href=\"/risks/import\"", "Import"]);
    let form = test.get(&me, "/risks/import").await;
    form.is(200).has(&["Import risks", "multipart/form-data", "up to 32 MiB", "/risks/template.xlsx"]);
    let sent =
        upload(&test, &me, &[("register", "risk"), ("unit", "UNI-0002")], "risks.csv", FILE.as_bytes()).await;
    let place = sent.leads_to().to_owned();
    let page = test.get(&me, &place).await;
    page.is(200).has(&[
        "Nothing is written yet. This file would add 2, change 0",
        "2 rows are refused.",
        "Import 2 rows",
        "Flood in the archive",
        "Hospital Kiel",
        "There is no person",
    ]);
    page.lacks(&["style=\"", "<script>"]);
    test.get(&me, "/risks").await.lacks(&["Flood in the archive"]);
    test.get(&me, &format!("{place}?outcome=refused"))
        .await
        .has(&["Bad row"])
        .lacks(&["Flood in the archive"]);
    let refused = test.get(&me, &format!("{place}/refused.csv")).await;
    refused.is(200).has(&[
        "name,description,source,treatment,owner,line of the file,problem,remedy",
        "Bad row",
        ",4,",
    ]);
    // One row is left out, the other goes in.
    let choice = [("verb", "choose"), ("take.1", "yes"), ("take.2", "no")];
    test.post(&me, &place, &choice).await.leads_to();
    test.get(&me, &place).await.has(&["Import 1 row", "risks.csv"]);
    let begun = test.post(&me, &place, &[("verb", "apply")]).await;
    assert_eq!(begun.leads_to(), place);
    let done = settled(&test, &me, &place).await;
    done.has(&["1 row is written", "Undo import", "Partly done"]);
    test.get(&me, "/risks").await.has(&["Flood in the archive"]).lacks(&["Ransomware stops"]);
    test.get(&me, "/imports").await.is(200).has(&["risks.csv", "Maria Lindqvist", "Partly done"]);
    test.get(&me, &format!("{place}?ask=undo")).await.has(&["Take back 1 row?", "Nothing is deleted"]);
    test.post(&me, &place, &[("verb", "undo")]).await.leads_to();
    settled(&test, &me, &place).await.has(&["This import was undone."]).lacks(&["Undo import"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_shows_before_and_after_and_many_rows_have_pages() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let risk = test.add("risk", "Hospital Kiel", &[("name", "Flood")]).await;
    let file = format!("reference,name\n{risk},Flood from the river\n");
    let sent = upload(&test, &me, &[("register", "risk")], "one.csv", file.as_bytes()).await;
    test.get(&me, sent.leads_to()).await.has(&[
        "<del>Flood</del>",
        "<ins>Flood from the river</ins>",
        "change 1",
    ]);
    let mut many = String::from("name,source,treatment\n");
    for n in 0..2_150 {
        many.extend(["Risk number ", &n.to_string(), ",attack,reduce\n"]);
    }
    let sent = upload(&test, &me, &[("register", "risk")], "many.csv", many.as_bytes()).await;
    let place = sent.leads_to().to_owned();
    let first = test.get(&me, &place).await;
    first.has(&["Import 2,150 rows", "Risk number 0<", "after=100"]).lacks(&["Risk number 100<"]);
    test.get(&me, &format!("{place}?after=100")).await.has(&["Risk number 100<"]);
    test.post(&me, &place, &[("verb", "apply")]).await.leads_to();
    let done = settled(&test, &me, &place).await;
    done.has(&["Done: 2,150 added"]);
    test.get(&me, "/risks").await.has(&["2,151"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_are_not_known_are_mapped_by_hand() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let file = "Bezeichnung;Was wir tun\nHochwasser im Archiv;reduce\n";
    let sent = upload(&test, &me, &[("register", "risk")], "risiken.csv", file.as_bytes()).await;
    let place = sent.leads_to().to_owned();
    assert!(place.ends_with("/columns"), "{place}");
    let page = test.get(&me, &place).await;
    page.is(200).has(&["Say which column holds what", "Bezeichnung", "Hochwasser im Archiv", "(mandatory)"]);
    test.post(&me, &place, &[("map.0", ""), ("map.1", "treatment")]).await.is(422).has(&["every risk needs"]);
    let mapped = test
        .post(&me, &place, &[("map.0", "name"), ("map.1", "treatment"), ("fill.source", "environment")])
        .await;
    let preview = test.get(&me, mapped.leads_to()).await;
    preview.has(&["would add 1", "Hochwasser im Archiv"]);
}

#[tokio::test]
async fn what_cannot_be_read_is_said_at_the_file() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let fields = [("register", "risk"), ("from", "list")];
    upload(&test, &me, &fields, "x.csv", &[0, 1, 2, 3]).await.is(422).has(&["Import risks"]);
    upload(&test, &me, &[("register", "")], "x.csv", b"name\nx\n")
        .await
        .is(422)
        .has(&["Choose the register"]);
    upload(&test, &me, &[("register", "risk"), ("unit", "UNI-9999")], "x.csv", b"name\nx\n")
        .await
        .is(422)
        .has(&["Choose a unit"]);
    upload(&test, &me, &fields, "", b"").await.is(422).has(&["Choose a file"]);
    upload(&test, &me, &fields, "x.csv", b"a,b\n<script>alert(1)</script>,2\n").await.is(303);
    let big = vec![b'x'; 34 * 1024 * 1024];
    let large = upload(&test, &me, &fields, "x.csv", &big).await;
    assert!(matches!(large.status, 413 | 422), "{}", large.status);
    large.has(&["32 MiB"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_are_seen_and_done_by_those_who_may() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let lund = test.person("Peter Nowak", Role::Officer, "Clinic Lund").await;
    let reader = test.person("Rita Reader", Role::Reader, "Nordklinik").await;
    let auditor = test.person("Ina Audit", Role::InternalAuditor, "Nordklinik").await;
    let employee = test.person("Nils Holm", Role::Employee, "Hospital Kiel").await;
    let sent = upload(&test, &me, &[("register", "risk")], "kiel.csv", FILE.as_bytes()).await;
    let place = sent.leads_to().to_owned();
    for path in [place.clone(), format!("{place}/columns"), format!("{place}/refused.csv")] {
        test.get(&lund, &path).await.is(404);
        test.get(&employee, &path).await.is(404);
        test.get(&reader, &path).await.is(404);
    }
    test.get(&lund, "/imports").await.is(200).lacks(&["kiel.csv"]);
    for path in ["/imports", "/imports/new", "/risks/import", "/risks/template.csv"] {
        test.get(&reader, path).await.is(404);
        test.get(&employee, path).await.is(404);
    }
    test.get(&auditor, &place).await.is(200).lacks(&["Import 2 rows", "type=\"radio\""]);
    for verb in ["apply", "undo", "choose", "stop"] {
        let row = [("verb", verb), ("take.1", "no")];
        let status = test.post(&auditor, &place, &row).await.status;
        assert!(matches!(status, 403 | 404), "{verb}: {status}");
        test.post(&lund, &place, &row).await.is(404);
    }
    // A form from elsewhere changes nothing.
    test.post_raw(&me, &place, &[("verb", "apply")]).await.is(403);
    test.get(&me, &place).await.has(&["Import 2 rows"]);
    upload(&test, &reader, &[("register", "risk")], "x.csv", FILE.as_bytes()).await.is(404);
    let into =
        upload(&test, &me, &[("register", "risk"), ("unit", "UNI-0003")], "x.csv", FILE.as_bytes()).await;
    into.is(422);
    test.get(&me, "/nothing/import").await.is(404);
    test.get(&me, "/risks/template.csv").await.is(200).has(&["reference,unit,name"]);
}
