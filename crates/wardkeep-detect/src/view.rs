//! An event as rules see it: values by field, with their text and folded text worked out at most once.

use crate::fold::fold;
use crate::ir::Field;
use std::borrow::Cow;
use std::cell::OnceCell;
use wardkeep_types::event::{Event, FieldValue};

/// A value as rules see it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scalar<'e> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'e str),
    List(&'e [FieldValue]),
}

impl<'e> Scalar<'e> {
    pub(crate) fn of(value: &'e FieldValue) -> Self {
        match value {
            FieldValue::Null => Scalar::Null,
            FieldValue::Bool(b) => Scalar::Bool(*b),
            FieldValue::Int(i) => Scalar::Int(*i),
            FieldValue::Float(x) => Scalar::Float(*x),
            FieldValue::Text(text) => Scalar::Text(text),
            FieldValue::List(items) => Scalar::List(items),
        }
    }
}

/// A value with its derived texts.
#[derive(Debug)]
pub(crate) struct Looked<'e> {
    pub(crate) scalar: Scalar<'e>,
    text: OnceCell<Cow<'e, str>>,
    folded: OnceCell<Cow<'e, str>>,
}

impl<'e> Looked<'e> {
    pub(crate) fn new(value: &'e FieldValue) -> Self {
        Self::of(Scalar::of(value))
    }
    pub(crate) fn of(scalar: Scalar<'e>) -> Self {
        Self { scalar, text: OnceCell::new(), folded: OnceCell::new() }
    }
    /// The value as text; empty for null and lists.
    pub(crate) fn text(&self) -> &str {
        self.text.get_or_init(|| match self.scalar {
            Scalar::Text(text) => Cow::Borrowed(text),
            Scalar::Bool(b) => Cow::Borrowed(if b { "true" } else { "false" }),
            Scalar::Int(i) => Cow::Owned(i.to_string()),
            Scalar::Float(x) => Cow::Owned(x.to_string()),
            Scalar::Null | Scalar::List(_) => Cow::Borrowed(""),
        })
    }
    /// The text, folded.
    pub(crate) fn folded(&self) -> &str {
        self.folded.get_or_init(|| match self.scalar {
            Scalar::Text(text) => fold(text),
            _ => Cow::Owned(fold(self.text()).into_owned()),
        })
    }
    /// The value as a number; text counts when it reads as one.
    pub(crate) fn number(&self) -> Option<f64> {
        match self.scalar {
            Scalar::Int(i) => Some(i as f64),
            Scalar::Float(x) => Some(x),
            Scalar::Text(text) => text.trim().parse().ok().filter(|x: &f64| x.is_finite()),
            Scalar::Null | Scalar::Bool(_) | Scalar::List(_) => None,
        }
    }
}

/// Where comparisons find what they look at.
pub(crate) trait Values {
    /// Shows the value of a field, if it is there.
    fn with(&self, field: &Field, see: &mut dyn FnMut(Option<&Looked<'_>>));
    /// Whether any text satisfies `wanted`: every value, the message, and the raw text of records that are text.
    fn any_text(&self, wanted: &mut dyn FnMut(&Looked<'_>) -> bool) -> bool;
}

/// The values of one event.
#[derive(Debug)]
pub(crate) struct View<'e> {
    event: &'e Event,
    names: Vec<&'e str>,
    values: Vec<Looked<'e>>,
    /// How many of the values are fields of the event, sorted by name.
    fields: usize,
    /// Message and raw text, for keywords.
    loose: [Option<Looked<'e>>; 2],
}

/// Prefix under which rules may read the common entities, such as `wardkeep.src_ip`.
pub(crate) const ENTITY: [&str; 7] = [
    "wardkeep.host",
    "wardkeep.user",
    "wardkeep.src_ip",
    "wardkeep.dst_ip",
    "wardkeep.process",
    "wardkeep.action",
    "wardkeep.outcome",
];

/// The value of a field or entity of an event, by name.
pub(crate) fn text_of(event: &Event, name: &str) -> Option<String> {
    match event.fields.get(name) {
        Some(FieldValue::Null) => None,
        Some(value) => Some(value.to_string()).filter(|text| !text.is_empty()),
        None => entities(event).find(|(n, _)| *n == name).map(|(_, text)| text.to_owned()),
    }
}

/// Whether keywords are looked for in the record as received. Structured records are searched by value instead, so
/// that no escape sign of their raw form hides a match.
pub(crate) fn raw_is_text(event: &Event) -> bool {
    wardkeep_types::columns::raw_is_text(event.dialect)
}

pub(crate) fn entities(event: &Event) -> impl Iterator<Item = (&'static str, &str)> {
    let values = [
        &event.host,
        &event.user,
        &event.src_ip,
        &event.dst_ip,
        &event.process,
        &event.action,
        &event.outcome,
    ];
    ENTITY.into_iter().zip(values).filter_map(|(name, value)| Some((name, value.as_deref()?)))
}

impl<'e> View<'e> {
    /// A view that finds fields by name.
    pub(crate) fn by_name(event: &'e Event) -> Self {
        let mut names = Vec::with_capacity(event.fields.len() + ENTITY.len());
        let mut values = Vec::with_capacity(event.fields.len() + ENTITY.len());
        for (name, value) in &event.fields {
            names.push(&**name);
            values.push(Looked::new(value));
        }
        let fields = values.len();
        for (name, text) in entities(event) {
            names.push(name);
            values.push(Looked::of(Scalar::Text(text)));
        }
        let message = event.message.as_deref().map(|m| Looked::of(Scalar::Text(m)));
        let raw = raw_is_text(event).then(|| Looked::of(Scalar::Text(&event.raw)));
        View { event, names, values, fields, loose: [message, raw] }
    }
    pub(crate) fn get(&self, field: &Field) -> Option<&Looked<'e>> {
        self.values.get(self.place(&field.name)?)
    }
    fn place(&self, name: &str) -> Option<usize> {
        let found = self.names[..self.fields].binary_search(&name).ok();
        found.or_else(|| Some(self.fields + self.names[self.fields..].iter().position(|n| *n == name)?))
    }
    /// The value as people read it.
    pub(crate) fn text(&self, field: &Field) -> Option<String> {
        let value = self.get(field)?;
        Some(match value.scalar {
            Scalar::List(_) => self.event.fields.get(&field.name)?.to_string(),
            Scalar::Null => "(empty)".into(),
            _ => value.text().to_owned(),
        })
    }
}

impl Values for View<'_> {
    fn with(&self, field: &Field, see: &mut dyn FnMut(Option<&Looked<'_>>)) {
        see(self.get(field));
    }
    fn any_text(&self, wanted: &mut dyn FnMut(&Looked<'_>) -> bool) -> bool {
        let mut member = |value: &Looked<'_>| match value.scalar {
            Scalar::List(items) => any_member(items, wanted),
            _ => wanted(value),
        };
        self.loose.iter().flatten().any(&mut member) || self.values[..self.fields].iter().any(&mut member)
    }
}

/// Whether any member of a list, however nested, satisfies `wanted`.
pub(crate) fn any_member(items: &[FieldValue], wanted: &mut dyn FnMut(&Looked<'_>) -> bool) -> bool {
    items.iter().any(|item| match item {
        FieldValue::List(inner) => any_member(inner, wanted),
        item => wanted(&Looked::new(item)),
    })
}

/// Gives every member of a list, however nested.
pub(crate) fn each_member(items: &[FieldValue], each: &mut dyn FnMut(&Looked<'_>)) {
    for item in items {
        match item {
            FieldValue::List(inner) => each_member(inner, each),
            item => each(&Looked::new(item)),
        }
    }
}
