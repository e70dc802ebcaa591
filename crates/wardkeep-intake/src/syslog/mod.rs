//! Syslog lines (RFC 3164 and 5424) and Linux auth logs.

mod auth;
mod framed;
mod header;
mod payload;

use crate::auditd::Auditd;
use crate::emit::Emit;
use crate::entities::{Fields, put};
use crate::line::LineRecords;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, FieldValue, TimeQuality};

pub(crate) use framed::{framed, is_framed};
pub(crate) use header::{Header, parse};
use payload::{Payload, complete, payload};

const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
    "local7",
];
const SEVERITIES: [&str; 8] =
    ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"];

/// Whether lines of that program belong to the auth log.
pub(crate) fn is_auth(program: &str) -> bool {
    auth::is_auth(program)
}

/// Lines of syslog. In an auth log every line is of that dialect; elsewhere the program decides. A message that
/// carries a record of another format becomes an event of that format.
#[derive(Default)]
pub(crate) struct Syslog {
    pub(crate) auth_log: bool,
    auditd: Auditd,
}

impl Syslog {
    /// For an auth log.
    pub(crate) fn of_auth() -> Self {
        Self { auth_log: true, ..Self::default() }
    }
}

impl LineRecords for Syslog {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        let line = framed::unframed(line);
        let header = parse(line).and_then(|header| Some((header.time.at(emit.modified)?, header)));
        let Some((at, header)) = header else {
            return emit.bad_line(
                number,
                line,
                "bad_line",
                "The line is not syslog (RFC 3164 or RFC 5424).",
                "If one record spans several lines, send it as one line.",
            );
        };
        match payload(emit, &mut self.auditd, number, line, &header) {
            Payload::Taken => {}
            Payload::Event(mut event) => {
                complete(&mut event, &header, at);
                emit.event(*event);
            }
            Payload::None => emit.event(event(&emit.file, at, number, line, &header, self.auth_log)),
        }
    }
    fn end(&mut self, emit: &mut Emit<'_>) {
        self.auditd.end(emit);
    }
    fn idle(&mut self, emit: &mut Emit<'_>, since: Moment) {
        self.auditd.idle(emit, since);
    }
    fn holds(&self) -> bool {
        self.auditd.holds()
    }
}

fn event(
    source: &Arc<str>,
    (at, quality): (Moment, TimeQuality),
    number: u64,
    line: &str,
    header: &Header<'_>,
    auth_log: bool,
) -> Event {
    let is_auth = auth_log || header.program.is_some_and(auth::is_auth);
    let dialect = if is_auth { Dialect::Auth } else { Dialect::Syslog };
    let mut event = Event::new(dialect, source.clone(), number, line);
    (event.at, event.time_quality) = (at, quality);
    describe(&mut event.fields, header);
    event.host = header.host.map(Into::into);
    event.process = header.program.map(|program| auth::plain_name(program).into());
    event.message = Some(header.message.into());
    if is_auth {
        auth::fill(&mut event, header.program.unwrap_or_default(), header.message);
    }
    event
}

fn describe(fields: &mut Fields, header: &Header<'_>) {
    if let Some(priority) = header.priority {
        put(fields, "facility", FACILITIES[usize::from(priority >> 3).min(23)]);
        put(fields, "severity", SEVERITIES[usize::from(priority & 7)]);
    }
    let optional = [("hostname", header.host), ("program", header.program), ("msgid", header.message_id)];
    for (name, value) in optional {
        if let Some(value) = value {
            put(fields, name, value);
        }
    }
    if let Some(pid) = header.pid {
        let value = pid.parse::<i64>().map_or_else(|_| FieldValue::from(pid), FieldValue::Int);
        fields.insert("pid".into(), value);
    }
    for (name, value) in &header.structured {
        put(fields, name, value.as_str());
    }
    put(fields, "message", header.message);
}

