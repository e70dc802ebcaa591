//! Every claim opens down to the line.

use super::common::{Answer, Session, TestApp};
use super::evidence::folder;
use wardkeep_rights::Role;

async fn assessed() -> (TestApp, Session, tempfile::TempDir) {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.with_controls(me.person).await;
    test.clock.advance(1);
    let dir = tempfile::tempdir().unwrap();
    folder(dir.path());
    test.assess(dir.path()).await;
    (test, me, dir)
}

/// The first address in a page that begins like this.
fn address(page: &Answer, begin: &str) -> String {
    let mark = format!("href=\"{begin}");
    let at = page.text.find(&mark).unwrap_or_else(|| panic!("no link to {begin} in\n{}", page.text));
    page.text[at + 6..].split('"').next().unwrap().replace("&amp;", "&")
}

/// A page from some words on.
fn after(page: &Answer, mark: &str) -> String {
    page.text.split_once(mark).unwrap_or_else(|| panic!("no {mark} in\n{}", page.text)).1.to_owned()
}

#[tokio::test]
async fn a_failing_control_opens_to_its_log_line() {
    let (test, me, _dir) = assessed().await;
    let control = test.control("mfa").await;
    let why = test.get(&me, &format!("/controls/{control}/why")).await;
    why.is(200).has(&[
        "E operating = (",
        "q = c × p × f × s = 100.0 × 50.0 × 100.0 × 100.0",
        "2 looked at of 2",
        "1 of 2 passed",
        "user/bert",
        "Signed in without a second factor from 192.0.2.7.",
        "/observations/",
        "SHA-256",
    ]);
    let line = test.get(&me, &address(&why, "/evidence/events/")).await;
    line.is(200).has(&[
        "&quot;userName&quot;:&quot;bert&quot;",
        "&quot;MFAUsed&quot;:&quot;No&quot;",
        "additionalEventData.MFAUsed",
        "cloudtrail.json",
        "As it is read",
        "record 2",
    ]);
    let of_sign_ins = Answer { text: after(&why, "id=\"mfa-console-sign-in\""), ..why };
    let observation = test.get(&me, &address(&of_sign_ins, "/observations/")).await;
    observation.is(200).has(&[
        "2 of 2 were looked at: 1 passed, 1 failed.",
        "Unchanged since it was recorded.",
        "user/anna",
        "user/bert",
        &control,
    ]);
    let failing = observation.text.find("user/bert").unwrap();
    assert!(failing < observation.text.find("user/anna").unwrap(), "failing subjects come first");
}

#[tokio::test]
async fn an_observation_that_was_changed_behind_our_back_says_so() {
    let (test, me, _dir) = assessed().await;
    let id = test
        .one("SELECT CAST(hex(id) AS TEXT) AS x FROM observation WHERE test = 'mfa-console-sign-in'")
        .await;
    let path = format!("/observations/{id}");
    test.get(&me, &path).await.is(200).has(&["Unchanged since"]);
    test.app.db.run("UPDATE observation SET body = replace(body, '\"failed\":1', '\"failed\":0') WHERE test = 'mfa-console-sign-in'", vec![]).await.unwrap();
    test.get(&me, &path).await.is(200).has(&["Changed since it was recorded.", "do not rely on it"]);
    test.app.db.run("UPDATE observation SET voided_at = recorded_at, void_reason = 'wrong account' WHERE test = 'mfa-console-sign-in'", vec![]).await.unwrap();
    test.get(&me, &path).await.is(200).has(&["Void", "wrong account"]);
    let control = test.control("mfa").await;
    test.get(&me, &format!("/controls/{control}/why")).await.is(200).lacks(&["user/bert"]);
}

#[tokio::test]
async fn an_alert_opens_to_its_records_and_says_why_it_fired() {
    let (test, me, _dir) = assessed().await;
    let number = test
        .one("SELECT CAST(ref_number AS TEXT) AS x FROM alert WHERE name LIKE 'AWS console logon%'")
        .await;
    let alert = test.get(&me, &format!("/alerts/ALR-{number:0>4}")).await;
    alert.is(200).has(&[
        "Log records",
        "cloudtrail.json, record 2",
        "AWS console logon without a second factor",
        "selection and not federated",
        "Why it fired",
        "It fires on",
        "additionalEventData.MFAUsed",
        ">true<",
        ">false<",
        "aws_console_login_without_mfa.yml",
    ]);
    let line = test.get(&me, &address(&alert, "/evidence/events/")).await;
    line.is(200).has(&["&quot;userName&quot;:&quot;bert&quot;", &format!("ALR-{number:0>4}")]);
    // A rule that is not kept is no riddle.
    test.app.db.run("UPDATE alert SET rule = 'a-rule-of-the-house'", vec![]).await.unwrap();
    test.get(&me, &format!("/alerts/ALR-{number:0>4}"))
        .await
        .is(200)
        .has(&["came from a rule file that was given to the assessment"]);
}

