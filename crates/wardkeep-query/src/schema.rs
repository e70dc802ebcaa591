//! The columns of the table `events`.

use crate::footers::Footer;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What stands before the name of a field.
pub(crate) const PREFIX: &str = "field.";

/// The columns that every file has, in the order in which people get them.
pub(crate) const BASE: [&str; 18] = [
    "event_id",
    "at",
    "host",
    "user",
    "src_ip",
    "dst_ip",
    "process",
    "action",
    "outcome",
    "message",
    "dialect",
    "source",
    "position",
    "time_quality",
    "logsources",
    "fields",
    "raw",
    "hashes",
];

/// Texts of which every value differs: a dictionary would only cost.
const DISTINCT: [&str; 2] = ["event_id", "raw"];

/// Texts that repeat, as numbers of a dictionary.
pub(crate) fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn kind(name: &str) -> DataType {
    match name {
        "at" => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        "position" => DataType::Int64,
        name if DISTINCT.contains(&name) => DataType::Utf8View,
        _ => dictionary(),
    }
}

/// The columns of a file as they are to be read.
pub(crate) fn read_as(file: &Schema) -> SchemaRef {
    let field = |field: &Arc<Field>| {
        if *field.data_type() == DataType::Utf8 {
            let kind =
                if DISTINCT.contains(&field.name().as_str()) { DataType::Utf8View } else { dictionary() };
            return Field::new(field.name(), kind, field.is_nullable());
        }
        field.as_ref().clone()
    };
    Arc::new(Schema::new(file.fields().iter().map(field).collect::<Vec<_>>()))
}

/// The table: what every file has, and those fields of the files that are wanted.
pub(crate) fn table(footers: &[Arc<Footer>], wanted: &Wanted) -> SchemaRef {
    let mut columns: Vec<Field> = BASE.iter().map(|name| Field::new(*name, kind(name), true)).collect();
    let mut found: BTreeMap<&str, DataType> = BTreeMap::new();
    for footer in footers {
        for field in footer.schema.fields() {
            let Some(name) = field.name().strip_prefix(PREFIX).filter(|name| wanted.wants(name)) else {
                continue;
            };
            // Where one file has numbers and another has texts, all are texts.
            let kind = found.entry(name).or_insert_with(|| field.data_type().clone());
            if kind != field.data_type() {
                *kind = dictionary();
            }
        }
    }
    columns.extend(found.into_iter().map(|(name, kind)| Field::new(format!("{PREFIX}{name}"), kind, true)));
    Arc::new(Schema::new(columns))
}

/// Which fields a question asks for; their case does not matter.
#[derive(Debug, Default)]
pub(crate) struct Wanted(BTreeSet<String>);

impl Wanted {
    pub(crate) fn add(&mut self, name: &str) {
        self.0.insert(name.to_ascii_lowercase());
    }
    fn wants(&self, name: &str) -> bool {
        self.0.contains(&name.to_ascii_lowercase())
    }
    /// The names of which the table has no field.
    pub(crate) fn missing(&self, table: &Schema) -> Vec<String> {
        let has = |name: &str| {
            table
                .fields()
                .iter()
                .any(|f| f.name().strip_prefix(PREFIX).is_some_and(|f| f.eq_ignore_ascii_case(name)))
        };
        self.0.iter().filter(|name| !has(name)).cloned().collect()
    }
}
