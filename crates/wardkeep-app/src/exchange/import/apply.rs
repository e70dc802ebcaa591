//! Applying a staged import: batch by batch, each in one transaction with the state of its rows, so that whatever
//! stops it in the middle, the next call goes on where it was.

use super::kept::{Kept, MOVES_PENDING};
use super::marks::{move_statements, statements};
use super::plan::{as_problems, with_new_units};
use super::preview::{edits, get, get_id, get_json};
use super::view::{ImportHead, ImportState};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::HashMap;
use wardkeep_register::{Schema, Verb};
use wardkeep_report::words::count;
use wardkeep_store::{Act, FieldEdit, StoreError, Write, cells};
use wardkeep_types::{Id, Problem, Problems, limits};

/// How an import is applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApplyAsk {
    /// One refused row refuses the whole file. For files that fit into one transaction.
    pub all_or_nothing: bool,
    /// Stops after so many batches; the next call goes on. `None` goes to the end.
    pub batches: Option<usize>,
}

/// A staged row that waits to be written.
pub(super) struct Waiting {
    pub(super) row: i64,
    pub(super) id: Id,
    pub(super) base: Option<i64>,
    pub(super) kept: Kept,
    pub(super) edits: Edits,
    pub(super) was: String,
}

impl App {
    /// Applies the taken rows of an import, or goes on with it. A row whose record was changed since the preview is
    /// refused; the others go in. Applying again what is applied does nothing.
    pub async fn apply_import(&self, ctx: &Ctx, import: Id, ask: ApplyAsk) -> Result<ImportHead, Error> {
        let head = self.import_head(ctx, import).await?;
        let organisation = self.organisation().await?;
        self.may_import(ctx, &organisation, head.unit, Verb::Add, head.person)?;
        match head.state {
            ImportState::Applied | ImportState::PartlyApplied => return Ok(head),
            ImportState::Staged | ImportState::Applying => {}
            ImportState::Reading => {
                return Err(Refusal::NotYet(
                    "the file was not read to its end; map its columns to read it again".into(),
                )
                .into());
            }
            ImportState::Discarded => {
                return Err(
                    Refusal::NotYet("this import was thrown away; hand the file in again".into()).into()
                );
            }
            ImportState::Undone => {
                return Err(Refusal::NotYet("this import was undone; stage the file again".into()).into());
            }
        }
        if ask.all_or_nothing {
            whole(&head)?;
        }
        let begin = "UPDATE import SET state = $1 WHERE id = $2 AND state = $3";
        let states = cells![ImportState::Applying.key(), import, ImportState::Staged.key()];
        self.db.run(begin, states).await?;
        let schema = Self::schema(&head.register)?;
        let mut left = ask.batches.unwrap_or(usize::MAX);
        loop {
            if left == 0 {
                return self.import_head(ctx, import).await;
            }
            let organisation = self.organisation().await?;
            let rows = self.waiting(schema, &organisation, import, OPEN).await?;
            if rows.is_empty() {
                break;
            }
            self.apply_rows(ctx, &organisation, schema, &head, rows, ask.all_or_nothing).await?;
            left -= 1;
        }
        loop {
            if left == 0 {
                return self.import_head(ctx, import).await;
            }
            let organisation = self.organisation().await?;
            let rows = self.waiting(schema, &organisation, import, &moving()).await?;
            if rows.is_empty() {
                break;
            }
            self.move_rows(ctx, &organisation, schema, &head, rows).await?;
            left -= 1;
        }
        self.finish_import(ctx, &head).await?;
        self.import_head(ctx, import).await
    }

    async fn waiting(
        &self,
        schema: &Schema,
        organisation: &Organisation,
        import: Id,
        which: &str,
    ) -> Result<Vec<Waiting>, Error> {
        let sql = format!(
            "SELECT row_no, outcome, record_id, base_version, edits FROM import_row WHERE import_id = $1 AND {which} ORDER BY row_no LIMIT {}",
            limits::BATCH_ROWS
        );
        let mut found = Vec::new();
        for row in &self.db.rows(&sql, cells![import]).await? {
            let kept: Kept = get_json(row, "edits")?;
            found.push(Waiting {
                row: get(row, "row_no")?,
                id: get_id(row, "record_id")?.unwrap_or(Id::NIL),
                base: get(row, "base_version")?,
                edits: edits(schema, organisation, &kept)?,
                kept,
                was: get(row, "outcome")?,
            });
        }
        Ok(found)
    }

