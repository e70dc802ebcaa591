//! Looking at a staged import, and choosing which rows to take.

use super::kept::{Before, Kept, field_of, from_json};
use super::view::{Change, Counts, ImportHead, ImportPage, ImportRow, ImportState, RowOutcome};
use crate::records::{Edits, Labels};
use crate::{App, Ctx, Error, Organisation, Refusal};
use sea_orm::{QueryResult, TryGetable};
use wardkeep_register::{Kind, Schema, Value, Verb};
use wardkeep_store::{Cell, cells};
use wardkeep_types::{Id, Moment, Problems};

/// Rows of a page of a preview.
const PAGE: i64 = 100;

pub(super) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, Error> {
    row.try_get::<T>("", column).map_err(Error::fault)
}

pub(super) fn get_json<T: serde::de::DeserializeOwned + Default>(
    row: &QueryResult,
    column: &str,
) -> Result<T, Error> {
    match get::<Option<String>>(row, column)? {
        Some(text) => {
            serde_json::from_str(&text).map_err(|e| Error::fault(format!("{column} of an import: {e}")))
        }
        None => Ok(T::default()),
    }
}

pub(super) fn get_id(row: &QueryResult, column: &str) -> Result<Option<Id>, Error> {
    Ok(get::<Option<uuid::Uuid>>(row, column)?.map(Id::from_uuid))
}

const HEAD: &str = "SELECT id, register, unit_id, file_name, file_sha256, person_id, at, state, rows_total, rows_add, rows_change, rows_same, rows_refused, rows_applied, warnings, finished_at FROM import";

impl App {
    /// An import without its rows; one that the actor may not see is missing.
    pub async fn import_head(&self, ctx: &Ctx, import: Id) -> Result<ImportHead, Error> {
        let row =
            self.db.row(&format!("{HEAD} WHERE id = $1"), cells![import]).await?.ok_or(Refusal::NotFound)?;
        let organisation = self.organisation().await?;
        let head = head(&organisation, &row)?;
        self.may_import(ctx, &organisation, head.unit, Verb::View, head.person)
            .map_err(|_| Refusal::NotFound)?;
        Ok(head)
    }

    /// The newest imports that the actor may see, `limit` at most, also those before `before`.
    pub async fn imports(
        &self,
        ctx: &Ctx,
        before: Option<Moment>,
        limit: usize,
    ) -> Result<Vec<ImportHead>, Error> {
        let organisation = self.organisation().await?;
        let before = before.map_or(i64::MAX, Moment::as_micros);
        let rows = self
            .db
            .rows(&format!("{HEAD} WHERE at < $1 ORDER BY at DESC LIMIT 1000"), cells![before])
            .await?;
        let mut found = Vec::new();
        for row in &rows {
            let head = head(&organisation, row)?;
            if self.may_import(ctx, &organisation, head.unit, Verb::View, head.person).is_ok() {
                found.push(head);
            }
            if found.len() == limit {
                break;
            }
        }
        Ok(found)
    }

    /// A page of an import's rows: those after row `after`, of one outcome or of all.
    pub async fn import_page(
        &self,
        ctx: &Ctx,
        import: Id,
        outcome: Option<RowOutcome>,
        after: Option<i64>,
    ) -> Result<ImportPage, Error> {
        let head = self.import_head(ctx, import).await?;
        let organisation = self.organisation().await?;
        let schema = Self::schema(&head.register)?;
        let mut values: Vec<Cell> = cells![import, after.unwrap_or(0)];
        let mut only = "";
        if let Some(outcome) = outcome {
            values.push(outcome.key().into());
            only = " AND w.outcome = $3";
        }
        let sql = format!(
            "SELECT w.row_no, w.outcome, w.record_id, w.title, w.edits, w.problems, w.taken, w.applied_change, w.undo, r.reference FROM import_row w LEFT JOIN record r ON r.id = w.record_id WHERE w.import_id = $1 AND w.row_no > $2{only} ORDER BY w.row_no LIMIT {}",
            PAGE + 1
        );
        let found = self.db.rows(&sql, values).await?;
        let mut staged = Vec::with_capacity(found.len());
        let mut ids: Vec<Id> = Vec::new();
        for row in found.iter().take(PAGE as usize) {
            let (kept, before): (Kept, Before) = (get_json(row, "edits")?, get_json(row, "undo")?);
            let new = from_json(schema, &organisation, &kept.edits)?;
            let old = from_json(schema, &organisation, &before.edits)?;
            ids.extend(new.values().chain(old.values()).flat_map(|v| v.links().to_vec()));
            staged.push((row, kept, before, old, new));
        }
        let labels = self.labels(ctx, &organisation, ids).await?;
        let mut rows = Vec::with_capacity(staged.len());
        for (row, kept, before, old, new) in staged {
            let show = |name: &str, value: Option<&Value>| shown(schema, &organisation, &labels, name, value);
            let mut changes: Vec<Change> = new
                .iter()
                .map(|(name, value)| Change {
                    field: name.clone(),
                    label: field_of(schema, &organisation, name).map_or_else(|| name.clone(), |f| f.label()),
                    before: show(name, old.get(name)),
                    after: show(name, Some(value)),
                })
                .collect();
            if let (Some(from), Some(to)) = (before.unit, kept.unit) {
                let name = |id| organisation.unit(id).1.to_owned();
                changes.push(Change {
                    field: "unit".into(),
                    label: "Unit".into(),
                    before: name(from),
                    after: name(to),
                });
            }
            let outcome: String = get(row, "outcome")?;
            let applied = get::<Option<i64>>(row, "applied_change")?.is_some();
            rows.push(ImportRow {
                row: get(row, "row_no")?,
                line: kept.line,
                outcome: RowOutcome::from_key(&outcome).unwrap_or(RowOutcome::Refused),
                title: get(row, "title")?,
                reference: get::<Option<String>>(row, "reference")?.or(kept.reference),
                changes,
                moves: kept.moves,
                problems: get_json::<Problems>(row, "problems")?,
                taken: get::<i64>(row, "taken")? != 0,
                applied,
            });
        }
        let more = found.len() as i64 > PAGE;
        let next = rows.last().filter(|_| more).map(|row| row.row);
        Ok(ImportPage { head, rows, next })
    }

