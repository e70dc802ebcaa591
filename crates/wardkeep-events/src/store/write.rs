//! Writing events into day files.

use super::EventError;
use super::fields::FieldColumns;
use super::schema::{ENTITIES, Packing, arrow_schema, dialect_key, properties, quality_key};
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, TimestampMicrosecondArray};
use arrow_schema::Schema;
use parquet::arrow::ArrowWriter;
use sha2::{Digest, Sha256};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkeep_types::event::{Dialect, Event, LogSource};
use wardkeep_types::{Date, Id, Moment};

/// A file that was written; it never changes afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Path relative to the events folder: `2026-03-31/windows-<id>.parquet`.
    pub name: String,
    /// The day of its events, UTC.
    pub day: Date,
    /// What kind of records it holds.
    pub dialect: Dialect,
    /// Events.
    pub rows: u64,
    /// Time of the first event.
    pub first: Moment,
    /// Time of the last event.
    pub last: Moment,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
}

/// Collects events and writes them in day files. Memory is bounded: when enough has come together, it is
/// written out. A file appears under its name only when it is whole and on disk.
pub struct EventWriter {
    folder: PathBuf,
    held: BTreeMap<(Date, &'static str), Vec<Event>>,
    bytes: usize,
    limit: usize,
    written: Vec<Written>,
    now: Moment,
}

/// Bytes of raw text and fields held before they are written out.
const HELD_BYTES: usize = 96 * 1024 * 1024;

impl EventWriter {
    /// Writes below `folder`; `now` stamps the names of files.
    pub fn new(folder: &Path, now: Moment) -> Self {
        Self {
            folder: folder.to_owned(),
            held: BTreeMap::new(),
            bytes: 0,
            limit: HELD_BYTES,
            written: Vec::new(),
            now,
        }
    }
    /// Takes an event.
    pub fn push(&mut self, event: Event) -> Result<(), EventError> {
        // Fields cost about three times their text; the raw record once.
        self.bytes += 400 + event.raw.len() + event.fields.len() * 96;
        self.held.entry((event.at.date(), dialect_key(event.dialect))).or_default().push(event);
        if self.bytes > self.limit { self.flush() } else { Ok(()) }
    }
    /// Writes out what is held.
    pub fn flush(&mut self) -> Result<(), EventError> {
        for ((day, dialect), mut events) in std::mem::take(&mut self.held) {
            events.sort_by_key(|e| (e.at, e.id));
            let name = format!("{day}/{dialect}-{}.parquet", Id::new(self.now));
            self.written.push(write_file(&self.folder, &name, day, events)?);
        }
        self.bytes = 0;
        Ok(())
    }
    /// Writes out what is held and says which files were written.
    pub fn finish(mut self) -> Result<Vec<Written>, EventError> {
        self.flush()?;
        Ok(self.written)
    }
}

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Writes shared events into day files, without copying any of them. The caller bounds how many there are.
pub fn write_parts(
    folder: &Path,
    now: Moment,
    parts: &[Arc<Vec<Event>>],
) -> Result<Vec<Written>, EventError> {
    let mut days: BTreeMap<(i64, &'static str), Vec<&Event>> = BTreeMap::new();
    for event in parts.iter().flat_map(|part| part.iter()) {
        let day = event.at.as_micros().div_euclid(DAY);
        days.entry((day, dialect_key(event.dialect))).or_default().push(event);
    }
    let mut written = Vec::new();
    for ((_, dialect), mut events) in days {
        let Some(day) = events.first().map(|event| event.at.date()) else { continue };
        events.sort_by_key(|e| (e.at, e.id));
        let name = format!("{day}/{dialect}-{}.parquet", Id::new(now));
        let mut writer = FileWriter::create(folder, &name, FieldColumns::of(&events), Packing::Fast)?;
        events.chunks(CHUNK).try_for_each(|chunk| writer.write(chunk))?;
        written.push(writer.finish(day)?);
    }
    Ok(written)
}

/// Writes one file; `events` are sorted and not empty.
pub(super) fn write_file(
    folder: &Path,
    name: &str,
    day: Date,
    events: Vec<Event>,
) -> Result<Written, EventError> {
    let mut writer = FileWriter::create(folder, name, FieldColumns::of(&events), Packing::Fast)?;
    events.into_iter().try_for_each(|event| writer.push(event))?;
    writer.finish(day)
}

/// A file in the making: events come by time. It appears under its name only when it is whole and on disk.
pub(super) struct FileWriter {
    name: String,
    path: PathBuf,
    part: PathBuf,
    fields: FieldColumns,
    schema: Arc<Schema>,
    writer: ArrowWriter<File>,
    held: Vec<Event>,
    rows: u64,
    /// Time of the first event, time of the last, and what kind they are.
    span: Option<(Moment, Moment, Dialect)>,
}

/// Events that are turned into columns at a time.
const CHUNK: usize = 16_384;

impl FileWriter {
    pub(super) fn create(
        folder: &Path,
        name: &str,
        fields: FieldColumns,
        packing: Packing,
    ) -> Result<Self, EventError> {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|e| EventError::file(parent, e))?;
        let part = path.with_extension("part");
        Ok(Self { name: name.to_owned(), ..Self::at(path, part, fields, packing)? })
    }
    /// Writes `part`, and calls it `path` when it is whole.
    pub(super) fn at(
        path: PathBuf,
        part: PathBuf,
        fields: FieldColumns,
        packing: Packing,
    ) -> Result<Self, EventError> {
        let file = File::create(&part).map_err(|e| EventError::file(&part, e))?;
        let schema = arrow_schema(&fields);
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties(packing, &schema)));
        let writer = writer.map_err(|e| EventError::file(&part, io::Error::other(e)))?;
        let held = Vec::new();
        Ok(Self { name: String::new(), path, part, fields, schema, writer, held, rows: 0, span: None })
    }
    pub(super) fn push(&mut self, event: Event) -> Result<(), EventError> {
        self.held.push(event);
        if self.held.len() < CHUNK { Ok(()) } else { self.write_held() }
    }
    fn write_held(&mut self) -> Result<(), EventError> {
        let events = std::mem::take(&mut self.held);
        self.write(&events)
    }
    fn write<E: Borrow<Event>>(&mut self, events: &[E]) -> Result<(), EventError> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(()) };
        let (first, last): (&Event, &Event) = (first.borrow(), last.borrow());
        let (begun, _, dialect) = self.span.unwrap_or((first.at, first.at, first.dialect));
        self.span = Some((begun, last.at, dialect));
        self.rows += events.len() as u64;
        let batch = to_batch(events, &self.fields, &self.schema);
        let batch = batch.map_err(|e| EventError::damaged(&self.part, e))?;
        self.writer.write(&batch).map_err(|e| EventError::file(&self.part, io::Error::other(e)))
    }
    /// Whether no event was given to it.
    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0 && self.held.is_empty()
    }
    /// Leaves nothing behind.
    pub(super) fn abandon(self) -> Result<(), EventError> {
        drop(self.writer);
        fs::remove_file(&self.part).map_err(|e| EventError::file(&self.part, e))
    }
    pub(super) fn finish(mut self, day: Date) -> Result<Written, EventError> {
        self.write_held()?;
        let fail = |e: io::Error| EventError::file(&self.part, e);
        let mut file = self.writer.into_inner().map_err(|e| fail(io::Error::other(e)))?;
        file.flush().and_then(|()| file.sync_all()).map_err(fail)?;
        let (sha256, size) = hash(&self.part)?;
        fs::rename(&self.part, &self.path).map_err(|e| EventError::file(&self.path, e))?;
        let (first, last, dialect) = self.span.unwrap_or((Moment::EPOCH, Moment::EPOCH, Dialect::Text));
        Ok(Written { name: self.name, day, dialect, rows: self.rows, first, last, sha256, size })
    }
}

