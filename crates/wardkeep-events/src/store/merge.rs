//! Compaction: many small files of a day and kind become one, by time.

use super::EventError;
use super::fields::{FieldColumns, PREFIX};
use super::read::EventReader;
use super::schema::Packing;
use super::write::{FileWriter, Written};
use arrow_array::cast::AsArray;
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::statistics::Statistics;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::fs::File;
use std::path::Path;
use wardkeep_types::event::{Event, EventId};
use wardkeep_types::{Date, Id, Moment};

/// Writes the events of all these files of one day and kind that `keep` chooses into one new file, by time, each event
/// once; nothing is written when none is kept. The old files stay; the caller removes them when the manifest names the
/// new one. Memory is bounded by a few thousand events a file.
pub fn merge_files(
    folder: &Path,
    names: &[&str],
    day: Date,
    kind: &str,
    now: Moment,
    mut keep: impl FnMut(&Event) -> bool,
) -> Result<Option<Written>, EventError> {
    let columns = columns(folder, names, Rare::Together)?;
    let mut readers =
        names.iter().map(|name| EventReader::open(folder, name)).collect::<Result<Vec<_>, _>>()?;
    let name = format!("{day}/{kind}-{}.parquet", Id::new(now));
    let mut writer = FileWriter::create(folder, &name, columns, Packing::Tight)?;
    let mut next: Vec<Option<Event>> = Vec::with_capacity(readers.len());
    let mut heap = BinaryHeap::with_capacity(readers.len());
    let key = |event: &Event, from: usize| Reverse((event.at, event.id, from));
    for (from, reader) in readers.iter_mut().enumerate() {
        let first = reader.next().transpose()?;
        heap.extend(first.as_ref().map(|event| key(event, from)));
        next.push(first);
    }
    let mut last: Option<(Moment, EventId)> = None;
    while let Some(Reverse((at, id, from))) = heap.pop() {
        let following = readers[from].next().transpose()?;
        heap.extend(following.as_ref().map(|event| key(event, from)));
        let event = std::mem::replace(&mut next[from], following);
        // An event that two files hold is the same event.
        if last != Some((at, id)) {
            event.filter(&mut keep).map_or(Ok(()), |event| writer.push(event))?;
        }
        last = Some((at, id));
    }
    if writer.is_empty() { writer.abandon().map(|()| None) } else { writer.finish(day).map(Some) }
}

/// The sources of the events of a file.
pub fn file_sources(folder: &Path, name: &str) -> Result<BTreeSet<String>, EventError> {
    let path = folder.join(name);
    let file = File::open(&path).map_err(|e| EventError::file(&path, e))?;
    let damaged = |e: &dyn std::fmt::Display| EventError::damaged(&path, e);
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e))?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), ["source"]);
    let mut found = BTreeSet::new();
    for batch in builder.with_projection(mask).build().map_err(|e| damaged(&e))? {
        let batch = batch.map_err(|e| damaged(&e))?;
        let texts = batch.column(0).as_string_opt::<i32>().ok_or_else(|| damaged(&"sources are no texts"))?;
        for text in texts.iter().flatten() {
            if !found.contains(text) {
                found.insert(text.to_owned());
            }
        }
    }
    Ok(found)
}

/// Writes those of the events of files, and of some in memory, that `keep` chooses into a file of its own, at most
/// `most`; returns how many.
pub fn select_events(
    folder: &Path,
    names: &[&str],
    recent: &[Event],
    to: &Path,
    most: u64,
    mut keep: impl FnMut(&Event) -> bool,
) -> Result<u64, EventError> {
    let mut writer =
        FileWriter::at(to.to_owned(), to.to_owned(), columns(folder, names, Rare::Kept)?, Packing::Fast)?;
    let mut rows = 0;
    for name in names {
        for event in EventReader::open(folder, name)? {
            let event = event?;
            if rows < most && keep(&event) {
                writer.push(event)?;
                rows += 1;
            }
        }
    }
    for event in recent.iter().filter(|event| keep(event)) {
        if rows < most {
            writer.push(event.clone())?;
            rows += 1;
        }
    }
    writer.finish(Moment::EPOCH.date())?;
    Ok(rows)
}

