//! Workbooks: rows go to disk as they come, so that a million of them need little memory.

use super::cells::{Cell, Column};
use super::run::{About, ExportColumns};
use super::writer::unwritable;
use crate::Error;
use crate::exchange::marks::{CELL_CHARACTERS, CUT, shielded};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook};
use std::borrow::Cow;
use std::fs::File;
use std::path::Path;

/// Largest whole number that a workbook keeps exactly.
const EXACT: i64 = 1 << 53;

/// A workbook that is being written.
pub(super) struct Book {
    workbook: Workbook,
    day: Format,
    row: u32,
    columns: u16,
}

impl Book {
    pub(super) fn begin(spool: &Path, columns: &[Column], which: ExportColumns) -> Result<Self, Error> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(spool).map_err(unwritable)?;
        let sheet = workbook.add_worksheet_with_constant_memory();
        sheet.set_name("Records").map_err(unwritable)?;
        sheet.set_freeze_panes(1, 0).map_err(unwritable)?;
        let header = Format::new().set_bold();
        let titles = columns.iter().map(|c| (c.title(which), c.width())).collect::<Vec<_>>();
        for (place, (title, width)) in titles.iter().enumerate() {
            sheet.set_column_width(place as u16, *width).map_err(unwritable)?;
            sheet.write_string_with_format(0, place as u16, title, &header).map_err(unwritable)?;
        }
        let day = Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
        Ok(Self { workbook, day, row: 1, columns: columns.len() as u16 })
    }
    pub(super) fn row(&mut self, cells: impl Iterator<Item = Cell>) -> Result<(), Error> {
        let row = self.row;
        self.row += 1;
        let sheet = self.workbook.worksheet_from_index(0).map_err(unwritable)?;
        for (place, cell) in cells.enumerate() {
            let place = place as u16;
            let written = match cell {
                Cell::Empty => continue,
                Cell::Int(int) if (-EXACT..=EXACT).contains(&int) => {
                    sheet.write_number(row, place, int as f64)
                }
                Cell::Int(int) => sheet.write_string(row, place, int.to_string()),
                Cell::Day(day) => match ExcelDateTime::parse_from_str(&day.to_string()) {
                    Ok(at) => sheet.write_datetime_with_format(row, place, &at, &self.day),
                    // Workbooks know no day before 1900.
                    Err(_) => sheet.write_string(row, place, day.to_string()),
                },
                Cell::Text(text) => sheet.write_string(row, place, fitted(&text)),
            };
            written.map_err(unwritable)?;
        }
        Ok(())
    }
    pub(super) fn end(mut self, file: File, about: &About) -> Result<(), Error> {
        let sheet = self.workbook.worksheet_from_index(0).map_err(unwritable)?;
        if self.row > 1 && self.columns > 0 {
            sheet.autofilter(0, 0, self.row - 1, self.columns - 1).map_err(unwritable)?;
        }
        let sheet = self.workbook.add_worksheet_with_constant_memory();
        sheet.set_name("About").map_err(unwritable)?;
        sheet.set_column_width(0, 20).and_then(|s| s.set_column_width(1, 80)).map_err(unwritable)?;
        let bold = Format::new().set_bold();
        for (row, (label, text)) in about.lines().into_iter().enumerate() {
            let row = row as u32;
            sheet.write_string_with_format(row, 0, label, &bold).map_err(unwritable)?;
            sheet.write_string(row, 1, fitted(&text)).map_err(unwritable)?;
        }
        self.workbook.save_to_writer(file).map_err(unwritable)
    }
}

/// A text that a cell can hold. Strings of a workbook are never run, so nothing else needs an apostrophe.
fn fitted(text: &str) -> Cow<'_, str> {
    let safe = shielded(text);
    if safe.chars().count() <= CELL_CHARACTERS {
        return safe;
    }
    let cut: String = safe.chars().take(CELL_CHARACTERS).collect();
    format!("{cut} {CUT}").into()
}
