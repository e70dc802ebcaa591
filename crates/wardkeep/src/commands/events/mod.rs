//! `wardkeep events`: questions to the stored log records, and the care of their files.

mod ask;
mod care;

use crate::args::Global;
use crate::exit::Exit;
use crate::output::Out;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use wardkeep_types::Id;

/// What to do with log records.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// Find log records: `host:web* user:anna -outcome:success "powershell -enc" last:24h | count by user`
    Search(SearchArgs),
    /// Answer one statement of SQL over the table `events`
    Sql(SqlArgs),
    /// Count log records
    Count(CountArgs),
    /// Write log records into a file: CSV, JSON lines or Parquet, by the file's ending
    Export(ExportArgs),
    /// Put small files together, by day and kind
    Compact,
    /// Keep log records whatever else is set: legal holds
    #[command(subcommand)]
    Hold(HoldCommand),
    /// How long log records are kept; with --apply, delete those whose time is over
    Retain(RetainArgs),
    /// Check every file of log records against its hash, the manifest and the change log
    Verify,
}

/// An export.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The search
    pub search: String,
    /// The file to write: .csv, .jsonl or .parquet
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
}

/// Legal holds.
#[derive(Debug, Subcommand)]
pub enum HoldCommand {
    /// Begin a hold
    Add(HoldArgs),
    /// List holds
    List,
    /// End a hold
    End {
        /// Its id
        id: Id,
        /// Why it ends
        #[arg(long)]
        reason: String,
    },
}

/// What is held.
#[derive(Debug, Args)]
pub struct HoldArgs {
    /// From this day or moment on
    #[arg(long)]
    pub from: Option<String>,
    /// Until the end of this day, or this moment
    #[arg(long)]
    pub to: Option<String>,
    /// Only this kind of records, such as windows
    #[arg(long, default_value = "")]
    pub dialect: String,
    /// Why these log records must be kept
    #[arg(long)]
    pub reason: String,
    /// The day on which somebody looks whether the hold is still needed; it holds on past that day
    #[arg(long, value_name = "DAY")]
    pub review_on: Option<wardkeep_types::Date>,
}

/// How long.
#[derive(Debug, Args)]
pub struct RetainArgs {
    /// Kind of records; without it, all kinds that have no setting of their own
    #[arg(long, default_value = "*")]
    pub dialect: String,
    /// Days to keep them
    #[arg(long)]
    pub days: Option<i64>,
    /// Keep them without end
    #[arg(long, conflicts_with = "days")]
    pub forever: bool,
    /// Delete what is over
    #[arg(long)]
    pub apply: bool,
}

/// A search.
#[derive(Debug, Args)]
#[command(after_help = "\
Conditions stand side by side; OR, parentheses and a leading minus join and deny them.
  word  \"some text\"          the record contains it
  user:anna  host:web*       a field is, or looks like
  EventID:>=4625  port:1..80 numbers
  src_ip:10.0.0.0/8          addresses
  user:*  -user:*            a field is there, or is not
  last:24h  from:2026-03-01  to:2026-03-31
Fields: host user src_ip dst_ip ip process action outcome message hash source dialect logsource raw id,
and every original field by its name, with or without `field.` before it.
Behind |: count, count by a,b, top 10 user, over 1h, fields a,b, limit 100.")]
pub struct SearchArgs {
    /// The search
    pub search: String,
    /// Rows at most
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
    /// Say how the search was understood, and stop
    #[arg(long)]
    pub explain: bool,
}

/// A statement.
#[derive(Debug, Args)]
pub struct SqlArgs {
    /// The statement; fields are written field.CommandLine
    pub sql: String,
    /// Rows at most
    #[arg(long, default_value_t = 1_000)]
    pub limit: usize,
}

/// What to count.
#[derive(Debug, Args)]
pub struct CountArgs {
    /// The search; everything without it
    #[arg(default_value = "")]
    pub search: String,
}

/// Does it.
pub async fn run(global: &Global, out: Out, command: EventsCommand) -> anyhow::Result<Exit> {
    match command {
        EventsCommand::Search(args) => ask::search(global, out, &args).await,
        EventsCommand::Sql(args) => ask::sql(global, out, &args).await,
        EventsCommand::Export(args) => ask::export(global, out, &args).await,
        EventsCommand::Compact => care::compact(global, out).await,
        EventsCommand::Hold(command) => care::hold(global, out, command).await,
        EventsCommand::Retain(args) => care::retain(global, out, &args).await,
        EventsCommand::Verify => care::verify(global, out).await,
        EventsCommand::Count(args) => ask::count(global, out, &args.search).await,
    }
}
