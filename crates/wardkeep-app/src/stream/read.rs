//! The reading thread: messages of the spool become events, in order. Matching them is another thread's work, so that
//! both go on at once.

use super::Status;
use super::sources::Tally;
use crate::App;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use wardkeep_intake::{Fault, Format, LineReader};
use wardkeep_listen::{Cursor, Next, Stored};
use wardkeep_types::event::{Event, TimeQuality};
use wardkeep_types::{Id, Moment};

/// Bytes of raw records after which they go to their files.
const FLUSH_BYTES: usize = 48 * 1024 * 1024;
/// Sources whose reader is kept.
const READERS: usize = 10_000;
/// A record that is dated further ahead of its receipt has a wrong clock, and must not settle windows.
const AHEAD: i64 = 86_400;

/// What the matching thread is given.
pub(super) enum Piece {
    /// What came of some messages of one source.
    Events(Made),
    /// Everything before this number was given, and no record is held back: a place to go on from.
    Closed(u64),
}

/// Events of one source.
pub(super) struct Made {
    pub source: Arc<str>,
    pub received: Moment,
    pub events: Vec<Event>,
    /// The number that was being read when each event was made.
    pub seqs: Vec<u64>,
    pub tally: Tally,
    /// Number after the last message of these.
    pub next: u64,
}

impl Made {
    fn of(source: Arc<str>, received: Moment) -> Self {
        Self { source, received, events: Vec::new(), seqs: Vec::new(), tally: Tally::default(), next: 0 }
    }
}

impl Default for Made {
    fn default() -> Self {
        Self::of(Arc::default(), Moment::EPOCH)
    }
}

/// What a reading thread is given.
pub(super) struct ReadingParts {
    pub app: Arc<App>,
    pub runtime: Handle,
    pub unit: Id,
    pub status: Arc<Status>,
    pub out: SyncSender<Piece>,
    /// Somebody wants a place to go on from soon.
    pub wanted: Arc<AtomicBool>,
    pub stop: Arc<AtomicBool>,
}

pub(super) struct Reading {
    parts: ReadingParts,
    cursor: Cursor,
    readers: HashMap<Arc<str>, LineReader>,
    work: Work,
    /// Messages before it are done with.
    from: u64,
    bytes: usize,
    /// Whether anything was given since the last place to go on from.
    open: bool,
    closed: Instant,
}

/// What the readers of records write to.
#[derive(Default)]
struct Work {
    made: Made,
    seq: u64,
    told: bool,
}

impl wardkeep_intake::Sink for Work {
    fn event(&mut self, mut event: Event) {
        wardkeep_events::classify(&mut event);
        if event.at > self.made.received.plus_seconds(AHEAD) {
            // Kept as it says in the record; filed and judged by when it came.
            (event.at, event.time_quality) = (self.made.received, TimeQuality::Missing);
        }
        self.made.tally.event(&event, self.made.received);
        self.made.seqs.push(self.seq);
        self.made.events.push(event);
    }
    fn fault(&mut self, fault: Fault) {
        self.made.tally.failures += 1;
        if !std::mem::replace(&mut self.told, true) {
            tracing::debug!(source = %fault.file, code = fault.code, position = %fault.position, "a record was not understood and was kept as it came");
        }
    }
}

impl Reading {
    pub fn new(parts: ReadingParts, cursor: Cursor) -> Self {
        let from = cursor.position();
        Self {
            parts,
            cursor,
            readers: HashMap::new(),
            work: Work::default(),
            from,
            bytes: 0,
            open: false,
            closed: Instant::now(),
        }
    }

