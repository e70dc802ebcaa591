//! Reading events back, and rewriting a file without what was erased.

use super::EventError;
use super::schema::{dialect_of, quality_of};
use super::write::{Written, write_file};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch, RecordBatchReader};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use std::collections::HashMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkeep_types::event::{Event, EventId, Fields, LogSource, Name};
use wardkeep_types::{Date, Id, Moment};

/// An event file as the manifest knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFile {
    /// Path relative to the events folder.
    pub name: String,
    /// The day of its events.
    pub day: Date,
}

/// Gives every event of a file, by time, until `each` breaks.
pub fn read_events(
    folder: &Path,
    name: &str,
    mut each: impl FnMut(Event) -> ControlFlow<()>,
) -> Result<(), EventError> {
    for event in EventReader::open(folder, name)? {
        if each(event?).is_break() {
            break;
        }
    }
    Ok(())
}

/// The events of a file, by time, a few thousand of them in memory.
pub struct EventReader {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    names: Vec<(usize, Name)>,
    batch: Option<RecordBatch>,
    row: usize,
    places: Option<Places>,
    shared: Shared,
    broken: bool,
}

impl EventReader {
    /// Opens a file.
    pub fn open(folder: &Path, name: &str) -> Result<Self, EventError> {
        Self::some(folder, name, Ok)
    }
    /// Opens a file of which only some rows are read.
    pub(super) fn some(
        folder: &Path,
        name: &str,
        chosen: impl FnOnce(Builder) -> Result<Builder, String>,
    ) -> Result<Self, EventError> {
        let path = folder.join(name);
        let file = File::open(&path).map_err(|e| EventError::file(&path, e))?;
        let damaged = |e: &dyn std::fmt::Display| EventError::damaged(&path, e);
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|e| damaged(&e))?;
        // However the texts were written, they are read as texts.
        let options = ArrowReaderOptions::new().with_schema(texts(plain.schema()));
        let metadata =
            ArrowReaderMetadata::try_new(plain.metadata().clone(), options).map_err(|e| damaged(&e))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
        let builder = chosen(builder.with_batch_size(4_096)).map_err(|e| damaged(&e))?;
        let reader = builder.build().map_err(|e| damaged(&e))?;
        let names = super::fields::names(&reader.schema());
        let places = Places::of(&reader.schema());
        let shared = Shared::default();
        Ok(Self { path, reader, names, batch: None, row: 0, places, shared, broken: false })
    }
    fn step(&mut self) -> Result<Option<Event>, EventError> {
        let damaged = |path: &Path, e: &dyn std::fmt::Display| EventError::damaged(path, e);
        while self.batch.as_ref().is_none_or(|batch| self.row >= batch.num_rows()) {
            match self.reader.next() {
                None => return Ok(None),
                Some(batch) => self.batch = Some(batch.map_err(|e| damaged(&self.path, &e))?),
            }
            self.row = 0;
        }
        let Some(batch) = &self.batch else { return Ok(None) };
        let event = self.places.as_ref().and_then(|places| event(batch, self.row, places, &mut self.shared));
        let mut event = event.ok_or_else(|| damaged(&self.path, &"a row does not fit"))?;
        for (column, name) in &self.names {
            if let Some(value) = super::fields::value(batch.column(*column), self.row) {
                event.fields.insert(name.clone(), value);
            }
        }
        self.row += 1;
        Ok(Some(event))
    }
}

impl Iterator for EventReader {
    type Item = Result<Event, EventError>;
    fn next(&mut self) -> Option<Self::Item> {
        if self.broken {
            return None;
        }
        let next = self.step().transpose();
        self.broken = next.as_ref().is_none_or(Result::is_err);
        next
    }
}

