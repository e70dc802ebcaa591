//! Writing events into day files.

use super::EventError;
use super::fields::FieldColumns;
use super::schema::{ENTITIES, Packing, arrow_schema, dialect_key, properties, quality_key};
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, TimestampMicrosecondArray};
use arrow_schema::Schema;
use parquet::arrow::ArrowWriter;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkeep_types::event::{Dialect, Event};
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
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties(packing)));
        let writer = writer.map_err(|e| EventError::file(&part, io::Error::other(e)))?;
        let held = Vec::new();
        Ok(Self { name: String::new(), path, part, fields, schema, writer, held, rows: 0, span: None })
    }
    pub(super) fn push(&mut self, event: Event) -> Result<(), EventError> {
        let (first, _, dialect) = self.span.unwrap_or((event.at, event.at, event.dialect));
        self.span = Some((first, event.at, dialect));
        self.rows += 1;
        self.held.push(event);
        if self.held.len() < CHUNK { Ok(()) } else { self.write() }
    }
    fn write(&mut self) -> Result<(), EventError> {
        let events = std::mem::take(&mut self.held);
        let batch = to_batch(&events, &self.fields, &self.schema);
        let batch = batch.map_err(|e| EventError::damaged(&self.part, e))?;
        self.writer.write(&batch).map_err(|e| EventError::file(&self.part, io::Error::other(e)))
    }
    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }
    /// Leaves nothing behind.
    pub(super) fn abandon(self) -> Result<(), EventError> {
        drop(self.writer);
        fs::remove_file(&self.part).map_err(|e| EventError::file(&self.part, e))
    }
    pub(super) fn finish(mut self, day: Date) -> Result<Written, EventError> {
        if !self.held.is_empty() {
            self.write()?;
        }
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
type EntityOf = fn(&Event) -> &Option<Box<str>>;

fn to_batch(
    events: &[Event],
    fields: &FieldColumns,
    schema: &Arc<Schema>,
) -> Result<RecordBatch, arrow_schema::ArrowError> {
    let text = |of: &dyn Fn(&Event) -> Option<String>| -> ArrayRef {
        let mut builder = StringBuilder::new();
        for event in events {
            builder.append_option(of(event));
        }
        Arc::new(builder.finish())
    };
    let entity = |of: EntityOf| text(&move |e: &Event| of(e).as_deref().map(str::to_owned));
    let json = |value: serde_json::Result<String>| Some(value.unwrap_or_default());
    let times = events.iter().map(|e| e.at.as_micros()).collect::<Vec<_>>();
    let entities: [EntityOf; ENTITIES.len()] = [
        |e| &e.host,
        |e| &e.user,
        |e| &e.src_ip,
        |e| &e.dst_ip,
        |e| &e.process,
        |e| &e.action,
        |e| &e.outcome,
    ];
    let mut columns: Vec<ArrayRef> = vec![
        text(&|e| Some(e.id.to_string())),
        Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC")),
        text(&|e| Some(quality_key(e.time_quality).to_owned())),
        text(&|e| Some(dialect_key(e.dialect).to_owned())),
        text(&|e| Some(e.source.to_string())),
        Arc::new(Int64Array::from(events.iter().map(|e| e.position as i64).collect::<Vec<_>>())),
    ];
    columns.extend(entities.map(entity));
    columns.push(text(&|e| e.message.as_deref().map(str::to_owned)));
    columns.push(text(&|e| json(serde_json::to_string(&e.logsources))));
    columns.push(text(&|e| json(serde_json::to_string(&fields.rest(e)))));
    columns.push(text(&|e| Some(e.raw.to_string())));
    columns.push(text(&|e| Some(super::hashes_in(&e.raw))));
    columns.extend(fields.arrays(events));
    RecordBatch::try_new(schema.clone(), columns)
}
