//! CEF and LEEF: a header of fields between bars, and pairs behind it. Firewalls and the like send them in syslog.

use crate::emit::Emit;
use crate::entities::{Fields, first, put, text};
use crate::json::outcome;
use crate::line::LineRecords;
use crate::syslog::{Syslog, parse};
use crate::time::{epoch, stated, without_year};
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, FieldValue, Name, TimeQuality};

/// Pairs that one record may have.
const PAIRS: usize = 4_096;

/// Lines of CEF or LEEF, bare or behind a syslog header.
#[derive(Default)]
pub(crate) struct Bars {
    syslog: Syslog,
}

impl LineRecords for Bars {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        let Some(record) = find(line) else {
            return emit.bad_line(
                number,
                line,
                "bad_line",
                "The line holds no CEF or LEEF record.",
                "Check the format that the device is set to send.",
            );
        };
        if record.len() < line.len() && parse(line).is_some() {
            return self.syslog.line(emit, number, line);
        }
        match event(emit, number, record, line) {
            Some(event) => emit.event(event),
            None => broken(emit, number, line),
        }
    }
}

/// Tells of a record whose header is not whole.
pub(crate) fn broken(emit: &mut Emit<'_>, number: u64, line: &str) {
    let remedy = "Check that the device does not cut long messages.";
    emit.bad_line(number, line, "bad_record", "The header of the record is not whole.", remedy);
}

/// The record in a line, from its first sign on.
pub(crate) fn find(line: &str) -> Option<&str> {
    ["CEF:", "LEEF:"].iter().find_map(|mark| {
        let at = line.find(mark)?;
        let before = line.as_bytes()[..at].last();
        let after = line.as_bytes().get(at + mark.len())?;
        (after.is_ascii_digit() && before.is_none_or(|b| !b.is_ascii_alphanumeric())).then(|| &line[at..])
    })
}

/// The event of a record; `raw` is the line it came in. The time is missing when the record says none.
pub(crate) fn event(emit: &Emit<'_>, number: u64, record: &str, raw: &str) -> Option<Event> {
    let is_cef = record.starts_with("CEF:");
    let dialect = if is_cef { Dialect::Cef } else { Dialect::Leef };
    let mut event = Event::new(dialect, emit.file.clone(), number, raw);
    event.at = emit.modified;
    if is_cef {
        cef(&mut event, record)?;
    } else {
        leef(&mut event, record)?;
    }
    Some(event)
}

/// The next field of a header, with `\|` and `\\` undone, and what follows its bar.
fn field(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut signs = text.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '|' => return Some((value, &text[at + 1..])),
            '\\' => value.push(signs.next()?.1),
            sign => value.push(sign),
        }
    }
    None
}

fn cef(event: &mut Event, record: &str) -> Option<()> {
    const HEADER: [&str; 7] = [
        "cefVersion",
        "deviceVendor",
        "deviceProduct",
        "deviceVersion",
        "deviceEventClassId",
        "name",
        "severity",
    ];
    let mut rest = record.strip_prefix("CEF:")?;
    for name in HEADER {
        // Without any pairs the last bar is sometimes left out.
        let (value, after) = match field(rest) {
            Some(found) => found,
            None if name == "severity" => (rest.to_owned(), ""),
            None => return None,
        };
        put(&mut event.fields, name, value);
        rest = after;
    }
    extension(&mut event.fields, rest);
    labels(&mut event.fields);
    let fields = &event.fields;
    let when = ["rt", "start", "end", "art"].iter().find_map(|name| when(text(fields, name)?));
    if let Some((at, quality)) = when {
        (event.at, event.time_quality) = (at, quality);
    }
    event.host = first(fields, &["dvchost", "dvc", "shost", "deviceExternalId"]);
    event.user = first(fields, &["suser", "duser", "suid", "duid"]);
    event.src_ip = first(fields, &["src", "c6a2", "sourceTranslatedAddress"]);
    event.dst_ip = first(fields, &["dst", "c6a3", "destinationTranslatedAddress"]);
    event.process = first(fields, &["sproc", "dproc", "deviceProcessName", "filePath"]);
    event.action = first(fields, &["act", "deviceEventClassId"]);
    event.message = first(fields, &["msg", "name"]);
    event.outcome = ["outcome", "act"].iter().find_map(|name| outcome(text(fields, name)?)).map(Into::into);
    Some(())
}

/// `name=value name=value`: a value goes up to the blank before the next name.
fn extension(fields: &mut Fields, text: &str) {
    let bytes = text.as_bytes();
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'[' | b']');
    // Where names begin and where their values begin.
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for at in memchr::memchr_iter(b'=', bytes) {
        let escapes = bytes[..at].iter().rev().take_while(|b| **b == b'\\').count();
        let name = bytes[..at].iter().rev().take_while(|b| is_name(**b)).count();
        let begins = at - name;
        if escapes % 2 == 0 && name > 0 && (begins == 0 || bytes[begins - 1] == b' ') && starts.len() < PAIRS
        {
            starts.push((begins, at + 1));
        }
    }
    for (index, (begins, value)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(text.len(), |(next, _)| *next);
        let value = unescape(text[*value..end].trim_end());
        put(fields, &text[*begins..text[*begins..].find('=').map_or(end, |at| begins + at)], value);
    }
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(kept @ ('=' | '\\' | '|')) => out.push(kept),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            sign => out.push(sign),
        }
    }
    out
}

