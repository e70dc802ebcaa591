//! One event of a file by its id: the bloom filters say which row groups cannot have it.

use super::EventError;
use super::read::{Builder, EventReader};
use arrow_array::RecordBatchReader as _;
use arrow_array::cast::AsArray;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection, RowSelector};
use std::fs::File;
use std::path::Path;
use wardkeep_types::event::{Event, EventId};

/// The event of that id, if the file has it.
pub fn find_event(folder: &Path, name: &str, id: EventId) -> Result<Option<Event>, EventError> {
    let wanted = id.to_string();
    let path = folder.join(name);
    let damaged = |e: &dyn std::fmt::Display| EventError::damaged(&path, e);
    let file = File::open(&path).map_err(|e| EventError::file(&path, e))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e))?;
    for group in 0..builder.metadata().num_row_groups() {
        if !may_hold(&builder, group, &wanted) {
            continue;
        }
        let file = File::open(&path).map_err(|e| EventError::file(&path, e))?;
        let ids = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e))?;
        let mask = ProjectionMask::columns(ids.parquet_schema(), ["event_id"]);
        let ids = ids.with_row_groups(vec![group]).with_projection(mask).build().map_err(|e| damaged(&e))?;
        debug_assert_eq!(ids.schema().fields().len(), 1);
        let mut before = 0;
        for batch in ids {
            let batch = batch.map_err(|e| damaged(&e))?;
            let texts = batch.column(0).as_string_opt::<i32>().ok_or_else(|| damaged(&"ids are no texts"))?;
            if let Some(row) = texts.iter().position(|text| text == Some(wanted.as_str())) {
                let chosen =
                    RowSelection::from(vec![RowSelector::skip(before + row), RowSelector::select(1)]);
                let mut reader = EventReader::some(folder, name, |builder| {
                    Ok(builder.with_row_groups(vec![group]).with_row_selection(chosen))
                })?;
                return reader.next().transpose();
            }
            before += batch.num_rows();
        }
    }
    Ok(None)
}

fn may_hold(builder: &Builder, group: usize, wanted: &str) -> bool {
    // The id is the first column of every file.
    match builder.get_row_group_column_bloom_filter(group, 0) {
        Ok(Some(filter)) => filter.check(&wanted),
        Ok(None) | Err(_) => true,
    }
}