    /// Reads until the spool is closed, the program stops, or nobody takes what is read.
    pub fn run(mut self) {
        let every = Duration::from_secs(self.parts.app.config.intake.flush_seconds);
        loop {
            let taken = match self.cursor.next(Duration::from_millis(100)) {
                Ok(Next::Batch(stored)) => self.batch(&stored),
                Ok(Next::Quiet) => self.idle(),
                Ok(Next::Closed) => break,
                Err(error) => {
                    tracing::error!(%error, "the spool cannot be read; it is tried again");
                    self.parts.runtime.block_on(tokio::time::sleep(Duration::from_secs(1)));
                    true
                }
            };
            let wanted = self.parts.wanted.load(Ordering::Relaxed);
            let due = self.open && (wanted || self.closed.elapsed() >= every);
            if !taken || ((due || self.bytes >= FLUSH_BYTES) && !self.close()) {
                return;
            }
            if self.parts.stop.load(Ordering::Relaxed) {
                break;
            }
        }
        self.close();
    }

    fn batch(&mut self, stored: &Stored) -> bool {
        let source = stored.batch.source.clone();
        if self.readers.len() >= READERS && !self.readers.contains_key(&source) {
            if !self.finish() {
                return false;
            }
            self.readers.clear();
        }
        let (parts, work, received) = (&self.parts, &mut self.work, stored.batch.received);
        work.made = Made::of(source.clone(), received);
        let reader = self.readers.entry(source.clone()).or_insert_with(|| {
            let known = parts.runtime.block_on(parts.app.source_of(&source, parts.unit));
            let format = known.unwrap_or_else(|error| {
                tracing::error!(%error, source = %source, "a log source could not be looked up");
                None
            });
            reader(&source, format.as_deref())
        });
        for (place, message) in stored.batch.messages().enumerate() {
            work.seq = stored.first + place as u64;
            if work.seq < self.from {
                continue;
            }
            self.bytes += message.len() + 200;
            reader.push(message, work.seq, received, work);
        }
        work.seq = stored.first + stored.batch.len() as u64;
        if !stored.batch.is_empty() {
            work.made.tally.seen(received, stored.batch.size() as u64);
        }
        self.from = self.cursor.position();
        self.give()
    }

    /// Hands over what was made. False when nobody takes it any more.
    fn give(&mut self) -> bool {
        let mut made = std::mem::take(&mut self.work.made);
        made.next = self.from;
        self.open |= made.tally.last.is_some() || !made.events.is_empty();
        self.parts.out.send(Piece::Events(made)).is_ok()
    }

    fn idle(&mut self) -> bool {
        self.parts.status.lag.store(0, Ordering::Relaxed);
        let since = self.parts.app.clock.now().plus_seconds(-2);
        self.held(|reader, work| reader.idle(since, work))
    }

    fn finish(&mut self) -> bool {
        let now = self.parts.app.clock.now();
        self.held(|reader, work| reader.finish(now, work))
    }

    /// Lets readers that hold records back give them.
    fn held(&mut self, let_go: impl Fn(&mut LineReader, &mut Work)) -> bool {
        let mut all = Vec::new();
        for (source, reader) in self.readers.iter_mut().filter(|(_, reader)| reader.holds()) {
            let received = self.parts.app.clock.now();
            self.work.made = Made::of(source.clone(), received);
            let_go(reader, &mut self.work);
            all.push(std::mem::take(&mut self.work.made));
        }
        all.into_iter().all(|made| {
            self.work.made = made;
            self.give()
        })
    }

    /// Says that one may go on from here.
    fn close(&mut self) -> bool {
        self.parts.wanted.store(false, Ordering::Relaxed);
        (self.bytes, self.open, self.closed) = (0, false, Instant::now());
        let given = self.finish() && self.parts.out.send(Piece::Closed(self.from)).is_ok();
        self.open = false;
        given
    }
}

fn reader(source: &Arc<str>, format: Option<&str>) -> LineReader {
    let named = format.and_then(Format::from_key);
    let made = LineReader::new(source.clone(), named).or_else(|_| LineReader::new(source.clone(), None));
    match made {
        Ok(reader) => reader.ids_by_position(),
        // Without a format no reader is refused.
        Err(refusal) => unreachable!("{refusal}"),
    }
}
