//! Several processes at once, and processes that are killed: no gap, no fork, nothing acknowledged is lost.
//!
//! The test program starts itself as a child, with `WARDKEEP_CHILD` naming what the child does. More than the
//! usual rounds: `WARDKEEP_WRITES=10000` writes a process, `WARDKEEP_KILLS=50` kills a database.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test may fail, and says what it measured

mod common;

use common::{Place, add, author, databases, register, risk, text, unit};
use serde_json::json;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use wardkeep_register::Value;
use wardkeep_store::*;
use wardkeep_types::{Id, Moment};

const HOME: &str = "00000000-0000-7000-8000-000000000001";

fn setting(name: &str, default: i64) -> i64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

async fn sound(place: &Place) -> Report {
    let files = Files::open(place.dir.path()).unwrap();
    let scope = Scope { schemas: wardkeep_registers::all(), files: Some(&files), ..Scope::default() };
    verify(&place.db, scope).await.unwrap()
}

/// Starts this program again; `what` is the child's task, `number` its number or round.
fn child(place: &Place, what: &str, number: i64, most: i64) -> Child {
    let (database, schema) = match &place.target {
        Target::File(path) => (path.display().to_string(), String::new()),
        Target::Postgres { url, schema } => (url.clone(), schema.clone()),
    };
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "what_a_child_does", "--nocapture"])
        .env("WARDKEEP_CHILD", what)
        .env("CHILD_DATABASE", database)
        .env("CHILD_SCHEMA", schema)
        .env("CHILD_DATA", place.dir.path())
        .env("CHILD_NUMBER", number.to_string())
        .env("CHILD_MOST", most.to_string())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Not a test of its own: what the children of the tests below do.
#[tokio::test]
async fn what_a_child_does() {
    let Ok(what) = std::env::var("WARDKEEP_CHILD") else { return };
    let var = |name: &str| std::env::var(name).unwrap();
    let (database, schema) = (var("CHILD_DATABASE"), var("CHILD_SCHEMA"));
    let target = if schema.is_empty() {
        Target::File(database.into())
    } else {
        Target::Postgres { url: database, schema }
    };
    let db = Db::open(&target).await.unwrap();
    let (number, most) = (setting("CHILD_NUMBER", 0), setting("CHILD_MOST", 0));
    match what.as_str() {
        "write" => write(&db, number, most).await,
        "import" => import(&db, var("CHILD_DATA").as_ref(), number, most).await,
        other => panic!("{other}"),
    }
    db.close().await.unwrap();
}

/// Writes records one by one, and claims jobs between them.
async fn write(db: &Db, number: i64, most: i64) {
    let (home, worker) = (HOME.parse().unwrap(), format!("process {number}"));
    for i in 0..most {
        let id = Id::new(Moment::EPOCH);
        db.write(&author(i), vec![risk(id, home, &format!("Flood {number}.{i}"))], vec![]).await.unwrap();
        if i % 10 == 0
            && let Some(job) = db.claim(&["count"], &worker, 3_600, Moment::EPOCH).await.unwrap()
        {
            assert!(db.finish_job(job.id, &worker, &worker, Moment::EPOCH).await.unwrap());
        }
    }
}

/// Imports people in batches of 100 until there are `most`, going on where the last attempt was killed. Each
/// batch, its file and its checkpoint are one transaction; what is committed is said.
async fn import(db: &Db, data: &std::path::Path, round: i64, most: i64) {
    let now = Moment::EPOCH.plus_seconds(round * 1_000);
    let (home, worker): (Id, _) = (HOME.parse().unwrap(), format!("round {round}"));
    let files = Files::open(data).unwrap();
    let job = db
        .claim(&["import"], &worker, 60, now)
        .await
        .unwrap()
        .expect("the job of the killed process is free");
    let mut at = job.checkpoint.as_ref().map_or(0, |c| c["row"].as_i64().unwrap());
    println!("begin {at}");
    while at < most {
        let batch = (at..at + 100).map(|i| {
            let values = [
                ("name", text(&format!("Person {i}"))),
                ("email", text(&format!("person{i}@example.org"))),
                ("employment", Value::Choice("employee".into())),
            ];
            add(register("person"), Id::derived(&home, &i.to_string()), home, &values)
        });
        let batch = batch.collect();
        let part = files.put(format!("rows from {at}").as_bytes(), 1_000).await.unwrap();
        let extra = vec![part.statement(now), Db::checkpoint(job.id, &worker, &json!({"row": at + 100}))];
        let author = Author { request: format!("import {round}"), ..author(round) };
        db.write(&author, batch, extra).await.unwrap();
        at += 100;
        println!("done {at}");
    }
    assert!(db.finish_job(job.id, &worker, "imported", now).await.unwrap());
}

