//! Records of another format that came in a syslog message.

use super::header::Header;
use crate::auditd::{Around, Auditd};
use crate::cef;
use crate::emit::Emit;
use crate::json::{event as shaped, flatten, too_deep};
use wardkeep_types::event::{Event, FieldValue, TimeQuality};

/// What a message carries.
pub(super) enum Payload {
    /// Nothing: the message is a text.
    None,
    /// A record that is being joined with others.
    Taken,
    /// An event, without what the header says.
    Event(Box<Event>),
}

/// Looks for a record in a message. Most messages are told by their first sign.
pub(super) fn payload(
    emit: &mut Emit<'_>,
    auditd: &mut Auditd,
    number: u64,
    line: &str,
    header: &Header<'_>,
) -> Payload {
    // A record that begins where the program's name would stand was taken for one: `CEF:0|...`.
    let in_front = header.host.is_some_and(of_bars);
    if in_front || matches!(header.program, Some("CEF" | "LEEF")) || header.message.starts_with(['C', 'L']) {
        let record = cef::find(line).filter(|_| line.contains('|'));
        return match record.and_then(|record| cef::event(emit, number, record, line)) {
            Some(event) => Payload::Event(Box::new(event)),
            None => Payload::None,
        };
    }
    let message = header.message.strip_prefix("@cee:").unwrap_or(header.message).trim_start();
    match message.as_bytes().first() {
        Some(b'{') => json(emit, number, line, message),
        Some(b't' | b'n' | b'a' | b'[') => {
            // The kernel may write seconds since start in front.
            let bare = match message.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
                Some((_, rest)) => rest,
                None => message,
            };
            let bare =
                if bare.starts_with("audit(") && header.program == Some("audit") { bare } else { skip(bare) };
            let around = Around { host: header.host, raw: Some(line) };
            if !bare.is_empty() && auditd.take(emit, number, bare, around) {
                Payload::Taken
            } else {
                Payload::None
            }
        }
        _ => Payload::None,
    }
}

/// A record that stands where the host should.
fn of_bars(host: &str) -> bool {
    host.starts_with("CEF:") || host.starts_with("LEEF:")
}

/// The message if it can be an audit record, else nothing.
fn skip(message: &str) -> &str {
    let front = ["type=", "node=", "audit: type=", "audit("];
    if front.iter().any(|front| message.starts_with(front)) { message } else { "" }
}

fn json(emit: &Emit<'_>, number: u64, line: &str, message: &str) -> Payload {
    let record = message.trim_end();
    if !record.ends_with('}') || too_deep(record.as_bytes(), emit.limits.nesting) {
        return Payload::None;
    }
    match flatten(record.as_bytes()) {
        Ok(fields) => {
            let mut event = shaped(&emit.file, emit.modified, number, fields, record);
            event.raw = line.into();
            Payload::Event(Box::new(event))
        }
        Err(_) => Payload::None,
    }
}

/// Adds what the header says where the record does not.
pub(super) fn complete(event: &mut Event, header: &Header<'_>, at: (wardkeep_types::Moment, TimeQuality)) {
    if event.time_quality == TimeQuality::Missing {
        (event.at, event.time_quality) = at;
    }
    let host = header.host.filter(|host| !of_bars(host));
    let said = [("hostname", host), ("program", header.program), ("msgid", header.message_id)];
    for (name, value) in said {
        if let Some(value) = value.filter(|value| !matches!(*value, "CEF" | "LEEF")) {
            event.fields.or_insert_with(name.into(), || FieldValue::from(value));
        }
    }
    for (name, value) in &header.structured {
        event.fields.or_insert_with(name.as_str().into(), || FieldValue::from(value.as_str()));
    }
    if event.host.is_none() {
        event.host = host.map(Into::into);
    }
    if event.process.is_none() {
        event.process = header.program.filter(|name| !matches!(*name, "CEF" | "LEEF")).map(Into::into);
    }
}
