//! Records that stand on lines of their own: read from files, and one by one as they arrive.

mod guess;
mod reader;

pub use reader::LineReader;

use crate::access::WebAccess;
use crate::emit::Emit;
use crate::json::JsonLines;
use crate::syslog::Syslog;
use crate::{Format, Position};
use wardkeep_types::Moment;

/// Makes events of lines. What must be remembered between lines is remembered here.
pub(crate) trait LineRecords: Send {
    /// Takes one line that is not blank, without its line ending.
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str);
    /// Gives what is still held back, because no further line comes.
    fn end(&mut self, _emit: &mut Emit<'_>) {}
    /// Gives what was held back since before that moment, by the clock of receipt.
    fn idle(&mut self, _emit: &mut Emit<'_>, _since: Moment) {}
    /// Whether something is held back.
    fn holds(&self) -> bool {
        false
    }
}

/// The reader of a format whose records stand on lines of their own.
pub(crate) fn records(format: &Format) -> Option<Box<dyn LineRecords>> {
    Some(match format {
        Format::Syslog => Box::new(Syslog { auth_log: false }),
        Format::AuthLog => Box::new(Syslog { auth_log: true }),
        Format::WebAccess => Box::new(WebAccess),
        Format::Json | Format::WindowsJson | Format::CloudTrail => Box::new(JsonLines),
        _ => return None,
    })
}

/// Tells of a line that is longer than allowed and was left out.
pub(crate) fn too_long(emit: &mut Emit<'_>, number: u64, length: u64) {
    let limit = emit.limits.line_bytes >> 10;
    emit.fault(
        Position::Line(number),
        "too_long",
        format!("The line has {length} bytes; the limit is {limit} KiB. It was left out."),
        "Check that the file is a log with one record a line.",
    );
}
