//! Finds the records of a JSON file.

use super::{Captured, Flaw, Pull, PullError, balanced, flatten, shape::event};
use crate::emit::{Emit, Looked};
use crate::line::LineRecords;
use crate::text::{Line, Lines, cut};
use crate::{Ending, Position, Refusal};
use std::io::Read;

const NOT_JSON: &str = "Check how the file was exported; the other records were read.";

/// Reads every record. A file whose first line is one whole object is read line by line, so that a broken line
/// costs one line; everything else is read by its brackets.
pub(crate) fn records(emit: &mut Emit<'_>, input: &mut dyn Read, head: &[u8]) -> Result<Ending, Refusal> {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let first = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let container = container(start);
    if container.is_none() && start.first() == Some(&b'{') && balanced(first) {
        by_line(emit, input)
    } else {
        by_brackets(emit, input, container.as_deref())
    }
}

/// One line or message that should hold records: most often one object, but several and arrays are read too.
fn message(emit: &mut Emit<'_>, number: u64, line: &str) {
    let bare = line.trim_ascii();
    let bare = bare.strip_suffix(',').unwrap_or(bare);
    let text = bare.as_bytes();
    if text.starts_with(b"{") {
        match emit.look(text) {
            Looked::Done => return,
            Looked::Wanted => return build(emit, text, Position::Line(number), number),
            Looked::Unknown => {}
        }
    }
    // Nearly always it is one whole record; only what is not is looked at closely.
    if text.starts_with(b"{")
        && !may_contain(text)
        && !too_deep(text, emit.limits.nesting)
        && let Ok(fields) = flatten(text)
    {
        return emit.event(event(&emit.file.clone(), emit.modified, number, fields, bare));
    }
    if text.starts_with(b"{") && container(text).is_none() && balanced(text) {
        return one(emit, text, Position::Line(number), number);
    }
    let before = (emit.events, emit.faults);
    emit.place = Some(number);
    let mut input = text;
    let start = if text.starts_with(b"{") { container(text) } else { None };
    let mut pull = Pull::new(&mut input, emit.limits);
    let mut count = 0;
    let whole = matches!(text.first(), Some(b'{' | b'['))
        && document(emit, &mut pull, &mut count, start.as_deref()).is_ok();
    emit.place = None;
    // What stands before a break was given; the break is told, and a message without any record is kept.
    if !whole || (emit.events, emit.faults) == before {
        emit.bad_line(number, line, "bad_record", "The record is not whole JSON.", NOT_JSON);
    }
}

/// Lines that hold JSON records.
#[derive(Default)]
pub(crate) struct JsonLines;

impl LineRecords for JsonLines {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        message(emit, number, line);
    }
}

fn by_line(emit: &mut Emit<'_>, input: &mut dyn Read) -> Result<Ending, Refusal> {
    let mut lines = Lines::new(input, emit.limits.record_bytes);
    // An object that goes on over several lines, and the line it began on.
    let mut open: (Vec<u8>, u64) = (Vec::new(), 0);
    loop {
        if emit.stop() {
            return Ok(Ending::Cancelled);
        }
        let number = lines.number + 1;
        match lines.next() {
            Ok(None) => break,
            Err(error) => return cut(emit, Position::Line(number), &error),
            Ok(Some(Line::TooLong(length))) => {
                let limit = emit.limits.record_bytes >> 20;
                let text =
                    format!("The record has {length} bytes; the limit is {limit} MiB. It was left out.");
                emit.fault(Position::Line(number), "too_long", text, NOT_JSON);
            }
            Ok(Some(Line::Bytes(bytes))) => line(emit, &mut open, bytes, number),
        }
    }
    if open.0.is_empty() {
        return Ok(Ending::Complete);
    }
    let at = Position::Line(open.1);
    emit.fault(at, "truncated", "The file ends in the middle of this record.", "Fetch the file again.");
    Ok(Ending::Truncated { at })
}

fn line(emit: &mut Emit<'_>, open: &mut (Vec<u8>, u64), bytes: &[u8], number: u64) {
    let text = bytes.trim_ascii();
    let text = text.strip_suffix(b",").unwrap_or(text);
    if text.is_empty() {
        return;
    }
    if open.0.is_empty() && text.starts_with(b"{") {
        match emit.look(text) {
            Looked::Done => return,
            Looked::Wanted => return build(emit, text, Position::Line(number), number),
            Looked::Unknown => {}
        }
    }
    if balanced(text) {
        if !open.0.is_empty() {
            broken(emit, Position::Line(open.1));
            open.0.clear();
        }
        one(emit, text, Position::Line(number), number);
        return;
    }
    if open.0.is_empty() {
        open.1 = number;
    }
    if open.0.len() + bytes.len() > emit.limits.record_bytes {
        broken(emit, Position::Line(open.1));
        open.0.clear();
        return;
    }
    if open.0.is_empty() && text.first() != Some(&b'{') {
        return broken(emit, Position::Line(number));
    }
    open.0.extend_from_slice(bytes);
    open.0.push(b'\n');
    // Only a line that ends in a bracket can close the record; this keeps the check from being quadratic.
    if text.ends_with(b"}") && balanced(&open.0) {
        let record = std::mem::take(&mut open.0);
        one(emit, record.trim_ascii(), Position::Line(open.1), open.1);
    }
}

fn broken(emit: &mut Emit<'_>, at: Position) {
    emit.fault(at, "bad_record", "The record is not whole JSON.", NOT_JSON);
}

