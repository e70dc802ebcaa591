//! One record: adding, changing, conflicts, moves, history. All without scripts.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use common::{Session, TestApp};
use wardkeep_rights::Role;

async fn open() -> (TestApp, Session) {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    (test, me)
}

const FIELDS: (&str, &str) = (
    "fields",
    "name,description,owner,source,affects,frequency,loss,treatment,treatment_plan,accepted_until,review_on",
);

#[tokio::test]
async fn adding_says_every_error_at_its_field_and_loses_nothing() {
    let (mut test, me) = open().await;
    let form = test.get(&me, "/risks/new").await;
    form.is(200).has(&[
        "Add risk",
        "name=\"csrf\"",
        "A short name people use in meetings.",
        "Hospital Kiel",
        "required",
    ]);
    let id = form.hidden("id");
    let wrong = [
        ("id", id.as_str()),
        FIELDS,
        ("unit", ""),
        ("name", ""),
        ("owner", "J. Berg"),
        ("source", "attack"),
        ("treatment", "undecided"),
        ("loss.low", "5"),
        ("loss.likely", "1"),
        ("loss.high", "4"),
        ("loss.currency", "SEK"),
        ("review_on", "31.12.2026"),
        ("description", "First line\r\nsecond <b>line</b>"),
    ];
    let refused = test.post(&me, "/risks", &wrong).await;
    refused.is(422).has(&[
        "This was not saved",
        "href=\"#f-name\"",
        "href=\"#f-unit\"",
        "There is no person 'J. Berg'",
        "low &lt;= likely",
        "is not a date",
        "value=\"J. Berg\"",
        "value=\"SEK\" selected",
        "second &lt;b&gt;line&lt;/b&gt;",
        &format!("value=\"{id}\""),
    ]);
    let fine = [
        ("id", id.as_str()),
        FIELDS,
        ("unit", "UNI-0002"),
        ("name", "Ransomware stops the laboratory"),
        ("owner", "Maria Lindqvist"),
        ("source", "attack"),
        ("treatment", "reduce"),
        ("loss.low", "900 000"),
        ("loss.likely", "1,800,000"),
        ("loss.high", "4000000"),
        ("loss.currency", "EUR"),
        ("frequency.low", "0.1"),
        ("frequency.likely", "0.2"),
        ("frequency.high", "0.5"),
        ("affects", "UNI-0002"),
        ("affects", "UNI-0003 Clinic Lund"),
        ("description", "First line\r\nsecond"),
    ];
    let added = test.post(&me, "/risks", &fine).await;
    assert_eq!(added.place, "/risks/RSK-0001?flash=added");
    test.get(&me, &added.place).await.is(200).has(&[
        "Added as RSK-0001",
        "Ransomware stops the laboratory",
        "Maria Lindqvist",
        "Hospital Kiel",
        "Clinic Lund",
        "900,000 EUR to 4,000,000 EUR, most likely 1,800,000 EUR",
        "0.1 to 0.5, most likely 0.2 times a year",
        "not worked out yet",
    ]);
    // The same form sent twice does not make a second record.
    test.post(&me, "/risks", &fine).await;
    test.get(&me, "/risks").await.lacks(&["RSK-0002"]);
    // A form from elsewhere is refused whatever it holds.
    let forged = [("csrf", "guessed"), FIELDS, ("unit", "UNI-0002"), ("name", "x")];
    test.post_raw(&me, "/risks", &forged).await.is(403);
    let reader = test.person("Rita Reader", Role::Reader, "Nordklinik").await;
    test.get(&reader, "/risks/new").await.is(403);
    test.post(&reader, "/risks", &fine).await.is(403);
    test.get(&reader, "/risks/RSK-0001").await.is(200).lacks(&["/edit\"", "moves"]);
}

#[tokio::test]
async fn two_who_change_the_same_choose_field_by_field() {
    let (mut test, me) = open().await;
    let other = test.person("Aylin Demir", Role::Officer, "Nordklinik").await;
    let risk = test.add("risk", "Hospital Kiel", &[("name", "Flood"), ("description", "Water.")]).await;
    let path = format!("/risks/{risk}");
    let form = test.get(&me, &format!("{path}/edit")).await;
    form.is(200).has(&["value=\"Flood\"", "Save risk", "data-draft=\"risks/RSK-0001@1\""]);
    assert_eq!(form.hidden("version"), "1");
    let theirs = [
        ("version", "1"),
        ("fields", "name,treatment"),
        ("name", "Flood in the basement"),
        ("treatment", "share"),
    ];
    test.post(&other, &path, &theirs).await.is(303);
    let mine = [
        ("version", "1"),
        ("fields", "name,treatment,description,review_on"),
        ("name", "Flooded basement"),
        ("treatment", "undecided"),
        ("description", "Water."),
        ("review_on", "2026-10-01"),
    ];
    let conflict = test.post(&me, &path, &mine).await;
    conflict.is(409).has(&[
        "Aylin Demir saved this risk",
        "Flooded basement",
        "Flood in the basement",
        "pick.name",
        "pick.review_on",
        "Save the chosen",
    ]);
    // What I left as it was is not in question.
    conflict.lacks(&["pick.treatment", "pick.description"]);
    assert_eq!(
        (conflict.hidden("version"), conflict.hidden("fields")),
        ("2".into(), "name,review_on".into())
    );
    let chosen = [
        ("version", "2"),
        ("fields", "name,review_on"),
        ("name", "Flooded basement"),
        ("review_on", "2026-10-01"),
        ("pick.name", "theirs"),
        ("pick.review_on", "mine"),
    ];
    test.post(&me, &path, &chosen).await.is(303);
    test.get(&me, &path).await.has(&["Flood in the basement", "2026-10-01", "Share"]);
    let same = test
        .post(&me, &path, &[("version", "3"), ("fields", "name"), ("name", "Flood in the basement")])
        .await;
    assert!(same.place.ends_with("flash=same"), "{}", same.place);
    // What cannot be read comes back as typed.
    let wrong = test
        .post(
            &me,
            &path,
            &[("version", "3"), ("fields", "name,review_on"), ("name", ""), ("review_on", "soon")],
        )
        .await;
    wrong.is(422).has(&["Name is missing", "value=\"soon\"", "is not a date"]);
}

