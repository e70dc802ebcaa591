//! The rows that an import refuses, as a file to mend and hand in again.

use super::view::RowOutcome;
use crate::exchange::export::unwritable;
use crate::exchange::marks::protected;
use crate::{App, Ctx, Error};
use std::collections::HashMap;
use wardkeep_types::{Id, Problems};

impl App {
    /// Refused rows as CSV: the columns of the file as they were, then what is wrong and how to mend it. Name and bytes.
    /// Where the file is no longer kept, line and name stand for the row.
    pub async fn refused_rows(&self, ctx: &Ctx, import: Id) -> Result<(String, Vec<u8>), Error> {
        let head = self.import_head(ctx, import).await?;
        let upload = if head.notes.kept { self.kept_upload(&head, ctx.now).await.ok() } else { None };
        let titles = upload
            .as_ref()
            .map_or_else(|| vec!["line".to_owned(), "name".to_owned()], |u| u.table.columns.clone());
        let by_line: HashMap<u64, &Vec<String>> =
            upload.iter().flat_map(|u| &u.table.rows).map(|row| (row.line, &row.cells)).collect();
        // Without a mark of byte order some programs take UTF-8 for something else.
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(b"\xef\xbb\xbf".to_vec());
        let more = ["line of the file", "problem", "remedy"].map(str::to_owned);
        out.write_record(titles.iter().chain(&more)).map_err(unwritable)?;
        let mut after = None;
        loop {
            let page = self.import_page(ctx, import, Some(RowOutcome::Refused), after).await?;
            for row in &page.rows {
                let line = row.line.to_string();
                let mut cells: Vec<String> = match by_line.get(&row.line) {
                    Some(cells) => cells.iter().map(|cell| protected(cell).into_owned()).collect(),
                    None if upload.is_some() => Vec::new(),
                    None => vec![line.clone(), protected(&row.title).into_owned()],
                };
                cells.resize(titles.len(), String::new());
                cells.extend([line, said(&row.problems), remedies(&row.problems)]);
                out.write_record(&cells).map_err(unwritable)?;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let stem = head.file_name.rsplit_once('.').map_or(head.file_name.as_str(), |(stem, _)| stem);
        Ok((format!("{stem}-refused.csv"), out.into_inner().map_err(unwritable)?))
    }
}

fn said(problems: &Problems) -> String {
    let one = |p: &wardkeep_types::Problem| {
        if p.path.is_empty() { p.message.clone() } else { format!("{}: {}", p.path, p.message) }
    };
    protected(&problems.iter().map(one).collect::<Vec<_>>().join("; ")).into_owned()
}

fn remedies(problems: &Problems) -> String {
    let hints = problems.iter().map(|p| p.hint.as_str()).filter(|h| !h.is_empty());
    protected(&hints.collect::<Vec<_>>().join(" ")).into_owned()
}
