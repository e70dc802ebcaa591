//! The front of a syslog line: priority, time, host, program.

use crate::time::{WithoutYear, stated, without_year};
use wardkeep_types::Moment;
use wardkeep_types::event::TimeQuality;

/// When the line was written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Time {
    /// With its year.
    Stated(Moment, TimeQuality),
    /// Without its year.
    WithoutYear(WithoutYear),
    /// RFC 5424 allows `-`.
    Nil,
}

/// The parts of a line.
#[derive(Debug)]
pub(crate) struct Header<'l> {
    pub(crate) priority: Option<u8>,
    pub(crate) time: Time,
    pub(crate) host: Option<&'l str>,
    pub(crate) program: Option<&'l str>,
    pub(crate) pid: Option<&'l str>,
    pub(crate) message_id: Option<&'l str>,
    /// Structured data as `id.name`, value.
    pub(crate) structured: Vec<(String, String)>,
    pub(crate) message: &'l str,
}

/// Takes a line apart; `None` when it is not syslog.
pub(crate) fn parse(line: &str) -> Option<Header<'_>> {
    let (priority, rest) = priority(line);
    if priority.is_some() && rest.starts_with("1 ") {
        return new_form(priority, &rest[2..]);
    }
    let (time, rest) = if let Some((time, rest)) = without_year(rest) {
        (Time::WithoutYear(time), rest)
    } else {
        // rsyslog's newer default file format: RFC 3339 in the old line.
        let (word, rest) = rest.split_at(rest.find(' ')?);
        // The whole word must be a time: rows of tables begin with one too.
        let is_time = |b: u8| b.is_ascii_digit() || b"TtZz:+-.,".contains(&b);
        let (at, quality) =
            stated(word).filter(|_| (19..=35).contains(&word.len()) && word.bytes().all(is_time))?;
        (Time::Stated(at, quality), rest)
    };
    let rest = rest.strip_prefix(": ").or_else(|| rest.strip_prefix(' '))?.trim_start();
    Some(old_form(priority, time, rest))
}

fn priority(line: &str) -> (Option<u8>, &str) {
    let inner = line.strip_prefix('<').and_then(|rest| rest.split_once('>'));
    match inner.map(|(digits, rest)| (digits.parse::<u8>(), rest)) {
        Some((Ok(number), rest)) if number <= 191 => (Some(number), rest),
        _ => (None, line),
    }
}

/// RFC 3164: `host program[pid]: message`, where the host may be missing.
fn old_form(priority: Option<u8>, time: Time, rest: &str) -> Header<'_> {
    let mut header = Header {
        priority,
        time,
        host: None,
        program: None,
        pid: None,
        message_id: None,
        structured: vec![],
        message: rest,
    };
    let (first, after) = rest.split_once(' ').unwrap_or((rest, ""));
    // A first word that ends in a colon is the program: the host was left out.
    let body = if first.ends_with(':') && !first.contains("::") {
        rest
    } else {
        header.host = Some(first).filter(|host| !host.is_empty());
        after.trim_start()
    };
    header.message = body;
    if let Some((program, pid, message)) = tag(body) {
        header.program = Some(program);
        header.pid = pid;
        header.message = message;
    }
    header
}

/// `program[pid]: message`; a program name has no blanks and is at most 64 bytes long.
fn tag(body: &str) -> Option<(&str, Option<&str>, &str)> {
    let end = body.find([':', ' ', '['])?;
    if end == 0 || end > 64 {
        return None;
    }
    let (program, rest) = body.split_at(end);
    if let Some(inner) = rest.strip_prefix('[') {
        let (pid, after) = inner.split_once(']')?;
        let message = after.strip_prefix(':').unwrap_or(after);
        return Some((program, Some(pid), message.trim_start()));
    }
    rest.strip_prefix(':').map(|message| (program, None, message.trim_start()))
}

/// RFC 5424 after its version.
fn new_form(priority: Option<u8>, rest: &str) -> Option<Header<'_>> {
    let mut rest = rest;
    let mut word = || {
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = after;
        word
    };
    let (time, host, program, pid, message_id) = (word(), word(), word(), word(), word());
    let time = match time {
        "-" => Time::Nil,
        text => stated(text).map(|(at, quality)| Time::Stated(at, quality))?,
    };
    let said = |text: &'_ str| !text.is_empty() && text != "-";
    let (structured, message) = structured(rest)?;
    Some(Header {
        priority,
        time,
        host: Some(host).filter(|t| said(t)),
        program: Some(program).filter(|t| said(t)),
        pid: Some(pid).filter(|t| said(t)),
        message_id: Some(message_id).filter(|t| said(t)),
        structured,
        message: message.trim_start().trim_start_matches('\u{feff}'),
    })
}

/// Name and value pairs of structured data, and what follows it.
type Structured<'l> = (Vec<(String, String)>, &'l str);

fn structured(text: &str) -> Option<Structured<'_>> {
    let mut pairs = Vec::new();
    if let Some(rest) = text.strip_prefix('-') {
        return Some((pairs, rest));
    }
    let mut rest = text;
    while let Some(inner) = rest.strip_prefix('[') {
        let end = inner.find([' ', ']'])?;
        let id = &inner[..end];
        rest = &inner[end..];
        loop {
            rest = rest.trim_start_matches(' ');
            if let Some(after) = rest.strip_prefix(']') {
                rest = after;
                break;
            }
            let (name, after) = rest.split_once("=\"")?;
            let (value, after) = value(after)?;
            pairs.push((format!("{id}.{name}"), value));
            rest = after;
        }
    }
    Some((pairs, rest))
}

/// A value up to its closing quote, with `\"`, `\\` and `\]` undone.
fn value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => match characters.next()? {
                (_, kept @ ('"' | '\\' | ']')) => value.push(kept),
                (_, other) => value.extend(['\\', other]),
            },
            other => value.push(other),
        }
    }
    None
}
