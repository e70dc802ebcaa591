//! A pull reader of JSON that holds one value at a time, however long the document is.

use crate::meter::Located;
use crate::{Limits, Position, Refusal};
use std::io::{self, BufRead, Read};

/// Why the reader cannot go on.
#[derive(Debug)]
pub(crate) enum PullError {
    /// The bytes stop in the middle.
    End,
    /// Something else stands where this was expected.
    Syntax(&'static str),
    /// The stream failed.
    Io(io::Error),
}

impl From<io::Error> for PullError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Why a captured value is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Longer than a record may be.
    TooLong,
    /// Nested deeper than allowed.
    TooDeep,
}

/// A value that was passed over; its bytes are in [`Pull::buffer`] unless it has a flaw.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Captured {
    pub(crate) line: u64,
    pub(crate) flaw: Option<Flaw>,
}

/// The reader.
pub(crate) struct Pull<R> {
    inner: Located<R>,
    limit: usize,
    nesting: usize,
    /// Bytes of the value captured last.
    pub(crate) buffer: Vec<u8>,
}

type Pulled<T> = Result<T, PullError>;

impl<R: Read> Pull<R> {
    pub(crate) fn new(inner: R, limits: &Limits) -> Self {
        let (limit, nesting) = (limits.record_bytes, limits.nesting);
        Self { inner: Located::new(inner), limit, nesting, buffer: Vec::new() }
    }
    /// Line of the next byte.
    pub(crate) fn line(&self) -> u64 {
        self.inner.line
    }
    /// Where the next byte stands.
    pub(crate) fn position(&self) -> Position {
        Position::Line(self.inner.line)
    }
    /// The next byte that is no blank; `None` at the end.
    pub(crate) fn peek(&mut self) -> Pulled<Option<u8>> {
        loop {
            let ready = self.inner.fill_buf()?;
            if ready.is_empty() {
                return Ok(None);
            }
            // Record separators (RFC 7464) and a byte order mark are blanks too.
            let blank = |b: &u8| b.is_ascii_whitespace() || matches!(b, 0x1e | 0xef | 0xbb | 0xbf);
            let count = ready.iter().take_while(|b| blank(b)).count();
            let next = ready.get(count).copied();
            self.inner.consume(count);
            if next.is_some() {
                return Ok(next);
            }
        }
    }
    /// Takes the next byte that is no blank, which must be `wanted`.
    pub(crate) fn expect(&mut self, wanted: u8, what: &'static str) -> Pulled<()> {
        match self.peek()? {
            Some(byte) if byte == wanted => {
                self.inner.consume(1);
                Ok(())
            }
            Some(_) => Err(PullError::Syntax(what)),
            None => Err(PullError::End),
        }
    }
    /// Takes the next byte if it is `wanted`.
    pub(crate) fn take(&mut self, wanted: u8) -> Pulled<bool> {
        let found = self.peek()? == Some(wanted);
        if found {
            self.inner.consume(1);
        }
        Ok(found)
    }
    /// Passes over the rest of the line.
    pub(crate) fn skip_line(&mut self) -> Pulled<()> {
        loop {
            let ready = self.inner.fill_buf()?;
            if ready.is_empty() {
                return Ok(());
            }
            if let Some(end) = memchr::memchr(b'\n', ready) {
                self.inner.consume(end + 1);
                return Ok(());
            }
            let count = ready.len();
            self.inner.consume(count);
        }
    }
    /// Captures the next value into the buffer.
    pub(crate) fn capture(&mut self) -> Pulled<Captured> {
        self.buffer.clear();
        self.append()
    }
    /// Passes over the next value.
    pub(crate) fn skip(&mut self) -> Pulled<()> {
        let limit = std::mem::replace(&mut self.limit, 0);
        let result = self.capture();
        self.limit = limit;
        result.map(drop)
    }
    /// Captures the next value behind what the buffer already holds.
    pub(crate) fn append(&mut self) -> Pulled<Captured> {
        let first = self.peek()?.ok_or(PullError::End)?;
        let line = self.inner.line;
        let mut state = State { depth: 0, in_text: false, escaped: false, flaw: None, started: false };
        if matches!(first, b']' | b'}' | b',' | b':') {
            return Err(PullError::Syntax("a value"));
        }
        loop {
            let ready = self.inner.fill_buf()?;
            if ready.is_empty() {
                // A bare number or word may end with the file.
                let whole = state.started && state.depth == 0 && !state.in_text;
                return if whole { Ok(Captured { line, flaw: state.flaw }) } else { Err(PullError::End) };
            }
            let (count, done) = state.pass(ready, self.nesting);
            if state.flaw.is_none() {
                if self.buffer.len() + count > self.limit {
                    state.flaw = Some(Flaw::TooLong);
                } else {
                    self.buffer.extend_from_slice(&ready[..count]);
                }
            }
            self.inner.consume(count);
            if done {
                return Ok(Captured { line, flaw: state.flaw });
            }
        }
    }
    /// Reads a string as a key; keys are short, so a flawed one is an error.
    pub(crate) fn key(&mut self) -> Pulled<String> {
        if self.peek()?.ok_or(PullError::End)? != b'"' {
            return Err(PullError::Syntax("a key in quotes"));
        }
        let captured = self.capture()?;
        let key = if captured.flaw.is_some() { None } else { serde_json::from_slice(&self.buffer).ok() };
        key.ok_or(PullError::Syntax("a key in quotes"))
    }
    /// Goes through the members of an object; `each` must take the value.
    pub(crate) fn object(&mut self, mut each: impl FnMut(&mut Self, &str) -> Pulled<()>) -> Pulled<()> {
        self.expect(b'{', "an object")?;
        if self.take(b'}')? {
            return Ok(());
        }
        loop {
            let key = self.key()?;
            self.expect(b':', "a colon")?;
            each(self, &key)?;
            if !self.take(b',')? {
                return self.expect(b'}', "a comma or the end of the object");
            }
        }
    }
    /// Goes through the elements of an array; `each` must take the value. Another value is passed over.
    pub(crate) fn array(&mut self, mut each: impl FnMut(&mut Self) -> Pulled<()>) -> Pulled<()> {
        if self.peek()? != Some(b'[') {
            return self.skip();
        }
        self.expect(b'[', "an array")?;
        if self.take(b']')? {
            return Ok(());
        }
        loop {
            each(self)?;
            if !self.take(b',')? {
                return self.expect(b']', "a comma or the end of the array");
            }
        }
    }
    /// Goes through an object's members if the next value is an object; passes over anything else.
    pub(crate) fn object_or_skip(&mut self, each: impl FnMut(&mut Self, &str) -> Pulled<()>) -> Pulled<()> {
        if self.peek()? == Some(b'{') { self.object(each) } else { self.skip() }
    }
    /// The next value as a tree, for small parts of a document; a flawed or broken one is `None`.
    pub(crate) fn value(&mut self) -> Pulled<Option<serde_json::Value>> {
        let captured = self.capture()?;
        Ok(if captured.flaw.is_some() { None } else { serde_json::from_slice(&self.buffer).ok() })
    }
}

