//! JSON that means one thing only: no member twice, no nesting beyond the limit (assurance IM-5).

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};
use std::fmt;
use wardkeep_types::limits;

/// Reads a body; the message of a fault names line and column.
pub fn read(bytes: &[u8]) -> Result<Json, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|e| format!("the body is not UTF-8 from byte {} on", e.valid_up_to()))?;
    let mut input = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let told = |e: serde_json::Error| format!("the JSON cannot be read: {e}");
    let json = Depth(0).deserialize(&mut input).map_err(told)?;
    input.end().map_err(told)?;
    Ok(json)
}

/// How deep the reader is.
#[derive(Clone, Copy)]
struct Depth(usize);

impl Depth {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let most = limits::NESTING;
        if self.0 < most {
            Ok(Self(self.0 + 1))
        } else {
            Err(E::custom(format!("it is nested deeper than {most} levels")))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Depth {
    type Value = Json;
    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Json, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Depth {
    type Value = Json;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E>(self, yes: bool) -> Result<Json, E> {
        Ok(yes.into())
    }
    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }
    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(text.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Json::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let json = members.next_value_seed(inner)?;
            if object.insert(name.clone(), json).is_some() {
                return Err(A::Error::custom(format!("an object names '{name}' twice")));
            }
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn doubles_depth_and_rubbish_are_refused_with_a_position() {
        let check = |text: &str, said: &str| {
            let error = read(text.as_bytes()).unwrap_err();
            assert!(error.contains(said), "{error}");
        };
        check("{\"a\":1,\n\"a\":2}", "'a' twice at line 2");
        check(&format!("{}{}", "[".repeat(65), "]".repeat(65)), "64 levels");
        check("{\"a\":}", "line 1 column 6");
        check("{} x", "trailing");
        check("", "EOF");
        assert!(read(b"{\"a\":\"\xff\"}").unwrap_err().contains("byte 6"));
        assert!(read(format!("{}{}", "[".repeat(64), "]".repeat(64)).as_bytes()).is_ok());
        assert_eq!(read("\u{feff}{\"a\":[1,-2,0.5,null,true,\"x\"]}".as_bytes()).unwrap()["a"][2], 0.5);
    }
}