    async fn apply_rows(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        head: &ImportHead,
        mut rows: Vec<Waiting>,
        all: bool,
    ) -> Result<(), Error> {
        let mut refused: Vec<(Waiting, Problems)> = Vec::new();
        let fresh = rows.iter().filter(|r| r.base.is_none()).map(|r| (r.id, &r.edits));
        let grown = with_new_units(organisation, schema, fresh);
        loop {
            let mut bad = self.stale(schema, &rows).await?;
            let proposals: Vec<Proposal> = rows.iter().map(|row| proposal(schema, head, row)).collect();
            let mut writes = Vec::with_capacity(rows.len());
            for (row, outcome) in rows.iter().zip(self.prepare_all(ctx, &grown, &proposals).await?) {
                match outcome {
                    Ok(write) if !bad.contains_key(&row.row) => writes.push(write),
                    Ok(_) => {}
                    Err(error) => {
                        bad.insert(row.row, as_problems(error)?);
                    }
                }
            }
            if bad.is_empty() {
                let extra = statements(head, &rows, &refused);
                match self.db.write(&ctx.author(), writes, extra).await {
                    Ok(_) => return Ok(()),
                    Err(StoreError::At { index, error }) => {
                        bad.insert(rows[index].row, as_problems((*error).into())?);
                    }
                    // Another process applies the same import and was faster.
                    Err(StoreError::Database(_)) if self.is_in(head.id, rows[0].row).await? => return Ok(()),
                    Err(error) => return Err(error.into()),
                }
            }
            if all {
                return Err(nothing(&rows, &bad).into());
            }
            let (out, good): (Vec<Waiting>, Vec<Waiting>) =
                rows.into_iter().partition(|r| bad.contains_key(&r.row));
            refused.extend(
                out.into_iter().filter_map(|row| bad.remove(&row.row).map(|problems| (row, problems))),
            );
            rows = good;
        }
    }

    async fn is_in(&self, import: Id, row: i64) -> Result<bool, Error> {
        let sql = "SELECT 1 AS x FROM import_row WHERE import_id = $1 AND row_no = $2 AND applied_change IS NOT NULL";
        Ok(self.db.row(sql, cells![import, row]).await?.is_some())
    }

