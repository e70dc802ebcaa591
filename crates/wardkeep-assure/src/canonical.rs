//! Canonical JSON: one value, one sequence of bytes (RFC 8785).

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The canonical bytes of a value: keys in order of their UTF-16 code units, no blanks. Whole numbers only;
/// records that are hashed hold no fractions (ratios are kept as text).
pub fn bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let value = serde_json::to_value(value)?;
    let mut out = Vec::new();
    write(&value, &mut out)?;
    Ok(out)
}

/// SHA-256 of the canonical bytes, 64 lower-case hexadecimal digits.
pub fn sha256<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    Ok(hex::encode(Sha256::digest(bytes(value)?)))
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push(b'{');
            for (i, (key, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, key)?;
                out.push(b':');
                write(member, out)?;
            }
            out.push(b'}');
        }
        Value::Number(number) if number.is_f64() => {
            return Err(serde::ser::Error::custom(format!("{number} is a fraction; keep it as text")));
        }
        scalar => serde_json::to_writer(out, scalar)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::bytes;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_and_nothing_else_changes() {
        let value = json!({"b": [1, -2, true, null], "a": {"z": "\u{1}\"é\n", "€": "", "\u{1F600}": 1, "\u{fb33}": 2}});
        let text = String::from_utf8(bytes(&value).unwrap()).unwrap();
        // A character beyond the first plane sorts by its surrogates, before U+FB33.
        assert_eq!(
            text,
            "{\"a\":{\"z\":\"\\u0001\\\"é\\n\",\"€\":\"\",\"\u{1F600}\":1,\"\u{fb33}\":2},\"b\":[1,-2,true,null]}"
        );
        assert!(bytes(&json!(0.5)).is_err());
    }
}
