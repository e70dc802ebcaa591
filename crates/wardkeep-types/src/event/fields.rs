//! The fields of a record by name.

use super::{FieldValue, Name};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, btree_map};
use std::ops::Index;
use std::{fmt, mem, slice, vec};

/// Fields up to which they lie in one stretch of memory: to put one between others then moves few. Records with more
/// are rare, and are kept in a tree.
const FEW: usize = 256;
/// Room for the fields of most records.
const ROOM: usize = 12;

/// Names and values, in the order of the names.
#[derive(Clone)]
pub struct Fields {
    held: Held,
    /// A bit for each kind of name that was ever put in: readers ask for many names that a record does not have.
    marks: u128,
}

#[derive(Clone)]
enum Held {
    Few(Vec<(Name, FieldValue)>),
    Many(BTreeMap<Name, FieldValue>),
}

/// The bit of a name, by its length and its ends.
fn mark(name: &str) -> u128 {
    let bytes = name.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
    1 << ((bytes.len() + 11 * usize::from(first) + 37 * usize::from(last)) % 128)
}

/// Where a name stands, or belongs.
fn find(list: &[(Name, FieldValue)], name: &str) -> Result<usize, usize> {
    // Many records say their names in order.
    if list.last().is_none_or(|(last, _)| **last < *name) {
        return Err(list.len());
    }
    list.binary_search_by(|(known, _)| (**known).cmp(name))
}

impl Fields {
    /// None.
    pub const fn new() -> Self {
        Self { held: Held::Few(Vec::new()), marks: 0 }
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.held {
            Held::Few(list) => list.len(),
            Held::Many(map) => map.len(),
        }
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The value under that name.
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        if self.marks & mark(name) == 0 {
            return None;
        }
        match &self.held {
            Held::Few(list) => find(list, name).ok().map(|at| &list[at].1),
            Held::Many(map) => map.get(name),
        }
    }
    /// The value under that name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut FieldValue> {
        match &mut self.held {
            Held::Few(list) => find(list, name).ok().map(|at| &mut list[at].1),
            Held::Many(map) => map.get_mut(name),
        }
    }
    /// Whether there is a field of that name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
    /// Adds a field, or gives one another value; the value it had is returned.
    pub fn insert(&mut self, name: Name, value: FieldValue) -> Option<FieldValue> {
        self.marks |= mark(&name);
        match &mut self.held {
            Held::Few(list) => match find(list, &name) {
                Ok(at) => return Some(mem::replace(&mut list[at].1, value)),
                Err(at) if list.len() < FEW => {
                    if list.capacity() == 0 {
                        list.reserve_exact(ROOM);
                    }
                    list.insert(at, (name, value));
                }
                Err(_) => {
                    let mut map: BTreeMap<_, _> = mem::take(list).into_iter().collect();
                    map.insert(name, value);
                    self.held = Held::Many(map);
                }
            },
            Held::Many(map) => return map.insert(name, value),
        }
        None
    }
    /// Adds a field unless there is one of that name.
    pub fn or_insert_with(&mut self, name: Name, value: impl FnOnce() -> FieldValue) {
        if !self.contains_key(&name) {
            self.insert(name, value());
        }
    }
    /// Takes a field away.
    pub fn remove(&mut self, name: &str) -> Option<FieldValue> {
        match &mut self.held {
            Held::Few(list) => find(list, name).ok().map(|at| list.remove(at).1),
            Held::Many(map) => map.remove(name),
        }
    }
    /// Names and values, in order.
    pub fn iter(&self) -> Iter<'_> {
        match &self.held {
            Held::Few(list) => Iter::Few(list.iter()),
            Held::Many(map) => Iter::Many(map.iter()),
        }
    }
    /// Names, in order.
    pub fn keys(&self) -> impl Iterator<Item = &Name> {
        self.iter().map(|(name, _)| name)
    }
    /// Values, in the order of their names.
    pub fn values(&self) -> impl Iterator<Item = &FieldValue> {
        self.iter().map(|(_, value)| value)
    }
    /// Values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut FieldValue> {
        let (few, many) = match &mut self.held {
            Held::Few(list) => (Some(list.iter_mut().map(|(_, value)| value)), None),
            Held::Many(map) => (None, Some(map.values_mut())),
        };
        few.into_iter().flatten().chain(many.into_iter().flatten())
    }
}

