//! Lines of names and values: logfmt.

use crate::emit::Emit;
use crate::entities::{Fields, put};
use crate::json::{TIME_NAMES, describe, time};
use crate::line::LineRecords;
use std::borrow::Cow;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, FieldValue};

/// Pairs that one line may have.
const PAIRS: usize = 4_096;

/// Lines of logfmt.
#[derive(Default)]
pub(crate) struct Logfmt;

impl LineRecords for Logfmt {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        match event(&emit.file, emit.modified, number, line) {
            Some(event) => emit.event(event),
            None => emit.bad_line(
                number,
                line,
                "bad_line",
                "The line does not consist of names and values (name=value).",
                "Check that the program writes logfmt.",
            ),
        }
    }
}

/// Whether a line is made of pairs, at least two, and of nothing else but bare words among them.
pub(crate) fn is_logfmt(line: &str) -> bool {
    pairs(line).is_some_and(|pairs| {
        let said = pairs.iter().filter(|(_, value)| value.is_some()).count();
        said >= 2 && said * 2 > pairs.len()
    })
}

fn event(source: &Arc<str>, modified: Moment, number: u64, line: &str) -> Option<Event> {
    let pairs = pairs(line)?;
    if pairs.iter().all(|(_, value)| value.is_none()) {
        return None;
    }
    let mut event = Event::new(Dialect::Logfmt, source.clone(), number, line);
    fill(&mut event.fields, pairs);
    event.at = modified;
    if let Some((at, quality)) = time(&event.fields, &TIME_NAMES) {
        (event.at, event.time_quality) = (at, quality);
    }
    describe(&mut event);
    Some(event)
}

fn fill(fields: &mut Fields, pairs: Vec<(&str, Option<Cow<'_, str>>)>) {
    for (name, value) in pairs {
        match value {
            // A name alone says that it is so.
            None => fields.or_insert_with(name.into(), || FieldValue::Bool(true)),
            Some(value) => put(fields, name, &*value),
        }
    }
}

/// A name with its value, if it has one.
type Pair<'l> = (&'l str, Option<Cow<'l, str>>);

/// The pairs of a line; `None` when something on it is neither a pair nor a bare name.
fn pairs(line: &str) -> Option<Vec<Pair<'_>>> {
    let mut all = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() && all.len() < PAIRS {
        let end = rest.find(['=', ' ', '\t']).unwrap_or(rest.len());
        let name = &rest[..end];
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b'@' | b':');
        if name.is_empty() || !name.bytes().all(plain) {
            return None;
        }
        rest = &rest[end..];
        let value = match rest.strip_prefix('=') {
            None => None,
            Some(after) => {
                let (value, after) = value(after)?;
                rest = after;
                Some(value)
            }
        };
        all.push((name, value));
        rest = rest.trim_start();
    }
    Some(all)
}

/// A value up to the next blank, or in double quotes with escapes; and what follows it.
fn value(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let Some(inner) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t']).unwrap_or(text.len());
        return Some((Cow::Borrowed(&text[..end]), &text[end..]));
    };
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', inner.as_bytes().get(from..)?)?;
        if inner.as_bytes()[at] == b'"' {
            let body = &inner[..at];
            let value = if body.contains('\\') {
                serde_json::from_str(&text[..at + 2]).map_or(Cow::Borrowed(body), Cow::Owned)
            } else {
                Cow::Borrowed(body)
            };
            return Some((value, &inner[at + 1..]));
        }
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::{event, is_logfmt};
    use std::sync::Arc;
    use wardkeep_types::Moment;

    #[test]
    fn pairs_are_read() {
        let line = r#"time=2026-02-03T04:05:06Z level=warn msg="sign-in \"x\" failed" user=anna src_ip=192.0.2.7 debug empty="#;
        let e = event(&Arc::from("a"), Moment::EPOCH, 1, line).unwrap();
        assert_eq!(e.at.to_string(), "2026-02-03T04:05:06Z");
        let shown = [&e.user, &e.src_ip, &e.message].map(|part| part.as_deref().unwrap_or("-").to_owned());
        assert_eq!(shown, ["anna", "192.0.2.7", "sign-in \"x\" failed"]);
        assert_eq!((e.text("debug").unwrap(), e.text("empty").unwrap()), ("true".to_owned(), String::new()));
        assert!(is_logfmt(line) && !is_logfmt("a plain text = nothing") && !is_logfmt("one two three"));
        assert!(!is_logfmt(r#"a="open"#));
    }
}
