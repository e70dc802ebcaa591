//! Rows with a header that are log records: one column is the time.

use crate::emit::Emit;
use crate::entities::Fields;
use crate::json::{Shape, TIME_NAMES, describe, event as shaped, time};
use crate::line::LineRecords;
use crate::sniff::separator;
use crate::time::{access_log, american, c_time, epoch, stated};
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, FieldValue, Name, TimeQuality};

/// Titles of columns that hold the time of a record, in lower case.
const TIMES: [&str; 26] = [
    "timestamp",
    "@timestamp",
    "_time",
    "time",
    "datetime",
    "date time",
    "date_time",
    "date and time",
    "date/time",
    "eventtime",
    "event time",
    "event_time",
    "timegenerated",
    "time generated",
    "timecreated",
    "time created",
    "creationdate",
    "creationtime",
    "createddatetime",
    "date (utc)",
    "time (utc)",
    "start time",
    "start_time",
    "receive time",
    "log time",
    "logtime",
];
/// Parts of titles that tables of log records have, and lists of people or things mostly have not.
const TELLING: [&str; 22] = [
    "source",
    "src",
    "dst",
    "dest",
    "action",
    "event",
    "message",
    "level",
    "content",
    "operation",
    "status",
    "result",
    "process",
    "method",
    "url",
    "uri",
    "query",
    "command",
    "activity",
    "audit",
    "severity",
    "ip address",
];

/// Rows of a log. The first line that says something is the header.
#[derive(Default)]
pub(crate) struct CsvLog {
    header: Option<Header>,
    /// A row that goes on over several lines, and the line it began on.
    open: String,
    began: u64,
}

struct Header {
    mark: u8,
    titles: Vec<Name>,
    time: Option<usize>,
    /// Date and clock in columns of their own.
    apart: Option<(usize, usize)>,
    m365: bool,
}

impl Header {
    fn new(line: &str) -> Self {
        let (mark, _) = separator(line).unwrap_or((b',', 1));
        let titles: Vec<Name> = cells(line, mark)
            .into_iter()
            .enumerate()
            .map(|(at, title)| {
                let title = title.trim().trim_start_matches('\u{feff}');
                if title.is_empty() { format!("column {}", at + 1).into() } else { title.into() }
            })
            .collect();
        let lower: Vec<String> = titles.iter().map(|title| title.to_lowercase()).collect();
        let find = |name: &str| lower.iter().position(|title| title == name);
        let apart = find("date").zip(find("time"));
        let m365 = Shape::of(|name| titles.iter().any(|title| **title == *name)) == Shape::M365;
        Self { mark, time: TIMES.iter().find_map(|name| find(name)), apart, m365, titles }
    }
    fn at(&self, cells: &[String]) -> Option<(Moment, TimeQuality)> {
        if let Some((date, clock)) = self.apart
            && let Some(found) = stated(&format!("{} {}", cells.get(date)?.trim(), cells.get(clock)?.trim()))
        {
            return Some(found);
        }
        when(cells.get(self.time?)?)
    }
}

/// Times as tables write them, with a clock: a bare date makes no log.
fn when(text: &str) -> Option<(Moment, TimeQuality)> {
    let text = text.trim();
    if let Some(at) = text.parse().ok().and_then(epoch) {
        return Some((at, TimeQuality::Stated));
    }
    if text.contains(':')
        && let Some(found) = stated(text)
    {
        return Some(found);
    }
    if let Some(at) = access_log(text.trim_matches(['[', ']'])) {
        return Some((at, TimeQuality::Stated));
    }
    c_time(text).or_else(|| american(text)).map(|at| (at, TimeQuality::AssumedZone))
}

/// Whether a table is a log: a column of times with a clock in most of its first rows, and a title that records of
/// events have. The audit export of Microsoft 365 is told by its own column. Gives why.
pub(crate) fn is_log(text: &str) -> Option<(bool, String)> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let header = Header::new(lines.next()?);
    if header.m365 {
        return Some((true, "columns of the Microsoft 365 audit export".to_owned()));
    }
    header.time.or(header.apart.map(|(_, clock)| clock))?;
    let tells = |title: &str| TELLING.iter().any(|part| title.to_lowercase().contains(part));
    header.titles.iter().find(|title| tells(title))?;
    let rows: Vec<_> = lines.take(20).map(|line| cells(line, header.mark)).collect();
    let timed = rows.iter().filter(|cells| header.at(cells).is_some()).count();
    (timed > 0 && timed * 10 >= rows.len() * 6).then(|| {
        let title = header.time.map_or("date and time", |at| &*header.titles[at]);
        (false, format!("a table whose column \"{title}\" is the time"))
    })
}

