//! `wardkeep risk check | rerun | import | export`: what needs the data folder, or leads into it.

use super::risk::{CheckArgs, ImportArgs};
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use serde_json::json;
use std::path::PathBuf;
use wardkeep_app::risk::views::ImportView;
use wardkeep_app::risk::{ImportAsk, judge, short};
use wardkeep_report::words::count;

/// Works a stored run out again.
pub async fn rerun(global: &Global, out: Out, hash: &str) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let ctx = here.ctx("risk rerun");
    let organisation = here.app.organisation().await?;
    let found = here.app.risk_verified(&ctx, &organisation, hash).await.map_err(|e| no_run(e, hash))?;
    out.json(&serde_json::to_value(&found)?)?;
    let largest = found.largest_difference;
    out.say(match (found.matches, found.identical) {
        (true, true) => format!("Run {} matches to the last bit ({}).", &found.hash[..12], found.now),
        (true, false) => {
            format!("Run {} matches; the largest difference is {largest:.1e}.", &found.hash[..12])
        }
        _ => format!("Run {} does not match.", &found.hash[..12]),
    })?;
    for line in &found.words {
        out.say(format!("- {line}"))?;
    }
    Ok(if found.matches { Exit::Fine } else { Exit::Found })
}

/// Simulates years of a stored run and compares.
pub async fn check(global: &Global, out: Out, args: &CheckArgs) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let ctx = here.ctx("risk check");
    let organisation = here.app.organisation().await?;
    let asked = here.app.risk_checked(&ctx, &organisation, args.hash.as_deref(), args.key, args.years).await;
    let (hash, check) = asked.map_err(|error| no_run(error, args.hash.as_deref().unwrap_or("the newest")))?;
    let mut said = serde_json::to_value(&check)?;
    if let Some(object) = said.as_object_mut() {
        object.insert("hash".into(), json!(hash));
    }
    out.json(&said)?;
    out.say(format!("Run {}.", &hash[..12]))?;
    super::risk::compared(&out, &check)?;
    Ok(if check.agrees { Exit::Fine } else { Exit::Found })
}

/// What is said where there is no such run.
fn no_run(error: wardkeep_app::Error, hash: &str) -> anyhow::Error {
    match error {
        wardkeep_app::Error::Refusal(wardkeep_app::Refusal::NotFound) => {
            Failure::refused("no_run", "there is no run of this name")
                .at(hash)
                .remedy(
                    "take the hash from the foot of a page of figures; eight characters or more are enough",
                )
                .into()
        }
        other => other.into(),
    }
}

/// Judges a file and, with a risk, keeps its scenarios as drafts.
pub async fn import(global: &Global, out: Out, args: &ImportArgs) -> anyhow::Result<Exit> {
    let name = args.file.display().to_string();
    let read = |path: &std::path::Path| {
        std::fs::read_to_string(path).map_err(|error| {
            Failure::refused("unreadable", error.to_string())
                .at(path.display())
                .remedy("check the path; the file is text")
        })
    };
    let content = read(&args.file)?;
    let questions = args.questions.as_deref().map(read).transpose()?;
    let ask = ImportAsk {
        name,
        content,
        questions,
        currency: Some(args.currency.clone()),
        price_year: args.price_year,
        risk: args.risk.clone(),
    };
    let view = match &ask.risk {
        None => judge(&ask, 2_025)?,
        Some(_) => {
            let here = Installation::there(global).await?;
            let organisation = here.app.organisation().await?;
            here.app.risk_import(&here.ctx("risk import"), &organisation, &ask).await?
        }
    };
    out.json(&serde_json::to_value(&view)?)?;
    show(&out, &view)?;
    Ok(if view.problems.is_empty() { Exit::Fine } else { Exit::Found })
}

fn show(out: &Out, view: &ImportView) -> anyhow::Result<()> {
    if out.json {
        return Ok(());
    }
    out.say(format!("Read as {}: {}.", view.format, count(view.read as u64, "entry", "entries")))?;
    for problem in &view.problems {
        out.say(format!("{}: {}. {}", problem.path, problem.message, problem.hint))?;
    }
    if !view.compared.is_empty() {
        let mut table = Table::new(&["Scenario", ">Mean", ">Spread by multiplying", ">Spread by adding up"]);
        for c in &view.compared {
            table.row([cell(&c.name), cell(short(c.mean)), cell(short(c.product_sd)), cell(short(c.sum_sd))]);
        }
        table.print(out)?;
    }
    if !view.experts.is_empty() {
        let mut table = Table::new(&["Person", ">Held", ">Of", ">Brier", ">Share in a pool"]);
        for e in &view.experts {
            let share = format!("{:.1} %", 100.0 * e.weight);
            table.row([
                cell(&e.name),
                cell(e.held.to_string()),
                cell(e.answered.to_string()),
                cell(format!("{:.2}", e.brier)),
                cell(share),
            ]);
        }
        table.print(out)?;
    }
    if !view.kept.is_empty() {
        out.say(format!("Kept as drafts: {}.", view.kept.join(", ")))?;
    }
    Ok(())
}

/// Writes the newest run as a workbook.
pub async fn export(global: &Global, out: Out, output: Option<PathBuf>) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let organisation = here.app.organisation().await?;
    let (name, bytes) = here.app.risk_workbook(&here.ctx("risk export"), &organisation).await?;
    let path = output.unwrap_or_else(|| PathBuf::from(name));
    std::fs::write(&path, &bytes).map_err(|error| {
        Failure::refused("not_written", error.to_string()).at(path.display()).remedy("name another file")
    })?;
    out.json(&json!({ "file": path, "bytes": bytes.len() }))?;
    out.say(format!("Written: {}.", path.display()))?;
    Ok(Exit::Fine)
}
