//! Names of fields. Most logs have few names and say them in every record: those are kept once.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{LazyLock, PoisonError, RwLock};

/// Names that are kept once, for as long as the program runs: whoever writes a log must not fill memory with names.
const MOST_KNOWN: usize = 65_536;
/// Bytes of the longest of them.
const LONGEST_KNOWN: usize = 128;

/// Name of a field: flat and dotted. It costs two words, and no memory of its own when it is a common one.
#[derive(Clone)]
pub struct Name(Kind);

#[derive(Clone)]
enum Kind {
    Known(&'static Known),
    Own(Box<str>),
}

struct Known {
    text: Box<str>,
    number: u32,
}

type Table = HashMap<&'static str, &'static Known, ahash::RandomState>;

static ALL: LazyLock<RwLock<Table>> = LazyLock::new(RwLock::default);

thread_local! {
    /// What this thread has looked up before: no lock, and no other thread's memory.
    static NEAR: RefCell<Table> = RefCell::default();
}

fn known(text: &str) -> Option<&'static Known> {
    if text.len() > LONGEST_KNOWN {
        return None;
    }
    // A thread that is ending has no table any more.
    let found = NEAR.try_with(|near| {
        if let Some(found) = near.borrow().get(text) {
            return Some(*found);
        }
        let found = among_all(text)?;
        near.borrow_mut().insert(&found.text, found);
        Some(found)
    });
    found.unwrap_or_else(|_| among_all(text))
}

fn among_all(text: &str) -> Option<&'static Known> {
    // A thread that failed while it held the lock left a whole table.
    let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = all.get(text) {
        return Some(found);
    }
    if all.len() >= MOST_KNOWN {
        return None;
    }
    drop(all);
    let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = all.get(text) {
        return Some(found);
    }
    let number = u32::try_from(all.len()).ok().filter(|number| (*number as usize) < MOST_KNOWN)?;
    let made: &'static Known = Box::leak(Box::new(Known { text: text.into(), number }));
    all.insert(&made.text, made);
    Some(made)
}

impl Name {
    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kind::Known(known) => &known.text,
            Kind::Own(text) => text,
        }
    }
    /// A number that stands for this name as long as the program runs, below 65,536; rare names have none.
    pub fn number(&self) -> Option<u32> {
        match &self.0 {
            Kind::Known(known) => Some(known.number),
            Kind::Own(_) => None,
        }
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(known(text).map_or_else(|| Kind::Own(text.into()), Kind::Known))
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(known(&text).map_or_else(|| Kind::Own(text.into()), Kind::Known))
    }
}

impl From<Box<str>> for Name {
    fn from(text: Box<str>) -> Self {
        Self(known(&text).map_or_else(|| Kind::Own(text), Kind::Known))
    }
}

impl Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        self
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kind::Known(a), Kind::Known(b)) => a.number == b.number,
            _ => **self == **other,
        }
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Ok(Self::from(<std::borrow::Cow<'_, str>>::deserialize(input)?.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_KNOWN, Name};

    #[test]
    fn common_names_are_kept_once_and_rare_ones_by_themselves() {
        assert_eq!(size_of::<Name>(), 16);
        let (a, b) = (Name::from("EventID"), std::thread::spawn(|| Name::from("EventID")).join().unwrap());
        assert!(a == b && a.number().is_some() && a.number() == b.number());
        let long = "x".repeat(LONGEST_KNOWN + 1);
        let (one, two) = (Name::from(long.as_str()), Name::from(long.clone()));
        assert!(one == two && one.number().is_none() && *one == *long);
        let mut names: Vec<Name> = ["b", "a", &long, "c"].map(Name::from).into();
        names.sort();
        assert_eq!(names.iter().map(Name::as_str).collect::<Vec<_>>(), ["a", "b", "c", &long]);
        assert_ne!(Name::from("a"), Name::from("b"));
        assert_eq!(serde_json::to_string(&a).unwrap(), "\"EventID\"");
        assert_eq!(serde_json::from_str::<Name>(r#""Event\u0049D""#).unwrap(), a);
    }
}
