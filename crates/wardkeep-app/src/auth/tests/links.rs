use super::*;

#[tokio::test]
async fn links_work_once_for_a_while_and_for_what_they_are() {
    for door in doors().await {
        let auth = &door.auth;
        for (email, purpose) in [
            ("nobody@example.org", Purpose::SignIn),
            ("x", Purpose::SignIn),
            ("anna@example.org", Purpose::FirstStart),
            ("anna@example.org", Purpose::Invitation),
        ] {
            assert!(
                auth.request_link(email, purpose, &from("198.51.100.1"), START).await.unwrap().is_none(),
                "{email}"
            );
        }
        let auth_link = |now| async move {
            auth.request_link("anna@example.org", Purpose::SignIn, &home(), now).await.unwrap()
        };
        let first = auth_link(at(4_000)).await.unwrap();
        let link = auth_link(at(4_001)).await.unwrap();
        let use_it = |token: String, now| async move { auth.sign_in_by_link(&token, &home(), now).await };
        assert!(
            use_it(first.token.reveal().into(), at(4_002)).await.is_err(),
            "a newer link replaces the older"
        );
        assert!(use_it(link.token.reveal().into(), at(4_001 + 900)).await.is_err(), "over");
        assert!(
            auth.set_password_by_link(link.token.reveal(), BETTER, &home(), at(4_003)).await.is_err(),
            "not for that"
        );
        let Step::Done(issued) = use_it(link.token.reveal().into(), at(4_004)).await.unwrap() else {
            panic!()
        };
        assert_eq!(auth.live(issued.token.reveal(), at(4_005)).await.unwrap().unwrap().level, Level::Link);
        assert!(use_it(link.token.reveal().into(), at(4_006)).await.is_err(), "used");
        // Mail is not a way to flood somebody.
        let mut mails = 0;
        for n in 0..20 {
            mails += i32::from(auth_link(at(4_100 + n)).await.is_some());
        }
        assert_eq!(mails, 1);
    }
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_link() {
    for door in doors().await {
        let auth = &door.auth;
        let (stolen, _) = door.signed_in("anna@example.org", GOOD, START).await;
        let link = auth
            .request_link("anna@example.org", Purpose::NewPassword, &home(), START)
            .await
            .unwrap()
            .unwrap();
        assert!(auth.sign_in_by_link(link.token.reveal(), &home(), at(1)).await.is_err());
        assert!(
            said(auth.set_password_by_link(link.token.reveal(), "too short", &home(), at(1)).await)
                .contains("12")
        );
        assert!(matches!(
            auth.set_password_by_link(link.token.reveal(), BETTER, &home(), at(2)).await.unwrap(),
            Step::Done(_)
        ));
        assert!(auth.live(stolen.token.reveal(), at(3)).await.unwrap().is_none());
        assert!(
            auth.set_password_by_link(link.token.reveal(), "and another good phrase", &home(), at(3))
                .await
                .is_err()
        );
        assert!(matches!(door.sign_in("anna@example.org", BETTER, &home(), at(4)).await, Step::Done(_)));
    }
}

#[tokio::test]
async fn only_administrators_invite_and_hand_out_links() {
    for door in doors().await {
        let auth = &door.auth;
        door.person("Otto", Role::Analyst, door.unit).await;
        let person = Id::new(START);
        let values = [
            ("name", Value::Text("Ida".into())),
            ("email", Value::Text("ida@example.org".into())),
            ("employment", Value::Choice("employee".into())),
        ];
        add(auth, "person", person, door.unit, "active", &values).await;
        let (otto, anna) =
            (door.ctx("otto@example.org", START).await, door.ctx("anna@example.org", START).await);
        assert!(auth.invite(&otto, &door.units, person).await.is_err());
        assert!(auth.invite(&anna, &door.units, Id::NIL).await.is_err());
        assert!(said(auth.invite(&anna, &door.units, door.officer).await).contains("has an account already"));
        let first = auth.invite(&anna, &door.units, person).await.unwrap();
        let again = auth.invite(&anna, &door.units, person).await.unwrap();
        // Before the invitation is used there is nothing to guess.
        assert!(matches!(door.sign_in("ida@example.org", "", &home(), START).await, Step::Wrong));
        assert!(auth.set_password_by_link(first.token.reveal(), GOOD, &home(), START).await.is_err());
        assert!(matches!(
            auth.set_password_by_link(again.token.reveal(), GOOD, &home(), at(3_600)).await.unwrap(),
            Step::Done(_)
        ));
        let account = door.account("ida@example.org").await;
        assert_eq!(account.state, AccountState::Active);
        assert!(auth.hand_out_link(&otto, &door.units, &account).await.is_err());
        let link = auth.hand_out_link(&anna, &door.units, &account).await.unwrap();
        assert_eq!(link.purpose, Purpose::NewPassword);
        assert!(!door.log().await.contains(link.token.reveal()));
    }
}
