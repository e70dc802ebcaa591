//! One JSON object as flat dotted fields, without building a tree.

use crate::entities::Fields;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use wardkeep_types::event::FieldValue;

/// Fields that one record may have.
const MAX_FIELDS: usize = 20_000;
/// Bytes of all names and texts of one record: long names above many leaves would multiply.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Flattens an object. Members of nested objects get dotted names; values of arrays, also of arrays of objects,
/// are gathered in a list under one name. The error is serde's, with line and column within the record.
pub(crate) fn flatten(record: &[u8]) -> Result<Fields, serde_json::Error> {
    let mut flat = Flat { fields: Fields::new(), bytes: 0, path: String::new() };
    let mut json = serde_json::Deserializer::from_slice(record);
    Node { flat: &mut flat, in_list: false }.deserialize(&mut json)?;
    json.end()?;
    Ok(flat.fields)
}

struct Flat {
    fields: Fields,
    bytes: usize,
    path: String,
}

impl Flat {
    fn insert<E: Error>(&mut self, value: FieldValue, in_list: bool) -> Result<(), E> {
        self.bytes += self.path.len() + if let FieldValue::Text(text) = &value { text.len() } else { 8 };
        if self.bytes > MAX_BYTES || self.fields.len() > MAX_FIELDS {
            return Err(E::custom("the record has too many fields"));
        }
        if !in_list {
            self.fields.insert(self.path.as_str().into(), value);
            return Ok(());
        }
        match self.fields.get_mut(self.path.as_str()) {
            Some(FieldValue::List(items)) => items.push(value),
            Some(single) => {
                let earlier = std::mem::replace(single, FieldValue::Null);
                *single = FieldValue::List(vec![earlier, value]);
            }
            None => {
                self.fields.insert(self.path.as_str().into(), FieldValue::List(vec![value]));
            }
        }
        Ok(())
    }
}

struct Node<'f> {
    flat: &'f mut Flat,
    in_list: bool,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.flat.insert(FieldValue::Null, self.in_list)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.flat.insert(FieldValue::Bool(value), self.in_list)
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.flat.insert(FieldValue::Int(value), self.in_list)
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        // Beyond the range of an integer the digits matter more than the type.
        let value =
            i64::try_from(value).map_or_else(|_| FieldValue::from(value.to_string()), FieldValue::Int);
        self.flat.insert(value, self.in_list)
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.flat.insert(FieldValue::Float(value), self.in_list)
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.flat.insert(FieldValue::from(value), self.in_list)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let before = self.flat.path.len();
        let mut empty = true;
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            empty = false;
            if before > 0 {
                self.flat.path.push('.');
            }
            self.flat.path.push_str(&key);
            map.next_value_seed(Node { flat: self.flat, in_list: self.in_list })?;
            self.flat.path.truncate(before);
        }
        if empty && before > 0 { self.flat.insert(FieldValue::Null, self.in_list) } else { Ok(()) }
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut empty = true;
        while items.next_element_seed(Node { flat: self.flat, in_list: true })?.is_some() {
            empty = false;
        }
        if empty && !self.in_list {
            return self.flat.insert(FieldValue::List(Vec::new()), false);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::flatten;

    #[test]
    fn names_are_dotted_and_types_kept() {
        let check = |json: &str, expect: &str| {
            let fields = flatten(json.as_bytes()).unwrap();
            assert_eq!(serde_json::to_string(&fields).unwrap(), expect, "{json}");
        };
        check(r#"{"a":{"b":1,"c":{"d":"x"}},"e":true}"#, r#"{"a.b":1,"a.c.d":"x","e":true}"#);
        check(r#"{"a":[1,"2"],"b":[],"c":{},"d":null}"#, r#"{"a":[1,"2"],"b":[],"c":null,"d":null}"#);
        check(r#"{"r":[{"k":"x","n":1},{"k":"y"}]}"#, r#"{"r.k":["x","y"],"r.n":[1]}"#);
        check(
            r#"{"n":-9214364837600034816,"u":9232379236109516800}"#,
            r#"{"n":-9214364837600034816,"u":"9232379236109516800"}"#,
        );
    }

    #[test]
    fn broken_records_are_errors() {
        for json in ["{", r#"{"a":1}x"#, r#"{"a":01}"#, "{\"a\":\"\n\"}"] {
            assert!(flatten(json.as_bytes()).is_err(), "{json}");
        }
    }
}
