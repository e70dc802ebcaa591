//! `wardkeep events`: questions to the stored log records, and the care of their files.

mod ask;

use crate::args::Global;
use crate::exit::Exit;
use crate::output::Out;
use clap::{Args, Subcommand};

/// What to do with log records.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// Find log records: `host:web* user:anna -outcome:success "powershell -enc" last:24h | count by user`
    Search(SearchArgs),
    /// Answer one statement of SQL over the table `events`
    Sql(SqlArgs),
    /// Count log records
    Count(CountArgs),
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
        EventsCommand::Count(args) => ask::count(global, out, &args.search).await,
    }
}
