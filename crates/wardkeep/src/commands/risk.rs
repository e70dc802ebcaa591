//! `wardkeep risk`: models of loss. What is computed from a file needs no data folder and no server.

use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::output::Out;
use crate::table::{Table, cell};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};
use wardkeep_report::words::number;
use wardkeep_risk::model::{self, Model};
use wardkeep_risk::run::{CrossCheck, RunOptions, RunResult, Session};
use wardkeep_types::Problems;

/// What to do with models.
#[derive(Debug, Subcommand)]
pub enum RiskCommand {
    /// Compute the yearly loss of a model
    Run(RunArgs),
    /// Say what is wrong or doubtful in a model, without computing it
    Lint(FileArgs),
    /// Print the built-in scenario library as a model to begin with
    Library,
    /// Simulate years of a stored run and compare them with its exact figures
    Check(CheckArgs),
    /// Work a stored run out again and compare: it matches, or what differs is said
    Rerun(RerunArgs),
    /// Judge a model of another tool, or answers of experts; with --risk keep its scenarios as drafts
    Import(ImportArgs),
    /// Write the newest run as a workbook: inputs, results, formulas explained
    Export(ExportArgs),
}

/// A stored run.
#[derive(Debug, Args)]
pub struct RerunArgs {
    /// Hash of the run, or its first eight characters or more
    pub hash: String,
}

/// A stored run and how many years.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Hash of the run, or its first eight characters or more [default: the run whose figures stand]
    pub hash: Option<String>,
    /// Years to simulate
    #[arg(long, default_value_t = 200_000)]
    pub years: usize,
    /// Key of the generator; another key gives other years
    #[arg(long, default_value_t = 1)]
    pub key: u64,
}

/// A file of another tool.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// A pyfair model or an OpenFAIR example (JSON), a model of ours, or a table of answers, labels or tolerances (CSV)
    pub file: PathBuf,
    /// Questions with their true answers (CSV), for a table of calibration answers
    #[arg(long, value_name = "FILE")]
    pub questions: Option<PathBuf>,
    /// Currency of files that name none
    #[arg(long, default_value = "EUR")]
    pub currency: String,
    /// Price year of files that name none
    #[arg(long)]
    pub price_year: Option<u64>,
    /// Keep the scenarios under this risk, such as RSK-0004
    #[arg(long)]
    pub risk: Option<String>,
}

/// Where to write.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The file to write [default: risk-DATE-HASH.xlsx here]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A model.
#[derive(Debug, Args)]
pub struct FileArgs {
    /// Model file, TOML or JSON
    pub file: PathBuf,
}

/// A run.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Model file, TOML or JSON
    pub file: PathBuf,
    /// Cells of each grid, a power of two
    #[arg(long, default_value_t = 16_384)]
    pub cells: usize,
    /// Draws of the uncertainty band; 0 for none
    #[arg(long, default_value_t = 64)]
    pub draws: usize,
    /// Simulate so many years beside, and compare
    #[arg(long, value_name = "YEARS")]
    pub simulate: Option<usize>,
}

/// Computes, looks over, or prints.
pub async fn run(global: &Global, out: Out, command: RiskCommand) -> anyhow::Result<Exit> {
    match command {
        RiskCommand::Check(args) => super::risk_kept::check(global, out, &args).await,
        RiskCommand::Rerun(args) => super::risk_kept::rerun(global, out, &args.hash).await,
        RiskCommand::Import(args) => super::risk_kept::import(global, out, &args).await,
        RiskCommand::Export(args) => super::risk_kept::export(global, out, args.output).await,
        RiskCommand::Run(args) => compute(out, &args),
        RiskCommand::Lint(args) => {
            let model = read(&args.file)?;
            let found = model::lint(&model);
            out.json(&json!({ "faults": found.faults.0, "warnings": found.warnings.0 }))?;
            say(&out, "Fault", &found.faults)?;
            say(&out, "Doubt", &found.warnings)?;
            if found.faults.is_empty() && found.warnings.is_empty() {
                out.say("Nothing is wrong and nothing is doubtful.")?;
            }
            Ok(if found.faults.is_empty() { Exit::Fine } else { Exit::Found })
        }
        RiskCommand::Library => {
            let model = wardkeep_risk::library::model().map_err(|problem| refused("library", &[problem]))?;
            out.raw(model::to_json(&model).as_bytes())?;
            out.raw(b"\n")?;
            Ok(Exit::Fine)
        }
    }
}

fn read(path: &Path) -> anyhow::Result<Model> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::refused("unreadable", error.to_string())
            .at(&name)
            .remedy("check the path; a model is TOML or JSON")
    })?;
    Ok(model::read(&text, &name).map_err(|problem| refused(&name, &[problem]))?)
}

