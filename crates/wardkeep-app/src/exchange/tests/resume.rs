//! Interrupted imports go on where they were.

use super::super::{ApplyAsk, ImportState};
use super::{Bench, system};
use std::fmt::Write as _;
use wardkeep_types::limits::BATCH_ROWS;

fn people(count: usize) -> String {
    let mut file = "name,email,employment,lead,stage\n".to_owned();
    for i in 0..count {
        let lead = if i % 10 == 0 { String::new() } else { format!("p{}@example.org", i - i % 10) };
        writeln!(file, "Person {i},p{i}@example.org,employee,{lead},active").unwrap();
    }
    file
}

#[tokio::test]
async fn an_import_stopped_in_the_middle_goes_on_and_doubles_nothing() {
    let mut bench = Bench::new().await;
    let count = BATCH_ROWS * 2 + 100;
    let head = bench.stage("person", &people(count)).await;
    let one = ApplyAsk { batches: Some(1), all_or_nothing: false };
    let stopped = bench.app.apply_import(&system(), head.id, one).await.unwrap();
    assert_eq!((stopped.state, stopped.counts.applied as usize), (ImportState::Applying, BATCH_ROWS));
    bench = bench.reopened().await;
    let stopped = bench.app.apply_import(&system(), head.id, one).await.unwrap();
    assert_eq!(stopped.counts.applied as usize, BATCH_ROWS * 2);
    bench = bench.reopened().await;
    let three = ApplyAsk { batches: Some(2), all_or_nothing: false };
    let moving = bench.app.apply_import(&system(), head.id, three).await.unwrap();
    assert_eq!(moving.state, ImportState::Applying, "rows are in, moves are under way");
    bench = bench.reopened().await;
    let done = bench.apply(&head).await;
    assert_eq!((done.state, done.counts.applied as usize), (ImportState::Applied, count));
    assert_eq!(bench.count("person").await, count as i64);
    let sql = "SELECT count(*) AS k FROM person WHERE stage = 'active'";
    let active: i64 = bench.app.db.row(sql, vec![]).await.unwrap().unwrap().try_get("", "k").unwrap();
    assert_eq!(active, count as i64);
    bench.verify().await;
}