#[tokio::test]
async fn four_processes_write_one_chain() {
    for place in databases().await {
        let db = &place.db;
        let per_process = match place.target {
            Target::Postgres { .. } => setting("WARDKEEP_WRITES", 500),
            Target::File(_) => setting("WARDKEEP_WRITES", 100),
        };
        let home: Id = HOME.parse().unwrap();
        let jobs = (0..per_process / 5)
            .map(|i| NewJob::new("count", json!({"i": i}), Moment::EPOCH).statement(Moment::EPOCH));
        db.write(&author(0), vec![unit(home, "North")], jobs.collect()).await.unwrap();
        let mut children: Vec<Child> =
            (0..4).map(|number| child(&place, "write", number, per_process)).collect();
        for child in &mut children {
            assert!(child.wait().await.unwrap().success());
        }
        let report = sound(&place).await;
        assert!(report.is_sound(), "{:?}", report.problems);
        assert_eq!((report.entries as i64, report.rows as i64), (1 + 4 * per_process, 1 + 4 * per_process));
        let references = db
            .rows("SELECT count(DISTINCT ref_number) AS many, max(ref_number) AS last FROM risk", vec![])
            .await
            .unwrap();
        let number = |name: &str| references[0].try_get::<i64>("", name).unwrap();
        assert_eq!((number("many"), number("last")), (4 * per_process, 4 * per_process));
        let jobs = db.jobs("count", None, 100_000).await.unwrap();
        assert!(jobs.iter().all(|j| j.state == JobState::Done && j.attempts == 1));
        let workers: std::collections::HashSet<_> = jobs.iter().filter_map(|j| j.outcome.clone()).collect();
        println!(
            "{:?}: {} entries by 4 processes, {} jobs claimed once by {} workers",
            db.dialect(),
            report.entries,
            jobs.len(),
            workers.len()
        );
    }
}

#[tokio::test]
async fn killed_imports_lose_nothing_and_can_be_run_again() {
    for place in databases().await {
        let db = &place.db;
        let home: Id = HOME.parse().unwrap();
        let mut job = NewJob::new("import", json!({}), Moment::EPOCH);
        job.attempts_most = i64::MAX;
        db.write(&author(0), vec![unit(home, "North")], vec![job.statement(Moment::EPOCH)]).await.unwrap();
        let kills = setting("WARDKEEP_KILLS", 10);
        let mut acknowledged = 0;
        for round in 1..=kills {
            let mut child = child(&place, "import", round, i64::MAX);
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            while !lines.next_line().await.unwrap().expect("the child begins").starts_with("begin") {}
            // Anywhere between the first statement and the fifth batch or so.
            tokio::time::sleep(Duration::from_micros(rand::random_range(0..600_000))).await;
            child.kill().await.unwrap();
            while let Some(line) = lines.next_line().await.unwrap() {
                acknowledged = line.strip_prefix("done ").map_or(acknowledged, |n| n.parse().unwrap());
            }
            let report = sound(&place).await;
            assert!(report.is_sound(), "after kill {round}: {:?}", report.problems);
            let people = report.rows as i64 - 1;
            assert!(
                people >= acknowledged && people % 100 == 0,
                "{people} rows, {acknowledged} acknowledged"
            );
        }
        let most = (sound(&place).await.rows as i64 - 1) / 100 * 100 + 300;
        let mut last = child(&place, "import", kills + 1, most);
        assert!(last.wait().await.unwrap().success());
        let report = sound(&place).await;
        assert!(report.is_sound(), "{:?}", report.problems);
        assert_eq!(report.rows as i64, most + 1);
        println!("{:?}: {kills} kills, {most} rows, {} files, the chain holds", db.dialect(), report.files);
    }
}
