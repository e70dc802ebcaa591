//! Web server access logs: common and combined format, as Apache and nginx write them.

use crate::emit::Emit;
use crate::entities::{Fields, put};
use crate::line::LineRecords;
use crate::time::access_log;
use std::sync::Arc;
use wardkeep_types::event::{Dialect, Event, TimeQuality};

/// The parts of one line, as written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Access<'l> {
    virtual_host: Option<&'l str>,
    client: &'l str,
    user: &'l str,
    time: &'l str,
    request: &'l str,
    status: &'l str,
    bytes: &'l str,
    referrer: Option<&'l str>,
    agent: Option<&'l str>,
}

/// Takes a line apart; `None` when it is no access log line.
pub(crate) fn parse(line: &str) -> Option<Access<'_>> {
    let open = line.find('[')?;
    let mut front = line[..open].split_ascii_whitespace();
    let mut words = [None; 4];
    for word in &mut words {
        *word = front.next();
    }
    // With a virtual host in front there are four words.
    let (virtual_host, client, user) = match words {
        [Some(client), Some(_), Some(user), None] => (None, client, user),
        [Some(host), Some(client), Some(_), Some(user)] if front.next().is_none() => {
            (Some(host), client, user)
        }
        _ => return None,
    };
    let (time, rest) = line[open + 1..].split_once(']')?;
    let (request, rest) = quoted(rest.trim_start())?;
    let mut rest = rest.trim_start();
    let mut number = || {
        let (word, left) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = left.trim_start();
        word
    };
    let (status, bytes) = (number(), number());
    let is_status = status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit());
    if !is_status || !(bytes == "-" || bytes.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let mut more = rest;
    let mut next_quoted = || {
        let (text, left) = quoted(more)?;
        more = left.trim_start();
        Some(text)
    };
    let (referrer, agent) = (next_quoted(), next_quoted());
    Some(Access { virtual_host, client, user, time, request, status, bytes, referrer, agent })
}

/// A quoted text at the front, quotes taken off, and what follows. A backslash keeps the next character.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('"')?;
    let bytes = inner.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[from..]) {
        let at = from + found;
        if bytes[at] == b'"' {
            return Some((&inner[..at], &inner[at + 1..]));
        }
        from = at + 2;
        if from > bytes.len() {
            return None;
        }
    }
    None
}

/// Lines of an access log.
#[derive(Default)]
pub(crate) struct WebAccess;

impl LineRecords for WebAccess {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        match event(&emit.file, number, line) {
            Some(event) => emit.event(event),
            None => emit.bad_line(
                number,
                line,
                "bad_line",
                "The line is not in the common or combined format.",
                "If the server uses a format of its own, set it to combined.",
            ),
        }
    }
}

fn event(source: &Arc<str>, number: u64, line: &str) -> Option<Event> {
    let access = parse(line)?;
    let at = access_log(access.time)?;
    let mut event = Event::new(Dialect::WebAccess, source.clone(), number, line);
    event.at = at;
    event.time_quality = TimeQuality::Stated;
    let fields = &mut event.fields;
    request(fields, access.request);
    put(fields, "c-ip", access.client);
    put(fields, "sc-status", access.status.parse::<i64>().unwrap_or(0));
    optional(fields, "cs-username", Some(access.user));
    optional(fields, "cs-referer", access.referrer);
    optional(fields, "cs-user-agent", access.agent);
    optional(fields, "cs-host", access.virtual_host);
    if let Ok(bytes) = access.bytes.parse::<i64>() {
        put(fields, "sc-bytes", bytes);
    }
    event.action = event.text("cs-method").map(Into::into);
    event.src_ip = Some(access.client.into());
    event.user = (access.user != "-").then(|| access.user.into());
    event.host = access.virtual_host.map(Into::into);
    let failed = access.status.as_bytes()[0] >= b'4';
    event.outcome = Some(if failed { "failure" } else { "success" }.into());
    event.message = Some(access.request.into());
    Some(event)
}

fn optional(fields: &mut Fields, name: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|v| *v != "-" && !v.is_empty()) {
        put(fields, name, value);
    }
}

/// `GET /a/b?c=d HTTP/1.1` under the field names that Sigma's web rules use.
fn request(fields: &mut Fields, request: &str) {
    let mut words = request.splitn(2, ' ');
    let (method, rest) = (words.next().unwrap_or(""), words.next());
    let Some(rest) =
        rest.filter(|_| method.bytes().all(|b| b.is_ascii_uppercase() || b == b'_' || b == b'-'))
    else {
        // Scanners send bytes that are no request; the rules still see them.
        optional(fields, "cs-uri", Some(request));
        return;
    };
    let (uri, version) = match rest.rsplit_once(' ') {
        Some((uri, version)) if version.starts_with("HTTP/") => (uri, Some(version)),
        _ => (rest, None),
    };
    let (stem, query) = uri.split_once('?').map_or((uri, None), |(stem, query)| (stem, Some(query)));
    put(fields, "cs-method", method);
    put(fields, "cs-uri", uri);
    put(fields, "cs-uri-stem", stem);
    optional(fields, "cs-uri-query", query);
    optional(fields, "cs-version", version);
}

#[cfg(test)]
mod tests {
    use super::{event, parse};
    use std::sync::Arc;

    #[test]
    fn both_formats_are_read() {
        let check = |line: &str, expect: [&str; 5]| {
            let event = event(&Arc::from("a"), 1, line).unwrap();
            let names = ["cs-method", "cs-uri-stem", "cs-uri-query", "sc-status", "cs-user-agent"];
            assert_eq!(names.map(|name| event.text(name).unwrap_or_default()), expect, "{line}");
        };
        check(
            r#"::1 - - [10/Oct/2000:13:55:36 -0700] "GET /a.gif?x=1 HTTP/1.0" 200 2326"#,
            ["GET", "/a.gif", "x=1", "200", ""],
        );
        check(
            r#"10.0.0.1 - anna [10/Oct/2000:13:55:36 -0700] "POST /l HTTP/1.1" 401 - "-" "a \"b\" c" 99"#,
            ["POST", "/l", "", "401", r#"a \"b\" c"#],
        );
        check(
            r#"example.org:80 10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "\x16\x03\x01" 400 0"#,
            ["", "", "", "400", ""],
        );
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "",
            "[Sun Dec 04 04:47:44 2005] [notice] x",
            r#"a b c [d] "e" 20 1"#,
            r#"a b c [d] "e\"#,
            r#"a b c [d] "e" 200 1x"#,
        ] {
            assert!(parse(line).is_none(), "{line}");
        }
    }
}
