//! Valid records of any register, made from its description alone.

use super::{Bench, system};
use crate::Error;
use crate::Refusal;
use crate::exchange::{ExportAsk, ExportColumns, ExportFormat, read_upload};
use crate::records::{Ask, Edits, Proposal};
use std::collections::HashMap;
use wardkeep_intake::Table;
use wardkeep_register::{EstimateOf, Field, Form, Kind, Schema, Value};
use wardkeep_types::Id;

/// Makes `each` records of every register; returns the registers with their ids.
pub(super) async fn fill(bench: &Bench, each: usize) -> Vec<(&'static str, Vec<Id>)> {
    let mut made: HashMap<&'static str, Vec<Id>> =
        HashMap::from([("unit", vec![bench.root, bench.department])]);
    let mut open: Vec<(&'static Schema, usize)> =
        wardkeep_registers::all().iter().flat_map(|schema| (0..each).map(move |n| (schema, n))).collect();
    let mut last = String::new();
    // Records that need records of registers further down wait for a later round.
    for _ in 0..6 {
        let mut waiting = Vec::new();
        for (schema, n) in open {
            match add(bench, schema, n, &made).await {
                Ok(id) => made.entry(schema.key).or_default().push(id),
                Err(problem) => {
                    last = format!("{}: {problem}", schema.key);
                    waiting.push((schema, n));
                }
            }
        }
        if waiting.is_empty() {
            let keys = wardkeep_registers::all().iter().map(|s| s.key);
            return keys.map(|key| (key, made.remove(key).unwrap_or_default())).collect();
        }
        open = waiting;
    }
    panic!("no valid record: {last}");
}

/// Adds one record with as many fields filled as its checks allow.
async fn add(
    bench: &Bench,
    schema: &'static Schema,
    n: usize,
    made: &HashMap<&'static str, Vec<Id>>,
) -> Result<Id, String> {
    let mut edits: Edits = Edits::new();
    for field in schema.fields.iter().filter(|f| !f.computed) {
        edits.insert(field.name.to_owned(), sample(schema, field, n, made));
    }
    let id = Id::new(super::now());
    let unit = if n.is_multiple_of(2) { bench.root } else { bench.department };
    let mut last = String::new();
    for attempt in 0..12 {
        let proposal = Proposal::add(schema, id, unit, edits.clone());
        match bench.app.write_one(&system(), proposal).await {
            Ok(_) => return Ok(id),
            Err(Error::Refusal(Refusal::Invalid(problems))) => {
                for problem in &problems {
                    last = format!("{}: {}", problem.path, problem.message);
                    let Some((_, field)) = schema.field(&problem.path) else { continue };
                    let next = match field.kind {
                        Kind::Choice(options) => choose(options[attempt % options.len()].key),
                        Kind::Link(_) | Kind::Links(_) if problem.code == "required" => {
                            sample(schema, field, attempt, made)
                        }
                        _ if field.required || problem.code == "required" => other(field, attempt),
                        _ => Value::Empty,
                    };
                    edits.insert(problem.path.clone(), next);
                }
            }
            Err(error) => return Err(error.to_string()),
        }
    }
    Err(last)
}

fn choose(key: &str) -> Value {
    Value::Choice(key.to_owned())
}

fn sample(schema: &Schema, field: &Field, n: usize, made: &HashMap<&'static str, Vec<Id>>) -> Value {
    let parse = |text: &str| Value::parse(field, text).unwrap_or(Value::Empty);
    match field.kind {
        Kind::Line if field.form == Form::Email => parse(&format!("{}{n}@example.org", schema.key)),
        Kind::Line => match field.name {
            "time_zone" => parse("Europe/Berlin"),
            "currency" => parse("EUR"),
            "urn" => parse(&format!("urn:wardkeep:{n}")),
            // In the order of its types.
            "value" if schema.key == "ioc" => parse(&match n % 7 {
                0 => format!("198.51.100[.]{n}"),
                1 => format!("h{n}[.]example"),
                2 => format!("hxxps://h{n}[.]example/?a=b,c"),
                3 => format!("{n:032x}"),
                4 => format!("{n:040x}"),
                5 => format!("{n:064x}"),
                _ => format!("h{n}[@]bad[.]example"),
            }),
            _ => parse(&tricky(n, schema.key, field.name)),
        },
        Kind::Text | Kind::Markdown => Value::Text(format!(
            "  indented {n}\n\n- a | b\n- \"quoted\"; =1+1\nÄÖÜ €\n{}",
            tricky(n, schema.key, field.name)
        )),
        Kind::Int => parse(&(n + 1).to_string()),
        Kind::Percent => parse(match field.name {
            "chance_low" => "5",
            "chance_high" => "40",
            _ => "12.5",
        }),
        Kind::Money => parse("1234.50 EUR"),
        Kind::Date => parse(&format!("2026-07-{:02}", n % 28 + 1)),
        Kind::Moment => parse("2026-05-01T08:00:00.123456Z"),
        Kind::Duration => parse("36h"),
        Kind::Bool => Value::Bool(n.is_multiple_of(3)),
        Kind::Choice(options) => choose(options[n % options.len()].key),
        Kind::Link(target) => made.get(target).map_or(Value::Empty, |ids| Value::Link(ids[n % ids.len()])),
        Kind::Links(target) => made.get(target).map_or(Value::Empty, |ids| {
            let mut some: Vec<Id> = ids.iter().take(n % 3 + 1).copied().collect();
            some.sort_unstable();
            Value::Links(some)
        }),
        Kind::Estimate(EstimateOf::PerYear) => parse("0.1 | 0.5 | 2"),
        Kind::Estimate(EstimateOf::Money) => parse("1000 EUR | 5000.50 EUR | 90000 EUR"),
        Kind::File => Value::Empty,
        Kind::Url => parse(&format!("https://example.org/{n}?a=1&b=2")),
    }
}

/// Texts that spreadsheets, CSV and JSON get wrong.
fn tricky(n: usize, key: &str, name: &str) -> String {
    match n % 6 {
        0 => format!("=SUM(A1:A9) {key} {name} {n}"),
        1 => format!("'=1 {key} {name} {n}"),
        2 => format!("\"quoted\", {key}; {name} {n}"),
        3 => format!("+49 30 | {key} {name} {n}"),
        4 => format!("''-Ünïcode {key} {name} {n}"),
        _ => format!("@plain {key} {name} {n}"),
    }
}

fn other(field: &Field, attempt: usize) -> Value {
    let texts = match field.kind {
        Kind::Line => ["10.0.0.1", "example.org", "DE", "A-1", "FREQ=YEARLY", "1.0"],
        Kind::Text | Kind::Markdown => ["one", "10.0.0.0/8", "example.org", "DE", "1", "x"],
        Kind::Date => ["2026-06-01", "2026-05-01", "2027-01-01", "2025-01-01", "2026-12-31", "2028-01-01"],
        Kind::Int => ["1", "2", "3", "4", "5", "0"],
        _ => return Value::Empty,
    };
    Value::parse(field, texts[attempt % texts.len()]).unwrap_or(Value::Empty)
}

/// A register's full export as a table of new records: no references, no unique values but where they are mandatory.
pub(super) async fn as_new(bench: &Bench, register: &str) -> (Table, usize) {
    let schema = super::schema(register);
    let ask = ExportAsk { ask: Ask::default(), format: ExportFormat::Csv, columns: ExportColumns::Full };
    let exported = bench.app.export(&system(), schema, &ask).await.unwrap();
    let bytes = std::fs::read(exported.file.path()).unwrap();
    let mut table = read_upload("x.csv", bytes, None, super::now()).unwrap().table;
    let titles = table.columns.clone();
    for (index, title) in titles.iter().enumerate() {
        let field = schema.field(title).map(|(_, f)| f);
        let unique = field.is_some_and(|f| f.unique);
        for row in &mut table.rows {
            let mandatory = field.is_some_and(|f| f.required);
            if title == "reference" || title == "stage" || (unique && !mandatory) {
                row.cells[index] = String::new();
            } else if unique {
                let cell = &row.cells[index];
                row.cells[index] =
                    if cell.contains('@') { format!("new-{cell}") } else { format!("{cell}-new") };
            } else if field.is_some_and(|f| f.title) {
                row.cells[index].push_str(" again");
            }
        }
    }
    let rows = table.rows.len();
    (table, rows)
}
