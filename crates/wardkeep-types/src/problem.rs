//! What is wrong with an input, said so that a person can mend it.

use serde::{Deserialize, Serialize};

/// One fault of an input (RFC 9457 `problems[]` member; `decisions.md` 15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where: a field (`owner`), a row (`rows[12].parent`), or a file position (`report.xml:88:14`).
    pub path: String,
    /// Stable code, for programs.
    pub code: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// How to mend it; may be empty when the message says it.
    pub hint: String,
}

impl Problem {
    /// A fault without a hint.
    pub fn new(path: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), code: code.into(), message: message.into(), hint: String::new() }
    }
    /// Adds how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A list of faults, collected rather than thrown at the first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// No faults yet.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds a fault.
    pub fn add(&mut self, problem: Problem) {
        self.0.push(problem);
    }
    /// Adds a fault when `fine` is false.
    pub fn require(&mut self, fine: bool, path: &str, code: &str, message: &str) {
        if !fine {
            self.add(Problem::new(path, code, message));
        }
    }
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The faults in the order they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