    /// Makes the next move of each row; one that is refused is told and ends the row's moves.
    async fn move_rows(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        head: &ImportHead,
        mut rows: Vec<Waiting>,
    ) -> Result<(), Error> {
        let mut refused: Vec<(Waiting, Problems)> = Vec::new();
        loop {
            let moves = rows.iter().map(|row| {
                let name = row.kept.moves.first().map_or("", String::as_str);
                Proposal::movement(schema, row.id, None, name).because(because(head, row))
            });
            let prepared = self.prepare_all(ctx, organisation, &moves.collect::<Vec<_>>()).await?;
            let mut bad: HashMap<i64, Problems> = HashMap::new();
            let mut writes: Vec<Write<'_>> = Vec::with_capacity(rows.len());
            for (row, outcome) in rows.iter().zip(prepared) {
                match outcome {
                    Ok(write) => writes.push(write),
                    Err(error) => {
                        bad.insert(row.row, as_problems(error)?);
                    }
                }
            }
            if bad.is_empty() {
                let extra = move_statements(head, &rows, &refused);
                match self.db.write(&ctx.author(), writes, extra).await {
                    Ok(_) => return Ok(()),
                    Err(StoreError::At { index, error }) => {
                        bad.insert(rows[index].row, as_problems((*error).into())?);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            let (out, good): (Vec<Waiting>, Vec<Waiting>) =
                rows.into_iter().partition(|r| bad.contains_key(&r.row));
            refused.extend(
                out.into_iter().filter_map(|row| bad.remove(&row.row).map(|problems| (row, problems))),
            );
            rows = good;
        }
    }

    async fn finish_import(&self, ctx: &Ctx, head: &ImportHead) -> Result<(), Error> {
        let sql = "SELECT outcome, count(*) AS k, sum(taken) AS t, count(applied_change) AS a FROM import_row WHERE import_id = $1 GROUP BY outcome";
        let mut counts: HashMap<String, (i64, i64)> = HashMap::new();
        let mut open = 0;
        for row in &self.db.rows(sql, cells![head.id]).await? {
            let (outcome, rows, applied): (String, i64, i64) =
                (get(row, "outcome")?, get(row, "k")?, get(row, "a")?);
            if outcome != "same" {
                open += rows - applied;
            }
            counts.insert(outcome, (rows, applied));
        }
        let rows = |outcome: &str| counts.get(outcome).map_or(0, |c| c.0);
        let applied = |outcome: &str| counts.get(outcome).map_or(0, |c| c.1);
        let state = if open == 0 { ImportState::Applied } else { ImportState::PartlyApplied };
        let note = |field: &str, new: serde_json::Value| FieldEdit {
            field: field.into(),
            old: serde_json::Value::Null,
            new,
        };
        let act = Act {
            act: "import:apply".into(),
            unit: Some(head.unit).filter(|unit| *unit != Id::NIL),
            fields: vec![
                note("import", head.id.to_string().into()),
                note("register", head.register.clone().into()),
                note("file", head.file_name.clone().into()),
                note("sha256", head.file_sha256.clone().into()),
                note("added", applied("add").into()),
                note("changed", applied("change").into()),
                note("same", rows("same").into()),
                note("refused", rows("refused").into()),
            ],
            ..Act::default()
        };
        let done = "UPDATE import SET state = $1, rows_add = $2, rows_change = $3, rows_refused = $4, rows_applied = $5, finished_at = $6 WHERE id = $7";
        let values = cells![
            state.key(),
            rows("add"),
            rows("change"),
            rows("refused"),
            applied("add") + applied("change"),
            ctx.now,
            head.id,
        ];
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![(done.to_owned(), values)]).await?;
        Ok(())
    }
}

const OPEN: &str = "outcome IN ('add', 'change') AND applied_change IS NULL AND taken = 1";

fn moving() -> String {
    format!("applied_change IS NOT NULL AND edits LIKE '{MOVES_PENDING}'")
}

/// Whether a file can go in as a whole.
fn whole(head: &ImportHead) -> Result<(), Refusal> {
    let writes = head.counts.add + head.counts.change;
    if head.counts.refused > 0 {
        let rows = count(head.counts.refused, "row is", "rows are");
        return Err(Refusal::NotYet(format!(
            "{rows} refused, so nothing was applied; mend what is wrong, or apply the others without all-or-nothing"
        )));
    }
    if writes > limits::BATCH_ROWS as u64 {
        let most = limits::BATCH_ROWS;
        return Err(Refusal::TooLarge(format!(
            "all-or-nothing takes at most {most} rows in one transaction, this file has {writes}; split it, or apply it in batches: it can be undone as a whole"
        )));
    }
    Ok(())
}

fn nothing(rows: &[Waiting], bad: &HashMap<i64, Problems>) -> Refusal {
    let found = rows.iter().filter_map(|row| Some((row.kept.line, bad.get(&row.row)?)));
    let problems = found.flat_map(|(line, problems)| {
        problems.iter().map(move |p| Problem {
            path: format!("line {line} {}", p.path).trim_end().to_owned(),
            ..p.clone()
        })
    });
    Refusal::Invalid(Problems(problems.collect()))
}

fn because(head: &ImportHead, row: &Waiting) -> String {
    format!("imported from {}, line {}", head.file_name, row.kept.line)
}

fn proposal(schema: &'static Schema, head: &ImportHead, row: &Waiting) -> Proposal {
    let edits = row.edits.clone();
    let proposal = match row.base {
        Some(version) => {
            Proposal { unit: row.kept.unit, ..Proposal::change(schema, row.id, Some(version), edits) }
        }
        None => Proposal::add(schema, row.id, row.kept.unit.unwrap_or(head.unit), edits),
    };
    proposal.because(because(head, row))
}
