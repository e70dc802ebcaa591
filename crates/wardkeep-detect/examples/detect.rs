//! Measures the matchers beside rsigma: `cargo run --release -p wardkeep-detect --features bench --example detect --
//! DATA [--events N] [--growth] [--json]`, with DATA the folder of test data.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

use std::path::PathBuf;
use wardkeep_detect::bench::{Corpus, Options, rules, run};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1));
    let has = |name: &str| arguments.iter().any(|a| a == name);
    let data = PathBuf::from(arguments.first().map_or("../shared/data", String::as_str));
    let files = rules(&data.join("detection/sigma"), true)?;
    let corpora = [
        Corpus::read("evtx", &data.join("detection/evtx"))?,
        Corpus::read("mordor", &data.join("logs/otrf-security-datasets"))?,
    ];
    for corpus in &corpora {
        eprintln!("{}: {} events, {} left out", corpus.name, corpus.len(), corpus.left_out);
    }
    let events = value("--events").and_then(|n| n.parse().ok()).unwrap_or(0);
    let options = Options {
        events,
        growth: has("--growth"),
        only: value("--only").map(|m| m.split(',').map(str::to_owned).collect()).unwrap_or_default(),
    };
    let report = run(&files, &corpora, &options, &mut |line| eprintln!("{line}"));
    if has("--json") {
        println!("{}", serde_json::to_string_pretty(&report).map_err(std::io::Error::other)?);
        return Ok(());
    }
    for one in &report.differences {
        println!(
            "{} {} {}: {:?} but not {:?}, {} events, first {}: {}",
            one.corpus,
            one.rule,
            one.title,
            one.hit,
            one.missed,
            one.events,
            one.first,
            one.cause.unwrap_or("?")
        );
        if has("--show") {
            let corpus = corpora.iter().find(|corpus| corpus.name == one.corpus);
            println!("  {}", corpus.map_or("", |corpus| &corpus.flat[one.first]));
        }
    }
    println!(
        "streaming {:.2}x ({:.2}x small), columnar {:.2}x ({:.2}x small), identical {}",
        report.streaming_ratio,
        report.streaming_ratio_small,
        report.columnar_ratio,
        report.columnar_ratio_small,
        report.identical
    );
    Ok(())
}
