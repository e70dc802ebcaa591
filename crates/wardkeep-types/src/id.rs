//! Identifiers.

use crate::{Moment, ParseError};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A record's identity: UUID version 7 (RFC 9562), so that ids sort by the time they were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(Uuid);

impl Id {
    /// A new id stamped with `now`; the rest is random.
    pub fn new(now: Moment) -> Self {
        let micros = now.as_micros().max(0) as u64;
        let stamp = uuid::Timestamp::from_unix(
            uuid::NoContext,
            micros / 1_000_000,
            ((micros % 1_000_000) * 1_000) as u32,
        );
        Self(Uuid::new_v7(stamp))
    }
    /// An id that follows from a name within a namespace (UUID version 5): the same input, the same id.
    /// For things that must not be doubled when work is repeated.
    pub fn derived(namespace: &Id, name: &str) -> Self {
        Self(Uuid::new_v5(&namespace.0, name.as_bytes()))
    }
    /// From its 16 bytes.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }
    /// As a UUID.
    pub fn uuid(self) -> Uuid {
        self.0
    }
    /// All zeros: stands for "the installation itself" as actor or namespace, never for a record.
    pub const NIL: Self = Self(Uuid::nil());
}

impl FromStr for Id {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        Uuid::parse_str(text.trim())
            .map(Self)
            .map_err(|_| ParseError::new(format!("'{text}' is not an id (UUID)")))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

crate::serde_as_text!(Id);
