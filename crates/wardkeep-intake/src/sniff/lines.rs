//! Logs of one line a record.

use super::Sniff;
use crate::{Format, access, syslog};

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
    let access = lines.iter().filter(|line| access::parse(line).is_some()).count();
    if enough(access) {
        return Some(Sniff::likely(
            Format::WebAccess,
            format!("{access} of {} lines are access records", lines.len()),
        ));
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
    let errors = lines.iter().filter(|line| is_error_log(line)).count();
    enough(errors).then(|| {
        Sniff::unknown("web server error log", "Only access logs are read; give access.log or the like.")
    })
}

/// `[Sun Dec 04 04:47:44 2005] [error] ...`
fn is_error_log(line: &str) -> bool {
    let Some((time, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once("] [")) else {
        return false;
    };
    crate::time::c_time(time).is_some() && rest.contains(']')
}
