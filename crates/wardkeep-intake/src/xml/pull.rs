//! A pull reader of XML.

use crate::Limits;
use crate::emit::Emit;
use crate::meter::Located;
use crate::text::{Decoded, Encoding, cut};
use crate::{Ending, Position, Refusal};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::io::{self, Read};

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Name without its namespace prefix.
    pub(crate) name: String,
    /// Prefix, if any.
    pub(crate) prefix: Option<String>,
    /// Attributes without namespace declarations' meaning; names as written.
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute by its exact name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A start tag; an empty element gives a start and an end.
    Start(Tag),
    /// An end tag.
    End,
    /// Text or CDATA with its references undone.
    Text(String),
    /// The end of the file, with every element closed.
    Eof,
}

/// Why the reader cannot go on.
#[derive(Debug)]
pub(crate) enum XmlError {
    /// The file is refused.
    Refused(Refusal),
    /// The file breaks off or is damaged here.
    Broken(String),
}

/// The reader.
pub(crate) struct XmlPull<'r> {
    reader: Reader<Located<Box<dyn Read + 'r>>>,
    buffer: Vec<u8>,
    item: u64,
    max_depth: usize,
    depth: usize,
    /// An empty element's end is still to be given.
    pending_end: bool,
}

impl<'r> XmlPull<'r> {
    /// `head` is the front of the input, looked at for the encoding that the XML declaration names.
    pub(crate) fn new(input: impl Read + 'r, head: &[u8], limits: &Limits) -> Self {
        let input: Box<dyn Read + 'r> = match declared(head) {
            Some(encoding) => Box::new(Decoded::new(input, encoding)),
            None => Box::new(input),
        };
        let mut reader = Reader::from_reader(Located::new(input));
        let config = reader.config_mut();
        config.check_end_names = true;
        config.trim_text(false);
        Self {
            reader,
            buffer: Vec::new(),
            item: limits.record_bytes as u64,
            max_depth: limits.xml_depth,
            depth: 0,
            pending_end: false,
        }
    }
    /// Line of the next byte.
    pub(crate) fn line(&self) -> u64 {
        self.reader.get_ref().line
    }
    /// Where the next byte stands.
    pub(crate) fn position(&self) -> Position {
        Position::Line(self.line())
    }
    /// The next token.
    pub(crate) fn next(&mut self) -> Result<Token, XmlError> {
        if std::mem::take(&mut self.pending_end) {
            self.depth -= 1;
            return Ok(Token::End);
        }
        loop {
            self.buffer.clear();
            self.reader.get_mut().allow(self.item);
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(quick_xml::Error::Io(error)) => return Err(io_error(&error)),
                Err(error) => return Err(XmlError::Broken(format!("the XML is not well formed: {error}"))),
            };
            return Ok(match event {
                Event::Start(start) => {
                    let tag = tag(&start)?;
                    self.depth += 1;
                    if self.depth > self.max_depth {
                        return Err(self.too_deep());
                    }
                    Token::Start(tag)
                }
                Event::Empty(start) => {
                    let tag = tag(&start)?;
                    self.depth += 1;
                    self.pending_end = true;
                    Token::Start(tag)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::End
                }
                Event::Text(text) => Token::Text(lossy(&text)),
                Event::CData(text) => Token::Text(lossy(&text)),
                Event::GeneralRef(reference) => Token::Text(resolve(&reference)),
                Event::DocType(text) => {
                    if memchr::memmem::find(&text, b"<!ENTITY").is_some() {
                        let doctype = text.to_vec();
                        return Err(self.entity(&doctype));
                    }
                    continue;
                }
                Event::Eof if self.depth > 0 => {
                    return Err(XmlError::Broken(
                        "the file ends before its last element is closed".to_owned(),
                    ));
                }
                Event::Eof => Token::Eof,
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
            });
        }
    }
    /// Passes over the rest of the element whose start was given last.
    pub(crate) fn skip(&mut self) -> Result<(), XmlError> {
        let mut open = 1;
        while open > 0 {
            match self.next()? {
                Token::Start(_) => open += 1,
                Token::End => open -= 1,
                Token::Text(_) | Token::Eof => {}
            }
        }
        Ok(())
    }
    fn too_deep(&self) -> XmlError {
        let text = format!("The file nests deeper than {} elements (line {}).", self.max_depth, self.line());
        XmlError::Refused(Refusal::new("too_deep", text, "Check that it is a report.").at(self.position()))
    }
    fn entity(&self, doctype: &[u8]) -> XmlError {
        // The reader stands behind the declaration; count back to the line of the first entity.
        let from = memchr::memmem::find(doctype, b"<!ENTITY").unwrap_or(0);
        let behind = memchr::memchr_iter(b'\n', &doctype[from..]).count() as u64;
        let line = self.line().saturating_sub(behind);
        XmlError::Refused(
            Refusal::new(
                "entity",
                format!("The file defines XML entities (line {line}). Reports never need them."),
                "Export the report again without a DOCTYPE.",
            )
            .at(Position::Line(line)),
        )
    }
}

