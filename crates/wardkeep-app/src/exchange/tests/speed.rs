//! How fast a large file goes in. Held to its budget in release builds only.

use super::super::ApplyAsk;
use super::{Bench, system};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

#[tokio::test]
#[ignore = "run with --release --ignored"]
#[allow(clippy::disallowed_methods)] // a stopwatch, not a date
async fn ten_thousand_rows_stay_within_their_budget() {
    let bench = Bench::new().await;
    let mut file = "name,email,employment,job_title,lead,joined_on,phone\n".to_owned();
    for i in 0..10_000 {
        let lead = if i % 20 == 0 { String::new() } else { format!("p{}@example.org", i - i % 20) };
        writeln!(file, "Person {i},p{i}@example.org,employee,Nurse,{lead},2020-01-01,+49 {i}").unwrap();
    }
    let timed = |what: &str, since: Instant, budget: u64| {
        let took = since.elapsed();
        println!("{what}: {took:?}");
        assert!(cfg!(debug_assertions) || took < Duration::from_secs(budget), "{what} took {took:?}");
    };
    let start = Instant::now();
    let head = bench.stage("person", &file).await;
    timed("dry run of 10,000 new rows", start, 3);
    let start = Instant::now();
    let done = bench.app.apply_import(&system(), head.id, ApplyAsk::default()).await.unwrap();
    timed("apply 10,000 new rows", start, 5);
    assert_eq!(done.counts.applied, 10_000);
    let start = Instant::now();
    let again = bench.stage("person", &file).await;
    timed("dry run of the same 10,000 rows", start, 3);
    assert_eq!(super::outcomes(&again), [0, 0, 10_000, 0]);
    let before = bench.app.db.statements();
    let changed = bench.stage("person", &file.replace("Nurse", "Cook")).await;
    println!("statements of a dry run: {}", bench.app.db.statements() - before);
    let start = Instant::now();
    let done = bench.app.apply_import(&system(), changed.id, ApplyAsk::default()).await.unwrap();
    timed("apply 10,000 changes", start, 20);
    assert_eq!(done.counts.applied, 10_000);
    let start = Instant::now();
    let undone = bench.app.undo_import(&system(), changed.id).await.unwrap();
    timed("undo 10,000 changes", start, 30);
    assert_eq!(undone.restored, 10_000);
}
