//! Windows events as XML: what the event viewer saves and `wevtutil` prints, one or many events, with or without an
//! element around them. Every event is cut out by its tags and read on its own, so that a broken one costs itself.

use super::fill;
use crate::emit::Emit;
use crate::entities::Fields;
use crate::line::LineRecords;
use crate::text::cut;
use crate::xml::Node;
use crate::{Ending, Position, Refusal};
use std::io::{self, BufRead, BufReader, Read};
use wardkeep_types::event::{Dialect, Event, FieldValue, TimeQuality};

const END: &[u8] = b"</Event>";
const REMEDY: &str = "Export the log again; the other events were read.";

/// Elements of `System` that are numbers.
const NUMBERS: [&str; 6] = ["EventID", "Version", "Level", "Task", "Opcode", "EventRecordID"];

/// Reads a file to its end.
pub(crate) fn xml(emit: &mut Emit<'_>, input: &mut dyn Read, head: &[u8]) -> Result<Ending, Refusal> {
    if let Some(at) = memchr::memmem::find(head, b"<!ENTITY") {
        let line = 1 + memchr::memchr_iter(b'\n', &head[..at]).count() as u64;
        let text = format!("The file defines XML entities (line {line}). Event logs never need them.");
        let refusal = Refusal::new("entity", text, "Export the log again without a DOCTYPE.");
        return Err(refusal.at(Position::Line(line)));
    }
    let mut input = BufReader::with_capacity(64 * 1024, input);
    let mut cutter = XmlEvents::default();
    loop {
        if emit.stop() {
            return Ok(Ending::Cancelled);
        }
        let taken = match input.fill_buf() {
            Ok([]) => break,
            Ok(ready) => {
                cutter.feed(emit, ready, None);
                ready.len()
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return cut(emit, Position::Line(cutter.line), &error),
        };
        input.consume(taken);
    }
    match cutter.rest() {
        None => Ok(Ending::Complete),
        Some(_) => {
            let at = Position::Line(cutter.began);
            emit.fault(
                at,
                "truncated",
                "The file ends in the middle of this event.",
                "Fetch the file again.",
            );
            Ok(Ending::Truncated { at })
        }
    }
}

/// Cuts events out of a text that comes in pieces.
pub(crate) struct XmlEvents {
    held: Vec<u8>,
    /// Bytes of `held` that were searched for the end of an event.
    searched: usize,
    /// Whether `held` begins with an event's start tag.
    inside: bool,
    /// Line of the first byte held.
    line: u64,
    /// Line on which the open event began.
    began: u64,
    /// The rest of an event that is too long is passed over.
    skipping: bool,
}

impl Default for XmlEvents {
    fn default() -> Self {
        Self { held: Vec::new(), searched: 0, inside: false, line: 1, began: 1, skipping: false }
    }
}

impl XmlEvents {
    /// Takes more text. Events have the line they begin on as position, unless one is given.
    fn feed(&mut self, emit: &mut Emit<'_>, bytes: &[u8], place: Option<u64>) {
        self.held.extend_from_slice(bytes);
        loop {
            if !self.inside {
                match start(&self.held) {
                    Some(at) => {
                        self.drop_front(at);
                        (self.inside, self.searched) = (true, 0);
                        self.began = place.unwrap_or(self.line);
                    }
                    None => {
                        // A start tag may be cut at the end.
                        let keep = self.held.len().min(8);
                        self.drop_front(self.held.len() - keep);
                        return;
                    }
                }
            }
            let from = self.searched.saturating_sub(END.len());
            let Some(at) = memchr::memmem::find(&self.held[from..], END) else {
                self.searched = self.held.len();
                if self.held.len() > emit.limits.record_bytes {
                    self.too_long(emit);
                }
                return;
            };
            let end = from + at + END.len();
            if std::mem::take(&mut self.skipping) {
                // It was told of already.
            } else {
                let raw = String::from_utf8_lossy(&self.held[..end]).into_owned();
                one(emit, self.began, &raw);
            }
            self.drop_front(end);
            self.inside = false;
        }
    }
    fn too_long(&mut self, emit: &mut Emit<'_>) {
        if !std::mem::replace(&mut self.skipping, true) {
            let text =
                format!("The event is longer than {} MiB. It was left out.", emit.limits.record_bytes >> 20);
            emit.fault(Position::Line(self.began), "too_long", text, REMEDY);
        }
        self.drop_front(self.held.len() - END.len());
        self.searched = 0;
    }
    fn drop_front(&mut self, count: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.held[..count]).count() as u64;
        self.held.drain(..count);
    }
    /// What is left of an event that was not closed.
    fn rest(&self) -> Option<&[u8]> {
        self.inside.then_some(&self.held)
    }
}