impl Index<&str> for Fields {
    type Output = FieldValue;
    /// The value under that name.
    ///
    /// # Panics
    /// When there is none, as with a map.
    fn index(&self, name: &str) -> &FieldValue {
        self.get(name).unwrap_or_else(|| panic!("there is no field {name}"))
    }
}

impl Default for Fields {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// Names and values of [`Fields`], in order.
#[derive(Debug, Clone)]
pub enum Iter<'f> {
    /// Of a list.
    Few(slice::Iter<'f, (Name, FieldValue)>),
    /// Of a tree.
    Many(btree_map::Iter<'f, Name, FieldValue>),
}

impl<'f> Iterator for Iter<'f> {
    type Item = (&'f Name, &'f FieldValue);
    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(list) => list.next().map(|(name, value)| (name, value)),
            Self::Many(map) => map.next(),
        }
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Few(list) => list.size_hint(),
            Self::Many(map) => map.size_hint(),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

/// Names and values, given away in order.
#[derive(Debug)]
pub enum IntoIter {
    /// Of a list.
    Few(vec::IntoIter<(Name, FieldValue)>),
    /// Of a tree.
    Many(btree_map::IntoIter<Name, FieldValue>),
}

impl Iterator for IntoIter {
    type Item = (Name, FieldValue);
    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(list) => list.next(),
            Self::Many(map) => map.next(),
        }
    }
}

impl<'f> IntoIterator for &'f Fields {
    type Item = (&'f Name, &'f FieldValue);
    type IntoIter = Iter<'f>;
    fn into_iter(self) -> Iter<'f> {
        self.iter()
    }
}

impl IntoIterator for Fields {
    type Item = (Name, FieldValue);
    type IntoIter = IntoIter;
    fn into_iter(self) -> IntoIter {
        match self.held {
            Held::Few(list) => IntoIter::Few(list.into_iter()),
            Held::Many(map) => IntoIter::Many(map.into_iter()),
        }
    }
}

impl<N: Into<Name>> Extend<(N, FieldValue)> for Fields {
    fn extend<I: IntoIterator<Item = (N, FieldValue)>>(&mut self, all: I) {
        for (name, value) in all {
            self.insert(name.into(), value);
        }
    }
}

impl<N: Into<Name>> FromIterator<(N, FieldValue)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, FieldValue)>>(all: I) -> Self {
        let mut fields = Self::new();
        fields.extend(all);
        fields
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self)
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Fields;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of fields")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Fields::new();
                while let Some((name, value)) = map.next_entry::<Name, FieldValue>()? {
                    fields.insert(name, value);
                }
                Ok(fields)
            }
        }
        input.deserialize_map(Seen)
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, Fields};
    use crate::event::FieldValue;
    use std::collections::BTreeMap;

    /// Whatever is done to fields must leave what it leaves of a map.
    #[test]
    fn fields_are_a_map() {
        let mut roll = 7_u64;
        let mut next = |below: u64| {
            roll = roll.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (roll >> 33) % below
        };
        for most in [8, FEW as u64 * 3] {
            let (mut fields, mut map) = (Fields::new(), BTreeMap::<String, FieldValue>::new());
            for step in 0..4_000 {
                let (name, value) = (format!("n{}", next(most)), FieldValue::Int(step));
                match next(5) {
                    0 => assert_eq!(fields.remove(&name), map.remove(&name)),
                    1 => {
                        fields.or_insert_with(name.as_str().into(), || value.clone());
                        map.entry(name).or_insert(value);
                    }
                    2 => assert_eq!(fields.get_mut(&name), map.get_mut(&name)),
                    _ => assert_eq!(
                        fields.insert(name.as_str().into(), value.clone()),
                        map.insert(name, value)
                    ),
                }
                assert_eq!((fields.len(), fields.is_empty()), (map.len(), map.is_empty()));
            }
            let seen: Vec<_> = fields.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
            assert_eq!(seen, map.clone().into_iter().collect::<Vec<_>>());
            fields.values_mut().for_each(|value| *value = FieldValue::Null);
            assert!(fields.values().all(|value| *value == FieldValue::Null));
            map.values_mut().for_each(|value| *value = FieldValue::Null);
            let json = serde_json::to_string(&fields).unwrap();
            assert_eq!(json, serde_json::to_string(&map).unwrap());
            assert_eq!(serde_json::from_str::<Fields>(&json).unwrap(), fields);
            assert_eq!(fields.clone().into_iter().collect::<Fields>(), fields);
        }
    }
}
