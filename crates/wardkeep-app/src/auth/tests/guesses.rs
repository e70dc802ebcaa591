use super::*;

fn waits(step: &Step) -> Option<Moment> {
    if let Step::Wait(until) = step { Some(*until) } else { None }
}

#[tokio::test]
async fn what_is_wrong_is_not_said() {
    for door in doors().await {
        for (email, password) in [
            ("anna@example.org", "wrong"),
            ("nobody@example.org", GOOD),
            ("not an address", GOOD),
            ("", ""),
            ("anna@example.org", ""),
        ] {
            assert!(matches!(door.sign_in(email, password, &home(), START).await, Step::Wrong), "{email}");
        }
        assert!(matches!(door.sign_in("ANNA@example.org ", GOOD, &home(), START).await, Step::Done(_)));
    }
}

#[tokio::test]
async fn guessing_waits_longer_and_longer_where_it_comes_from() {
    for door in doors().await {
        let thief = from("198.51.100.7");
        let mut now = START;
        let mut refused = 0;
        for _ in 0..4 {
            assert!(matches!(door.sign_in("anna@example.org", "wrong", &thief, now).await, Step::Wrong));
        }
        assert!(matches!(door.sign_in("anna@example.org", "wrong", &thief, now).await, Step::Wrong));
        for wait in [10, 20, 40, 80, 160, 320, 640, 900, 900] {
            // Even the right password is not heard, nor does trying on make it worse; a neighbour counts as the same.
            for device in [&thief, &from("198.51.100.200")] {
                let until = waits(&door.sign_in("anna@example.org", GOOD, device, now).await).unwrap();
                assert_eq!(until.seconds_since(now), wait);
                refused += 1;
            }
            now = now.plus_seconds(wait);
            assert!(matches!(door.sign_in("anna@example.org", "wrong", &thief, now).await, Step::Wrong));
        }
        assert_eq!(refused, 18);
        // The owner, elsewhere, did not notice; unknown accounts behave alike.
        assert!(matches!(door.sign_in("anna@example.org", GOOD, &home(), now).await, Step::Done(_)));
        for _ in 0..5 {
            assert!(matches!(
                door.sign_in("nobody@example.org", "x", &from("203.0.113.1"), now).await,
                Step::Wrong
            ));
        }
        assert_eq!(
            waits(&door.sign_in("nobody@example.org", "x", &from("203.0.113.1"), now).await),
            Some(now.plus_seconds(10))
        );
        // After an hour of peace it is forgotten.
        let later = now.plus_seconds(3_700);
        assert!(matches!(door.sign_in("anna@example.org", GOOD, &thief, later).await, Step::Done(_)));
    }
}

#[tokio::test]
async fn many_at_once_count_as_many() {
    for door in doors().await {
        let thief = from("198.51.100.7");
        let tries = (0..40).map(|_| {
            let auth = door.auth.clone();
            tokio::spawn(
                async move { auth.sign_in("anna@example.org", "wrong", &thief, START).await.unwrap() },
            )
        });
        let mut heard = 0;
        for step in tries.collect::<Vec<_>>() {
            heard += i32::from(matches!(step.await.unwrap(), Step::Wrong));
        }
        assert!(heard <= 5, "{heard} of 40 guesses were heard");
    }
}

#[tokio::test]
async fn spraying_from_one_place_is_slowed() {
    for door in doors().await {
        let mut stopped = 0;
        for n in 0..80 {
            let step = door
                .sign_in(&format!("user{n}@example.org"), "Winter2026!!", &from("198.51.100.7"), START)
                .await;
            stopped += i32::from(waits(&step).is_some());
        }
        assert_eq!(stopped, 20);
    }
}

#[tokio::test]
async fn a_siege_does_not_shut_the_owner_out() {
    for door in doors_with(Settings { mail_links: true, ..cheap() }).await {
        let (issued, _) = door.signed_in("anna@example.org", GOOD, START).await;
        let device = issued.device.clone().unwrap();
        for n in 0..40 {
            let step = door.sign_in("anna@example.org", "wrong", &from(&format!("10.0.{n}.1")), at(n)).await;
            assert!(matches!(step, Step::Wrong | Step::UseLink), "{n}");
        }
        // A stranger is not let in by the password alone, and is not told whether it was right.
        for password in [GOOD, "wrong"] {
            assert!(matches!(
                door.sign_in("anna@example.org", password, &from("203.0.113.9"), at(50)).await,
                Step::UseLink
            ));
        }
        // The browser that Anna used before is let in, from anywhere; somebody else's cookie does not count.
        let known = Device { known: Some(device.reveal()), ..from("203.0.113.9") };
        let stolen = Device { known: Some("made up"), ..from("203.0.113.8") };
        assert!(matches!(door.sign_in("anna@example.org", GOOD, &stolen, at(51)).await, Step::UseLink));
        assert!(matches!(
            door.sign_in("anna@example.org", GOOD, &known, at(51)).await,
            Step::Done(Issued { device: None, .. })
        ));
        // A mailed link works meanwhile, and a quarter of an hour after the siege all is as before.
        let link = door
            .auth
            .request_link("anna@example.org", Purpose::SignIn, &from("203.0.113.9"), at(52))
            .await
            .unwrap()
            .unwrap();
        assert!(matches!(
            door.auth.sign_in_by_link(link.token.reveal(), &from("203.0.113.9"), at(53)).await.unwrap(),
            Step::Done(_)
        ));
        assert!(matches!(
            door.sign_in("anna@example.org", GOOD, &from("203.0.113.77"), at(60 + 15 * 60)).await,
            Step::Done(_)
        ));
    }
}

#[tokio::test]
async fn old_hashes_are_made_anew() {
    for door in doors().await {
        let dearer = Settings { cost: Cost { passes: 2, ..cheap().cost }, ..cheap() };
        let auth = Auth::open(door.auth.db.clone(), Keys::from_bytes([7; 32]), dearer).await.unwrap();
        assert!(matches!(
            auth.sign_in("anna@example.org", GOOD, &home(), START).await.unwrap(),
            Step::Done(_)
        ));
        assert!(door.account("anna@example.org").await.password_hash.unwrap().contains("t=2"));
        assert!(matches!(door.sign_in("anna@example.org", GOOD, &home(), START).await, Step::Done(_)));
    }
}
