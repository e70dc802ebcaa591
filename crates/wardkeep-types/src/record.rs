//! A record whose texts still lie where the reader found them.
//!
//! Most records of a log fire no rule and are not looked at again. For these a reader need not build an
//! [`Event`](crate::event::Event): a [`Record`] says the same about the fields, in memory that is used again for the
//! next record. Names are numbers from a [`Names`] table, so that looking a field up costs one index.

use crate::Moment;
use crate::event::{Dialect, FieldValue};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Number of a name in a [`Names`] table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(pub u32);

/// Names a table may hold: whoever writes a log must not be able to fill memory with names.
pub const MOST_NAMES: usize = 65_536;

/// A table of field names.
#[derive(Debug, Clone)]
pub struct Names {
    all: Vec<Box<str>>,
    numbers: HashMap<Box<str>, NameId>,
    token: u64,
}

impl Default for Names {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let token = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { all: Vec::new(), numbers: HashMap::new(), token }
    }
}

impl Names {
    /// The number of a name, new or known; `None` when the table is full.
    pub fn add(&mut self, name: &str) -> Option<NameId> {
        if let Some(number) = self.numbers.get(name) {
            return Some(*number);
        }
        if self.all.len() >= MOST_NAMES {
            return None;
        }
        let number = NameId(self.all.len() as u32);
        self.all.push(name.into());
        self.numbers.insert(name.into(), number);
        Some(number)
    }
    /// The names, in the order of their numbers.
    pub fn all(&self) -> &[Box<str>] {
        &self.all
    }
    /// Tells tables apart: numbers of one say nothing in another.
    pub fn token(&self) -> u64 {
        self.token
    }
}

/// A value of a record, without its text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// Present, without a value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Bytes of the line.
    Line(u32, u32),
    /// Bytes of the record's own text, where escapes were undone.
    Own(u32, u32),
    /// Members in [`Record::lists`].
    List(u32),
}

/// One record. Names are unique.
#[derive(Debug, Clone)]
pub struct Record {
    /// What kind of record it is.
    pub dialect: Dialect,
    /// When it happened, as an [`Event`](crate::event::Event) would say.
    pub at: Moment,
    /// Names and values, in no order.
    pub fields: Vec<(NameId, Cell)>,
    /// Texts that do not stand in the line as they read.
    pub own: String,
    /// Lists; the records that have some have few.
    pub lists: Vec<Vec<FieldValue>>,
    /// Where a name stands in `fields`, plus one; by number of the name.
    places: Vec<u32>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            dialect: Dialect::Json,
            at: Moment::EPOCH,
            fields: Vec::new(),
            own: String::new(),
            lists: Vec::new(),
            places: Vec::new(),
        }
    }
}

impl Record {
    /// Empties it for the next record.
    pub fn clear(&mut self) {
        for (name, _) in self.fields.drain(..) {
            self.places[name.0 as usize] = 0;
        }
        self.own.clear();
        self.lists.clear();
    }
    /// Adds a field; false when the name is there already.
    pub fn put(&mut self, name: NameId, cell: Cell) -> bool {
        let at = name.0 as usize;
        if at >= self.places.len() {
            self.places.resize(at + 1, 0);
        }
        if self.places[at] != 0 {
            return false;
        }
        self.fields.push((name, cell));
        self.places[at] = self.fields.len() as u32;
        true
    }
    /// Puts another value in place of the one under that name, or adds it.
    pub fn set(&mut self, name: NameId, cell: Cell) {
        match self.place(name) {
            Some(at) => self.fields[at].1 = cell,
            None => {
                self.put(name, cell);
            }
        }
    }
    fn place(&self, name: NameId) -> Option<usize> {
        (*self.places.get(name.0 as usize)? as usize).checked_sub(1)
    }
    /// The value under that name.
    pub fn get(&self, name: NameId) -> Option<Cell> {
        self.place(name).map(|at| self.fields[at].1)
    }
    /// The text of a cell, if it is one; `line` is the text that the record was read from.
    pub fn text<'r>(&'r self, cell: Cell, line: &'r str) -> Option<&'r str> {
        match cell {
            Cell::Line(start, end) => line.get(start as usize..end as usize),
            Cell::Own(start, end) => self.own.get(start as usize..end as usize),
            _ => None,
        }
    }
    /// The value of a cell on its own.
    pub fn value(&self, cell: Cell, line: &str) -> FieldValue {
        match cell {
            Cell::Null => FieldValue::Null,
            Cell::Bool(flag) => FieldValue::Bool(flag),
            Cell::Int(number) => FieldValue::Int(number),
            Cell::Float(number) => FieldValue::Float(number),
            Cell::List(at) => FieldValue::List(self.lists.get(at as usize).cloned().unwrap_or_default()),
            text => FieldValue::from(self.text(text, line).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Names, Record};

    #[test]
    fn records_are_used_again() {
        let mut names = Names::default();
        let [a, b] = ["a", "b"].map(|name| names.add(name).unwrap());
        assert_eq!(names.add("a"), Some(a));
        assert_ne!(names.token(), Names::default().token());
        let mut record = Record::default();
        assert!(record.put(a, Cell::Line(1, 4)) && !record.put(a, Cell::Null));
        record.own.push_str("xyz");
        record.set(b, Cell::Own(0, 2));
        record.set(b, Cell::Own(1, 3));
        assert_eq!(record.get(a).and_then(|cell| record.text(cell, "0123456")), Some("123"));
        assert_eq!(record.get(b).and_then(|cell| record.text(cell, "")), Some("yz"));
        record.clear();
        assert_eq!(record.get(a), None);
        assert!(record.put(a, Cell::Int(1)));
    }
}
