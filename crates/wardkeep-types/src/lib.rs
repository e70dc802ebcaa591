//! Parsed values shared by every crate: ids, money, dates, estimates, events, sightings, limits.
//!
//! Values are parsed once, at the edge, and stay valid from then on. Each type shows itself in the form in
//! which it can be parsed again, so `parse(show(x)) == x`.

mod clock;
pub mod columns;
mod email;
mod estimate;
pub mod event;
mod file;
mod id;
pub mod ioc;
pub mod limits;
mod money;
pub mod observation;
mod percent;
mod problem;
mod rate;
pub mod record;
mod reference;
mod severity;
pub mod sighting;
mod state;
mod text;
mod time;

pub use clock::{Clock, SetClock, SystemClock};
pub use email::Email;
pub use estimate::Estimate;
pub use file::FileRef;
pub use id::Id;
pub use money::{Currency, Money};
pub use percent::Percent;
pub use problem::{Problem, Problems};
pub use rate::PerYear;
pub use reference::Reference;
pub use severity::Severity;
pub use state::State;
pub use text::{Line, Markdown, Text, Url};
pub use time::{Date, Length, Moment};

/// Why a text is not a value of the wanted type: what was expected, in words a person can act on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(pub String);

impl ParseError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// Serialises through `Display` and reads through `FromStr`, so that JSON and CSV agree.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = String::deserialize(input)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_text;
