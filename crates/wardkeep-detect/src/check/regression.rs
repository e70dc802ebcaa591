//! Tests that come with public rules, in the layout of SigmaHQ's `regression_data`: a folder a rule, with `info.yml`
//! that names the rule, the recorded events and how many of them must match.

use crate::bounds;
use crate::engine::Engine;
use crate::load::RuleSet;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use wardkeep_types::event::Event;

/// How the tests of a folder came out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Regression {
    /// Tests found.
    pub cases: usize,
    /// Tests whose events fired the rule.
    pub fired: usize,
    /// Tests that failed, each with why.
    pub missed: Vec<Missed>,
    /// Tests that fired on another number of events than is written down: rule, events that matched, events wanted.
    pub other_count: Vec<(String, usize, usize)>,
}

/// A test that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// The rule's id.
    pub rule: String,
    /// The rule's title as the test states it.
    pub title: String,
    /// The test's file.
    pub file: String,
    /// Why.
    pub reason: String,
}

#[derive(Deserialize)]
struct Info {
    rule_metadata: Vec<Named>,
    #[serde(default)]
    regression_tests_info: Vec<Test>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    #[serde(default)]
    title: String,
}

#[derive(Deserialize)]
struct Test {
    #[serde(default)]
    match_count: Option<usize>,
    #[serde(default)]
    path: Option<PathBuf>,
}

/// Folders followed downwards.
const DEPTH: usize = 32;

/// Runs every test below `folder`. `read` reads a file of events, with log sources filled; its error is shown.
pub fn regression(
    folder: &Path,
    set: &RuleSet,
    read: &mut dyn FnMut(&Path) -> Result<Vec<Event>, String>,
) -> io::Result<Regression> {
    let mut infos = Vec::new();
    find(folder, 0, &mut infos)?;
    infos.sort();
    let mut all = Regression::default();
    for file in infos {
        let text = std::fs::read_to_string(&file)?;
        let shown = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().into_owned();
        let info = bounds::check(&text)
            .and_then(|()| serde_yaml_ng::from_str::<Info>(&text).map_err(|e| e.to_string()));
        let info = match info {
            Ok(info) => info,
            Err(reason) => {
                all.cases += 1;
                all.missed.push(Missed { rule: String::new(), title: String::new(), file: shown, reason });
                continue;
            }
        };
        for test in &info.regression_tests_info {
            one(&mut all, set, &info.rule_metadata, test, &file, &shown, read);
        }
    }
    Ok(all)
}

fn one(
    all: &mut Regression,
    set: &RuleSet,
    rules: &[Named],
    test: &Test,
    file: &Path,
    shown: &str,
    read: &mut dyn FnMut(&Path) -> Result<Vec<Event>, String>,
) {
    all.cases += 1;
    let rule = rules.first();
    let outcome = rule.ok_or_else(|| "the test names no rule".to_owned()).and_then(|rule| {
        let place = set.rules().iter().position(|known| known.id.eq_ignore_ascii_case(&rule.id));
        let place = place.ok_or("the rule is not among those loaded, or could not be compiled")?;
        let path = events_of(test, file).ok_or("the file of events is missing")?;
        let events = read(&path)?;
        let mut engine = Engine::new(set);
        let matched = events.iter().filter(|event| engine.fired(event).contains(&(place as u32))).count();
        Ok((matched, events.len(), place))
    });
    let name = rule.map(|rule| rule.id.clone()).unwrap_or_default();
    let reason = match outcome {
        Ok((0, events, place)) => {
            let rule = &set.rules()[place];
            if rule.unset_placeholders.is_empty() {
                format!("none of {events} events fires the rule; `rule explain` shows which part differs")
            } else {
                format!("the rule waits for the lists of {}", rule.unset_placeholders.join(", "))
            }
        }
        Ok((matched, ..)) => {
            all.fired += 1;
            if let Some(wanted) = test.match_count.filter(|wanted| *wanted != matched) {
                all.other_count.push((name, matched, wanted));
            }
            return;
        }
        Err(reason) => reason,
    };
    let title = rule.map(|rule| rule.title.clone()).unwrap_or_default();
    all.missed.push(Missed { rule: name, title, file: shown.to_owned(), reason });
}

/// The recorded events: beside the test, or where the path leads from a folder above it.
fn events_of(test: &Test, file: &Path) -> Option<PathBuf> {
    let path = test.path.as_deref()?;
    let plain = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let beside = path.file_name().map(|name| file.with_file_name(name));
    let above = file.ancestors().skip(1).filter(|_| plain).map(|folder| folder.join(path));
    beside.into_iter().chain(above).find(|path| path.is_file())
}

fn find(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if depth > DEPTH {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            find(&entry.path(), depth + 1, found)?;
        } else if kind.is_file() && matches!(entry.file_name().to_str(), Some("info.yml" | "info.yaml")) {
            found.push(entry.path());
        }
    }
    Ok(())
}
