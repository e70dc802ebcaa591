//! The rules of the data folder: listed, brought in, tried.

use super::{DryRunArgs, ImportArgs, ListArgs, there};
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use serde_json::json;
use std::path::Path;
use wardkeep_app::rules::{DryRunAsked, DryRunView, RuleInHand, RuleLine};
use wardkeep_report::words::{count, number};

/// `rule list`.
pub(super) async fn list(global: &Global, out: Out, args: &ListArgs) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let all = here.app.rule_lines().await?;
    let wanted = |line: &&RuleLine| {
        args.stage.as_ref().is_none_or(|stage| *stage == line.stage)
            && (!args.blind || (line.stage == "active" && line.sight == "blind"))
    };
    let shown: Vec<&RuleLine> = all.iter().filter(wanted).collect();
    if out.json {
        out.json(&json!({ "rules": shown }))?;
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&["Rule", "Title", "Level", "Stage", "Source", "Sees", ">Hits, 30 days"]);
    for line in &shown {
        let hits = line.hits.map_or_else(String::new, |n| number(n.unsigned_abs()));
        table.row([
            cell(&line.reference),
            cell(&line.name),
            cell(&line.level),
            cell(&line.stage),
            cell(&line.source),
            cell(&line.sight),
            cell(hits),
        ]);
    }
    if !table.is_empty() {
        table.print(&out)?;
    }
    out.say(format!("{} of {}.", number(shown.len() as u64), count(all.len() as u64, "rule", "rules")))?;
    Ok(Exit::Fine)
}

/// `rule import`.
pub(super) async fn import(global: &Global, out: Out, args: &ImportArgs) -> anyhow::Result<Exit> {
    there(std::slice::from_ref(&args.path))?;
    let here = Installation::of(global).await?;
    let ctx = here.ctx("rule import");
    let unit = here.app.ensure_baseline(&ctx).await?;
    here.app.sync_shipped_rules(&ctx, unit).await?;
    let stage = if args.active { "active" } else { "draft" };
    let synced = here.app.sync_folder(&ctx, unit, &args.path, stage).await?;
    out.json(&json!({
        "added": synced.added, "changed": synced.changed, "same": synced.same, "stage": stage,
        "problems": synced.problems,
    }))?;
    out.say(format!(
        "{} new ({stage}), {} changed, {} as before.",
        number(synced.added),
        number(synced.changed),
        number(synced.same)
    ))?;
    for problem in &synced.problems {
        out.say(format!("  {}: {}. {}", problem.path, problem.message, problem.hint))?;
    }
    Ok(if synced.problems.is_empty() { Exit::Fine } else { Exit::Found })
}

/// `rule dry-run`.
pub(super) async fn dry_run(global: &Global, out: Out, args: &DryRunArgs) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let ctx = here.ctx("rule dry-run");
    let found = if Path::new(&args.rule).is_file() {
        let rule = of_file(Path::new(&args.rule))?;
        here.app.dry_run(rule, String::new()).await?
    } else {
        let reference = here.app.rule_reference(&args.rule).await?;
        let organisation = here.app.organisation().await?;
        match here.app.dry_run_rule(&ctx, &organisation, &reference, true).await? {
            DryRunAsked::Done(view) => *view,
            DryRunAsked::Waits => anyhow::bail!("the dry run went to the background"),
        }
    };
    out.json(&json!({ "rule": args.rule, "dry_run": &found, "hits_a_day": found.hits_a_day(), "nanoseconds_an_event": found.cost() }))?;
    if !out.json {
        print(&out, &found)?;
    }
    Ok(Exit::Fine)
}

/// `rule test` without a folder: the tests that rules carry.
pub(super) async fn test(global: &Global, out: Out) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let all = here.app.all_rule_tests().await?;
    let cases: usize = all.iter().map(|(_, run)| run.positive + run.negative).sum();
    let missed: Vec<_> = all
        .iter()
        .flat_map(|(reference, run)| run.wrong.iter().map(move |reason| (reference, reason)))
        .collect();
    let told: Vec<_> =
        missed.iter().map(|(rule, reason)| json!({ "rule": rule, "reason": reason })).collect();
    out.json(&json!({
        "rules": all.len(), "cases": cases, "fired": cases.saturating_sub(missed.len()), "missed": told,
    }))?;
    out.say(format!(
        "{} of {} came out as written, of {}.",
        number(cases.saturating_sub(missed.len()) as u64),
        count(cases as u64, "test", "tests"),
        count(all.len() as u64, "rule", "rules")
    ))?;
    for (rule, reason) in &missed {
        out.say(format!("  {rule}: {reason}"))?;
    }
    Ok(if missed.is_empty() { Exit::Fine } else { Exit::Found })
}

/// The last rule of a file: that is the one a file with a correlation is about.
pub(super) fn of_file(path: &Path) -> anyhow::Result<RuleInHand> {
    let (set, problems) = wardkeep_app::rules::file_of(path);
    let at = set.len().checked_sub(1).ok_or_else(|| {
        let why = problems.first().map_or_else(|| "there is no rule in it".to_owned(), |p| p.message.clone());
        Failure::refused("no_rule", why).at(path.display()).remedy("`wardkeep rule lint FILE` says more")
    })?;
    Ok(RuleInHand { set, at })
}

fn print(out: &Out, found: &DryRunView) -> std::io::Result<()> {
    let report = &found.report;
    out.say(format!(
        "{} on {}: about {} a day. {} of {} are of its log source; {} in {} ms.",
        count(report.hits, "hit", "hits"),
        count(report.per_day.len() as u64, "day with events", "days with events"),
        number(found.hits_a_day()),
        number(report.looked_at),
        count(report.events, "event", "events"),
        count(found.files.0, "file", "files"),
        number(found.micros.unsigned_abs().div_ceil(1_000)),
    ))?;
    if found.cut {
        out.say("Stopped at the time limit: the newest files were read first.")?;
    }
    let mut table = Table::new(&["Day", ">Hits"]);
    report.per_day.iter().for_each(|(day, hits)| table.row([cell(day), cell(number(*hits))]));
    if !table.is_empty() {
        table.print(out)?;
    }
    for (field, values) in report.top.iter().filter(|(_, values)| !values.is_empty()) {
        out.heading(field)?;
        let mut table = Table::new(&["Value", ">Hits"]);
        values.iter().for_each(|value| table.row([cell(&value.value), cell(number(value.hits))]));
        table.print(out)?;
    }
    Ok(())
}
