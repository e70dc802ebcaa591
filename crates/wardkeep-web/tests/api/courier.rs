//! Webhooks: who is told of what, and what becomes of it when nobody answers.

use crate::common::{Session, TestApp};
use crate::outside::Outside;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;
use wardkeep_app::auth::{Auth, Keys, Settings};
use wardkeep_app::courier::{Desk, NewWebhook, WebhookState, run_background};
use wardkeep_app::records::Proposal;
use wardkeep_app::{App, Config, Ctx, DataFolder};
use wardkeep_courier::{Courier, Reach, verify};
use wardkeep_rights::Role;
use wardkeep_types::Id;

fn desk(test: &TestApp, worker: &str) -> Desk {
    let courier = Courier::new(Reach::Private).within(Duration::from_secs(5));
    Desk::new(test.app.clone(), test.auth.clone(), Keys::from_bytes([7; 32]), courier, None, worker)
}

pub async fn ctx(test: &TestApp, who: &Session) -> Ctx {
    let grants = test.auth.grants_of(who.person).await.unwrap().into_iter().map(|g| g.grant).collect();
    Ctx::new(wardkeep_rights::Actor::human(who.person, "somebody", grants, test.now().date()), test.now())
}

async fn hook(
    test: &TestApp,
    desk: &Desk,
    who: &Session,
    url: &str,
    events: &str,
    unit: &str,
) -> (Id, String) {
    let new = NewWebhook {
        name: "to the chat".into(),
        url: url.into(),
        events: events.into(),
        unit: test.id(unit),
    };
    let organisation = test.app.organisation().await.unwrap();
    let (id, secret) = desk.add_webhook(&ctx(test, who).await, &organisation, &new).await.unwrap();
    (id, secret.reveal().to_owned())
}

pub async fn rename(test: &TestApp, register: &str, name: &str, to: &str) {
    let schema = wardkeep_registers::by_key(register).unwrap();
    let proposal =
        Proposal::change(schema, test.id(name), None, crate::common::edits(schema, &[("name", to)]));
    test.app.write_one(&Ctx::system("test", test.now()), proposal).await.unwrap();
}

fn body(request: &str) -> Json {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn a_webhook_tells_its_maker_what_they_may_see_and_no_more() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let named = test.person("Aylin Demir", Role::Officer, "Nordklinik").await;
    let (desk, outside) = (desk(&test, "w"), Outside::default());
    let url = outside.hooks().await;
    desk.begin(test.now()).await.unwrap();
    let (id, secret) = hook(&test, &desk, &me, &url, "*", "Hospital Kiel").await;
    test.add("risk", "Hospital Kiel", &[("name", "Ransomware")]).await;
    test.add("risk", "Clinic Lund", &[("name", "Zanzibar risk")]).await;
    let incident = test.add("incident", "Hospital Kiel", &[("name", "Quetzal breach")]).await;
    test.post(&named, &format!("/incidents/{incident}/restrict"), &[("on", "1"), ("why", "a colleague")])
        .await;
    rename(&test, "incident", "Quetzal breach", "Quetzal again").await;
    rename(&test, "risk", "Ransomware", "Ransomware in the laboratory").await;
    desk.dispatch_webhooks(test.now()).await.unwrap();
    desk.dispatch_webhooks(test.now()).await.unwrap();
    assert_eq!(desk.send_parcels(test.now()).await.unwrap(), 2);
    let got = outside.take();
    let text = got.join("\n");
    for secret in ["Zanzibar", "Quetzal", &incident, "RSK-0002", &test.id("Quetzal breach").to_string()] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let last = got.iter().map(|g| body(g)).find(|b| b["event"] == "risk.edit").unwrap();
    assert_eq!(last["record"]["reference"], "RSK-0001");
    assert_eq!(
        last["change"]["fields"],
        json!([{ "label": "Name", "before": "Ransomware", "after": "Ransomware in the laboratory" }])
    );
    for request in &got {
        let header = request.lines().find_map(|l| l.strip_prefix("wardkeep-signature: ")).unwrap();
        assert!(verify(
            secret.as_bytes(),
            header,
            request.split_once("\r\n\r\n").unwrap().1.as_bytes(),
            test.now()
        ));
    }
    let organisation = test.app.organisation().await.unwrap();
    let log = desk.deliveries(&ctx(&test, &me).await, &organisation, id, 50).await.unwrap();
    assert_eq!(
        log.iter().map(|d| (d.state.as_str(), d.status)).collect::<Vec<_>>(),
        [("sent", Some(200)), ("sent", Some(200))]
    );
    let kept = test.app.db.row("SELECT secret FROM webhook", vec![]).await.unwrap().unwrap();
    assert!(!kept.try_get::<String>("", "secret").unwrap().contains(&secret));
    let logged = format!("{:?}", test.app.db.changes_from(1, 1_000).await.unwrap());
    assert!(logged.contains("webhook:add") && !logged.contains(&secret));
}

