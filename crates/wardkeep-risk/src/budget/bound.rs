//! Proof: branch and bound with a bound that holds, so that a plan can say how far from the best it can be.
//!
//! With `y_s = sum x_c ln(1 - e_cs)` the loss `sum A_s exp(y_s)` is convex, so its tangent at any point lies below
//! it. A tangent is linear in x; over the budget alone its least value is a fractional knapsack, solved by
//! sorting. The bound is the best tangent found by a few Frank-Wolfe steps from the parent's point.

use super::Budget;
use super::search::{Plan, solve};
use serde::{Deserialize, Serialize};

/// A plan with its proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The best plan found.
    pub plan: Plan,
    /// No plan leaves less than this.
    pub bound: f64,
    /// Relative gap between plan and bound.
    pub gap: f64,
    /// Nodes looked at.
    pub nodes: usize,
    /// The gap is within what was asked.
    pub proven: bool,
}

struct Node {
    /// `Some(true)` in, `Some(false)` out, `None` free.
    fixed: Vec<Option<bool>>,
    x: Vec<f64>,
    bound: f64,
}

struct Search<'a> {
    budget: &'a Budget,
    /// ln(1 - e) by choice and scenario.
    logs: Vec<Vec<f64>>,
    best: Plan,
    nodes: usize,
}

/// Searches until the gap is at most `gap` (relative) or `most_nodes` were looked at. `None` when nothing fits.
pub fn prove(budget: &Budget, gap: f64, most_nodes: usize) -> Option<Proof> {
    let best = solve(budget)?;
    let logs = budget
        .choices
        .iter()
        .map(|choice| (0..budget.losses.len()).map(|s| libm::log1p(-choice.e(s))).collect())
        .collect();
    let n = budget.choices.len();
    let mut search = Search { budget, logs, best, nodes: 0 };
    let fixed: Vec<Option<bool>> = budget.choices.iter().map(|c| c.mandated.then_some(true)).collect();
    let start: Vec<f64> = search.best.chosen.iter().map(|on| f64::from(u8::from(*on))).collect();
    let mut open = Vec::new();
    if let Some(root) = search.relax(fixed, &start, 60) {
        open.push(root);
    }
    let allowed = |best: f64| best - gap * best.abs();
    while let Some(node) = take_best(&mut open) {
        if node.bound >= allowed(search.best.left) || search.nodes >= most_nodes {
            open.push(node);
            break;
        }
        // The most undecided choice; among equals the one that matters more.
        let Some(k) = (0..n)
            .filter(|k| node.fixed[*k].is_none())
            .max_by(|a, b| undecided(node.x[*a]).total_cmp(&undecided(node.x[*b])))
        else {
            continue;
        };
        for on in [true, false] {
            let mut fixed = node.fixed.clone();
            if !search.fix(&mut fixed, k, on) {
                continue;
            }
            let mut start = node.x.clone();
            for (x, f) in start.iter_mut().zip(&fixed) {
                if let Some(f) = f {
                    *x = f64::from(u8::from(*f));
                }
            }
            if let Some(child) = search.relax(fixed, &start, 12)
                && child.bound < allowed(search.best.left)
            {
                open.push(child);
            }
        }
    }
    let lowest = open.iter().map(|node| node.bound).fold(f64::INFINITY, f64::min);
    let bound = lowest.min(search.best.left).max(0.0);
    // Nodes cut because they could gain less than the gap still bound from below.
    let bound = if open.iter().all(|node| node.bound >= allowed(search.best.left)) {
        bound.min(allowed(search.best.left)).max(0.0)
    } else {
        bound
    };
    let left = search.best.left;
    let found = if left > 0.0 { (left - bound) / left } else { 0.0 };
    Some(Proof {
        plan: search.best,
        bound,
        gap: found,
        nodes: search.nodes,
        proven: found <= gap * (1.0 + 1e-9) + 1e-15,
    })
}

fn undecided(x: f64) -> f64 {
    0.5 - (x - 0.5).abs()
}

fn take_best(open: &mut Vec<Node>) -> Option<Node> {
    let least = open.iter().enumerate().min_by(|a, b| a.1.bound.total_cmp(&b.1.bound))?.0;
    Some(open.swap_remove(least))
}

