//! Reading a file of events by column, for rules over history.

use super::EventError;
use super::fields::{names, stored_value};
use super::schema::{ENTITIES, dialect_of};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::columns::{Column, Columns, raw_is_text};
use wardkeep_types::event::{EventId, FieldValue, LogSource, Name};

/// Reads the columns of a file: all fields, or only those that `wanted` names, with the entities, and the texts that
/// keywords are looked for in if `keywords` says so (then all fields are read). Gives them batch by batch, at most
/// `rows` events each.
pub fn read_columns(
    folder: &Path,
    name: &str,
    rows: usize,
    wanted: Option<&dyn Fn(&str) -> bool>,
    keywords: bool,
    mut each: impl FnMut(Columns),
) -> Result<(), EventError> {
    let path = folder.join(name);
    let damaged = |e: &dyn std::fmt::Display| EventError::damaged(&path, e);
    let file = File::open(&path).map_err(|e| EventError::file(&path, e))?;
    let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|e| damaged(&e))?;
    let options = ArrowReaderOptions::new().with_schema(dictionaries(plain.schema()));
    let metadata =
        ArrowReaderMetadata::try_new(plain.metadata().clone(), options).map_err(|e| damaged(&e))?;
    let read = |name: &str| {
        let field = name.strip_prefix(super::fields::PREFIX);
        match field {
            Some(field) => keywords || wanted.is_none_or(|wanted| wanted(field)),
            None => match name {
                "raw" | "message" | "source" => keywords,
                "time_quality" | "position" | "hashes" => false,
                _ => true,
            },
        }
    };
    let schema = metadata.schema().clone();
    let chosen = schema.fields().iter().enumerate().filter(|(_, f)| read(f.name())).map(|(at, _)| at);
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    let mask = ProjectionMask::roots(builder.parquet_schema(), chosen);
    let reader = builder.with_projection(mask).with_batch_size(rows).build().map_err(|e| damaged(&e))?;
    let fields = names(&reader.schema());
    for batch in reader {
        let batch = batch.map_err(|e| damaged(&e))?;
        each(columns(&batch, &fields).ok_or_else(|| damaged(&"a column does not fit"))?);
    }
    Ok(())
}

