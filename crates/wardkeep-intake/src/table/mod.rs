//! Tables: CSV and workbooks, read into one form.

mod csv;
mod log;
mod xlsx;

pub(crate) use csv::csv;
pub(crate) use log::{CsvLog, is_log};
pub(crate) use xlsx::xlsx;

use serde::{Deserialize, Serialize};

/// A row with the place it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Line of the file for text, row of the sheet for a workbook; both from 1.
    pub line: u64,
    /// As many cells as there are columns, blanks at both ends cut.
    pub cells: Vec<String>,
}

/// Columns and rows of text. Cells are as written; what they mean is for the register to say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The sheet's name, for a workbook.
    pub sheet: Option<String>,
    /// Titles of the columns as written. No two are equal without regard to case.
    pub columns: Vec<String>,
    /// Rows with at least one cell that says something.
    pub rows: Vec<Row>,
}

impl Table {
    /// The column of that title, without regard to case.
    pub fn column(&self, title: &str) -> Option<usize> {
        let title = title.trim().to_lowercase();
        self.columns.iter().position(|column| column.to_lowercase() == title)
    }
    /// A cell by row and title; `None` when there is no such column or the cell is empty.
    pub fn cell<'t>(&self, row: &'t Row, title: &str) -> Option<&'t str> {
        row.cells.get(self.column(title)?).map(String::as_str).filter(|cell| !cell.is_empty())
    }
}

/// Titles made usable: empty ones are named by their place, repeated ones numbered. The second part tells what
/// was changed.
fn titles(cells: Vec<String>) -> (Vec<String>, Vec<String>) {
    let mut titles: Vec<String> = Vec::with_capacity(cells.len());
    let mut changed = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (index, cell) in cells.into_iter().enumerate() {
        let written = cell.trim().to_owned();
        let mut title = if written.is_empty() { format!("column {}", index + 1) } else { written.clone() };
        let mut number = 2;
        while !seen.insert(title.to_lowercase()) {
            title = if written.is_empty() {
                format!("column {} ({number})", index + 1)
            } else {
                format!("{written} ({number})")
            };
            number += 1;
        }
        if title != written {
            changed.push(format!(
                "Column {} is read as \"{title}\": its title is empty or used twice.",
                index + 1
            ));
        }
        titles.push(title);
    }
    (titles, changed)
}

/// Takes off the apostrophe that our own export puts before a cell that a spreadsheet would run as a formula, and
/// before one that already begins with apostrophes and such a sign: what was written comes back as it was.
fn plain(cell: &str) -> &str {
    let bare = cell.trim();
    match bare.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, titles};

    #[test]
    fn titles_are_unique() {
        let cells = ["Name", "", "name ", "column 2"].map(String::from).to_vec();
        let (titles, changed) = titles(cells);
        assert_eq!(titles, ["Name", "column 2", "name (2)", "column 2 (2)"]);
        assert_eq!(changed.len(), 3);
        assert_eq!([plain(" '=1+1"), plain("'tis"), plain("-3")], ["=1+1", "'tis", "-3"]);
        assert_eq!([plain("''=1"), plain("''x")], ["'=1", "''x"]);
    }
}
