//! Compaction, holds, retention, verification.

use super::{HoldArgs, HoldCommand, RetainArgs};
use crate::args::Global;
use crate::exit::Exit;
use crate::open::Installation;
use crate::output::{Out, Style};
use crate::table::{Table, cell};
use serde_json::json;
use wardkeep_app::events::NewHold;
use wardkeep_events::search::{Search, SearchError};
use wardkeep_report::words::{count, number};
use wardkeep_store::{Scope, verify as check};
use wardkeep_types::Moment;

/// `events compact`.
pub async fn compact(global: &Global, out: Out) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let done = here.app.compact_events(&here.ctx("events compact")).await?;
    out.json(&json!({
        "files_before": done.before, "files_after": done.after, "bytes_before": done.bytes_before,
        "bytes_after": done.bytes_after, "held": done.held, "removed": done.removed,
    }))?;
    out.say(format!(
        "{} became {}: {} instead of {} bytes. {} under a hold left alone. {} replaced earlier removed.",
        count(done.before as u64, "file", "files"),
        done.after,
        number(done.bytes_after),
        number(done.bytes_before),
        count(done.held as u64, "file", "files"),
        count(done.removed, "file", "files"),
    ))?;
    Ok(Exit::Fine)
}

/// `events hold`.
pub async fn hold(global: &Global, out: Out, command: HoldCommand) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let ctx = here.ctx("events hold");
    match command {
        HoldCommand::Add(args) => {
            let (from, to) = period(&args, ctx.now)?;
            let new =
                NewHold { dialect: args.dialect, from, to, reason: args.reason, review_on: args.review_on };
            let id = here.app.hold_events(&ctx, &new).await?;
            out.json(&json!({ "id": id.to_string() }))?;
            out.say(format!("Held. End it with: wardkeep events hold end {id} --reason \"...\""))?;
        }
        HoldCommand::End { id, reason } => {
            here.app.release_events(&ctx, id, &reason).await?;
            out.json(&json!({ "ended": id.to_string() }))?;
            out.say("The hold has ended.")?;
        }
        HoldCommand::List => {
            let holds = here.app.event_holds().await?;
            let said = |at: Option<Moment>| at.map(|at| at.to_string());
            let list = holds.iter().map(|h| {
                json!({
                    "id": h.id.to_string(), "dialect": h.dialect, "from": said(h.from), "to": said(h.to),
                    "reason": h.reason, "review_on": h.review_on.map(|day| day.to_string()), "made": h.made.to_string(),
                    "made_by": h.made_by.map(|id| id.to_string()), "ended": said(h.ended), "ended_why": h.ended_why,
                    "ended_by": h.ended_by.map(|id| id.to_string()),
                })
            });
            out.json(&json!({ "holds": list.collect::<Vec<_>>() }))?;
            let mut table = Table::new(&["Id", "Records", "Period", "Reason", "State"]);
            for hold in &holds {
                let end =
                    |at: Option<Moment>| at.map_or_else(|| "...".to_owned(), |at| at.date().to_string());
                let kind = if hold.dialect.is_empty() { "all" } else { &hold.dialect };
                let state = if hold.ended.is_some() { "ended" } else { "in force" };
                table.row([
                    cell(hold.id.to_string()),
                    cell(kind),
                    cell(format!("{} to {}", end(hold.from), end(hold.to))),
                    cell(&hold.reason),
                    cell(state),
                ]);
            }
            if table.is_empty() { out.say("No holds.")? } else { table.print(&out)? }
        }
    }
    Ok(Exit::Fine)
}

/// The period of a hold, as searches write theirs.
fn period(args: &HoldArgs, now: Moment) -> anyhow::Result<(Option<Moment>, Option<Moment>)> {
    let ends = [("from", &args.from), ("to", &args.to)];
    let given: Vec<String> =
        ends.iter().filter_map(|(name, at)| Some(format!("{name}:{}", at.as_ref()?))).collect();
    let text = given.join(" ");
    let search: Search =
        text.parse().map_err(|e: SearchError| wardkeep_app::events::wrong_search(&text, &e))?;
    Ok(search.window.resolve(now))
}

/// `events retain`.
pub async fn retain(global: &Global, out: Out, args: &RetainArgs) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let ctx = here.ctx("events retain");
    if args.days.is_some() || args.forever {
        here.app.retain_events(&ctx, &args.dialect, args.days).await?;
    }
    let limits = here.app.event_limits().await?;
    let done = if args.apply { Some(here.app.apply_retention(&ctx).await?) } else { None };
    out.json(&json!({
        "days": limits.kinds,
        "sources": limits.sources,
        "deleted": done.as_ref().map(|d| &d.deleted),
        "rewritten": done.as_ref().map(|d| &d.rewritten),
        "events_deleted": done.as_ref().map(|d| d.events),
        "held": done.as_ref().map(|d| &d.held),
    }))?;
    let days = |days: &i64| count(days.unsigned_abs(), "day", "days");
    for (kind, kept) in &limits.kinds {
        out.say(format!("{}: {}", if kind == "*" { "all other kinds" } else { kind }, days(kept)))?;
    }
    for (source, kept) in &limits.sources {
        out.say(format!("from {source}: {}", days(kept)))?;
    }
    if limits.is_empty() {
        out.say("Everything is kept: neither a kind of log records nor a log source has a limit.")?;
    }
    if let Some(done) = done {
        let files = count(done.deleted.len() as u64, "file", "files");
        out.say(format!(
            "Deleted: {}; {files} went, {} written anew.",
            count(done.events, "log record", "log records"),
            number(done.rewritten.len() as u64)
        ))?;
        for (name, reason) in &done.held {
            out.say(format!("Kept under a hold: {name} ({reason})"))?;
        }
    }
    Ok(Exit::Fine)
}

/// `events verify`.
pub async fn verify(global: &Global, out: Out) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let scope = Scope { events: Some(here.app.folder.events()), ..Scope::default() };
    let report = check(&here.app.db, scope).await?;
    out.json(
        &json!({ "ok": report.is_sound(), "event_files": report.event_files, "problems": report.problems }),
    )?;
    out.say(format!("{} as they were written.", count(report.event_files, "file", "files")))?;
    for problem in &report.problems {
        out.wrapped("  -", 4, Style::Plain, &format!("{}: {}", problem.path, problem.message))?;
    }
    Ok(if report.is_sound() { Exit::Fine } else { Exit::Found })
}
