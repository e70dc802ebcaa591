//! Correlations: rules about several hits of other rules. Event time decides, never arrival (DE-6).

mod group;
mod saved;
mod state;
mod window;

pub use saved::{Restored, SavedState};
pub(crate) use state::{Feed, State};
pub use state::{MOST_ENTRIES, StateCounts};

use crate::ir::Order;
use rsigma_parser::ConditionExpr;
use std::sync::Arc;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// How many hits.
    EventCount,
    /// How many distinct values of a field.
    ValueCount,
    /// Hits of several rules, in any order.
    Temporal,
    /// Hits of several rules, in the order in which the rules are named. Equal times count as ordered.
    TemporalOrdered,
    /// The sum of a field.
    ValueSum,
    /// The mean of a field.
    ValueAvg,
    /// A percentile of a field, by nearest rank.
    ValuePercentile(u8),
}

impl Kind {
    /// Whether the threshold looks at a field's values.
    pub fn needs_field(self) -> bool {
        !matches!(self, Self::EventCount | Self::Temporal | Self::TemporalOrdered)
    }
}

/// How the time span is laid over the hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// The time up to and including each hit: a hit exactly one span earlier is outside.
    Sliding,
    /// Fixed, adjoining spans counted from 1970.
    Tumbling,
    /// A chain of hits no further apart than so many microseconds.
    Session(i64),
}

/// A rule that the correlation watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its place in the rule set.
    pub rule: usize,
    /// For each `group-by` name, the field to read of this rule's events.
    pub group: Vec<Arc<str>>,
    /// The fields whose values are counted or summed.
    pub values: Vec<Arc<str>>,
}

/// Which members must have hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// All of these.
    All(Vec<Presence>),
    /// One of these.
    Any(Vec<Presence>),
    /// At least so many of these.
    AtLeast(usize, Vec<Presence>),
    /// Not this.
    Not(Box<Presence>),
    /// The member at that place.
    Member(usize),
}

impl Presence {
    /// Lowers a condition over rule names; `Err` is the name that nothing bears.
    pub(crate) fn lower(expression: &ConditionExpr, names: &[Vec<String>]) -> Result<Self, String> {
        use rsigma_parser::{ConditionExpr as C, Quantifier as Q};
        let list =
            |parts: &[C]| parts.iter().map(|part| Self::lower(part, names)).collect::<Result<Vec<_>, _>>();
        Ok(match expression {
            C::And(parts) => Self::All(list(parts)?),
            C::Or(parts) => Self::Any(list(parts)?),
            C::Not(part) => Self::Not(Box::new(Self::lower(part, names)?)),
            C::Identifier(name) => {
                let place = names.iter().position(|known| known.iter().any(|k| k == name));
                Self::Member(place.ok_or_else(|| name.clone())?)
            }
            C::Selector { quantifier, pattern } => {
                let fits =
                    |known: &Vec<String>| known.iter().any(|name| pattern.matches_detection_name(name));
                let chosen: Vec<_> =
                    (0..names.len()).filter(|place| fits(&names[*place])).map(Self::Member).collect();
                if chosen.is_empty() {
                    return Err(pattern.to_string());
                }
                match quantifier {
                    Q::Any => Self::Any(chosen),
                    Q::All => Self::All(chosen),
                    Q::Count(count) => Self::AtLeast(usize::try_from(*count).unwrap_or(usize::MAX), chosen),
                }
            }
        })
    }
    /// Whether it holds when `there` says which members have hit.
    pub fn holds(&self, there: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(there)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(there)),
            Self::AtLeast(count, parts) => parts.iter().filter(|part| part.holds(there)).count() >= *count,
            Self::Not(part) => !part.holds(there),
            Self::Member(place) => there(*place),
        }
    }
}

/// A compiled correlation.
#[derive(Debug, Clone)]
pub struct Correlation {
    /// What is counted.
    pub kind: Kind,
    /// The rules it watches.
    pub members: Vec<Member>,
    /// Names of the values that hits must share.
    pub group_by: Vec<Arc<str>>,
    /// Length of the window, microseconds.
    pub span: i64,
    /// How the window is laid.
    pub window: Span,
    /// Thresholds, all of which must hold.
    pub thresholds: Vec<(Order, u64)>,
    /// Which members must have hit, for the temporal kinds.
    pub presence: Option<Presence>,
    /// Whether the members' own hits are reported too.
    pub generate: bool,
}
