use super::*;
use totp_rs::{Algorithm, TOTP};

fn code(secret: &Secret, now: Moment) -> String {
    let bytes = totp_rs::Secret::Encoded(secret.reveal().into()).to_bytes().unwrap();
    TOTP::new(Algorithm::SHA1, 6, 1, 30, bytes, None, "x".into())
        .unwrap()
        .generate((now.as_micros() / 1_000_000) as u64)
}

async fn enrolled(door: &Door) -> (Secret, Vec<Secret>) {
    let (_, live) = door.signed_in("anna@example.org", GOOD, START).await;
    let begun = door.auth.begin_totp(&live, at(1)).await.unwrap();
    let codes = door.auth.confirm_totp(&live, &code(&begun.secret, at(2)), at(2)).await.unwrap();
    (begun.secret.clone(), codes)
}

#[tokio::test]
async fn codes_are_set_up_with_proof_and_then_asked() {
    for door in doors().await {
        let auth = &door.auth;
        let (_, live) = door.signed_in("anna@example.org", GOOD, START).await;
        assert!(said(auth.confirm_totp(&live, "123456", START).await).contains("begin"));
        assert!(auth.replace_recovery_codes(&live, START).await.is_err());
        let begun = auth.begin_totp(&live, at(1)).await.unwrap();
        assert!(
            begun.uri.reveal().starts_with("otpauth://totp/Wardkeep:anna%40example.org?secret="),
            "{}",
            begun.uri.reveal()
        );
        assert_eq!(auth.begun_totp(&live).await.unwrap().unwrap().secret, begun.secret);
        assert!(said(auth.confirm_totp(&live, "000000", at(2)).await).contains("does not fit"));
        // Not asked before it was shown to work.
        assert!(matches!(door.sign_in("anna@example.org", GOOD, &home(), at(2)).await, Step::Done(_)));
        let codes = auth.confirm_totp(&live, &code(&begun.secret, at(3)), at(3)).await.unwrap();
        assert_eq!((codes.len(), auth.recovery_codes_left(live.account).await.unwrap()), (10, 10));
        assert!(
            auth.begin_totp(&live, at(4)).await.is_err() && auth.begun_totp(&live).await.unwrap().is_none()
        );
        // In the database the secret is sealed, in the log there is nothing of it.
        let kept = door.account("anna@example.org").await.totp_secret.unwrap();
        assert!(kept.starts_with("1:") && !kept.contains(begun.secret.reveal()));
        let log = door.log().await;
        assert!(log.contains("totp:add") && !log.contains(&kept) && !log.contains(codes[0].reveal()));
    }
}

#[tokio::test]
async fn the_second_step_takes_one_fresh_code() {
    for door in doors().await {
        let auth = &door.auth;
        let (secret, recovery) = enrolled(&door).await;
        let waiting = |now| {
            let door = &door;
            async move {
                let Step::NeedCode(issued) = door.sign_in("anna@example.org", GOOD, &home(), now).await
                else {
                    panic!("no code asked")
                };
                issued
            }
        };
        let step = |token: Secret, code: String, now| async move {
            auth.second_factor(token.reveal(), &code, &home(), now).await.unwrap()
        };
        let pending = waiting(at(100)).await;
        assert!(
            auth.live(pending.token.reveal(), at(100)).await.unwrap().is_none(),
            "half a sign-in opens nothing"
        );
        assert!(pending.device.is_none());
        let good = code(&secret, at(100));
        assert!(matches!(step(Secret::random(), good.clone(), at(100)).await, Step::Wrong));
        assert!(matches!(step(pending.token.clone(), "123".into(), at(100)).await, Step::Wrong));
        let Step::Done(issued) = step(pending.token.clone(), good.clone(), at(100)).await else { panic!() };
        assert_eq!(
            auth.live(issued.token.reveal(), at(101)).await.unwrap().unwrap().level,
            Level::SecondFactor
        );
        assert!(
            matches!(step(pending.token.clone(), code(&secret, at(130)), at(130)).await, Step::Wrong),
            "used up"
        );
        // The same code does not open a second door.
        let pending = waiting(at(105)).await;
        assert!(matches!(step(pending.token.clone(), good, at(105)).await, Step::Wrong));
        // A recovery code does, once, however it is typed.
        let typed = recovery[0].reveal().to_uppercase().replace('-', " ");
        assert!(matches!(step(pending.token.clone(), typed.clone(), at(106)).await, Step::Done(_)));
        let pending = waiting(at(200)).await;
        assert!(matches!(step(pending.token.clone(), typed, at(200)).await, Step::Wrong));
        assert!(
            matches!(
                step(pending.token.clone(), code(&secret, at(200 + 700)), at(200 + 700)).await,
                Step::Wrong
            ),
            "ten minutes are over"
        );
        // A mailed link is one factor only.
        let link = auth
            .request_link("anna@example.org", Purpose::SignIn, &home(), at(1_000))
            .await
            .unwrap()
            .unwrap();
        assert!(matches!(
            auth.sign_in_by_link(link.token.reveal(), &home(), at(1_001)).await.unwrap(),
            Step::NeedCode(_)
        ));
        assert!(matches!(
            auth.session_for_verified_email("anna@example.org", Level::Service, &home(), at(1_002))
                .await
                .unwrap(),
            Step::NeedCode(_)
        ));
    }
}

