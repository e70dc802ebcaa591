//! The columns of an event file that are the same in every file; those of fields follow them.

use super::fields::FieldColumns;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::basic::{Compression, Encoding, ZstdLevel};
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
        text("hashes", false),
    ]);
    fields.extend(columns.schema());
    Arc::new(Schema::new(fields))
}

/// How well a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// What comes in must be written as fast as it comes.
    Fast,
    /// What is put together is read for years.
    Tight,
}

/// How a file is written.
pub(super) fn properties(packing: Packing, schema: &Schema) -> WriterProperties {
    let level = match packing {
        Packing::Fast => ZstdLevel::default(),
        Packing::Tight => ZstdLevel::try_new(LEVEL).unwrap_or_default(),
    };
    // A column whose values mostly differ should not be tried for long when there is no time.
    let dictionary = match packing {
        Packing::Fast => FAST_DICTIONARY,
        Packing::Tight => TIGHT_DICTIONARY,
    };
    let mut builder = WriterProperties::builder()
        .set_dictionary_page_size_limit(dictionary)
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        // Within a row group a period is found by pages.
        .set_column_statistics_enabled("at".into(), EnabledStatistics::Page)
        .set_column_data_page_size_limit("raw".into(), PAGE_BYTES)
        .set_max_row_group_row_count(Some(GROUP_ROWS));
    // Filters shrink by themselves to what a row group really holds.
    for column in ["event_id", "host", "user", "src_ip", "dst_ip"] {
        builder = builder
            .set_column_bloom_filter_enabled(column.into(), true)
            .set_column_bloom_filter_max_ndv(column.into(), GROUP_ROWS as u64);
    }
    // Every value of these differs; a dictionary would only be tried and thrown away.
    for column in ["event_id", "raw"] {
        builder = builder.set_column_dictionary_enabled(column.into(), false);
    }
    // Sorted by time, and often in the order of their source: small steps.
    for column in ["at", "position"] {
        builder = builder
            .set_column_dictionary_enabled(column.into(), false)
            .set_column_encoding(column.into(), Encoding::DELTA_BINARY_PACKED);
    }
    // What rises from one record to the next is written as the difference to the one before.
    for field in RISING.iter().filter_map(|name| schema.field_with_name(name).ok()) {
        let whole = *field.data_type() == DataType::Int64;
        let encoding = if whole { Encoding::DELTA_BINARY_PACKED } else { Encoding::DELTA_BYTE_ARRAY };
        builder = builder
            .set_column_dictionary_enabled(field.name().as_str().into(), false)
            .set_column_encoding(field.name().as_str().into(), encoding);
    }
    if packing == Packing::Tight {
        // Records of a kind begin alike.
        builder = builder.set_column_encoding("raw".into(), Encoding::DELTA_BYTE_ARRAY);
    }
    builder.build()
}

/// Fields that rise from one record to the next.
const RISING: [&str; 3] = ["field.EventRecordID", "field.TimeCreated_SystemTime", "field.UtcTime"];

/// Level of zstd for what is put together: beyond it files grow hardly smaller, and writing slower.
const LEVEL: i32 = 9;
/// Bytes of distinct values after which a column goes on without a dictionary.
const FAST_DICTIONARY: usize = 256 << 10;
const TIGHT_DICTIONARY: usize = 1 << 20;
/// Bytes of a page before it is packed: records repeat over long stretches, but whoever wants one unpacks a page.
const PAGE_BYTES: usize = 2 << 20;
/// Events of a row group, the least that a question reads.
const GROUP_ROWS: usize = 131_072;

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
