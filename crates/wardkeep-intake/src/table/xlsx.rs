//! Workbooks (.xlsx): one sheet as a table.

use super::{Row, Table, plain, titles};
use crate::emit::Emit;
use crate::{Ending, Position, Refusal};
use calamine::{Data, Reader as _, Xlsx};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads the named sheet, or the first. Formulas give their stored value; merged cells are refused, because a
/// value would then stand in one row and be meant for several.
pub(crate) fn xlsx(emit: &mut Emit<'_>, bytes: Vec<u8>, sheet: Option<&str>) -> Result<Ending, Refusal> {
    expanded_size(&bytes, emit.limits.held_bytes)?;
    // The parser is fed hostile bytes: a panic in it must be a refusal.
    let read = catch_unwind(AssertUnwindSafe(|| read(bytes, sheet)));
    let (name, start, cells) = read.unwrap_or_else(|_| Err(damaged("its parser failed")))?;
    let mut table = Table { sheet: Some(name), ..Table::default() };
    for (index, cells) in cells.into_iter().enumerate() {
        row(emit, &mut table, cells, start + index as u64 + 1);
        if table.rows.len() > emit.limits.table_rows {
            let text = format!("The sheet has more than {} rows.", emit.limits.table_rows);
            return Err(Refusal::new("too_long", text, "Split it into several files."));
        }
    }
    if table.columns.is_empty() {
        return Err(Refusal::new(
            "empty",
            "The sheet has no header row.",
            "Put the titles of the columns in row 1.",
        ));
    }
    emit.table(table);
    Ok(Ending::Complete)
}

/// The sheet's name, the rows above the first used one, and the cells from there on.
type Cells = (String, u64, Vec<Vec<String>>);

fn read(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Cells, Refusal> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    let names = book.sheet_names();
    let name = match sheet {
        None => names.first().cloned(),
        Some(wanted) => names.iter().find(|name| name.eq_ignore_ascii_case(wanted)).cloned(),
    };
    let Some(name) = name else {
        let text = format!("The workbook has no such sheet; it has: {}.", names.join(", "));
        return Err(Refusal::new("no_sheet", text, "Name one of its sheets."));
    };
    let merged = book.worksheet_merge_cells(&name).transpose().map_err(|e| damaged(&e.to_string()))?;
    if let Some(first) = merged.as_ref().and_then(|cells| cells.first()) {
        let text = format!("The sheet \"{name}\" has merged cells (row {}).", first.start.0 + 1);
        let refusal =
            Refusal::new("merged_cells", text, "Unmerge them, so that every row stands for itself.");
        return Err(refusal.at(Position::Row(u64::from(first.start.0) + 1)));
    }
    let range = book.worksheet_range(&name).map_err(|e| damaged(&e.to_string()))?;
    let start = u64::from(range.start().map_or(0, |(row, _)| row));
    Ok((name, start, range.rows().map(|row| row.iter().map(shown).collect()).collect()))
}

/// A cell as text: whole numbers without a fraction, dates as `YYYY-MM-DD`.
fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            if at.is_duration() {
                return cell.to_string();
            }
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
            }
        }
        other => plain(&other.to_string()).to_owned(),
    }
}

fn row(emit: &mut Emit<'_>, table: &mut Table, mut cells: Vec<String>, line: u64) {
    if cells.iter().all(String::is_empty) {
        return;
    }
    let at = Position::Row(line);
    if !table.columns.is_empty() {
        cells.resize(table.columns.len(), String::new());
        table.rows.push(Row { line, cells });
        return;
    }
    cells.truncate(emit.limits.table_columns);
    let (columns, changed) = titles(cells);
    table.columns = columns;
    for text in changed {
        emit.fault(at, "column_title", text, "Give every column a title of its own.");
    }
}

/// Refuses a workbook whose parts grow beyond what may be held, before they are unpacked.
fn expanded_size(bytes: &[u8], limit: u64) -> Result<(), Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    let mut left = limit.saturating_mul(2);
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|e| damaged(&e.to_string()))?;
        // Stated sizes may lie, so the parts are unpacked once and thrown away.
        let grown = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|e| Refusal::from_io(&e))?;
        left = left.saturating_sub(grown);
        if left == 0 {
            let text = format!("The workbook holds more than {} MiB when unpacked.", limit >> 19);
            return Err(Refusal::new("bomb", text, "Save the sheet as CSV."));
        }
    }
    Ok(())
}

fn damaged(text: &str) -> Refusal {
    let text: String = text.chars().take(160).collect();
    Refusal::new("broken_workbook", format!("The workbook is damaged: {text}."), "Save it again, or as CSV.")
}
