use super::*;

#[tokio::test]
async fn the_first_link_makes_one_officer_and_nothing_twice() {
    for (auth, dir) in empty(cheap()).await {
        let old = auth.create_first_link(START).await.unwrap().unwrap();
        let link = auth.create_first_link(START).await.unwrap().unwrap();
        for (token, now) in
            [("", START), ("x", START), (old.reveal(), START), (link.reveal(), at(25 * 3_600))]
        {
            assert!(said(auth.first_start(token, &form(), &home(), now).await).contains("used or is over"));
        }
        let wrong = |change: fn(&mut FirstStart)| {
            let mut form = form();
            change(&mut form);
            form
        };
        for (form, path) in [
            (wrong(|f| f.name = " ".into()), "name"),
            (wrong(|f| f.email = "anna".into()), "email"),
            (wrong(|f| f.password = "Nordklinik2026!!".into()), "nordklinik"),
            (wrong(|f| f.password = "AnnaBerg and more".into()), "anna"),
            (wrong(|f| f.password = "short".into()), "12 characters"),
            (wrong(|f| f.organisation = String::new()), "organisation"),
            (wrong(|f| f.currency = "gold".into()), "currency"),
            (wrong(|f| f.time_zone = "Mars/North".into()), "time_zone"),
        ] {
            assert!(
                said(auth.first_start(link.reveal(), &form, &home(), START).await).contains(path),
                "{path}"
            );
        }
        assert!(auth.is_empty().await.unwrap());
        // Looking at the link does not use it up.
        for _ in 0..3 {
            assert_eq!(auth.link(link.reveal(), at(60)).await.unwrap().unwrap().purpose, Purpose::FirstStart);
        }
        let issued = auth.first_start(link.reveal(), &form(), &home(), at(60)).await.unwrap();
        let live = auth.live(issued.token.reveal(), at(61)).await.unwrap().unwrap();
        assert_eq!((live.email.as_str(), live.actor.name.as_str()), ("anna@example.org", "Anna Berg"));
        assert!(live.actor.has(Role::Officer) && live.actor.has(Role::Administrator));
        assert!(
            said(auth.first_start(link.reveal(), &form(), &home(), at(62)).await).contains("used or is over")
        );
        assert!(auth.create_first_link(at(63)).await.unwrap().is_none());
        let door = Door {
            unit: live.person,
            site: live.person,
            units: UnitTree::default(),
            officer: live.person,
            auth,
            _dir: dir,
        };
        let log = door.log().await;
        assert!(log.contains("account:add") && log.matches("grant:add").count() == 2);
        assert!(!log.contains("$argon2id") && !log.contains(GOOD) && !log.contains(link.reveal()));
    }
}

#[tokio::test]
async fn an_organisation_and_a_person_that_are_there_are_taken() {
    for (auth, _dir) in empty(cheap()).await {
        let (unit, person) = (Id::new(START), Id::new(START));
        let values = [
            ("name", Value::Text("Sample works".into())),
            ("kind", Value::Choice("organisation".into())),
            ("time_zone", Value::Text("Europe/Berlin".into())),
            ("currency", Value::Text("EUR".into())),
        ];
        add(&auth, "unit", unit, unit, "active", &values).await;
        let values = [
            ("name", Value::Text("Anna B.".into())),
            ("email", Value::Text("anna@example.org".into())),
            ("employment", Value::Choice("employee".into())),
        ];
        add(&auth, "person", person, unit, "active", &values).await;
        let link = auth.create_first_link(START).await.unwrap().unwrap();
        let asked = FirstStart { organisation: String::new(), currency: String::new(), ..form() };
        auth.first_start(link.reveal(), &asked, &home(), START).await.unwrap();
        let account = auth.account_by_email("anna@example.org").await.unwrap().unwrap();
        assert_eq!((account.person, account.unit), (person, unit));
        assert_eq!(auth.grants_of(person).await.unwrap()[0].grant.unit, unit);
    }
}
