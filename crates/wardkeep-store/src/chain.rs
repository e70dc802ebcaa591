//! The hash chain of the change log, as pure functions (`specs/assurance.md` TM-4, `decisions.md` 5).
//!
//! An entry does not hold values but salted commitments to them. Value and salt are stored beside it; erasing
//! both keeps the chain verifiable and leaves nothing to read or to guess.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use wardkeep_types::{Id, Moment};

/// `prev_hash` of the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A commitment to one field's change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// Field name; `why` for the reason.
    pub field: String,
    /// Commitment to the value before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    /// Commitment to the value after.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
}

/// One entry of the change log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Number, from 1, without gaps.
    pub n: i64,
    /// When.
    pub at: Moment,
    /// Who, as person; absent for the program itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub actor: Option<Id>,
    /// What kind of actor: `person`, `token`, `system`.
    pub actor_kind: String,
    /// From where: the request's id.
    pub request: String,
    /// What was done: `add`, `edit`, `move:accept`, `retire`, ...
    pub act: String,
    /// The record, if the act concerns one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub record: Option<Id>,
    /// Its register.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub register: String,
    /// The record's version after the act.
    pub version: i64,
    /// Commitments, sorted by field.
    pub values: Vec<Commitment>,
    /// Hash of the entry before.
    pub prev_hash: String,
}

/// SHA-256 of salt and value, in hexadecimal.
pub fn commit(salt: &[u8; 16], value: &Json) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(canonical(value).as_bytes());
    hex::encode(hasher.finalize())
}

/// `SHA-256("wardkeep-log-v1" 0x00 JCS(entry))`, in hexadecimal.
pub fn entry_hash(entry: &Entry) -> String {
    let json = serde_json::to_value(entry).unwrap_or_default();
    let mut hasher = Sha256::new();
    hasher.update(b"wardkeep-log-v1\0");
    hasher.update(canonical(&json).as_bytes());
    hex::encode(hasher.finalize())
}

/// JSON in the canonical form of RFC 8785 for what we commit to: keys sorted, no blanks, shortest escapes.
/// Numbers with a fraction are written by `serde_json`'s shortest form, which agrees with the RFC for the
/// magnitudes people enter.
pub(crate) fn canonical(json: &Json) -> String {
    fn write(json: &Json, out: &mut String) {
        match json {
            Json::Object(object) => {
                let mut keys: Vec<&String> = object.keys().collect();
                keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
                out.push('{');
                for (i, key) in keys.into_iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    out.push_str(&Json::String(key.clone()).to_string());
                    out.push(':');
                    write(&object[key], out);
                }
                out.push('}');
            }
            Json::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write(item, out);
                }
                out.push(']');
            }
            other => out.push_str(&other.to_string()),
        }
    }
    let mut out = String::new();
    write(json, &mut out);
    out
}

/// The canonical form of a stored JSON text. Reading a fraction into a float and writing it again may change its
/// last digit, so fractions are carried through in the digits in which they stand. `None` when it is not JSON.
pub(crate) fn canonical_text(text: &str) -> Option<String> {
    // In strings of JSON a control character stands escaped, so a mark that the text does not hold is found soon.
    let mark = (0..=text.len()).map(|i| format!("\\u0001{i}#")).find(|mark| !text.contains(mark))?;
    let mut carried = String::with_capacity(text.len() + 16);
    let (mut in_string, mut escaped, mut number) = (false, false, None);
    for (at, c) in text.char_indices().chain(std::iter::once((text.len(), '\n'))) {
        if let Some(start) = number {
            if matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E') {
                continue;
            }
            number = None;
            let digits: &str = &text[start..at];
            if digits.contains(['.', 'e', 'E']) {
                carried.extend(["\"", &mark, digits, "\""]);
            } else {
                carried.push_str(digits);
            }
        }
        if in_string {
            (in_string, escaped) = (c != '"' || escaped, c == '\\' && !escaped);
        } else if c == '"' {
            in_string = true;
        } else if c == '-' || c.is_ascii_digit() {
            number = Some(at);
            continue;
        }
        carried.push(c);
    }
    let marked = serde_json::from_str(&carried).ok().map(|json| canonical(&json))?;
    let mut out = String::with_capacity(marked.len());
    let opening = format!("\"{mark}");
    let mut parts = marked.split(&opening);
    out.push_str(parts.next()?);
    for part in parts {
        let (digits, rest) = part.split_once('"')?;
        out.push_str(digits);
        out.push_str(rest);
    }
    Some(out)
}

/// [`commit`] of a stored JSON text.
pub(crate) fn commit_text(salt: &[u8], text: &str) -> Option<String> {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(canonical_text(text)?.as_bytes());
    Some(hex::encode(hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn canonical_form_sorts_keys_and_leaves_no_blanks() {
        assert_eq!(
            canonical(&json!({"b": [1, "x\n"], "a": {"d": null, "c": true}})),
            r#"{"a":{"c":true,"d":null},"b":[1,"x\n"]}"#
        );
    }

    #[test]
    fn commitments_hide_equal_values_behind_salt() {
        let value = json!("Anna");
        assert_ne!(commit(&[1; 16], &value), commit(&[2; 16], &value));
        assert_eq!(commit(&[1; 16], &value), commit(&[1; 16], &json!("Anna")));
    }

    #[test]
    fn any_change_of_an_entry_changes_its_hash() {
        let entry = Entry {
            n: 1,
            at: Moment::EPOCH,
            actor: None,
            actor_kind: "system".into(),
            request: "r".into(),
            act: "add".into(),
            record: None,
            register: String::new(),
            version: 1,
            values: vec![],
            prev_hash: GENESIS.into(),
        };
        let hash = entry_hash(&entry);
        assert_ne!(hash, entry_hash(&Entry { n: 2, ..entry.clone() }));
        assert_ne!(hash, entry_hash(&Entry { act: "edit".into(), ..entry }));
    }

    proptest::proptest! {
        #[test]
        fn a_stored_text_commits_like_the_value(a in proptest::num::f64::NORMAL, b: i64, text in ".*", key in ".*") {
            let value = json!({"z": [a, -0.5, 1e-7, b, true, null], "a": {&key: a}, "t": text});
            proptest::prop_assert_eq!(canonical_text(&value.to_string()), Some(canonical(&value)));
            proptest::prop_assert_eq!(commit_text(&[7; 16], &value.to_string()), Some(commit(&[7; 16], &value)));
        }
    }
}
