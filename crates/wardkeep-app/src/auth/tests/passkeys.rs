use super::authenticator::Authenticator;
use super::*;
use serde_json::{Value as Json, json};

async fn sign_in(door: &Door, key: &mut Authenticator, now: Moment) -> Step {
    let (options, secret) = door.auth.begin_passkey_sign_in(&home(), now).await.unwrap();
    let answer = key.get(&options);
    door.auth.finish_passkey_sign_in(secret.reveal(), &answer, &home(), now).await.unwrap()
}

async fn with_key(door: &Door, seed: u8) -> (Live, Authenticator, Id) {
    let (_, live) = door.signed_in("anna@example.org", GOOD, START).await;
    let mut key = Authenticator::new(seed);
    let made = key.create(&door.auth.begin_passkey(&live, "Laptop", START).await.unwrap());
    let id = door.auth.finish_passkey(&live, &made, START).await.unwrap();
    (live, key, id)
}

#[tokio::test]
async fn only_what_was_asked_for_is_added() {
    for door in doors().await {
        let auth = &door.auth;
        let (_, live) = door.signed_in("anna@example.org", GOOD, START).await;
        let mut key = Authenticator::new(1);
        assert!(auth.begin_passkey(&live, "Laptop", at(1_000)).await.is_err(), "not fresh");
        let options = auth.begin_passkey(&live, "Laptop", START).await.unwrap();
        assert_eq!(options["publicKey"]["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["publicKey"]["rp"]["id"], "localhost");
        let made = key.create(&options);
        for broken in [json!({}), json!(null), json!({ "id": "x" })] {
            assert!(auth.finish_passkey(&live, &broken, START).await.is_err());
        }
        assert!(
            auth.finish_passkey(&live, &made, START).await.is_err(),
            "a challenge is answered once, even badly"
        );
        for (change, what) in [
            ((|k| k.origin = "https://evil.example") as fn(&mut Authenticator), "origin"),
            (|k| k.verifies = false, "user verification"),
        ] {
            let mut bad = Authenticator::new(1);
            change(&mut bad);
            let made = bad.create(&auth.begin_passkey(&live, "Laptop", START).await.unwrap());
            assert!(auth.finish_passkey(&live, &made, START).await.is_err(), "{what}");
        }
        let made = key.create(&auth.begin_passkey(&live, "Laptop", START).await.unwrap());
        assert!(auth.finish_passkey(&live, &made, at(301)).await.is_err(), "too late");
        let made = key.create(&auth.begin_passkey(&live, "Laptop", START).await.unwrap());
        auth.finish_passkey(&live, &made, START).await.unwrap();
        // The same credential is not added twice, for anybody.
        let again = Authenticator::new(1).create(&auth.begin_passkey(&live, "Laptop", START).await.unwrap());
        assert!(auth.finish_passkey(&live, &again, START).await.is_err());
        let keys = auth.passkeys(live.account).await.unwrap();
        assert_eq!((keys.len(), keys[0].name.as_str()), (1, "Laptop"));
        assert!(door.log().await.contains("passkey:add"));
    }
}

#[tokio::test]
async fn a_passkey_signs_in_alone_and_only_as_itself() {
    for door in doors().await {
        let auth = &door.auth;
        let (live, mut key, _) = with_key(&door, 2).await;
        let (options, secret) = auth.begin_passkey_sign_in(&home(), at(10)).await.unwrap();
        assert!(options.get("mediation").is_none());
        let answer = key.get(&options);
        let finish = |secret: String, answer: Json, now| async move {
            auth.finish_passkey_sign_in(&secret, &answer, &home(), now).await.unwrap()
        };
        assert!(matches!(finish("made up".into(), answer.clone(), at(11)).await, Step::Wrong));
        assert!(
            matches!(finish(secret.reveal().into(), answer.clone(), at(10 + 301)).await, Step::Wrong),
            "too late"
        );
        let Step::Done(issued) = finish(secret.reveal().into(), answer.clone(), at(12)).await else {
            panic!("the passkey was refused")
        };
        assert_eq!(auth.live(issued.token.reveal(), at(13)).await.unwrap().unwrap().level, Level::Passkey);
        assert!(matches!(finish(secret.reveal().into(), answer, at(14)).await, Step::Wrong), "replayed");
        // Another key with the same name, another origin, no check of the person, a forged user: refused.
        let mut thief = Authenticator::new(3);
        thief.create(
            &json!({ "publicKey": { "user": { "id": options["publicKey"]["challenge"] }, "challenge": "" } }),
        );
        assert!(matches!(sign_in(&door, &mut thief, at(15)).await, Step::Wrong));
        key.origin = "https://evil.example";
        assert!(matches!(sign_in(&door, &mut key, at(16)).await, Step::Wrong));
        key.origin = "http://localhost:8420";
        key.verifies = false;
        assert!(matches!(sign_in(&door, &mut key, at(17)).await, Step::Wrong));
        key.verifies = true;
        // A counter only goes on: a copy that lags behind is refused.
        key.counter = 5;
        assert!(matches!(sign_in(&door, &mut key, at(18)).await, Step::Done(_)));
        key.counter = 4;
        assert!(matches!(sign_in(&door, &mut key, at(19)).await, Step::Wrong));
        key.counter = 6;
        assert!(matches!(sign_in(&door, &mut key, at(20)).await, Step::Done(_)));
        assert_eq!(auth.passkeys(live.account).await.unwrap()[0].used_at, Some(at(20)));
        // Whoever is suspended is not let in by a passkey either.
        auth.db.run("UPDATE account SET state = 'suspended'", vec![]).await.unwrap();
        key.counter = 7;
        assert!(matches!(sign_in(&door, &mut key, at(21)).await, Step::Wrong));
    }
}

#[tokio::test]
async fn a_removed_passkey_is_worth_nothing_and_the_last_way_in_is_kept() {
    for door in doors().await {
        let auth = &door.auth;
        let (live, mut key, id) = with_key(&door, 4).await;
        assert!(auth.remove_passkey(&live, Id::NIL, at(1)).await.is_err());
        assert!(auth.remove_passkey(&live, id, at(1_000)).await.is_err(), "not fresh");
        auth.db.run("UPDATE account SET password_hash = NULL", vec![]).await.unwrap();
        assert!(said(auth.remove_passkey(&live, id, at(1)).await).contains("only way to sign in"));
        auth.db.run("UPDATE account SET password_hash = 'x'", vec![]).await.unwrap();
        auth.remove_passkey(&live, id, at(1)).await.unwrap();
        assert!(matches!(sign_in(&door, &mut key, at(2)).await, Step::Wrong));
    }
}

#[tokio::test]
async fn an_address_by_number_has_no_passkeys() {
    for (auth, _dir) in empty(Settings { public_url: "http://127.0.0.1:8420".into(), ..cheap() }).await {
        assert!(!auth.has_passkeys());
        assert!(said(auth.begin_passkey_sign_in(&home(), START).await).contains("by name"));
    }
}
