//! What a single line is, when nobody said so.

use crate::{Format, access, syslog};

/// The format of one line, by its own content; `None` for plain text.
pub(super) fn guess(line: &str) -> Option<Format> {
    let start = line.trim_start();
    match start.as_bytes().first()? {
        b'{' | b'[' if start.ends_with(['}', ']', ',']) => return Some(Format::Json),
        _ => {}
    }
    if syslog::parse(start).is_some() {
        return Some(Format::Syslog);
    }
    access::parse(start).is_some().then_some(Format::WebAccess)
}
