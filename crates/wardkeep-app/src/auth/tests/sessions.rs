use super::*;

#[tokio::test]
async fn sessions_end_by_rest_by_age_and_by_order() {
    for door in doors().await {
        let auth = &door.auth;
        for token in ["", "x", "'; DROP TABLE session; --"] {
            assert!(auth.live(token, START).await.unwrap().is_none());
        }
        let (issued, live) = door.signed_in("anna@example.org", GOOD, START).await;
        let token = &issued.token;
        let open = |now| async move { auth.live(token.reveal(), now).await.unwrap().is_some() };
        assert!(open(at(1_799)).await && !open(at(1_799 + 1_801)).await);
        // Used now and then it lasts, but not for ever.
        let mut last = 1_799;
        while last + 1_700 < 43_200 {
            last += 1_700;
            assert!(open(at(last)).await, "{last}");
        }
        assert!(!open(at(43_200)).await);

        let (first, live_first) = door.signed_in("anna@example.org", GOOD, at(50_000)).await;
        let (second, _) = door.signed_in("anna@example.org", GOOD, at(50_100)).await;
        let listed = auth.sessions(live.account, at(50_200)).await.unwrap();
        assert_eq!(listed.iter().map(|s| s.id).collect::<Vec<_>>(), [second.session, first.session]);
        assert_eq!(
            (listed[0].ip.as_str(), listed[0].user_agent.as_str(), listed[0].level),
            ("192.0.2.10", "Firefox on Linux", Level::Password)
        );
        // Not somebody else's.
        let other = door.person("Otto", Role::Reader, door.unit).await;
        assert!(auth.end_session(other, first.session, "x", at(50_201)).await.is_err());
        assert!(auth.live(first.token.reveal(), at(50_202)).await.unwrap().is_some());
        auth.end_session(live.account, second.session, "revoked", at(50_203)).await.unwrap();
        assert!(auth.live(second.token.reveal(), at(50_204)).await.unwrap().is_none());
        auth.sign_out(&live_first, at(50_205)).await.unwrap();
        assert!(auth.live(first.token.reveal(), at(50_206)).await.unwrap().is_none());
        assert!(auth.sessions(live.account, at(50_207)).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_page_takes_one_statement_to_know_who_asks() {
    for door in doors().await {
        let (issued, _) = door.signed_in("anna@example.org", GOOD, START).await;
        let before = door.auth.db.statements();
        let live = door.auth.live(issued.token.reveal(), at(10)).await.unwrap().unwrap();
        assert_eq!((door.auth.db.statements() - before, live.actor.grants.len()), (1, 2));
    }
}

#[tokio::test]
async fn a_new_password_ends_the_others_and_a_fresh_proof_changes_the_secret() {
    for door in doors().await {
        let auth = &door.auth;
        let (stolen, _) = door.signed_in("anna@example.org", GOOD, START).await;
        let (issued, live) = door.signed_in("anna@example.org", GOOD, at(5)).await;
        let account = door.account("anna@example.org").await;
        let ctx = live.ctx(at(10));
        for (password, why) in [
            (GOOD, "the password you have"),
            ("short", "12"),
            ("Nordklinik is home", "nordklinik"),
            ("anna likes herons", "anna"),
            ("password password", "try first"),
        ] {
            assert!(
                said(auth.set_password(&ctx, &account, password, Some(live.session)).await).contains(why),
                "{password}"
            );
        }
        assert!(auth.live(stolen.token.reveal(), at(10)).await.unwrap().is_some());
        auth.set_password(&ctx, &account, BETTER, Some(live.session)).await.unwrap();
        assert!(auth.live(stolen.token.reveal(), at(11)).await.unwrap().is_none());
        assert!(auth.live(issued.token.reveal(), at(11)).await.unwrap().is_some());
        assert!(matches!(door.sign_in("anna@example.org", GOOD, &home(), at(12)).await, Step::Wrong));
        let log = door.log().await;
        assert!(log.contains("password:change") && !log.contains(BETTER) && !log.contains("argon"));

        // After a while dangerous acts want to know again; a proof gives the session a new secret.
        assert!(
            auth.is_fresh(&live, at(900)) && !auth.is_fresh(&live, at(906)) && !auth.is_fresh(&live, at(-10))
        );
        assert!(said(auth.begin_totp(&live, at(1_000)).await).contains("confirm that it is you"));
        assert!(said(auth.confirm(&live, GOOD, at(1_000)).await).contains("not right"));
        let fresh = auth.confirm(&live, BETTER, at(1_001)).await.unwrap();
        assert!(auth.live(issued.token.reveal(), at(1_002)).await.unwrap().is_none());
        let live = auth.live(fresh.token.reveal(), at(1_002)).await.unwrap().unwrap();
        assert_eq!((live.session, auth.is_fresh(&live, at(1_002))), (issued.session, true));
        // Guessing there is limited too.
        for _ in 0..5 {
            assert!(auth.confirm(&live, "wrong", at(1_003)).await.is_err());
        }
        assert!(said(auth.confirm(&live, BETTER, at(1_003)).await).contains("too many attempts"));
    }
}

#[tokio::test]
async fn whoever_is_suspended_or_has_left_is_out_at_once() {
    for door in doors().await {
        let auth = &door.auth;
        let otto = door.person("Otto", Role::Analyst, door.unit).await;
        let (issued, live) = door.signed_in("otto@example.org", GOOD, START).await;
        let admin = door.ctx("anna@example.org", START).await;
        let account = door.account("otto@example.org").await;
        assert!(auth.set_suspended(&live.ctx(START), &door.units, &account, true, "x").await.is_err());
        let own = door.account("anna@example.org").await;
        assert!(
            said(auth.set_suspended(&admin, &door.units, &own, true, "x").await)
                .contains("their own account")
        );
        auth.set_suspended(&admin, &door.units, &account, true, "lost laptop").await.unwrap();
        assert!(auth.live(issued.token.reveal(), at(1)).await.unwrap().is_none());
        assert!(matches!(door.sign_in("otto@example.org", GOOD, &home(), at(1)).await, Step::Wrong));
        assert!(
            auth.request_link("otto@example.org", Purpose::SignIn, &home(), at(1)).await.unwrap().is_none()
        );
        let account = door.account("otto@example.org").await;
        auth.set_suspended(&admin, &door.units, &account, false, "found").await.unwrap();
        let (issued, _) = door.signed_in("otto@example.org", GOOD, at(2)).await;
        auth.db
            .run("UPDATE record SET is_open = 0 WHERE id = $1", wardkeep_store::cells![otto])
            .await
            .unwrap();
        assert!(auth.live(issued.token.reveal(), at(3)).await.unwrap().is_none());
        assert!(matches!(door.sign_in("otto@example.org", GOOD, &home(), at(3)).await, Step::Wrong));
    }
}

#[tokio::test]
async fn old_sessions_give_way_and_what_is_over_is_swept() {
    for door in doors().await {
        let mut issued = Vec::new();
        for n in 0..22 {
            issued.push(door.signed_in("anna@example.org", GOOD, at(n)).await);
        }
        let account = issued[0].1.account;
        assert_eq!(door.auth.sessions(account, at(30)).await.unwrap().len(), 20);
        assert!(door.auth.live(issued[0].0.token.reveal(), at(30)).await.unwrap().is_none());
        assert_eq!(door.auth.sweep(at(60)).await.unwrap(), 0);
        assert!(door.auth.sweep(at(200 * 86_400)).await.unwrap() >= 22 + 22);
    }
}

#[tokio::test]
async fn tastes_are_checked_and_kept() {
    for door in doors().await {
        let account = door.account("anna@example.org").await.id;
        let mut taste = door.auth.preferences(account).await.unwrap();
        assert_eq!((taste.time_zone.as_str(), taste.theme.as_str()), ("Europe/Berlin", "system"));
        taste.theme = "neon".into();
        taste.time_zone = "Mars/North".into();
        let error = said(door.auth.set_preferences(account, &taste).await);
        assert!(error.contains("theme") && error.contains("time_zone"), "{error}");
        taste = Preferences { theme: "dark".into(), time_zone: "America/New_York".into(), ..taste };
        door.auth.set_preferences(account, &taste).await.unwrap();
        assert_eq!(door.auth.preferences(account).await.unwrap(), taste);
    }
}
