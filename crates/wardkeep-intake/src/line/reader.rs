//! Reads records as they arrive, without files.

use super::{LineRecords, guess::guess, records, too_long};
use crate::emit::{Emit, Kept};
use crate::meter::Meter;
use crate::{Format, Limits, Refusal, Sink};
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use wardkeep_types::Moment;

/// Makes events of messages and lines as they arrive: one reader for each live source, kept as long as the source
/// lives, given every piece in the order of arrival. It opens no files, spawns nothing and knows no clock.
///
/// What comes out goes to a [`Sink`]: [`Sink::event`] for each record, [`Sink::fault`] for each problem
/// (`Fault::file` is the source id, `Fault::position` the position that was pushed), and, if the sink
/// [looks](Sink::looks), [`Sink::wants`] before a JSON object is made into an event. Its other methods are not
/// called. Nothing is dropped in silence: a piece that cannot be read gives a fault **and** an event of
/// `Dialect::Text` with the whole piece in `raw`, `problem` (the fault's code) among its fields and the time of
/// receipt. Only a piece longer than the limit ([`Limits::line_bytes`]; [`Limits::record_bytes`] for JSON) gives a
/// fault alone, `too_long`. Blank pieces give nothing.
///
/// Events carry the source id as `source` and the position pushed as `position`. A record without a year takes the
/// year of receipt (`TimeQuality::AssumedYear`), one without a time takes the time of receipt (`Missing`). Log sources
/// are not filled here: `wardkeep_events::classify` does that, as for files.
///
/// Some formats join several lines into one event (auditd records of one serial number): such lines are held back
/// until the event is whole. Call [`idle`](Self::idle) now and then, and [`finish`](Self::finish) before the reader
/// is dropped; a caller that checkpoints asks [`holds`](Self::holds) and keeps the checkpoint before lines that are
/// still held.
///
/// Tables and Zeek's text say in header lines what follows. A caller that begins in the middle of such a source pushes
/// its header lines first; they give no events.
///
/// Memory is bounded: a few KiB, plus what the joining formats hold (at most 1,024 open events), plus, when ids count
/// equal records (see [`ids_by_position`](Self::ids_by_position)), up to some 40 MiB in a source of a million
/// different records.
///
/// ```
/// use wardkeep_intake::{Collected, Format, LineReader};
/// let mut reader = LineReader::new("fw1", Some(Format::Syslog)).unwrap();
/// let (now, mut out) = ("2026-03-01T00:00:00Z".parse().unwrap(), Collected::default());
/// reader.push(b"<38>Feb 28 06:55:46 h sshd[1]: Failed password for root from 10.0.0.1 port 1 ssh2", 1, now, &mut out);
/// assert_eq!(out.events[0].user.as_deref(), Some("root"));
/// ```
pub struct LineReader {
    source: Arc<str>,
    format: Option<Format>,
    limits: Limits,
    kept: Kept,
    /// Readers by the key of their format: one, or as many as were met when the format is found for each piece.
    records: HashMap<&'static str, Box<dyn LineRecords>>,
}

