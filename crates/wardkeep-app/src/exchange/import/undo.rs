//! Undoing an import as a whole. Nothing is deleted: new records are taken out of use, changed ones get their old
//! values back. What somebody changed since is left alone and told.

use super::kept::{Before, Kept, from_json};
use super::preview::{get, get_id, get_json};
use super::read_row::same;
use super::view::{ImportHead, ImportState, Undone};
use crate::records::head_of;
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::HashMap;
use wardkeep_register::{Checked, Field, Kind, Row, Schema, Stored, Value, Verb};
use wardkeep_rights::{Resource, Target, decide};
use wardkeep_store::{Act, Cell, FieldEdit, StoreError, Write, cells};
use wardkeep_types::{Id, Problem, Problems, limits};

/// An applied row.
struct Done {
    row: i64,
    id: Id,
    added: bool,
    kept: Kept,
    before: Before,
}

/// What undoing makes of a row.
enum Step<'a> {
    Write(Write<'a>),
    /// It already stands as it should.
    Stands,
    Leave(String),
}

impl App {
    /// Takes an applied or interrupted import back. Works in batches and can be called again after a crash.
    pub async fn undo_import(&self, ctx: &Ctx, import: Id) -> Result<Undone, Error> {
        let head = self.import_head(ctx, import).await?;
        let organisation = self.organisation().await?;
        self.may_import(ctx, &organisation, head.unit, Verb::Retire, head.person)?;
        if !matches!(head.state, ImportState::Applied | ImportState::PartlyApplied | ImportState::Applying) {
            return Err(Refusal::NotYet("only an import that was applied can be undone".into()).into());
        }
        let schema = Self::schema(&head.register)?;
        let mut undone = Undone::default();
        loop {
            let organisation = self.organisation().await?;
            let rows = self.applied_rows(import).await?;
            if rows.is_empty() {
                break;
            }
            self.undo_rows(ctx, &organisation, schema, import, rows, &mut undone).await?;
        }
        self.end_undo(ctx, &head, undone).await?;
        Ok(undone)
    }

    async fn applied_rows(&self, import: Id) -> Result<Vec<Done>, Error> {
        let sql = format!(
            "SELECT row_no, record_id, base_version, edits, undo FROM import_row WHERE import_id = $1 AND applied_change IS NOT NULL AND undo IS NOT NULL ORDER BY row_no DESC LIMIT {}",
            limits::BATCH_ROWS
        );
        let mut found = Vec::new();
        for row in &self.db.rows(&sql, cells![import]).await? {
            found.push(Done {
                row: get(row, "row_no")?,
                id: get_id(row, "record_id")?.unwrap_or(Id::NIL),
                added: get::<Option<i64>>(row, "base_version")?.is_none(),
                kept: get_json(row, "edits")?,
                before: get_json(row, "undo")?,
            });
        }
        Ok(found)
    }