/// The same columns, with texts that repeat as numbers of a dictionary.
fn dictionaries(schema: &Schema) -> Arc<Schema> {
    let field = |field: &Arc<Field>| {
        let once = matches!(field.name().as_str(), "event_id" | "raw" | "fields");
        if *field.data_type() != DataType::Utf8 || once {
            return field.clone();
        }
        let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        Arc::new(Field::new(field.name(), kind, field.is_nullable()))
    };
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

fn columns(batch: &RecordBatch, fields: &[(usize, Name)]) -> Option<Columns> {
    let rows = batch.num_rows();
    let mut columns = Columns { rows, ..Columns::default() };
    let at = batch.column_by_name("at")?.as_primitive_opt::<TimestampMicrosecondType>()?;
    columns.at = at.values().iter().map(|micros| Moment::from_micros(*micros)).collect();
    for id in batch.column_by_name("event_id")?.as_string_opt::<i32>()? {
        let mut bytes = [0; 16];
        hex::decode_to_slice(id?, &mut bytes).ok()?;
        columns.ids.push(EventId(bytes));
    }
    let sets = column(batch.column_by_name("logsources")?, plain)?;
    for set in &sets.values {
        let FieldValue::Text(text) = set else { return None };
        columns.sets.push(serde_json::from_str::<Vec<LogSource>>(text).ok()?.into());
    }
    columns.set_of = sets.codes.iter().map(|code| code.saturating_sub(1)).collect();
    for (place, name) in fields {
        let found = column(batch.column(*place), stored_value)?;
        if !found.values.is_empty() {
            columns.fields.insert(Arc::from(&**name), found);
        }
    }
    rest(batch, &mut columns)?;
    for name in ENTITIES {
        let mut found = column(batch.column_by_name(name)?, plain)?;
        let name: Arc<str> = format!("wardkeep.{name}").into();
        // A field of the event comes before an entity of the same name.
        if let Some(field) = columns.fields.get(&name) {
            let taken = found.codes.iter_mut().zip(&field.codes).filter(|(_, code)| **code != 0);
            taken.for_each(|(code, _)| *code = 0);
        }
        if !found.values.is_empty() {
            columns.entities.insert(name, found);
        }
    }
    if let Some(source) = batch.column_by_name("source") {
        columns.source = column(source, plain)?;
    }
    if let Some(message) = batch.column_by_name("message") {
        columns.message = column(message, plain)?;
    }
    if let Some(raw) = batch.column_by_name("raw") {
        let dialects = column(batch.column_by_name("dialect")?, plain)?;
        let text = |row: usize| matches!(dialects.get(row), Some(FieldValue::Text(key)) if raw_is_text(dialect_of(key)));
        if (0..rows).any(text) {
            columns.raw = column(raw, plain)?;
            (0..rows).filter(|row| !text(*row)).for_each(|row| columns.raw.codes[row] = 0);
        }
    }
    Some(columns)
}

/// Fields that have no column of their own: of files with very many fields, and of files written before fields had
/// columns.
fn rest(batch: &RecordBatch, columns: &mut Columns) -> Option<()> {
    let texts = batch.column_by_name("fields")?.as_string_opt::<i32>()?;
    let mut seen: HashMap<String, (Column, HashMap<String, u32>)> = HashMap::new();
    for (row, text) in texts.iter().enumerate() {
        let text = text?;
        if text == "{}" {
            continue;
        }
        for (name, value) in serde_json::from_str::<BTreeMap<String, FieldValue>>(text).ok()? {
            let (column, codes) = seen.entry(name).or_default();
            let code = *codes.entry(format!("{value:?}")).or_insert_with(|| {
                column.values.push(value);
                column.values.len() as u32
            });
            column.codes.resize(row, 0);
            column.codes.push(code);
        }
    }
    columns.fields.extend(seen.into_iter().map(|(name, (column, _))| (Arc::from(name), column)));
    Some(())
}

fn plain(text: &str) -> FieldValue {
    FieldValue::from(text)
}

/// A column of any of the kinds that are written.
fn column(array: &ArrayRef, value: impl Fn(&str) -> FieldValue) -> Option<Column> {
    if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
        let mut found = Column::default();
        let mut seen: HashMap<i64, u32, ahash::RandomState> = HashMap::default();
        for number in numbers {
            let code = number.map_or(0, |number| {
                *seen.entry(number).or_insert_with(|| {
                    found.values.push(FieldValue::Int(number));
                    found.values.len() as u32
                })
            });
            found.codes.push(code);
        }
        return Some(found);
    }
    if let Some(texts) = array.as_string_opt::<i32>() {
        let mut found = Column::default();
        for text in texts {
            found.codes.push(text.map_or(0, |text| {
                found.values.push(value(text));
                found.values.len() as u32
            }));
        }
        return Some(found);
    }
    let dictionary = array.as_dictionary_opt::<Int32Type>()?;
    let texts: &StringArray = dictionary.values().as_string_opt::<i32>()?;
    let values = texts.iter().map(|text| text.map_or(FieldValue::Null, &value)).collect();
    let code = |key: Option<i32>| key.map_or(0, |key| key as u32 + 1);
    Some(Column { values, codes: dictionary.keys().iter().map(code).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{EventWriter, read_events};
    use std::ops::ControlFlow;
    use wardkeep_types::columns::ColumnsBuilder;
    use wardkeep_types::event::{Dialect, Event};

    fn sample(n: u64) -> Event {
        let mut event = Event::new(Dialect::Windows, "a".into(), n, format!("{{\"n\":{n}}}"));
        event.id = EventId::of("a", event.raw.as_bytes(), 0);
        event.at = Moment::from_micros(1_780_000_000_000_000 + n as i64);
        event.host = n.is_multiple_of(2).then(|| "H".into());
        event.message = Some("said".into());
        event.logsources = [LogSource { product: Some("windows".into()), ..LogSource::default() }].into();
        event.fields.insert("EventID".into(), FieldValue::Int(n as i64 % 4));
        event.fields.insert("Image".into(), FieldValue::from(format!("C:\\{}.exe", n % 5)));
        if n.is_multiple_of(7) {
            event.fields.insert("Image".into(), FieldValue::List(vec!["a".into(), FieldValue::Null]));
            event.fields.insert("odd".into(), FieldValue::from("\u{1}text"));
        }
        event
    }

    #[test]
    fn columns_say_what_events_say() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = EventWriter::new(dir.path(), Moment::EPOCH);
        let events: Vec<Event> = (0..50).map(sample).collect();
        for event in &events {
            writer.push(event.clone()).unwrap();
        }
        let file = writer.finish().unwrap().remove(0);
        let mut back = Vec::new();
        read_events(dir.path(), &file.name, |event| {
            back.push(event);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(back, events);
        let mut builder = ColumnsBuilder::default();
        for event in &events {
            builder.push(event);
        }
        let wanted = builder.finish();
        let mut rows = 0;
        read_columns(dir.path(), &file.name, 20, None, true, |columns| {
            for row in 0..columns.rows {
                let at = rows + row;
                assert_eq!((columns.at[row], columns.ids[row]), (wanted.at[at], wanted.ids[at]));
                assert_eq!(
                    columns.sets[columns.set_of[row] as usize],
                    wanted.sets[wanted.set_of[at] as usize]
                );
                for (name, column) in &wanted.fields {
                    let found = columns.fields.get(name).and_then(|found| found.get(row));
                    assert_eq!(found, column.get(at), "{name} of {at}");
                }
                let host = columns.entities.get("wardkeep.host").and_then(|found| found.get(row));
                assert_eq!(host, wanted.entities["wardkeep.host"].get(at));
                assert_eq!(columns.message.get(row), wanted.message.get(at));
                assert_eq!(columns.source.get(row), wanted.source.get(at));
            }
            rows += columns.rows;
        })
        .unwrap();
        assert_eq!(rows, 50);
        read_columns(dir.path(), &file.name, 100, Some(&|name| name == "EventID"), false, |columns| {
            assert_eq!(columns.fields.keys().map(|name| &**name).collect::<Vec<_>>(), ["EventID"]);
        })
        .unwrap();
    }
}
