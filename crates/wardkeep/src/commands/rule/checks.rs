//! `rule test` and `rule lint`: no data folder is needed.

use super::{LintArgs, events_of, there};
use crate::exit::{Exit, Failure};
use crate::output::Out;
use crate::table::{Table, cell};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use wardkeep_detect::check::{lint, regression};
use wardkeep_report::words::count;
use wardkeep_types::event::LogSource;

pub(super) fn test(out: Out, dir: &PathBuf, rules: &[PathBuf]) -> anyhow::Result<Exit> {
    there(std::slice::from_ref(dir))?;
    there(rules)?;
    let (set, problems) = wardkeep_app::rules::rules_of(rules);
    let result = regression(dir, &set, &mut events_of)?;
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
    out.say(format!(
        "{} of {} fired, with {}.",
        result.fired,
        count(result.cases as u64, "case", "cases"),
        count(set.rules().len() as u64, "rule", "rules")
    ))?;
    for miss in &result.missed {
        out.say(format!("  Missed: {} ({}): {}", miss.title, miss.file, miss.reason))?;
    }
    if result.cases == 0 {
        return Err(Failure::refused("no_tests", "there is no test in this folder")
            .at(dir.display())
            .remedy("a test is a folder with an info.yml that names its rule, and a file of events")
            .into());
    }
    Ok(if result.missed.is_empty() { Exit::Fine } else { Exit::Found })
}

pub(super) fn look_over(out: Out, args: &LintArgs) -> anyhow::Result<Exit> {
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
    out.say(format!(
        "{}, {}, {}.",
        count(set.rules().len() as u64, "rule", "rules"),
        count(problems.len() as u64, "problem", "problems"),
        count(remarks.len() as u64, "remark", "remarks")
    ))?;
    Ok(if problems.is_empty() { Exit::Fine } else { Exit::Found })
}
