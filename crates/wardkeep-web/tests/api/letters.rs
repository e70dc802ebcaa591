//! Notices and mail: who gets a letter of what, and what it must not tell.

use crate::common::TestApp;
use crate::courier::{ctx, rename};
use crate::outside::Outside;
use wardkeep_app::auth::Keys;
use wardkeep_app::courier::Desk;
use wardkeep_courier::{Courier, MailSettings, Mailer, Reach, Security};
use wardkeep_rights::Role;

#[tokio::test]
async fn watchers_owners_and_mentioned_people_get_letters() {
    let mut test = TestApp::open().await;
    let me = test.person("Maria Lindqvist", Role::Officer, "Hospital Kiel").await;
    let jonas = test.person("Jonas Berg", Role::Owner, "Hospital Kiel").await;
    let outside = Outside::default();
    let port = outside.mail().await;
    let from = "Wardkeep <wardkeep@example.org>".into();
    let settings =
        MailSettings { host: "127.0.0.1".into(), port, from, account: None, security: Security::None };
    let mailer = Mailer::new(&settings).unwrap();
    let desk = Desk::new(
        test.app.clone(),
        test.auth.clone(),
        Keys::from_bytes([7; 32]),
        Courier::new(Reach::Public),
        Some(mailer),
        "w",
    );
    desk.begin(test.now()).await.unwrap();
    let risk = test.add("risk", "Hospital Kiel", &[("name", "Ransomware")]).await;
    let task = test
        .add("task", "Hospital Kiel", &[("name", "Ask the insurer"), ("owner", &jonas.person.to_string())])
        .await;
    let incident = test.add("incident", "Hospital Kiel", &[("name", "Quetzal breach")]).await;
    test.post(&me, &format!("/risks/{risk}/watch"), &[("on", "1")]).await;
    rename(&test, "risk", "Ransomware", "Ransomware in the laboratory").await;
    test.post(&me, &format!("/tasks/{task}/comments"), &[("comment", "Please look, @Jonas Berg")]).await;
    test.post(&me, &format!("/incidents/{incident}/comments"), &[("comment", "And here, @Jonas Berg")]).await;
    desk.dispatch_notices(test.now()).await.unwrap();
    desk.dispatch_notices(test.now()).await.unwrap();
    let sent = desk.send_letters(test.now()).await.unwrap();
    let got = outside.take();
    let to = |mail: &str| got.iter().filter(|g| g.contains(mail)).collect::<Vec<_>>();
    assert_eq!((sent, got.len()), (3 + u64::from(to("jonas").len() == 3), got.len()), "{got:?}");
    assert!(
        to("maria.lindqvist@example.org")
            .iter()
            .any(|g| g.contains("Wardkeep changed RSK-0001") || g.contains("changed")),
        "{got:?}"
    );
    assert!(to("jonas.berg@example.org").iter().any(|g| g.contains("mentioned")), "{got:?}");
    assert!(to("jonas.berg@example.org").iter().any(|g| g.contains("yours now")), "{got:?}");
    // An owner sees no alerts and only own incidents: a mention does not open one.
    assert!(got.iter().all(|g| !g.contains("insurer's secret")));
    assert_eq!(desk.send_letters(test.now()).await.unwrap(), 0);
    // A restricted record is named by its reference alone.
    test.post(&me, &format!("/incidents/{incident}/watch"), &[("on", "1")]).await;
    test.post(&me, &format!("/incidents/{incident}/restrict"), &[("on", "1"), ("why", "a colleague")]).await;
    desk.dispatch_notices(test.now()).await.unwrap();
    desk.send_letters(test.now()).await.unwrap();
    outside.take();
    rename(&test, "incident", "Quetzal breach", "Quetzal again").await;
    desk.dispatch_notices(test.now()).await.unwrap();
    desk.send_letters(test.now()).await.unwrap();
    let got = outside.take();
    assert_eq!(got.len(), 1, "{got:?}");
    assert!(
        got[0].contains("maria.lindqvist@example.org")
            && got[0].contains(&incident)
            && !got[0].contains("Quetzal"),
        "{got:?}"
    );
    // What was read in the program is not mailed.
    rename(&test, "risk", "Ransomware", "Ransomware 3").await;
    desk.dispatch_notices(test.now()).await.unwrap();
    test.app.read_notice(&ctx(&test, &me).await, None).await.unwrap();
    assert_eq!(desk.send_letters(test.now()).await.unwrap(), 0);
}
