//! The chain holds, and what does not hold is named: tampering, gaps, forks, cut ends, foreign signatures.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test may fail, and says what it measured

mod common;

use common::{Place, author, databases, register, risk, sqlite, text, unit};
use wardkeep_store::*;
use wardkeep_types::{Id, Moment};

async fn sound(db: &Db) -> Report {
    verify(db, Scope { schemas: wardkeep_registers::all(), ..Scope::default() }).await.unwrap()
}

/// A small history: a key, a unit, ten risks, a change of each, two signed heads.
async fn history(place: &Place) -> (Keys, Vec<Id>) {
    let db = &place.db;
    let keys = Keys::open(&place.dir.path().join("keys"), db, &author(0)).await.unwrap();
    let home = Id::new(Moment::EPOCH);
    db.write(&author(1), vec![unit(home, "North")], vec![]).await.unwrap();
    let ids: Vec<Id> = (0..10).map(|_| Id::new(Moment::EPOCH)).collect();
    let risks = ids.iter().map(|id| risk(*id, home, "Flood")).collect();
    db.write(&author(2), risks, vec![]).await.unwrap();
    sign_head(db, &keys, Moment::EPOCH.plus_seconds(3), "hour").await.unwrap().unwrap();
    for (i, id) in ids.iter().enumerate() {
        rename(db, *id, &format!("Flood {i}")).await;
    }
    sign_head(db, &keys, Moment::EPOCH.plus_seconds(9), "hour").await.unwrap().unwrap();
    (keys, ids)
}

async fn rename(db: &Db, id: Id, name: &str) {
    let schema = register("risk");
    let was = db.get(schema, &[], id, None).await.unwrap().unwrap();
    let mut row = was.row.clone();
    row.values[schema.title_index()] = text(name);
    let row = schema.check(row, &was.head.stage, &[]).unwrap();
    let change = Write::Change {
        schema,
        custom: &[],
        id,
        version: was.head.version,
        act: "edit".into(),
        unit: was.head.unit,
        stage: was.head.stage,
        restricted: false,
        row,
        why: Some("heard in the meeting".into()),
    };
    db.write(&author(4), vec![change], vec![]).await.unwrap();
}

#[tokio::test]
async fn a_chain_that_nobody_touched_holds() {
    for place in databases().await {
        let (mut keys, ids) = history(&place).await;
        let report = sound(&place.db).await;
        assert!(report.is_sound(), "{:?}", report.problems);
        assert_eq!(
            (report.entries, report.last, report.heads, report.rows, report.erased),
            (22, 22, 2, 11, 0)
        );
        // The key's two values, one a new record, three a change: old, new and why.
        assert_eq!(report.values, 2 + 11 + 30);

        // A rotated key goes on signing; the old one does not.
        let before = keys.public();
        keys.rotate(&place.db, &author(10), Some("yearly".into())).await.unwrap();
        assert_ne!(before, keys.public());
        sign_head(&place.db, &keys, Moment::EPOCH.plus_seconds(11), "freeze").await.unwrap().unwrap();
        let again = Keys::open(&place.dir.path().join("keys"), &place.db, &author(12)).await.unwrap();
        assert_eq!(again.public(), keys.public());
        rename(&place.db, ids[0], "Flood again").await;
        let report = sound(&place.db).await;
        assert!(report.is_sound(), "{:?}", report.problems);
        assert_eq!((report.heads, report.keys), (3, vec![before.key_id, keys.id()]));

        // The same holds of an export, with and without values.
        for (values, shown) in [(Values::Kept, report.values), (Values::Withheld, 8)] {
            let folder = place.dir.path().join(format!("{values:?}"));
            export_chain(&place.db, &folder, values, Moment::EPOCH).await.unwrap();
            let report = verify_export(&folder).unwrap();
            assert!(report.is_sound(), "{:?}", report.problems);
            assert_eq!((report.entries, report.heads, report.values), (24, 3, shown));
            let path = folder.join("entries.jsonl");
            let lines = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, lines.replacen("\"act\":\"edit\"", "\"act\":\"move:accept\"", 1)).unwrap();
            assert_eq!(verify_export(&folder).unwrap().first_bad, Some(13));
        }
    }
}