fn by_brackets(
    emit: &mut Emit<'_>,
    input: &mut dyn Read,
    container: Option<&str>,
) -> Result<Ending, Refusal> {
    let mut pull = Pull::new(input, emit.limits);
    let mut number = 0;
    match document(emit, &mut pull, &mut number, container) {
        Ok(true) => Ok(Ending::Complete),
        Ok(false) => Ok(Ending::Cancelled),
        Err(error) => {
            if let Some(refusal) = error.refusal() {
                return Err(refusal);
            }
            let at = pull.position();
            emit.fault(at, "truncated", error.text(), "Fetch the file again.");
            Ok(Ending::Truncated { at })
        }
    }
}

/// Reads values to the end of the file; false when the caller asked to stop.
fn document<R: Read>(
    emit: &mut Emit<'_>,
    pull: &mut Pull<R>,
    number: &mut u64,
    container: Option<&str>,
) -> Result<bool, PullError> {
    while let Some(byte) = pull.peek()? {
        match byte {
            b'{' => object(emit, pull, number, container)?,
            b'[' => pull.array(|pull| element(emit, pull, number))?,
            b',' => {
                pull.take(b',')?;
            }
            _ => {
                let at = pull.position();
                pull.skip_line()?;
                emit.fault(at, "bad_record", "The line is not JSON.", NOT_JSON);
            }
        }
        if emit.stop() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// An object at the top: a record, or a container of records.
fn object<R: Read>(
    emit: &mut Emit<'_>,
    pull: &mut Pull<R>,
    number: &mut u64,
    container: Option<&str>,
) -> Result<(), PullError> {
    let Some(container) = container else { return element(emit, pull, number) };
    pull.object(|pull, key| {
        if key == container && pull.peek()? == Some(b'[') {
            return pull.array(|pull| element(emit, pull, number));
        }
        pull.skip()
    })
}

/// Whether a name under which an export holds its records occurs at all.
fn may_contain(text: &[u8]) -> bool {
    ["\"Records\"", "\"records\"", "\"items\"", "\"@odata.context\""]
        .iter()
        .any(|name| memchr::memmem::find(text, name.as_bytes()).is_some())
}

/// The member of the first object that holds the records of an export, if it is one: CloudTrail's `Records`,
/// Google's `items`, and `value` in what Microsoft Graph answers.
fn container(head: &[u8]) -> Option<String> {
    let mut found = None;
    let mut graph = false;
    // The head may be cut anywhere; what was found before the cut counts.
    let _ = Pull::new(head, &crate::Limits::default()).object(|pull, key| {
        graph |= key == "@odata.context";
        let named = matches!(key, "Records" | "records" | "items") || (graph && key == "value");
        if named && found.is_none() && pull.peek()? == Some(b'[') {
            found = Some(key.to_owned());
        }
        pull.skip()
    });
    found
}

fn element<R: Read>(emit: &mut Emit<'_>, pull: &mut Pull<R>, number: &mut u64) -> Result<(), PullError> {
    let captured = pull.capture()?;
    *number += 1;
    if captured.flaw.is_none() && emit.look(&pull.buffer) == Looked::Done {
        emit.stop();
        return Ok(());
    }
    usable(emit, captured, &pull.buffer, *number);
    emit.stop();
    Ok(())
}

fn usable(emit: &mut Emit<'_>, captured: Captured, bytes: &[u8], number: u64) {
    let at = Position::Line(captured.line);
    match captured.flaw {
        None => one(emit, bytes, at, number),
        Some(Flaw::TooLong) => {
            let text =
                format!("The record is longer than {} MiB. It was left out.", emit.limits.record_bytes >> 20);
            emit.fault(at, "too_long", text, NOT_JSON);
        }
        Some(Flaw::TooDeep) => {
            let text =
                format!("The record nests deeper than {} levels. It was left out.", emit.limits.nesting);
            emit.fault(at, "too_deep", text, NOT_JSON);
        }
    }
}

/// One whole record.
fn one(emit: &mut Emit<'_>, bytes: &[u8], at: Position, number: u64) {
    if bytes.first() != Some(&b'{') {
        emit.fault(at, "bad_record", "The record is not a JSON object.", NOT_JSON);
        return emit.keep(number, &String::from_utf8_lossy(bytes), "bad_record");
    }
    if too_deep(bytes, emit.limits.nesting) {
        let text = format!("The record nests deeper than {} levels. It was left out.", emit.limits.nesting);
        emit.fault(at, "too_deep", text, NOT_JSON);
        return emit.keep(number, &String::from_utf8_lossy(bytes), "too_deep");
    }
    build(emit, bytes, at, number);
}

/// The event of a whole object that is not nested too deep.
fn build(emit: &mut Emit<'_>, bytes: &[u8], at: Position, number: u64) {
    match flatten(bytes) {
        Ok(fields) => {
            let raw = String::from_utf8_lossy(bytes);
            emit.event(event(&emit.file.clone(), emit.modified, number, fields, &raw));
        }
        Err(error) => {
            let text = format!("The record is not valid JSON: {error}.");
            emit.fault(at, "bad_record", text, NOT_JSON);
            emit.keep(number, &String::from_utf8_lossy(bytes), "bad_record");
        }
    }
}

/// Whether brackets outside of texts go deeper than allowed: looked at before any recursion.
pub(crate) fn too_deep(bytes: &[u8], nesting: usize) -> bool {
    // Cheap way out: fewer opening brackets than levels.
    if memchr::memchr2_iter(b'{', b'[', bytes).take(nesting + 1).count() <= nesting {
        return false;
    }
    let limits = crate::Limits { nesting, record_bytes: usize::MAX, ..crate::Limits::default() };
    let mut pull = Pull::new(bytes, &limits);
    pull.capture().is_ok_and(|captured| captured.flaw == Some(Flaw::TooDeep))
}
