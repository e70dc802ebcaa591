//! Lists of indicators become records, through the one write path.

use super::list::{IocRow, read_list};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use std::collections::HashSet;
use wardkeep_register::Value;
use wardkeep_store::{Cell, cells};
use wardkeep_types::ioc::{IocKind, is_reserved};
use wardkeep_types::limits::BATCH_ROWS;
use wardkeep_types::{Date, Id, Percent, Problem, Problems};

/// Problems told one by one; the rest is counted.
const TOLD: usize = 200;

/// What a list is, beside its values.
#[derive(Debug, Clone)]
pub struct IocImport<'i> {
    /// Name of the file, for problems.
    pub file: &'i str,
    /// Its text.
    pub text: &'i str,
    /// What all its values are; each is judged by its form when absent.
    pub kind: Option<IocKind>,
    /// Who says so.
    pub source: &'i str,
    /// How sure they are.
    pub confidence: Percent,
    /// Key of the TLP mark.
    pub tlp: &'i str,
    /// Last day on which they are looked for.
    pub valid_until: Option<Date>,
    /// Look for them at once; what is private or reserved stays a candidate.
    pub active: bool,
    /// Their unit.
    pub unit: Id,
}

/// What became of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IocImported {
    /// New indicators.
    pub added: u64,
    /// Of these looked for at once.
    pub active: u64,
    /// Of these private or reserved: somebody must confirm them.
    pub held: u64,
    /// Values that were known, or stand in the list twice.
    pub known: u64,
    /// Lines that are no indicators.
    pub refused: u64,
    /// Why; the first few.
    pub problems: Vec<Problem>,
}

impl App {
    /// Takes a list in. Wrong lines are told and left out; what is known stays as it is.
    pub async fn import_iocs(&self, ctx: &Ctx, import: &IocImport<'_>) -> Result<IocImported, Error> {
        let mut done = IocImported::default();
        let (mut rows, mut seen): (Vec<IocRow>, HashSet<String>) = Default::default();
        for line in read_list(import.text) {
            match line.read(import.file, import.kind) {
                Ok(row) if seen.insert(row.normal.clone()) => rows.push(row),
                Ok(_) => done.known += 1,
                Err(problem) => {
                    done.refused += 1;
                    if done.problems.len() < TOLD {
                        done.problems.push(problem);
                    }
                }
            }
        }
        let schema = App::schema("ioc")?;
        for chunk in rows.chunks(BATCH_ROWS) {
            let known = self.known_iocs(chunk).await?;
            let (mut adds, mut moves) = (Vec::new(), Vec::new());
            for row in chunk {
                let shown = row.kind.defanged(&row.normal);
                if known.contains(&shown) {
                    done.known += 1;
                    continue;
                }
                let id = Id::new(ctx.now);
                let mut edits = Edits::from([
                    ("value".into(), Value::text(&shown)),
                    ("kind".into(), Value::Choice(row.kind.key().into())),
                    ("confidence".into(), Value::Percent(import.confidence)),
                    ("tlp".into(), Value::Choice(import.tlp.into())),
                    ("source".into(), Value::text(&crate::assess::line_of(import.source))),
                ]);
                if let Some(day) = import.valid_until {
                    edits.insert("valid_until".into(), Value::Date(day));
                }
                if !row.note.is_empty() {
                    edits.insert("note".into(), Value::text(&crate::assess::text_of(&row.note)));
                }
                let why = format!("{}, line {}", import.file, row.line);
                adds.push(Proposal::add(schema, id, import.unit, edits).because(why));
                if import.active && is_reserved(row.kind, &row.normal) {
                    done.held += 1;
                } else if import.active {
                    moves.push(Proposal::movement(schema, id, None, "confirm"));
                }
            }
            done.added += adds.len() as u64;
            done.active += moves.len() as u64;
            self.write_batch(ctx, adds, vec![]).await.map_err(at_file(import.file))?;
            self.write_batch(ctx, moves, vec![]).await.map_err(at_file(import.file))?;
        }
        Ok(done)
    }
    /// Values among these that are records already.
    async fn known_iocs(&self, rows: &[IocRow]) -> Result<HashSet<String>, Error> {
        let mut known = HashSet::new();
        for chunk in rows.chunks(500) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let sql = format!("SELECT value FROM ioc WHERE value IN ({})", marks.join(","));
            let values: Vec<Cell> =
                chunk.iter().flat_map(|row| cells![row.kind.defanged(&row.normal)]).collect();
            for row in self.db.rows(&sql, values).await? {
                known.insert(row.try_get("", "value").map_err(Error::fault)?);
            }
        }
        Ok(known)
    }
}

/// What concerns all rows is told of the file.
fn at_file(file: &str) -> impl Fn(Error) -> Error + '_ {
    move |error| match error {
        Error::Refusal(crate::Refusal::Invalid(Problems(problems))) => {
            let placed = problems.into_iter().map(|mut problem| {
                problem.path = format!("{file}: {}", problem.path);
                problem
            });
            crate::Refusal::Invalid(Problems(placed.collect())).into()
        }
        other => other,
    }
}