#[tokio::test]
async fn codes_cannot_be_guessed_through() {
    for door in doors().await {
        let (secret, _) = enrolled(&door).await;
        let now = at(4_000);
        let Step::NeedCode(pending) = door.sign_in("anna@example.org", GOOD, &home(), now).await else {
            panic!()
        };
        for _ in 0..5 {
            assert!(matches!(
                door.auth.second_factor(pending.token.reveal(), "000000", &home(), now).await.unwrap(),
                Step::Wrong
            ));
        }
        assert!(
            matches!(
                door.auth
                    .second_factor(pending.token.reveal(), &code(&secret, now), &home(), now)
                    .await
                    .unwrap(),
                Step::Wrong
            ),
            "five wrong codes end it"
        );
        let Step::NeedCode(pending) = door.sign_in("anna@example.org", GOOD, &home(), now).await else {
            panic!()
        };
        assert!(matches!(
            door.auth.second_factor(pending.token.reveal(), &code(&secret, now), &home(), now).await.unwrap(),
            Step::Wait(_)
        ));
        let later = now.plus_seconds(31);
        assert!(matches!(
            door.auth
                .second_factor(pending.token.reveal(), &code(&secret, later), &home(), later)
                .await
                .unwrap(),
            Step::Done(_)
        ));
    }
}

#[tokio::test]
async fn taking_codes_away_needs_a_fresh_proof() {
    for door in doors().await {
        let auth = &door.auth;
        let (secret, old) = enrolled(&door).await;
        let Step::NeedCode(pending) = door.sign_in("anna@example.org", GOOD, &home(), at(100)).await else {
            panic!()
        };
        let Step::Done(issued) = auth
            .second_factor(pending.token.reveal(), &code(&secret, at(100)), &home(), at(100))
            .await
            .unwrap()
        else {
            panic!()
        };
        let live = auth.live(issued.token.reveal(), at(1_200)).await.unwrap().unwrap();
        assert!(
            auth.remove_totp(&live, at(1_200)).await.is_err()
                && auth.replace_recovery_codes(&live, at(1_200)).await.is_err()
        );
        let issued = auth.confirm(&live, &code(&secret, at(1_200)), at(1_200)).await.unwrap();
        let live = auth.live(issued.token.reveal(), at(1_201)).await.unwrap().unwrap();
        let new = auth.replace_recovery_codes(&live, at(1_201)).await.unwrap();
        assert!(old.iter().all(|code| !new.contains(code)));
        assert!(auth.confirm(&live, old[3].reveal(), at(1_202)).await.is_err());
        auth.remove_totp(&live, at(1_203)).await.unwrap();
        assert_eq!(auth.recovery_codes_left(live.account).await.unwrap(), 0);
        assert!(matches!(door.sign_in("anna@example.org", GOOD, &home(), at(1_204)).await, Step::Done(_)));
    }
}
