//! Which controls to buy: least expected loss under a budget.

mod bound;
mod frontier;
mod search;
mod value;

pub use bound::{Proof, prove};
pub use frontier::{FrontierPoint, frontier};
pub use search::{Plan, greedy, improve, solve};
pub use value::{Decision, evpi, rosi, shapley};

use serde::{Deserialize, Serialize};
use wardkeep_types::Problem;

/// Efficacy above this is cut: its logarithm must be finite.
pub const MOST_EFFICACY: f64 = 1.0 - 1e-9;

/// A control that could be bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Identity.
    pub id: String,
    /// Cost once.
    #[serde(default)]
    pub once: f64,
    /// Cost a year.
    #[serde(default)]
    pub yearly: f64,
    /// Work in staff-days.
    #[serde(default)]
    pub staff_days: f64,
    /// Ids that must be bought too.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Name of a set of which at most one may be bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_of: Option<String>,
    /// Must be bought.
    #[serde(default)]
    pub mandated: bool,
    /// Efficacy per scenario, in the order of the losses.
    pub efficacy: Vec<f64>,
}

/// What to minimise and what is allowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Loss per scenario today: mean, or Euler share of the tail.
    pub losses: Vec<f64>,
    /// What could be bought.
    pub choices: Vec<Choice>,
    /// Most cost once.
    pub once: f64,
    /// Most cost a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yearly: Option<f64>,
    /// Most staff-days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_days: Option<f64>,
    /// Yearly cost enters what is minimised.
    #[serde(default)]
    pub count_yearly: bool,
}

impl Budget {
    /// What is left of the loss with these choices, and their yearly cost when it counts.
    pub fn objective(&self, chosen: &[bool]) -> f64 {
        let mut sum = 0.0;
        for (s, loss) in self.losses.iter().enumerate() {
            let mut left = *loss;
            for (choice, _) in self.choices.iter().zip(chosen).filter(|(_, on)| **on) {
                left *= 1.0 - choice.e(s);
            }
            sum += left;
        }
        sum + self.running(chosen)
    }
    /// Yearly cost that enters the objective.
    pub fn running(&self, chosen: &[bool]) -> f64 {
        if !self.count_yearly {
            return 0.0;
        }
        self.choices.iter().zip(chosen).filter(|(_, on)| **on).map(|(c, _)| c.yearly).sum()
    }
    /// Whether these choices keep within every limit and rule.
    pub fn allowed(&self, chosen: &[bool]) -> bool {
        self.within(chosen) && self.is_closed(chosen)
    }
    /// Budgets, and at most one of a set.
    pub(crate) fn within(&self, chosen: &[bool]) -> bool {
        let sum = |of: fn(&Choice) -> f64| -> f64 {
            self.choices.iter().zip(chosen).filter(|(_, on)| **on).map(|(c, _)| of(c)).sum()
        };
        let fits = |used: f64, most: f64| used <= most * (1.0 + 1e-12) + 1e-9;
        let mut sets: Vec<&str> = self
            .choices
            .iter()
            .zip(chosen)
            .filter(|(_, on)| **on)
            .filter_map(|(c, _)| c.one_of.as_deref())
            .collect();
        sets.sort_unstable();
        fits(sum(|c| c.once), self.once)
            && self.yearly.is_none_or(|most| fits(sum(|c| c.yearly), most))
            && self.staff_days.is_none_or(|most| fits(sum(|c| c.staff_days), most))
            && sets.windows(2).all(|pair| pair[0] != pair[1])
    }
    /// Prerequisites are in, and what is mandated is in.
    fn is_closed(&self, chosen: &[bool]) -> bool {
        self.choices.iter().zip(chosen).all(|(choice, on)| {
            (*on || !choice.mandated)
                && (!*on || choice.needs.iter().all(|id| self.index(id).is_some_and(|i| chosen[i])))
        })
    }
    pub(crate) fn index(&self, id: &str) -> Option<usize> {
        self.choices.iter().position(|c| c.id == id)
    }
    /// Faults with place and remedy.
    pub fn faults(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        for (n, choice) in self.choices.iter().enumerate() {
            let path = format!("choices[{n}]");
            if choice.efficacy.len() != self.losses.len() {
                let message =
                    format!("has {} efficacies for {} scenarios", choice.efficacy.len(), self.losses.len());
                found.push(
                    Problem::new(&path, "length", message).hint("Give one per scenario, 0 for no effect."),
                );
            }
            if choice.efficacy.iter().any(|e| !(0.0..=1.0).contains(e))
                || choice.once < 0.0
                || choice.yearly < 0.0
            {
                found.push(Problem::new(&path, "range", "efficacies lie in 0 to 1, costs are zero or more"));
            }
            if let Some(id) = choice.needs.iter().find(|id| self.index(id).is_none()) {
                found.push(Problem::new(&path, "unknown", format!("needs '{id}', which is not a choice")));
            }
        }
        found
    }
}

impl Choice {
    pub(crate) fn e(&self, scenario: usize) -> f64 {
        self.efficacy[scenario].min(MOST_EFFICACY)
    }
}