    /// Takes or leaves out rows by their numbers; refused rows and rows that are in stay as they are. Returns how many
    /// rows changed.
    pub async fn take_import_rows(
        &self,
        ctx: &Ctx,
        import: Id,
        rows: &[i64],
        take: bool,
    ) -> Result<u64, Error> {
        let head = self.import_head(ctx, import).await?;
        let organisation = self.organisation().await?;
        self.may_import(ctx, &organisation, head.unit, Verb::Add, head.person)?;
        if !matches!(head.state, ImportState::Staged | ImportState::Applying) {
            return Err(Refusal::NotYet("rows are chosen before an import ends".into()).into());
        }
        let mut changed = 0;
        for chunk in rows.chunks(500) {
            let marks: Vec<String> = (3..chunk.len() + 3).map(|i| format!("${i}")).collect();
            let sql = format!(
                "UPDATE import_row SET taken = $1 WHERE import_id = $2 AND applied_change IS NULL AND outcome IN ('add', 'change') AND taken <> $1 AND row_no IN ({})",
                marks.join(",")
            );
            let mut values: Vec<Cell> = cells![take, import];
            values.extend(chunk.iter().map(|row| Cell::from(*row)));
            changed += self.db.run(&sql, values).await?;
        }
        Ok(changed)
    }
}

fn head(organisation: &Organisation, row: &QueryResult) -> Result<ImportHead, Error> {
    let count = |column: &str| get::<i64>(row, column).map(|n| n as u64);
    let unit = get_id(row, "unit_id")?.unwrap_or(Id::NIL);
    let (reference, name) = organisation.unit(unit);
    let state: String = get(row, "state")?;
    Ok(ImportHead {
        id: get_id(row, "id")?.unwrap_or(Id::NIL),
        register: get(row, "register")?,
        unit,
        unit_name: (reference.to_owned(), name.to_owned()),
        file_name: get(row, "file_name")?,
        file_sha256: get(row, "file_sha256")?,
        person: get_id(row, "person_id")?,
        at: Moment::from_micros(get(row, "at")?),
        state: ImportState::from_key(&state).ok_or_else(|| Error::fault(format!("import state {state}")))?,
        counts: Counts {
            total: count("rows_total")?,
            add: count("rows_add")?,
            change: count("rows_change")?,
            same: count("rows_same")?,
            refused: count("rows_refused")?,
            applied: count("rows_applied")?,
        },
        notes: get_json(row, "warnings")?,
        finished_at: get::<Option<i64>>(row, "finished_at")?.map(Moment::from_micros),
    })
}

fn shown(
    schema: &Schema,
    organisation: &Organisation,
    labels: &Labels,
    name: &str,
    value: Option<&Value>,
) -> String {
    let Some(value) = value else { return String::new() };
    match (value, field_of(schema, organisation, name).map(|f| f.kind)) {
        (Value::Choice(key), Some(Kind::Choice(options))) => {
            options.iter().find(|o| o.key == key).map_or_else(|| key.clone(), |o| o.label.to_owned())
        }
        (Value::Link(_) | Value::Links(_), _) => {
            let title =
                |id: &Id| labels.get(*id).map_or_else(|| "(a row of this file)".into(), |l| l.title.clone());
            value.links().iter().map(title).collect::<Vec<_>>().join(", ")
        }
        _ => value.show(),
    }
}

/// The values of a row as they were read from the file or the record.
pub(super) fn edits(schema: &Schema, organisation: &Organisation, kept: &Kept) -> Result<Edits, Error> {
    from_json(schema, organisation, &kept.edits)
}
