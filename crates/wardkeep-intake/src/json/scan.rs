//! One JSON object scanned without copying: names become numbers, texts stay in the line.
//!
//! Whatever is out of the ordinary (lists of objects, a name twice, numbers that need care, broken JSON) is left to
//! [`flatten`](super::flatten), which knows it all: then the answer is `None`.

use ahash::RandomState;
use std::collections::HashMap;
use wardkeep_types::event::FieldValue;
use wardkeep_types::record::{Cell, MOST_NAMES};

/// Nesting followed; deeper records are left to the other reader.
const DEPTH: usize = 16;
/// Stands for the object itself.
const ROOT: u32 = u32::MAX;

/// A dotted name as written in records.
#[derive(Debug)]
pub(super) struct Path {
    parent: u32,
    key: Box<[u8]>,
    /// The whole dotted name.
    pub(super) name: Box<str>,
    /// The name that came after it last time: mostly it comes again.
    next: u32,
}

/// Scans objects and remembers the names met.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    pub(super) paths: Vec<Path>,
    /// For each key, the parents below which it was met, with its number there.
    numbers: HashMap<Box<[u8]>, Vec<(u32, u32)>, RandomState>,
    last: u32,
    first: u32,
    /// Names and values of the object scanned last.
    pub(super) found: Vec<(u32, Cell)>,
    /// Texts with escapes undone.
    pub(super) own: String,
    pub(super) lists: Vec<Vec<FieldValue>>,
}

/// Where the scan stands.
struct At<'l> {
    line: &'l str,
    bytes: &'l [u8],
    place: usize,
}

impl At<'_> {
    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.place) {
            self.place += 1;
        }
    }
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.place).copied()
    }
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.place += 1)
    }
    /// Start and end of a text without its quotes, and whether it has escapes. The opening quote was taken.
    fn text(&mut self) -> Option<(usize, usize, bool)> {
        let start = self.place;
        let mut escaped = false;
        loop {
            self.place += memchr::memchr2(b'"', b'\\', self.bytes.get(self.place..)?)?;
            if self.bytes[self.place] == b'"' {
                self.place += 1;
                return Some((start, self.place - 1, escaped));
            }
            escaped = true;
            self.place += 2;
        }
    }
    fn word(&mut self, word: &str, cell: Cell) -> Option<Cell> {
        self.bytes[self.place..].starts_with(word.as_bytes()).then(|| self.place += word.len())?;
        Some(cell)
    }
    fn number(&mut self) -> Option<Cell> {
        let rest = &self.bytes[self.place..];
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'))
            .count();
        let text = &self.line[self.place..self.place + length];
        self.place += length;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if whole && (digits.len() == 1 || !digits.starts_with('0')) && text != "-0" {
            return text.parse().ok().map(Cell::Int);
        }
        // The same reading of fractions as everywhere else.
        if whole { None } else { serde_json::from_str(text).ok().map(Cell::Float) }
    }
}

impl Scanner {
    /// Scans one object; what was found is in the public members.
    pub(super) fn scan(&mut self, line: &str) -> Option<()> {
        self.found.clear();
        self.own.clear();
        self.lists.clear();
        // Control signs in texts are errors, and elsewhere they are rare: the other reader tells them apart.
        if line.bytes().any(|b| b < b' ') {
            return None;
        }
        self.last = ROOT;
        let mut at = At { line, bytes: line.as_bytes(), place: 0 };
        at.blanks();
        at.take(b'{')?;
        self.object(&mut at, ROOT, 0)?;
        at.blanks();
        (at.place == line.len()).then_some(())
    }

