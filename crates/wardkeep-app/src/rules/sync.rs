//! Bringing rules in: what ships with Wardkeep, folders, checkouts, and what people write.

use super::{hash_of, kept_file};
use crate::assess::{id_for, line, tactic_id, text};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use std::collections::{HashMap, HashSet};
use wardkeep_detect::{Logic, Rule, RuleFile, RuleProblem, RuleSet, Samples, shipped_samples};
use wardkeep_register::Value;
use wardkeep_store::{Cell, cells};
use wardkeep_types::limits::BATCH_ROWS;
use wardkeep_types::{Id, Problem};

/// Rules that arrive together.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The files.
    pub files: Vec<RuleFile>,
    /// `ours`, `folder`, `git` or `hand`.
    pub source: &'static str,
    /// The folder or checkout, with its commit.
    pub origin: Option<String>,
    /// The stage that new rules get: `active` for what ships proven and for folders that somebody chose to run,
    /// `draft` otherwise. The stage of known rules never changes.
    pub stage: &'static str,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synced {
    /// Rules that are new.
    pub added: u64,
    /// Rules whose text differs from before.
    pub changed: u64,
    /// Rules that were known as they are.
    pub same: u64,
    /// Records of the rules that are new or changed.
    pub records: Vec<Id>,
    /// What could not be used, or is doubtful.
    pub problems: Vec<Problem>,
}

/// Setting: hash over what this program ships, to see at a start that nothing is new.
const SHIPPED: &str = "rules_shipped";

impl App {
    /// Makes sure that the rules which this program ships are registered. Nothing is written when they are.
    pub async fn sync_shipped_rules(&self, ctx: &Ctx, unit: Id) -> Result<Synced, Error> {
        let files = wardkeep_detect::builtin();
        let all = hash_of(&files.iter().map(|file| hash_of(&file.text)).collect::<String>());
        if self.setting(SHIPPED).await?.as_deref() == Some(&all) {
            return Ok(Synced { same: files.len() as u64, ..Synced::default() });
        }
        let arrival = Arrival { files, source: "ours", origin: None, stage: "active" };
        let synced = self.sync_rules(ctx, unit, arrival).await?;
        self.set_setting(SHIPPED, Some(&all)).await?;
        Ok(synced)
    }

    /// Registers the rules of a folder or file; new ones get that stage.
    pub async fn sync_folder(
        &self,
        ctx: &Ctx,
        unit: Id,
        folder: &std::path::Path,
        stage: &'static str,
    ) -> Result<Synced, Error> {
        let (files, told) = super::read_folder(folder);
        let commit = super::files::commit_of(folder);
        let shown = folder.display().to_string();
        let (source, origin) = match commit {
            Some(commit) => ("git", format!("{shown} at {}", &commit[..12.min(commit.len())])),
            None => ("folder", shown),
        };
        let mut synced =
            self.sync_rules(ctx, unit, Arrival { files, source, origin: Some(origin), stage }).await?;
        synced.problems.extend(told);
        Ok(synced)
    }

    /// Registers rules. Files that are known as they are cost a look-up; records are written for new and changed
    /// rules only, in large batches. A rule that people wrote here is never overwritten by a file.
    pub async fn sync_rules(&self, ctx: &Ctx, unit: Id, arrival: Arrival) -> Result<Synced, Error> {
        let known = self.rule_rows("", vec![]).await?;
        let hashes: HashSet<&str> = known.iter().filter_map(|row| row.hash.as_deref()).collect();
        let mut synced = Synced::default();
        let fresh: HashSet<String> = {
            let all = arrival.files.iter().map(|file| hash_of(&file.text));
            all.filter(|hash| !hashes.contains(hash.as_str())).collect()
        };
        if fresh.is_empty() {
            synced.same = arrival.files.len() as u64;
            return Ok(synced);
        }
        // All of them are compiled together: a correlation may watch a rule of another file.
        let (files, source) = (arrival.files.clone(), arrival.source);
        let (set, problems) = tokio::task::spawn_blocking(move || {
            RuleSet::load(files.into_iter().map(|f| kept_file(&f.path, f.text, source)))
        })
        .await
        .map_err(Error::fault)?;
        synced.problems.extend(problems.iter().map(Problem::from));
        let texts: HashMap<&str, &str> =
            arrival.files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
        let known: HashMap<String, _> = known.iter().map(|row| (row.rule_id.to_lowercase(), row)).collect();
        let passed = if arrival.source == "ours" { proven(&set) } else { HashSet::new() };
        let schema = App::schema("rule")?;
        let (mut proposals, mut extra) = (Vec::new(), Vec::new());
        let mut kept = HashSet::new();
        for rule in set.rules() {
            let Some(text) = texts.get(&*rule.path) else { continue };
            let hash = hash_of(text);
            let old = known.get(&*rule.id);
            if !fresh.contains(&hash) || old.is_some_and(|old| old.hash.as_deref() == Some(&hash)) {
                synced.same += 1;
                continue;
            }
            if let Some(old) = old.filter(|old| old.source == "hand" && arrival.source != "hand") {
                let message = format!("{} was written here and is not replaced by this file", old.reference);
                let hint = "give one of the two another id";
                synced.problems.push(Problem::new(&*rule.path, "written_here", message).hint(hint));
                continue;
            }
            let mut edits = edits_of(rule, &arrival, &hash, &problems);
            if passed.contains(&*rule.id) {
                edits.insert("tested_text".into(), Value::text(&hash));
                edits.insert("tested_at".into(), Value::Moment(ctx.now));
                edits.insert("test_result".into(), Value::Choice("passed".into()));
            }
            if kept.insert(hash.clone()) {
                extra.push(keep_text(&hash, text));
            }
            let proposal = match old {
                Some(old) => {
                    let before = old.hash.as_deref().map_or(Value::Empty, Value::text);
                    edits.insert("text_before".into(), before);
                    synced.changed += 1;
                    synced.records.push(old.id);
                    Proposal::change(schema, old.id, None, edits).worked_out().because(reason(&arrival))
                }
                None => {
                    synced.added += 1;
                    let id = id_for("rule", &rule.id);
                    synced.records.push(id);
                    Proposal::add_at(schema, id, unit, edits, arrival.stage)
                        .worked_out()
                        .because(reason(&arrival))
                }
            };
            proposals.push(proposal);
        }
        // Texts first: a record never names a text that is not there.
        for chunk in extra.chunks(BATCH_ROWS) {
            self.write_batch(ctx, vec![], chunk.to_vec()).await?;
        }
        for chunk in proposals.chunks(BATCH_ROWS) {
            self.write_batch(ctx, chunk.to_vec(), vec![]).await?;
        }
        Ok(synced)
    }
}

