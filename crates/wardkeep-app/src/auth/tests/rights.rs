use super::*;
use wardkeep_register::Verb;
use wardkeep_rights::{Actor, Resource, Target as Place, decide};
use wardkeep_types::Date;

fn may(actor: &Actor, door: &Door, verb: Verb, register: &'static str, unit: Id) -> bool {
    decide(actor, &door.units, verb, Resource::Register(register), &Place::of(unit, None)).is_ok()
}

#[tokio::test]
async fn grants_count_from_the_next_request_on() {
    for door in doors().await {
        let auth = &door.auth;
        let otto = door.person("Otto", Role::Reader, door.site).await;
        let (issued, live) = door.signed_in("otto@example.org", GOOD, START).await;
        let anna = door.ctx("anna@example.org", START).await;
        let new = |person, grant| NewGrant { person, grant, from: None, why: "new work".into() };
        let day = |text: &str| -> Date { text.parse().unwrap() };
        // Nobody gives roles to themselves, nor without the right, nor wrongly.
        assert!(
            auth.add_grant(&live.ctx(START), &door.units, &new(otto, Grant::new(Role::Officer, door.unit)))
                .await
                .is_err()
        );
        assert!(
            said(
                auth.add_grant(
                    &anna,
                    &door.units,
                    &new(door.officer, Grant::new(Role::Executive, door.unit))
                )
                .await
            )
            .contains("their own roles")
        );
        for (person, grant, why) in [
            (otto, Grant::new(Role::ExternalAuditor, door.unit), "needs a last day"),
            (otto, Grant::new(Role::Pipeline, door.unit), "make a token"),
            (otto, Grant::new(Role::Reader, Id::NIL), "no such unit"),
            (otto, Grant::new(Role::Reader, door.site), "already"),
            (
                otto,
                Grant { until: Some(day("2020-01-01")), ..Grant::new(Role::Tester, door.unit) },
                "before the first",
            ),
            (Id::NIL, Grant::new(Role::Reader, door.unit), "no such person"),
        ] {
            assert!(
                said(auth.add_grant(&anna, &door.units, &new(person, grant)).await).contains(why),
                "{why}"
            );
        }
        assert!(
            may(&live.actor, &door, Verb::View, "asset", door.site)
                && !may(&live.actor, &door, Verb::View, "asset", door.unit)
        );
        let grant = auth
            .add_grant(&anna, &door.units, &new(otto, Grant::new(Role::Analyst, door.unit)))
            .await
            .unwrap();
        let later = NewGrant {
            from: Some(START.date().plus_days(2)),
            ..new(otto, Grant::new(Role::Officer, door.unit))
        };
        auth.add_grant(&anna, &door.units, &later).await.unwrap();
        let live = auth.live(issued.token.reveal(), at(1)).await.unwrap().unwrap();
        assert!(may(&live.actor, &door, Verb::Edit, "alert", door.site) && !live.actor.has(Role::Officer));
        assert!(said(auth.end_grant(&anna, &door.units, Id::NIL, "x").await).contains("nothing here"));
        auth.end_grant(&anna, &door.units, grant, "moved").await.unwrap();
        let live = auth.live(issued.token.reveal(), at(2)).await.unwrap().unwrap();
        assert!(!live.actor.has(Role::Analyst) && live.actor.has(Role::Reader));
        // The last administrator stays.
        let all = auth.grants().await.unwrap();
        let last = all.iter().find(|g| g.grant.role == Role::Administrator).unwrap().id;
        let system = Ctx::system("test", START);
        assert!(said(auth.end_grant(&system, &door.units, last, "x").await).contains("last administrator"));
        let log = door.log().await;
        assert!(log.contains("grant:end") && log.contains("moved"));
        // A day later the officer's grant begins.
        let (_, live) = door.signed_in("otto@example.org", GOOD, at(3 * 86_400)).await;
        assert!(live.actor.has(Role::Officer));
    }
}

