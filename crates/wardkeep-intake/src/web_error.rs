//! Web server error logs, as Apache and nginx write them.

use crate::emit::Emit;
use crate::entities::{Fields, put};
use crate::line::LineRecords;
use crate::time::{c_time, stated};
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, TimeQuality};

/// Lines of an error log.
#[derive(Default)]
pub(crate) struct WebError;

impl LineRecords for WebError {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        match event(&emit.file, number, line) {
            Some(event) => emit.event(event),
            None => emit.bad_line(
                number,
                line,
                "bad_line",
                "The line is not in the error format of Apache or nginx.",
                "A message over several lines is kept by its first line; set the server's own format.",
            ),
        }
    }
}

/// Whether it is a line of an error log.
pub(crate) fn is_error(line: &str) -> bool {
    event(&Arc::from(""), 1, line).is_some()
}

fn event(source: &Arc<str>, number: u64, line: &str) -> Option<Event> {
    let mut event = Event::new(Dialect::WebError, source.clone(), number, line);
    if line.starts_with('[') {
        apache(&mut event, line)?;
    } else {
        nginx(&mut event, line)?;
    }
    // The time is local to the server and carries no zone.
    event.time_quality = TimeQuality::AssumedZone;
    event.action = event.text("level").map(Into::into);
    Some(event)
}

fn set(event: &mut Event, server: &str, at: Moment, level: &str, message: &str) {
    event.at = at;
    put(&mut event.fields, "server_software", server);
    put(&mut event.fields, "level", level);
    put(&mut event.fields, "message", message);
    event.message = Some(message.into());
}

fn client(event: &mut Event, text: &str) {
    let bare = text.trim_matches(['[', ']']);
    let (address, port) = match text.rsplit_once(':') {
        // With IPv6 the port stands behind a bracket.
        Some((address, port)) if address.ends_with(']') || !address.contains(':') => {
            (address.trim_matches(['[', ']']), port.parse::<i64>().ok())
        }
        _ => (bare, None),
    };
    event.src_ip = Some(address.into());
    put(&mut event.fields, "c-ip", address);
    if let Some(port) = port {
        put(&mut event.fields, "src_port", port);
    }
}

/// `[Sun Dec 04 04:47:44 2005] [core:error] [pid 1:tid 2] [client 10.0.0.1:99] AH00124: message`
fn apache(event: &mut Event, line: &str) -> Option<()> {
    let (time, mut rest) = line.strip_prefix('[')?.split_once(']')?;
    let at = c_time(time)?;
    let mut level = None;
    let mut parts: Vec<&str> = Vec::new();
    while let Some(inner) = rest.trim_start().strip_prefix('[') {
        let (part, after) = inner.split_once(']')?;
        match level {
            None => level = Some(part),
            Some(_) if ["pid ", "client ", "remote "].iter().any(|front| part.starts_with(front)) => {
                parts.push(part);
            }
            // Any other bracket is the message's own.
            Some(_) => break,
        }
        rest = after;
    }
    let level = level?;
    let (module, level) = level.split_once(':').unwrap_or(("", level));
    set(event, "apache", at, level, rest.trim());
    if !module.is_empty() {
        put(&mut event.fields, "module", module);
    }
    for part in parts {
        if let Some(address) = part.strip_prefix("client ").or_else(|| part.strip_prefix("remote ")) {
            client(event, address);
        } else if let Some(pid) = part.strip_prefix("pid ") {
            put(&mut event.fields, "pid", pid.split(':').next().unwrap_or_default());
        }
    }
    event.process = Some("apache".into());
    Some(())
}

/// `2026/02/03 04:05:06 [error] 12#0: *45 message, client: 10.0.0.1, server: x, request: "GET / HTTP/1.1", host: "y"`
fn nginx(event: &mut Event, line: &str) -> Option<()> {
    let (time, rest) = line.split_at_checked(19)?;
    if time.as_bytes().get(4) != Some(&b'/') {
        return None;
    }
    let (at, _) = stated(time)?;
    let (level, rest) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
    let (process, message) = rest.trim_start().split_once(": ")?;
    let (pid, _) = process.split_once('#')?;
    let message = match message.strip_prefix('*').and_then(|rest| rest.split_once(' ')) {
        Some((connection, message)) => {
            put(&mut event.fields, "connection", connection);
            message
        }
        None => message,
    };
    set(event, "nginx", at, level, message);
    put(&mut event.fields, "pid", pid);
    event.process = Some("nginx".into());
    // The message itself may hold such words, so the last counts.
    for (word, name) in [
        (", client: ", "client"),
        (", server: ", "server"),
        (", request: ", "request"),
        (", upstream: ", "upstream"),
        (", host: ", "host"),
        (", referrer: ", "cs-referer"),
    ] {
        let Some((_, after)) = message.rsplit_once(word) else { continue };
        let value = match after.strip_prefix('"') {
            Some(inner) => inner.split('"').next().unwrap_or(inner),
            None => after.split(", ").next().unwrap_or(after),
        };
        match name {
            "client" => client(event, value),
            "request" => request(&mut event.fields, value),
            "host" => event.host = Some(value.into()),
            name => put(&mut event.fields, name, value),
        }
    }
    Some(())
}

fn request(fields: &mut Fields, request: &str) {
    let mut words = request.split(' ');
    if let (Some(method), Some(uri)) = (words.next(), words.next()) {
        put(fields, "cs-method", method);
        put(fields, "cs-uri", uri);
        put(fields, "cs-uri-stem", uri.split('?').next().unwrap_or(uri));
    }
    put(fields, "request", request);
}

#[cfg(test)]
mod tests {
    use super::event;
    use std::sync::Arc;

    #[test]
    fn both_servers_are_read() {
        let check = |line: &str, expect: &str| {
            let e = event(&Arc::from("a"), 1, line).unwrap();
            let part = |text: &Option<Box<str>>| text.as_deref().unwrap_or("-").to_owned();
            assert_eq!(
                format!("{} {}", e.at, [&e.src_ip, &e.action, &e.message].map(part).join(" ")),
                expect
            );
        };
        check(
            "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties",
            "2005-12-04T04:47:44Z - notice workerEnv.init() ok /etc/httpd/conf/workers2.properties",
        );
        check(
            "[Fri Feb 06 04:05:06.123456 2026] [core:error] [pid 35:tid 43] [client 192.0.2.7:1234] AH00126: Invalid URI",
            "2026-02-06T04:05:06.123456Z 192.0.2.7 error AH00126: Invalid URI",
        );
        check(
            "[Fri Feb 06 04:05:06 2026] [error] [client 2001:db8::7] [x] File does not exist: /a",
            "2026-02-06T04:05:06Z 2001:db8::7 error [x] File does not exist: /a",
        );
        check(
            "2026/02/03 04:05:06 [error] 12#0: *45 open() \"/x\" failed (2: No such file), client: 192.0.2.7, server: s, request: \"GET /x?a=b HTTP/1.1\", host: \"h\"",
            "2026-02-03T04:05:06Z 192.0.2.7 error open() \"/x\" failed (2: No such file), client: 192.0.2.7, server: s, request: \"GET /x?a=b HTTP/1.1\", host: \"h\"",
        );
        assert!(event(&Arc::from("a"), 1, "2026-02-03 04:05:06 [error] x").is_none());
    }
}
