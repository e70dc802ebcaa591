//! Administration: who may see which page, and what each act does.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod common;

use common::{Session, TestApp};
use std::time::Duration;
use wardkeep_register::Verb;
use wardkeep_rights::{Extent, Role};

const PAGES: [&str; 9] = [
    "/admin",
    "/admin/users",
    "/admin/users/new",
    "/admin/fields",
    "/admin/tokens",
    "/admin/webhooks",
    "/admin/jobs",
    "/admin/health",
    "/admin/settings",
];

const ACTS: [(&str, &[(&str, &str)]); 9] = [
    ("/admin/users", &[("person", "PER-0001"), ("role", "officer"), ("unit", "UNI-0001"), ("why", "x")]),
    ("/admin/fields", &[("register", "risk"), ("label", "Rack"), ("kind", "line")]),
    ("/admin/fields/retire", &[("register", "risk"), ("name", "rack"), ("retired", "yes")]),
    ("/admin/tokens", &[("row", "00000000-0000-0000-0000-000000000000")]),
    ("/admin/webhooks/00000000-0000-0000-0000-000000000001", &[("verb", "end")]),
    ("/admin/jobs", &[("verb", "retry"), ("job", "1")]),
    ("/admin/jobs", &[("verb", "stop"), ("job", "1")]),
    ("/admin/health", &[]),
    ("/admin/users/00000000-0000-0000-0000-000000000001", &[("verb", "reset"), ("reason", "x")]),
];

/// Everybody with a role on the whole organisation, and what they reach of these pages.
#[tokio::test]
async fn pages_of_administration_open_to_those_the_table_names() {
    let mut test = TestApp::open().await;
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Pipeline) {
        let who = test.person(&format!("Walker {}", role.key().replace('_', " ")), role, "Nordklinik").await;
        let sees = matches!(role, Role::Officer | Role::InternalAuditor | Role::Administrator);
        for page in PAGES {
            let answer = test.get(&who, page).await;
            let token = wardkeep_rights::Named::Token.into();
            let extent = |verb| wardkeep_rights::extent(role, token, verb);
            let expected = match page {
                "/admin/users/new" if sees && role != Role::Administrator => 403,
                "/admin/tokens" if extent(Verb::View) != Extent::All => 404,
                // Whoever may have tokens may have webhooks of their own.
                "/admin/webhooks" if extent(Verb::Add) != Extent::None => 200,
                _ if sees => 200,
                _ => 404,
            };
            assert_eq!(answer.status, expected, "{} {page}", role.key());
            answer.lacks(&[" style=\"", "<script>", ">admin.", ">live."]);
        }
        if role == Role::Administrator || role == Role::Officer {
            continue;
        }
        for (place, pairs) in ACTS {
            let status = test.post(&who, place, pairs).await.status;
            assert!(matches!(status, 403 | 404), "{} {place}: {status}", role.key());
        }
    }
    let nobody = Session { cookie: String::new(), csrf: String::new(), person: wardkeep_types::Id::NIL };
    for page in PAGES {
        test.get(&nobody, page).await.is(303);
    }
    for (place, pairs) in ACTS {
        test.post_raw(&nobody, place, pairs).await.is(303);
    }
    // A role on one unit is no role on the installation.
    let kiel = test.person("Kiel Officer", Role::Officer, "Hospital Kiel").await;
    for page in PAGES.iter().filter(|p| **p != "/admin/webhooks") {
        test.get(&kiel, page).await.is(404);
    }
    let officer = test.person("Second Officer", Role::Officer, "Nordklinik").await;
    for (place, pairs) in ACTS.iter().filter(|(place, _)| !place.starts_with("/admin/fields")) {
        let status = test.post(&officer, place, pairs).await.status;
        assert!(matches!(status, 403 | 404), "officer {place}: {status}");
        test.post_raw(&officer, place, pairs).await.is(403);
    }
}

