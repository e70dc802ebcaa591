//! Many events by column: each field's distinct values once, and for each event the number of its value.
//!
//! This is the form in which the event store keeps events and in which rules are run over history.

use crate::Moment;
use crate::event::{Dialect, Event, EventId, FieldValue, LogSource};
use std::collections::HashMap;
use std::sync::Arc;

/// One field of many events.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// The distinct values.
    pub values: Vec<FieldValue>,
    /// For each event, the place of its value plus one; zero when it has none. May end before the last event: the
    /// rest has none.
    pub codes: Vec<u32>,
}

impl Column {
    /// The value of an event.
    pub fn get(&self, row: usize) -> Option<&FieldValue> {
        let code = *self.codes.get(row)? as usize;
        self.values.get(code.checked_sub(1)?)
    }
}

/// Fields of many events.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    /// How many events there are.
    pub rows: usize,
    /// When each happened.
    pub at: Vec<Moment>,
    /// The identity of each.
    pub ids: Vec<EventId>,
    /// The distinct sets of log sources.
    pub sets: Vec<Arc<[LogSource]>>,
    /// For each event, the place of its set.
    pub set_of: Vec<u32>,
    /// Fields by flat dotted name.
    pub fields: HashMap<Arc<str>, Column>,
    /// The common entities by the name under which rules may read them, such as `wardkeep.host`.
    pub entities: HashMap<Arc<str>, Column>,
    /// Where each came from; read with the texts for keywords alone.
    pub source: Column,
    /// Human text of the events, for keywords.
    pub message: Column,
    /// The records as received, of the kinds that are text (see [`raw_is_text`]), for keywords.
    pub raw: Column,
}

/// Reads an entity of an event.
pub type EntityOf = fn(&Event) -> Option<&str>;

/// Names under which rules may read the common entities, with the entity of an event.
pub const ENTITIES: [(&str, EntityOf); 7] = [
    ("wardkeep.host", |event| event.host.as_deref()),
    ("wardkeep.user", |event| event.user.as_deref()),
    ("wardkeep.src_ip", |event| event.src_ip.as_deref()),
    ("wardkeep.dst_ip", |event| event.dst_ip.as_deref()),
    ("wardkeep.process", |event| event.process.as_deref()),
    ("wardkeep.action", |event| event.action.as_deref()),
    ("wardkeep.outcome", |event| event.outcome.as_deref()),
];

/// Whether keywords are looked for in the record as received. Structured records are searched by value instead, so
/// that no escape sign of their raw form hides a match.
pub fn raw_is_text(dialect: Dialect) -> bool {
    use Dialect::{Auditd, Auth, Cef, Leef, Logfmt, Syslog, Table, Text, WebAccess, WebError};
    matches!(dialect, Text | Syslog | Auth | WebAccess | WebError | Auditd | Cef | Leef | Logfmt | Table)
}

/// Puts events into columns.
#[derive(Debug, Default)]
pub struct ColumnsBuilder {
    columns: Columns,
    sets: HashMap<Arc<[LogSource]>, u32>,
    seen: HashMap<Arc<str>, HashMap<Box<str>, u32>>,
}

impl ColumnsBuilder {
    /// Adds an event.
    pub fn push(&mut self, event: &Event) {
        let row = self.columns.rows;
        self.columns.rows += 1;
        self.columns.at.push(event.at);
        self.columns.ids.push(event.id);
        let known = self.sets.get(&event.logsources).copied();
        let set = known.unwrap_or_else(|| {
            let number = self.columns.sets.len() as u32;
            self.columns.sets.push(event.logsources.clone());
            self.sets.insert(event.logsources.clone(), number);
            number
        });
        self.columns.set_of.push(set);
        for (name, value) in &event.fields {
            let name = self.name(name);
            let column = self.columns.fields.entry(name.clone()).or_default();
            put(column, self.seen.entry(name).or_default(), row, value);
        }
        for (name, of) in ENTITIES {
            let Some(text) = of(event).filter(|_| !event.fields.contains_key(name)) else { continue };
            let name = self.name(name);
            let column = self.columns.entities.entry(name.clone()).or_default();
            put(column, self.seen.entry(name).or_default(), row, &FieldValue::from(text));
        }
        let seen = self.seen.entry(Arc::from("\u{1}source")).or_default();
        put(&mut self.columns.source, seen, row, &FieldValue::from(&*event.source));
        if let Some(message) = &event.message {
            let seen = self.seen.entry(Arc::from("\u{1}message")).or_default();
            put(&mut self.columns.message, seen, row, &FieldValue::from(&**message));
        }
        if raw_is_text(event.dialect) {
            let seen = self.seen.entry(Arc::from("\u{1}raw")).or_default();
            put(&mut self.columns.raw, seen, row, &FieldValue::from(&*event.raw));
        }
    }
    fn name(&self, name: &str) -> Arc<str> {
        self.seen.get_key_value(name).map_or_else(|| Arc::from(name), |(name, _)| name.clone())
    }
    /// The columns.
    pub fn finish(self) -> Columns {
        self.columns
    }
}

fn put(column: &mut Column, seen: &mut HashMap<Box<str>, u32>, row: usize, value: &FieldValue) {
    // The kind is part of the key: the text `1` and the number 1 are two values.
    let key: Box<str> = match value {
        FieldValue::Text(text) => format!("t{text}").into(),
        other => format!("{other:?}").into(),
    };
    let code = *seen.entry(key).or_insert_with(|| {
        column.values.push(value.clone());
        column.values.len() as u32
    });
    column.codes.resize(row, 0);
    column.codes.push(code);
}

#[cfg(test)]
mod tests {
    use super::ColumnsBuilder;
    use crate::event::{Dialect, Event, FieldValue};

    #[test]
    fn events_become_columns() {
        let mut builder = ColumnsBuilder::default();
        for n in 0..4 {
            let mut event = Event::new(Dialect::Auth, "a".into(), n, format!("line {n}"));
            if n != 2 {
                event.fields.insert("x".into(), FieldValue::Int((n % 2) as i64));
            }
            if n == 1 {
                event.fields.insert("y".into(), "1".into());
                event.host = Some("h".into());
            }
            builder.push(&event);
        }
        let columns = builder.finish();
        assert_eq!(columns.rows, 4);
        assert_eq!(columns.fields["x"].codes, [1, 2, 0, 2]);
        assert_eq!(columns.fields["y"].get(1), Some(&"1".into()));
        assert_eq!(columns.fields["y"].get(3), None);
        assert_eq!(columns.entities["wardkeep.host"].get(1), Some(&"h".into()));
        assert_eq!(columns.raw.values.len(), 4);
    }
}
