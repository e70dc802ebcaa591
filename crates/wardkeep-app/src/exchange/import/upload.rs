//! A handed-in file as a table.

use super::json;
use crate::Refusal;
use sha2::{Digest, Sha256};
use wardkeep_intake::{Collected, Format, Options, Source, Table, read};
use wardkeep_types::{Moment, Problem, Problems, limits};

/// A file that was read and waits to be staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The name under which it was handed in.
    pub file_name: String,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its bytes; kept with the import, so that columns can be mapped again. `None` when only the table is known.
    pub bytes: Option<Vec<u8>>,
    /// Columns and rows.
    pub table: Table,
    /// What could not be read, with its place; these rows are not in the table.
    pub notes: Problems,
}

/// Why a file is not read.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Unread {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Reads a CSV file, a workbook, a JSON array or JSON lines, judged by content; `sheet` names a sheet other than
/// the first. Refuses what is larger than a document may be (IM-5), and what is none of these.
pub fn read_upload(
    file_name: &str,
    bytes: Vec<u8>,
    sheet: Option<&str>,
    now: Moment,
) -> Result<Upload, Refusal> {
    if bytes.len() as u64 > limits::DOCUMENT_BYTES {
        let most = limits::DOCUMENT_BYTES / 1_048_576;
        return Err(Refusal::TooLarge(format!(
            "the file is larger than {most} MiB, the most that one import takes; split it into several files"
        )));
    }
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let mut notes = Problems::new();
    let table = if looks_like_json(&bytes) {
        let text = std::str::from_utf8(&bytes).map_err(|e| {
            refused(
                "encoding",
                format!("The JSON is not UTF-8 (byte {}).", e.valid_up_to()),
                "Save it as UTF-8.",
            )
        })?;
        json::table(text, &mut notes)
            .map_err(|e| refused(e.code, e.message, "Give an array of objects, or one object a line."))?
    } else {
        tabular(file_name, &bytes, sheet, now, &mut notes)?
    };
    Ok(Upload { file_name: file_name.to_owned(), sha256, bytes: Some(bytes), table, notes })
}

impl Upload {
    /// A table that was read elsewhere, such as by `assess`.
    pub fn of_table(file_name: &str, table: Table) -> Self {
        let canonical = serde_json::to_vec(&table).unwrap_or_default();
        let sha256 = hex::encode(Sha256::digest(&canonical));
        Self { file_name: file_name.to_owned(), sha256, bytes: None, table, notes: Problems::new() }
    }
}

fn looks_like_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    matches!(text.iter().find(|b| !b.is_ascii_whitespace()), Some(b'[' | b'{'))
}

fn tabular(
    file_name: &str,
    bytes: &[u8],
    sheet: Option<&str>,
    now: Moment,
    notes: &mut Problems,
) -> Result<Table, Refusal> {
    // A ZIP is a workbook or nothing; everything else is text in rows, whatever it is called.
    let format = if bytes.starts_with(b"PK\x03\x04") { Format::Xlsx } else { Format::Csv };
    let options = Options { format: Some(format), sheet: sheet.map(str::to_owned), ..Options::default() };
    let mut found = Collected::default();
    let outcome = read(Source::memory(file_name, now, bytes.to_vec()), &options, &mut found);
    outcome.map_err(|e| refused(e.code, e.message, &e.remedy))?;
    for fault in found.faults {
        notes.add(Problem::new(fault.position.to_string(), fault.code, fault.message).hint(fault.remedy));
    }
    match found.tables.pop() {
        // A header with control characters is no text: the file is something else.
        Some((_, table)) if !table.columns.iter().any(|c| c.chars().any(|c| c.is_control() && c != '\n')) => {
            Ok(table)
        }
        _ => Err(refused(
            "no_table",
            "The file holds no rows and columns.",
            "Give a CSV file, a workbook (.xlsx) or JSON.",
        )),
    }
}

fn refused(code: &str, message: impl Into<String>, remedy: &str) -> Refusal {
    Refusal::Invalid(Problems(vec![Problem::new("file", code, message).hint(remedy)]))
}
