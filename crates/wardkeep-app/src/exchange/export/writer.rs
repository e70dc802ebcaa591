//! Rows into files: CSV, workbook, JSON lines.

use super::book::Book;
use super::cells::{Cell, Column, Shown};
use super::run::{About, ExportColumns};
use crate::Error;
use crate::exchange::marks::protected;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// The form of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// CSV, UTF-8.
    Csv,
    /// CSV, UTF-8 with a byte order mark, which some spreadsheets need to recognise it.
    CsvBom,
    /// Office Open XML workbook.
    Xlsx,
    /// One JSON object a line.
    Jsonl,
}

impl ExportFormat {
    /// All.
    pub const ALL: [Self; 4] = [Self::Csv, Self::CsvBom, Self::Xlsx, Self::Jsonl];
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::CsvBom => "csv_bom",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
        }
    }
    /// The format of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.key() == key)
    }
    /// Ending of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvBom => "csv",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
        }
    }
    /// Media type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvBom => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Jsonl => "application/x-ndjson",
        }
    }
}

/// A file that is being written.
pub(super) enum Writer {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Book(Box<Book>, File),
    Lines(BufWriter<File>),
}

impl Writer {
    /// Begins the file with its header; `spool` is where a workbook keeps its rows meanwhile.
    pub(super) fn begin(
        mut file: File,
        spool: &Path,
        format: ExportFormat,
        columns: &[Column],
        which: ExportColumns,
    ) -> Result<Self, Error> {
        let titles = columns.iter().map(|c| c.title(which));
        Ok(match format {
            ExportFormat::Csv | ExportFormat::CsvBom => {
                if format == ExportFormat::CsvBom {
                    file.write_all(b"\xef\xbb\xbf").map_err(unwritable)?;
                }
                let mut out = csv::Writer::from_writer(BufWriter::new(file));
                out.write_record(titles).map_err(unwritable)?;
                Self::Csv(Box::new(out))
            }
            ExportFormat::Xlsx => Self::Book(Box::new(Book::begin(spool, columns, which)?), file),
            ExportFormat::Jsonl => Self::Lines(BufWriter::new(file)),
        })
    }
    /// Writes one record.
    pub(super) fn row(&mut self, shown: &Shown<'_>, columns: &[Column]) -> Result<(), Error> {
        match self {
            Self::Csv(out) => {
                for column in columns {
                    let text = text(shown.cell(*column));
                    out.write_field(protected(&text).as_bytes()).map_err(unwritable)?;
                }
                out.write_record(None::<&[u8]>).map_err(unwritable)
            }
            Self::Book(book, _) => book.row(columns.iter().map(|c| shown.cell(*c))),
            Self::Lines(out) => {
                serde_json::to_writer(&mut *out, &shown.json(columns)).map_err(unwritable)?;
                out.write_all(b"\n").map_err(unwritable)
            }
        }
    }
    /// Ends the file; what it says of itself stands on a second sheet of a workbook.
    pub(super) fn end(self, about: &About) -> Result<(), Error> {
        match self {
            Self::Csv(mut out) => out.flush().map_err(unwritable),
            Self::Book(book, file) => book.end(file, about),
            Self::Lines(mut out) => out.flush().map_err(unwritable),
        }
    }
}

/// A cell as text.
pub(super) fn text(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text,
        Cell::Int(int) => int.to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

pub(in crate::exchange) fn unwritable(error: impl std::fmt::Display) -> Error {
    Error::fault(format!("the export cannot be written: {error}; check that the data folder has space"))
}
