//! How a command ends: its exit code, and what is said when it fails.

use serde_json::{Value as Json, json};
use wardkeep_app::{ConfigError, Error, Refusal};
use wardkeep_store::StoreError;
use wardkeep_types::Problem;

/// Exit codes, as `--help` and the guide list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Fine = 0,
    /// Something failed that the program should have coped with, or a machine below it broke.
    Fault = 1,
    /// The input was refused; the message says how to mend it. (2, a wrong command line, is clap's.)
    Refused = 3,
    /// The command did its work and found something wrong: `verify`, `doctor`.
    Found = 4,
    /// Stopped by Ctrl-C or a signal.
    Interrupted = 130,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A failure as people read it: what, where, how to mend it.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// Stable code, for programs.
    pub code: &'static str,
    /// What went wrong, in one sentence.
    pub what: String,
    /// Where: a file, an address, an option; may be empty.
    pub place: String,
    /// How to mend it; may be empty.
    pub remedy: String,
    /// Single faults of an input.
    pub problems: Vec<Problem>,
}

impl Failure {
    /// An input that is refused.
    pub fn refused(code: &'static str, what: impl Into<String>) -> Self {
        Self::new(Exit::Refused, code, what)
    }
    fn new(exit: Exit, code: &'static str, what: impl Into<String>) -> Self {
        let (place, remedy) = (String::new(), String::new());
        Self { exit, code, what: what.into(), place, remedy, problems: Vec::new() }
    }
    /// Names the place.
    pub fn at(mut self, place: impl std::fmt::Display) -> Self {
        self.place = place.to_string();
        self
    }
    /// Says how to mend it.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }
    /// Whatever a command failed with.
    pub fn of(error: anyhow::Error) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(failure) => return failure,
            Err(other) => other,
        };
        let error = match error.downcast::<Error>() {
            Ok(error) => return Self::of_app(&error),
            Err(other) => other,
        };
        let error = match error.downcast::<ConfigError>() {
            Ok(error) => {
                let known = "see docs/guide/configuration.md for the settings that exist";
                return Self::refused("configuration", error.message.trim_end()).at(error.file).remedy(known);
            }
            Err(other) => other,
        };
        match error.downcast::<StoreError>() {
            Ok(error) => Self::of_store(&error),
            Err(other) => Self::new(Exit::Fault, "fault", format!("{other:#}")),
        }
    }
    fn of_app(error: &Error) -> Self {
        match error {
            Error::Refusal(refusal) => {
                let mut failure = Self::refused(refusal.code(), refusal.sentence());
                if let Refusal::Invalid(problems) = refusal {
                    failure.problems.clone_from(&problems.0);
                }
                failure
            }
            Error::Fault(fault) => Self::new(Exit::Fault, "fault", fault.cause.clone()),
        }
    }
    fn of_store(error: &StoreError) -> Self {
        let exit = match error {
            StoreError::Newer { .. } | StoreError::ReadOnly(_) | StoreError::TooLarge { .. } => Exit::Refused,
            _ => Exit::Fault,
        };
        let code = match error {
            StoreError::DiskFull => "disk_full",
            StoreError::ReadOnly(_) => "read_only",
            StoreError::Corrupt(_) => "corrupt",
            StoreError::Newer { .. } => "newer",
            StoreError::Unreachable(_) => "unreachable",
            _ => "store",
        };
        Self::new(exit, code, error.to_string())
    }
    /// For `--json`: the one object that is printed instead of an answer.
    pub fn to_json(&self) -> Json {
        let problem =
            |p: &Problem| json!({"path": p.path, "code": p.code, "message": p.message, "remedy": p.hint});
        json!({"error": {
            "code": self.code,
            "message": self.what,
            "where": self.place,
            "remedy": self.remedy,
            "problems": self.problems.iter().map(problem).collect::<Vec<_>>(),
            "exit": self.exit as u8,
        }})
    }
}

#[cfg(test)]
mod tests {
    use super::{Exit, Failure};
    use wardkeep_app::{Error, Refusal};

    #[test]
    fn refusals_are_three_and_faults_are_one() {
        let refused: Error = Refusal::NotFound.into();
        assert_eq!(Failure::of(refused.into()).exit, Exit::Refused);
        assert_eq!(Failure::of(Error::fault("x").into()).exit, Exit::Fault);
        assert_eq!(Failure::of(anyhow::anyhow!("x")).exit, Exit::Fault);
        let shown = Failure::refused("a", "b").at("c").remedy("d").to_json();
        assert_eq!(shown["error"]["where"], "c");
        assert_eq!(shown["error"]["exit"], 3);
    }
}
