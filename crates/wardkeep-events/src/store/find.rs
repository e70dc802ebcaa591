//! Events of a file by their ids: the bloom filters say which row groups cannot have it.

use super::EventError;
use super::read::{Builder, EventReader};
use arrow_array::RecordBatchReader as _;
use arrow_array::cast::AsArray;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection, RowSelector};
use std::collections::HashSet;
use std::fs::File;
use std::path::Path;
use wardkeep_types::event::{Event, EventId};

/// The event of that id, if the file has it.
pub fn find_event(folder: &Path, name: &str, id: EventId) -> Result<Option<Event>, EventError> {
    Ok(find_events(folder, name, &[id])?.pop())
}

/// Those of these events that the file has, in its order.
pub fn find_events(folder: &Path, name: &str, ids: &[EventId]) -> Result<Vec<Event>, EventError> {
    let mut found = Vec::new();
    let path = folder.join(name);
    let damaged = |e: &dyn std::fmt::Display| EventError::damaged(&path, e);
    let file = File::open(&path).map_err(|e| EventError::file(&path, e))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e))?;
    for group in 0..builder.metadata().num_row_groups() {
        let wanted = may_hold(&builder, group, ids);
        if wanted.is_empty() {
            continue;
        }
        let file = File::open(&path).map_err(|e| EventError::file(&path, e))?;
        let column = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e))?;
        let mask = ProjectionMask::columns(column.parquet_schema(), ["event_id"]);
        let column =
            column.with_row_groups(vec![group]).with_projection(mask).build().map_err(|e| damaged(&e))?;
        debug_assert_eq!(column.schema().fields().len(), 1);
        let (mut chosen, mut before, mut after) = (Vec::new(), 0, 0);
        for batch in column {
            let batch = batch.map_err(|e| damaged(&e))?;
            let texts = batch.column(0).as_string_opt::<i32>().ok_or_else(|| damaged(&"ids are no texts"))?;
            for (row, text) in texts.iter().enumerate() {
                if text.is_some_and(|text| wanted.contains(text)) {
                    chosen.extend([RowSelector::skip(before + row - after), RowSelector::select(1)]);
                    after = before + row + 1;
                }
            }
            before += batch.num_rows();
        }
        if chosen.is_empty() {
            continue;
        }
        let chosen = RowSelection::from(chosen);
        let reader = EventReader::some(folder, name, |builder| {
            Ok(builder.with_row_groups(vec![group]).with_row_selection(chosen))
        })?;
        found.extend(reader.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(found)
}

/// The ids that a row group may have.
fn may_hold(builder: &Builder, group: usize, ids: &[EventId]) -> HashSet<String> {
    let ids = ids.iter().map(EventId::to_string);
    // The id is the first column of every file.
    match builder.get_row_group_column_bloom_filter(group, 0) {
        Ok(Some(filter)) => ids.filter(|id| filter.check(&id.as_str())).collect(),
        Ok(None) | Err(_) => ids.collect(),
    }
}
