//! Exceptions in force: they take subjects out of the rate, visibly, and never make one pass
//! (`specs/assurance.md` 11).

use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use wardkeep_types::Moment;
use wardkeep_types::observation::{Counts, Observation};

/// An approved exception, as far as counting needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Its human reference, such as `EXC-0007`.
    pub reference: String,
    /// Keys of the controls it is about; empty means every control.
    pub controls: Vec<String>,
    /// The subjects taken out; compared without regard to case.
    pub subjects: Vec<String>,
    /// From when it holds.
    pub from: Moment,
    /// Until when it holds (exclusive). At that moment its subjects count again.
    pub until: Moment,
}

impl Exception {
    /// Whether it holds at `at` for this control.
    pub fn holds(&self, control: &str, at: Moment) -> bool {
        self.from <= at
            && at < self.until
            && (self.controls.is_empty() || self.controls.iter().any(|c| c == control))
    }
}

/// The subjects that are excepted at one moment for one control.
#[derive(Debug, Clone, Default)]
pub struct Excepted(HashSet<String>);

impl Excepted {
    /// Of the exceptions, those that hold.
    pub fn at(exceptions: &[Exception], control: &str, at: Moment) -> Self {
        let holding = exceptions.iter().filter(|e| e.holds(control, at));
        Self(holding.flat_map(|e| &e.subjects).map(|s| s.trim().to_lowercase()).collect())
    }
    /// Whether this subject is taken out.
    pub fn holds(&self, subject: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&subject.to_lowercase())
    }
}

/// The observation's counts as they stand under `excepted`: subjects whose exception has ended since the run
/// count again, subjects excepted since then leave the rate. Subjects that the observation does not list
/// stay as the run counted them.
pub fn counts_under(observation: &Observation, excepted: &Excepted) -> Counts {
    let mut counts = observation.counts;
    for subject in &observation.subjects {
        let now = excepted.holds(&subject.subject);
        if now == subject.excepted {
            continue;
        }
        let Counts { passed, failed, unknown, excepted, .. } = &mut counts;
        let side = match subject.passed {
            Some(true) => passed,
            Some(false) => failed,
            None => unknown,
        };
        let (from, to) = if now { (side, excepted) } else { (excepted, side) };
        // Counts come from the same run as the list; a list that says more than its counts changes nothing.
        if *from > 0 {
            *from -= 1;
            *to += 1;
        }
    }
    counts.examined = counts.passed + counts.failed + counts.excepted;
    counts
}
