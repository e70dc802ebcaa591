//! Why a figure changed between two models: the change is shared out over the inputs that differ.

use super::session::{Run, Session};
use crate::engine::Evaluation;
use crate::model::Model;
use serde::{Deserialize, Serialize};
use wardkeep_types::Problems;

/// What one changed input did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// The input: `scenario:ransomware`, `control:mfa`, `appetite` plays no part.
    pub input: String,
    /// Said in words.
    pub what: String,
    /// Its part of the change of the mean.
    pub mean: f64,
    /// Its part of the change of value at risk at the tail level.
    pub var: f64,
    /// Its part of the change of the tail mean at the tail level.
    pub tvar: f64,
}

/// A change and its causes; the causes add up to the change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// Mean before and after.
    pub mean: (f64, f64),
    /// Value at risk before and after.
    pub var: (f64, f64),
    /// Tail mean before and after.
    pub tvar: (f64, f64),
    /// Largest part of the tail mean first.
    pub causes: Vec<Cause>,
}

/// A piece of a model that can change by itself.
struct Piece {
    input: String,
    what: String,
    apply: Box<dyn Fn(&mut Model)>,
}

fn figures(evaluation: &Evaluation, level: f64) -> [f64; 3] {
    [
        evaluation.moments.mean.unwrap_or(f64::NAN),
        evaluation.var(level).unwrap_or(f64::NAN),
        evaluation.tvar(level).unwrap_or(f64::NAN),
    ]
}

impl Session {
    /// Shares the change from one model to another out over the inputs that differ. Each part is the mean of what
    /// the input does when changed first to last and last to first, so that the parts add up exactly and do not
    /// depend on a chosen order. All on the grids of the earlier run.
    pub fn why(&self, before: (&Model, &Run), after: &Model) -> Result<Why, Problems> {
        let (model, run) = before;
        let level = run.options.tail_level;
        let start = figures(&run.evaluation, level);
        let end = figures(&self.evaluate(run, after)?, level);
        let pieces = pieces(model, after);
        let mut parts = vec![[0.0; 3]; pieces.len()];
        for backward in [false, true] {
            let mut now = model.clone();
            let mut figure = start;
            let mut order: Vec<usize> = (0..pieces.len()).collect();
            if backward {
                // What many share stays first: scenarios may need a sector that it brings.
                let shared = usize::from(pieces.first().is_some_and(|p| p.input == "shared"));
                order[shared..].reverse();
            }
            for (step, &k) in order.iter().enumerate() {
                (pieces[k].apply)(&mut now);
                let last = step + 1 == order.len();
                // A model on the way may not stand by itself, such as cover of a scenario that comes later: its step
                // is told with the next one, and the parts still add up.
                let next = if last {
                    end
                } else {
                    self.evaluate(run, &now).map_or(figure, |evaluation| figures(&evaluation, level))
                };
                for j in 0..3 {
                    parts[k][j] += 0.5 * (next[j] - figure[j]);
                }
                figure = next;
            }
        }
        let mut causes: Vec<Cause> = pieces
            .into_iter()
            .zip(parts)
            .map(|(piece, [mean, var, tvar])| Cause { input: piece.input, what: piece.what, mean, var, tvar })
            .collect();
        causes.sort_by(|a, b| b.tvar.abs().total_cmp(&a.tvar.abs()));
        Ok(Why { mean: (start[0], end[0]), var: (start[1], end[1]), tvar: (start[2], end[2]), causes })
    }
}

