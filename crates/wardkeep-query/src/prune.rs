//! Which files a question need not look into, by what the manifest says of them.

use datafusion::arrow::array::{ArrayRef, BooleanArray, StringArray, TimestampMicrosecondArray, UInt64Array};
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::{Column, ScalarValue};
use std::collections::HashSet;
use std::sync::Arc;
use wardkeep_app::events::StoredFile;
use wardkeep_types::Moment;

/// The manifest as the engine asks for it.
pub(crate) struct Manifest<'f>(pub(crate) &'f [StoredFile]);

impl Manifest<'_> {
    fn times(&self, of: impl Fn(&StoredFile) -> Moment) -> ArrayRef {
        let times: Vec<i64> = self.0.iter().map(|file| of(file).as_micros()).collect();
        Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC"))
    }
    fn dialects(&self) -> ArrayRef {
        let texts = StringArray::from_iter_values(self.0.iter().map(|file| file.dialect.as_str()));
        let texts: ArrayRef = Arc::new(texts);
        datafusion::arrow::compute::cast(&texts, &crate::schema::dictionary()).unwrap_or(texts)
    }
}

impl PruningStatistics for Manifest<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        match column.name() {
            "at" => Some(self.times(|file| file.first)),
            "dialect" => Some(self.dialects()),
            _ => None,
        }
    }
    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        match column.name() {
            "at" => Some(self.times(|file| file.last)),
            "dialect" => Some(self.dialects()),
            _ => None,
        }
    }
    fn num_containers(&self) -> usize {
        self.0.len()
    }
    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        let none = || Arc::new(UInt64Array::from(vec![0; self.0.len()])) as ArrayRef;
        matches!(column.name(), "at" | "dialect").then(none)
    }
    fn row_counts(&self) -> Option<ArrayRef> {
        Some(Arc::new(UInt64Array::from(self.0.iter().map(|file| file.rows).collect::<Vec<_>>())))
    }
    fn contained(&self, _: &Column, _: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}