/// Gives every text of one column of a file, in order; rows without one are passed over.
pub fn read_texts(
    folder: &Path,
    name: &str,
    column: &str,
    mut each: impl FnMut(&str),
) -> Result<(), EventError> {
    let path = folder.join(name);
    let damaged = |e: &dyn std::fmt::Display| EventError::damaged(&path, e);
    let file = File::open(&path).map_err(|e| EventError::file(&path, e))?;
    let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|e| damaged(&e))?;
    let options = ArrowReaderOptions::new().with_schema(texts(plain.schema()));
    let metadata =
        ArrowReaderMetadata::try_new(plain.metadata().clone(), options).map_err(|e| damaged(&e))?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    let mask = ProjectionMask::columns(builder.parquet_schema(), [column]);
    for batch in builder.with_projection(mask).build().map_err(|e| damaged(&e))? {
        let batch = batch.map_err(|e| damaged(&e))?;
        let texts = batch.column_by_name(column).and_then(|texts| texts.as_string_opt::<i32>());
        let texts = texts.ok_or_else(|| damaged(&format!("there is no text column {column}")))?;
        texts.iter().flatten().for_each(&mut each);
    }
    Ok(())
}

pub(super) type Builder = ParquetRecordBatchReaderBuilder<File>;

/// The same columns, all texts as plain texts.
fn texts(schema: &Schema) -> Arc<Schema> {
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Dictionary(_, _) | DataType::Utf8View => {
            Arc::new(Field::new(field.name(), DataType::Utf8, field.is_nullable()))
        }
        _ => field.clone(),
    };
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

/// Where the columns of a file stand.
struct Places {
    at: usize,
    position: usize,
    texts: [usize; TEXTS.len()],
}

/// The columns of text that every event has, in the order in which [`event`] asks for them.
const TEXTS: [&str; 15] = [
    "event_id",
    "source",
    "time_quality",
    "dialect",
    "logsources",
    "host",
    "user",
    "src_ip",
    "dst_ip",
    "process",
    "action",
    "outcome",
    "message",
    "fields",
    "raw",
];

impl Places {
    /// Nothing when a column is missing.
    fn of(schema: &Schema) -> Option<Self> {
        let place = |name: &str| schema.index_of(name).ok();
        let mut texts = [0; TEXTS.len()];
        for (found, name) in texts.iter_mut().zip(TEXTS) {
            *found = place(name)?;
        }
        Some(Self { at: place("at")?, position: place("position")?, texts })
    }
}

/// What events have in common.
#[derive(Default)]
struct Shared {
    sources: HashMap<String, Arc<str>>,
    sets: HashMap<String, Arc<[LogSource]>>,
}

fn event(batch: &RecordBatch, row: usize, places: &Places, shared: &mut Shared) -> Option<Event> {
    let text = |nth: usize| -> Option<Option<&str>> {
        let column = batch.column(places.texts[nth]).as_string_opt::<i32>()?;
        Some((!column.is_null(row)).then(|| column.value(row)))
    };
    let must = |nth: usize| text(nth).flatten();
    let owned = |nth: usize| -> Option<Option<Box<str>>> { Some(text(nth)?.map(Into::into)) };
    let at = batch.column(places.at).as_primitive_opt::<TimestampMicrosecondType>()?.value(row);
    let position = batch.column(places.position).as_primitive_opt::<Int64Type>()?.value(row);
    let (source, set) = (must(1)?, must(4)?);
    let source = match shared.sources.get(source) {
        Some(known) => known.clone(),
        None => shared.sources.entry(source.to_owned()).or_insert_with(|| source.into()).clone(),
    };
    let logsources = match shared.sets.get(set) {
        Some(known) => known.clone(),
        None => shared.sets.entry(set.to_owned()).or_insert(serde_json::from_str(set).ok()?).clone(),
    };
    let mut id = [0; 16];
    hex::decode_to_slice(must(0)?, &mut id).ok()?;
    Some(Event {
        id: EventId(id),
        at: Moment::from_micros(at),
        time_quality: quality_of(must(2)?),
        dialect: dialect_of(must(3)?),
        source,
        position: position as u64,
        logsources,
        host: owned(5)?,
        user: owned(6)?,
        src_ip: owned(7)?,
        dst_ip: owned(8)?,
        process: owned(9)?,
        action: owned(10)?,
        outcome: owned(11)?,
        message: owned(12)?,
        fields: fields(must(13)?)?,
        raw: must(14)?.into(),
    })
}

