//! The instant answer: greedy by reduction per cost, then add, drop and swap until nothing helps.

use super::Budget;
use serde::{Deserialize, Serialize};

/// A set of choices and what it leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// One flag per choice.
    pub chosen: Vec<bool>,
    /// What is left of the loss (and yearly cost, when counted).
    pub left: f64,
}

impl Plan {
    /// Ids of what is bought.
    pub fn ids<'a>(&self, budget: &'a Budget) -> Vec<&'a str> {
        budget.choices.iter().zip(&self.chosen).filter(|(_, on)| **on).map(|(c, _)| c.id.as_str()).collect()
    }
}

/// The state of a search: what is left per scenario, so that one marginal costs one pass over the scenarios.
struct State<'a> {
    budget: &'a Budget,
    chosen: Vec<bool>,
    left: Vec<f64>,
}

impl<'a> State<'a> {
    fn new(budget: &'a Budget, chosen: Vec<bool>) -> Self {
        let mut left = budget.losses.clone();
        for (choice, _) in budget.choices.iter().zip(&chosen).filter(|(_, on)| **on) {
            for (s, l) in left.iter_mut().enumerate() {
                *l *= 1.0 - choice.e(s);
            }
        }
        Self { budget, chosen, left }
    }
    fn running(&self, k: usize) -> f64 {
        if self.budget.count_yearly { self.budget.choices[k].yearly } else { 0.0 }
    }
    /// How much the objective falls when `k` is added.
    fn gain(&self, k: usize) -> f64 {
        let choice = &self.budget.choices[k];
        let stopped: f64 = self.left.iter().enumerate().map(|(s, l)| l * choice.e(s)).sum();
        stopped - self.running(k)
    }
    /// How much the objective rises when `k` is dropped.
    fn cost_of_dropping(&self, k: usize) -> f64 {
        let choice = &self.budget.choices[k];
        let more: f64 =
            self.left.iter().enumerate().map(|(s, l)| l * choice.e(s) / (1.0 - choice.e(s))).sum();
        more - self.running(k)
    }
    fn set(&mut self, k: usize, on: bool) {
        self.chosen[k] = on;
        *self = Self::new(self.budget, std::mem::take(&mut self.chosen));
    }
    fn allowed_with(&mut self, changes: &[(usize, bool)]) -> bool {
        let before: Vec<bool> = changes.iter().map(|(k, _)| self.chosen[*k]).collect();
        changes.iter().for_each(|(k, on)| self.chosen[*k] = *on);
        let fine = self.budget.allowed(&self.chosen);
        changes.iter().zip(before).for_each(|((k, _), on)| self.chosen[*k] = on);
        fine
    }
    fn plan(self) -> Plan {
        let left = self.budget.objective(&self.chosen);
        Plan { chosen: self.chosen, left }
    }
}

/// What is mandated with its prerequisites; `None` when that alone breaks a limit.
fn mandated(budget: &Budget) -> Option<Vec<bool>> {
    let mut chosen: Vec<bool> = budget.choices.iter().map(|c| c.mandated).collect();
    loop {
        let missing = budget
            .choices
            .iter()
            .zip(&chosen)
            .filter(|(_, on)| **on)
            .find_map(|(c, _)| c.needs.iter().filter_map(|id| budget.index(id)).find(|i| !chosen[*i]));
        match missing {
            Some(i) => chosen[i] = true,
            None => break,
        }
    }
    budget.allowed(&chosen).then_some(chosen)
}

/// Adds the choice with the best reduction per cost that still fits, again and again. `None` when what is
/// mandated does not fit.
pub fn greedy(budget: &Budget) -> Option<Plan> {
    let mut state = State::new(budget, mandated(budget)?);
    loop {
        let mut best: Option<(f64, usize)> = None;
        for k in 0..budget.choices.len() {
            if state.chosen[k] {
                continue;
            }
            let gain = state.gain(k);
            let choice = &budget.choices[k];
            let cost = (choice.once + choice.yearly).max(1e-12);
            let ratio = gain / cost;
            if gain > 0.0 && best.is_none_or(|(most, _)| ratio > most) && state.allowed_with(&[(k, true)]) {
                best = Some((ratio, k));
            }
        }
        match best {
            Some((_, k)) => state.set(k, true),
            None => return Some(state.plan()),
        }
    }
}