/// A field gets a column of a file that is put together when one in this many events has it: a column takes some 500
/// bytes in each file before it holds anything, and rare fields were a tenth of a file of Windows events.
const COMMON: u64 = 1_000;

/// What becomes of the columns of rare fields.
enum Rare {
    /// Their values stand together, in JSON.
    Together,
    /// They stay: what is rare in a file may stand in every event that is chosen from it.
    Kept,
}

/// The columns of all files together.
fn columns(folder: &Path, names: &[&str], rare: Rare) -> Result<FieldColumns, EventError> {
    let (mut found, mut events): (Vec<(String, u64, bool)>, u64) = Default::default();
    for name in names {
        let path = folder.join(name);
        let file = File::open(&path).map_err(|e| EventError::file(&path, e))?;
        let read = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|e| EventError::damaged(&path, e))?;
        events += read.metadata().file_metadata().num_rows().unsigned_abs();
        // No column holds another: the place of a field is that of its leaf.
        for (place, field) in read.schema().fields().iter().enumerate() {
            let Some(name) = field.name().strip_prefix(PREFIX) else { continue };
            let groups = read.metadata().row_groups().iter().map(|group| group.column(place));
            let having: u64 = groups
                .map(|chunk| {
                    let empty = chunk.statistics().and_then(Statistics::null_count_opt);
                    chunk.num_values().unsigned_abs().saturating_sub(empty.unwrap_or(0))
                })
                .sum();
            found.push((name.to_owned(), having, *field.data_type() == DataType::Int64));
        }
    }
    let each = found.iter().map(|(name, having, whole)| (name.as_str(), *having, *whole));
    let least = match rare {
        Rare::Together => events / COMMON,
        Rare::Kept => 0,
    };
    Ok(FieldColumns::united(least, each))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{EventWriter, find_event, find_events, read_events};
    use std::collections::BTreeSet;
    use std::ops::ControlFlow;
    use wardkeep_types::event::{Dialect, FieldValue};

    fn sample(n: u64) -> Event {
        let mut event = Event::new(Dialect::Auth, "auth.log".into(), n, format!("line {n}"));
        event.id = EventId::of("auth.log", event.raw.as_bytes(), 0);
        event.at = Moment::from_micros(1_780_000_000_000_000 + (n as i64 * 7_919 % 1_000));
        event.fields.insert("pid".into(), FieldValue::Int(n as i64));
        // A number in one file, a text in another, and a list in JSON in a third.
        let mixed = match n % 30 {
            0..10 => FieldValue::Int(n as i64),
            10..20 => format!("t{n}").into(),
            _ => FieldValue::List(vec![FieldValue::Float(0.5), FieldValue::Null]),
        };
        event.fields.insert("mixed".into(), mixed);
        if n >= 20 {
            (0..600).for_each(|i| drop(event.fields.insert(format!("f{i}").into(), FieldValue::Int(i))));
            event.fields.insert("pid".into(), "none".into());
        }
        event
    }

    #[test]
    fn merged_files_hold_every_event_once_and_by_time() {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        // The second part of every ten stands in the next file too.
        for start in [0_u64, 10, 20] {
            let mut writer = EventWriter::new(dir.path(), Moment::EPOCH);
            (start..(start + 15).min(30)).for_each(|n| writer.push(sample(n)).unwrap());
            files.extend(writer.finish().unwrap());
        }
        let names: Vec<&str> = files.iter().map(|f| f.name.as_str()).collect();
        let merged = merge_files(dir.path(), &names, files[0].day, "auth", Moment::EPOCH, |_| true);
        let merged = merged.unwrap().unwrap();
        let mut wanted: Vec<Event> = (0..30).map(sample).collect();
        wanted.sort_by_key(|e| (e.at, e.id));
        let mut found = Vec::new();
        read_events(dir.path(), &merged.name, |event| {
            found.push(event);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(found, wanted);
        assert_eq!((merged.rows, merged.first, merged.last), (30, wanted[0].at, wanted[29].at));
        for event in &wanted {
            assert_eq!(find_event(dir.path(), &merged.name, event.id).unwrap().as_ref(), Some(event));
        }
        assert_eq!(find_event(dir.path(), &merged.name, EventId([7; 16])).unwrap(), None);
        let some: Vec<EventId> =
            wanted.iter().step_by(3).map(|event| event.id).chain([EventId([7; 16])]).collect();
        let found = find_events(dir.path(), &merged.name, &some).unwrap();
        let ids: BTreeSet<EventId> = found.iter().map(|event| event.id).collect();
        assert_eq!(ids, some[..some.len() - 1].iter().copied().collect());
        assert!(found.iter().all(|event| wanted.contains(event)));
    }

    #[test]
    fn a_rare_field_keeps_its_value_without_a_column() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = EventWriter::new(dir.path(), Moment::EPOCH);
        let event = |n: u64| {
            let mut event = sample(n % 10);
            (event.id, event.at) = (EventId(u128::from(n).to_be_bytes()), Moment::from_micros(n as i64));
            let names: &[&str] = if n == 7 {
                &["few", "one"]
            } else if n < 8 {
                &["few"]
            } else {
                &[]
            };
            names.iter().for_each(|name| drop(event.fields.insert((*name).into(), "x".into())));
            event
        };
        (0..4_000).for_each(|n| writer.push(event(n)).unwrap());
        let old = writer.finish().unwrap().remove(0);
        let merged = merge_files(dir.path(), &[&old.name], old.day, "auth", Moment::EPOCH, |_| true);
        let merged = merged.unwrap().unwrap();
        let file = File::open(dir.path().join(&merged.name)).unwrap();
        let read = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).unwrap();
        let has = |name: &str| read.schema().column_with_name(name).is_some();
        assert_eq!((has("field.pid"), has("field.few"), has("field.one")), (true, true, false));
        let found = find_event(dir.path(), &merged.name, event(7).id).unwrap();
        assert_eq!(found, Some(event(7)));
        // An export of that one event has its column.
        let to = dir.path().join("chosen.parquet");
        let chosen = select_events(dir.path(), &[&old.name], &[], &to, 10, |e| e.id == event(7).id);
        assert_eq!(chosen.unwrap(), 1);
        let read = ArrowReaderMetadata::load(&File::open(&to).unwrap(), ArrowReaderOptions::new()).unwrap();
        assert!(read.schema().column_with_name("field.one").is_some());
    }

    #[test]
    fn a_file_can_be_written_without_some_of_its_events() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = EventWriter::new(dir.path(), Moment::EPOCH);
        for n in 0..10 {
            let source = if n < 4 { "http/a" } else { "http/b" };
            writer.push(Event { source: source.into(), ..sample(n) }).unwrap();
        }
        let old = writer.finish().unwrap().remove(0);
        assert_eq!(Vec::from_iter(file_sources(dir.path(), &old.name).unwrap()), ["http/a", "http/b"]);
        let without = |source: &str| {
            let keep = |event: &Event| *event.source != *source;
            merge_files(dir.path(), &[&old.name], old.day, "auth", Moment::EPOCH, keep).unwrap()
        };
        let new = without("http/a").unwrap();
        assert_eq!(new.rows, 6);
        assert_eq!(Vec::from_iter(file_sources(dir.path(), &new.name).unwrap()), ["http/b"]);
        let none = merge_files(dir.path(), &[&old.name], old.day, "auth", Moment::EPOCH, |_| false).unwrap();
        assert_eq!(none, None);
        let left = std::fs::read_dir(dir.path().join(old.day.to_string())).unwrap().count();
        assert_eq!(left, 2, "no part of a file is left");
    }
}
