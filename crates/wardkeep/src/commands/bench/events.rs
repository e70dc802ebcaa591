//! Ten million log records, and the questions that the specification promises times for. Expected before it was first
//! measured, on two cores: a host, an address or a hash under 300 ms, a text over one day under 2 s, all records by
//! hour under 1 s, and fewer than 120 bytes a record on disk with the record as it came.

use crate::args::Global;
use crate::exit::Exit;
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use serde_json::json;
use std::time::Instant;
use wardkeep_events::search::Search;
use wardkeep_events::store::EventWriter;
use wardkeep_report::words::number;
use wardkeep_types::event::{Dialect, Event, EventId, FieldValue, LogSource};
use wardkeep_types::{Date, Moment};

/// Days over which the records are spread.
const DAYS: u64 = 30;

/// Fills the folder where it has fewer records, and measures.
pub async fn run(global: &Global, out: Out, rows: u64, times: usize) -> anyhow::Result<Exit> {
    let here = Installation::of(global).await?;
    let (app, ctx) = (here.app.clone(), here.ctx("bench events"));
    let organisation = app.organisation().await?;
    let known = app.event_span(&ctx, &organisation, None, None).await?.map_or(0, |span| span.events);
    let mut filled = None;
    if known < rows {
        let (folder, now) = (app.folder.events(), ctx.now);
        let began = Instant::now();
        let written = tokio::task::spawn_blocking(move || {
            let mut writer = EventWriter::new(&folder, now);
            (known..rows).try_for_each(|n| writer.push(record(n, rows)))?;
            writer.finish()
        });
        let written = written.await??;
        app.close_event_files(&ctx, &written, "").await?;
        filled = Some(began.elapsed().as_secs_f64());
    }
    let compacted = app.compact_events(&ctx).await?;
    let holdings = app.holdings(None, None).await?;
    let (events, bytes) = holdings.files.iter().fold((0, 0), |(e, b), f| (e + f.rows, b + f.size));
    // The third part of all records begins with a sign-in; a process start follows.
    let (sign_in, started) = (record(rows / 9 * 3, rows), record(rows / 9 * 3 + 1, rows));
    let middle = start().plus_days(DAYS as i64 / 2);
    let (ip, host) = (sign_in.src_ip.clone().unwrap_or_default(), sign_in.host.clone().unwrap_or_default());
    let hash = started.text("Sha256").unwrap_or_default();
    let questions = [
        ("one address", format!("src_ip:{ip}"), 300),
        ("an address that is not there", "src_ip:192.0.2.255".to_owned(), 300),
        ("one host", format!("host:{host} | count"), 300),
        ("one hash", format!("Sha256:{hash}"), 300),
        ("a text over one day", format!("\"{}\" from:{middle} to:{middle} | count", &hash[..20]), 2_000),
        ("all by hour", "| over 1h | limit 10000".to_owned(), 1_000),
        ("commonest users of failures", "outcome:failure | top 10 user".to_owned(), 1_000),
        ("the newest hundred", String::new(), 300),
    ];
    let mut table = Table::new(&["Question", ">Best ms", ">Median ms", ">Goal ms", ">Rows", ">Files"]);
    let mut measured = Vec::new();
    for (name, text, goal) in &questions {
        let search: Search = text.parse().map_err(anyhow::Error::from)?;
        let mut took = Vec::new();
        let (mut found, mut files) = (0, 0);
        for _ in 0..times {
            let began = Instant::now();
            let answer = app
                .search_events(&ctx, &organisation, search.clone(), None, 10_000.min(rows as usize))
                .await?;
            took.push(began.elapsed().as_secs_f64() * 1_000.0);
            (found, files) = (answer.rows.len(), answer.files);
        }
        took.sort_by(f64::total_cmp);
        let (best, median) = (took[0], took[took.len() / 2]);
        measured.push(json!({
            "question": name, "search": text, "best_ms": best, "median_ms": median, "goal_ms": goal, "rows": found,
            "files": files, "met": median <= f64::from(*goal),
        }));
        let ms = |ms: f64| format!("{ms:.1}");
        let goal = goal.to_string();
        table.row([*name, &ms(best), &ms(median), &goal, &found.to_string(), &files.to_string()].map(cell));
    }
    let each = bytes as f64 / events.max(1) as f64;
    out.json(&json!({
        "events": events, "files": holdings.files.len(), "bytes": bytes, "bytes_per_event": each, "bytes_goal": 120,
        "fill_seconds": filled, "fill_per_second": filled.map(|s| (rows - known) as f64 / s),
        "compacted": { "before": compacted.before, "after": compacted.after }, "times": times, "questions": measured,
    }))?;
    out.say(format!(
        "{} records in {} files, {each:.1} bytes each (goal: fewer than 120){}",
        number(events),
        holdings.files.len(),
        filled.map_or(String::new(), |s| format!(
            "; written at {} a second",
            number(((rows - known) as f64 / s) as u64)
        ))
    ))?;
    table.print(&out)?;
    Ok(Exit::Fine)
}