/// Where an event's start tag begins; `<Events>` and `<EventData>` are others.
fn start(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(bytes, b"<Event")
        .find(|at| matches!(bytes.get(at + 6), Some(b'>' | b' ' | b'\t' | b'\r' | b'\n')))
}

impl LineRecords for XmlEvents {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        // An event may go over several lines; what stands between events says nothing.
        let fresh = !self.inside;
        if fresh {
            self.held.clear();
        }
        let before = (emit.events, emit.faults);
        self.feed(emit, line.as_bytes(), Some(number));
        if self.inside {
            self.held.push(b'\n');
        } else if fresh && (emit.events, emit.faults) == before && !between(line) {
            emit.bad_line(number, line, "bad_line", "The line holds no Windows event as XML.", REMEDY);
        }
    }
    fn end(&mut self, emit: &mut Emit<'_>) {
        if let Some(rest) = self.rest() {
            let raw = String::from_utf8_lossy(rest).into_owned();
            emit.bad_line(self.began, &raw, "truncated", "The event is not closed.", REMEDY);
        }
        *self = Self::default();
    }
    fn holds(&self) -> bool {
        self.inside
    }
}

/// The declaration and the element around the events.
fn between(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("<?xml")
        || line.starts_with("<Events")
        || line.starts_with("</Events")
        || line.starts_with("<!--")
}

fn one(emit: &mut Emit<'_>, place: u64, raw: &str) {
    let Some(node) = Node::parse(raw) else {
        return emit.bad_line(place, raw, "bad_record", "The event is not well-formed XML.", REMEDY);
    };
    let mut event = Event::new(Dialect::Windows, emit.file.clone(), place, raw);
    fields(&mut event.fields, &node);
    fill(&mut event);
    if event.time_quality == TimeQuality::Missing {
        event.at = emit.modified;
    }
    emit.event(event);
}

/// The same names as the JSON of an EVTX record has, so that the same rules of naming hold.
fn fields(out: &mut Fields, event: &Node) {
    for part in &event.children {
        match part.name.as_str() {
            "System" => {
                for element in &part.children {
                    let number = NUMBERS.contains(&element.name.as_str());
                    flat(out, &format!("Event.System.{}", element.name), element, number);
                }
            }
            "EventData" => {
                for (name, value) in &part.attributes {
                    if name != "xmlns" {
                        insert(
                            out,
                            format!("Event.EventData.#attributes.{name}"),
                            FieldValue::from(value.as_str()),
                        );
                    }
                }
                for data in &part.children {
                    let name = data.attribute("Name").map_or_else(|| data.name.clone(), str::to_owned);
                    if data.children.is_empty() {
                        insert(out, format!("Event.EventData.{name}"), FieldValue::from(data.text.as_str()));
                    } else {
                        flat(out, &format!("Event.EventData.{name}"), data, false);
                    }
                }
            }
            "RenderingInfo" => {
                for element in &part.children {
                    if element.name == "Message" {
                        insert(out, "Message".to_owned(), FieldValue::from(element.text.trim()));
                    } else {
                        flat(out, &format!("RenderingInfo.{}", element.name), element, false);
                    }
                }
            }
            other => flat(out, &format!("Event.{other}"), part, false),
        }
    }
}

/// An element and those in it under dotted names; without recursion, because the depth is the sender's choice.
fn flat(out: &mut Fields, path: &str, node: &Node, number: bool) {
    let mut left = vec![(path.to_owned(), node)];
    while let Some((path, node)) = left.pop() {
        for (name, value) in &node.attributes {
            if name != "xmlns" && !name.starts_with("xmlns:") {
                insert(out, format!("{path}.#attributes.{name}"), FieldValue::from(value.as_str()));
            }
        }
        let text = node.text.trim();
        if node.children.is_empty() && (!text.is_empty() || node.attributes.is_empty()) {
            let value = match text.parse() {
                Ok(whole) if number => FieldValue::Int(whole),
                _ => FieldValue::from(text),
            };
            insert(
                out,
                if node.attributes.is_empty() { path.clone() } else { format!("{path}.#text") },
                value,
            );
        }
        left.extend(node.children.iter().rev().map(|child| (format!("{path}.{}", child.name), child)));
    }
}

/// A name that comes again makes a list.
fn insert(out: &mut Fields, name: String, value: FieldValue) {
    match out.get_mut(name.as_str()) {
        None => drop(out.insert(name.into(), value)),
        Some(FieldValue::List(values)) => values.push(value),
        Some(single) => {
            let earlier = std::mem::replace(single, FieldValue::Null);
            *single = FieldValue::List(vec![earlier, value]);
        }
    }
}
