//! Tables that nobody assigned to a register: the header says which one is meant. For `assess`.

use super::apply::ApplyAsk;
use super::columns::{Columns, Slot, StageOptions};
use super::preview::{get, get_json};
use super::upload::Upload;
use super::view::Counts;
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde::Serialize;
use wardkeep_intake::Table;
use wardkeep_register::{Kind, Schema, Value};
use wardkeep_store::cells;
use wardkeep_types::{Id, Problems};

use super::kept::Kept;

/// Most rows with problems that are told one by one; the counts hold all.
const TOLD: i64 = 1_000;

/// Something in a file that a person must mend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileProblem {
    /// The file as displayed.
    pub file: String,
    /// Where in it: `line 12, owner`.
    pub position: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

/// A table that went into a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AutoImported {
    /// Key of the register.
    pub register: String,
    /// The import, for looking at it or undoing it.
    pub import: Id,
    /// Rows by outcome.
    pub counts: Counts,
    /// Rows that were refused and warnings about columns, a thousand at most.
    pub problems: Vec<FileProblem>,
}

/// What became of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum AutoOutcome {
    /// It went into a register.
    Imported(AutoImported),
    /// No register, or more than one, fits its header.
    NotUnderstood {
        /// Why, with what would help.
        reason: String,
    },
}

/// How well a register fits a header.
struct Fit {
    schema: &'static Schema,
    options: StageOptions,
    score: i64,
    named: bool,
}

impl App {
    /// Finds the register for which a table is, and stages and applies it. A register fits when all its mandatory
    /// columns are there; a missing mandatory choice is filled with "unknown" or else its
    /// first entry, and told. The file's name breaks a
    /// tie; without that, a tie is not understood.
    pub async fn import_table_auto(&self, ctx: &Ctx, file: &str, table: Table) -> Result<AutoOutcome, Error> {
        let organisation = self.organisation().await?;
        let fit = match best(&organisation, file, &table) {
            Ok(fit) => fit,
            Err(reason) => return Ok(AutoOutcome::NotUnderstood { reason }),
        };
        let upload = Upload::of_table(file, table);
        let staged = match self.stage_import(ctx, fit.schema, None, upload, fit.options).await {
            Ok(staged) => staged,
            Err(Error::Refusal(refusal @ (Refusal::Invalid(_) | Refusal::NotYet(_)))) => {
                return Ok(AutoOutcome::NotUnderstood { reason: refusal.sentence() });
            }
            Err(error) => return Err(error),
        };
        let head = self.apply_import(ctx, staged.id, ApplyAsk::default()).await?;
        let mut problems: Vec<FileProblem> = Vec::new();
        for note in &head.notes.problems {
            let (file, position) = (file.to_owned(), note.path.clone());
            problems.push(FileProblem {
                file,
                position,
                message: note.message.clone(),
                remedy: note.hint.clone(),
            });
        }
        self.tell(file, head.id, &mut problems).await?;
        let register = fit.schema.key.to_owned();
        Ok(AutoOutcome::Imported(AutoImported { register, import: head.id, counts: head.counts, problems }))
    }

    async fn tell(&self, file: &str, import: Id, told: &mut Vec<FileProblem>) -> Result<(), Error> {
        let sql = format!(
            "SELECT edits, problems FROM import_row WHERE import_id = $1 AND problems <> '[]' ORDER BY row_no LIMIT {TOLD}"
        );
        for row in &self.db.rows(&sql, cells![import]).await? {
            let (kept, problems): (Kept, Problems) = (get_json(row, "edits")?, get_json(row, "problems")?);
            for problem in &problems {
                let place =
                    if problem.path.is_empty() { String::new() } else { format!(", {}", problem.path) };
                told.push(FileProblem {
                    file: file.to_owned(),
                    position: format!("line {}{place}", kept.line),
                    message: problem.message.clone(),
                    remedy: problem.hint.clone(),
                });
            }
        }
        let sql = "SELECT count(*) AS k FROM import_row WHERE import_id = $1 AND problems <> '[]'";
        let all: i64 = self.db.row(sql, cells![import]).await?.map_or(Ok(0), |row| get(&row, "k"))?;
        if all > TOLD {
            told.push(FileProblem {
                file: file.to_owned(),
                position: "whole file".into(),
                message: format!("{} more rows have problems", all - TOLD),
                remedy: "Open the import to see them all.".into(),
            });
        }
        Ok(())
    }
}