#[tokio::test]
async fn an_administrator_invites_gives_roles_and_mends_accounts() {
    let mut test = TestApp::open().await;
    let admin = test.person("Ada Admin", Role::Administrator, "Nordklinik").await;
    test.add("person", "Hospital Kiel", &[("name", "Jonas Berg"), ("email", "jonas.berg@example.org")]).await;
    test.move_to("person", "Jonas Berg", "start").await;
    let reference = test.app.db.head(test.id("Jonas Berg")).await.unwrap().unwrap().reference.to_string();
    let form =
        [("person", reference.as_str()), ("role", "owner"), ("unit", "UNI-0002"), ("until", ""), ("why", "")];
    test.post(&admin, "/admin/users", &form).await.is(422).has(&["Say why"]);
    let form =
        [("person", reference.as_str()), ("role", "owner"), ("unit", "UNI-0002"), ("why", "runs the wards")];
    let link = test.post(&admin, "/admin/users", &form).await;
    link.is(200).has(&["Jonas Berg", "is shown only now", "/link/"]);
    test.get(&admin, "/admin/users").await.is(200).has(&["Jonas Berg", "Owner, Hospital Kiel", "Invited"]);
    test.get(&admin, "/admin/users?show=active").await.lacks(&["Jonas Berg"]);
    let account = test.auth.account_by_email("jonas.berg@example.org").await.unwrap().unwrap();
    let place = format!("/admin/users/{}", account.id);
    test.get(&admin, &place).await.is(200).has(&["Give a role", "Reset second factor", "Close account"]);
    let role = [("verb", "grant"), ("role", "external_auditor"), ("unit", "UNI-0001"), ("why", "audit")];
    test.post(&admin, &place, &role).await.is(422).has(&["needs a last day"]);
    let role = [&role[..], &[("until", "2026-09-30")]].concat();
    test.post(&admin, &place, &role).await.leads_to();
    let given = test.auth.grants_of(account.person).await.unwrap();
    assert_eq!(given.len(), 2);
    let grant = given.iter().find(|g| g.grant.role == Role::Owner).unwrap().id.to_string();
    test.post(&admin, &place, &[("verb", "revoke"), ("grant", &grant)]).await.leads_to();
    assert_eq!(test.auth.grants_of(account.person).await.unwrap().len(), 1);
    for verb in ["reset", "sessions", "disable"] {
        test.post(&admin, &place, &[("verb", verb), ("reason", " ")]).await.is(422).has(&["Say why"]);
        test.post(&admin, &place, &[("verb", verb), ("reason", "phone lost")]).await.leads_to();
    }
    test.get(&admin, &place).await.has(&["Closed", "Open account again"]);
    test.post(&admin, &place, &[("verb", "enable"), ("reason", "found")]).await.leads_to();
    // Nobody does this to themselves.
    let own = test.auth.account_by_email("ada.admin@example.org").await.unwrap().unwrap();
    let mine = format!("/admin/users/{}", own.id);
    test.get(&admin, &mine).await.is(200).has(&["This is your own account"]).lacks(&["Reset second factor"]);
    for (verb, field) in [("reset", "reason"), ("disable", "reason"), ("sessions", "reason")] {
        test.post(&admin, &mine, &[("verb", verb), (field, "x")]).await.is(403);
    }
    let own_role = [("verb", "grant"), ("role", "officer"), ("unit", "UNI-0001"), ("why", "x")];
    test.post(&admin, &mine, &own_role).await.is(403);
    // The proof of identity is asked again when it is old.
    test.clock.advance(16 * 60);
    let stale = test.post(&admin, &place, &[("verb", "disable"), ("reason", "x")]).await;
    assert_eq!(stale.leads_to(), "/confirm");
}

#[tokio::test]
async fn a_session_that_was_ended_by_an_administrator_is_over() {
    let mut test = TestApp::open().await;
    let admin = test.person("Ada Admin", Role::Administrator, "Nordklinik").await;
    let other = test.person("Jonas Berg", Role::Owner, "Hospital Kiel").await;
    test.get(&other, "/today").await.is(200);
    let account = test.auth.account_by_email("jonas.berg@example.org").await.unwrap().unwrap();
    let place = format!("/admin/users/{}", account.id);
    test.post(&admin, &place, &[("verb", "sessions"), ("reason", "laptop stolen")]).await.leads_to();
    test.get(&other, "/today").await.is(303);
    test.get(&admin, "/admin/users/nobody").await.is(404);
}

