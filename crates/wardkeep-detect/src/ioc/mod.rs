//! Lists of indicators of compromise, looked up in events as they arrive and in stored columns.
//!
//! Every text of an event is cut into words once; a word costs a few look-ups in hash tables, whatever the number of
//! indicators: names are found from their ends label by label, blocks of addresses by one look-up for each length of
//! prefix that occurs.

mod set;
mod words;

pub use set::IocSet;

use wardkeep_types::ioc::IocKind;
use wardkeep_types::{Id, Moment};

/// One indicator that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ioc {
    /// Its record.
    pub id: Id,
    /// Kind of its value.
    pub kind: IocKind,
    /// Its value in normal form ([`IocKind::normal`]).
    pub value: Box<str>,
    /// Events before this do not count.
    pub from: Option<Moment>,
    /// Events from here on do not count.
    pub until: Option<Moment>,
}

impl Ioc {
    /// Whether an event of that moment counts.
    pub fn holds_at(&self, at: Moment) -> bool {
        self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at < until)
    }
}

#[cfg(test)]
mod tests;