    async fn undo_rows(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        import: Id,
        rows: Vec<Done>,
        undone: &mut Undone,
    ) -> Result<(), Error> {
        let mut left: HashMap<i64, String> = HashMap::new();
        loop {
            let ids: Vec<Id> = rows.iter().map(|r| r.id).collect();
            let stored = self.db.get_many(schema, organisation.custom(schema.key), &ids).await?;
            let (mut writes, mut written) = (Vec::new(), Vec::new());
            let mut count = Undone::default();
            for row in &rows {
                let step = match (left.get(&row.row), stored.get(&row.id)) {
                    (Some(why), _) => Step::Leave(why.clone()),
                    (None, None) => Step::Leave("the record is not there".into()),
                    (None, Some(stored)) => self.step_back(ctx, organisation, schema, row, stored).await?,
                };
                match step {
                    Step::Leave(why) => {
                        count.left += 1;
                        left.insert(row.row, why);
                        continue;
                    }
                    Step::Write(write) => {
                        writes.push(write);
                        written.push(row.row);
                    }
                    Step::Stands => {}
                }
                if row.added { count.retired += 1 } else { count.restored += 1 }
            }
            match self.db.write(&ctx.author(), writes, statements(import, &rows, &left)).await {
                Ok(_) => {
                    undone.retired += count.retired;
                    undone.restored += count.restored;
                    undone.left += count.left;
                    return Ok(());
                }
                Err(StoreError::At { index, error }) => {
                    left.insert(written[index], error.to_string());
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn step_back<'a>(
        &self,
        ctx: &Ctx,
        organisation: &'a Organisation,
        schema: &'static Schema,
        done: &Done,
        stored: &Stored,
    ) -> Result<Step<'a>, Error> {
        let custom = organisation.custom(schema.key);
        let wrote = from_json(schema, organisation, &done.kept.edits)?;
        let old = from_json(schema, organisation, &done.before.edits)?;
        for field in schema.fields.iter().chain(custom).filter(|f| !f.computed) {
            let (now, then) = (value(schema, &stored.row, field), wrote.get(field.name));
            let touched = match then {
                Some(then) => !same(field.kind, now, then),
                // A new record holds what the import wrote and nothing else.
                None => done.added && !same(field.kind, now, &Value::Empty),
            };
            if touched {
                return Ok(Step::Leave(format!("{} was changed since the import", field.label())));
            }
        }
        let verb = if done.added { Verb::Retire } else { Verb::Edit };
        let target = self.target(ctx, &head_of(schema, stored)).await?;
        let mut asked = decide(&ctx.actor, &organisation.units, verb, Resource::of(schema), &target);
        let unit = done.before.unit.unwrap_or(stored.head.unit);
        if asked.is_ok() && unit != stored.head.unit {
            let back = Target { unit: Some(unit), ..target };
            asked = decide(&ctx.actor, &organisation.units, Verb::Add, Resource::of(schema), &back);
        }
        if let Err(denied) = asked {
            return Ok(Step::Leave(denied.sentence));
        }
        let found = if done.added {
            if !schema.is_open(&stored.head.stage) {
                return Ok(Step::Stands);
            }
            retired(ctx, schema, custom, stored)
        } else {
            let mut row = stored.row.clone();
            for (name, value) in old {
                match schema.field(&name) {
                    Some((index, _)) => row.values[index] = value,
                    None if value.is_empty() => drop(row.custom.remove(&name)),
                    None => drop(row.custom.insert(name, value)),
                }
            }
            let stage = done.before.stage.clone().unwrap_or_else(|| stored.head.stage.clone());
            schema.check(row, &stage, custom).map(|row| (row, stage))
        };
        Ok(match found {
            Ok((row, stage)) => Step::Write(Write::Change {
                schema,
                custom,
                id: stored.head.id,
                version: stored.head.version,
                act: "import:undo".into(),
                unit,
                stage,
                restricted: stored.head.restricted,
                row,
                why: Some("the import was undone".into()),
            }),
            Err(problems) => {
                Step::Leave(problems.iter().map(|p| p.message.clone()).collect::<Vec<_>>().join("; "))
            }
        })
    }

    async fn end_undo(&self, ctx: &Ctx, head: &ImportHead, undone: Undone) -> Result<(), Error> {
        let note = |field: &str, new: serde_json::Value| FieldEdit {
            field: field.into(),
            old: serde_json::Value::Null,
            new,
        };
        let act = Act {
            act: "import:undo".into(),
            unit: Some(head.unit).filter(|unit| *unit != Id::NIL),
            fields: vec![
                note("import", head.id.to_string().into()),
                note("file", head.file_name.clone().into()),
                note("retired", undone.retired.into()),
                note("restored", undone.restored.into()),
                note("left", undone.left.into()),
            ],
            ..Act::default()
        };
        let sql = "UPDATE import SET state = $1, rows_applied = (SELECT count(applied_change) FROM import_row w WHERE w.import_id = import.id), finished_at = $2 WHERE id = $3";
        let values = cells![ImportState::Undone.key(), ctx.now, head.id];
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![(sql.into(), values)]).await?;
        Ok(())
    }
}

/// The row at the stage in which the register keeps what is out of use: where its own moves of retiring lead, else
/// any stage that is done. Undoing is an act of its own, so guards and second persons of moves are not asked; what
/// must hold in that stage is. A day that the stage asks for, such as somebody's last day, is today.
fn retired(
    ctx: &Ctx,
    schema: &Schema,
    custom: &[Field],
    stored: &Stored,
) -> Result<(Checked<Row>, String), Problems> {
    let at = stored.head.stage.as_str();
    let mut stages: Vec<&str> = Vec::new();
    let direct = schema.moves.iter().filter(|m| m.from.contains(&at) && m.needs == Verb::Retire);
    stages.extend(direct.map(|m| m.to));
    stages.extend(schema.moves.iter().filter(|m| m.needs == Verb::Retire).map(|m| m.to));
    stages.extend(schema.stages.iter().rev().map(|s| s.key));
    let done: Vec<&str> = stages.into_iter().filter(|s| !schema.is_open(s)).collect();
    for stage in &done {
        let mut row = stored.row.clone();
        let mut found = schema.check(row.clone(), stage, custom);
        if let Err(problems) = &found {
            for problem in problems.iter().filter(|p| p.code == "required") {
                if let Some((index, _)) = schema.field(&problem.path).filter(|(_, f)| f.kind == Kind::Date) {
                    row.values[index] = Value::Date(ctx.now.date());
                }
            }
            found = schema.check(row, stage, custom);
        }
        if let Ok(row) = found {
            return Ok((row, (*stage).to_owned()));
        }
    }
    // What was never finished goes out of use as it is.
    let none = || {
        Problems(vec![Problem::new("stage", "no_stage", "its register has no stage for what is out of use")])
    };
    let stage = *done.first().ok_or_else(none)?;
    schema.check_retired(stored.row.clone(), stage, custom).map(|row| (row, stage.to_owned()))
}

fn value<'a>(schema: &Schema, row: &'a Row, field: &Field) -> &'a Value {
    match schema.field(field.name) {
        Some((index, _)) => &row.values[index],
        None => row.custom.get(field.name).unwrap_or(&Value::Empty),
    }
}

fn statements(import: Id, rows: &[Done], left: &HashMap<i64, String>) -> Vec<(String, Vec<Cell>)> {
    let mut extra = Vec::new();
    let back: Vec<i64> = rows.iter().map(|r| r.row).filter(|row| !left.contains_key(row)).collect();
    for chunk in back.chunks(500) {
        let marks: Vec<String> = (2..chunk.len() + 2).map(|i| format!("${i}")).collect();
        let sql = format!(
            "UPDATE import_row SET undo = NULL, applied_change = NULL WHERE import_id = $1 AND row_no IN ({})",
            marks.join(",")
        );
        let mut values: Vec<Cell> = cells![import];
        values.extend(chunk.iter().map(|row| Cell::from(*row)));
        extra.push((sql, values));
    }
    for (row, why) in left {
        let hint = "Look at the record, and correct it by hand if it should go back.";
        let told = Problems(vec![Problem::new("", "not_undone", why.clone()).hint(hint)]);
        let sql = "UPDATE import_row SET undo = NULL, problems = $1 WHERE import_id = $2 AND row_no = $3";
        extra.push((sql.into(), cells![serde_json::to_string(&told).unwrap_or_default(), import, *row]));
    }
    extra
}