#[tokio::test]
async fn what_was_tampered_with_is_named() {
    // What somebody with the database file does, the first entry at fault, and the code of a problem.
    let drop_n = "DELETE FROM change_value WHERE n = 7; DELETE FROM change WHERE n = 7";
    let cases: &[(&str, &str, Option<i64>, &str)] = &[
        (
            "an entry edited",
            "UPDATE change SET entry = replace(entry, 'EDIT', 'retire') WHERE n = 15",
            Some(15),
            "hash",
        ),
        (
            "a moment edited beside the entry",
            "UPDATE change SET at = at + 1 WHERE n = 14",
            Some(14),
            "columns",
        ),
        (
            "an actor edited beside the entry",
            "UPDATE change SET act = 'retire' WHERE n = 16",
            Some(16),
            "columns",
        ),
        (
            "a value edited",
            "UPDATE change_value SET new_value = '\"Fire\"' WHERE n = 17 AND field = 'name'",
            Some(17),
            "value",
        ),
        (
            "a value added",
            "INSERT INTO change_value (n, field, new_value, new_salt) VALUES (18, 'x', '1', '00')",
            Some(18),
            "value",
        ),
        (
            "a value taken away",
            "UPDATE change_value SET new_value = NULL, new_salt = NULL WHERE n = 19 AND field = 'why'",
            Some(19),
            "missing",
        ),
        ("an entry removed", drop_n, Some(7), "gap"),
        (
            "the end cut off",
            "DELETE FROM change_value WHERE n > 20; DELETE FROM change WHERE n > 20",
            Some(20),
            "end",
        ),
        (
            "a head for another entry",
            "UPDATE signed_head SET hash = substr(hash, 2) || substr(hash, 1, 1) WHERE n = 12",
            Some(12),
            "head",
        ),
        (
            "a signature edited",
            "UPDATE signed_head SET signature = substr(signature, 3) || substr(signature, 1, 2) WHERE n = 12",
            None,
            "signature",
        ),
        ("a signing time edited", "UPDATE signed_head SET at = at + 1 WHERE n = 22", None, "signature"),
        ("a current row edited", "UPDATE risk SET name = 'Fire' WHERE ref_number = 3", None, "row"),
        ("a current row removed", "DELETE FROM risk WHERE ref_number = 3", None, "row"),
        ("a version edited", "UPDATE record SET version = 9 WHERE reference = 'RSK-0003'", None, "row"),
    ];
    for (what, sql, first_bad, code) in cases {
        let place = sqlite().await;
        history(&place).await;
        place.db.script("PRAGMA foreign_keys = OFF").await.unwrap();
        place.db.script(&sql.replace("EDIT", "edit")).await.unwrap();
        let report = sound(&place.db).await;
        assert_eq!(report.first_bad, *first_bad, "{what}: {:?}", report.problems);
        assert!(report.problems.iter().any(|p| p.code == *code), "{what}: {:?}", report.problems);
    }
}

#[tokio::test]
async fn a_rewritten_end_contradicts_the_signed_heads() {
    // Somebody replaces the last ten entries by a chain that is sound in itself: a fork from entry 12 on.
    let (honest, forged) = (sqlite().await, sqlite().await);
    let (_, ids) = history(&honest).await;
    let fork = forged.dir.path().join("fork.db");
    honest.db.script(&format!("VACUUM INTO '{}'", fork.display())).await.unwrap();
    let fork = Db::open(&Target::File(fork)).await.unwrap();
    let outside =
        sign_head(&honest.db, &history_key(&honest).await, Moment::EPOCH.plus_seconds(20), "outside")
            .await
            .unwrap();
    fork.script("PRAGMA foreign_keys = OFF; DELETE FROM change_value WHERE n > 12; DELETE FROM change WHERE n > 12; DELETE FROM risk_was; UPDATE risk SET version = 1, name = 'Flood', from_change = 2 + ref_number; UPDATE record SET version = 1 WHERE register = 'risk'; UPDATE chain_head SET n = 12, hash = (SELECT hash FROM change WHERE n = 12)").await.unwrap();
    for id in &ids {
        rename(&fork, *id, "Harmless").await;
    }
    let report = sound(&fork).await;
    assert_eq!(report.first_bad, Some(22), "{:?}", report.problems);
    assert!(report.problems.0[0].message.contains("rewritten"), "{:?}", report.problems);
    // Removing the signed head hides it from those who have nothing outside, and from nobody else.
    fork.script("DELETE FROM signed_head WHERE n > 12").await.unwrap();
    assert!(sound(&fork).await.is_sound());
    let report =
        verify(&fork, Scope { outside: outside.into_iter().collect(), ..Scope::default() }).await.unwrap();
    assert_eq!(report.first_bad, Some(22));
}

