//! What the tests share.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkeep_detect::{Engine, Hit, Logic, RuleFile, RuleProblem, RuleSet};
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, EventId, FieldValue, LogSource};

/// Fields from JSON: nested objects by dotted names, values of arrays gathered under one name.
pub fn flatten(prefix: &str, value: &serde_json::Value, event: &mut Event) {
    use serde_json::Value as V;
    let scalar = match value {
        V::Object(members) => {
            for (name, member) in members {
                let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&name, member, event);
            }
            return;
        }
        V::Array(items) => {
            let list = items.iter().map(|item| serde_json::from_value(item.clone()).unwrap()).collect();
            FieldValue::List(list)
        }
        other => serde_json::from_value(other.clone()).unwrap(),
    };
    event.fields.insert(prefix.into(), scalar);
}

/// An event of a dialect with these fields, log sources not yet filled.
pub fn event(dialect: Dialect, number: u32, json: &serde_json::Value) -> Event {
    let raw = json.to_string();
    let mut event = Event::new(dialect, Arc::from("test"), number.into(), raw.as_str());
    event.id = EventId::of("test", raw.as_bytes(), number);
    flatten("", json, &mut event);
    event
}

/// An event of the log source `product: test`.
pub fn plain(number: u32, json: &serde_json::Value) -> Event {
    let mut event = event(Dialect::Json, number, json);
    event.logsources = [LogSource { product: Some("test".into()), ..LogSource::default() }].into();
    event
}

pub fn at(mut event: Event, seconds: i64) -> Event {
    event.at = Moment::EPOCH.plus_seconds(seconds);
    event
}

pub fn load(text: &str) -> (RuleSet, Vec<RuleProblem>) {
    RuleSet::load([RuleFile::new("rule.yml", text)])
}

/// Runs events through a set, from the first to the end.
pub fn run(set: &RuleSet, events: &[Event]) -> Vec<Hit> {
    let mut engine = Engine::new(set);
    let mut hits = Vec::new();
    events.iter().for_each(|event| engine.push(event, &mut hits));
    engine.finish(&mut hits);
    hits
}

/// Whether a detection fires on fields.
pub fn fires(detection: &str, json: &serde_json::Value) -> bool {
    let text = format!("title: t\nlogsource:\n  product: test\ndetection:\n{detection}");
    let (set, problems) = load(&text);
    assert!(problems.is_empty(), "{detection}: {problems:?}");
    let event = plain(1, json);
    let fired = !run(&set, std::slice::from_ref(&event)).is_empty();
    let explained = wardkeep_detect::explain(&set.rules()[0], &event);
    assert_eq!(explained.fires, fired, "explanation and engine differ: {detection} {json}");
    fired
}

pub fn is_detection(logic: &Logic) -> bool {
    matches!(logic, Logic::Detection(_))
}

/// The shared test data, or a reason to skip.
pub fn data(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("WARDKEEP_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
    println!("skipped: {} is missing", path.display());
    None
}

/// All files below a folder whose names end so, sorted.
pub fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every public rule of the shared data.
pub fn sigma_rules(root: &Path) -> Vec<RuleFile> {
    let mut rules = Vec::new();
    for folder in
        ["rules", "rules-compliance", "rules-emerging-threats", "rules-placeholder", "rules-threat-hunting"]
    {
        for path in files(&root.join(folder), &[".yml", ".yaml"]) {
            let text = std::fs::read_to_string(&path).unwrap();
            rules.push(RuleFile::new(path.strip_prefix(root).unwrap().to_string_lossy(), text));
        }
    }
    rules
}

/// Reads files with the readers of `wardkeep-intake` and fills log sources.
pub fn read_events(paths: &[PathBuf]) -> Vec<Event> {
    let mut out = wardkeep_intake::Collected::default();
    for path in paths {
        let source = wardkeep_intake::Source::file(path, path.to_string_lossy()).unwrap();
        if let Err(refusal) = wardkeep_intake::read(source, &wardkeep_intake::Options::default(), &mut out) {
            println!("{}: {refusal}", path.display());
        }
    }
    out.events.iter_mut().for_each(wardkeep_events::classify);
    out.events
}
