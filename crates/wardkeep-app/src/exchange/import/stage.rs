//! Staging: reads a file into rows that wait, and says what each would do.

use super::columns::{Columns, StageOptions};
use super::plan::Planned;
use super::upload::Upload;
use super::view::{Counts, ImportHead, ImportNotes, ImportState, RowOutcome};
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::sync::Arc;
use wardkeep_register::{Schema, Verb};
use wardkeep_rights::{Named, Resource, Target, decide};
use wardkeep_store::{Cell, Files, cells};
use wardkeep_types::{Id, limits};

impl App {
    /// Stages a file for a register: parses it, finds the records it meets, and judges every row as writing it would.
    /// Nothing is written to the register. `unit` is where new records go whose row names no unit; the topmost unit
    /// when absent. Refuses files that lack a mandatory column; bad rows are kept with what is wrong with them.
    pub async fn stage_import(
        &self,
        ctx: &Ctx,
        schema: &'static Schema,
        unit: Option<Id>,
        upload: Upload,
        options: StageOptions,
    ) -> Result<ImportHead, Error> {
        let organisation = self.organisation().await?;
        let unit = unit.or_else(|| organisation.units.roots().next()).unwrap_or(Id::NIL);
        self.may_import(ctx, &organisation, unit, Verb::Add, ctx.person())?;
        if unit != Id::NIL && !organisation.units.contains(unit) {
            return Err(Refusal::invalid("unit", "unknown_ref", "there is no such unit").into());
        }
        let import = Id::new(ctx.now);
        let columns = Columns::read(schema, &organisation, &upload.table.columns, &options);
        columns.complete(schema)?;
        if unit == Id::NIL && schema.key != "unit" {
            return Err(Refusal::NotYet(
                "import the organisation's units first; every record belongs to one".into(),
            )
            .into());
        }
        let notes = self.begin_import(ctx, schema, (import, unit), &columns, &upload, options).await?;
        self.fill_import(ctx, &organisation, schema, (import, unit), &columns, upload, notes).await
    }

    /// Keeps the file and writes the import down as one that is being read.
    pub(super) async fn begin_import(
        &self,
        ctx: &Ctx,
        schema: &'static Schema,
        (import, unit): (Id, Id),
        columns: &Columns,
        upload: &Upload,
        options: StageOptions,
    ) -> Result<ImportNotes, Error> {
        let kept = match &upload.bytes {
            Some(bytes) => {
                let files = Files::open(self.folder.path())?;
                let content = files.put(bytes.as_slice(), limits::DOCUMENT_BYTES).await?;
                Some(content.statement(ctx.now))
            }
            None => None,
        };
        let notes = ImportNotes {
            columns: columns.uses.clone(),
            problems: columns.notes.clone(),
            options,
            kept: kept.is_some(),
        };
        let sql = "INSERT INTO import (id, register, unit_id, file_name, file_sha256, person_id, at, state, rows_total, rows_add, rows_change, rows_same, rows_refused, rows_applied, warnings) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, 0, $9)";
        let head = cells![
            import,
            schema.key,
            unit,
            upload.file_name.clone(),
            upload.sha256.clone(),
            ctx.person(),
            ctx.now,
            ImportState::Reading.key(),
            notes_text(&notes),
        ];
        let tx = self.db.begin().await?;
        for (sql, values) in kept.into_iter().chain([(sql.to_owned(), head)]) {
            tx.run(&sql, values).await?;
        }
        tx.commit().await?;
        Ok(notes)
    }

    /// Reads a staged import's file again with other columns. Only before it was begun.
    pub async fn restage_import(
        &self,
        ctx: &Ctx,
        import: Id,
        options: StageOptions,
    ) -> Result<ImportHead, Error> {
        let head = self.import_head(ctx, import).await?;
        let organisation = self.organisation().await?;
        self.may_import(ctx, &organisation, head.unit, Verb::Add, head.person)?;
        if !matches!(head.state, ImportState::Staged | ImportState::Reading) || head.counts.applied > 0 {
            return Err(
                Refusal::NotYet("this import has begun; stage the file again as a new one".into()).into()
            );
        }
        let schema = Self::schema(&head.register)?;
        let upload = self.kept_upload(&head, ctx.now).await?;
        let columns = Columns::read(schema, &organisation, &upload.table.columns, &options);
        columns.complete(schema)?;
        let notes = ImportNotes {
            columns: columns.uses.clone(),
            problems: columns.notes.clone(),
            options,
            kept: true,
        };
        let tx = self.db.begin().await?;
        let reading = "UPDATE import SET state = $1 WHERE id = $2";
        tx.run(reading, cells![ImportState::Reading.key(), import]).await?;
        tx.run("DELETE FROM import_row WHERE import_id = $1", cells![import]).await?;
        tx.commit().await?;
        self.fill_import(ctx, &organisation, schema, (import, head.unit), &columns, upload, notes).await
    }

