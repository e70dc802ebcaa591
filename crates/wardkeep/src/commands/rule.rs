//! `wardkeep rule`: detection rules looked over and tested. No data folder is needed.

use crate::exit::{Exit, Failure};
use crate::output::Out;
use crate::table::{Table, cell};
use clap::{Args, Subcommand};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use wardkeep_detect::check::{lint, regression};
use wardkeep_types::event::{Event, LogSource};

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub enum RuleCommand {
    /// Run regression tests: folders of events with the rule that must fire on them
    Test(TestArgs),
    /// Say what is wrong or doubtful in rules
    Lint(LintArgs),
}

/// Tests.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Folder of tests, in the layout of SigmaHQ's regression data
    pub dir: PathBuf,
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

/// Tests or looks over.
pub fn run(out: Out, command: RuleCommand) -> anyhow::Result<Exit> {
    match command {
        RuleCommand::Test(args) => test(out, &args),
        RuleCommand::Lint(args) => look_over(out, &args),
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

fn test(out: Out, args: &TestArgs) -> anyhow::Result<Exit> {
    there(std::slice::from_ref(&args.dir))?;
    there(&args.rules)?;
    let (set, problems) = wardkeep_app::rules::rules_of(&args.rules);
    let result = regression(&args.dir, &set, &mut events_of)?;
    let refused = problems.len();
    let missed: Vec<_> = result
        .missed
        .iter()
        .map(|m| json!({ "rule": m.rule, "title": m.title, "file": m.file, "reason": m.reason }))
        .collect();
    let counts: Vec<_> = result
        .other_count
        .iter()
        .map(|(file, wanted, seen)| json!({ "file": file, "stated": wanted, "seen": seen }))
        .collect();
    out.json(&json!({
        "rules": set.rules().len(), "rule_problems": refused, "cases": result.cases, "fired": result.fired,
        "missed": missed, "other_count": counts,
    }))?;
    out.say(format!("{} of {} cases fired, with {} rules.", result.fired, result.cases, set.rules().len()))?;
    for miss in &result.missed {
        out.say(format!("  Missed: {} ({}): {}", miss.title, miss.file, miss.reason))?;
    }
    if result.cases == 0 {
        return Err(Failure::refused("no_tests", "there is no test in this folder")
            .at(args.dir.display())
            .remedy("a test is a folder with an info.yml that names its rule, and a file of events")
            .into());
    }
    Ok(if result.missed.is_empty() { Exit::Fine } else { Exit::Found })
}

fn events_of(path: &Path) -> Result<Vec<Event>, String> {
    let source = wardkeep_intake::Source::file(path, path.to_string_lossy()).map_err(|e| e.to_string())?;
    let mut read = wardkeep_intake::Collected::default();
    wardkeep_intake::read(source, &wardkeep_intake::Options::default(), &mut read)
        .map_err(|e| e.to_string())?;
    read.events.iter_mut().for_each(wardkeep_events::classify);
    Ok(read.events)
}

fn look_over(out: Out, args: &LintArgs) -> anyhow::Result<Exit> {
    there(&args.rules)?;
    let (set, problems) = wardkeep_app::rules::rules_of(&args.rules);
    // What sources there are is known of a data folder, not of rules alone: none is called blind here.
    let provided: BTreeSet<LogSource> = set.rules().iter().map(|rule| rule.logsource.clone()).collect();
    let remarks = lint(&set, &provided);
    let list: Vec<_> = remarks
        .iter()
        .map(|r| json!({ "file": r.file, "rule": r.rule, "code": r.code, "message": r.message, "remedy": r.remedy }))
        .collect();
    out.json(&json!({ "rules": set.rules().len(), "problems": problems, "remarks": list }))?;
    for problem in &problems {
        out.say(format!("{}: {}. {}", problem.path, problem.message, problem.hint))?;
    }
    let mut table = Table::new(&["Rule", "Remark", "Remedy"]);
    for remark in &remarks {
        table.row([cell(&remark.file), cell(&remark.message), cell(remark.remedy)]);
    }
    if !table.is_empty() {
        table.print(&out)?;
    }
    out.say(format!("{} rules, {} problems, {} remarks.", set.rules().len(), problems.len(), remarks.len()))?;
    Ok(if problems.is_empty() { Exit::Fine } else { Exit::Found })
}
