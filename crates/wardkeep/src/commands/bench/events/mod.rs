//! Very many log records of Windows, Linux, web servers and a cloud, and the questions that the specification promises
//! times for. Expected before it was first measured, on two cores: a host, an address or a hash under 300 ms, a text
//! over one day under 2 s, all records by hour under 1 s.

mod records;

use crate::args::Global;
use crate::exit::Exit;
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use records::{Facts, SENDERS, record};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;
use wardkeep_app::{App, Ctx};
use wardkeep_events::search::Search;
use wardkeep_events::store::{EventError, EventWriter, Written, dialect_key, merge_files};
use wardkeep_intake::{Collected, LineReader};
use wardkeep_report::words::number;
use wardkeep_types::Moment;
use wardkeep_types::event::Event;

/// Records read together.
const LOT: u64 = 8_192;

/// What is measured.
pub struct Wanted {
    /// Records.
    pub rows: u64,
    /// How often each question is asked.
    pub times: usize,
    /// Files of log records to measure the size of, besides.
    pub size_of: Option<PathBuf>,
}

/// Fills the folder where it has fewer records, and measures.
pub async fn run(global: &Global, out: Out, wanted: &Wanted) -> anyhow::Result<Exit> {
    let here = Installation::of(global).await?;
    let (app, ctx) = (here.app.clone(), here.ctx("bench events"));
    let rows = wanted.rows;
    super::fill::organisation(&here).await?;
    let known: u64 = app.holdings(None, None).await?.files.iter().map(|file| file.rows).sum();
    let mut filled = None;
    if known < rows {
        let (folder, now) = (app.folder.events(), ctx.now);
        let began = Instant::now();
        let written = tokio::task::spawn_blocking(move || fill(&folder, known, rows, now)).await??;
        app.close_event_files(&ctx, &written, "").await?;
        filled = Some(began.elapsed().as_secs_f64());
    }
    let began = Instant::now();
    let compacted = app.compact_events(&ctx).await?;
    let compacting = began.elapsed().as_secs_f64();
    let files = app.holdings(None, None).await?.files;
    let (events, bytes) = files.iter().fold((0, 0), |(e, b), f| (e + f.rows, b + f.size));
    let kinds = kinds(&files);
    let (measured, table) = questions(&app, &ctx, wanted).await?;
    let size = match &wanted.size_of {
        Some(folder) => Some(size_of(folder.clone(), ctx.now).await?),
        None => None,
    };
    let per_second = filled.map(|s| (rows - known) as f64 / s);
    out.json(&json!({
        "events": events, "files": files.len(), "bytes": bytes, "kinds": kinds,
        "fill_seconds": filled, "fill_per_second": per_second,
        "compacted": {
            "before": compacted.before, "after": compacted.after, "seconds": compacting,
            "bytes_before": compacted.bytes_before, "bytes_after": compacted.bytes_after,
        },
        "times": wanted.times, "questions": measured, "size_of": size,
    }))?;
    let written = per_second.map_or(String::new(), |rate| {
        format!(", read, mapped and written at {} a second", number(rate as u64))
    });
    let each = bytes as f64 / events.max(1) as f64;
    out.say(format!("{} records in {} files, {each:.1} bytes each{written}", number(events), files.len()))?;
    table.print(&out)?;
    if let Some(size) = size {
        out.say(format!(
            "{} records of {}: {:.1} bytes each in the store, {:.1} as they came",
            size["events"],
            size["folder"].as_str().unwrap_or_default(),
            size["bytes_per_event"].as_f64().unwrap_or_default(),
            size["raw_per_event"].as_f64().unwrap_or_default()
        ))?;
    }
    Ok(Exit::Fine)
}

/// Reads the records as live intake does, and writes them.
fn fill(folder: &Path, from: u64, to: u64, now: Moment) -> Result<Vec<Written>, EventError> {
    let mut writer = EventWriter::new(folder, now);
    let mut readers = SENDERS.map(|(source, format)| {
        let reader = LineReader::new(source, Some(format)).map(LineReader::ids_by_position);
        // The formats are those of lines.
        reader.unwrap_or_else(|refusal| unreachable!("{refusal}"))
    });
    let mut read = Collected::default();
    for lot in (from..to).step_by(LOT as usize) {
        for n in lot..(lot + LOT).min(to) {
            let (sender, text) = record(n, to);
            readers[sender].push(text.as_bytes(), n + 1, now, &mut read);
        }
        for mut event in read.events.drain(..) {
            wardkeep_events::classify(&mut event);
            writer.push(event)?;
        }
        read = Collected::default();
    }
    writer.finish()
}

fn kinds(files: &[wardkeep_app::events::StoredFile]) -> Json {
    let mut all: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for file in files {
        let entry = all.entry(&file.dialect).or_default();
        *entry = (entry.0 + file.rows, entry.1 + file.size);
    }
    let one = |(kind, (rows, bytes)): (&str, (u64, u64))| json!({ "kind": kind, "events": rows, "bytes_per_event": bytes as f64 / rows.max(1) as f64 });
    all.into_iter().map(one).collect()
}