#[tokio::test]
async fn what_goes_out_of_sight_before_it_is_sent_is_not_told() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let named = test.person("Aylin Demir", Role::Officer, "Nordklinik").await;
    let (desk, outside) = (desk(&test, "w"), Outside::default());
    let url = outside.hooks().await;
    desk.begin(test.now()).await.unwrap();
    let (id, _) = hook(&test, &desk, &me, &url, "incident.*", "Hospital Kiel").await;
    let incident = test.add("incident", "Hospital Kiel", &[("name", "Quetzal breach")]).await;
    assert_eq!(desk.dispatch_webhooks(test.now()).await.unwrap(), 1);
    test.post(&named, &format!("/incidents/{incident}/restrict"), &[("on", "1"), ("why", "a colleague")])
        .await;
    assert_eq!(desk.send_parcels(test.now()).await.unwrap(), 0);
    assert!(outside.take().is_empty());
    let organisation = test.app.organisation().await.unwrap();
    assert!(desk.deliveries(&ctx(&test, &me).await, &organisation, id, 50).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_does_not_answer_is_asked_again_and_given_up_in_the_end() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let (desk, outside) = (desk(&test, "w"), Outside::default());
    let url = outside.hooks().await;
    desk.begin(test.now()).await.unwrap();
    let (id, _) = hook(&test, &desk, &me, &url, "risk.add", "Hospital Kiel").await;
    outside.answer(&[500, 503]);
    test.add("risk", "Hospital Kiel", &[("name", "Ransomware")]).await;
    desk.dispatch_webhooks(test.now()).await.unwrap();
    let mut tries = Vec::new();
    for _ in 0..60 {
        if desk.send_parcels(test.now()).await.unwrap() == 1 {
            break;
        }
        tries.push(outside.take().len());
        test.clock.advance(1);
    }
    // At once, after 10 seconds, after 30 more.
    assert_eq!(
        tries.iter().enumerate().filter(|(_, n)| **n > 0).map(|(at, _)| at).collect::<Vec<_>>(),
        [0, 10]
    );
    assert_eq!(tries.len(), 40);
    let organisation = test.app.organisation().await.unwrap();
    let log = desk.deliveries(&ctx(&test, &me).await, &organisation, id, 5).await.unwrap();
    assert_eq!((log[0].attempts, log[0].state.as_str()), (3, "sent"));
    outside.answer(&[500; 16]);
    test.add("risk", "Hospital Kiel", &[("name", "Flood")]).await;
    desk.dispatch_webhooks(test.now()).await.unwrap();
    for _ in 0..16 {
        desk.send_parcels(test.now()).await.unwrap();
        test.clock.advance(6 * 3_600 + 1);
    }
    let found = desk.webhooks(&ctx(&test, &me).await, &organisation).await.unwrap();
    assert_eq!(found[0].state, WebhookState::Off);
    assert!(found[0].note.contains("for days"), "{}", found[0].note);
    desk.set_webhook(&ctx(&test, &me).await, &organisation, id, WebhookState::On).await.unwrap();
    outside.answer(&[410]);
    test.add("risk", "Hospital Kiel", &[("name", "Fire")]).await;
    desk.dispatch_webhooks(test.now()).await.unwrap();
    desk.send_parcels(test.now()).await.unwrap();
    assert!(desk.webhooks(&ctx(&test, &me).await, &organisation).await.unwrap()[0].note.contains("gone"));
}