/// Moves: add one, drop one, swap one for one or one for two, while the objective falls.
pub fn improve(budget: &Budget, start: Plan) -> Plan {
    let mut state = State::new(budget, start.chosen);
    let mut now = start.left;
    let n = budget.choices.len();
    for _ in 0..10 * n.max(1) {
        let slack = 1e-12 * now.abs().max(1.0);
        let mut best: Option<(f64, Vec<(usize, bool)>)> = None;
        let consider = |state: &mut State<'_>,
                        delta: f64,
                        moves: Vec<(usize, bool)>,
                        best: &mut Option<(f64, Vec<_>)>| {
            if delta < -slack
                && best.as_ref().is_none_or(|(least, _)| delta < *least)
                && state.allowed_with(&moves)
            {
                *best = Some((delta, moves));
            }
        };
        let on: Vec<usize> = (0..n).filter(|k| state.chosen[*k]).collect();
        let off: Vec<usize> = (0..n).filter(|k| !state.chosen[*k]).collect();
        for &k in &off {
            let delta = -state.gain(k);
            consider(&mut state, delta, vec![(k, true)], &mut best);
        }
        for &out in &on {
            let rise = state.cost_of_dropping(out);
            consider(&mut state, rise, vec![(out, false)], &mut best);
            let mut without: Vec<f64> = state.left.clone();
            for (s, l) in without.iter_mut().enumerate() {
                *l /= 1.0 - budget.choices[out].e(s);
            }
            for &k in &off {
                let gain: f64 = without.iter().enumerate().map(|(s, l)| l * budget.choices[k].e(s)).sum();
                let delta = rise - gain + state.running(k);
                consider(&mut state, delta, vec![(out, false), (k, true)], &mut best);
            }
        }
        if best.is_none() {
            best = exchange_two(&mut state, &on, &off, slack);
        }
        match best {
            Some((_, moves)) => {
                moves.into_iter().for_each(|(k, on)| state.chosen[k] = on);
                state = State::new(budget, std::mem::take(&mut state.chosen));
                now = budget.objective(&state.chosen);
            }
            None => break,
        }
    }
    state.plan()
}

/// One out for two in, and two out for one in: only when nothing smaller helps, and on small sets.
fn exchange_two(
    state: &mut State<'_>,
    on: &[usize],
    off: &[usize],
    slack: f64,
) -> Option<(f64, Vec<(usize, bool)>)> {
    if on.len() * off.len() * (on.len() + off.len()) > 40_000 {
        return None;
    }
    let budget = state.budget;
    let now = budget.objective(&state.chosen);
    let mut best: Option<(f64, Vec<(usize, bool)>)> = None;
    let mut consider = |state: &mut State<'_>, moves: Vec<(usize, bool)>| {
        moves.iter().for_each(|(k, v)| state.chosen[*k] = *v);
        let delta = budget.objective(&state.chosen) - now;
        if delta < -slack
            && best.as_ref().is_none_or(|(least, _)| delta < *least)
            && budget.allowed(&state.chosen)
        {
            best = Some((delta, moves.clone()));
        }
        moves.iter().for_each(|(k, v)| state.chosen[*k] = !*v);
    };
    for &out in on {
        for (i, &a) in off.iter().enumerate() {
            for &b in &off[i + 1..] {
                consider(state, vec![(out, false), (a, true), (b, true)]);
            }
        }
    }
    for (i, &out) in on.iter().enumerate() {
        for &also in &on[i + 1..] {
            for &a in off {
                consider(state, vec![(out, false), (also, false), (a, true)]);
            }
        }
    }
    best
}

/// Greedy, then moves.
pub fn solve(budget: &Budget) -> Option<Plan> {
    greedy(budget).map(|plan| improve(budget, plan))
}
