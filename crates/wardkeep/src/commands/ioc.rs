//! `wardkeep ioc`: lists of indicators of compromise brought in, and looked up in what is stored.

use super::units;
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::{Out, note};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use std::time::Instant;
use wardkeep_app::ioc::{HISTORY_DAYS, IocImport};
use wardkeep_report::words::{count, number};
use wardkeep_types::ioc::IocKind;
use wardkeep_types::{Date, Percent, limits};

/// What to do with indicators of compromise.
#[derive(Debug, Subcommand)]
pub enum IocCommand {
    /// Bring a list in: one value a line, or a table with a column for values
    Import(ImportArgs),
    /// Look indicators up in the stored log records
    Hunt(HuntArgs),
}

/// A list.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The list
    pub file: PathBuf,
    /// What its values are: auto, ip, domain, url, md5, sha1, sha256, mail
    #[arg(long = "type", default_value = "auto", value_parser = ["auto", "ip", "domain", "url", "md5", "sha1", "sha256", "mail"])]
    pub kind: String,
    /// Who says so [default: the file's name]
    #[arg(long)]
    pub source: Option<String>,
    /// How sure they are, such as 80%
    #[arg(long, default_value = "50%")]
    pub confidence: Percent,
    /// With whom it may be shared: clear, green, amber, amber_strict, red
    #[arg(long, default_value = "amber", value_parser = ["clear", "green", "amber", "amber_strict", "red"])]
    pub tlp: String,
    /// Last day on which they are looked for
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Look for them at once; without it they are candidates that somebody confirms
    #[arg(long)]
    pub active: bool,
    /// Their unit [default: the organisation]
    #[arg(long)]
    pub unit: Option<String>,
}

/// A look over history.
#[derive(Debug, Args)]
pub struct HuntArgs {
    /// Only these, such as IND-0007 [default: all active ones that were not looked up yet]
    #[arg(value_name = "REFERENCE")]
    pub references: Vec<String>,
    /// How many days back
    #[arg(long, default_value_t = HISTORY_DAYS, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    pub days: i64,
}

/// Does it.
pub async fn run(global: &Global, out: Out, command: IocCommand) -> anyhow::Result<Exit> {
    let here = Installation::of(global).await?;
    match command {
        IocCommand::Import(args) => import(&here, out, args).await,
        IocCommand::Hunt(args) => hunt(&here, out, args).await,
    }
}

async fn import(here: &Installation, out: Out, args: ImportArgs) -> anyhow::Result<Exit> {
    let file = args.file.display().to_string();
    let wrong = |code, text: String, remedy: &str| Failure::refused(code, text).at(&file).remedy(remedy);
    let size = std::fs::metadata(&args.file).map(|m| m.len()).map_err(|error| {
        wrong("unreadable", format!("the list cannot be read: {error}"), "name a file that is there")
    })?;
    if size > limits::EVIDENCE_BYTES {
        let most = limits::EVIDENCE_BYTES / 1_048_576;
        return Err(wrong("too_large", format!("a list has at most {most} MiB"), "split it").into());
    }
    let text = String::from_utf8_lossy(&std::fs::read(&args.file)?).into_owned();
    let ctx = here.ctx("ioc");
    here.app.ensure_baseline(&ctx).await?;
    let organisation = here.app.organisation().await?;
    let name = args.file.file_name().map_or_else(|| file.clone(), |name| name.to_string_lossy().into_owned());
    let import = IocImport {
        file: &file,
        text: &text,
        kind: IocKind::from_key(&args.kind),
        source: args.source.as_deref().unwrap_or(&name),
        confidence: args.confidence,
        tlp: &args.tlp,
        valid_until: args.until,
        active: args.active,
        unit: units::find(&organisation, args.unit.as_deref())?,
    };
    let done = here.app.import_iocs(&ctx, &import).await?;
    out.json(&json!({
        "added": done.added, "active": done.active, "held": done.held, "known": done.known,
        "refused": done.refused, "problems": done.problems,
    }))?;
    for problem in &done.problems {
        note(&format!("{}: {}. {}", problem.path, problem.message, problem.hint));
    }
    if done.refused > done.problems.len() as u64 {
        note(&format!("and {} more lines", number(done.refused - done.problems.len() as u64)));
    }
    out.say(format!(
        "{} added, {} of them active; {} known before; {} not understood.",
        count(done.added, "indicator", "indicators"),
        number(done.active),
        number(done.known),
        number(done.refused),
    ))?;
    if done.held > 0 {
        out.say(format!(
            "{} private or reserved and stays a candidate until somebody confirms it.",
            count(done.held, "value is", "values are")
        ))?;
    }
    if done.active > 0 {
        out.say("What is stored is searched by the running program, or by: wardkeep ioc hunt")?;
    }
    Ok(if done.refused > 0 { Exit::Found } else { Exit::Fine })
}

async fn hunt(here: &Installation, out: Out, args: HuntArgs) -> anyhow::Result<Exit> {
    let ctx = here.ctx("ioc");
    let organisation = here.app.organisation().await?;
    let schema = wardkeep_app::App::schema("ioc")?;
    let mut only = Vec::new();
    for reference in &args.references {
        only.push(here.app.find(&ctx, &organisation, schema, reference).await?.id);
    }
    let begun = Instant::now();
    let only = (!only.is_empty()).then_some(only);
    let done = here.app.hunt_iocs(&ctx, only.as_deref(), args.days).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let mut json = serde_json::to_value(done)?;
    json["seconds"] = json!(seconds);
    out.json(&json)?;
    if done.indicators == 0 {
        out.say("No active indicator waits to be looked up. Name one to look it up again.")?;
        return Ok(Exit::Fine);
    }
    out.say(format!(
        "{} looked up in {} of the last {} in {seconds:.1} s: {}, {}.",
        count(done.indicators, "indicator", "indicators"),
        count(done.events, "log record", "log records"),
        count(args.days.unsigned_abs(), "day", "days"),
        count(done.sightings, "sighting", "sightings"),
        count(done.alerts, "alert", "alerts"),
    ))?;
    Ok(Exit::Fine)
}
