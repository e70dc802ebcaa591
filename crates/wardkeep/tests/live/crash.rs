//! `kill -9` at any moment: nothing that was acknowledged is missing, and nothing is double.
//!
//! `WARDKEEP_EVENTS` and `WARDKEEP_KILLS` make it larger.

use crate::program::{Server, json, pause, post};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// How often each numbered message stands in the event files, by source.
fn stored(data: &Path) -> BTreeMap<(String, u64), u32> {
    let folder = data.join("events");
    let mut found = BTreeMap::new();
    let database = sqlite_names(data);
    for name in database {
        wardkeep_events::store::read_events(&folder, &name, |event| {
            let text = event.message.as_deref().unwrap_or(&event.raw);
            let number = text.split("number=").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
            if let Some(number) = number {
                let kind = event.source.split('/').next().unwrap().to_owned();
                *found.entry((kind, number)).or_insert(0) += 1;
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    }
    found
}

/// The event files that the database names.
fn sqlite_names(data: &Path) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let target = wardkeep_store::Target::File(data.join("wardkeep.db"));
        let db = wardkeep_store::Db::open(&target).await.unwrap();
        let rows = db
            .rows("SELECT name FROM event_file WHERE superseded_by IS NULL", wardkeep_store::cells![])
            .await
            .unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "name").unwrap()).collect()
    })
}

/// How many records of sources of that kind were counted.
fn counted(data: &Path, kind: &str) -> u64 {
    let lines = json(data, &["source", "list"]);
    let all = lines["sources"].as_array().unwrap();
    let one = all.iter().find(|s| s["address"].as_str().unwrap().starts_with(kind));
    one.and_then(|s| s["events"].as_u64()).unwrap_or(0)
}

fn line(n: u64) -> String {
    format!("<38>1 2026-02-03T04:05:06.{:06}Z web1 app {n} - - number={n} of many", n % 1_000_000)
}

#[test]
fn killed_in_the_middle_nothing_acknowledged_is_lost_and_nothing_is_double() {
    let (total, kills) = (number("WARDKEEP_EVENTS", 6_000), number("WARDKEEP_KILLS", 3));
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let log = dir.path().join("app.log");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(&log, "").unwrap();
    std::fs::write(
        data.join("wardkeep.toml"),
        format!("[intake]\nhttp = true\nflush_seconds = 1\n[[intake.tail]]\npath = {log:?}\n"),
    )
    .unwrap();
    let added = json(&data, &["source", "add", "Numbers"]);
    let token = added["token"].as_str().unwrap().to_owned();
    let server = Server::start(&data);
    let address = Arc::new(Mutex::new(server.address));
    let (over, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    // The sender sends each body until it is acknowledged, as shippers do.
    let sender = {
        let (address, sent, token) = (address.clone(), sent.clone(), token.clone());
        std::thread::spawn(move || {
            let mut n = 0;
            while n < total {
                let upto = (n + 50).min(total);
                let body: Vec<String> = (n..upto).map(line).collect();
                let to = *address.lock().unwrap();
                match post(to, &token, &body.join("\n")) {
                    Ok((200, _)) => n = upto,
                    _ => pause(20),
                }
                sent.store(n, Ordering::Relaxed);
            }
        })
    };
    // A program that writes a log, rotates it, and copies it.
    let writer = {
        let (over, log) = (over.clone(), log.clone());
        std::thread::spawn(move || {
            let open = || std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
            let mut file = open();
            for n in 0..total {
                writeln!(file, "{}", line(n)).unwrap();
                if n % 1_000 == 999 {
                    // Let what was written be seen now and then, as a real rotation does.
                    pause(400);
                    std::fs::rename(&log, log.with_extension(format!("log.{n}"))).unwrap();
                    file = open();
                }
                if n % 50 == 0 {
                    pause(5);
                }
            }
            over.store(true, Ordering::Relaxed);
        })
    };
    let mut server = server;
    for kill in 1..=kills {
        while sent.load(Ordering::Relaxed) < total * kill / (kills + 1) {
            pause(5);
        }
        server.kill();
        server = Server::start(&data);
        *address.lock().unwrap() = server.address;
    }
    sender.join().unwrap();
    writer.join().unwrap();
    assert!(over.load(Ordering::Relaxed));
    for _ in 0..600 {
        if counted(&data, "http/") >= total && counted(&data, "file/") >= total {
            break;
        }
        pause(200);
    }
    assert_eq!(server.post("wksrc_000000000000_wrong", "x").map(|(status, _)| status), Some(401));
    server.stop();
    let found = stored(&data);
    for kind in ["http", "file"] {
        let wrong: Vec<(u64, u32)> = (0..total)
            .map(|n| (n, found.get(&(kind.to_owned(), n)).copied().unwrap_or(0)))
            .filter(|(_, times)| *times != 1)
            .collect();
        assert!(
            wrong.is_empty(),
            "{kind}: {} messages are not there exactly once: {:?}",
            wrong.len(),
            &wrong[..wrong.len().min(20)]
        );
    }
}