/// Fields that have no column of their own: nearly always none.
fn fields(json: &str) -> Option<Fields> {
    if json == "{}" { Some(Fields::new()) } else { serde_json::from_str(json).ok() }
}

/// Writes the file anew with every event passed through `change`; returns the new file when any event changed.
/// The old file stays until the caller has recorded the new one.
pub fn rewrite_events(
    folder: &Path,
    file: &EventFile,
    now: Moment,
    mut change: impl FnMut(&mut Event) -> bool,
) -> Result<Option<Written>, EventError> {
    let (mut events, mut changed) = (Vec::new(), false);
    read_events(folder, &file.name, |mut event| {
        changed |= change(&mut event);
        events.push(event);
        ControlFlow::Continue(())
    })?;
    if !changed {
        return Ok(None);
    }
    let kind = file.name.rsplit('/').next().and_then(|n| n.split('-').next()).unwrap_or("text");
    let name = format!("{}/{kind}-{}.parquet", file.day, Id::new(now));
    write_file(folder, &name, file.day, events).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::EventWriter;
    use wardkeep_types::event::{Dialect, FieldValue, LogSource, TimeQuality};

    fn sample(n: u64) -> Event {
        let mut event = Event::new(Dialect::Auth, "auth.log".into(), n, format!("line {n}"));
        event.id = EventId::of("auth.log", event.raw.as_bytes(), 0);
        event.at = Moment::from_micros(1_780_000_000_000_000 + n as i64 * 43_200_000_000);
        event.time_quality = TimeQuality::AssumedYear;
        event.user = n.is_multiple_of(2).then(|| "anna".into());
        event.logsources = [LogSource { product: Some("linux".into()), ..LogSource::default() }].into();
        event.fields.insert("pid".into(), FieldValue::Int(n as i64));
        event.fields.insert("ratio".into(), FieldValue::Float(0.5));
        event.fields.insert(
            "names".into(),
            FieldValue::List(vec!["a".into(), FieldValue::Null, FieldValue::Bool(true)]),
        );
        event
    }

    #[test]
    fn events_come_back_as_they_were_written() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = EventWriter::new(dir.path(), Moment::EPOCH);
        let events: Vec<Event> = (0..10).map(sample).collect();
        events.iter().rev().for_each(|e| writer.push(e.clone()).unwrap());
        let written = writer.finish().unwrap();
        assert_eq!(written.iter().map(|w| w.rows).sum::<u64>(), 10);
        assert!(written.len() >= 5, "one file a day");
        let mut back = Vec::new();
        for file in &written {
            read_events(dir.path(), &file.name, |e| {
                back.push(e);
                ControlFlow::Continue(())
            })
            .unwrap();
        }
        assert_eq!(back, events);
        let mut raws = Vec::new();
        for file in &written {
            read_texts(dir.path(), &file.name, "raw", |raw| raws.push(raw.to_owned())).unwrap();
        }
        assert_eq!(raws, events.iter().map(|event| event.raw.to_string()).collect::<Vec<_>>());
        assert!(read_texts(dir.path(), &written[0].name, "nothing", |_| {}).is_err());
    }

    #[test]
    fn a_rewritten_file_lacks_what_was_erased_and_the_old_one_can_go() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = EventWriter::new(dir.path(), Moment::EPOCH);
        writer.push(sample(2)).unwrap();
        let old = writer.finish().unwrap().remove(0);
        let file = EventFile { name: old.name.clone(), day: old.day };
        assert_eq!(rewrite_events(dir.path(), &file, Moment::EPOCH, |_| false).unwrap(), None);
        let new =
            rewrite_events(dir.path(), &file, Moment::EPOCH, |e| e.user.take().is_some()).unwrap().unwrap();
        read_events(dir.path(), &new.name, |e| {
            assert_eq!(e.user, None);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_ne!(new.sha256, old.sha256);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("x.parquet"), b"PAR1 no PAR1").unwrap();
        let error = read_events(dir.path(), "x.parquet", |_| ControlFlow::Continue(())).unwrap_err();
        assert!(error.to_string().contains("x.parquet"), "{error}");
    }
}