    fn object(&mut self, at: &mut At<'_>, parent: u32, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        loop {
            at.blanks();
            at.take(b'"')?;
            let (start, end, escaped) = at.text()?;
            if escaped {
                return None;
            }
            let path = self.path(parent, &at.bytes[start..end])?;
            at.blanks();
            at.take(b':')?;
            at.blanks();
            self.member(at, path, depth)?;
            at.blanks();
            match at.peek()? {
                b',' => at.place += 1,
                b'}' => {
                    at.place += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    fn member(&mut self, at: &mut At<'_>, path: u32, depth: usize) -> Option<()> {
        let cell = match at.peek()? {
            b'{' => {
                at.place += 1;
                return self.object(at, path, depth + 1);
            }
            b'[' => {
                at.place += 1;
                self.list(at)?
            }
            _ => self.scalar(at)?,
        };
        self.found.push((path, cell));
        Some(())
    }

    fn scalar(&mut self, at: &mut At<'_>) -> Option<Cell> {
        match at.peek()? {
            b'"' => {
                at.place += 1;
                let (start, end, escaped) = at.text()?;
                if !escaped {
                    return Some(Cell::Line(start as u32, end as u32));
                }
                let begin = self.own.len();
                unescape(&at.line[start..end], &mut self.own)?;
                Some(Cell::Own(begin as u32, self.own.len() as u32))
            }
            b't' => at.word("true", Cell::Bool(true)),
            b'f' => at.word("false", Cell::Bool(false)),
            b'n' => at.word("null", Cell::Null),
            _ => at.number(),
        }
    }

    fn list(&mut self, at: &mut At<'_>) -> Option<Cell> {
        let mut members = Vec::new();
        at.blanks();
        if at.peek()? == b']' {
            at.place += 1;
        } else {
            loop {
                at.blanks();
                if matches!(at.peek()?, b'{' | b'[') {
                    return None;
                }
                let cell = self.scalar(at)?;
                members.push(match cell {
                    Cell::Line(start, end) => FieldValue::from(&at.line[start as usize..end as usize]),
                    Cell::Own(start, end) => FieldValue::from(&self.own[start as usize..end as usize]),
                    Cell::Bool(flag) => FieldValue::Bool(flag),
                    Cell::Int(number) => FieldValue::Int(number),
                    Cell::Float(number) => FieldValue::Float(number),
                    Cell::Null | Cell::List(_) => FieldValue::Null,
                });
                at.blanks();
                match at.peek()? {
                    b',' => at.place += 1,
                    b']' => {
                        at.place += 1;
                        break;
                    }
                    _ => return None,
                }
            }
        }
        self.lists.push(members);
        Some(Cell::List(self.lists.len() as u32 - 1))
    }

    /// The number of a key below its parent.
    fn path(&mut self, parent: u32, key: &[u8]) -> Option<u32> {
        let guess = self.paths.get(self.last as usize).map_or(self.first, |last| last.next);
        if let Some(path) = self.paths.get(guess as usize)
            && path.parent == parent
            && *path.key == *key
        {
            self.last = guess;
            return Some(guess);
        }
        let known = self.numbers.get(key).and_then(|list| list.iter().find(|(above, _)| *above == parent));
        let number = match known {
            Some((_, number)) => *number,
            None => self.add(parent, key)?,
        };
        match self.paths.get_mut(self.last as usize) {
            Some(last) => last.next = number,
            None => self.first = number,
        }
        self.last = number;
        Some(number)
    }

    fn add(&mut self, parent: u32, key: &[u8]) -> Option<u32> {
        if self.paths.len() >= MOST_NAMES {
            return None;
        }
        let text = std::str::from_utf8(key).ok()?;
        let name = match self.paths.get(parent as usize) {
            Some(above) => format!("{}.{text}", above.name).into(),
            None => text.into(),
        };
        let number = self.paths.len() as u32;
        self.paths.push(Path { parent, key: key.into(), name, next: ROOT });
        self.numbers.entry(key.into()).or_default().push((parent, number));
        Some(number)
    }
}

/// Undoes the escapes of a text.
fn unescape(text: &str, out: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let escape = *rest.as_bytes().get(at + 1)?;
        rest = &rest[at + 1..];
        let plain = match escape {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            // Four digits; the halves of a pair are left to the other reader.
            b'u' => {
                let digits = rest.get(1..5).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
                let sign = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
                rest = &rest[4..];
                sign
            }
            _ => return None,
        };
        out.push(plain);
        rest = &rest[1..];
    }
    out.push_str(rest);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::Scanner;
    use crate::json::flatten;
    use wardkeep_types::event::FieldValue;
    use wardkeep_types::record::{Cell, Record};

    /// What is scanned must be what the careful reader finds.
    #[test]
    fn scanning_agrees_with_flattening() {
        let mut scanner = Scanner::default();
        for (json, scanned) in [
            (r#"{"a":1,"b":"x","c":true,"d":null,"e":-7}"#, true),
            (r#" { "a" : { "b" : { "c" : "d" } , "e" : [ 1 , "x" , null ] } } "#, true),
            (r#"{"p":"C:\\Windows\\\u0041\"\/\n","q":"ü"}"#, true),
            (r#"{"f":1.5,"g":-2e3,"h":[]}"#, true),
            (r#"{"b":1,"a":1,"a.b":2}"#, true),
            (r#"{"a":{}}"#, false),
            (r#"{"a":[{"b":1}]}"#, false),
            (r#"{"s":"\ud83d\ude00"}"#, false),
            (r#"{"n":9232379236109516800,"z":-0}"#, false),
            (r#"{"\u0061":1}"#, false),
            (r#"{"a":01}"#, false),
            (r#"{"a":1}x"#, false),
            (r#"{"a":tru}"#, false),
            (r#"{"a":"#, false),
            (r#"{"a":"x\"#, false),
            (r#"{"a":"\x"}"#, false),
            ("{\"a\":\"\t\"}", false),
            ("{}", false),
        ] {
            for _ in 0..2 {
                let done = scanner.scan(json).is_some();
                assert_eq!(done, scanned, "{json}");
                if !done {
                    continue;
                }
                let mut record = Record::default();
                (record.own, record.lists) = (scanner.own.clone(), scanner.lists.clone());
                let fields = flatten(json.as_bytes()).unwrap();
                assert_eq!(scanner.found.len(), fields.len(), "{json}");
                for (path, cell) in &scanner.found {
                    let name = &scanner.paths[*path as usize].name;
                    assert_eq!(record.value(*cell, json), fields[name], "{json} {name}");
                    assert!(*cell != Cell::Null || fields[name] == FieldValue::Null);
                }
            }
        }
    }
}
