//! What a rule would have found in stored events, seen before it is made active (DE-4).

use crate::hunt::Hunt;
use crate::load::RuleSet;
use crate::rule::Logic;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use wardkeep_types::Date;
use wardkeep_types::columns::Columns;
use wardkeep_types::event::EventId;

/// Distinct values counted for one field; more would say little and cost memory.
const COUNTED: usize = 100_000;
/// Values shown of one field.
const SHOWN: usize = 10;
/// Events named as examples.
const EXAMPLES: usize = 20;

/// A rule run over history, batch by batch.
#[derive(Debug)]
pub struct DryRun<'s> {
    set: &'s RuleSet,
    rule: usize,
    fields: Vec<Arc<str>>,
    counts: HashMap<Arc<str>, HashMap<String, u64>>,
    report: DryRunReport,
}

/// What a dry run found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRunReport {
    /// Events read.
    pub events: u64,
    /// Events of the rule's log source.
    pub looked_at: u64,
    /// Events that fire the rule.
    pub hits: u64,
    /// Hits of each day, UTC, days without events left out and days without hits named.
    pub per_day: BTreeMap<String, u64>,
    /// For each field that the rule looks at, and host and user: the values that hits have most often.
    pub top: Vec<(String, Vec<TopValue>)>,
    /// Some events that fire it.
    pub examples: Vec<String>,
}

/// A value and how many hits have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopValue {
    /// The value as text.
    pub value: String,
    /// Hits that have it.
    pub hits: u64,
}

impl<'s> DryRun<'s> {
    /// For the rule at that place; `None` for a correlation, which looks at hits of other rules.
    pub fn new(set: &'s RuleSet, rule: usize) -> Option<Self> {
        let Logic::Detection(node) = &set.rules().get(rule)?.logic else { return None };
        let mut fields: Vec<Arc<str>> = vec!["wardkeep.host".into(), "wardkeep.user".into()];
        node.atoms(&mut |atom| {
            if let Some(field) = &atom.field
                && !fields.contains(&field.name)
            {
                fields.push(field.name.clone());
            }
        });
        Some(Self { set, rule, fields, counts: HashMap::new(), report: DryRunReport::default() })
    }
    /// The fields that the rule looks at, and the entities.
    pub fn wanted(&self) -> Vec<Arc<str>> {
        self.fields.clone()
    }
    /// Whether the rule looks at a field: others need not be read.
    pub fn wants(&self, field: &str) -> bool {
        self.fields.iter().any(|wanted| **wanted == *field)
    }
    /// Whether the rule has keywords, which are looked for in all fields.
    pub fn has_keywords(&self) -> bool {
        let mut found = false;
        if let Logic::Detection(node) = &self.set.rules()[self.rule].logic {
            node.atoms(&mut |atom| found |= atom.field.is_none());
        }
        found
    }
    /// Adds a batch of history.
    pub fn add(&mut self, columns: &Columns) {
        let rule = &self.set.rules()[self.rule];
        let taken: Vec<bool> =
            columns.sets.iter().map(|set| set.iter().any(|from| rule.takes(from))).collect();
        self.report.events += columns.rows as u64;
        for (row, at) in columns.at.iter().enumerate() {
            self.report.looked_at += u64::from(taken[columns.set_of[row] as usize]);
            self.report.per_day.entry(at.date().to_string()).or_default();
        }
        let pairs = Hunt::of(self.set, |at| at == self.rule).run(columns);
        self.report.hits += pairs.len() as u64;
        for (_, row) in pairs {
            let row = row as usize;
            let day: Date = columns.at[row].date();
            *self.report.per_day.entry(day.to_string()).or_default() += 1;
            if self.report.examples.len() < EXAMPLES {
                let id: EventId = columns.ids[row];
                self.report.examples.push(id.to_string());
            }
            for field in &self.fields {
                let column = [columns.fields.get(field), columns.entities.get(field)];
                let Some(value) = column.into_iter().flatten().find_map(|column| column.get(row)) else {
                    continue;
                };
                let counts = self.counts.entry(field.clone()).or_default();
                let text = value.to_string();
                if counts.len() < COUNTED || counts.contains_key(&text) {
                    *counts.entry(text).or_default() += 1;
                }
            }
        }
    }
    /// What was found.
    pub fn finish(mut self) -> DryRunReport {
        for field in &self.fields {
            let Some(counts) = self.counts.remove(field) else { continue };
            let mut values: Vec<TopValue> =
                counts.into_iter().map(|(value, hits)| TopValue { value, hits }).collect();
            values.sort_by(|a, b| b.hits.cmp(&a.hits).then_with(|| a.value.cmp(&b.value)));
            values.truncate(SHOWN);
            self.report.top.push((field.to_string(), values));
        }
        self.report
    }
}