impl XmlError {
    /// The refusal, or the ending of a report whose whole parts were kept.
    pub(crate) fn end(self, emit: &mut Emit<'_>, at: Position) -> Result<Ending, Refusal> {
        match self {
            Self::Refused(refusal) => Err(refusal),
            Self::Broken(text) => cut(emit, at, &io::Error::other(text)),
        }
    }
}

fn io_error(error: &io::Error) -> XmlError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>()) {
        Some(refusal) => XmlError::Refused(refusal.clone()),
        None => XmlError::Broken(error.to_string()),
    }
}

/// The encoding that an XML declaration names, when it is not UTF-8. A byte order mark was dealt with before.
fn declared(head: &[u8]) -> Option<Encoding> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !head.starts_with(b"<?xml") {
        return None;
    }
    let end = memchr::memmem::find(&head[..head.len().min(512)], b"?>")?;
    let text = String::from_utf8_lossy(&head[..end]);
    let (_, rest) = text.split_once("encoding")?;
    let name = rest.trim_start_matches(['=', ' ', '"', '\'']).split(['"', '\'']).next()?;
    let encoding = encoding_rs::Encoding::for_label(name.as_bytes())?;
    // UTF-16 without a byte order mark cannot have been read this far as ASCII: the label is wrong.
    let plain = encoding == encoding_rs::UTF_8
        || encoding == encoding_rs::UTF_16LE
        || encoding == encoding_rs::UTF_16BE;
    (!plain).then_some(Encoding(encoding))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn tag(start: &BytesStart<'_>) -> Result<Tag, XmlError> {
    let full = lossy(start.name().as_ref());
    let (prefix, name) = match full.split_once(':') {
        Some((prefix, name)) => (Some(prefix.to_owned()), name.to_owned()),
        None => (None, full),
    };
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false) {
        let attribute =
            attribute.map_err(|e| XmlError::Broken(format!("an attribute is not well formed: {e}")))?;
        attributes.push((lossy(attribute.key.as_ref()), unescape(&lossy(&attribute.value))));
    }
    Ok(Tag { name, prefix, attributes })
}

/// Undoes character and predefined references; others stay as written.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        if let Some((name, tail)) = after.split_once(';').filter(|(name, _)| name.len() <= 10) {
            out.push_str(&named(name));
            rest = tail;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn resolve(reference: &BytesRef<'_>) -> String {
    named(&lossy(reference))
}

fn named(name: &str) -> String {
    let number = |text: &str, radix| u32::from_str_radix(text, radix).ok().and_then(char::from_u32);
    let character = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix(['x', 'X']) {
                Some(hex) => number(hex, 16),
                None => number(digits, 10),
            },
            None => None,
        },
    };
    character.map_or_else(|| format!("&{name};"), String::from)
}
