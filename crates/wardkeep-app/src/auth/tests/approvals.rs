use super::*;
use serde_json::json;
use wardkeep_register::Verb;
use wardkeep_store::cells;

async fn risk(door: &Door) -> Id {
    let id = Id::new(START);
    let values = [
        ("name", Value::Text("Ransomware".into())),
        ("source", Value::Choice("attack".into())),
        ("treatment", Value::Choice("undecided".into())),
    ];
    add(&door.auth, "risk", id, door.site, "draft", &values).await;
    id
}

fn acceptance(record: Id) -> Ask {
    Ask {
        act: "move:accept".into(),
        verb: Verb::Approve,
        register: "risk",
        record,
        version: 1,
        what: json!({ "stage": "accepted", "accepted_until": "2026-12-31" }),
        reason: "cheaper than the fix".into(),
        author: None,
        last_editor: None,
        delegate: None,
        expires_at: None,
    }
}

async fn carry_out(door: &Door, ctx: &Ctx, decided: &Decided) {
    door.auth.db.write(&ctx.author(), vec![Write::Act(decided.act(ctx))], vec![]).await.unwrap();
}

#[tokio::test]
async fn a_second_person_agrees_to_what_was_asked_and_nothing_else() {
    for door in doors().await {
        let auth = &door.auth;
        door.person("Otto", Role::Executive, door.unit).await;
        door.person("Rita", Role::Reader, door.unit).await;
        let elsewhere = risk(&door).await;
        let asker = door.ctx("anna@example.org", START).await;
        let second = door.ctx("otto@example.org", at(60)).await;
        let reader = door.ctx("rita@example.org", at(60)).await;
        let record = risk(&door).await;
        assert!(auth.ask(&asker, &Ask { version: 7, ..acceptance(record) }).await.is_err());
        assert!(auth.ask(&asker, &acceptance(Id::NIL)).await.is_err());
        let id = auth.ask(&asker, &acceptance(record)).await.unwrap();
        assert!(said(auth.ask(&asker, &acceptance(record)).await).contains("asked for already"));

        for (ctx, why) in [
            (&asker, "you asked for it"),
            (&reader, "you need"),
            (&Ctx::system("job", at(60)), "only a person"),
        ] {
            let ctx = Ctx { now: at(60), ..ctx.clone() };
            assert!(said(auth.approve(&ctx, &door.units, id, None).await).contains(why), "{why}");
            assert!(auth.reject(&ctx, &door.units, id, "no").await.is_err());
            assert!(auth.approvals_to_decide(&ctx, &door.units).await.unwrap().is_empty());
        }
        assert!(said(auth.approve(&second, &door.units, Id::NIL, None).await).contains("nothing here"));
        let late = Ctx { now: at(31 * 86_400), ..second.clone() };
        assert!(said(auth.approve(&late, &door.units, id, None).await).contains("ask again"));
        let early =
            door.auth.ask(&asker, &Ask { author: second.person(), ..acceptance(elsewhere) }).await.unwrap();
        assert!(said(auth.approve(&second, &door.units, early, None).await).contains("you wrote it"));

        assert_eq!(
            auth.approvals_to_decide(&second, &door.units)
                .await
                .unwrap()
                .iter()
                .map(|a| a.id)
                .collect::<Vec<_>>(),
            [id]
        );
        assert_eq!(auth.approvals_waiting(&asker, &door.units).await.unwrap().1.len(), 2);
        let decided = auth.approve(&second, &door.units, id, Some("agreed".into())).await.unwrap();
        assert_eq!(
            (decided.independence, decided.allowed.verb()),
            (wardkeep_rights::Independence::Independent, Verb::Approve)
        );
        assert_eq!(decided.approval.ask.what, acceptance(record).what);
        carry_out(&door, &second, &decided).await;
        let kept = auth.approvals_of(&second, record).await.unwrap();
        assert_eq!(
            (kept[0].independent, kept[0].decided.map(|d| (d.0, d.2))),
            (Some(true), Some((second.person(), Outcome::Approved)))
        );
        assert!(said(auth.approve(&second, &door.units, id, None).await).contains("decided on"));
        assert!(door.log().await.contains("approval:approved"));
    }
}

#[tokio::test]
async fn a_record_or_a_request_that_changed_is_void() {
    for door in doors().await {
        let auth = &door.auth;
        door.person("Otto", Role::Executive, door.unit).await;
        let asker = door.ctx("anna@example.org", START).await;
        let second = door.ctx("otto@example.org", at(60)).await;
        let (moved, forged) = (risk(&door).await, risk(&door).await);
        let first = auth.ask(&asker, &acceptance(moved)).await.unwrap();
        auth.db.run("UPDATE record SET version = 2 WHERE id = $1", cells![moved]).await.unwrap();
        let other = auth.ask(&asker, &acceptance(forged)).await.unwrap();
        auth.db
            .run(
                "UPDATE pending_approval SET what = $1 WHERE id = $2",
                cells!["{\"stage\":\"closed\"}", other],
            )
            .await
            .unwrap();
        for id in [first, other] {
            assert!(said(auth.approve(&second, &door.units, id, None).await).contains("asked for again"));
        }
        assert_eq!(auth.approvals_of(&second, moved).await.unwrap()[0].decided.unwrap().2, Outcome::Void);
        // Asked again with the new version, it can be refused with a reason, or taken back.
        let asker = Ctx { now: at(120), ..asker };
        let id = auth.ask(&asker, &Ask { version: 2, ..acceptance(moved) }).await.unwrap();
        assert!(said(auth.reject(&second, &door.units, id, " ").await).contains("say why"));
        auth.reject(&second, &door.units, id, "too dear").await.unwrap();
        assert_eq!(
            auth.approvals_of(&second, moved).await.unwrap()[0].decision_reason.as_deref(),
            Some("too dear")
        );
        let id = auth.ask(&asker, &Ask { version: 2, ..acceptance(moved) }).await.unwrap();
        assert!(auth.withdraw(&second, id).await.is_err());
        auth.withdraw(&asker, id).await.unwrap();
        assert!(auth.approvals_waiting(&asker, &door.units).await.unwrap().1.is_empty());
    }
}

#[tokio::test]
async fn a_single_officer_waits_a_day_and_is_marked() {
    for door in doors_with(Settings { single_officer: true, ..cheap() }).await {
        let auth = &door.auth;
        let record = risk(&door).await;
        let asker = door.ctx("anna@example.org", START).await;
        let id = auth.ask(&asker, &acceptance(record)).await.unwrap();
        let at = |seconds| Ctx { now: at(seconds), ..asker.clone() };
        assert!(said(auth.approve(&at(86_399), &door.units, id, None).await).contains("single-officer mode"));
        let ctx = at(86_400);
        let decided = auth.approve(&ctx, &door.units, id, None).await.unwrap();
        carry_out(&door, &ctx, &decided).await;
        assert_eq!(auth.approvals_of(&ctx, record).await.unwrap()[0].independent, Some(false));
        assert!(door.log().await.contains("independent"));
    }
}