fn hash(path: &Path) -> Result<(String, u64), EventError> {
    let mut file = File::open(path).map_err(|e| EventError::file(path, e))?;
    let (mut hasher, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 128 * 1024]);
    loop {
        let n = file.read(&mut buffer).map_err(|e| EventError::file(path, e))?;
        if n == 0 {
            return Ok((hex::encode(hasher.finalize()), size));
        }
        hasher.update(&buffer[..n]);
        size += n as u64;
    }
}

/// Events as the columns that a file would have.
pub fn batch(events: &[Event]) -> Result<RecordBatch, EventError> {
    let fields = FieldColumns::of(events);
    let schema = arrow_schema(&fields);
    to_batch(events, &fields, &schema).map_err(|e| EventError::damaged(Path::new("events in memory"), e))
}

/// Reads an entity of an event.
type EntityOf = fn(&Event) -> Option<&str>;

const ENTITY: [EntityOf; ENTITIES.len()] = [
    |e| e.host.as_deref(),
    |e| e.user.as_deref(),
    |e| e.src_ip.as_deref(),
    |e| e.dst_ip.as_deref(),
    |e| e.process.as_deref(),
    |e| e.action.as_deref(),
    |e| e.outcome.as_deref(),
];

fn to_batch<E: Borrow<Event>>(
    events: &[E],
    fields: &FieldColumns,
    schema: &Arc<Schema>,
) -> Result<RecordBatch, arrow_schema::ArrowError> {
    let text = |of: EntityOf| -> ArrayRef {
        let mut builder = StringBuilder::new();
        events.iter().for_each(|event| builder.append_option(of(event.borrow())));
        Arc::new(builder.finish())
    };
    let events_of = || events.iter().map(Borrow::borrow);
    let mut columns: Vec<ArrayRef> = vec![
        ids(events_of()),
        Arc::new(
            TimestampMicrosecondArray::from_iter_values(events_of().map(|e| e.at.as_micros()))
                .with_timezone("UTC"),
        ),
        text(|e| Some(quality_key(e.time_quality))),
        text(|e| Some(dialect_key(e.dialect))),
        text(|e| Some(&e.source)),
        Arc::new(Int64Array::from_iter_values(events_of().map(|e| e.position as i64))),
    ];
    columns.extend(ENTITY.map(text));
    columns.push(text(|e| e.message.as_deref()));
    columns.push(sets(events_of()));
    let (rest, arrays) = fields.arrays(events);
    columns.push(rest);
    columns.push(text(|e| Some(&e.raw)));
    columns.push(hashes(events_of()));
    columns.extend(arrays);
    RecordBatch::try_new(schema.clone(), columns)
}

fn ids<'e>(events: impl Iterator<Item = &'e Event>) -> ArrayRef {
    let (mut builder, mut digits) = (StringBuilder::new(), [0; 32]);
    for event in events {
        // The slice is twice as long as the id.
        let _ = hex::encode_to_slice(event.id.0, &mut digits);
        builder.append_value(std::str::from_utf8(&digits).unwrap_or_default());
    }
    Arc::new(builder.finish())
}

/// The hashes that stand in the records.
fn hashes<'e>(events: impl Iterator<Item = &'e Event>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    events.for_each(|event| builder.append_value(super::hashes_in(&event.raw)));
    Arc::new(builder.finish())
}

/// The sets of log sources; most events have that of the one before.
fn sets<'e>(events: impl Iterator<Item = &'e Event>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    let mut last: Option<(&Arc<[LogSource]>, String)> = None;
    for event in events {
        if last.as_ref().is_none_or(|(set, _)| !Arc::ptr_eq(set, &event.logsources)) {
            last = Some((&event.logsources, serde_json::to_string(&event.logsources).unwrap_or_default()));
        }
        builder.append_value(last.as_ref().map_or("[]", |(_, json)| json));
    }
    Arc::new(builder.finish())
}
