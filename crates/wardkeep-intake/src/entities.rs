//! Fills the common entities of an event from its fields.

use wardkeep_types::event::FieldValue;
pub(crate) use wardkeep_types::event::Fields;

/// Adds text under a name.
pub(crate) fn put(fields: &mut Fields, name: &str, value: impl Into<FieldValue>) {
    fields.insert(name.into(), value.into());
}

/// The first of these fields that says something, as text. `-` and blanks say nothing.
pub(crate) fn first(fields: &Fields, names: &[&str]) -> Option<Box<str>> {
    names.iter().find_map(|name| match fields.get(name)? {
        FieldValue::Text(text) => said(text).map(Into::into),
        FieldValue::Int(number) => Some(number.to_string().into()),
        FieldValue::Bool(flag) => Some(flag.to_string().into()),
        FieldValue::List(items) => match items.first()? {
            FieldValue::Text(text) => said(text).map(Into::into),
            _ => None,
        },
        FieldValue::Null | FieldValue::Float(_) => None,
    })
}

/// A field's text, without owning it.
pub(crate) fn text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    match fields.get(name)? {
        FieldValue::Text(text) => said(text),
        _ => None,
    }
}

fn said(text: &str) -> Option<&str> {
    let bare = text.trim();
    (!bare.is_empty() && bare != "-").then_some(bare)
}
