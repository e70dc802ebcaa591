//! Lists that several registers share.

use wardkeep_register::prelude::*;

/// How bad something is; keys as in [`wardkeep_types::Severity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Severity {
    /// Drop other work.
    Critical,
    /// Soon.
    High,
    /// In the normal course.
    Medium,
    /// When convenient.
    Low,
    /// For the record.
    Info,
    /// The source did not say; never counted as info.
    Unknown,
}

/// How much something matters or asks for, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub enum Level {
    /// Nobody would be stopped or harmed.
    Low,
    /// Work would be harder for some.
    Medium,
    /// An important part of the work, or people, would be harmed.
    High,
    /// The organisation, or people's lives and rights, would be harmed.
    Critical,
}

/// Who may see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub enum Classification {
    /// Anybody.
    Public,
    /// Everybody who works here.
    Internal,
    /// Those who need it for their work.
    Confidential,
    /// Named people only.
    Secret,
}

/// The six functions of NIST CSF 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum CsfFunction {
    /// Strategy, roles, policy, oversight, suppliers (GV).
    Govern,
    /// What we have and what may happen to it (ID).
    Identify,
    /// Safeguards (PR).
    Protect,
    /// Finding attacks (DE).
    Detect,
    /// Acting on incidents (RS).
    Respond,
    /// Restoring (RC).
    Recover,
}

impl CsfFunction {
    /// The letters with which its categories begin: `PR` in `PR.AA`.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Govern => "GV",
            Self::Identify => "ID",
            Self::Protect => "PR",
            Self::Detect => "DE",
            Self::Respond => "RS",
            Self::Recover => "RC",
        }
    }
}

/// Traffic Light Protocol 2.0 (FIRST): with whom something may be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Tlp {
    /// Only those present.
    Red,
    /// Our organisation only.
    AmberStrict,
    /// Our organisation and its customers.
    Amber,
    /// The community.
    Green,
    /// Everybody.
    Clear,
}

/// What a number rests on, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub enum SourceKind {
    /// Measured here.
    Evidence,
    /// A study with a name and a date.
    Study,
    /// A person who answers for it.
    Expert,
    /// Put there so that something stands: replace it.
    Placeholder,
}
