//! The footers of event files, read once: files never change.

use crate::needle::{Sides, sides};
use crate::schema::read_as;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use datafusion::parquet::file::statistics::Statistics;
use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use wardkeep_app::events::{AskError, StoredFile};

/// What is known of a file.
#[derive(Debug)]
pub(crate) struct Footer {
    /// Its columns, as they are read.
    pub(crate) schema: SchemaRef,
    /// Whether hashes stand in a column of their own.
    pub(crate) hashes: bool,
    /// Whether some events have fields without a column of their own.
    pub(crate) rest: bool,
    /// Where its addresses stand.
    pub(crate) sides: Sides,
}

/// Footers by name of file.
#[derive(Debug, Default)]
pub(crate) struct Footers(Mutex<HashMap<String, Arc<Footer>>>);

/// Footers kept; with the columns of Windows events one takes some 50 kB.
const MOST: usize = 4_096;

impl Footers {
    /// The footers of files, in their order.
    pub(crate) fn of(&self, folder: &Path, files: &[StoredFile]) -> Result<Vec<Arc<Footer>>, AskError> {
        files.iter().map(|file| self.one(folder, &file.name)).collect()
    }
    fn one(&self, folder: &Path, name: &str) -> Result<Arc<Footer>, AskError> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(known.clone());
        }
        let read = Arc::new(read(&folder.join(name)).map_err(|e| AskError::Fault(format!("{name}: {e}")))?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(name.to_owned(), read.clone());
        Ok(read)
    }
}

fn read(path: &Path) -> Result<Footer, Box<dyn std::error::Error>> {
    let file = File::open(path)?;
    let read = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
    let metadata = read.metadata();
    let place = read.parquet_schema().columns().iter().position(|column| column.name() == "fields");
    let rest = place.is_none_or(|place| {
        metadata.row_groups().iter().any(|group| match group.column(place).statistics() {
            Some(Statistics::ByteArray(found)) => found.max_opt().is_none_or(|max| max.data() != b"{}"),
            _ => true,
        })
    });
    let hashes = read.schema().column_with_name("hashes").is_some();
    Ok(Footer { schema: read_as(read.schema()), hashes, rest, sides: sides(metadata) })
}
