//! The spool under ordinary use, after a crash, when it is full, and when it is damaged.

use super::open::{segment_path, segments};
use super::*;
use crate::batch::{Batch, Mark};
use std::path::Path;
use std::time::Duration;
use wardkeep_types::Moment;

fn batch(source: &str, messages: &[&str]) -> Batch {
    let mut batch = Batch::new(source.into(), Moment::EPOCH);
    messages.iter().for_each(|m| batch.push(m.as_bytes()));
    batch
}

fn all(spool: &Spool, from: u64) -> Vec<(u64, Vec<String>)> {
    let mut cursor = spool.cursor(from);
    let mut out = Vec::new();
    while let Next::Batch(stored) = cursor.next(Duration::from_millis(20)).unwrap() {
        let texts = stored.batch.messages().map(|m| String::from_utf8_lossy(m).into_owned()).collect();
        out.push((stored.first, texts));
    }
    out
}

fn open(folder: &Path) -> Spool {
    Spool::open(folder, SpoolOptions { segment_bytes: 200, ..SpoolOptions::default() }, 0).unwrap()
}

#[tokio::test]
async fn what_is_acknowledged_is_there_after_a_restart_and_goes_when_released() {
    let dir = tempfile::tempdir().unwrap();
    let spool = open(dir.path());
    for n in 0..20_u64 {
        let mut one = batch("syslog/a", &[&format!("one {n}"), "two"]);
        one.marks.push(Mark { name: "file".into(), value: n.to_le_bytes().to_vec() });
        let receipt = spool.gate().submit(one, Wanted::Held).await.unwrap();
        assert_eq!((receipt.first, receipt.messages), (1 + 2 * n, 2));
    }
    assert!(segments(dir.path()).unwrap().len() > 3);
    spool.close();
    let spool = open(dir.path());
    assert_eq!(spool.marks()["file"], 19_u64.to_le_bytes());
    let read = all(&spool, 1);
    assert_eq!((read.len(), read[19].1[0].as_str()), (20, "one 19"));
    assert_eq!(all(&spool, 11)[0].0, 11);
    let before = spool.gate().state().held;
    assert!(spool.release(30).unwrap() > 2);
    assert!(spool.gate().state().held < before);
    assert_eq!(all(&spool, 31)[0].0, 31);
    spool.release(u64::MAX).unwrap();
    spool.close();
    // The newest segment remembers everything, and numbers go on.
    let spool = open(dir.path());
    assert_eq!(spool.marks()["file"], 19_u64.to_le_bytes());
    assert_eq!(spool.gate().submit(batch("a", &["x"]), Wanted::Held).await.unwrap().first, 41);
}

#[tokio::test]
async fn a_segment_that_was_done_with_before_the_next_began_goes_when_the_spool_is_full() {
    let dir = tempfile::tempdir().unwrap();
    let bounds = SpoolOptions { bytes: 1_000, segment_bytes: 200, waiting: 2 };
    let spool = Spool::open(dir.path(), bounds, 0).unwrap();
    // The worker is done with it as soon as it is written, which may be before the writer begins the next segment.
    assert_eq!(spool.release(2).unwrap(), 0);
    spool.gate().submit(batch("a", &[&"x".repeat(2_000)]), Wanted::Held).await.unwrap();
    let gate = spool.gate();
    let after = gate.submit(batch("a", &["y"]), Wanted::Held);
    let receipt = tokio::time::timeout(Duration::from_secs(20), after).await.unwrap().unwrap();
    assert_eq!(receipt.first, 2);
    assert_eq!(segments(dir.path()).unwrap(), [2]);
}

#[tokio::test]
async fn a_repeated_delivery_is_known_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let keyed = || {
        let mut keyed = batch("http/1", &["x"]);
        keyed.key = Some([7; 16]);
        keyed
    };
    let spool = open(dir.path());
    assert!(!spool.gate().submit(keyed(), Wanted::Soon).await.unwrap().repeated);
    assert!(spool.gate().submit(keyed(), Wanted::Soon).await.unwrap().repeated);
    spool.close();
    let spool = open(dir.path());
    assert!(spool.gate().submit(keyed(), Wanted::Soon).await.unwrap().repeated);
    assert_eq!(all(&spool, 1).len(), 1);
}

#[tokio::test]
async fn a_torn_end_is_cut_off_and_damage_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(dir.path(), SpoolOptions::default(), 0).unwrap();
    for n in 0..5 {
        spool.gate().submit(batch("a", &[&format!("message {n}")]), Wanted::Held).await.unwrap();
    }
    spool.close();
    let path = segment_path(dir.path(), 1);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 3]).unwrap();
    let spool = Spool::open(dir.path(), SpoolOptions::default(), 0).unwrap();
    assert_eq!((all(&spool, 1).len(), spool.damaged()), (4, 0));
    assert_eq!(spool.gate().submit(batch("a", &["again"]), Wanted::Held).await.unwrap().first, 5);
    spool.close();
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(9).position(|w| w == b"message 1").unwrap();
    bytes[at] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let spool = Spool::open(dir.path(), SpoolOptions::default(), 0).unwrap();
    let read: Vec<String> = all(&spool, 1).into_iter().flat_map(|(_, texts)| texts).collect();
    assert_eq!(read, ["message 0", "message 2", "message 3", "again"]);
    assert!(spool.damaged() > 0);
}

#[tokio::test]
async fn a_full_spool_refuses_who_cannot_wait_and_holds_back_who_can() {
    let dir = tempfile::tempdir().unwrap();
    let options = SpoolOptions { bytes: 2_000, segment_bytes: 500, waiting: 4 };
    let spool = Spool::open(dir.path(), options, 0).unwrap();
    let text = "x".repeat(300);
    let mut taken = 0;
    let refused = loop {
        match spool.gate().submit(batch("a", &[&text]), Wanted::Soon).await {
            Ok(_) => taken += 1,
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused, Refused::Full);
    assert!((3..8).contains(&taken), "{taken}");
    assert!(spool.gate().was_full() && spool.gate().state().refused == 1);
    let gate = spool.gate();
    let (held, text) =
        (tokio::spawn(async move { gate.submit(batch("a", &["held"]), Wanted::Held).await }), text);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert!(!held.is_finished());
    spool.release(u64::MAX).unwrap();
    assert_eq!(held.await.unwrap().unwrap().messages, 1);
    assert!(spool.gate().submit(batch("a", &[&text]), Wanted::Soon).await.is_ok());
}
