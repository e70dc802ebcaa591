//! Indicators of compromise in the stream: what one event costs, whatever the number of indicators.
//!
//! Expected before it was first measured: about 1 µs an event, a twentieth of what parsing and rules cost, and hardly
//! more with 100,000 indicators than with 1,000, because each word of an event is one look-up.

use super::intake::lines::{Way, put};
use crate::exit::Exit;
use crate::output::Out;
use crate::table::{Table, cell};
use serde_json::json;
use std::net::Ipv4Addr;
use std::time::Instant;
use wardkeep_detect::{Engine, Ioc, IocSet, RuleSet, builtin};
use wardkeep_intake::{Collected, LineReader};
use wardkeep_report::words::number;
use wardkeep_types::ioc::IocKind;
use wardkeep_types::{Id, Length, Moment};

/// Numbers of indicators.
const SIZES: [usize; 4] = [0, 1_000, 10_000, 100_000];
/// How often all events are looked at; the fastest time counts.
const TIMES: usize = 5;

/// Measures.
pub fn run(out: Out, events: u64) -> anyhow::Result<Exit> {
    let at: Moment = "2026-03-01T10:20:30Z".parse().map_err(|_| anyhow::anyhow!("no moment"))?;
    let mut text = String::new();
    (0..events.max(1)).for_each(|n| put(&mut text, Way::Http, n, at));
    let mut read = Collected::default();
    let mut reader = LineReader::new("bench", None).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    let begun = Instant::now();
    reader.push_lines(text.as_bytes(), |line, _| line + 1, at, &mut read);
    read.events.iter_mut().for_each(wardkeep_events::classify);
    let nanos = |seconds: f64| seconds * 1e9 / read.events.len().max(1) as f64;
    let parse = nanos(begun.elapsed().as_secs_f64());
    let (set, _) = RuleSet::load(builtin());
    let rules = fastest(|| {
        let (mut engine, mut hits) = (Engine::live(&set, Length::from_seconds(0)), Vec::new());
        read.events.iter().for_each(|event| engine.push(event, &mut hits));
        hits.len() as u64
    });
    let mut looked = Vec::new();
    for size in SIZES {
        let set = IocSet::new((0..size).map(made).collect());
        let (seconds, hits) = fastest(|| {
            let mut hits = 0;
            read.events.iter().for_each(|event| set.look(event, &mut |_, _| hits += 1));
            hits
        });
        looked.push((size, nanos(seconds), hits));
    }
    let rows = |(size, nanos, hits): &(usize, f64, u64)| json!({"indicators": size, "nanoseconds": nanos, "hits": hits});
    out.json(&json!({
        "events": read.events.len(), "parse_nanoseconds": parse, "rules": set.len(),
        "rules_nanoseconds": nanos(rules.0), "indicators": looked.iter().map(rows).collect::<Vec<_>>(),
    }))?;
    let mut table = Table::new(&["For one event", ">Nanoseconds", ">Hits"]);
    table.row([cell("reading and mapping it"), cell(number(parse as u64)), cell("")]);
    table.row([
        cell(format!("{} rules", set.len())),
        cell(number(nanos(rules.0) as u64)),
        cell(number(rules.1)),
    ]);
    for (size, nanos, hits) in &looked {
        let name = format!("{} indicators", number(*size as u64));
        table.row([cell(name), cell(number(*nanos as u64)), cell(number(*hits))]);
    }
    table.print(&out)?;
    Ok(Exit::Fine)
}

/// The fastest of several times, and what came out.
fn fastest(mut work: impl FnMut() -> u64) -> (f64, u64) {
    let mut best = (f64::INFINITY, 0);
    for _ in 0..TIMES {
        let begun = Instant::now();
        let found = work();
        let seconds = begun.elapsed().as_secs_f64();
        if seconds < best.0 {
            best = (seconds, found);
        }
    }
    best
}

/// An indicator of each kind in turn; one address in 64 stands in the records.
fn made(n: usize) -> Ioc {
    let (kind, text) = match n % 5 {
        0 if n.is_multiple_of(64) => {
            (IocKind::Ip, Ipv4Addr::new(203, 0, 113, (n / 64 % 32) as u8).to_string())
        }
        0 => (IocKind::Ip, Ipv4Addr::from(0x2d00_0000 + n as u32).to_string()),
        1 => (IocKind::Domain, format!("host{n}.bad{}.example", n % 977)),
        2 => (IocKind::Url, format!("http://bad{}.example/drop/{n}", n % 977)),
        3 => (IocKind::Sha256, format!("{n:064x}")),
        _ => (IocKind::Ip, format!("{}/24", Ipv4Addr::from(0x2e00_0000 + ((n as u32) << 8)))),
    };
    Ioc { id: Id::NIL, kind, value: text.into(), from: None, until: None }
}
