//! What a single line is, when nobody said so.

use crate::{Format, access, auditd, cef, pairs, syslog, web_error};

/// The format of one line, by its own content; `None` for plain text. Formats that say what they are in a header
/// (tables, Zeek's text) cannot be told from a line.
pub(super) fn guess(line: &str) -> Option<Format> {
    let start = line.trim_start();
    match start.as_bytes().first()? {
        b'{' => return Some(Format::Json),
        // Other logs begin with a bracket too.
        b'[' if start[1..].trim_start().starts_with(['{', ']']) => return Some(Format::Json),
        b'<' if start.starts_with("<Event") || start.starts_with("<?xml") => return Some(Format::WindowsXml),
        b'C' if start.starts_with("CEF:") && cef::find(start).is_some() => return Some(Format::Cef),
        b'L' if start.starts_with("LEEF:") && cef::find(start).is_some() => return Some(Format::Leef),
        b't' | b'n' | b'a' if auditd::is_record(start) => return Some(Format::Auditd),
        _ => {}
    }
    if syslog::is_framed(start.as_bytes()) || syslog::parse(start).is_some() {
        return Some(Format::Syslog);
    }
    if access::parse(start).is_some() {
        return Some(Format::WebAccess);
    }
    if web_error::is_error(start) {
        return Some(Format::WebError);
    }
    pairs::is_logfmt(start).then_some(Format::Logfmt)
}
