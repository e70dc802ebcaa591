//! JSON whose numbers come back to the last bit: the usual reader may miss a float by one unit in the last place,
//! and then a digest no longer fits.

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use wardkeep_types::limits;

/// Reads a value. Faults are those of the usual reader, with line and column.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    // The usual reader says what is wrong; ours then reads a text that is known to be sound.
    let plain: T = serde_json::from_str(text)?;
    let mut reader = Reader { bytes: text.as_bytes(), text, at: 0 };
    match reader.value(0) {
        Some(value) => serde_json::from_value(value),
        None => Ok(plain),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.next() == Some(byte);
        self.at += usize::from(found);
        found
    }
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > limits::NESTING {
            return None;
        }
        match self.next()? {
            b'{' => {
                self.at += 1;
                let mut map = Map::new();
                while !self.eat(b'}') {
                    let key = self.string()?;
                    self.eat(b':').then_some(())?;
                    map.insert(key, self.value(depth + 1)?);
                    self.eat(b',');
                }
                Some(Value::Object(map))
            }
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.eat(b']') {
                    items.push(self.value(depth + 1)?);
                    self.eat(b',');
                }
                Some(Value::Array(items))
            }
            b'"' => self.string().map(Value::String),
            _ => self.word(),
        }
    }
    /// The usual reader unescapes; here only its end is found.
    fn string(&mut self) -> Option<String> {
        self.next().filter(|b| *b == b'"')?;
        let start = self.at;
        self.at += 1;
        while *self.bytes.get(self.at)? != b'"' {
            self.at += if self.bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }
    fn word(&mut self) -> Option<Value> {
        let start = self.at;
        while self
            .bytes
            .get(self.at)
            .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        {
            self.at += 1;
        }
        let word = self.text.get(start..self.at)?;
        match word {
            "null" => Some(Value::Null),
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ if word.contains(['.', 'e', 'E']) => Number::from_f64(word.parse().ok()?).map(Value::Number),
            _ => serde_json::from_str(word).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn every_float_comes_back() {
        let mut stream = crate::simulate::Stream::new(1, 2, 3);
        let numbers: Vec<f64> = (0..5_000).map(|n| stream.uniform() * 10f64.powi(n % 40 - 20)).collect();
        let text = serde_json::to_string(&numbers).unwrap();
        assert_eq!(super::read::<Vec<f64>>(&text).unwrap(), numbers);
        let odd = json!({"a\"\\ü": [null, true, false, -3, 18_446_744_073_709_551_615u64, {}, [], "x\n"], "b": 0.1});
        assert_eq!(super::read::<Value>(&odd.to_string()).unwrap(), odd);
        assert!(super::read::<Value>("{\"a\": [1, }").is_err());
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert!(super::read::<Value>(&deep).is_ok());
    }
}