/// The cells of a row, quotes undone.
fn cells(line: &str, mark: u8) -> Vec<String> {
    let mut all = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            sign if !quoted && sign == char::from(mark) => all.push(std::mem::take(&mut cell)),
            sign => cell.push(sign),
        }
    }
    all.push(cell);
    all
}

impl LineRecords for CsvLog {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        let Some(header) = &self.header else {
            self.header = Some(Header::new(line));
            return;
        };
        // An odd number of quotes leaves a cell open.
        let odd = memchr::memchr_iter(b'"', line.as_bytes()).count() % 2 == 1;
        if !self.open.is_empty() || odd {
            if self.open.is_empty() {
                self.began = number;
            } else {
                self.open.push('\n');
            }
            let closes = odd && !self.open.is_empty();
            self.open.push_str(line);
            if self.open.len() > emit.limits.line_bytes {
                let row = std::mem::take(&mut self.open);
                return too_long(emit, self.began, &row);
            }
            if closes {
                let row = std::mem::take(&mut self.open);
                one(header, emit, self.began, &row);
            }
            return;
        }
        one(header, emit, number, line);
    }
    fn end(&mut self, emit: &mut Emit<'_>) {
        let row = std::mem::take(&mut self.open);
        if !row.is_empty() {
            too_long(emit, self.began, &row);
        }
    }
    fn holds(&self) -> bool {
        !self.open.is_empty()
    }
}

fn too_long(emit: &mut Emit<'_>, number: u64, row: &str) {
    let text = "A cell that is opened with a double quote here is not closed.";
    emit.bad_line(number, row, "open_quote", text, "Double the quotes inside of cells.");
}

fn one(header: &Header, emit: &mut Emit<'_>, number: u64, line: &str) {
    let cells = cells(line, header.mark);
    if cells.len() > header.titles.len() {
        let text = format!("The row has {} cells, the header {}.", cells.len(), header.titles.len());
        let remedy = "Put cells that hold the separator in double quotes.";
        return emit.bad_line(number, line, "cells", text, remedy);
    }
    let found = header.at(&cells);
    let mut fields = Fields::new();
    for (title, cell) in header.titles.iter().zip(cells) {
        if !cell.trim().is_empty() {
            fields.insert(title.clone(), FieldValue::from(cell.trim()));
        }
    }
    if header.m365 {
        let event = shaped(&emit.file, emit.modified, number, fields, line);
        return emit.event(event);
    }
    let mut event = Event::new(Dialect::Table, emit.file.clone(), number, line);
    event.fields = fields;
    event.at = emit.modified;
    if let Some((at, quality)) = found.or_else(|| time(&event.fields, &TIME_NAMES)) {
        (event.at, event.time_quality) = (at, quality);
    }
    describe(&mut event);
    emit.event(event);
}

#[cfg(test)]
mod tests {
    use super::{cells, is_log};

    #[test]
    fn logs_are_told_from_lists() {
        let check = |text: &str, expect: Option<bool>| {
            assert_eq!(is_log(text).map(|found| found.0), expect, "{text}");
        };
        check("Timestamp,Source IP,Action\n2026-02-03 04:05:06,192.0.2.7,deny\n", Some(false));
        check("Date;Time;src_ip\n2026-02-03;04:05:06;192.0.2.7\n", Some(false));
        check("CreationDate,UserIds,Operations,AuditData\n", Some(true));
        check("Level,Date and Time,Source,Event ID\nInformation,2/3/2026 4:05:06 AM,x,1\n", Some(false));
        check("name,email,time\nAnna,a@b.example,2026-02-03 04:05:06\n", None);
        check("Timestamp,Action\n2026-02-03,trained\n", None);
        check("host,owner\na,b\n", None);
        assert_eq!(cells(r#"a,"b ""c"", d",,e"f"#, b','), ["a", "b \"c\", d", "", "e\"f"]);
    }
}