impl LineReader {
    /// A reader for one source. `source` becomes `Event::source`. With a format, every piece is read as that; without
    /// one, each piece is judged by its own content (JSON, syslog, access log and so on), and what is none of them is
    /// kept as plain text with the fault `unknown_line`. A format whose records do not stand on lines of their own
    /// (EVTX, reports, tables, archives) is refused.
    pub fn new(source: impl Into<Arc<str>>, format: Option<Format>) -> Result<Self, Refusal> {
        if let Some(format) = &format
            && records(format).is_none()
        {
            return Err(Refusal::new(
                "wrong_format",
                format!("{format} does not arrive line by line."),
                "Give it as a file, or leave the format out.",
            ));
        }
        let kept = Kept::live();
        Ok(Self { source: source.into(), format, limits: Limits::default(), kept, records: HashMap::new() })
    }
    /// With bounds other than the usual ones.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
    /// From now on ids are made of source, raw and **position**, instead of source, raw and the count of equal raws
    /// before. Positions must then be stable and never repeat within the source: the byte offset in a file that is
    /// followed (with the file's own identity in the source id), or a number from a spool. Reading on from a
    /// checkpoint, or pushing the same piece twice, then gives the same ids; the reader keeps no memory of raws.
    #[must_use]
    pub fn ids_by_position(mut self) -> Self {
        self.kept.by_position = true;
        self
    }
    /// The source id.
    pub fn source(&self) -> &Arc<str> {
        &self.source
    }
    /// Reads one piece: a syslog message (one datagram or frame, without the octet count), one JSON line or body (an
    /// object, several, or an array), or one line of any text format. Line breaks at its end are cut; those inside
    /// stay part of the message. `position` is from 1, or a byte offset.
    pub fn push(&mut self, piece: &[u8], position: u64, received: Moment, sink: &mut dyn Sink) {
        self.with(received, sink, |records, format, emit| one(records, format, emit, piece, position));
    }
    /// Reads whole lines; the last one may lack its line break. `positions` gives the position of a line from its
    /// number within the chunk and its byte offset there, both from 0: `|line, _| first + line` counts lines,
    /// `|_, byte| start + byte` keeps byte offsets. Gives the number of lines, blank ones too.
    pub fn push_lines(
        &mut self,
        chunk: &[u8],
        positions: impl Fn(u64, u64) -> u64,
        received: Moment,
        sink: &mut dyn Sink,
    ) -> u64 {
        let mut number = 0;
        self.with(received, sink, |records, format, emit| {
            let mut start = 0;
            while start < chunk.len() {
                let end = memchr::memchr(b'\n', &chunk[start..]).map_or(chunk.len(), |at| start + at);
                one(records, format, emit, &chunk[start..end], positions(number, start as u64));
                number += 1;
                start = end + 1;
            }
        });
        number
    }
    /// Whether lines are held back because their event may not be whole yet.
    pub fn holds(&self) -> bool {
        self.records.values().any(|records| records.holds())
    }
    /// Gives events whose last line was received before `since`: nothing more is expected of them. Two seconds before
    /// now is a good choice.
    pub fn idle(&mut self, since: Moment, sink: &mut dyn Sink) {
        self.with(since, sink, |records, _, emit| {
            records.values_mut().for_each(|records| records.idle(emit, since));
        });
    }
    /// Gives everything that is held back. The reader can be used further.
    pub fn finish(&mut self, now: Moment, sink: &mut dyn Sink) {
        self.with(now, sink, |records, _, emit| {
            records.values_mut().for_each(|records| records.end(emit));
        });
    }
    fn with(
        &mut self,
        received: Moment,
        sink: &mut dyn Sink,
        act: impl FnOnce(&mut HashMap<&'static str, Box<dyn LineRecords>>, Option<&Format>, &mut Emit<'_>),
    ) {
        let Self { source, format, limits, kept, records } = self;
        let meter = Rc::new(Meter::default());
        let mut emit = Emit::new(sink, source.clone(), received, limits, meter, kept);
        act(records, format.as_ref(), &mut emit);
    }
}

/// Reads one piece.
fn one(
    readers: &mut HashMap<&'static str, Box<dyn LineRecords>>,
    format: Option<&Format>,
    emit: &mut Emit<'_>,
    piece: &[u8],
    position: u64,
) {
    emit.next_piece();
    let piece = piece.trim_ascii_end();
    if piece.is_empty() {
        return;
    }
    let json = matches!(piece.trim_ascii_start().first(), Some(b'{' | b'['));
    let limit = if json { emit.limits.record_bytes } else { emit.limits.line_bytes };
    if piece.len() > limit {
        return too_long(emit, position, piece.len() as u64);
    }
    let text = String::from_utf8_lossy(piece);
    let guessed = if format.is_none() { guess(&text) } else { None };
    let Some(format) = format.or(guessed.as_ref()) else {
        let remedy = "Name the format of the source, or send one record a line.";
        return emit.bad_line(
            position,
            &text,
            "unknown_line",
            "The line is in no format that is read.",
            remedy,
        );
    };
    if !readers.contains_key(format.key())
        && let Some(records) = records(format)
    {
        readers.insert(format.key(), records);
    }
    if let Some(records) = readers.get_mut(format.key()) {
        records.line(emit, position, &text);
    }
}

impl fmt::Debug for LineReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineReader")
            .field("source", &self.source)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}