impl PullError {
    /// What stopped a stream, if it is a refusal.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Io(error)
                if error.get_ref().is_some_and(
                    <dyn std::error::Error + std::marker::Send + std::marker::Sync + 'static>::is::<Refusal>,
                ) =>
            {
                Some(Refusal::from_io(error))
            }
            _ => None,
        }
    }
    /// In words, for a fault.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::End => "The file ends in the middle of a JSON value.".to_owned(),
            Self::Syntax(what) => format!("This is not JSON: {what} was expected."),
            Self::Io(error) => format!("The file breaks off here ({error})."),
        }
    }
}

/// Where the scan of one value stands.
struct State {
    depth: usize,
    in_text: bool,
    escaped: bool,
    flaw: Option<Flaw>,
    started: bool,
}

impl State {
    /// Passes over bytes up to the value's end; gives how many, and whether the end was reached.
    fn pass(&mut self, bytes: &[u8], nesting: usize) -> (usize, bool) {
        let mut at = 0;
        while at < bytes.len() {
            if self.escaped {
                self.escaped = false;
                at += 1;
                continue;
            }
            if self.in_text {
                match memchr::memchr2(b'"', b'\\', &bytes[at..]) {
                    None => return (bytes.len(), false),
                    Some(found) => {
                        at += found + 1;
                        if bytes[at - 1] == b'\\' {
                            self.escaped = true;
                        } else {
                            self.in_text = false;
                            if self.depth == 0 {
                                return (at, true);
                            }
                        }
                    }
                }
                continue;
            }
            let byte = bytes[at];
            match byte {
                b'"' if self.depth == 0 && self.started => return (at, true),
                b'"' => self.in_text = true,
                b'{' | b'[' => {
                    if self.depth == 0 && self.started {
                        return (at, true);
                    }
                    self.depth += 1;
                    if self.depth > nesting {
                        self.flaw = self.flaw.or(Some(Flaw::TooDeep));
                    }
                }
                b'}' | b']' | b',' | b':' if self.depth == 0 => return (at, true),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                b if self.depth == 0 && b.is_ascii_whitespace() => return (at, true),
                _ => {}
            }
            self.started = true;
            at += 1;
        }
        (at, false)
    }
}

/// Whether a line holds exactly one whole object or array, judged by its brackets.
pub(crate) fn balanced(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    if !matches!(line.first(), Some(b'{' | b'[')) {
        return false;
    }
    let mut state = State { depth: 0, in_text: false, escaped: false, flaw: None, started: false };
    state.pass(line, usize::MAX) == (line.len(), true)
}

#[cfg(test)]
mod tests {
    use super::{Flaw, Pull, PullError, balanced};
    use crate::Limits;

    #[test]
    fn values_are_captured_one_by_one() {
        let text = br#" {"a":[1,{"b":"}\""}]} 17 "x y" [ ] null{"c":2}"#;
        let mut pull = Pull::new(text.as_slice(), &Limits::default());
        let mut all = Vec::new();
        while pull.peek().unwrap().is_some() {
            assert_eq!(pull.capture().unwrap().flaw, None);
            all.push(String::from_utf8(pull.buffer.clone()).unwrap());
        }
        assert_eq!(all, [r#"{"a":[1,{"b":"}\""}]}"#, "17", r#""x y""#, "[ ]", "null", r#"{"c":2}"#]);
    }

    #[test]
    fn bounds_cost_one_value() {
        let limits = Limits { record_bytes: 8, nesting: 2, ..Limits::default() };
        let mut pull = Pull::new(br"[123456789] [[[1]]] [1]".as_slice(), &limits);
        let flaws: Vec<_> = (0..3).map(|_| pull.capture().unwrap().flaw).collect();
        assert_eq!(flaws, [Some(Flaw::TooLong), Some(Flaw::TooDeep), None]);
    }

    #[test]
    fn a_cut_value_is_told() {
        let mut pull = Pull::new(br#"{"a":"#.as_slice(), &Limits::default());
        assert!(matches!(pull.capture(), Err(PullError::End)));
        assert!(balanced(br#"{"a":"}"} "#) && !balanced(br#"{"a":"#) && !balanced(b"{}{}"));
    }
}
