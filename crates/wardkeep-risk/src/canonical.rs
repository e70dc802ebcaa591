//! Canonical JSON: sorted keys, shortest round-trip numbers, UTF-8, no blanks; and its SHA-256.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Canonical text of a value. Values that JSON cannot hold (not a number) become null.
pub fn text<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = String::new();
    write(&serde_json::to_value(value).unwrap_or(Value::Null), &mut out);
    out
}

/// SHA-256 of the canonical text.
pub fn hash<T: Serialize + ?Sized>(value: &T) -> [u8; 32] {
    Sha256::digest(text(value).as_bytes()).into()
}

/// SHA-256 of the canonical text, in hexadecimal.
pub fn hex<T: Serialize + ?Sized>(value: &T) -> String {
    hex::encode(hash(value))
}

/// Reads a text back, every number to the last bit.
pub fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    crate::exact_json::read(text)
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (i, (key, value)) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
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

#[cfg(test)]
mod tests {
    #[test]
    fn order_of_keys_does_not_matter() {
        let a: serde_json::Value = serde_json::from_str(r#"{"b":[1,0.1],"a":{"y":null,"x":"é"}}"#).unwrap();
        assert_eq!(super::text(&a), r#"{"a":{"x":"é","y":null},"b":[1,0.1]}"#);
    }
}
