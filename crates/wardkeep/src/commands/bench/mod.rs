//! `wardkeep bench`: the figures that we promise, measured on this machine.

#[cfg(feature = "bench")]
mod detect;
mod events;
mod fill;
mod intake;
mod ioc;
mod lists;
mod pages;
mod visitor;

use crate::args::Global;
use crate::exit::Exit;
use crate::output::Out;
use clap::{Args, Subcommand};

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Lists of a register with very many rows, seen by somebody who may see 3 of 40 units
    Lists(ListsArgs),
    /// Our detection beside the rsigma library, on the same events and rules
    #[cfg(feature = "bench")]
    Detect(DetectArgs),
    /// Live intake from the sender's socket to the stored file, with all rules active
    Intake(IntakeArgs),
    /// What indicators of compromise cost an arriving event
    Ioc(IocArgs),
    /// Every kind of page of the data folder, as its security officer sees it
    Pages(PagesArgs),
    /// Very many log records: how small they lie and how fast questions are answered
    Events(EventsArgs),
}

/// Options of `bench lists`.
#[derive(Debug, Args)]
pub struct ListsArgs {
    /// Rows of the register; a data folder that has them already is used as it is
    #[arg(long, default_value_t = 1_000_000)]
    rows: usize,
    /// How often each page is asked for
    #[arg(long, default_value_t = 40)]
    times: usize,
}

/// Options of `bench detect`.
#[cfg(feature = "bench")]
#[derive(Debug, Args)]
pub struct DetectArgs {
    /// Folder of test data, or of event files [default: WARDKEEP_DATA, or ../shared/data]
    #[arg(value_name = "DATA")]
    folder: Option<std::path::PathBuf>,
    /// Events each corpus is copied up to
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,
    /// Also measure with 100 and 1,000 rules, and with ten times the events
    #[arg(long)]
    growth: bool,
    /// Folder of rules [default: detection/sigma of the test data, those for Windows]
    #[arg(long, value_name = "DIR")]
    rules: Vec<std::path::PathBuf>,
    /// Only these matchers: rsigma, events, streaming, columnar
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
}

/// Options of `bench intake`.
#[derive(Debug, Args)]
pub struct IntakeArgs {
    /// Records a second, all connections together [default: as fast as it goes]
    #[arg(long)]
    rate: Option<u64>,
    /// For how long is sent
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Over what: http, tcp (syslog), or both at once
    #[arg(long, default_value = "both", value_parser = ["http", "tcp", "both"])]
    over: String,
    /// Connections of each kind
    #[arg(long, default_value_t = 3)]
    connections: usize,
    /// How bodies are packed: zstd, gzip, none, or mixed
    #[arg(long, default_value = "mixed", value_parser = ["zstd", "gzip", "none", "mixed"])]
    packing: String,
    /// Folders of Sigma rules that are active beside ours [default: detection/sigma of the test data]
    #[arg(long, value_name = "DIR")]
    rules: Vec<std::path::PathBuf>,
    /// Where the temporary data folder is made [default: the system's folder for such files]
    #[arg(long, value_name = "DIR")]
    folder: Option<std::path::PathBuf>,
    /// Keep the data folder afterwards
    #[arg(long)]
    keep: bool,
}

/// Options of `bench ioc`.
#[derive(Debug, Args)]
pub struct IocArgs {
    /// Events that are looked at
    #[arg(long, default_value_t = 100_000)]
    events: u64,
}

/// Options of `bench pages`.
#[derive(Debug, Args)]
pub struct PagesArgs {
    /// How often each page is asked for
    #[arg(long, default_value_t = 15)]
    times: usize,
}

/// Options of `bench events`.
#[derive(Debug, Args)]
pub struct EventsArgs {
    /// Log records; a data folder that has as many is used as it is
    #[arg(long, default_value_t = 10_000_000)]
    rows: u64,
    /// How often each question is asked
    #[arg(long, default_value_t = 5)]
    times: usize,
    /// Also say how large the log records of this folder become in the store
    #[arg(long, value_name = "DIR")]
    size_of: Option<std::path::PathBuf>,
}

/// Measures.
pub async fn run(global: &Global, out: Out, command: BenchCommand) -> anyhow::Result<Exit> {
    match command {
        BenchCommand::Lists(args) => lists::run(global, out, args.rows, args.times.max(2)).await,
        #[cfg(feature = "bench")]
        BenchCommand::Detect(args) => detect::run(out, &args),
        BenchCommand::Events(args) => {
            let (rows, times) = (args.rows.max(1_000), args.times.max(1));
            events::run(global, out, &events::Wanted { rows, times, size_of: args.size_of }).await
        }
        BenchCommand::Intake(args) => intake::run(out, &args).await,
        BenchCommand::Ioc(args) => ioc::run(out, args.events),
        BenchCommand::Pages(args) => pages::run(global, out, args.times.max(2)).await,
    }
}
