//! `wardkeep rule`: detection rules listed, brought in, tried, explained, tested and looked over.

mod checks;
mod cost;
mod explain;
mod kept;

use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::output::Out;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use wardkeep_types::event::Event;

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub enum RuleCommand {
    /// List the rules of the data folder
    List(ListArgs),
    /// Bring rules in from a folder, a git checkout or a file
    Import(ImportArgs),
    /// Run a rule over stored events and tell what it would have found
    DryRun(DryRunArgs),
    /// Show why a rule fires on an event, or does not
    Explain(ExplainArgs),
    /// Measure what each rule costs over stored events
    Bench(BenchArgs),
    /// Run tests: those that rules carry, or folders of events with the rule that must fire on them
    Test(TestArgs),
    /// Say what is wrong or doubtful in rules
    Lint(LintArgs),
}

/// Which rules.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only rules at this stage: draft, test, active, muted, retired
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// Only active rules whose log source does not arrive
    #[arg(long)]
    pub blind: bool,
}

/// Where rules come from.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Folder, checkout or file
    pub path: PathBuf,
    /// Make new rules active at once; without it they are drafts
    #[arg(long)]
    pub active: bool,
}

/// What to try.
#[derive(Debug, Args)]
pub struct DryRunArgs {
    /// Reference (RUL-0042), the rule's own id, or a file with a rule
    pub rule: String,
}

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Reference (RUL-0042), the rule's own id, or a file with a rule
    pub rule: String,
    /// Id of a stored event, or a file of events of which the first is taken
    pub event: String,
    /// Folder of rules in which the id is looked up; then no data folder is needed
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
}

/// What to measure.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// File or folder of events; the stored events without it
    pub events: Option<PathBuf>,
    /// Folder of rules beside our own; the active rules of the data folder without it
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Rules to show, the dearest first
    #[arg(long, default_value_t = 20)]
    pub top: usize,
}

/// Tests.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Folder of tests, in the layout of SigmaHQ's regression data; without it, the tests that rules of the data
    /// folder carry
    pub dir: Option<PathBuf>,
    /// Folder of rules beside our own; may be given several times
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
}

/// Rules.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Folder or file of rules; our own without it
    pub rules: Vec<PathBuf>,
}

/// Does it.
pub async fn run(global: &Global, out: Out, command: RuleCommand) -> anyhow::Result<Exit> {
    match command {
        RuleCommand::List(args) => kept::list(global, out, &args).await,
        RuleCommand::Import(args) => kept::import(global, out, &args).await,
        RuleCommand::DryRun(args) => kept::dry_run(global, out, &args).await,
        RuleCommand::Explain(args) => explain::run(global, out, &args).await,
        RuleCommand::Bench(args) => cost::run(global, out, &args).await,
        RuleCommand::Test(args) => match &args.dir {
            Some(dir) => checks::test(out, dir, &args.rules),
            None => kept::test(global, out).await,
        },
        RuleCommand::Lint(args) => checks::look_over(out, &args),
    }
}

fn there(paths: &[PathBuf]) -> anyhow::Result<()> {
    match paths.iter().find(|path| !path.exists()) {
        Some(path) => Err(Failure::refused("not_found", "there is no such file or folder")
            .at(path.display())
            .remedy("check the path; nothing was read")
            .into()),
        None => Ok(()),
    }
}

fn events_of(path: &Path) -> Result<Vec<Event>, String> {
    let source = wardkeep_intake::Source::file(path, path.to_string_lossy()).map_err(|e| e.to_string())?;
    let mut read = wardkeep_intake::Collected::default();
    wardkeep_intake::read(source, &wardkeep_intake::Options::default(), &mut read)
        .map_err(|e| e.to_string())?;
    read.events.iter_mut().for_each(wardkeep_events::classify);
    Ok(read.events)
}
