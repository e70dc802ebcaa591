//! Questions and their answers as tables or JSON.

use super::{ExportArgs, SearchArgs, SqlArgs};
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::{Line, Out, Style};
use crate::table::{Table, cell};
use serde_json::json;
use wardkeep_app::events::{Answer, Cell, ExportKind, wrong_search};
use wardkeep_events::search::{Search, SearchError, Stage};
use wardkeep_report::words::count as counted;

/// `events search`.
pub async fn search(global: &Global, out: Out, args: &SearchArgs) -> anyhow::Result<Exit> {
    let search = read(out, &args.search)?;
    if args.explain {
        out.json(&json!({ "search": search.to_string(), "means": search.explain() }))?;
        out.say(search.explain())?;
        return Ok(Exit::Fine);
    }
    let here = Installation::there(global).await?;
    let organisation = here.app.organisation().await?;
    let lists = search.stage.is_none();
    let ctx = here.ctx("events search");
    let answer = here.app.search_events(&ctx, &organisation, search, None, args.limit).await?;
    show(out, &answer, lists)
}

/// `events count`.
pub async fn count(global: &Global, out: Out, text: &str) -> anyhow::Result<Exit> {
    let mut search = read(out, text)?;
    search.stage = Some(Stage::Count(Vec::new()));
    let here = Installation::there(global).await?;
    let organisation = here.app.organisation().await?;
    let answer = here.app.search_events(&here.ctx("events count"), &organisation, search, None, 1).await?;
    let found = answer.rows.first().and_then(|row| row.first()).and_then(Cell::int).unwrap_or(0);
    out.json(&json!({ "events": found }))?;
    out.say(counted(found.unsigned_abs(), "event", "events"))?;
    Ok(Exit::Fine)
}

/// `events sql`.
pub async fn sql(global: &Global, out: Out, args: &SqlArgs) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let organisation = here.app.organisation().await?;
    let ctx = here.ctx("events sql");
    let answer = here.app.sql_events(&ctx, &organisation, &args.sql, args.limit).await?;
    show(out, &answer, false)
}

/// `events export`.
pub async fn export(global: &Global, out: Out, args: &ExportArgs) -> anyhow::Result<Exit> {
    let ending = args.out.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let kind = ExportKind::of(ending).ok_or_else(|| {
        Failure::refused("ending", "the file's ending does not say in which form to write")
            .at(args.out.display())
            .remedy("end it in .csv, .jsonl or .parquet")
    })?;
    let search = read(out, &args.search)?;
    let here = Installation::there(global).await?;
    let organisation = here.app.organisation().await?;
    let ctx = here.ctx("events export");
    let (file, rows) = here.app.export_events(&ctx, &organisation, &search, kind).await?;
    std::fs::copy(file.path(), &args.out).map_err(|e| {
        Failure::refused("unwritable", format!("the file cannot be written: {e}"))
            .at(args.out.display())
            .remedy("name a file in a folder that can be written")
    })?;
    out.json(&json!({ "events": rows, "file": args.out }))?;
    out.say(format!("{} written.", counted(rows, "event", "events")))?;
    Ok(Exit::Fine)
}

/// Reads a search, and points at what is wrong with it.
fn read(out: Out, text: &str) -> anyhow::Result<Search> {
    text.parse().map_err(|error: SearchError| {
        if !out.json {
            let (before, wrong, after) = error.parts(text);
            let (before, wrong, after) = (before.to_owned(), wrong.to_owned(), after.to_owned());
            let line = Line::new().text("  ").text(before).put(Style::Bad, &wrong).text(after);
            let _ = out.line(&line);
            let mark = " ".repeat(error.column(text) + 1) + &"^".repeat(wrong.chars().count().max(1));
            let _ = out.line(&Line::new().put(Style::Bad, mark));
        }
        wrong_search(text, &error).into()
    })
}

fn show(out: Out, answer: &Answer, lists: bool) -> anyhow::Result<Exit> {
    if out.json {
        let rows: Vec<Vec<_>> = answer.rows.iter().map(|row| row.iter().map(Cell::json).collect()).collect();
        out.json(&json!({
            "columns": answer.columns, "rows": rows, "more": answer.more, "files": answer.files,
            "unknown_fields": answer.unknown,
        }))?;
        return Ok(Exit::Fine);
    }
    if lists {
        for row in &answer.rows {
            let text = |name: &str| answer.cell(row, name).to_string();
            let who = [text("host"), text("user"), text("src_ip"), text("action"), text("outcome")];
            let who = who.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
            out.line(&Line::new().put(Style::Bold, text("at")).text(format!("  {who}")))?;
            let message = text("message");
            let said: String = if message.is_empty() { text("raw") } else { message };
            out.say(format!("  {}", said.chars().take(200).collect::<String>()))?;
            out.line(&Line::new().put(
                Style::Dim,
                format!("  {}  {}:{}", text("event_id"), text("source"), text("position")),
            ))?;
        }
    } else {
        let head: Vec<&str> = answer.columns.iter().map(String::as_str).collect();
        let mut table = Table::of(&head);
        for row in &answer.rows {
            table.row(row.iter().map(|c| cell(c.to_string())));
        }
        if !answer.rows.is_empty() {
            table.print(&out)?;
        }
    }
    let more = if answer.more { ", and there are more: raise --limit" } else { "" };
    out.say(format!(
        "{}{more}; {} looked into.",
        counted(answer.rows.len() as u64, "row", "rows"),
        counted(answer.files as u64, "file", "files")
    ))?;
    for name in &answer.unknown {
        out.say(format!("No record of this period has a field named {name}."))?;
    }
    Ok(Exit::Fine)
}