fn start() -> Date {
    Date::new(2026, 3, 1).unwrap_or_else(|| Moment::EPOCH.date())
}

/// A number that looks random and is the same every time.
fn scatter(n: u64, of: u64) -> u64 {
    let mut x = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(of.wrapping_mul(0xd1b5_4a32_d192_ed03));
    x ^= x >> 32;
    x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
    x ^ (x >> 32)
}

/// The nth of so many records, in the order of time: process starts and sign-ins of some thousand machines.
fn record(n: u64, of: u64) -> Event {
    let span = DAYS * 86_400_000_000;
    let at = Moment::from_micros(
        start().start().as_micros() + (u128::from(n) * u128::from(span) / u128::from(of)) as i64,
    );
    // Few machines and people do most.
    let skewed = |r: u64, most: u64| (r % most).min(scatter(r, 9) % most);
    let host = format!("WS-{:04}.corp.example", skewed(scatter(n, 1), 2_500));
    let person = format!("user{:04}", skewed(scatter(n, 2), 4_000));
    let far = scatter(n, 3);
    // Most addresses are from within; one in fifty is from anywhere.
    let ip = if far.is_multiple_of(50) {
        format!("{}.{}.{}.{}", 20 + far % 150, (far >> 8) % 256, (far >> 16) % 256, (far >> 24) % 256)
    } else {
        format!("10.{}.{}.{}", far % 8, (far >> 8) % 64, (far >> 16) % 254)
    };
    let program = scatter(scatter(n, 4) % 400, 5);
    let sign_in = n.is_multiple_of(3);
    let image = format!("C:\\Program Files\\Vendor{}\\tool{}.exe", program % 40, program % 400);
    let sha = format!(
        "{:016x}{:016x}{:016x}{:016x}",
        program,
        scatter(program, 6),
        scatter(program, 7),
        scatter(program, 8)
    );
    let (code, outcome) = match (sign_in, scatter(n, 10) % 20) {
        (true, 0) => (4_625, "failure"),
        (true, _) => (4_624, "success"),
        (false, _) => (1, "success"),
    };
    let mut fields: Vec<(&str, FieldValue)> = vec![
        ("EventID", FieldValue::Int(code)),
        ("Computer", host.as_str().into()),
        ("EventRecordID", FieldValue::Int(n as i64)),
    ];
    if sign_in {
        let kind = 2 + scatter(n, 11) as i64 % 9;
        fields.extend([
            ("Channel", "Security".into()),
            ("TargetUserName", person.as_str().into()),
            ("IpAddress", ip.as_str().into()),
            ("LogonType", FieldValue::Int(kind)),
        ]);
    } else {
        fields.extend([
            ("Channel", "Microsoft-Windows-Sysmon/Operational".into()),
            ("User", person.as_str().into()),
            ("Image", image.as_str().into()),
            ("CommandLine", format!("\"{image}\" --job {} --quiet", scatter(n, 12) % 1_000).into()),
            ("ProcessId", FieldValue::Int(scatter(n, 13) as i64 & 0xffff)),
            ("Sha256", sha.as_str().into()),
        ]);
    }
    let data: serde_json::Map<String, serde_json::Value> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), serde_json::to_value(value).unwrap_or_default()))
        .collect();
    let raw =
        json!({ "Event": { "System": { "TimeCreated": at.to_string() }, "EventData": data } }).to_string();
    let mut event = Event::new(Dialect::Windows, "bench".into(), n + 1, raw);
    event.id = EventId::of("bench", event.raw.as_bytes(), 0);
    event.at = at;
    event.host = Some(host.into());
    event.user = Some(person.into());
    event.src_ip = sign_in.then(|| ip.into());
    event.process = (!sign_in).then(|| image.into());
    event.action = Some(code.to_string().into());
    event.outcome = Some(outcome.into());
    event.logsources = vec![LogSource {
        product: Some("windows".into()),
        service: Some(if sign_in { "security" } else { "sysmon" }.into()),
        category: None,
    }];
    event.fields = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
    event
}