/// The inputs that differ. What many share (sectors, shocks, insurance, exchange rates) goes in one piece, applied
/// first, so that every step in between is a whole model.
fn pieces(before: &Model, after: &Model) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = after.clone();
    rest.scenarios.clone_from(&before.scenarios);
    rest.effects.clone_from(&before.effects);
    rest.observed.clone_from(&before.observed);
    rest.uptimes.clone_from(&before.uptimes);
    // Controls that vanish stay until their effects are gone.
    for control in before.controls.iter().filter(|c| after.controls.iter().all(|a| a.id != c.id)) {
        rest.controls.push(control.clone());
    }
    // What vanishes stays until nothing refers to it; alone it moves no figure.
    for sector in before.sectors.iter().filter(|s| after.sectors.iter().all(|a| a.id != s.id)) {
        rest.sectors.push(sector.clone());
    }
    for driver in before.drivers.iter().filter(|d| after.drivers.iter().all(|a| a.id != d.id)) {
        rest.drivers.push(driver.clone());
    }
    for node in before.nodes.iter().filter(|n| after.nodes.iter().all(|a| a.id != n.id)) {
        rest.nodes.push(node.clone());
    }
    let mut kept = before.clone();
    kept.appetite.clone_from(&rest.appetite);
    kept.title.clone_from(&rest.title);
    if kept != rest {
        let target = rest;
        out.push(Piece {
            input: "shared".into(),
            what: "controls' assumptions, shared factors, insurance, exchange rates or date".into(),
            apply: Box::new(move |model| {
                let own = (
                    model.scenarios.clone(),
                    model.effects.clone(),
                    model.observed.clone(),
                    model.uptimes.clone(),
                );
                *model = target.clone();
                (model.scenarios, model.effects, model.observed, model.uptimes) = own;
            }),
        });
    }
    let mut ids: Vec<&str> = before.scenarios.iter().chain(&after.scenarios).map(|s| s.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let effects = |m: &Model| m.effects.iter().filter(|e| e.scenario == id).cloned().collect::<Vec<_>>();
        let (old, new) = (before.scenario(id).cloned(), after.scenario(id).cloned());
        let links = effects(after);
        if old == new && effects(before) == links {
            continue;
        }
        let what = match (&old, &new) {
            (None, Some(new)) => format!("scenario {} is new", new.name),
            (Some(old), None) => format!("scenario {} is gone", old.name),
            (Some(old), Some(new)) => say_scenario(old, new),
            (None, None) => String::new(),
        };
        let id = id.to_owned();
        out.push(Piece {
            input: format!("scenario:{id}"),
            what,
            apply: Box::new(move |model| {
                model.scenarios.retain(|s| s.id != id);
                model.scenarios.extend(new.clone());
                model.effects.retain(|e| e.scenario != id);
                model.effects.extend(links.iter().cloned());
            }),
        });
    }
    out.extend(observations(before, after));
    out
}

fn say_scenario(old: &crate::model::Scenario, new: &crate::model::Scenario) -> String {
    if old.is_assessed() != new.is_assessed() {
        let now = if new.is_assessed() { "is now assessed" } else { "is no longer assessed" };
        return format!("scenario {} {now}", new.name);
    }
    let mut changed = Vec::new();
    if old.rate != new.rate {
        changed.push("rate");
    }
    if old.nodes != new.nodes {
        changed.push("threat events or vulnerability");
    }
    if old.near_misses != new.near_misses {
        changed.push("near misses");
    }
    if old.incidents != new.incidents {
        changed.push("incidents");
    }
    if old.losses != new.losses || old.secondary != new.secondary {
        changed.push("losses");
    }
    if changed.is_empty() {
        changed.push("links or description");
    }
    format!("scenario {}: {} changed", new.name, changed.join(" and "))
}

fn observations(before: &Model, after: &Model) -> Vec<Piece> {
    let mut ids: Vec<&str> = before.controls.iter().chain(&after.controls).map(|c| c.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut out = Vec::new();
    for id in ids {
        let seen = |m: &Model| {
            let counts: Vec<_> = m.observed.iter().filter(|o| o.control == id).cloned().collect();
            let uptimes: Vec<_> = m.uptimes.iter().filter(|u| u.control == id).cloned().collect();
            (counts, uptimes)
        };
        let (old, new) = (seen(before), seen(after));
        if old == new {
            continue;
        }
        let posterior = |m: &Model| {
            let control = m.controls.iter().find(|c| c.id == id)?;
            Some(crate::control::assess(id, &control.assumed(), &m.observed, &m.uptimes, &m.weights).values())
        };
        let name = after.controls.iter().chain(&before.controls).find(|c| c.id == id).map_or(id, |c| &c.name);
        let what = match (posterior(before), posterior(after)) {
            (Some(a), Some(b)) => say_values(name, a, b),
            _ => format!("evidence of {name} changed"),
        };
        let id = id.to_owned();
        out.push(Piece {
            input: format!("control:{id}"),
            what,
            apply: Box::new(move |model| {
                model.observed.retain(|o| o.control != id);
                model.observed.extend(new.0.iter().cloned());
                model.uptimes.retain(|u| u.control != id);
                model.uptimes.extend(new.1.iter().cloned());
            }),
        });
    }
    out
}

fn say_values(name: &str, a: crate::control::Values, b: crate::control::Values) -> String {
    let moves = [
        ("coverage", a.coverage, b.coverage),
        ("reliability", a.reliability, b.reliability),
        ("efficacy", a.intact, b.intact),
        ("efficacy while degraded", a.degraded, b.degraded),
    ];
    let most = moves.into_iter().max_by(|x, y| (x.2 - x.1).abs().total_cmp(&(y.2 - y.1).abs()));
    match most {
        Some((what, from, to)) if from != to => {
            let way = if to > from { "rose" } else { "fell" };
            format!("{name} {what} {way} {:.1} -> {:.1} %", 100.0 * from, 100.0 * to)
        }
        _ => format!("evidence of {name} changed"),
    }
}