fn refused(file: &str, problems: &[wardkeep_types::Problem]) -> Failure {
    let Some(first) = problems.first() else {
        return Failure::refused("model", "the model cannot be used").at(file);
    };
    let rest = problems.len() - 1;
    let more = if rest > 0 { format!(" (and {rest} more: wardkeep risk lint)") } else { String::new() };
    let place =
        if first.path.starts_with(file) { first.path.clone() } else { format!("{file}: {}", first.path) };
    Failure::refused("model", format!("{}{more}", first.message)).at(place).remedy(&first.hint)
}

fn compute(out: Out, args: &RunArgs) -> anyhow::Result<Exit> {
    if !args.cells.is_power_of_two() || !(1 << 8..=1 << 22).contains(&args.cells) {
        let what = "the number of cells is a power of two from 256 to 4,194,304";
        return Err(Failure::refused("cells", what).remedy("leave --cells out, or try 65536").into());
    }
    let model = read(&args.file)?;
    let options = RunOptions { cells: args.cells, draws: args.draws, ..RunOptions::default() };
    let done =
        Session::new().run(&model, &options).map_err(|p| refused(&args.file.display().to_string(), &p.0))?;
    let check = args.simulate.map(|years| done.cross_check(1, years));
    let mut said = serde_json::to_value(&done.result)?;
    if let (Some(check), Some(object)) = (&check, said.as_object_mut()) {
        object.insert("cross_check".into(), serde_json::to_value(check)?);
    }
    out.json(&said)?;
    show(&out, &done.result)?;
    if let Some(check) = &check {
        compared(&out, check)?;
        if !check.agrees {
            return Ok(Exit::Found);
        }
    }
    say(&out, "Doubt", &model::lint(&model).warnings)?;
    Ok(Exit::Fine)
}

fn money(value: f64) -> String {
    number(value.round().max(0.0) as u64)
}

fn show(out: &Out, result: &RunResult) -> std::io::Result<()> {
    if out.json {
        return Ok(());
    }
    let (assessed, all) = result.assessed;
    out.heading(&format!(
        "{}: a year's loss in {}, prices of {}",
        result.title, result.currency, result.price_year
    ))?;
    if assessed < all {
        out.say(format!("{} of {all} scenarios are not assessed and stand in no sum.", all - assessed))?;
    }
    let infinite = || "infinite".to_owned();
    let mut table = Table::new(&["Figure", ">Value"]);
    table.row([cell("Mean"), cell(result.mean.map_or_else(infinite, money))]);
    table.row([cell("Standard deviation"), cell(result.sd.map_or_else(infinite, money))]);
    table.row([cell("Chance of no loss"), cell(format!("{:.2} %", result.no_loss * 100.0))]);
    for (level, value) in &result.var {
        table.row([cell(format!("{level} of 100 years stay below")), cell(money(*value))]);
    }
    for (level, value) in &result.tvar {
        table.row([cell(format!("Mean of the years beyond {level} %")), cell(money(*value))]);
    }
    table.print(out)?;
    let mut table = Table::new(&["Scenario", ">Mean a year", ">Of it in the worst years"]);
    for scenario in &result.scenarios {
        let part = |value: Option<f64>| value.map_or_else(infinite, money);
        table.row([cell(&scenario.trail.name), cell(part(scenario.mean)), cell(part(scenario.tail))]);
    }
    out.heading("By scenario")?;
    table.print(out)?;
    let shares: Vec<String> = result
        .sources
        .iter()
        .filter(|s| s.share > 5e-4)
        .map(|s| format!("{:.0} % {}", s.share * 100.0, label(&s.source)))
        .collect();
    out.say("")?;
    out.say(format!("The mean rests on: {}.", shares.join(", ")))?;
    for rule in &result.appetite {
        out.say(format!("Appetite {}: {}", rule.id, label(&rule.verdict)))?;
    }
    out.say(format!("Inputs {}, engine {}.", &result.inputs_sha256[..12], label(&result.engine)))
}

/// Exact figures beside simulated ones.
pub(super) fn compared(out: &Out, check: &CrossCheck) -> std::io::Result<()> {
    if out.json {
        return Ok(());
    }
    out.heading(&format!("Against {} simulated years", number(check.years as u64)))?;
    let mut table = Table::new(&["Figure", ">Exact", ">Simulated", ">Standard error", ">Errors apart"]);
    for one in &check.figures {
        table.row([
            cell(&one.figure),
            cell(money(one.exact)),
            cell(money(one.simulated)),
            cell(money(one.error)),
            cell(format!("{:.2}", one.apart)),
        ]);
    }
    table.print(out)?;
    out.say(if check.agrees {
        "They agree: fewer than four standard errors lie between them."
    } else {
        "They do not agree: keep the file and report it, for one of the two roads is wrong."
    })
}

/// The word that a value has in JSON.
fn label(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text.replace('_', " "),
        Ok(serde_json::Value::Object(object)) => {
            object.values().filter_map(|v| v.as_str()).collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}

fn say(out: &Out, what: &str, problems: &Problems) -> std::io::Result<()> {
    for problem in &problems.0 {
        out.say(format!("{what}: {}: {}. {}", problem.path, problem.message, problem.hint))?;
    }
    Ok(())
}
