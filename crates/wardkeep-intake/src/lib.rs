//! Readers of people's files: logs, EVTX, scanner reports, SBOM, CSV; format sniffing.
//!
//! A file is judged by its content ([`sniff`]), never by its name alone. [`read`] streams it into a [`Sink`]:
//! events, reports and tables come out beside every fault with its position, so that one bad row costs one row.
//! Memory does not grow with the size of a log; every other bound is in [`Limits`].
//!
//! ```
//! use wardkeep_intake::{Collected, Options, Source, read};
//! let line = b"203.0.113.7 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 12\n";
//! let source = Source::memory("access.log", wardkeep_types::Moment::EPOCH, line.to_vec());
//! let mut out = Collected::default();
//! read(source, &Options::default(), &mut out).unwrap();
//! assert_eq!(out.events[0].src_ip.as_deref(), Some("203.0.113.7"));
//! ```

mod access;
mod archive;
mod auditd;
mod cef;
mod emit;
mod entities;
mod format;
mod head;
mod json;
mod line;
mod meter;
mod pairs;
mod read;
mod scan;
mod sink;
mod sniff;
mod source;
mod syslog;
mod table;
mod text;
mod time;
mod walk;
mod web_error;
mod windows;
mod xml;
mod zeek;

pub use format::{Format, Unknown};
pub use line::LineReader;
pub use read::{Limits, Options, read};
pub use sink::{Closed, Collected, Ending, Fault, Opened, Position, Refusal, Sink};
pub use sniff::{Confidence, HEAD_BYTES, Sniff, sniff};
pub use source::Source;
pub use table::{Row, Table};
pub use walk::{Walk, walk};
