//! CSV as people save it: several encodings, separators and line endings.

use super::{Row, Table, plain, titles};
use crate::emit::Emit;
use crate::meter::Located;
use crate::sniff::separator;
use crate::text::{Decoded, Encoding, cut, encoding};
use crate::{Ending, Position, Refusal};
use csv::{ReaderBuilder, StringRecord, Terminator};
use std::io::{Cursor, Read};

/// Reads the table. UTF-16 was decoded before; what is not UTF-8 is read as windows-1252, with a warning.
pub(crate) fn csv(emit: &mut Emit<'_>, input: &mut dyn Read, head: &[u8]) -> Result<Ending, Refusal> {
    let wide = encoding(head).is_some_and(|e| e != Encoding::UTF_8);
    // The bytes are looked at as they come; the first that are no UTF-8 may stand far behind the head.
    let mut input = Located::new(Checked::new(input, !wide));
    let mut first = Vec::new();
    input.allow(emit.limits.record_bytes as u64);
    let header = header_line(&mut input, &mut first);
    let header = header.map_err(|e| Refusal::from_io(&e))?;
    let (mark, _) = separator(&header).unwrap_or((b',', 1));
    let rest = Cursor::new(first).chain(Bounded(&mut input, emit.limits.record_bytes as u64));
    // Ending rows at the line feed alone keeps the count of lines true; the carriage return before it is a blank at
    // the end of the last cell and cut with the others.
    let end = Terminator::Any(b'\n');
    let mut reader = ReaderBuilder::new()
        .terminator(end)
        .delimiter(mark)
        .has_headers(false)
        .flexible(true)
        .from_reader(rest);
    let mut table = Table::default();
    let mut record = StringRecord::new();
    let mut ending = Ending::Complete;
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                // The parser passes over blank lines before a row, so its line is counted back from its end.
                let inside = record.iter().flat_map(str::bytes).filter(|b| *b == b'\n').count() as u64;
                let line = line.max(reader.position().line().saturating_sub(1 + inside));
                row(emit, &mut table, &record, line);
            }
            Err(error) => {
                let csv::ErrorKind::Io(error) = error.into_kind() else { continue };
                ending = cut(emit, Position::Line(line), &error)?;
                break;
            }
        }
        if table.rows.len() > emit.limits.table_rows {
            return Err(Refusal::new(
                "too_long",
                format!("The table has more than {} rows.", emit.limits.table_rows),
                "Split it into several files.",
            ));
        }
        if emit.stop() {
            return Ok(Ending::Cancelled);
        }
    }
    drop(reader);
    if input_was_repaired(&input) {
        emit.fault(
            Position::Whole,
            "encoding",
            "The file is not UTF-8; it was read as windows-1252.",
            "Check names with accents, or save it as UTF-8.",
        );
    }
    if table.columns.is_empty() {
        return Err(Refusal::new(
            "empty",
            "The table has no header line.",
            "Put the titles of the columns in line 1.",
        ));
    }
    emit.table(table);
    Ok(ending)
}

fn row(emit: &mut Emit<'_>, table: &mut Table, record: &StringRecord, line: u64) {
    let mut cells: Vec<String> = record.iter().map(|cell| plain(cell).to_owned()).collect();
    if cells.iter().all(String::is_empty) {
        return;
    }
    let at = Position::Line(line);
    if table.columns.is_empty() {
        if cells.len() > emit.limits.table_columns {
            let text =
                format!("The header has {} columns; {} are read.", cells.len(), emit.limits.table_columns);
            emit.fault(at, "too_long", text, "Check the separator.");
            cells.truncate(emit.limits.table_columns);
        }
        let (columns, changed) = titles(cells);
        table.columns = columns;
        for text in changed {
            emit.fault(at, "column_title", text, "Give every column a title of its own.");
        }
        return;
    }
    let wanted = table.columns.len();
    let empty_tail = cells.iter().skip(wanted).all(String::is_empty);
    if cells.len() > wanted && !empty_tail {
        let text = format!("The row has {} cells, the header {wanted}. It was left out.", cells.len());
        return emit.fault(at, "cells", text, "Put cells that hold the separator in double quotes.");
    }
    if cells.len() < wanted {
        let text =
            format!("The row has {} cells, the header {wanted}. The missing ones are empty.", cells.len());
        emit.fault(at, "cells", text, "Check that no cell was lost.");
    }
    cells.resize(wanted, String::new());
    table.rows.push(Row { line, cells });
}

/// The first line that says something, and all bytes up to its end.
fn header_line(input: &mut impl std::io::BufRead, taken: &mut Vec<u8>) -> std::io::Result<String> {
    loop {
        let from = taken.len();
        if input.read_until(b'\n', taken)? == 0 {
            return Ok(String::new());
        }
        let line = String::from_utf8_lossy(&taken[from..]).trim().trim_start_matches('\u{feff}').to_owned();
        if from == 0 && taken.starts_with(b"\xef\xbb\xbf") {
            taken.drain(..3);
        }
        if !line.is_empty() {
            return Ok(line);
        }
    }
}

fn input_was_repaired<R>(input: &Located<Checked<R>>) -> bool
where
    R: Read,
{
    input.inner().repaired
}

/// Holds each read of the parser to a budget, so that an unclosed quote does not take in the whole file.
struct Bounded<'l, R>(&'l mut Located<R>, u64);

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.allow(self.1);
        self.0.read(out)
    }
}

/// Passes UTF-8 through; from the first bytes that are not, everything is decoded as windows-1252.
pub(crate) struct Checked<R> {
    inner: R,
    check: bool,
    repaired: bool,
    ready: Vec<u8>,
    given: usize,
    /// Bytes of a character that the last block cut.
    tail: Vec<u8>,
}

impl<R: Read> Checked<R> {
    fn new(inner: R, check: bool) -> Self {
        Self { inner, check, repaired: false, ready: Vec::new(), given: 0, tail: Vec::new() }
    }
    fn fill(&mut self) -> std::io::Result<()> {
        let mut block = std::mem::take(&mut self.tail);
        let from = block.len();
        block.resize(from + 32 * 1024, 0);
        let count = self.inner.read(&mut block[from..])?;
        block.truncate(from + count);
        self.given = 0;
        self.ready.clear();
        if !self.check {
            self.ready = block;
            return Ok(());
        }
        if !self.repaired {
            match std::str::from_utf8(&block) {
                Ok(_) => {
                    self.ready = block;
                    return Ok(());
                }
                Err(error) if error.error_len().is_none() && count > 0 => {
                    self.tail = block.split_off(error.valid_up_to());
                    self.ready = block;
                    if self.ready.is_empty() {
                        return self.fill();
                    }
                    return Ok(());
                }
                Err(_) => self.repaired = true,
            }
        }
        let mut text = Vec::new();
        Decoded::new(block.as_slice(), Encoding::WINDOWS_1252).read_to_end(&mut text)?;
        self.ready = text;
        Ok(())
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.ready.len() {
            self.fill()?;
        }
        let count = (self.ready.len() - self.given).min(out.len());
        out[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
