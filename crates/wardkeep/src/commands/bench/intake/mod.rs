//! `wardkeep bench intake`: the whole way of a log record, from the sender's socket to the file that holds it, with
//! all rules active.
//!
//! Expected before it was first measured: 25,000 records a second on two cores with the sender beside it. Parsing and
//! matching alone take 10 µs a record, making an event that lives on until it is filed about as much again, its
//! columns and their compression 12 µs on another thread, the way in 3 µs, sending 3 µs. So the thread that made events
//! and matched them was the limit, not the disk; reading and matching are two threads since. The goal is 40,000.

pub(super) mod lines;
mod measure;
mod senders;
mod server;

use super::IntakeArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Out, note};
use lines::Way;
use measure::{Figures, Watch, settle, stored};
use senders::{Packed, Plan};
use serde_json::json;
use server::{Server, ask};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Folders of public rules below the folder of test data.
const RULES: [&str; 4] = ["rules", "rules-compliance", "rules-emerging-threats", "rules-threat-hunting"];

/// Measures.
pub(super) async fn run(out: Out, args: &IntakeArgs) -> anyhow::Result<Exit> {
    let ways: &[Way] = match args.over.as_str() {
        "http" => &[Way::Http],
        "tcp" => &[Way::Syslog],
        _ => &[Way::Http, Way::Syslog],
    };
    let place = args.folder.clone().unwrap_or_else(std::env::temp_dir);
    let data = tempfile::Builder::new().prefix("wardkeep-bench-").tempdir_in(&place)?;
    let tcp = free_port()?;
    let rules = rules(args);
    configure(data.path(), tcp, &rules)?;
    note("Starting the server with all rules; that takes a while the first time.");
    let added = ask(data.path(), &["source", "add", "Bench"])?;
    let token = added["token"].as_str().unwrap_or_default().to_owned();
    let mut server = Server::start(data.path())?;
    let connections = args.connections.max(1) * ways.len();
    let plan = Arc::new(Plan {
        http: (server.address, token),
        tcp,
        rate: args.rate.map(|rate| rate as f64 / connections as f64),
        time: Duration::from_secs(args.seconds.max(1)),
        next: AtomicU64::new(0),
        over: AtomicBool::new(false),
    });
    // Rules are registered before the first record is taken.
    while TcpStream::connect(tcp).is_err() && server.lives() {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let db = measure::open(data.path()).await?;
    let active = measure::count(&db, "SELECT count(*) AS k FROM rule WHERE stage = 'active'").await?;
    note(&format!("{active} rules are active; sending for {} seconds.", args.seconds));
    let before = server.cpu();
    let begun = Instant::now();
    let mut senders = Vec::new();
    for nth in 0..connections {
        let (plan, way) = (plan.clone(), ways[nth % ways.len()]);
        // Shippers differ: every third packs with gzip.
        let packed = match args.packing.as_str() {
            "none" => Packed::Plain,
            "gzip" => Packed::Gzip,
            "zstd" => Packed::Zstd,
            _ if nth % 3 == 2 => Packed::Gzip,
            _ => Packed::Zstd,
        };
        let work = move || (way, senders::run(&plan, way, packed, nth == 0));
        senders.push(std::thread::Builder::new().name(format!("send {nth}")).spawn(work)?);
    }
    let mut watch = Watch::new(begun);
    while senders.iter().any(|sender| !sender.is_finished()) {
        watch.look(&server, &db).await?;
        if !server.lives() {
            plan.over.store(true, Ordering::Relaxed);
            let log = std::fs::read_to_string(data.path().join("serve.log")).unwrap_or_default();
            return Err(Failure::refused("bench", "the server ended").at(log.trim()).into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut figures = Figures { sending_seconds: begun.elapsed().as_secs_f64(), ..Figures::default() };
    for sender in senders {
        let (way, did) = sender.join().map_err(|_| anyhow::anyhow!("a sender failed"))?;
        figures.add(way, did?);
    }
    settle(&server, &db, &mut watch, &figures).await?;
    figures.seconds = begun.elapsed().as_secs_f64();
    figures.settle(&server, before, watch);
    figures.active_rules = active;
    db.close().await?;
    let kept = (data.path().to_owned(), plan.next.load(Ordering::Relaxed));
    server.stop()?;
    let db = measure::open(data.path()).await?;
    let names = measure::files(&db).await?;
    figures.faults = measure::count(&db, "SELECT COALESCE(sum(failures), 0) AS k FROM source_state").await?;
    figures.alerts = measure::count(&db, "SELECT count(*) AS k FROM alert").await?;
    db.close().await?;
    figures.disk_bytes = names.iter().map(|(_, size)| size).sum();
    let counts = tokio::task::spawn_blocking(move || stored(&kept.0, &names, kept.1)).await??;
    figures.stored = counts.stored;
    figures.doubled = counts.doubled;
    figures.lost = figures.sent - counts.different;
    let fine = figures.lost == 0 && figures.doubled == 0;
    if out.json {
        let mut all = serde_json::to_value(&figures)?;
        all["rate_wanted"] = json!(args.rate);
        all["over"] = json!(ways.iter().map(|way| way.name()).collect::<Vec<_>>());
        all["connections"] = json!(connections);
        out.json(&all)?;
    } else {
        figures.print(&out)?;
    }
    if args.keep {
        note(&format!("The data folder is kept: {}", data.keep().display()));
    }
    Ok(if fine { Exit::Fine } else { Exit::Found })
}

/// A port that nobody has now.
fn free_port() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

fn rules(args: &IntakeArgs) -> Vec<PathBuf> {
    if !args.rules.is_empty() {
        return args.rules.clone();
    }
    let data =
        std::env::var_os("WARDKEEP_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let sigma = data.join("detection/sigma");
    RULES.iter().map(|name| sigma.join(name)).filter(|folder| folder.is_dir()).collect()
}

fn configure(folder: &Path, tcp: SocketAddr, rules: &[PathBuf]) -> anyhow::Result<()> {
    let absolute = rules.iter().map(std::fs::canonicalize).collect::<Result<Vec<_>, _>>()?;
    let config = format!("[intake]\nhttp = true\ntcp = \"{tcp}\"\nrules = {absolute:?}\n");
    std::fs::write(folder.join("wardkeep.toml"), config)?;
    Ok(())
}
