//! Reads one source: finds its format, hands it to its reader, and says how it ended.

use crate::emit::{Emit, Kept};
use crate::head::{Head, head};
use crate::meter::{Meter, Taken};
use crate::source::{Input, ReadSeek};
use crate::text::{Decoded, Encoding, each_record, encoding};
use crate::{
    Closed, Ending, Format, Opened, Refusal, Sink, Sniff, Source, archive, json, line, scan, sniff, syslog,
    table, windows,
};
use std::io::{Cursor, Read, SeekFrom};
use std::rc::Rc;
use std::sync::Arc;
use wardkeep_types::{Moment, limits};

/// Bounds of one read; the defaults are `wardkeep_types::limits`.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one line of a text log.
    pub line_bytes: usize,
    /// Bytes of one structured record or field.
    pub record_bytes: usize,
    /// Nesting of JSON.
    pub nesting: usize,
    /// Nesting of XML.
    pub xml_depth: usize,
    /// How many times an archive may grow after the first 10 MiB.
    pub expansion_ratio: u64,
    /// Bytes of an archive when unpacked.
    pub expansion_bytes: u64,
    /// Members of an archive.
    pub archive_entries: usize,
    /// Bytes of a workbook, or of a ZIP that arrives as a stream, held in memory.
    pub held_bytes: u64,
    /// Rows of a table.
    pub table_rows: usize,
    /// Columns of a table.
    pub table_columns: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes: limits::LOG_LINE_BYTES,
            record_bytes: limits::RECORD_BYTES,
            nesting: limits::NESTING,
            xml_depth: 256,
            expansion_ratio: limits::EXPANSION_RATIO,
            expansion_bytes: limits::EXPANSION_BYTES,
            archive_entries: limits::ARCHIVE_ENTRIES,
            held_bytes: limits::EVIDENCE_BYTES,
            table_rows: limits::EXPORT_ROWS as usize,
            table_columns: 4_096,
        }
    }
}

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Bounds.
    pub limits: Limits,
    /// The format as the person named it; found from the content when absent.
    pub format: Option<Format>,
    /// The sheet of a workbook; the first when absent.
    pub sheet: Option<String>,
}

/// What the readers of one run share.
pub(crate) struct Run<'a> {
    pub(crate) sink: &'a mut dyn Sink,
    pub(crate) options: &'a Options,
    pub(crate) meter: Rc<Meter>,
}

/// How deep in containers a file stands.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Depth {
    /// Inside a ZIP or tar.
    pub(crate) member: bool,
    /// Directly inside a gzip or Zstandard stream.
    pub(crate) unpacked: bool,
}

/// One file or member on its way to a reader.
pub(crate) struct Piece<'r> {
    pub(crate) name: Arc<str>,
    pub(crate) modified: Moment,
    pub(crate) depth: Depth,
    pub(crate) body: Body<'r>,
}