async fn history_key(place: &Place) -> Keys {
    Keys::open(&place.dir.path().join("keys"), &place.db, &author(0)).await.unwrap()
}

#[tokio::test]
async fn keys_are_secret_and_survive_a_broken_rotation() {
    use std::os::unix::fs::PermissionsExt;
    let place = sqlite().await;
    let folder = place.dir.path().join("keys");
    let keys = Keys::open(&folder, &place.db, &author(0)).await.unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("signing.key"))), (0o700, 0o600));
    // A rotation that never reached the chain is undone at the next start.
    std::fs::write(folder.join("signing.next"), "11".repeat(32)).unwrap();
    let again = Keys::open(&folder, &place.db, &author(1)).await.unwrap();
    assert_eq!(again.id(), keys.id());
    assert!(!folder.join("signing.next").exists());
    // A damaged key is refused, never replaced.
    std::fs::write(folder.join("signing.key"), "half a key").unwrap();
    let error = Keys::open(&folder, &place.db, &author(2)).await.unwrap_err();
    assert!(error.to_string().contains("holds no key"), "{error}");
}

#[tokio::test]
async fn files_are_stored_once_checked_and_erased() {
    let place = sqlite().await;
    let files = Files::open(place.dir.path()).unwrap();
    let first = files.put(&b"%PDF-1.7 a signed policy"[..], 1_000).await.unwrap();
    assert_eq!((first.media, first.size), ("application/pdf", 24));
    assert_eq!(files.put(&b"%PDF-1.7 a signed policy"[..], 1_000).await.unwrap(), first);
    let second = files.put(&b"minutes"[..], 7).await.unwrap();
    assert!(matches!(files.put(&b"minutes!"[..], 7).await, Err(StoreError::TooLarge { limit: 7 })));
    assert_eq!(files.list().await.unwrap().len(), 2);
    assert_eq!(std::fs::read_dir(place.dir.path().join("files/incoming")).unwrap().count(), 0);
    let now = Moment::EPOCH;
    place
        .db
        .write(
            &author(1),
            vec![],
            vec![first.statement(now), second.statement(now), Db::legal_hold(&second.sha256, true)],
        )
        .await
        .unwrap();
    let report = |db: Db| {
        let files = files.clone();
        async move { verify(&db, Scope { files: Some(&files), ..Scope::default() }).await.unwrap() }
    };
    assert_eq!(report(place.db.clone()).await.files, 2);
    // Altered, then missing, then restored.
    let path = files.path(&first.sha256).unwrap();
    std::fs::write(&path, "%PDF-1.7 a forged policy").unwrap();
    assert!(report(place.db.clone()).await.problems.0[0].message.contains("altered"));
    std::fs::remove_file(&path).unwrap();
    assert!(report(place.db.clone()).await.problems.0[0].message.contains("missing"));
    files.put(&b"%PDF-1.7 a signed policy"[..], 1_000).await.unwrap();
    // Erasing waits for whoever copies, and spares what is under legal hold.
    let hold = Hold::shared(place.dir.path()).await.unwrap();
    assert!(Hold::try_exclusive(place.dir.path()).unwrap().is_none());
    drop(hold);
    let both = [first.sha256.clone(), second.sha256.clone()];
    assert_eq!(files.erase(&place.db, &both, "GDPR 17", now).await.unwrap(), both[1..]);
    assert!(!path.exists());
    assert_eq!(place.db.file(&first.sha256).await.unwrap().unwrap().2, Some(now));
    let after = report(place.db.clone()).await;
    assert!(after.is_sound() && after.files == 1, "{after:?}");
}