#[tokio::test]
async fn custom_fields_are_in_forms_at_once_and_go_when_retired() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let wrong = [("register", "risk"), ("label", "Name"), ("kind", "line")];
    test.post(&me, "/admin/fields", &wrong).await.is(422).has(&["already", "value=\"Name\""]);
    let field =
        [("register", "risk"), ("label", "Board topic"), ("kind", "choice"), ("options", "Yes\nNo\nLater")];
    test.post(&me, "/admin/fields", &field).await.leads_to();
    test.get(&me, "/admin/fields").await.is(200).has(&[
        "Board topic",
        "board_topic",
        "Yes, No, Later",
        "In use",
    ]);
    test.get(&me, "/risks/new").await.has(&["Board topic", "Later"]);
    test.post(&me, "/admin/fields", &field).await.is(422).has(&["was made for risks before"]);
    let name = [("register", "risk"), ("name", "board_topic"), ("retired", "yes")];
    test.post(&me, "/admin/fields/retire", &name).await.leads_to();
    test.get(&me, "/risks/new").await.lacks(&["Board topic"]);
    let back = [("register", "risk"), ("name", "board_topic"), ("retired", "no")];
    test.post(&me, "/admin/fields/retire", &back).await.leads_to();
    test.get(&me, "/risks/new").await.has(&["Board topic"]);
}

#[tokio::test]
async fn webhooks_show_their_secret_once_and_are_switched() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    let lund = test.person("Peter Nowak", Role::Officer, "Clinic Lund").await;
    let wrong =
        [("name", "chat"), ("url", "http://127.0.0.1/x"), ("events", "risk.fly"), ("unit", "UNI-0001")];
    test.post(&me, "/admin/webhooks", &wrong).await.is(422).has(&["is no event", "value=\"chat\""]);
    let hook =
        [("name", "chat"), ("url", "https://chat.example.org/x"), ("events", "risk.*"), ("unit", "UNI-0001")];
    let made = test.post(&me, "/admin/webhooks", &hook).await;
    made.is(200).has(&["shown only now", "class=\"secret\""]);
    let secret = made.text.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let list = test.get(&me, "/admin/webhooks").await;
    list.is(200).has(&["chat.example.org", "risk.*"]).lacks(&[secret.as_str()]);
    test.get(&lund, "/admin/webhooks").await.is(200).lacks(&["chat.example.org"]);
    let at = list.text.find("/admin/webhooks/").unwrap();
    let place = list.text[at..].split('"').next().unwrap().to_owned();
    test.get(&me, &place).await.is(200).has(&["Pause", "Nothing was sent yet"]).lacks(&[secret.as_str()]);
    test.get(&lund, &place).await.is(404);
    test.post(&lund, &place, &[("verb", "end")]).await.is(404);
    test.post(&me, &place, &[("verb", "off")]).await.leads_to();
    test.get(&me, &place).await.has(&["Turn on"]);
    test.post(&me, &place, &[("verb", "on")]).await.leads_to();
    test.post(&me, &place, &[("verb", "end")]).await.leads_to();
    test.get(&me, &place).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chain_is_verified_beside_the_request_and_jobs_are_told() {
    let mut test = TestApp::open().await;
    let admin = test.person("Ada Admin", Role::Administrator, "Nordklinik").await;
    test.get(&admin, "/admin").await.is(200).has(&["There is no backup of the last seven days"]);
    test.get(&admin, "/admin/health").await.is(200).has(&["was not verified here yet", "Verify now"]);
    test.post(&admin, "/admin/health", &[]).await.leads_to();
    let mut told = test.get(&admin, "/admin/health").await;
    for _ in 0..200 {
        if told.text.contains("Sound: ") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        told = test.get(&admin, "/admin/health").await;
    }
    told.has(&["Sound: ", "signed heads"]);
    test.get(&admin, "/admin/jobs").await.is(200).has(&["Verification", "Done", "Ada Admin"]);
    test.get(&admin, "/admin/jobs?state=failed").await.has(&["No jobs"]);
    test.post(&admin, "/admin/jobs", &[("verb", "retry"), ("job", "1")]).await.is(409);
    test.get(&admin, "/admin/settings").await.has(&["SQLite", "Single-officer mode", "32 MiB"]);
}
