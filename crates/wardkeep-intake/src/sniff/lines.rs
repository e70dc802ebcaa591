//! Logs of one line a record.

use super::Sniff;
use crate::{Format, access, auditd, cef, pairs, syslog, web_error};

/// Lines that are looked at.
const LINES: usize = 100;
/// Share of lines that must fit, in percent.
const SHARE: usize = 60;

pub(super) fn sniff(text: &[u8], name: &str) -> Option<Sniff> {
    let mut all: Vec<&[u8]> = text.split(|b| *b == b'\n').take(LINES + 1).collect();
    // The last line may be cut by the end of the head.
    if all.len() > 1 {
        all.pop();
    }
    let lines: Vec<_> =
        all.iter().map(|line| String::from_utf8_lossy(line)).filter(|line| !line.trim().is_empty()).collect();
    let enough = |count: usize| count > 0 && count * 100 >= lines.len() * SHARE;
    let count = |fits: fn(&str) -> bool| lines.iter().filter(|line| fits(line)).count();
    let told = |format: Format, fitting: usize, what: &str| {
        enough(fitting)
            .then(|| Sniff::likely(format, format!("{fitting} of {} lines are {what}", lines.len())))
    };
    if let Some(found) = told(Format::WebAccess, count(|l| access::parse(l).is_some()), "access records")
        .or_else(|| told(Format::Auditd, count(auditd::is_record), "audit records"))
        .or_else(|| told(Format::Cef, count(|l| of_bars(l, "CEF:")), "CEF records"))
        .or_else(|| told(Format::Leef, count(|l| of_bars(l, "LEEF:")), "LEEF records"))
    {
        return Some(found);
    }
    if syslog::is_framed(text) {
        return Some(Sniff::likely(Format::Syslog, "syslog messages with their length in front"));
    }
    let parsed: Vec<_> =
        lines.iter().filter_map(|line| syslog::parse(line)).filter(|h| h.host.is_some()).collect();
    if enough(parsed.len()) {
        let auth = parsed.iter().filter(|h| h.program.is_some_and(syslog::is_auth)).count();
        let named = ["auth.log", "secure", "auth-"].iter().any(|part| name.contains(part));
        let why = format!("{} of {} lines are syslog", parsed.len(), lines.len());
        // Most lines of an auth log come from the programs that let people in.
        let is_auth = auth * 2 > parsed.len() || (named && auth > 0);
        return Some(Sniff::likely(if is_auth { Format::AuthLog } else { Format::Syslog }, why));
    }
    told(Format::WebError, count(web_error::is_error), "web error records")
        .or_else(|| told(Format::Logfmt, count(pairs::is_logfmt), "names and values"))
}

/// A record between bars, bare or behind a syslog header.
fn of_bars(line: &str, mark: &str) -> bool {
    line.contains(mark) && cef::find(line).is_some_and(|record| record.starts_with(mark))
}
