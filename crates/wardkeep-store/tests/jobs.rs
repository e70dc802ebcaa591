//! Jobs go to one worker each, survive their workers and stop when asked; readers of the log lose nothing.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test may fail, and says what it measured

mod common;

use common::{author, databases, unit};
use serde_json::json;
use std::collections::HashSet;
use wardkeep_store::*;
use wardkeep_types::{Id, Moment};

fn at(second: i64) -> Moment {
    Moment::EPOCH.plus_seconds(second)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_workers_claim_each_job_once() {
    for place in databases().await {
        let statements =
            (0..200).map(|i| NewJob::new("count", json!({"i": i}), at(0)).statement(at(0))).collect();
        place.db.write(&author(1), vec![], statements).await.unwrap();
        let mut tasks = Vec::new();
        for worker in 0..4 {
            let db = Db::open(&place.target).await.unwrap();
            tasks.push(tokio::spawn(async move {
                let (name, mut mine) = (format!("worker {worker}"), Vec::new());
                while let Some(job) = db.claim(&["count", "other"], &name, 60, at(2)).await.unwrap() {
                    assert!(db.finish_job(job.id, &name, "counted", at(3)).await.unwrap());
                    mine.push(job.id);
                }
                mine
            }));
        }
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (200, 200));
        assert!(place.db.jobs("count", None, 500).await.unwrap().iter().all(|j| j.state == JobState::Done));
    }
}

#[tokio::test]
async fn a_job_lives_through_failure_death_and_cancelling() {
    for place in databases().await {
        let db = &place.db;
        let mut new = NewJob::new("import", json!({"rows": 3}), at(0));
        new.unique_key = Some("import 7".into());
        new.attempts_most = 3;
        let id = db.enqueue(&new, at(0)).await.unwrap().unwrap();
        assert_eq!(db.enqueue(&new, at(0)).await.unwrap(), None, "the key is taken");
        assert_eq!(db.claim(&["mail"], "a", 60, at(1)).await.unwrap(), None);

        // The first attempt fails and waits; the second dies, and a third worker goes on from its checkpoint.
        let job = db.claim(&["import"], "a", 60, at(1)).await.unwrap().unwrap();
        assert!(db.fail_job(&job, "a", "no network", true, at(2)).await.unwrap());
        assert_eq!(db.claim(&["import"], "a", 60, at(3)).await.unwrap(), None);
        let job = db.claim(&["import"], "a", 60, at(60)).await.unwrap().unwrap();
        assert_eq!((job.id, job.attempts), (id, 2));
        let home = Id::new(Moment::EPOCH);
        let batch = vec![unit(home, "North")];
        db.write(&author(61), batch, vec![Db::checkpoint(id, "a", &json!({"row": 1}))]).await.unwrap();
        let job = db.claim(&["import"], "b", 60, at(121)).await.unwrap().unwrap();
        assert_eq!((job.attempts, job.checkpoint.clone()), (3, Some(json!({"row": 1}))));

        // Who lost the lease can neither report nor write.
        let progress = Progress { done: 2, total: 3, note: "applying".into() };
        assert_eq!(db.beat(id, "a", 60, &progress, "", at(122)).await.unwrap(), Beat::Lost);
        let head = db.chain_head().await.unwrap();
        let late = vec![unit(Id::new(Moment::EPOCH), "South")];
        db.write(&author(122), late, vec![Db::checkpoint(id, "a", &json!({"row": 2}))]).await.unwrap_err();
        assert_eq!(db.chain_head().await.unwrap(), head, "nothing of it was written");
        assert!(!db.finish_job(id, "a", "", at(122)).await.unwrap());

        // Progress and the end of the log are kept; a person stops it and starts it again.
        assert_eq!(
            db.beat(id, "b", 60, &progress, &"x".repeat(LOG_BYTES), at(123)).await.unwrap(),
            Beat::GoOn
        );
        assert!(db.cancel_job(id, at(124)).await.unwrap());
        assert_eq!(db.beat(id, "b", 60, &progress, "the end", at(124)).await.unwrap(), Beat::Stop);
        assert!(db.stop_job(id, "b", at(125)).await.unwrap());
        let job = db.job(id).await.unwrap().unwrap();
        assert_eq!((job.state, job.progress), (JobState::Cancelled, progress.clone()));
        assert!(job.log.len() == LOG_BYTES && job.log.ends_with("the end"));
        assert!(db.resume_job(id, at(126)).await.unwrap());
        assert!(!db.resume_job(id, at(126)).await.unwrap());
        for second in [130, 200] {
            let job = db.claim(&["import"], "c", 10, at(second)).await.unwrap().unwrap();
            assert_eq!(job.checkpoint, Some(json!({"row": 1})));
        }
        // The last attempt dies too: it is given up.
        assert_eq!(db.claim(&["import"], "c", 10, at(300)).await.unwrap().unwrap().attempts, 3);
        assert_eq!(db.claim(&["import"], "c", 10, at(400)).await.unwrap(), None);
        assert_eq!(db.job(id).await.unwrap().unwrap().state, JobState::Failed);
        assert!(db.enqueue(&new, at(401)).await.unwrap().is_some(), "the key is free again");
        assert!(!db.resume_job(id, at(402)).await.unwrap(), "another job has the key");
        assert_eq!(db.forget_jobs(at(500)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn readers_of_the_log_see_every_change_once_in_order() {
    for place in databases().await {
        let db = &place.db;
        db.add_consumer("numbers", 0, at(0)).await.unwrap();
        for second in 1..=5 {
            let units = (0..second).map(|_| unit(Id::new(Moment::EPOCH), "North")).collect();
            db.write(&author(second), units, vec![]).await.unwrap();
        }
        db.add_consumer("webhooks", db.chain_head().await.unwrap().0, at(6)).await.unwrap();
        assert_eq!(db.next_range("webhooks", "a", 100, 30, at(7)).await.unwrap(), None);
        let mut seen = Vec::new();
        let range = db.next_range("numbers", "a", 4, 30, at(7)).await.unwrap().unwrap();
        assert_eq!((range.first, range.last), (1, 4));
        assert_eq!(db.next_range("numbers", "b", 4, 30, at(8)).await.unwrap(), None, "a has it");
        // a dies; b takes over the same range, and a's late word changes nothing.
        let taken = db.next_range("numbers", "b", 4, 30, at(40)).await.unwrap().unwrap();
        assert_eq!(taken, range);
        assert!(!db.range_done(&range, "a", at(41)).await.unwrap());
        db.range_failed(&taken, "b", "502", at(42)).await.unwrap();
        assert_eq!(db.consumers().await.unwrap()[0].failures, 1);
        assert_eq!(db.next_range("numbers", "b", 4, 30, at(43)).await.unwrap(), None, "it waits");
        while let Some(range) = db.next_range("numbers", "b", 4, 30, at(60)).await.unwrap() {
            seen.extend(range.first..=range.last);
            assert!(db.range_done(&range, "b", at(60)).await.unwrap());
        }
        assert_eq!(seen, (1..=15).collect::<Vec<_>>());
        db.tidy_outbox(at(0), at(61)).await.unwrap();
        db.tidy_outbox(at(62), at(63)).await.unwrap();
        db.write(&author(64), vec![unit(Id::new(Moment::EPOCH), "South")], vec![]).await.unwrap();
        assert_eq!(db.next_range("webhooks", "a", 100, 30, at(65)).await.unwrap().unwrap().first, 16);
    }
}