#[tokio::test]
async fn webhooks_are_their_makers_own() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let other = test.person("Peter Nowak", Role::Officer, "Hospital Kiel").await;
    let employee = test.person("Ingrid Aas", Role::Employee, "Hospital Kiel").await;
    let desk = desk(&test, "w");
    let organisation = test.app.organisation().await.unwrap();
    let (id, _) = hook(&test, &desk, &me, "http://127.0.0.1:9/x", "*", "Hospital Kiel").await;
    let (mine, theirs) = (ctx(&test, &me).await, ctx(&test, &other).await);
    assert_eq!(desk.webhooks(&theirs, &organisation).await.unwrap().len(), 0);
    assert!(desk.end_webhook(&theirs, &organisation, id).await.is_err());
    assert!(desk.deliveries(&theirs, &organisation, id, 5).await.is_err());
    let new = |url: &str, events: &str, unit: &str| NewWebhook {
        name: "x".into(),
        url: url.into(),
        events: events.into(),
        unit: test.id(unit),
    };
    assert!(
        desk.add_webhook(
            &ctx(&test, &employee).await,
            &organisation,
            &new("http://127.0.0.1:9/", "*", "Hospital Kiel")
        )
        .await
        .is_err()
    );
    for (wrong, said) in [
        (new("http://169.254.169.254/", "*", "Hospital Kiel"), "link-local"),
        (new("nowhere", "*", "Hospital Kiel"), "no web address"),
        (new("http://127.0.0.1:9/", "risk.fly", "Hospital Kiel"), "no event"),
        (new("http://127.0.0.1:9/", "*", "Clinic Lund"), "choose a unit"),
    ] {
        let error = desk.add_webhook(&mine, &organisation, &wrong).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    let public = Desk::new(
        test.app.clone(),
        test.auth.clone(),
        Keys::from_bytes([7; 32]),
        Courier::new(Reach::Public),
        None,
        "w",
    );
    let error = public
        .add_webhook(&mine, &organisation, &new("https://10.1.2.3/", "*", "Hospital Kiel"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("private network"), "{error}");
    // Whoever may not come in any more is not told anything.
    desk.begin(test.now()).await.unwrap();
    test.add("risk", "Hospital Kiel", &[("name", "Ransomware")]).await;
    let account = test.auth.account_by_email("maria.lindqvist@example.org").await.unwrap().unwrap();
    let system = Ctx::system("test", test.now());
    test.auth.set_suspended(&system, &organisation.units, &account, true, "left").await.unwrap();
    assert_eq!(desk.dispatch_webhooks(test.now()).await.unwrap(), 0);
    let state = test.app.db.row("SELECT state FROM webhook", vec![]).await.unwrap().unwrap();
    assert_eq!(state.try_get::<String>("", "state").unwrap(), "off");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_workers_send_each_parcel_once() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let outside = Outside::default();
    let url = outside.hooks().await;
    let desks: Vec<Desk> = (0..4).map(|n| desk(&test, &format!("w{n}"))).collect();
    desks[0].begin(test.now()).await.unwrap();
    hook(&test, &desks[0], &me, &url, "*", "Hospital Kiel").await;
    for n in 0..60 {
        test.add("risk", "Hospital Kiel", &[("name", &format!("Risk {n}"))]).await;
    }
    let now = test.now();
    let work = desks.into_iter().map(|desk| {
        tokio::spawn(async move {
            desk.dispatch_webhooks(now).await.unwrap();
            desk.send_parcels(now).await.unwrap() + desk.send_parcels(now).await.unwrap()
        })
    });
    let mut sent = 0;
    for one in work.collect::<Vec<_>>() {
        sent += one.await.unwrap();
    }
    let mut got: Vec<String> =
        outside.take().iter().map(|g| body(g)["record"]["reference"].as_str().unwrap().to_owned()).collect();
    got.sort();
    got.dedup();
    assert_eq!((sent, got.len()), (60, 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_background_carries_all_of_it_until_it_is_stopped() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let outside = Outside::default();
    let url = outside.hooks().await;
    let config = Config { private_webhooks: true, ..Config::default() };
    let folder = DataFolder::create(test.dir.path()).unwrap();
    let keys = Keys::open(&folder.keys()).unwrap();
    let (app, _) = App::open(folder, config, Arc::new(test.clock.clone())).await.unwrap();
    let app = Arc::new(app);
    let auth = Auth::open(app.db.clone(), keys.clone(), Settings::default()).await.unwrap();
    let desk = Desk::new(app.clone(), auth.clone(), keys, Courier::new(Reach::Private), None, "w");
    desk.begin(test.now()).await.unwrap();
    hook(&test, &desk, &me, &url, "*", "Hospital Kiel").await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(run_background(app.clone(), auth, stopped));
    test.add("risk", "Hospital Kiel", &[("name", "Ransomware")]).await;
    let mut got = Vec::new();
    for _ in 0..200 {
        got.extend(outside.take());
        if !got.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(20), running).await.unwrap().unwrap().unwrap();
    assert!(got.iter().any(|g| body(g)["record"]["reference"] == "RSK-0001"), "{got:?}");
    let heads = app.db.row("SELECT count(*) AS n FROM signed_head", vec![]).await.unwrap().unwrap();
    assert!(heads.try_get::<i64>("", "n").unwrap() > 0);
}