impl Search<'_> {
    /// Fixes a choice and what follows from it; false when that cannot be.
    fn fix(&self, fixed: &mut [Option<bool>], k: usize, on: bool) -> bool {
        let mut todo = vec![(k, on)];
        while let Some((k, on)) = todo.pop() {
            match fixed[k] {
                Some(was) if was != on => return false,
                Some(_) => continue,
                None => fixed[k] = Some(on),
            }
            let choices = &self.budget.choices;
            if on {
                todo.extend(
                    choices[k].needs.iter().filter_map(|id| self.budget.index(id)).map(|i| (i, true)),
                );
                if let Some(set) = &choices[k].one_of {
                    let others =
                        (0..choices.len()).filter(|j| *j != k && choices[*j].one_of.as_ref() == Some(set));
                    todo.extend(others.map(|j| (j, false)));
                }
            } else {
                let id = &choices[k].id;
                todo.extend(
                    (0..choices.len()).filter(|j| choices[*j].needs.contains(id)).map(|j| (j, false)),
                );
            }
        }
        let chosen: Vec<bool> = fixed.iter().map(|f| *f == Some(true)).collect();
        self.budget.within(&chosen)
    }

    /// A bound from tangents; whole points met on the way are tried as plans.
    fn relax(&mut self, fixed: Vec<Option<bool>>, start: &[f64], steps: usize) -> Option<Node> {
        self.nodes += 1;
        let n = start.len();
        let mut x = start.to_vec();
        let mut bound = f64::NEG_INFINITY;
        for step in 0..steps {
            let terms = self.terms(&x);
            let value = terms.iter().sum::<f64>() + self.running(&x);
            let slope: Vec<f64> = (0..n)
                .map(|c| {
                    let stops: f64 = terms.iter().zip(&self.logs[c]).map(|(t, l)| t * l).sum();
                    stops + if self.budget.count_yearly { self.budget.choices[c].yearly } else { 0.0 }
                })
                .collect();
            let vertex = self.knapsack(&fixed, &slope)?;
            let lower =
                value + slope.iter().zip(vertex.iter().zip(&x)).map(|(g, (v, x))| g * (v - x)).sum::<f64>();
            bound = bound.max(lower);
            self.try_plan(&vertex);
            if value - lower <= 1e-7 * value.abs() || bound >= self.best.left {
                break;
            }
            let gamma = self.line_search(&x, &vertex, step);
            for (x, v) in x.iter_mut().zip(&vertex) {
                *x += gamma * (v - *x);
            }
        }
        Some(Node { fixed, x, bound })
    }

    fn running(&self, x: &[f64]) -> f64 {
        if !self.budget.count_yearly {
            return 0.0;
        }
        self.budget.choices.iter().zip(x).map(|(c, x)| c.yearly * x).sum()
    }

    fn terms(&self, x: &[f64]) -> Vec<f64> {
        let mut y = vec![0.0; self.budget.losses.len()];
        for (logs, x) in self.logs.iter().zip(x).filter(|(_, x)| **x > 0.0) {
            y.iter_mut().zip(logs).for_each(|(y, l)| *y += x * l);
        }
        self.budget.losses.iter().zip(y).map(|(a, y)| a * libm::exp(y)).collect()
    }

    /// The least of a linear slope over one budget at a time: each budget alone gives a valid bound's vertex; the
    /// once-budget is used, the others only when it is loose.
    fn knapsack(&self, fixed: &[Option<bool>], slope: &[f64]) -> Option<Vec<f64>> {
        let cost = |k: usize| self.budget.choices[k].once;
        let mut room = self.budget.once;
        let mut x: Vec<f64> = fixed.iter().map(|f| f64::from(u8::from(*f == Some(true)))).collect();
        for (k, f) in fixed.iter().enumerate() {
            if *f == Some(true) {
                room -= cost(k);
            }
        }
        if room < -1e-9 * self.budget.once.max(1.0) {
            return None;
        }
        let mut free: Vec<usize> = (0..x.len()).filter(|k| fixed[*k].is_none() && slope[*k] < 0.0).collect();
        free.sort_by(|a, b| (slope[*a] / cost(*a).max(1e-12)).total_cmp(&(slope[*b] / cost(*b).max(1e-12))));
        for k in free {
            let take = if cost(k) <= room { 1.0 } else { (room / cost(k)).max(0.0) };
            x[k] = take;
            room -= take * cost(k);
        }
        Some(x)
    }

    /// How far to go towards a vertex: the least of a convex function of one number, by halving its slope.
    fn line_search(&self, x: &[f64], vertex: &[f64], step: usize) -> f64 {
        let y: Vec<f64> = self.terms(x);
        let mut along = vec![0.0; y.len()];
        for ((logs, v), x) in self.logs.iter().zip(vertex).zip(x) {
            along.iter_mut().zip(logs).for_each(|(a, l)| *a += (v - x) * l);
        }
        let running = self.running(vertex) - self.running(x);
        let slope =
            |g: f64| y.iter().zip(&along).map(|(t, a)| t * a * libm::exp(g * a)).sum::<f64>() + running;
        if slope(1.0) <= 0.0 {
            return 1.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..24 {
            let middle = 0.5 * (low + high);
            if slope(middle) < 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        (0.5f64 * (low + high)).max(1e-6 / (step as f64 + 1.0))
    }

    fn try_plan(&mut self, x: &[f64]) {
        let chosen: Vec<bool> = x.iter().map(|x| *x > 1.0 - 1e-9).collect();
        if !self.budget.allowed(&chosen) {
            return;
        }
        let left = self.budget.objective(&chosen);
        if left < self.best.left {
            self.best = Plan { chosen, left };
        }
    }
}
