//! The rules that Wardkeep ships: complete, well described, and each proven by its own samples.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_for_each)]

mod common;

use common::{data, read_events};
use std::collections::{BTreeMap, BTreeSet};
use wardkeep_detect::{Engine, RuleFile, RuleSet, Samples, Status, builtin};
use wardkeep_types::Severity;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/rules");

fn names(folder: &str, ending: &str) -> BTreeSet<String> {
    let all = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    all.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect()
}

fn shipped() -> RuleSet {
    let (set, problems) = RuleSet::load(builtin());
    assert!(problems.is_empty(), "{problems:#?}");
    set
}

#[test]
fn every_file_is_embedded() {
    let stem =
        |file: &RuleFile| file.path.trim_start_matches("content/rules/").trim_end_matches(".yml").to_owned();
    let listed: BTreeSet<String> = builtin().iter().map(stem).collect();
    assert_eq!(listed, names(FOLDER, ".yml"));
    for file in builtin() {
        assert_eq!(file.text, std::fs::read_to_string(format!("{FOLDER}/{}.yml", stem(&file))).unwrap());
    }
}

#[test]
fn every_rule_says_what_people_need() {
    let set = shipped();
    let reported: Vec<_> = set.rules().iter().filter(|rule| rule.reported).collect();
    assert!(set.len() >= 60 && reported.len() >= 50, "{} {}", set.len(), reported.len());
    let provided = wardkeep_events::logsource::shipped().logsources();
    for rule in set.rules() {
        assert!(
            rule.id.len() == 36 && rule.status == Status::Test && rule.author == "Wardkeep",
            "{}",
            rule.title
        );
        assert!(rule.level != Severity::Unknown, "{}", rule.title);
    }
    assert!(set.blind(&provided).is_empty());
    for rule in reported {
        assert!(!rule.description.is_empty() && !rule.falsepositives.is_empty(), "{}", rule.title);
        assert!(!rule.techniques.is_empty() && !rule.tactics.is_empty(), "{}", rule.title);
    }
    println!("{} rules in {} files", set.len(), builtin().len());
}

#[test]
fn every_rule_is_proven_by_its_samples() {
    let set = shipped();
    assert_eq!(
        names(FOLDER, ".yml"),
        names(&format!("{FOLDER}/tests"), ".yaml"),
        "each rule file has a sample file"
    );
    let mut by_file: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in set.rules() {
        by_file.entry(&rule.path).or_default().push(&rule.id);
    }
    let mut failed = Vec::new();
    for (path, rules) in by_file {
        let stem = path.trim_start_matches("content/rules/").trim_end_matches(".yml");
        let text = std::fs::read_to_string(format!("{FOLDER}/tests/{stem}.yaml")).unwrap();
        let samples = Samples::parse(&text).unwrap_or_else(|error| panic!("{stem}: {error}"));
        let wrong = samples.check(&set, &rules, &wardkeep_events::classify);
        failed.extend(wrong.into_iter().map(|wrong| format!("{stem}: {wrong}")));
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Two calls removed a trail, four were refused.
#[test]
fn a_stopped_trail_is_found_and_refused_calls_are_not() {
    let Some(logs) = data("logs/aws-cloudtrail") else { return };
    let events = read_events(&common::files(&logs, &[".json", ".json.gz"]));
    let calls = |set: &RuleSet, id: &str| {
        let mut engine = Engine::new(set);
        let mut hits = Vec::new();
        events.iter().for_each(|event| engine.push(event, &mut hits));
        engine.finish(&mut hits);
        let of_rule = hits.iter().filter(|hit| *set.rules()[hit.rule].id == *id);
        let event = |hit: &wardkeep_detect::Hit| events.iter().find(|e| e.id == hit.events[0]).unwrap();
        let calls: Vec<_> =
            of_rule.map(|hit| (event(hit).text("eventName"), event(hit).text("errorCode"))).collect();
        let mut titles: BTreeMap<String, usize> = BTreeMap::new();
        for hit in &hits {
            *titles.entry(set.rules()[hit.rule].title.to_string()).or_default() += 1;
        }
        (calls, titles)
    };
    let set = shipped();
    let ours =
        set.rules().iter().find(|rule| rule.path.ends_with("aws_trail_stopped.yml")).unwrap().id.clone();
    let (calls_of_ours, titles) = calls(&set, &ours);
    println!("{} CloudTrail events; our rules: {titles:#?}", events.len());
    let two = vec![(Some("DeleteTrail".to_owned()), None); 2];
    assert_eq!(calls_of_ours, two);
    let Some(sigma) = data("detection/sigma/rules/cloud/aws/cloudtrail/aws_cloudtrail_disable_logging.yml")
    else {
        return;
    };
    let public = RuleFile::new("public.yml", std::fs::read_to_string(sigma).unwrap());
    let id = "4db60cc0-36fb-42b7-9b58-a5b53019fb74";
    let (set, _) = RuleSet::load([public.clone()]);
    // As published the rule does not look at the outcome of the call.
    assert_eq!(calls(&set, id).0.len(), 6);
    let filter = format!(
        "title: Refused calls\nlogsource: {{product: aws, service: cloudtrail}}\nfilter:\n  rules: ['{id}']\n  refused:\n    errorCode|exists: true\n  condition: not refused\n"
    );
    let (set, problems) = RuleSet::load([public, RuleFile::new("filter.yml", filter)]);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(calls(&set, id).0, two);
}