fn reason(arrival: &Arrival) -> String {
    match (arrival.source, &arrival.origin) {
        ("ours", _) => "shipped with this version of Wardkeep".to_owned(),
        (_, Some(origin)) => format!("read from {}", line(origin)),
        _ => "its text was written".to_owned(),
    }
}

/// The statement that keeps a text.
pub(crate) fn keep_text(hash: &str, text: &str) -> (String, Vec<Cell>) {
    let sql = "INSERT INTO rule_text (hash, body) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
    (sql.to_owned(), cells![hash, text])
}

/// The fields of a record that follow from a rule.
pub(crate) fn edits_of(rule: &Rule, arrival: &Arrival, hash: &str, problems: &[RuleProblem]) -> Edits {
    let maybe = |said: &str| if said.is_empty() { Value::Empty } else { Value::text(&line(said)) };
    let refused: Vec<String> = problems
        .iter()
        .filter(|p| {
            p.refused
                && *p.file == *rule.path
                && matches!(rule.logic, Logic::Detection(ref n) if is_nothing(n))
        })
        .map(|p| format!("line {}: {}. {}", p.line, p.message, p.remedy))
        .collect();
    let mut tactics: Vec<&str> = rule.tactics.iter().filter_map(|t| tactic_id(t)).collect();
    tactics.dedup();
    Edits::from([
        ("name".into(), Value::text(&line(&rule.title))),
        ("rule_id".into(), Value::text(&line(&rule.id))),
        ("level".into(), Value::Choice(rule.level.key().into())),
        ("source".into(), Value::Choice(arrival.source.into())),
        ("description".into(), Value::text(&text(&rule.description))),
        ("file".into(), maybe(&rule.path)),
        ("origin".into(), arrival.origin.as_deref().map_or(Value::Empty, maybe)),
        ("log_source".into(), maybe(&super::sight::said(&rule.logsource))),
        ("tactics".into(), maybe(&tactics.join(", "))),
        ("techniques".into(), maybe(&rule.techniques.join(", "))),
        ("text_hash".into(), Value::text(hash)),
        (
            "refused".into(),
            if refused.is_empty() { Value::Empty } else { Value::text(&text(&refused.join("\n"))) },
        ),
    ])
}

/// A correlation that could not be linked looks for nothing.
fn is_nothing(node: &wardkeep_detect::ir::Node) -> bool {
    matches!(node, wardkeep_detect::ir::Node::Any(parts) if parts.is_empty())
}

/// The shipped rules whose samples come out as written, found by running them.
fn proven(set: &RuleSet) -> HashSet<String> {
    let mut by_file: HashMap<&str, Vec<&str>> = HashMap::new();
    for rule in set.rules() {
        by_file.entry(&rule.path).or_default().push(&rule.id);
    }
    let mut passed = HashSet::new();
    for (path, ids) in by_file {
        let Some(samples) = shipped_samples(path).and_then(|text| Samples::parse(text).ok()) else {
            continue;
        };
        if samples.check(set, &ids, &wardkeep_events::classify).is_empty() {
            passed.extend(ids.into_iter().map(str::to_owned));
        }
    }
    passed
}
