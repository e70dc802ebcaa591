//! A backup taken while others write is whole: it restores, into the other database too, and verifies.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test may fail, and says what it measured

mod common;

use common::{Place, add, author, databases, postgresql, register, risk, sqlite, text, unit};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wardkeep_register::Value;
use wardkeep_store::*;
use wardkeep_types::{Id, Moment};

/// Everything that is checked of a live database and its files.
async fn sound(place: &Place) -> Report {
    let files = Files::open(place.dir.path()).unwrap();
    let scope = Scope { schemas: wardkeep_registers::all(), files: Some(&files), ..Scope::default() };
    verify(&place.db, scope).await.unwrap()
}

/// Writes risks in batches, each with a stored file, until it is told to stop; returns how many batches.
async fn keep_writing(db: Db, files: Files, home: Id, stop: Arc<AtomicBool>) -> i64 {
    let mut batches = 0;
    while !stop.load(Ordering::Relaxed) {
        let content = files.put(format!("minutes {batches}").as_bytes(), 1_000).await.unwrap();
        let batch =
            (0..20).map(|i| risk(Id::new(Moment::EPOCH), home, &format!("Flood {batches}.{i}"))).collect();
        let job = NewJob::new("assess", serde_json::json!({"batch": batches}), Moment::EPOCH);
        let extra = vec![content.statement(Moment::EPOCH), job.statement(Moment::EPOCH)];
        db.write(&author(batches), batch, extra).await.unwrap();
        batches += 1;
    }
    batches
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_during_writing_restores_elsewhere_and_verifies() {
    for place in databases().await {
        let (db, data) = (&place.db, place.dir.path());
        let keys = Keys::open(&data.join("keys"), db, &author(0)).await.unwrap();
        let (home, anna) = (Id::new(Moment::EPOCH), Id::new(Moment::EPOCH));
        let values = [
            ("name", text("Anna Müller")),
            ("email", text("anna@example.org")),
            ("employment", Value::Choice("employee".into())),
            ("also_in", Value::Links(vec![home])),
        ];
        let first = vec![unit(home, "Nord \"1\" \\ ü\u{2028}"), add(register("person"), anna, home, &values)];
        db.write(&author(1), first, vec![]).await.unwrap();
        sign_head(db, &keys, Moment::EPOCH, "hour").await.unwrap();
        std::fs::create_dir_all(data.join("events/2026-03-31")).unwrap();
        std::fs::write(data.join("events/2026-03-31/part.parquet"), b"PAR1").unwrap();
        std::fs::write(data.join("events/2026-03-31/part.parquet.tmp"), b"PA").unwrap();
        // What was acknowledged and stands in no event file yet is in the spool.
        std::fs::create_dir_all(data.join("spool/live")).unwrap();
        std::fs::write(data.join("spool/live/0000000000000001.spool"), b"waits").unwrap();
        std::fs::write(data.join("spool/state-0000000000000001.json"), b"{}").unwrap();
        std::fs::write(data.join("spool/.export"), b"half an export").unwrap();

        let stop = Arc::new(AtomicBool::new(false));
        let files = Files::open(data).unwrap();
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let (db, files, stop) = (db.clone(), files.clone(), stop.clone());
                tokio::spawn(keep_writing(db, files, home, stop))
            })
            .collect();
        let mut made = Vec::new();
        for i in 0..3 {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            let path = data.join(format!("backup{i}.tar.zst"));
            made.push((backup(db, data, &path, false, Moment::EPOCH).await.unwrap(), path));
        }
        stop.store(true, Ordering::Relaxed);
        let mut batches = 0;
        for writer in writers {
            batches += writer.await.unwrap();
        }
        assert!(
            made[0].0.change < made[2].0.change && made[2].0.change <= 3 + 20 * batches,
            "{batches} batches"
        );
        assert!(sound(&place).await.is_sound());

        for (manifest, path) in &made {
            let report = verify_backup(path).unwrap();
            assert!(report.is_sound(), "{:?}", report.problems);
            assert_eq!((report.last, report.heads), (manifest.change, 1));
            assert_eq!(report.entries as i64, manifest.change);
            assert_eq!(report.files, manifest.rows["file"]);
        }
        // Into both databases, whichever it came from.
        let (manifest, path) = &made[2];
        for other in [Some(sqlite().await), postgresql().await].into_iter().flatten() {
            let (db, data) = (&other.db, other.dir.path());
            assert_eq!(&restore(path, db, data).await.unwrap(), manifest);
            let report = sound(&other).await;
            assert!(report.is_sound(), "{:?}", report.problems);
            assert_eq!((report.last, report.rows), (manifest.change, manifest.rows["record"]));
            assert_eq!(report.files, manifest.rows["file"]);
            assert!(
                data.join("events/2026-03-31/part.parquet").exists()
                    && !data.join("keys/signing.key").exists()
            );
            assert_eq!(std::fs::read(data.join("spool/live/0000000000000001.spool")).unwrap(), b"waits");
            assert!(data.join("spool/state-0000000000000001.json").exists());
            assert!(!data.join("spool/.export").exists());
            // It is searched and written to as if nothing had happened.
            let reach = Reach { units: vec![home], ..Reach::default() };
            assert_eq!(db.search("müller", &[("person", reach.clone())], 9).await.unwrap().len(), 1);
            assert_eq!(db.search("flood", &[("risk", reach)], 9).await.unwrap().len(), 9);
            let keys = Keys::open(&data.join("keys"), db, &author(9)).await.unwrap();
            let written = db
                .write(&author(10), vec![risk(Id::new(Moment::EPOCH), home, "After")], vec![])
                .await
                .unwrap();
            assert_eq!(written[0].change, Some(manifest.change + 2));
            let job = NewJob::new("assess", serde_json::json!({}), Moment::EPOCH);
            assert!(db.enqueue(&job, Moment::EPOCH).await.unwrap().unwrap() > manifest.rows["job"] as i64);
            let report = sound(&other).await;
            assert!(report.is_sound(), "{:?}", report.problems);
            assert_eq!(report.unvouched, [keys.id()]);
            // A second restore has no empty place.
            let error = restore(path, db, data).await.unwrap_err();
            assert!(error.to_string().contains("already holds"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_leaves_nothing() {
    let place = sqlite().await;
    let (db, data) = (&place.db, place.dir.path());
    let home = Id::new(Moment::EPOCH);
    db.write(&author(1), vec![unit(home, "North"), risk(Id::new(Moment::EPOCH), home, "Flood")], vec![])
        .await
        .unwrap();
    let path = data.join("backup.tar.zst");
    backup(db, data, &path, false, Moment::EPOCH).await.unwrap();
    assert!(backup(db, data, &path, false, Moment::EPOCH).await.is_err(), "it overwrites nothing");

    // Somebody unpacks it, changes a row and packs it again.
    let whole = zstd::decode_all(&*std::fs::read(&path).unwrap()).unwrap();
    let forged = data.join("forged.tar.zst");
    let mut bytes = whole.clone();
    let at = bytes.windows(7).position(|w| w == b"\"Flood\"").unwrap();
    bytes[at + 1..at + 6].copy_from_slice(b"Flops");
    std::fs::write(&forged, zstd::encode_all(&*bytes, 3).unwrap()).unwrap();
    let report = verify_backup(&forged).unwrap();
    assert!(
        report.problems.iter().any(|p| p.message.contains("was altered in the backup")),
        "{:?}",
        report.problems
    );
    let other = sqlite().await;
    let error = restore(&forged, &other.db, other.dir.path()).await.unwrap_err();
    assert!(error.to_string().contains("nothing was restored"), "{error}");

    // It is cut off, or something else altogether.
    let packed = std::fs::read(&path).unwrap();
    std::fs::write(&forged, &packed[..packed.len() / 2]).unwrap();
    assert!(restore(&forged, &other.db, other.dir.path()).await.is_err());
    std::fs::write(&forged, b"not a backup").unwrap();
    assert!(verify_backup(&forged).is_err());
    assert_eq!(other.db.chain_head().await.unwrap().0, 0);
    restore(&path, &other.db, other.dir.path()).await.unwrap();
}