impl header::Time {
    fn at(self, modified: Moment) -> Option<(Moment, TimeQuality)> {
        match self {
            Self::Stated(at, quality) => Some((at, quality)),
            Self::WithoutYear(time) => time.in_file_of(modified),
            Self::Nil => Some((modified, TimeQuality::Missing)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use wardkeep_types::Moment;
    use wardkeep_types::event::{Dialect, Event, TimeQuality};

    fn event(source: &Arc<str>, modified: Moment, number: u64, line: &str, auth_log: bool) -> Option<Event> {
        let header = super::parse(line)?;
        let at = header.time.at(modified)?;
        Some(super::event(source, at, number, line, &header, auth_log))
    }

    fn shown(line: &str) -> String {
        let modified = "2026-03-01T00:00:00Z".parse().unwrap();
        let e = event(&Arc::from("a"), modified, 1, line, false).unwrap();
        let part = |text: &Option<Box<str>>| text.as_deref().unwrap_or("-").to_owned();
        let parts = [part(&e.host), part(&e.process), part(&e.user), part(&e.src_ip), part(&e.action)];
        format!(
            "{:?} {} {} {} {}",
            e.dialect,
            e.at,
            parts.join(" "),
            part(&e.outcome),
            e.text("pid").unwrap_or_default()
        )
    }

    #[test]
    fn lines_are_understood() {
        let check = |line: &str, expect: &str| assert_eq!(shown(line), expect, "{line}");
        check(
            "Dec 10 06:55:46 LabSZ sshd[24200]: Failed password for invalid user webmaster from 173.234.31.186 port 38926 ssh2",
            "Auth 2025-12-10T06:55:46Z LabSZ sshd webmaster 173.234.31.186 failed failure 24200",
        );
        check(
            "<86>Dec 10 06:55:46 LabSZ sshd[1]: Accepted publickey for anna from 10.0.0.7 port 22 ssh2: RSA SHA256:x",
            "Auth 2025-12-10T06:55:46Z LabSZ sshd anna 10.0.0.7 accepted success 1",
        );
        check(
            "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=218.188.2.4  user=root",
            "Auth 2025-06-14T15:16:01Z combo sshd root 218.188.2.4 authentication_failure failure 19939",
        );
        check(
            "Jun 14 15:16:01 h sudo:    anna : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/bin/ls -l",
            "Auth 2025-06-14T15:16:01Z h sudo anna - sudo success ",
        );
        check(
            "Jun 14 15:16:01 h sudo:  eve : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
            "Auth 2025-06-14T15:16:01Z h sudo eve - sudo failure ",
        );
        check(
            "<34>1 2026-02-03T04:05:06.7Z mx.example.org su - ID47 [a@1 k=\"v \\\"q\\\" \\]\" n=\"\"] 'su root' failed",
            "Auth 2026-02-03T04:05:06.7Z mx.example.org su - - su failure ",
        );
        check(
            "Feb  3 04:05:06 fw kernel: [1.2] DROP IN=eth0",
            "Syslog 2026-02-03T04:05:06Z fw kernel - - - - ",
        );
        check(
            "2026-02-03T04:05:06.123456+01:00 web1 systemd-logind[9]: New session 3 of user anna.",
            "Auth 2026-02-03T03:05:06.123456Z web1 systemd-logind anna - session_opened success 9",
        );
    }

    #[test]
    fn structured_data_and_quality() {
        let modified = "2026-03-01T00:00:00Z".parse().unwrap();
        let line = "<13>1 - - app 7 - [x@1 k=\"v \\\"q\\\" \\]\"][y z=\"2\"] \u{feff}hello";
        let e = event(&Arc::from("a"), modified, 1, line, false).unwrap();
        assert_eq!((e.dialect, e.time_quality), (Dialect::Syslog, TimeQuality::Missing));
        assert_eq!(e.text("x@1.k").unwrap(), "v \"q\" ]");
        assert_eq!((e.text("y.z").unwrap(), e.message.unwrap().as_ref()), ("2".to_owned(), "hello"));
        assert_eq!(e.fields["facility"].to_string(), "user");
    }
}