/// `cs1=x cs1Label=Rule`: the value is also offered under its label.
fn labels(fields: &mut Fields) {
    let labelled: Vec<(Name, FieldValue)> = fields
        .iter()
        .filter_map(|(name, label)| {
            let value = fields.get(name.strip_suffix("Label")?)?;
            let label = label.to_string();
            (!label.is_empty()).then(|| (label.into(), value.clone()))
        })
        .collect();
    for (label, value) in labelled {
        fields.or_insert_with(label, || value);
    }
}

fn leef(event: &mut Event, record: &str) -> Option<()> {
    let (version, rest) = field(record.strip_prefix("LEEF:")?)?;
    let fields = &mut event.fields;
    put(fields, "leefVersion", version.as_str());
    let mut rest = rest;
    for name in ["vendor", "product", "version", "eventId"] {
        let (value, after) = match field(rest) {
            Some(found) => found,
            None if name == "eventId" => (rest.to_owned(), ""),
            None => return None,
        };
        put(fields, name, value);
        rest = after;
    }
    let mut mark = '\t';
    if version.starts_with('2') {
        // The sign between pairs, as itself or as its number; a name with `=` is already a pair.
        if let Some((stated, after)) = rest.split_once('|').filter(|(stated, _)| !stated.contains('=')) {
            let hex = stated.strip_prefix("0x").or_else(|| stated.strip_prefix('x'));
            let number = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
            mark = number.or_else(|| stated.chars().next()).unwrap_or('\t');
            rest = after;
        }
    }
    for pair in rest.split(mark).take(PAIRS) {
        if let Some((name, value)) = pair.split_once('=') {
            put(fields, name.trim(), value.trim_end());
        }
    }
    let fields = &event.fields;
    if let Some((at, quality)) = ["devTime", "startTime"].iter().find_map(|name| when(text(fields, name)?)) {
        (event.at, event.time_quality) = (at, quality);
    }
    event.host = first(fields, &["identHostName", "devName", "hostName"]);
    event.user = first(fields, &["usrName", "accountName", "identityUserName"]);
    event.src_ip = first(fields, &["src", "srcPostNAT", "identSrc"]);
    event.dst_ip = first(fields, &["dst", "dstPostNAT"]);
    event.process = first(fields, &["application", "process"]);
    event.action = first(fields, &["action", "eventId"]);
    event.message = first(fields, &["msg", "message", "reason", "cat"]);
    event.outcome =
        ["outcome", "result", "action"].iter().find_map(|n| outcome(text(fields, n)?)).map(Into::into);
    Some(())
}

/// Times as these formats write them: milliseconds since 1970, RFC 3339, or `Feb 03 2026 04:05:06`.
fn when(text: &str) -> Option<(Moment, TimeQuality)> {
    if let Some(at) = text.parse().ok().and_then(epoch) {
        return Some((at, TimeQuality::Stated));
    }
    stated(text).or_else(|| without_year(text)?.0.with_year())
}

#[cfg(test)]
mod tests {
    use super::{cef, find, leef};
    use std::sync::Arc;
    use wardkeep_types::event::{Dialect, Event};

    fn shown(record: &str) -> String {
        let mut e = Event::new(Dialect::Cef, Arc::from("a"), 1, record);
        if record.starts_with("CEF") { cef(&mut e, record) } else { leef(&mut e, record) }.unwrap();
        let part = |text: &Option<Box<str>>| text.as_deref().unwrap_or("-").to_owned();
        let parts = [&e.host, &e.user, &e.src_ip, &e.dst_ip, &e.action, &e.outcome, &e.message].map(part);
        format!("{} {}", e.at, parts.join(" "))
    }

    #[test]
    fn headers_and_pairs_are_read() {
        let check = |record: &str, expect: &str| assert_eq!(shown(record), expect, "{record}");
        check(
            r"CEF:0|Acme|Fire\|wall|1.0|100|worm stopped|10|src=10.0.0.1 dst=192.0.2.1 spt=1232 act=blocked msg=a b\=c \\ d suser=anna rt=1521911720629",
            r"2018-03-24T17:15:20.629Z - anna 10.0.0.1 192.0.2.1 blocked failure a b=c \ d",
        );
        check(
            "CEF:0|A|B|1|5|n|3|rt=Feb 03 2026 04:05:06 dvchost=fw1 cs1=rule 7 cs1Label=Rule act=allowed",
            "2026-02-03T04:05:06Z fw1 - - - allowed success n",
        );
        check(
            "LEEF:1.0|A|B|1|login|src=10.0.0.1\tusrName=anna b\tdevTime=2026-02-03T04:05:06Z\toutcome=failed",
            "2026-02-03T04:05:06Z - anna b 10.0.0.1 - login failure -",
        );
        for mark in ["^", "x5E", "0x5e"] {
            check(
                &format!(
                    "LEEF:2.0|A|B|1|login|{mark}|src=10.0.0.1^usrName=anna^devTime=1521911720629^msg=x y"
                ),
                "2018-03-24T17:15:20.629Z - anna 10.0.0.1 - login - x y",
            );
        }
        let mut e = Event::new(Dialect::Cef, Arc::from("a"), 1, "");
        cef(&mut e, "CEF:0|A|B|1|5|n|3|cs1=rule 7 cs1Label=Rule url=http://x/?a=b&c=d").unwrap();
        assert_eq!(
            (e.text("Rule").unwrap(), e.text("url").unwrap()),
            ("rule 7".into(), "http://x/?a=b&c=d".into())
        );
        assert!(
            cef(&mut e, "CEF:0|A|B").is_none()
                && find("x CEF:no").is_none()
                && find("<1>h CEF:0|a").is_some()
        );
    }
}
