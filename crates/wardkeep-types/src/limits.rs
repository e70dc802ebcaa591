//! Limits in one place (`wardkeep doctor` prints them). Each is a default; a refusal names limit, value and
//! remedy.

/// Characters of a one-line text.
pub const LINE_CHARACTERS: usize = 200;
/// Bytes of a long text.
pub const TEXT_BYTES: usize = 64 * 1024;
/// Bytes of a document that is read as a whole (framework, form, JSON body).
pub const DOCUMENT_BYTES: u64 = 32 * 1024 * 1024;
/// Bytes of one evidence file or attachment.
pub const EVIDENCE_BYTES: u64 = 100 * 1024 * 1024;
/// Bytes of one scanner report.
pub const REPORT_BYTES: u64 = 512 * 1024 * 1024;
/// Bytes of one log line.
pub const LOG_LINE_BYTES: usize = 1024 * 1024;
/// Bytes of one structured log record.
pub const RECORD_BYTES: usize = 16 * 1024 * 1024;
/// Nesting of JSON, YAML and XML.
pub const NESTING: usize = 64;
/// How many times an archive may grow, after the first 10 MiB.
pub const EXPANSION_RATIO: u64 = 100;
/// Bytes that an archive may hold when unpacked.
pub const EXPANSION_BYTES: u64 = 10 * 1024 * 1024 * 1024;
/// Members of one archive.
pub const ARCHIVE_ENTRIES: usize = 10_000;
/// Seconds that one query may run.
pub const QUERY_SECONDS: u64 = 30;
/// Rows of one export.
pub const EXPORT_ROWS: u64 = 1_000_000;
/// Rows written in one transaction.
pub const BATCH_ROWS: usize = 2_000;

/// Name, value and unit of every limit, for `wardkeep doctor`.
pub const ALL: &[(&str, u64, &str)] = &[
    ("line_characters", LINE_CHARACTERS as u64, "characters"),
    ("text", TEXT_BYTES as u64, "bytes"),
    ("document", DOCUMENT_BYTES, "bytes"),
    ("evidence_file", EVIDENCE_BYTES, "bytes"),
    ("report", REPORT_BYTES, "bytes"),
    ("log_line", LOG_LINE_BYTES as u64, "bytes"),
    ("record", RECORD_BYTES as u64, "bytes"),
    ("nesting", NESTING as u64, "levels"),
    ("expansion_ratio", EXPANSION_RATIO, "times"),
    ("expansion", EXPANSION_BYTES, "bytes"),
    ("archive_entries", ARCHIVE_ENTRIES as u64, "members"),
    ("query", QUERY_SECONDS, "seconds"),
    ("export", EXPORT_ROWS, "rows"),
    ("batch", BATCH_ROWS as u64, "rows"),
];