#[tokio::test]
async fn moves_are_refused_with_their_reason_and_recorded() {
    let (mut test, me) = open().await;
    let owner = me.person.to_string();
    let risk = test.add("risk", "Hospital Kiel", &[("name", "Flood"), ("owner", &owner)]).await;
    let path = format!("/risks/{risk}");
    test.get(&me, &path).await.has(&["Assess is not possible yet: estimate frequency and loss first"]);
    test.post(&me, &format!("{path}/moves"), &[("move", "assess"), ("version", "1")])
        .await
        .is(409)
        .has(&["Estimate frequency and loss first"]);
    test.get(&me, &format!("{path}/moves/treat")).await.is(409).has(&["starts from"]);
    test.get(&me, &format!("{path}/moves/fly")).await.is(404);
    let page = test.get(&me, &format!("{path}/moves/close")).await;
    page.is(200).has(&["Close", "From Draft to Closed.", "name=\"reason\""]);
    let nothing = test
        .post(&me, &format!("{path}/moves"), &[("move", "close"), ("version", "1"), ("reason", " ")])
        .await;
    nothing.is(422).has(&["Say why", "name=\"reason\""]);
    let closed = test
        .post(
            &me,
            &format!("{path}/moves"),
            &[("move", "close"), ("version", "1"), ("reason", "The basement was sold.")],
        )
        .await;
    assert_eq!(closed.place, format!("{path}?flash=moved"));
    test.get(&me, &closed.place).await.has(&["Now Closed.", "The basement was sold."]);
    let history = test.get(&me, &format!("{path}/history")).await;
    history.is(200).has(&[
        "closed the risk: now closed",
        "Maria Lindqvist",
        "The basement was sold.",
        "proof ",
        "added the risk",
    ]);
    let then = test.get(&me, &format!("{path}?known_at=2026-08-12")).await;
    then.is(200).has(&["As it was known at"]);
    test.get(&me, &format!("{path}?known_at=2030-01-01")).await.is(422);
}

#[tokio::test]
async fn what_binds_the_organisation_takes_two() {
    let (mut test, me) = open().await;
    let boss = test.person("Erik Executive", Role::Executive, "Nordklinik").await;
    let pairs = [
        ("name", "Flood"),
        ("frequency", "0.1 | 0.2 | 0.5"),
        ("loss", "1 EUR | 2 EUR | 3 EUR"),
        ("accepted_until", "2027-01-01"),
    ];
    let risk = test.add("risk", "Hospital Kiel", &pairs).await;
    let path = format!("/risks/{risk}");
    let owner = test.app.db.head(me.person).await.unwrap().unwrap().reference.to_string();
    test.post(&me, &path, &[("version", "1"), ("fields", "owner"), ("owner", &owner)]).await.is(303);
    test.post(&me, &format!("{path}/moves"), &[("move", "assess"), ("version", "2")]).await.is(303);
    test.get(&me, &path).await.has(&["Ask to accept risk"]);
    let ask = [("move", "accept"), ("version", "3")];
    test.post(&me, &format!("{path}/moves"), &ask).await.is(422).has(&["Say why"]);
    let asked = test
        .post(&me, &format!("{path}/moves"), &[&ask[..], &[("reason", "Cheaper than a wall.")]].concat())
        .await;
    assert_eq!(asked.place, format!("{path}?flash=asked"));
    test.get(&me, "/today")
        .await
        .has(&["What you asked for", "Cheaper than a wall."])
        .lacks(&["Asked of you"]);
    let today = test.get(&boss, "/today").await;
    today.has(&["Asked of you", "Cheaper than a wall.", "1 request waits for your decision"]);
    let at = today.text.find("/approvals/").unwrap();
    let place = today.text[at..].split('"').next().unwrap().to_owned();
    let page = test.get(&me, &place).await;
    page.is(200).has(&["This waits for somebody else", "Take the request back"]).lacks(&["Agree:"]);
    test.post(&me, &place, &[("decision", "agree")]).await.is(403);
    test.get(&boss, &place).await.has(&["Agree: accept", "From Assessed to Accepted."]);
    test.post(&boss, &place, &[("decision", "refuse")]).await.is(422).has(&["Say why"]);
    let agreed = test.post(&boss, &place, &[("decision", "agree"), ("reason", "Fine.")]).await;
    assert_eq!(agreed.place, format!("{path}?flash=moved"));
    test.get(&me, &path).await.has(&["Accepted"]);
    test.get(&me, &format!("{path}/history")).await.has(&[
        "accepted the risk: now accepted",
        "agreed to what was asked",
        "asked for approval",
    ]);
    let outsider = test.person("Peter Nowak", Role::Officer, "Clinic Lund").await;
    test.get(&outsider, &place).await.is(404);
}
