//! `rule bench`: what each rule costs.

use super::{BenchArgs, events_of, there};
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use serde_json::json;
use std::time::Instant;
use wardkeep_detect::RuleSet;
use wardkeep_detect::check::cost;
use wardkeep_report::words::{count, number};
use wardkeep_types::columns::{Columns, ColumnsBuilder};

/// Events measured on: enough to rank rules, few enough to wait for.
const MOST: usize = 200_000;

/// Measures.
pub(super) async fn run(global: &Global, out: Out, args: &BenchArgs) -> anyhow::Result<Exit> {
    there(&args.rules)?;
    let (set, columns) = match (&args.events, args.rules.is_empty()) {
        (Some(path), false) => (rules(args), of_files(path)?),
        (events, own) => {
            let here = Installation::there(global).await?;
            let set = if own { here.app.active_rules().await?.set.clone() } else { rules(args) };
            let columns = match events {
                Some(path) => of_files(path)?,
                None => here.app.stored_columns(MOST).await?,
            };
            (set, columns)
        }
    };
    if columns.rows == 0 {
        return Err(Failure::refused("no_events", "there are no events to measure on")
            .remedy("name a file of events, or assess some first")
            .into());
    }
    let begun = Instant::now();
    let all = cost(&set, &columns, &|| begun.elapsed());
    let each = |took: std::time::Duration, events: u64| took.as_nanos() as u64 / events.max(1);
    let list: Vec<_> = all
        .iter()
        .map(|c| json!({ "rule": c.rule, "title": c.title, "events": c.events, "hits": c.hits, "nanoseconds": c.took.as_nanos() as u64, "nanoseconds_an_event": each(c.took, c.events) }))
        .collect();
    out.json(&json!({ "events": columns.rows, "rules": list }))?;
    if out.json {
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&["Rule", ">Events", ">Hits", ">ms", ">ns an event"]);
    for one in all.iter().take(args.top) {
        table.row([
            cell(&one.title),
            cell(number(one.events)),
            cell(number(one.hits)),
            cell(format!("{:.2}", one.took.as_secs_f64() * 1e3)),
            cell(number(each(one.took, one.events))),
        ]);
    }
    table.print(&out)?;
    out.say(format!(
        "{} over {}, each alone.",
        count(all.len() as u64, "rule", "rules"),
        count(columns.rows as u64, "event", "events")
    ))?;
    Ok(Exit::Fine)
}

fn rules(args: &BenchArgs) -> RuleSet {
    wardkeep_app::rules::rules_of(&args.rules).0
}

fn of_files(path: &std::path::Path) -> anyhow::Result<Columns> {
    there(&[path.to_owned()])?;
    let walk = wardkeep_intake::walk(&[path.to_owned()]);
    let mut builder = ColumnsBuilder::default();
    let mut read = 0;
    for source in walk.sources {
        let Some(path) = source.path().map(std::path::Path::to_owned) else { continue };
        // What cannot be read is left out of a measurement; `assess` tells of it.
        for event in events_of(&path).unwrap_or_default() {
            if read == MOST {
                return Ok(builder.finish());
            }
            builder.push(&event);
            read += 1;
        }
    }
    Ok(builder.finish())
}