#[tokio::test]
async fn a_finding_opens_to_its_row_and_explains_its_deadline() {
    let (test, me, _dir) = assessed().await;
    let number = test.one("SELECT CAST(ref_number AS TEXT) AS x FROM finding WHERE name LIKE 'Kiel:%'").await;
    let finding = test.get(&me, &format!("/findings/FND-{number:0>4}")).await;
    finding.is(200).has(&[
        "How the deadline comes about",
        "+ 7 days = due 2026-08-18",
        "severity/1.0.0",
        "weekly.nessus, row 1",
        "Nessus report",
    ]);
    let row = test.get(&me, &address(&finding, "/evidence/reports/")).await;
    row.is(200).has(&[
        "Kiel: old door protocol",
        "As reported",
        "990001",
        "CVE-2024-6387",
        "Seen in the banner of lab01.kiel.example.",
        "tcp/22",
        &format!("FND-{number:0>4}"),
    ]);
    let report = test.get(&me, address(&row, "/evidence/reports/").split('?').next().unwrap()).await;
    report.is(200).has(&[
        "2 rows report a weakness",
        "Lund: old page server",
        "What it says it looked at",
        "web01.lund.example",
        "SHA-256",
    ]);
}

#[tokio::test]
async fn files_and_posture_say_what_was_not_understood() {
    let (test, me, _dir) = assessed().await;
    let files = test.get(&me, "/evidence/files").await;
    files.is(200).has(&[
        "2 of 3 files were read to their end.",
        "Not understood: 1.",
        "cloudtrail.json",
        "AWS CloudTrail",
        "strange.bin",
    ]);
    let strange = test.get(&me, "/evidence/files?state=not_understood").await;
    strange.is(200).has(&["strange.bin", "not understood"]).lacks(&["cloudtrail.json"]);
    test.get(&me, "/evidence/files?state=odd").await.is(422).has(&["is no state of a file"]);
    let log = test.get(&me, &address(&files, "/evidence/reports/")).await;
    log.is(200).has(&["About", "SHA-256"]);
    let posture = test.get(&me, "/report/posture").await;
    posture.is(200).has(&[
        "controls are failing",
        "AWS CloudTrail",
        "Nessus report",
        "strange.bin",
        "What to do first",
        "Open findings by deadline",
        "Initial access (TA0001)",
        "/why",
        "Download posture.html",
        "<svg",
    ]);
    let file = test.get(&me, "/report/posture.html").await;
    file.is(200).has(&[
        "Content-Security-Policy",
        "style-src 'sha256-",
        "Signed in without a second factor from 192.0.2.7.",
    ]);
}

#[tokio::test]
async fn pages_of_the_chain_take_few_statements() {
    let (test, me, _dir) = assessed().await;
    let control = test.control("mfa").await;
    let why = test.get(&me, &format!("/controls/{control}/why")).await;
    let (event, observation) = (address(&why, "/evidence/events/"), address(&why, "/observations/"));
    let number = test.one("SELECT CAST(ref_number AS TEXT) AS x FROM finding WHERE name LIKE 'Kiel:%'").await;
    let finding = test.get(&me, &format!("/findings/FND-{number:0>4}")).await;
    let row = address(&finding, "/evidence/reports/");
    let report = row.split("/rows/").next().unwrap().to_owned();
    let bare = test.statements(&me, "/me").await;
    for path in [
        format!("/controls/{control}/why"),
        format!("/controls/{control}/why?as_of=2026-08-12&known_at=2026-08-12T12:00:00Z"),
        event,
        observation,
        row,
        report,
        "/evidence/files".into(),
        "/report/posture".into(),
    ] {
        // The door itself takes a few to know who reads.
        let taken = test.statements(&me, &path).await;
        assert!(taken <= 12 + 2, "{path} takes {taken} statements; a bare page {bare}");
        println!("{taken:>3} {path}");
    }
}
