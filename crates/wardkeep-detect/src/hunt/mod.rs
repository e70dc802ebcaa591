//! The columnar matcher (DE-1): rules over stored events. Each distinct value is looked at once; rules are evaluated
//! on bits, a block of events at a time. It runs the same plans as the streaming matcher.

mod block;
mod keywords;
mod row;

use crate::load::RuleSet;
use crate::matcher::Plan;
use crate::route::Routes;
use crate::rule::Logic;
use block::Block;
use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_types::columns::Columns;
use wardkeep_types::event::LogSource;

/// Events evaluated at a time.
const BLOCK: usize = 4_096;

/// Runs rules over columns.
#[derive(Debug)]
pub struct Hunt<'s> {
    set: &'s RuleSet,
    routes: Routes,
}

impl<'s> Hunt<'s> {
    /// For all rules of a set that look at single events.
    pub fn new(set: &'s RuleSet) -> Self {
        Self::of(set, |_| true)
    }
    /// For the rules at the places that `wanted` chooses.
    pub fn of(set: &'s RuleSet, wanted: impl Fn(usize) -> bool) -> Self {
        let rules =
            set.rules.iter().enumerate().filter(|(at, rule)| {
                wanted(*at) && rule.runnable() && matches!(rule.logic, Logic::Detection(_))
            });
        Self { set, routes: Routes::new(rules.map(|(at, rule)| (at as u32, rule.logsource.clone()))) }
    }

    /// Gets ready for events of these sets of log sources.
    pub fn prepare<'l>(&mut self, sets: impl IntoIterator<Item = &'l [LogSource]>) {
        let program = self.set.program();
        for set in sets {
            program.plan(&self.routes.rules(set));
        }
    }

    /// Every pair of rule and row that holds, by row and then by rule.
    pub fn run(&mut self, columns: &Columns) -> Vec<(u32, u32)> {
        let mut rows: HashMap<Arc<[u32]>, Vec<u32>> = HashMap::new();
        let of_set: Vec<Arc<[u32]>> = columns.sets.iter().map(|set| self.routes.rules(set)).collect();
        let mut by_rules: Vec<Vec<u32>> = vec![Vec::new(); of_set.len()];
        for (row, set) in (0_u32..).zip(&columns.set_of) {
            by_rules[*set as usize].push(row);
        }
        for (rules, more) in of_set.into_iter().zip(by_rules) {
            if !rules.is_empty() && !more.is_empty() {
                rows.entry(rules).or_default().extend(more);
            }
        }
        let mut pairs = Vec::new();
        let program = self.set.program();
        let plans: Vec<(Arc<Plan>, Vec<u32>)> =
            rows.into_iter().map(|(rules, rows)| (program.plan(&rules), rows)).collect();
        let searched = plans.iter().filter_map(|(plan, rows)| Some((plan.anywhere.as_ref()?, &rows[..])));
        let keywords = keywords::find(searched, columns);
        for (plan, mut rows) in plans {
            rows.sort_unstable();
            let mut block = Block::new(&plan, columns, &self.set.fields, &keywords, rows.len());
            for rows in rows.chunks(BLOCK) {
                block.run(rows, &mut pairs);
            }
        }
        pairs.sort_unstable_by_key(|(rule, row)| (*row, *rule));
        pairs
    }
}
