//! What each rule costs.

use crate::hunt::Hunt;
use crate::load::RuleSet;
use crate::rule::Logic;
use serde::Serialize;
use std::time::Duration;
use wardkeep_types::columns::Columns;

/// What one rule costs on the events measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCost {
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// Events of its log source.
    pub events: u64,
    /// Events that fire it.
    pub hits: u64,
    /// Time for the rule alone.
    pub took: Duration,
}

/// Runs every rule alone over stored events; the dearest come first. `now` tells the processor time spent so far: this
/// crate reads no clock of its own.
pub fn cost(set: &RuleSet, columns: &Columns, now: &dyn Fn() -> Duration) -> Vec<RuleCost> {
    let mut all = Vec::new();
    for (at, rule) in set.rules().iter().enumerate() {
        if !rule.runnable() || !matches!(rule.logic, Logic::Detection(_)) {
            continue;
        }
        let taken: Vec<bool> =
            columns.sets.iter().map(|set| set.iter().any(|from| rule.takes(from))).collect();
        let events = columns.set_of.iter().filter(|set| taken[**set as usize]).count() as u64;
        let begun = now();
        let hits = if events == 0 { 0 } else { Hunt::of(set, |place| place == at).run(columns).len() as u64 };
        let took = now().saturating_sub(begun);
        all.push(RuleCost { rule: rule.id.to_string(), title: rule.title.to_string(), events, hits, took });
    }
    all.sort_by(|a, b| b.took.cmp(&a.took).then_with(|| a.rule.cmp(&b.rule)));
    all
}
