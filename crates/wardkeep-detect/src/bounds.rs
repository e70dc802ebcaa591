//! Bounds on rule files. YAML aliases can make a small file grow without end, so files that use them are measured
//! before they are read.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;
use wardkeep_types::limits;

/// Bytes of one rule file.
pub const RULE_FILE_BYTES: usize = 1024 * 1024;
/// Values of one rule file, aliases followed.
pub const RULE_FILE_VALUES: usize = 200_000;
/// Rules of one set.
pub const RULES: usize = 100_000;

/// Says what is too large about a rule file, if anything is.
pub(crate) fn check(text: &str) -> Result<(), String> {
    if text.len() > RULE_FILE_BYTES {
        return Err(format!(
            "the file has {} bytes, more than the {RULE_FILE_BYTES} that are allowed",
            text.len()
        ));
    }
    if deepest_indent(text) <= limits::NESTING && !has_anchor(text) && !may_nest_brackets(text) {
        return Ok(());
    }
    let count = Cell::new(0);
    for document in serde_yaml_ng::Deserializer::from_str(text) {
        Measure { count: &count, depth: 0 }.deserialize(document).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// An upper bound on nesting that needs no parser: block levels by indentation, flow levels by brackets.
fn deepest_indent(text: &str) -> usize {
    let level = |line: &str| {
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        indent + line.bytes().filter(|b| matches!(b, b'[' | b'{')).count()
    };
    text.lines().map(level).max().unwrap_or(0)
}

/// Whether a condition could nest deeper than allowed. Escapes could hide brackets, so they count as brackets.
fn may_nest_brackets(text: &str) -> bool {
    memchr::memchr_iter(b'(', text.as_bytes()).count() > limits::NESTING
        || ["\\x28", "\\u0028", "\\U00000028"].iter().any(|escape| text.contains(escape))
}

/// How deep round brackets are nested in a text.
fn deepest_bracket(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn has_anchor(text: &str) -> bool {
    let bytes = text.as_bytes();
    let before =
        |i: usize| i == 0 || matches!(bytes[i - 1], b' ' | b'\n' | b'\t' | b'[' | b'{' | b',' | b':' | b'-');
    memchr::memchr_iter(b'&', bytes).any(before)
}

struct Measure<'c> {
    count: &'c Cell<usize>,
    depth: usize,
}

impl Measure<'_> {
    fn deeper<E: Error>(&self) -> Result<Self, E> {
        if self.depth >= limits::NESTING {
            return Err(E::custom(format!("the file is nested deeper than {} levels", limits::NESTING)));
        }
        Ok(Self { count: self.count, depth: self.depth + 1 })
    }
    fn one<E: Error>(&self) -> Result<(), E> {
        self.count.set(self.count.get() + 1);
        if self.count.get() > RULE_FILE_VALUES {
            return Err(E::custom(format!("the file has more than {RULE_FILE_VALUES} values")));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Measure<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Measure<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.one()
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.one()
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.one()
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.one()
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        // The parser of conditions goes one call deeper with each bracket.
        if deepest_bracket(text) > limits::NESTING {
            return Err(E::custom(format!("brackets are nested deeper than {} levels", limits::NESTING)));
        }
        self.one()
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.one()
    }
    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.one()
    }
    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.one()?;
        while items.next_element_seed(self.deeper()?)?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.one()?;
        while entries.next_key_seed(self.deeper()?)?.is_some() {
            entries.next_value_seed(self.deeper()?)?;
        }
        Ok(())
    }
    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom("YAML tags (!name) have no place in a rule"))
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn files_that_would_grow_are_refused() {
        assert_eq!(check("a: &x 1\nb: *x\n"), Ok(()));
        let list = "x,".repeat(1_000);
        let aliases = "*a,".repeat(1_000);
        assert!(check(&format!("a: &a [{list}]\nb: [{aliases}]\n")).unwrap_err().contains("200000 values"));
        let deep = format!("a: {}1{}\n", "[".repeat(100), "]".repeat(100));
        assert!(check(&deep).unwrap_err().contains("64 levels"));
        for open in ["(", "\\x28", "\\u0028"] {
            let condition = format!("condition: \"{}a{}\"\n", open.repeat(5_000), ")".repeat(5_000));
            assert!(check(&condition).unwrap_err().contains("brackets"), "{open}");
        }
        assert!(check(&"x".repeat(2_000_000)).unwrap_err().contains("bytes"));
    }
}
