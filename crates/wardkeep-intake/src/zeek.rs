//! Zeek logs: tab-separated text that says its own names and types in lines that begin with `#`. The events are
//! those that Zeek's JSON gives.

use crate::emit::Emit;
use crate::json::{JsonLines, zeek};
use crate::line::LineRecords;
use crate::time::decimal_seconds;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, FieldValue, Name, TimeQuality};

/// Columns that a log may have.
const COLUMNS: usize = 4_096;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Time,
    Whole,
    Fraction,
    Bool,
    Text,
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "time" => Self::Time,
            "count" | "int" | "port" | "counter" => Self::Whole,
            "double" | "interval" => Self::Fraction,
            "bool" => Self::Bool,
            _ => Self::Text,
        }
    }
}

#[derive(Debug)]
struct Column {
    name: Name,
    kind: Kind,
    /// A set or vector.
    many: bool,
}

/// Reads a log; the header lines hold for the lines behind them.
#[derive(Debug)]
pub(crate) struct Zeek {
    separator: char,
    set_separator: char,
    empty: Box<str>,
    unset: Box<str>,
    path: Option<Box<str>>,
    columns: Vec<Column>,
}

impl Default for Zeek {
    fn default() -> Self {
        Self {
            separator: '\t',
            set_separator: ',',
            empty: "(empty)".into(),
            unset: "-".into(),
            path: None,
            columns: Vec::new(),
        }
    }
}

impl Zeek {
    fn header(&mut self, line: &str) {
        let line = &line[1..];
        if let Some(text) = line.strip_prefix("separator ") {
            *self =
                Self { separator: unescape(text.trim()).chars().next().unwrap_or('\t'), ..Self::default() };
            return;
        }
        let mut words = line.split(self.separator);
        let name = words.next().unwrap_or_default();
        let mut word = || words.next().unwrap_or_default();
        match name {
            "set_separator" => self.set_separator = unescape(word()).chars().next().unwrap_or(','),
            "empty_field" => self.empty = word().into(),
            "unset_field" => self.unset = word().into(),
            "path" => self.path = Some(word()).filter(|path| !path.is_empty()).map(Into::into),
            "fields" => {
                // Without types everything is text.
                let column = |name: &str| Column { name: name.into(), kind: Kind::Text, many: false };
                self.columns = words.take(COLUMNS).map(column).collect();
            }
            "types" => {
                for (column, kind) in self.columns.iter_mut().zip(words) {
                    let inner = kind.strip_suffix(']').and_then(|kind| kind.split_once('['));
                    column.many = inner.is_some();
                    column.kind = Kind::of(inner.map_or(kind, |(_, inner)| inner));
                }
            }
            _ => {}
        }
    }

    fn event(&self, file: &Arc<str>, modified: Moment, number: u64, line: &str) -> Result<Event, String> {
        let count = line.split(self.separator).count();
        if count != self.columns.len() {
            return Err(format!("The line has {count} values, the header {}.", self.columns.len()));
        }
        let mut event = Event::new(Dialect::Zeek, file.clone(), number, line);
        for (column, text) in self.columns.iter().zip(line.split(self.separator)) {
            if *text != *self.unset {
                event.fields.insert(column.name.clone(), self.value(column, text));
            }
        }
        if let Some(path) = &self.path {
            event.fields.or_insert_with("_path".into(), || FieldValue::Text(path.clone()));
        }
        (event.at, event.time_quality) =
            crate::json::time(&event.fields, &["ts"]).unwrap_or((modified, TimeQuality::Missing));
        zeek(&mut event);
        Ok(event)
    }

    fn value(&self, column: &Column, text: &str) -> FieldValue {
        if !column.many {
            return if *text == *self.empty { FieldValue::from("") } else { single(column.kind, text) };
        }
        if *text == *self.empty {
            return FieldValue::List(Vec::new());
        }
        let item =
            |text: &str| if *text == *self.empty { FieldValue::from("") } else { single(column.kind, text) };
        FieldValue::List(
            text.split(self.set_separator).filter(|text| **text != *self.unset).map(item).collect(),
        )
    }
}

fn single(kind: Kind, text: &str) -> FieldValue {
    let read = match kind {
        Kind::Whole => text.parse().ok().map(FieldValue::Int),
        Kind::Fraction => text.parse().ok().filter(|number: &f64| number.is_finite()).map(FieldValue::Float),
        Kind::Bool => match text {
            "T" => Some(FieldValue::Bool(true)),
            "F" => Some(FieldValue::Bool(false)),
            _ => None,
        },
        Kind::Time => moment(text).map(FieldValue::from),
        Kind::Text => None,
    };
    read.unwrap_or_else(|| FieldValue::from(unescape(text)))
}

/// A count of seconds as Zeek's JSON writes a time, six digits behind the point.
fn moment(text: &str) -> Option<String> {
    let all = if text.contains('e') {
        let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.abs() < 1e11)?;
        (seconds * 1e6).round() as i64
    } else {
        decimal_seconds(text)?
    };
    let whole = Moment::from_micros(all.div_euclid(1_000_000) * 1_000_000).to_string();
    Some(format!("{}.{:06}Z", whole.trim_end_matches('Z'), all.rem_euclid(1_000_000)))
}

/// Undoes `\x2c` where the sign can be shown, and `\\`. Bytes that are no text stay written out, as in JSON.
fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let shown = after.strip_prefix('x').and_then(|hex| u8::from_str_radix(hex.get(..2)?, 16).ok());
        match shown.filter(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')) {
            Some(byte) => {
                out.push(byte as char);
                rest = &after[3..];
            }
            None => {
                out.push('\\');
                rest = after.strip_prefix('\\').unwrap_or(after);
            }
        }
    }
    out.push_str(rest);
    out
}

impl LineRecords for Zeek {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        if line.starts_with('#') {
            return self.header(line);
        }
        // The same source may speak JSON.
        if self.columns.is_empty() && line.starts_with('{') {
            return JsonLines.line(emit, number, line);
        }
        let result = if self.columns.is_empty() {
            Err("No header line with #fields stands before this line.".to_owned())
        } else {
            self.event(&emit.file, emit.modified, number, line)
        };
        match result {
            Ok(event) => emit.event(event),
            Err(text) => emit.bad_line(number, line, "bad_line", text, "Give the log with its header lines."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{moment, unescape};

    #[test]
    fn values_read_as_in_json() {
        assert_eq!(moment("1521911720.629574").unwrap(), "2018-03-24T17:15:20.629574Z");
        assert_eq!(moment("0.000000").unwrap(), "1970-01-01T00:00:00.000000Z");
        assert_eq!(moment("-2.1504318496896954e+09").unwrap(), "1901-11-09T17:49:10.310305Z");
        assert_eq!(moment("-1.5").unwrap(), "1969-12-31T23:59:58.500000Z");
        assert_eq!(unescape(r"a\x2cb\\svcctl \x00 \xe2\"), r"a,b\svcctl \x00 \xe2\");
    }
}