/// Milliseconds.
fn since(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}

async fn questions(app: &App, ctx: &Ctx, wanted: &Wanted) -> anyhow::Result<(Vec<Json>, Table)> {
    let organisation = app.organisation().await?;
    // A record in the middle, of which the values are asked for.
    let facts = Facts::of(wanted.rows / 2, wanted.rows);
    let (ip, host, hash) = (&facts.ip, &facts.host, facts.sha256());
    let day = facts.at.date();
    let questions = [
        ("one address", format!("src_ip:{ip}"), 300),
        ("one address on either side", format!("ip:{ip} | count"), 300),
        ("an address that is not there", "ip:192.0.2.255".to_owned(), 300),
        ("one host", format!("host:{host} | count"), 300),
        ("the newest of one host", format!("host:{host}"), 300),
        ("one person", format!("user:{} | count", facts.user), 300),
        ("one hash", format!("hash:{hash} | count"), 300),
        ("the newest with one hash", format!("hash:{hash}"), 300),
        ("a text over one day", format!("\"tool{} --job\" from:{day} to:{day} | count", 77), 2_000),
        ("a text over one day, the newest", format!("\"item/7\" from:{day} to:{day}"), 2_000),
        ("all by hour", "| over 1h | limit 10000".to_owned(), 1_000),
        ("commonest users of failures", "outcome:failure | top 10 user".to_owned(), 1_000),
        ("the newest hundred", String::new(), 300),
    ];
    let mut table = Table::new(&["Question", ">Best ms", ">Median ms", ">Goal ms", ">Rows", ">Files"]);
    let mut measured = Vec::new();
    for (name, text, goal) in &questions {
        let search: Search = text.parse().map_err(|e| anyhow::anyhow!("{e}"))?;
        let (mut took, mut found, mut files) = (Vec::new(), 0, 0);
        // As many as the page lists, or as many hours as there are.
        let most = if search.stage.is_some() { 10_000 } else { 100 };
        for _ in 0..wanted.times {
            // A kept answer says nothing about how long it takes to find one.
            app.forget_answers();
            let began = Instant::now();
            let answer = app.search_events(ctx, &organisation, search.clone(), None, most).await?;
            took.push(since(began));
            (found, files) = (answer.rows.len(), answer.files);
        }
        let began = Instant::now();
        app.search_events(ctx, &organisation, search.clone(), None, most).await?;
        let (first, again) = (took[0], since(began));
        took.sort_by(f64::total_cmp);
        let (best, median) = (took[0], took[took.len() / 2]);
        measured.push(json!({
            "question": name, "search": text, "first_ms": first, "best_ms": best, "median_ms": median,
            "kept_ms": again, "goal_ms": goal, "rows": found, "files": files, "met": median <= f64::from(*goal),
        }));
        let ms = |ms: f64| format!("{ms:.1}");
        let goal = goal.to_string();
        table.row([*name, &ms(best), &ms(median), &goal, &found.to_string(), &files.to_string()].map(cell));
    }
    Ok((measured, table))
}

/// Writes the log records of a folder into files of their own, and says how large they became.
async fn size_of(folder: PathBuf, now: Moment) -> anyhow::Result<Json> {
    tokio::task::spawn_blocking(move || {
        let place = tempfile::tempdir()?;
        let (mut raw, mut events) = (0, 0_u64);
        let mut writer = EventWriter::new(place.path(), now);
        for source in wardkeep_intake::walk([&folder]).sources {
            let mut read = Collected::default();
            // What is no file of log records has no size as one.
            if wardkeep_intake::read(source, &wardkeep_intake::Options::default(), &mut read).is_err() {
                continue;
            }
            for mut event in read.events {
                wardkeep_events::classify(&mut event);
                raw += event.raw.len() as u64;
                events += 1;
                writer.push(one_day(event, now))?;
            }
        }
        // As they lie after compaction: one file of a kind.
        let mut bytes = 0;
        let mut kinds: BTreeMap<&str, Vec<Written>> = BTreeMap::new();
        for file in writer.finish()? {
            kinds.entry(dialect_key(file.dialect)).or_default().push(file);
        }
        for (kind, files) in &kinds {
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            let merged = merge_files(place.path(), &names, files[0].day, kind, now, |_| true)?;
            bytes += merged.map_or(0, |file| file.size);
        }
        let each = |n: u64| n as f64 / events.max(1) as f64;
        Ok(json!({
            "folder": folder, "events": events, "bytes": bytes, "bytes_per_event": each(bytes), "raw_per_event": each(raw),
        }))
    })
    .await?
}

/// Samples of many years would lie in as many files of a few records: they are put on one day, as live intake has them.
fn one_day(mut event: Event, now: Moment) -> Event {
    let within = event.at.as_micros().rem_euclid(86_400_000_000);
    event.at = Moment::from_micros(now.date().start().as_micros() + within);
    event
}
