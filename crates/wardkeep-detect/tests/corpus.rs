//! The public rules: all of them compile, and their own samples fire them.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_for_each)]

mod common;

use common::{data, files, read_events, sigma_rules};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use wardkeep_detect::{Engine, RuleSet, explain};

#[test]
fn every_public_rule_compiles_or_is_listed() {
    let Some(root) = data("detection/sigma") else { return };
    let rules = sigma_rules(&root);
    let files = rules.len();
    let begun = Instant::now();
    let (set, problems) = RuleSet::load(rules);
    let took = begun.elapsed();
    let refused: Vec<_> = problems.iter().filter(|p| p.refused).collect();
    println!("{files} files, {} rules, {} refused, loaded in {took:?}", set.len(), refused.len());
    for problem in &refused {
        println!("  {}:{}:{} {}", problem.file, problem.line, problem.column, problem.message);
    }
    let mut doubts: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems.iter().filter(|p| !p.refused) {
        *doubts.entry(problem.message.split(':').next().unwrap()).or_default() += 1;
    }
    println!("used with doubts: {doubts:?}");
    let provided = wardkeep_events::logsource::shipped().logsources();
    let blind = set.blind(&provided).len();
    println!(
        "{blind} rules are blind: no log source of theirs is mapped; {} fields are looked at",
        set.fields().len()
    );
    assert!(files >= 3_700, "{files}");
    assert_eq!(set.len() + refused.len(), files);
    assert!(refused.is_empty());
}

/// Every sample of the regression data must fire the rule it was recorded for.
#[test]
fn regression_samples_fire_their_rules() {
    let Some(root) = data("detection/sigma") else { return };
    let (set, _) = RuleSet::load(sigma_rules(&root));
    let (mut fired, mut cases, mut missed, mut counts_differ) = (0, 0, Vec::new(), Vec::new());
    for info in files(&root.join("regression_data"), &["info.yml"]) {
        let text = std::fs::read_to_string(&info).unwrap();
        let line = |key: &str| {
            text.lines()
                .find_map(|l| l.trim().trim_start_matches("- ").strip_prefix(key))
                .map(|v| v.trim().to_owned())
        };
        let id = text
            .split("rule_metadata:")
            .nth(1)
            .and_then(|t| t.split("id:").nth(1))
            .and_then(|t| t.lines().next())
            .unwrap()
            .trim()
            .to_owned();
        let evtx = files(info.parent().unwrap(), &[".evtx"]);
        if evtx.is_empty() {
            continue;
        }
        cases += 1;
        let events = read_events(&evtx);
        let mut engine = Engine::new(&set);
        let mut hits = Vec::new();
        events.iter().for_each(|event| engine.push(event, &mut hits));
        let matches = hits.iter().filter(|hit| *set.rules()[hit.rule].id == *id).count();
        if matches > 0 {
            fired += 1;
            let wanted = line("match_count:").and_then(|n| n.parse::<usize>().ok());
            if wanted.is_some_and(|wanted| wanted != matches) {
                counts_differ.push(format!("{id}: {matches} instead of {wanted:?}"));
            }
            continue;
        }
        let rule = set.find(&id);
        println!("missed {id} {:?} ({} events)", rule.map(|r| r.title.clone()), events.len());
        if let (Some(rule), Some(event)) = (rule, events.first()) {
            println!("{}", serde_json::to_string_pretty(&explain(rule, event)).unwrap());
            println!("{:?}", event.fields);
        }
        missed.push(id);
    }
    println!(
        "regression: {fired} of {cases} fired; missed {missed:?}; other number of matches: {counts_differ:?}"
    );
    assert_eq!(cases, 202);
    assert_eq!(fired, cases);
}

/// All Windows rules over all sample logs: routing holds and nothing depends on the order of events.
#[test]
fn sample_logs_give_the_same_hits_in_any_order() {
    let Some(root) = data("detection/sigma") else { return };
    let Some(logs) = data("detection/evtx") else { return };
    let (set, _) = RuleSet::load(sigma_rules(&root));
    let mut paths = files(&logs, &[".evtx"]);
    paths.retain(|path| path.metadata().unwrap().len() < 1_200_000);
    let step = (paths.len() / 40).max(1);
    let paths: Vec<_> = paths.into_iter().step_by(step).collect();
    let events = read_events(&paths);
    let begun = Instant::now();
    let mut engine = Engine::new(&set);
    let mut hits = Vec::new();
    events.iter().for_each(|event| engine.push(event, &mut hits));
    let took = begun.elapsed();
    let rules: BTreeSet<_> = hits.iter().map(|hit| hit.rule).collect();
    println!(
        "{} events of {} files in {took:?}: {} hits of {} rules; {:?}",
        events.len(),
        paths.len(),
        hits.len(),
        rules.len(),
        engine.counts()
    );
    let pairs =
        |hits: &[wardkeep_detect::Hit]| hits.iter().map(|h| (h.rule, h.events[0])).collect::<BTreeSet<_>>();
    let mut other = Vec::new();
    let mut engine = Engine::new(&set);
    events.iter().rev().for_each(|event| engine.push(event, &mut other));
    assert_eq!(pairs(&hits), pairs(&other));
    for hit in &hits {
        let event = events.iter().find(|event| event.id == hit.events[0]).unwrap();
        assert!(explain(&set.rules()[hit.rule], event).fires);
    }
}
