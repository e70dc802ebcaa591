//! The command line.

use crate::commands::{
    assess::AssessArgs, backup::BackupArgs, bench::BenchCommand, completions::CompletionsArgs,
    demo::DemoArgs, doctor::DoctorArgs, events::EventsCommand, export::ExportArgs, import::ImportArgs,
    ioc::IocCommand, man::ManArgs, restore::RestoreArgs, risk::RiskCommand, rule::RuleCommand,
    serve::ServeArgs, source::SourceCommand, token::TokenCommand, user::UserCommand, verify::VerifyArgs,
};
use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    a fault of the program or of the machine below it
  2    the command line is wrong
  3    refused: the input, folder or address cannot be used; the message says why
  4    the command found something wrong (verify, doctor)
  130  stopped by Ctrl-C or a signal

Environment:
  WARDKEEP_DATA_DIR, WARDKEEP_CONFIG   as --data and --config
  WARDKEEP_LISTEN, WARDKEEP_LOG, ...   settings, on top of wardkeep.toml
  NO_COLOR                             no colour";

/// Wardkeep: the information security officer's program.
///
/// Reads the evidence you already have, tells what it shows, and keeps the registers, findings, controls and
/// reports of an information security programme. One binary, one data folder, nothing leaves the machine.
#[derive(Debug, Parser)]
#[command(name = "wardkeep", version, after_help = EXIT_CODES, max_term_width = 90, infer_subcommands = true)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Data folder [default: ./wardkeep-data]
    #[arg(long, global = true, value_name = "DIR", env = "WARDKEEP_DATA_DIR", hide_env = true)]
    pub data: Option<PathBuf>,
    /// Configuration file [default: wardkeep.toml in the data folder]
    #[arg(long, global = true, value_name = "FILE", env = "WARDKEEP_CONFIG", hide_env = true)]
    pub config: Option<PathBuf>,
    /// Print one JSON object instead of words
    #[arg(long, global = true)]
    pub json: bool,
    /// Tell more on standard error; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Global {
    /// The data folder.
    pub fn data(&self) -> &Path {
        self.data.as_deref().unwrap_or_else(|| Path::new("wardkeep-data"))
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a sample organisation, assess sample evidence and show it in the browser
    Demo(DemoArgs),
    /// Read folders of evidence and tell what they show
    Assess(AssessArgs),
    /// Serve the pages and the API
    Serve(ServeArgs),
    /// Bring records in from CSV, XLSX or JSON
    Import(ImportArgs),
    /// Write records out as CSV, XLSX or JSON
    Export(ExportArgs),
    /// Check the change log of a data folder, a backup or an export
    #[command(visible_alias = "audit-verify")]
    Verify(VerifyArgs),
    /// Copy everything into one file, while the program may be in use
    Backup(BackupArgs),
    /// Make a data folder from a backup
    Restore(RestoreArgs),
    /// People who can sign in
    #[command(subcommand)]
    User(UserCommand),
    /// Log sources and their tokens
    #[command(subcommand)]
    Source(SourceCommand),
    /// Tokens for programs
    #[command(subcommand)]
    Token(TokenCommand),
    /// Compute losses from a model file
    #[command(subcommand)]
    Risk(RiskCommand),
    /// Test detection rules and look them over
    #[command(subcommand)]
    Rule(RuleCommand),
    /// Lists of indicators of compromise: bring them in, look them up in what is stored
    #[command(subcommand)]
    Ioc(IocCommand),
    /// Question the stored log records, and care for their files
    #[command(subcommand)]
    Events(EventsCommand),
    /// Check configuration, database, disk, clock and ports, and say what to fix
    Doctor(DoctorArgs),
    /// Measure the figures that we promise, on this machine
    #[command(subcommand)]
    Bench(BenchCommand),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write all pages into a folder
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }
}