/// The bytes of a piece.
pub(crate) enum Body<'r> {
    Seekable(&'r mut dyn ReadSeek),
    Stream(&'r mut dyn Read),
}

/// Reads a source to its end. Faults of single rows go to the sink; a file that is not read at all, or not to its
/// end for a reason the person can act on, is a refusal. What was given to the sink before a refusal stands.
pub fn read(source: Source, options: &Options, sink: &mut dyn Sink) -> Result<Ending, Refusal> {
    let meter = Rc::new(Meter::default());
    let mut run = Run { sink, options, meter: meter.clone() };
    let (name, modified) = (source.name.clone(), source.modified);
    match source.open()? {
        Input::Seekable(inner) => {
            let mut counted = Taken(inner, meter);
            if let Ok(size) = std::io::Seek::seek(&mut counted, SeekFrom::End(0)) {
                run.meter.set_size(size);
            }
            std::io::Seek::seek(&mut counted, SeekFrom::Start(0)).map_err(|e| Refusal::from_io(&e))?;
            let body = Body::Seekable(&mut counted);
            piece(&mut run, Piece { name, modified, depth: Depth::default(), body })
        }
        Input::Stream(inner) => {
            let mut counted = Taken(inner, meter);
            let body = Body::Stream(&mut counted);
            piece(&mut run, Piece { name, modified, depth: Depth::default(), body })
        }
    }
}

/// Reads one piece: a whole file, or a member of an archive.
pub(crate) fn piece(run: &mut Run<'_>, piece: Piece<'_>) -> Result<Ending, Refusal> {
    let Piece { name, modified, depth, mut body } = piece;
    let head = match head(&mut body) {
        Ok(head) => head,
        Err(refusal) => {
            return close(run, &name, Format::unknown("unreadable file", ""), Err(refusal), [0; 3]);
        }
    };
    let found = match &run.options.format {
        // A named format speaks about the content, so containers are still opened.
        Some(named) => {
            let seen = sniff(&head.bytes, &name);
            let why = "named by the caller".to_owned();
            if seen.format.is_container() { seen } else { Sniff { format: named.clone(), why, ..seen } }
        }
        None => sniff(&head.bytes, &name),
    };
    let Sniff { format, why, .. } = found;
    run.sink.opened(&Opened { file: name.clone(), format: format.clone(), why });
    if format.is_container() {
        let result = container(run, &format, &name, modified, depth, body, head);
        return close(run, &name, format, result, [0; 3]);
    }
    let mut kept = Kept::default();
    let limits = &run.options.limits;
    let mut emit = Emit::new(&mut *run.sink, name.clone(), modified, limits, run.meter.clone(), &mut kept);
    let result = content(&mut emit, &format, run.options.sheet.as_deref(), body, head);
    emit.finish();
    let counts = [emit.events, emit.rows, emit.faults];
    close(run, &name, format, result, counts)
}

fn close(
    run: &mut Run<'_>,
    name: &Arc<str>,
    format: Format,
    result: Result<Ending, Refusal>,
    [events, rows, faults]: [u64; 3],
) -> Result<Ending, Refusal> {
    let closed = Closed { file: name.clone(), format, result: result.clone(), events, rows, faults };
    run.sink.closed(&closed);
    result
}

fn container(
    run: &mut Run<'_>,
    format: &Format,
    name: &Arc<str>,
    modified: Moment,
    depth: Depth,
    body: Body<'_>,
    head: Head,
) -> Result<Ending, Refusal> {
    let nested = match format {
        Format::Zip | Format::Tar => depth.member,
        _ => depth.unpacked,
    };
    if nested {
        return Err(Refusal::new(
            "nested_archive",
            "An archive inside an archive is not opened.",
            "Unpack the outer archive and give its members.",
        ));
    }
    match (format, body) {
        (Format::Zip, Body::Seekable(inner)) => archive::zip(run, name, inner),
        (Format::Zip, Body::Stream(inner)) => {
            let mut held = Cursor::new(hold(&mut head.before(inner), run.options.limits.held_bytes)?);
            archive::zip(run, name, &mut held)
        }
        (format, Body::Seekable(inner)) => {
            archive::stream(run, format, name, modified, depth, &mut &mut *inner)
        }
        (format, Body::Stream(inner)) => {
            archive::stream(run, format, name, modified, depth, &mut head.before(inner))
        }
    }
}

fn content(
    emit: &mut Emit<'_>,
    format: &Format,
    sheet: Option<&str>,
    body: Body<'_>,
    head: Head,
) -> Result<Ending, Refusal> {
    let first = head.bytes.clone();
    let mut seekable;
    let mut stream;
    let input: &mut dyn Read = match body {
        Body::Seekable(inner) => {
            seekable = inner;
            &mut seekable
        }
        Body::Stream(inner) => {
            stream = head.before(inner);
            &mut stream
        }
    };
    let mut decoded;
    let input: &mut dyn Read = match encoding(&first) {
        Some(wide)
            if wide != Encoding::UTF_8
                && (format.is_log() || format.is_report() || *format == Format::Csv) =>
        {
            decoded = Decoded::new(input, wide);
            &mut decoded
        }
        _ => input,
    };
    match format {
        Format::Evtx => windows::evtx(emit, input),
        Format::WindowsXml => windows::xml(emit, input, &first),
        Format::WindowsJson
        | Format::CloudTrail
        | Format::Entra
        | Format::M365
        | Format::Okta
        | Format::GoogleWorkspace
        | Format::GitHub
        | Format::Ocsf
        | Format::Suricata
        | Format::Zeek
        | Format::Json
            if is_json(&first) =>
        {
            json::records(emit, input, &first)
        }
        Format::Syslog if syslog::is_framed(&first) => syslog::framed(emit, input),
        // The export of Microsoft 365 may be a table.
        Format::M365 => each_record(emit, input, &mut table::CsvLog::default()),
        Format::Nessus => scan::nessus(emit, input, &first),
        Format::Sarif => scan::sarif(emit, input),
        Format::CycloneDx => scan::cyclonedx(emit, input, &first),
        Format::Nmap => scan::nmap(emit, input, &first),
        Format::Csv => table::csv(emit, input, &first),
        Format::Xlsx => {
            let held = hold(input, emit.limits.held_bytes)?;
            table::xlsx(emit, held, sheet)
        }
        Format::Gzip | Format::Zstd | Format::Zip | Format::Tar => {
            Err(Refusal::new("wrong_format", "An archive was expected and is none.", "Leave the format out."))
        }
        Format::WindowsJson
        | Format::CloudTrail
        | Format::Entra
        | Format::Okta
        | Format::GoogleWorkspace
        | Format::GitHub
        | Format::Ocsf
        | Format::Suricata
        | Format::Zeek
        | Format::Json
        | Format::Syslog
        | Format::AuthLog
        | Format::Auditd
        | Format::WebAccess
        | Format::WebError
        | Format::Cef
        | Format::Leef
        | Format::CsvLog
        | Format::Logfmt => match line::records(format) {
            Some(mut records) => each_record(emit, input, &mut *records),
            None => Err(Refusal::new("wrong_format", "This format has no lines.", "Leave the format out.")),
        },
        Format::Unknown(unknown) => Err(Refusal::new(
            "unknown_format",
            format!("This looks like: {}.", unknown.sniffed),
            unknown.reason.clone(),
        )),
    }
}

/// Whether a text begins like JSON.
fn is_json(head: &[u8]) -> bool {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    matches!(start.first(), Some(b'{' | b'[' | 0x1e) | None)
}

/// All bytes of an input that must be held as a whole, up to `limit`.
fn hold(input: &mut dyn Read, limit: u64) -> Result<Vec<u8>, Refusal> {
    let mut held = Vec::new();
    input.take(limit + 1).read_to_end(&mut held).map_err(|e| Refusal::from_io(&e))?;
    if held.len() as u64 > limit {
        return Err(Refusal::new(
            "too_big",
            format!("The file is larger than {} MiB, and must be held as a whole to be read.", limit >> 20),
            "Save it to disk, or split it.",
        ));
    }
    Ok(held)
}
