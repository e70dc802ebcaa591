//! `wardkeep source`: who sends log records, and with which tokens.

use super::units;
use crate::args::Global;
use crate::exit::Exit;
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use clap::{Args, Subcommand};
use serde_json::json;
use wardkeep_app::stream::NewSource;
use wardkeep_report::words::moment;

/// What to do with log sources.
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// Add a log source; one that sends over HTTP gets a token, shown this once
    Add(AddArgs),
    /// Give a source of HTTP a new token; the old one ends at once
    Token {
        /// Its reference, such as SRC-0003
        reference: String,
    },
    /// List log sources with what came from them
    List,
}

/// A new log source.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// What people call it
    pub name: String,
    /// How its records arrive: http, syslog or file
    #[arg(long, default_value = "http", value_parser = ["http", "syslog", "file"])]
    pub kind: String,
    /// Sender of syslog, or path of a file
    #[arg(long)]
    pub address: Option<String>,
    /// Format of its records, such as syslog or json [default: each is judged by its content]
    #[arg(long)]
    pub format: Option<String>,
    /// Days that its records are kept [default: as long as their kind]
    #[arg(long)]
    pub keep_days: Option<i64>,
    /// Its unit [default: the organisation]
    #[arg(long)]
    pub unit: Option<String>,
}

/// Does it.
pub async fn run(global: &Global, out: Out, command: SourceCommand) -> anyhow::Result<Exit> {
    let here = Installation::of(global).await?;
    match command {
        SourceCommand::Add(args) => add(&here, out, args).await?,
        SourceCommand::Token { reference } => {
            let token = here.app.renew_source_token(&here.ctx("source"), &reference).await?;
            out.json(&json!({"reference": reference, "token": token.reveal()}))?;
            out.say(format!("The new token of {reference}. It is shown this once:"))?;
            out.say(format!("  {}", token.reveal()))?;
        }
        SourceCommand::List => list(&here, out).await?,
    }
    Ok(Exit::Fine)
}

async fn add(here: &Installation, out: Out, args: AddArgs) -> anyhow::Result<()> {
    let ctx = here.ctx("source");
    here.app.ensure_baseline(&ctx).await?;
    let organisation = here.app.organisation().await?;
    let unit = units::find(&organisation, args.unit.as_deref())?;
    let AddArgs { name, kind, address, format, keep_days, .. } = args;
    let new = NewSource { name, kind, address, format, keep_days, unit };
    let (reference, token) = here.app.add_source(&ctx, &new).await?;
    out.json(&json!({"reference": reference, "token": token.as_ref().map(|t| t.reveal().to_owned())}))?;
    out.say(format!("{reference} is added."))?;
    if let Some(token) = token {
        out.say("It sends with this token, which is shown this once:")?;
        out.say(format!("  {}", token.reveal()))?;
    }
    Ok(())
}

async fn list(here: &Installation, out: Out) -> anyhow::Result<()> {
    let lines = here.app.source_lines().await?;
    let one = |l: &wardkeep_app::stream::SourceLine| {
        json!({
            "reference": l.reference, "name": l.name, "address": l.address, "stage": l.stage,
            "last_seen": l.last_seen, "events": l.events, "failures": l.failures, "lag_seconds": l.lag as f64 / 1e6,
        })
    };
    out.json(&json!({"sources": lines.iter().map(one).collect::<Vec<_>>()}))?;
    if lines.is_empty() {
        out.say("There are no log sources.")?;
        return Ok(());
    }
    let mut table =
        Table::new(&["Reference", "Name", "Address", "Stage", "Last record", "Records", "Not read"]);
    for line in &lines {
        let last = line.last_seen.map_or_else(|| "never".to_owned(), moment);
        table.row([
            cell(&line.reference),
            cell(&line.name),
            cell(&line.address),
            cell(&line.stage),
            cell(last),
            cell(line.events.to_string()),
            cell(line.failures.to_string()),
        ]);
    }
    table.print(&out)?;
    Ok(())
}
