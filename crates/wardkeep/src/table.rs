//! Columns that stand under each other.

use crate::output::{Line, Out, Style, WIDTH, clean};
use std::io;

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    style: Style,
}

/// A cell in a style.
pub fn styled(style: Style, text: impl AsRef<str>) -> Cell {
    Cell { text: clean(text.as_ref()), style }
}

/// A plain cell.
pub fn cell(text: impl AsRef<str>) -> Cell {
    styled(Style::Plain, text)
}

/// Columns with a head; figures stand to the right.
pub struct Table {
    head: Vec<String>,
    right: Vec<bool>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A head such as `&["Format", ">Files"]`, where `>` marks a column of figures.
    pub fn new(head: &[&'static str]) -> Self {
        let right = head.iter().map(|h| h.starts_with('>')).collect();
        let head = head.iter().map(|h| h.trim_start_matches('>').to_owned()).collect();
        Self { head, right, rows: Vec::new() }
    }
    /// A head of names that come from elsewhere; no column is one of figures.
    pub fn of(head: &[&str]) -> Self {
        Self {
            head: head.iter().map(|h| clean(h)).collect(),
            right: vec![false; head.len()],
            rows: Vec::new(),
        }
    }
    /// Adds a row with a cell for every column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }
    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// Prints it, indented by two. What does not fit is taken from the widest text column.
    pub fn print(&self, out: &Out) -> io::Result<()> {
        let widths = self.widths();
        if self.head.iter().any(|h| !h.is_empty()) {
            let head = self.head.iter().map(|h| styled(Style::Dim, h)).collect::<Vec<_>>();
            out.line(&self.line(&head, &widths))?;
        }
        self.rows.iter().try_for_each(|row| out.line(&self.line(row, &widths)))
    }
    fn widths(&self) -> Vec<usize> {
        let longest = |i: usize| {
            let cells = self.rows.iter().filter_map(|r| r.get(i)).map(|c| c.text.chars().count());
            cells.chain([self.head[i].chars().count()]).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..self.head.len()).map(longest).collect();
        let room = WIDTH.saturating_sub(2 * self.head.len());
        while widths.iter().sum::<usize>() > room {
            let texts = (0..widths.len()).filter(|i| !self.right[*i]);
            let Some(widest) = texts.max_by_key(|i| widths[*i]).filter(|i| widths[*i] > 8) else { break };
            widths[widest] -= 1;
        }
        widths
    }
    fn line(&self, row: &[Cell], widths: &[usize]) -> Line {
        let mut line = Line::new();
        for ((cell, width), right) in row.iter().zip(widths).zip(&self.right) {
            let text = wardkeep_report::words::short(&cell.text, *width);
            let blank = " ".repeat(width.saturating_sub(text.chars().count()));
            line = line.text("  ");
            line = if *right {
                line.text(blank).put(cell.style, text)
            } else {
                line.put(cell.style, text).text(blank)
            };
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, cell};
    use crate::output::WIDTH;

    #[test]
    fn a_long_name_gives_way_and_figures_do_not() {
        let mut table = Table::new(&["Name", ">Files"]);
        table.row([cell("x".repeat(200)), cell("1,234,567")]);
        let widths = table.widths();
        assert_eq!(widths[1], 9);
        assert!(widths.iter().sum::<usize>() + 4 <= WIDTH);
    }
}
