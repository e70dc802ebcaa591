//! Records that stand on lines of their own: read from files, and one by one as they arrive.

mod guess;
mod reader;

pub use reader::LineReader;

use crate::access::WebAccess;
use crate::auditd::Auditd;
use crate::cef::Bars;
use crate::emit::Emit;
use crate::json::JsonLines;
use crate::pairs::Logfmt;
use crate::syslog::Syslog;
use crate::table::CsvLog;
use crate::web_error::WebError;
use crate::windows::XmlEvents;
use crate::zeek::Zeek;
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
        Format::Syslog => Box::new(Syslog::default()),
        Format::AuthLog => Box::new(Syslog::of_auth()),
        Format::Auditd => Box::new(Auditd::default()),
        Format::WebAccess => Box::new(WebAccess),
        Format::WebError => Box::new(WebError),
        Format::Zeek => Box::new(Zeek::default()),
        Format::Cef | Format::Leef => Box::new(Bars::default()),
        Format::Logfmt => Box::new(Logfmt),
        Format::CsvLog => Box::new(CsvLog::default()),
        Format::WindowsXml => Box::new(XmlEvents::default()),
        Format::Json
        | Format::WindowsJson
        | Format::CloudTrail
        | Format::Suricata
        | Format::Entra
        | Format::M365
        | Format::Okta
        | Format::GoogleWorkspace
        | Format::GitHub
        | Format::Ocsf => Box::new(JsonLines),
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
