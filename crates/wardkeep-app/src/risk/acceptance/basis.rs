//! What an acceptance rests on: lines that people read on its page and that are read back to see what changed.

use super::super::build::Sources;
use super::super::runs::StoredRun;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use wardkeep_risk::run::Verdict;
use wardkeep_types::Id;

/// Digits of the hash of a scenario's version that are kept.
const DIGITS: usize = 16;

/// The figures that were accepted, and what they came from.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Basis {
    /// Mean of the year; nothing when it is infinite.
    pub mean: Option<f64>,
    /// The risk's part of the mean of the worst years.
    pub tail: Option<f64>,
    /// Efficacy of each control that acts on the risk, before kappa, by reference.
    pub controls: BTreeMap<String, f64>,
    /// Hash of each scenario's version, by reference.
    pub scenarios: BTreeMap<String, String>,
    /// Incidents in these scenarios.
    pub incidents: usize,
    /// Statements of appetite that failed already, by reference.
    pub failed: BTreeSet<String>,
}

impl Basis {
    /// What the figures of a risk rest on in a run; nothing when the risk is in no sum.
    pub(super) fn of(run: &StoredRun, sources: &Sources, risk: Id) -> Option<Self> {
        let (mean, tail) = *run.figures.risks.get(&risk)?;
        let own = |scenario: &str| run.names.risk_of.get(scenario) == Some(&risk);
        let controls = run
            .model
            .effects
            .iter()
            .filter(|e| own(&e.scenario))
            .filter_map(|e| Some((e.control.clone(), run.result.controls.get(&e.control)?.value(1.0))))
            .collect();
        let mine = || run.model.scenarios.iter().filter(|s| own(&s.id));
        let scenarios = mine()
            .map(|s| {
                // Its incidents are counted apart, and who owns it changes no figure.
                let mut version = s.clone();
                (version.incidents, version.near_misses) = (None, None);
                version.owner = String::new();
                let hash = wardkeep_risk::canonical::hex(&version);
                (reference(sources, &s.id), hash[..DIGITS.min(hash.len())].to_owned())
            })
            .collect();
        let hit = |id: &str| mine().any(|s| s.id == id);
        let incidents = sources
            .incidents
            .iter()
            .filter(|i| !i.record.is_exercise)
            .filter(|i| i.record.scenario.is_some_and(|s| hit(&s.id().to_string())))
            .count();
        let failed = run.result.appetite.iter().filter(|a| a.verdict == Verdict::Fail);
        let failed = failed.map(|a| reference(sources, &a.id)).collect();
        Some(Self { mean, tail, controls, scenarios, incidents, failed })
    }

    /// One line each.
    pub(super) fn lines(&self) -> String {
        let mut out = String::new();
        for (what, figure) in [("annual loss", self.mean), ("tail loss", self.tail)] {
            if let Some(figure) = figure {
                let _ = writeln!(out, "{what} {figure:.2}");
            }
        }
        for (control, efficacy) in &self.controls {
            let _ = writeln!(out, "control {control} {:.4} %", 100.0 * efficacy);
        }
        for (scenario, hash) in &self.scenarios {
            let _ = writeln!(out, "scenario {scenario} version {hash}");
        }
        let _ = write!(out, "incidents {}", self.incidents);
        for statement in &self.failed {
            let _ = write!(out, "\nbroken {statement}");
        }
        out
    }

    /// Reads the lines back. What cannot be read is left out, so that the acceptance is looked at anew.
    pub(super) fn read(text: &str) -> Self {
        let mut out = Self::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["annual", "loss", figure] => out.mean = figure.parse().ok(),
                ["tail", "loss", figure] => out.tail = figure.parse().ok(),
                ["control", control, percent, "%"] => {
                    let share = percent.parse::<f64>().ok().map(|p| p / 100.0);
                    out.controls.extend(share.map(|s| ((*control).to_owned(), s)));
                }
                ["scenario", scenario, "version", hash] => {
                    out.scenarios.insert((*scenario).to_owned(), (*hash).to_owned());
                }
                ["incidents", count] => out.incidents = count.parse().unwrap_or(0),
                ["broken", statement] => {
                    out.failed.insert((*statement).to_owned());
                }
                _ => {}
            }
        }
        out
    }
}

/// The reference of what has this id in a model: a scenario, a risk that is its own scenario, or a statement.
fn reference(sources: &Sources, id: &str) -> String {
    let scenarios = sources.scenarios.iter().map(|s| (s.id, &s.reference));
    let risks = sources.risks.iter().map(|r| (r.id, &r.reference));
    let statements = sources.appetite.iter().map(|a| (a.id, &a.reference));
    let mut all = scenarios.chain(risks).chain(statements);
    all.find(|(known, _)| known.to_string() == id).map_or_else(|| id.to_owned(), |(_, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::Basis;

    #[test]
    fn what_is_written_is_read_back() {
        let basis = Basis {
            mean: Some(20_626.13),
            tail: Some(23_363.84),
            controls: [("CTL-0001".to_owned(), 0.315), ("CTL-0018".to_owned(), 0.358_442)].into(),
            scenarios: [("SCN-0010".to_owned(), "be166d5f4f987aca".to_owned())].into(),
            incidents: 2,
            failed: ["APP-0002".to_owned()].into(),
        };
        let text = basis.lines();
        assert!(text.starts_with("annual loss 20626.13\n") && text.contains("control CTL-0001 31.5000 %\n"));
        assert_eq!(Basis::read(&text), basis);
        let infinite = Basis { mean: None, ..basis.clone() };
        assert_eq!(Basis::read(&infinite.lines()), infinite);
        // Nothing that can be read is nothing that holds.
        assert_eq!(Basis::read("{\"mean\":1}\ncontrol CTL-0001 much"), Basis::default());
    }
}
