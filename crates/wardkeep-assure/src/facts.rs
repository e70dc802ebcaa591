//! The facts that a test is asked of, whatever they come from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use wardkeep_types::event::{Event, FieldValue};
use wardkeep_types::observation::Basis;
use wardkeep_types::{Date, Moment};

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact<'a> {
    /// Present without a value, or an empty text.
    Empty,
    /// Text.
    Text(Cow<'a, str>),
    /// A number.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A day.
    Day(Date),
    /// A moment.
    Moment(Moment),
    /// Several values under one name; a condition holds when it holds for one of them.
    List(Vec<Fact<'a>>),
}

impl Fact<'_> {
    /// As people read it.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(t) => t.clone().into_owned(),
            Self::Number(n) => n.to_string(),
            Self::Bool(b) => b.to_string(),
            Self::Day(d) => d.to_string(),
            Self::Moment(m) => m.to_string(),
            Self::List(items) => items.iter().map(Fact::shown).collect::<Vec<_>>().join(", "),
        }
    }
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(t) => t.trim().is_empty(),
            Self::List(items) => items.iter().all(Fact::is_empty),
            _ => false,
        }
    }
}

/// One thing that can be asked: an event, a row of a report, a record.
pub trait Facts {
    /// The value under a name; `None` when there is no such name.
    fn fact(&self, name: &str) -> Option<Fact<'_>>;
    /// When it happened or was seen; `None` for a standing record.
    fn at(&self) -> Option<Moment>;
    /// What an answer about it rests on.
    fn basis(&self) -> Vec<Basis>;
    /// The evidence source it came from, such as a file within the evidence; empty for a record.
    #[allow(clippy::unnecessary_literal_bound)] // others borrow from themselves
    fn source(&self) -> &str {
        ""
    }
}

/// A row or record as plain values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// When it was seen; absent for a standing record.
    pub at: Option<Moment>,
    /// Its values by name.
    pub facts: BTreeMap<String, Fact<'static>>,
    /// What an answer about it rests on.
    pub basis: Vec<Basis>,
}

impl Row {
    /// Adds a text; an empty one stays known as empty.
    #[must_use]
    pub fn text(self, name: &str, value: impl Into<String>) -> Self {
        self.with(name, Fact::Text(Cow::Owned(value.into())))
    }
    /// Adds a text when there is one.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<&str>) -> Self {
        self.with(name, value.map_or(Fact::Empty, |v| Fact::Text(Cow::Owned(v.to_owned()))))
    }
    /// Adds any fact.
    #[must_use]
    pub fn with(mut self, name: &str, fact: Fact<'static>) -> Self {
        self.facts.insert(name.to_owned(), fact);
        self
    }
}

impl Facts for Row {
    fn fact(&self, name: &str) -> Option<Fact<'_>> {
        self.facts.get(name).cloned()
    }
    fn at(&self) -> Option<Moment> {
        self.at
    }
    fn basis(&self) -> Vec<Basis> {
        self.basis.clone()
    }
}

/// Original fields go by their flat dotted name, what Wardkeep worked out by a name that begins with `@`:
/// `@host @user @src_ip @dst_ip @process @action @outcome @message @dialect @source @category @product
/// @service`.
impl Facts for Event {
    fn fact(&self, name: &str) -> Option<Fact<'_>> {
        let Some(entity) = name.strip_prefix('@') else {
            return self.field(name).map(of_field);
        };
        fn text(value: Option<&str>) -> Option<Fact<'_>> {
            value.map(|v| Fact::Text(Cow::Borrowed(v)))
        }
        let sources = |part: fn(&wardkeep_types::event::LogSource) -> Option<&std::sync::Arc<str>>| {
            let parts = self.logsources.iter().filter_map(part);
            Some(Fact::List(parts.map(|p| Fact::Text(Cow::Borrowed(&**p))).collect()))
        };
        match entity {
            "host" => text(self.host.as_deref()),
            "user" => text(self.user.as_deref()),
            "src_ip" => text(self.src_ip.as_deref()),
            "dst_ip" => text(self.dst_ip.as_deref()),
            "process" => text(self.process.as_deref()),
            "action" => text(self.action.as_deref()),
            "outcome" => text(self.outcome.as_deref()),
            "message" => text(self.message.as_deref()),
            "source" => text(Some(&self.source)),
            "dialect" => text(Some(dialect(self))),
            "category" => sources(|s| s.category.as_ref()),
            "product" => sources(|s| s.product.as_ref()),
            "service" => sources(|s| s.service.as_ref()),
            _ => None,
        }
    }
    fn at(&self) -> Option<Moment> {
        Some(self.at)
    }
    fn basis(&self) -> Vec<Basis> {
        vec![Basis::Event { event: self.id.to_string() }]
    }
    fn source(&self) -> &str {
        &self.source
    }
}

/// The names that [`Event`] knows beside its own fields.
pub const EVENT_ENTITIES: &[&str] = &[
    "@host",
    "@user",
    "@src_ip",
    "@dst_ip",
    "@process",
    "@action",
    "@outcome",
    "@message",
    "@source",
    "@dialect",
    "@category",
    "@product",
    "@service",
];

fn of_field(value: &FieldValue) -> Fact<'_> {
    match value {
        FieldValue::Null => Fact::Empty,
        FieldValue::Bool(b) => Fact::Bool(*b),
        FieldValue::Int(i) => Fact::Number(*i as f64),
        FieldValue::Float(f) => Fact::Number(*f),
        FieldValue::Text(t) => Fact::Text(Cow::Borrowed(t)),
        FieldValue::List(items) => Fact::List(items.iter().map(of_field).collect()),
    }
}

fn dialect(event: &Event) -> &'static str {
    event.dialect.key()
}
