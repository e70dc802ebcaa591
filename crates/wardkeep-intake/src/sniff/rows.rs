//! Rows and columns.

use super::Sniff;
use crate::Format;

/// The separator of a header line, and how many cells it makes.
pub(crate) fn separator(header: &str) -> Option<(u8, usize)> {
    let mut best: Option<(u8, usize)> = None;
    for mark in *b",;\t" {
        let cells = cells(header, mark);
        if cells > 1 && best.is_none_or(|(_, most)| cells > most) {
            best = Some((mark, cells));
        }
    }
    best
}

/// Cells of a line; separators in quotes do not count.
fn cells(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    let mut count = 1;
    for byte in line.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b if b == separator && !quoted => count += 1,
            _ => {}
        }
    }
    count
}

pub(super) fn sniff(text: &[u8], name: &str) -> Option<Sniff> {
    let text = String::from_utf8_lossy(text);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let header = lines.next()?;
    let named = [".csv", ".tsv"].iter().any(|end| name.ends_with(end) || name.contains(&format!("{end}.")));
    let Some((mark, columns)) = separator(header) else {
        // One column is a table only if the name says so.
        return named.then(|| Sniff::likely(Format::Csv, "named as a table with one column"));
    };
    let titles: Vec<&str> = header.split(mark as char).map(|cell| cell.trim().trim_matches('"')).collect();
    let is_title = |cell: &&str| {
        let first = cell.chars().next();
        cell.len() <= 80
            && first.is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '#' | '@' | '('))
            && !cell.contains(". ")
    };
    let good = titles.iter().filter(|cell| is_title(cell)).count();
    let fits = lines.clone().take(20).filter(|line| cells(line, mark) == columns).count();
    let looked = lines.take(20).count();
    let table = good * 10 >= titles.len() * 9 && (looked == 0 || fits * 10 >= looked * 8);
    if table || (named && good * 2 >= titles.len()) {
        if let Some((m365, why)) = crate::table::is_log(&text) {
            return Some(Sniff::likely(if m365 { Format::M365 } else { Format::CsvLog }, why));
        }
        let word = match mark {
            b'\t' => "tabs",
            b';' => "semicolons",
            _ => "commas",
        };
        return Some(Sniff::likely(
            Format::Csv,
            format!("a header of {columns} columns, separated by {word}"),
        ));
    }
    None
}