#[tokio::test]
async fn tokens_are_checked_shown_once_and_narrow() {
    for door in doors().await {
        let auth = &door.auth;
        let otto = door.person("Otto", Role::Analyst, door.unit).await;
        let (anna, ottos) =
            (door.ctx("anna@example.org", START).await, door.ctx("otto@example.org", START).await);
        let token = |holder, scopes: &str, units: Vec<Id>, days: i64| NewToken {
            name: "scanner".into(),
            holder,
            scopes: scopes.parse().unwrap(),
            units,
            expires_at: at(days * 86_400),
        };
        for (new, why) in [
            (token(Holder::Person(otto), "", vec![], 30), "at least one scope"),
            (token(Holder::Person(otto), "alert:view", vec![], 400), "a year at most"),
            (token(Holder::Person(otto), "alert:view", vec![], 0), "must lie ahead"),
            (token(Holder::Person(otto), "alert:view", vec![Id::NIL], 30), "does not exist"),
            (
                NewToken { name: " ".into(), ..token(Holder::Person(otto), "alert:view", vec![], 30) },
                "what the token is for",
            ),
        ] {
            assert!(said(auth.create_token(&ottos, &door.units, &new).await).contains(why), "{why}");
        }
        assert!(
            said(
                auth.create_token(&anna, &door.units, &token(Holder::Program, "import:add", vec![], 30))
                    .await
            )
            .contains("choose the units")
        );
        assert!(
            auth.create_token(
                &ottos,
                &door.units,
                &token(Holder::Program, "import:add", vec![door.unit], 30)
            )
            .await
            .is_err()
        );
        assert!(
            auth.create_token(
                &ottos,
                &door.units,
                &token(Holder::Person(door.officer), "alert:view", vec![], 30)
            )
            .await
            .is_err()
        );

        let ip = home().ip;
        let find = |bearer: String, now| {
            let door = &door;
            async move { door.auth.authenticate_token(&bearer, ip, &door.units, now).await.unwrap() }
        };
        let (id, secret) = auth
            .create_token(
                &ottos,
                &door.units,
                &token(Holder::Person(otto), "alert:view alert:edit", vec![door.site], 30),
            )
            .await
            .unwrap();
        let text = secret.reveal().to_owned();
        for wrong in [
            "",
            "wardkeep_",
            "wardkeep_äöüäöüäöüäöü",
            &text[..text.len() - 1],
            &text[1..],
            &format!("{}x", &text[..text.len() - 1]),
            &text.replace("wardkeep", "other"),
        ] {
            assert!(find(wrong.to_owned(), START).await.is_none(), "{wrong}");
        }
        let actor = find(text.clone(), at(1)).await.unwrap();
        assert_eq!((actor.person, actor.kind), (Some(otto), wardkeep_rights::ActorKind::Human));
        assert!(may(&actor, &door, Verb::Edit, "alert", door.site));
        assert!(!may(&actor, &door, Verb::Edit, "alert", door.unit), "outside the token's units");
        assert!(!may(&actor, &door, Verb::View, "asset", door.site), "outside its scopes");
        let by_token = Ctx::new(actor, at(1));
        assert!(
            auth.create_token(&by_token, &door.units, &token(Holder::Person(otto), "alert:view", vec![], 30))
                .await
                .is_err()
        );
        assert!(find(text.clone(), at(30 * 86_400)).await.is_none(), "over");
        let listed = auth.tokens(Some(otto), at(2)).await.unwrap();
        assert_eq!(
            (listed.len(), listed[0].used_ip.as_deref(), text.starts_with(&listed[0].prefix)),
            (1, Some("192.0.2.10"), true)
        );
        assert!(!door.log().await.contains(&text[22..]));

        let (_, program) = auth
            .create_token(
                &anna,
                &door.units,
                &token(Holder::Program, "import:add evidence:add", vec![door.site], 365),
            )
            .await
            .unwrap();
        let actor = find(program.reveal().into(), at(3)).await.unwrap();
        assert_eq!((actor.person, actor.kind), (None, wardkeep_rights::ActorKind::Service));
        assert!(
            may(&actor, &door, Verb::Add, "evidence", door.site)
                && !may(&actor, &door, Verb::Add, "evidence", door.unit)
        );
        assert!(!may(&actor, &door, Verb::View, "finding", door.site));

        // Not somebody else's to revoke; gone at once; gone with its person.
        let eva = door.person("Eva", Role::Analyst, door.unit).await;
        let evas = door.ctx("eva@example.org", START).await;
        assert!(auth.revoke_token(&evas, &door.units, id).await.is_err());
        auth.revoke_token(&ottos, &door.units, id).await.unwrap();
        assert!(find(text, at(4)).await.is_none());
        let (_, secret) = auth
            .create_token(&evas, &door.units, &token(Holder::Person(eva), "alert:*", vec![], 30))
            .await
            .unwrap();
        assert!(find(secret.reveal().into(), at(5)).await.is_some());
        let account = door.account("eva@example.org").await;
        auth.set_suspended(&anna, &door.units, &account, true, "left").await.unwrap();
        assert!(find(secret.reveal().into(), at(6)).await.is_none());
    }
}