fn best(organisation: &Organisation, file: &str, table: &Table) -> Result<Fit, String> {
    let mut fits: Vec<Fit> = wardkeep_registers::all()
        .iter()
        .filter_map(|schema| fit(organisation, schema, file, table))
        .collect();
    let Some(most) = fits.iter().map(|f| f.score).max() else {
        let titles: Vec<&str> = table.columns.iter().take(8).map(String::as_str).collect();
        return Err(format!(
            "no register has all its mandatory columns in this table ({}); take the template of the register for which it is",
            titles.join(", ")
        ));
    };
    fits.retain(|f| f.score == most);
    if fits.len() > 1 && fits.iter().filter(|f| f.named).count() == 1 {
        fits.retain(|f| f.named);
    }
    match fits.len() {
        1 => fits.pop().ok_or_else(String::new),
        _ => {
            let names: Vec<&str> = fits.iter().map(|f| f.schema.names.many).collect();
            Err(format!(
                "the columns fit {} alike; name the file after the register, or import it on that register's page",
                names.join(" and ")
            ))
        }
    }
}

fn fit(organisation: &Organisation, schema: &'static Schema, file: &str, table: &Table) -> Option<Fit> {
    let mut options = StageOptions::default();
    let mut columns = Columns::read(schema, organisation, &table.columns, &options);
    let known = columns.recognised;
    for field in &columns.missing {
        if let Kind::Choice(choices) = field.kind {
            let open =
                choices.iter().find(|c| ["unknown", "undecided", "unclassified", "other"].contains(&c.key));
            options.fill.insert(field.name.to_owned(), open.or(choices.first())?.key.to_owned());
        }
    }
    if !options.fill.is_empty() {
        columns = Columns::read(schema, organisation, &table.columns, &options);
    }
    let titled = columns.slots.iter().any(|s| matches!(s, Slot::Field(i) if columns.fields[*i].title));
    // One column alone fits nearly everything; a table of which most is unknown is about something else.
    if !columns.missing.is_empty() || !titled || known < 2 || known * 2 < table.columns.len() {
        return None;
    }
    let unique = columns.slots.iter().any(|s| matches!(s, Slot::Field(i) if columns.fields[*i].unique));
    let stem =
        file.rsplit(['/', '!']).next().unwrap_or(file).split('.').next().unwrap_or(file).to_lowercase();
    let words: Vec<&str> = stem.split(|c: char| !c.is_alphanumeric()).collect();
    let many = schema.names.many.replace(' ', "");
    let named = words.iter().any(|w| *w == many || *w == schema.names.one.replace(' ', ""))
        || words.concat().contains(&many);
    let header = 4 * known as i64 + i64::from(unique) + 3 * i64::from(named) - options.fill.len() as i64;
    Some(Fit { schema, options, score: header * readable(&columns, table), named })
}

/// How well the first rows can be read, from 10 (none) to 20 (all): a header may fit where the values do not.
fn readable(columns: &Columns, table: &Table) -> i64 {
    let looked = table.rows.len().min(50) as i64;
    let fits = |row: &&wardkeep_intake::Row| {
        columns.slots.iter().zip(&row.cells).all(|(slot, cell)| match slot {
            Slot::Field(index) if columns.fields[*index].kind.target().is_none() => {
                Value::parse(&columns.fields[*index], cell).is_ok()
            }
            _ => true,
        })
    };
    let good = table.rows.iter().take(50).filter(fits).count() as i64;
    10 + 10 * good / looked.max(1)
}
