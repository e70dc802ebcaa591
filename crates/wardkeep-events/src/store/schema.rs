//! The columns of an event file that are the same in every file; those of fields follow them.

use super::fields::FieldColumns;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::sync::Arc;
use wardkeep_types::event::{Dialect, TimeQuality};

/// Optional text columns between `source` and `message`, in order.
pub(super) const ENTITIES: [&str; 7] = ["host", "user", "src_ip", "dst_ip", "process", "action", "outcome"];

pub(super) fn arrow_schema(columns: &FieldColumns) -> Arc<Schema> {
    let text = |name: &str, empty: bool| Field::new(name, DataType::Utf8, empty);
    let mut fields = vec![
        text("event_id", false),
        Field::new("at", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
        text("time_quality", false),
        text("dialect", false),
        text("source", false),
        Field::new("position", DataType::Int64, false),
    ];
    fields.extend(ENTITIES.iter().map(|name| text(name, true)));
    fields.extend([
        text("message", true),
        text("logsources", false),
        text("fields", false),
        text("raw", false),
    ]);
    fields.extend(columns.schema());
    Arc::new(Schema::new(fields))
}

pub(super) fn properties() -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_max_row_group_row_count(Some(131_072));
    for column in ["event_id", "host", "user", "src_ip"] {
        builder = builder.set_column_bloom_filter_enabled(column.into(), true);
    }
    // Every value of these differs; a dictionary would only be tried and thrown away.
    for column in ["event_id", "raw", "fields"] {
        builder = builder.set_column_dictionary_enabled(column.into(), false);
    }
    builder.build()
}

const DIALECTS: [(Dialect, &str); 21] = Dialect::ALL;

/// The name of a kind of record, as the store and questions have it.
pub fn dialect_key(dialect: Dialect) -> &'static str {
    DIALECTS.iter().find(|(d, _)| *d == dialect).map_or("text", |(_, key)| key)
}

pub(super) fn dialect_of(key: &str) -> Dialect {
    DIALECTS.iter().find(|(_, k)| *k == key).map_or(Dialect::Text, |(d, _)| *d)
}

const QUALITIES: [(TimeQuality, &str); 4] = [
    (TimeQuality::Stated, "stated"),
    (TimeQuality::AssumedYear, "assumed_year"),
    (TimeQuality::AssumedZone, "assumed_zone"),
    (TimeQuality::Missing, "missing"),
];

pub(super) fn quality_key(quality: TimeQuality) -> &'static str {
    QUALITIES.iter().find(|(q, _)| *q == quality).map_or("missing", |(_, key)| key)
}

pub(super) fn quality_of(key: &str) -> TimeQuality {
    QUALITIES.iter().find(|(_, k)| *k == key).map_or(TimeQuality::Missing, |(q, _)| *q)
}
