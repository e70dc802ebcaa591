//! `wardkeep bench detect`: our matchers beside the rsigma library, in one run, on the same events and rules.

use super::DetectArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Out, note};
use crate::table::{Table, cell};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use std::time::Instant;
use wardkeep_detect::bench::{Corpus, Figure, Options, Report, rules, run as measure};
use wardkeep_detect::{RuleFile, RuleSet};
use wardkeep_report::words::{count, number};

/// Where events lie below the folder of test data: name, folder.
const CORPORA: [(&str, &str); 2] = [("evtx", "detection/evtx"), ("mordor", "logs/otrf-security-datasets")];
/// Where the public rules lie below it.
const RULES: &str = "detection/sigma";

/// Measures.
pub(super) fn run(out: Out, args: &DetectArgs) -> anyhow::Result<Exit> {
    let data = args.folder.clone().or_else(|| std::env::var_os("WARDKEEP_DATA").map(PathBuf::from));
    let data = data.unwrap_or_else(|| PathBuf::from("../shared/data"));
    let files = rule_files(&data, args)?;
    let corpora = events(&data)?;
    for corpus in &corpora {
        note(&format!(
            "{}: {}, {} left out",
            corpus.name,
            count(corpus.len() as u64, "event", "events"),
            number(corpus.left_out as u64)
        ));
    }
    let compile = compile(&files);
    let options = Options { events: args.events, growth: args.growth, only: args.only.clone() };
    let report = measure(&files, &corpora, &options, &mut |line| note(line));
    if out.json {
        let mut json = serde_json::to_value(&report)?;
        json["compile"] = compile;
        out.json(&json)?;
    } else {
        print(&out, &report, &compile)?;
    }
    Ok(if report.identical { Exit::Fine } else { Exit::Found })
}

fn rule_files(data: &Path, args: &DetectArgs) -> anyhow::Result<Vec<RuleFile>> {
    if !args.rules.is_empty() {
        return Ok(args.rules.iter().flat_map(|folder| wardkeep_app::rules::read_folder(folder).0).collect());
    }
    let folder = data.join(RULES);
    if folder.is_dir() {
        return Ok(rules(&folder, true)?);
    }
    let remedy = "name a folder of Sigma rules with --rules";
    Err(Failure::refused("no_rules", "there are no rules to measure with")
        .at(folder.display())
        .remedy(remedy)
        .into())
}

fn events(data: &Path) -> anyhow::Result<Vec<Corpus>> {
    let known: Vec<_> =
        CORPORA.iter().map(|(name, at)| (*name, data.join(at))).filter(|(_, at)| at.is_dir()).collect();
    let corpora = if known.is_empty() && data.is_dir() {
        vec![Corpus::read("events", data)?]
    } else {
        known.iter().map(|(name, at)| Corpus::read(name, at)).collect::<Result<Vec<_>, _>>()?
    };
    if corpora.iter().any(|corpus| !corpus.is_empty()) {
        return Ok(corpora);
    }
    let remedy = "name a folder of Windows event files (.evtx) or JSON logs";
    Err(Failure::refused("no_events", "there are no events to measure on")
        .at(data.display())
        .remedy(remedy)
        .into())
}

/// Seconds to compile all rules from their text, and to load the same rules again.
fn compile(files: &[RuleFile]) -> Json {
    let timed = || {
        let begun = Instant::now();
        let (set, problems) = RuleSet::load(files.iter().cloned());
        (begun.elapsed().as_secs_f64(), set.len(), problems.iter().filter(|p| p.refused).count())
    };
    let (first, loaded, refused) = timed();
    let (again, ..) = timed();
    json!({ "rules": loaded, "refused": refused, "seconds": first, "again_seconds": again })
}

fn print(out: &Out, report: &Report, compile: &Json) -> std::io::Result<()> {
    out.say(format!(
        "{} rules compiled in {:.2} s, again in {:.2} s; {} refused.",
        compile["rules"],
        compile["seconds"].as_f64().unwrap_or(0.0),
        compile["again_seconds"].as_f64().unwrap_or(0.0),
        compile["refused"]
    ))?;
    for (title, figures) in [("Matchers", &report.figures), ("Growth", &report.growth)] {
        if figures.is_empty() {
            continue;
        }
        out.heading(title)?;
        let head = ["Matcher", "Events of", ">Rules", ">Events", ">CPU s", ">Events/s", ">Hits", ">MiB"];
        let mut table = Table::new(&head);
        figures.iter().for_each(|figure| table.row(row(figure)));
        table.print(out)?;
    }
    for one in &report.differences {
        let cause = one.cause.unwrap_or("cause unknown");
        let (hit, missed) = (one.hit.join(", "), one.missed.join(", "));
        let text = format!("{}: {hit} but not {missed}, {} events: {cause}", one.title, one.events);
        out.wrapped("  ", 4, crate::output::Style::Dim, &text)?;
    }
    out.say(format!(
        "Streaming {:.2} times rsigma ({:.2} on the corpus as it is), columnar {:.2} ({:.2}); hits {}.",
        report.streaming_ratio,
        report.streaming_ratio_small,
        report.columnar_ratio,
        report.columnar_ratio_small,
        if report.identical { "identical, or different for a known cause" } else { "differ" },
    ))
}

fn row(figure: &Figure) -> [crate::table::Cell; 8] {
    [
        cell(figure.matcher),
        cell(&figure.corpus),
        cell(number(figure.rules as u64)),
        cell(number(figure.events)),
        cell(format!("{:.2}", figure.cpu_seconds)),
        cell(number(figure.events_per_second as u64)),
        cell(number(figure.hits)),
        cell(number(figure.memory_bytes / 1_048_576)),
    ]
}
