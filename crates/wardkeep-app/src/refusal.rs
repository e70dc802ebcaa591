//! Two sorts of error: a refusal, where the person can act, and a fault, where we must.

use wardkeep_rights::Denied;
use wardkeep_store::StoreError;
use wardkeep_types::{Problem, Problems};

/// The person can act on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The input is readable but wrong (422).
    Invalid(Problems),
    /// Signed in, but not allowed (403).
    Forbidden(String),
    /// Not there, or not to be seen (404).
    NotFound,
    /// Somebody else was faster (409).
    Conflict(String),
    /// Not now, or not from this state (409).
    NotYet(String),
    /// Over a limit (413).
    TooLarge(String),
}

impl Refusal {
    /// A single problem.
    pub fn invalid(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(Problems(vec![Problem::new(path, code, message)]))
    }
    /// Stable code, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict(_) => "conflict",
            Self::NotYet(_) => "not_yet",
            Self::TooLarge(_) => "too_large",
        }
    }
    /// HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) => 422,
            Self::Forbidden(_) => 403,
            Self::NotFound => 404,
            Self::Conflict(_) | Self::NotYet(_) => 409,
            Self::TooLarge(_) => 413,
        }
    }
    /// One sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Invalid(problems) => match problems.0.as_slice() {
                [one] => one.message.clone(),
                many => format!("{} things need mending", many.len()),
            },
            Self::Forbidden(text) | Self::Conflict(text) | Self::NotYet(text) | Self::TooLarge(text) => {
                text.clone()
            }
            Self::NotFound => "There is nothing here, or you may not see it.".into(),
        }
    }
}

/// We must act: logged with its cause, shown with a number.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Fault {
    /// What went wrong.
    pub cause: String,
}

/// Either sort.
#[derive(Debug)]
pub enum Error {
    /// The person can act on it.
    Refusal(Refusal),
    /// We must act.
    Fault(Fault),
}

impl Error {
    /// A fault with its cause.
    pub fn fault(cause: impl std::fmt::Display) -> Self {
        Self::Fault(Fault { cause: cause.to_string() })
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refusal(Refusal::Invalid(problems)) => {
                let lines: Vec<String> =
                    problems.iter().map(|p| format!("{}: {}", p.path, p.message)).collect();
                f.write_str(&lines.join("; "))
            }
            Self::Refusal(refusal) => f.write_str(&refusal.sentence()),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        Self::Refusal(if denied.visible { Refusal::Forbidden(denied.sentence) } else { Refusal::NotFound })
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::At { error, .. } => (*error).into(),
            StoreError::NotFound(_) => Refusal::NotFound.into(),
            StoreError::Conflict { .. } => Refusal::Conflict(error.to_string()).into(),
            StoreError::NotUnique { ref field, .. } => {
                Refusal::invalid(field, "not_unique", error.to_string()).into()
            }
            StoreError::BrokenLink { ref field, .. } => {
                Refusal::invalid(field, "unknown_ref", error.to_string()).into()
            }
            other => Self::fault(other),
        }
    }
}