    #[allow(clippy::too_many_arguments)] // one import's facts, used by two callers
    async fn fill_import(
        &self,
        ctx: &Ctx,
        organisation: &Arc<Organisation>,
        schema: &'static Schema,
        (import, unit): (Id, Id),
        columns: &Columns,
        upload: Upload,
        mut notes: ImportNotes,
    ) -> Result<ImportHead, Error> {
        notes.problems.0.extend(upload.notes.0);
        let planned = self.plan(ctx, organisation, schema, columns, (import, unit), upload.table).await?;
        let mut counts = Counts { total: planned.len() as u64, ..Counts::default() };
        for row in &planned {
            match row.outcome {
                RowOutcome::Add => counts.add += 1,
                RowOutcome::Change => counts.change += 1,
                RowOutcome::Same => counts.same += 1,
                RowOutcome::Refused => counts.refused += 1,
            }
        }
        for (number, chunk) in planned.chunks(limits::BATCH_ROWS).enumerate() {
            let tx = self.db.begin().await?;
            for (place, few) in chunk.chunks(ROWS_A_STATEMENT).enumerate() {
                let first = number * limits::BATCH_ROWS + place * ROWS_A_STATEMENT + 1;
                let (sql, values) = insert_rows(import, first, few);
                tx.run(&sql, values).await?;
            }
            tx.commit().await?;
        }
        let done = "UPDATE import SET state = $1, rows_total = $2, rows_add = $3, rows_change = $4, rows_same = $5, rows_refused = $6, warnings = $7 WHERE id = $8";
        let count = |n: u64| Cell::from(n as i64);
        let values = vec![
            ImportState::Staged.key().into(),
            count(counts.total),
            count(counts.add),
            count(counts.change),
            count(counts.same),
            count(counts.refused),
            notes_text(&notes).into(),
            import.into(),
        ];
        self.db.run(done, values).await?;
        self.import_head(ctx, import).await
    }

    /// Whether the actor may do that to an import of the unit; what one staged oneself is one's own.
    pub(super) fn may_import(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        unit: Id,
        verb: Verb,
        person: Option<Id>,
    ) -> Result<(), Error> {
        let target = if unit == Id::NIL { Target::INSTALLATION } else { Target::of(unit, person) };
        decide(&ctx.actor, &organisation.units, verb, Resource::Named(Named::Import), &target)?;
        Ok(())
    }
}

fn notes_text(notes: &ImportNotes) -> String {
    serde_json::to_string(notes).unwrap_or_default()
}

/// Eleven columns a row stay well below what both databases take as parameters of one statement.
const ROWS_A_STATEMENT: usize = 500;

fn insert_rows(import: Id, first: usize, rows: &[Planned]) -> (String, Vec<Cell>) {
    const COLUMNS: usize = 10;
    let mut values: Vec<Cell> = Vec::with_capacity(rows.len() * COLUMNS);
    let mut tuples = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let marks: Vec<String> = (1..=COLUMNS).map(|i| format!("${}", values.len() + i)).collect();
        tuples.push(format!("({})", marks.join(",")));
        let title: String = row.title.chars().take(limits::LINE_CHARACTERS).collect();
        values.extend(cells![
            import,
            (first + index) as i64,
            row.outcome.key(),
            row.id,
            row.base_version,
            title,
            serde_json::to_string(&row.kept).unwrap_or_default(),
            serde_json::to_string(&row.problems).unwrap_or_default(),
            row.outcome != RowOutcome::Refused,
            serde_json::to_string(&row.before).unwrap_or_default(),
        ]);
    }
    let sql = format!(
        "INSERT INTO import_row (import_id, row_no, outcome, record_id, base_version, title, edits, problems, taken, undo) VALUES {}",
        tuples.join(",")
    );
    (sql, values)
}
