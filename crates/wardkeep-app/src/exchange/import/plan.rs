//! What an import would do with each row: the dry run.

use super::columns::Columns;
use super::draft::{Draft, Facts};
use super::kept::{Before, Kept, to_json};
use super::moves::Mover;
use super::order::order;
use super::rows::raw_rows;
use super::view::RowOutcome;
use crate::records::{Edits, Proposal, head_of};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_intake::Table;
use wardkeep_register::{Row, Schema, Stored, Value};
use wardkeep_rights::Target;
use wardkeep_store::Write;
use wardkeep_types::{Id, Problem, Problems, limits};

/// A row as it will be staged.
pub(super) struct Planned {
    pub(super) id: Id,
    pub(super) outcome: RowOutcome,
    pub(super) title: String,
    pub(super) base_version: Option<i64>,
    pub(super) kept: Kept,
    pub(super) before: Before,
    pub(super) problems: Problems,
}

impl App {
    /// Judges every row of a table as writing it would, in writing order.
    pub(super) async fn plan(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        columns: &Columns,
        (import, unit): (Id, Id),
        table: Table,
    ) -> Result<Vec<Planned>, Error> {
        let rows = raw_rows(table, columns);
        let known = self.known(ctx, organisation, schema, columns, &rows).await?;
        let facts = Facts { schema, organisation, columns, known, import, unit };
        let mut drafts = self.drafts(ctx, &facts, &rows).await?;
        drop(rows);
        let points_to: Vec<Vec<usize>> =
            drafts.iter_mut().map(|d| std::mem::take(&mut d.points_to)).collect();
        let sequence = order(&points_to);
        let fresh = sequence.iter().map(|i| &drafts[*i]).filter(|d| !d.existing && d.problems.is_empty());
        let grown = with_new_units(organisation, schema, fresh.map(|d| (d.id, &d.edits)));
        let mut ways = self.judge(ctx, &grown, &facts, &mut drafts).await?;
        for &row in &sequence {
            if let Some(bad) = points_to[row].iter().find(|target| !drafts[**target].problems.is_empty()) {
                let message = format!("it points to line {}, which is refused", drafts[*bad].line);
                drafts[row]
                    .problems
                    .add(Problem::new("", "refused_ref", message).hint("Mend that line first."));
            }
        }
        let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
        let planned = sequence
            .into_iter()
            .filter_map(|row| Some(facts.planned(drafts[row].take()?, std::mem::take(&mut ways[row]))));
        Ok(planned.collect())
    }

    /// Asks the write path about every row that would write something, and finds the moves to the wanted stage.
    async fn judge(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        facts: &Facts<'_>,
        drafts: &mut [Draft],
    ) -> Result<Vec<Way>, Error> {
        let custom = organisation.custom(facts.schema.key);
        let mover = Mover { ctx, organisation, schema: facts.schema, custom };
        let mut ways: Vec<Way> = std::iter::repeat_with(Way::default).take(drafts.len()).collect();
        let asked: Vec<usize> = (0..drafts.len()).filter(|i| drafts[*i].problems.is_empty()).collect();
        for chunk in asked.chunks(limits::BATCH_ROWS) {
            let writes = |draft: &Draft| !draft.existing || !draft.edits.is_empty() || draft.unit.is_some();
            let (asked, quiet): (Vec<usize>, Vec<usize>) = chunk.iter().partition(|i| writes(&drafts[**i]));
            let proposals: Vec<Proposal> = asked.iter().map(|i| facts.proposal(&drafts[*i])).collect();
            let prepared = self.prepare_all(ctx, organisation, &proposals).await?;
            for (index, outcome) in asked.into_iter().zip(prepared) {
                let (write, draft) = match outcome {
                    Ok(write) => (write, &mut drafts[index]),
                    Err(error) => {
                        drafts[index].problems = as_problems(error)?;
                        continue;
                    }
                };
                let (row, stage, target) = match &write {
                    Write::Add { id, unit, stage, row, .. } => {
                        (row.get(), stage.as_str(), new_target(facts.schema, *id, *unit, row.get()))
                    }
                    Write::Change { row, stage, .. } => match facts.stored(draft) {
                        Some(stored) => (
                            row.get(),
                            stage.as_str(),
                            self.target(ctx, &head_of(facts.schema, stored)).await?,
                        ),
                        None => continue,
                    },
                    Write::Act(_) => continue,
                };
                ways[index] = Way::find(&mover, draft, stage, row, &target);
            }
            for index in quiet {
                let Some(stored) = facts.stored(&drafts[index]) else { continue };
                if drafts[index].stage.is_none_or(|stage| stage == stored.head.stage) {
                    continue;
                }
                let target = self.target(ctx, &head_of(facts.schema, stored)).await?;
                ways[index] = Way::find(&mover, &drafts[index], &stored.head.stage, &stored.row, &target);
            }
        }
        Ok(ways)
    }
}

/// The moves that follow a row, and what to tell about them.
#[derive(Default)]
struct Way {
    moves: Vec<String>,
    note: Option<Problem>,
}

impl Way {
    fn find(mover: &Mover<'_>, draft: &Draft, from: &str, row: &Row, target: &Target) -> Self {
        let Some(wanted) = draft.stage.filter(|stage| *stage != from) else { return Self::default() };
        match mover.way(from, wanted, row, target) {
            Ok(moves) => Self { moves, note: None },
            Err(why) => {
                let stays = crate::records::stage_label(mover.schema, from);
                let message = format!("it stays at '{stays}': {why}");
                let hint = "Make the move on the record's page once that is settled.";
                Self {
                    moves: Vec::new(),
                    note: Some(Problem::new("stage", "stage_kept", message).hint(hint)),
                }
            }
        }
    }
}

impl Facts<'_> {
    fn proposal(&self, draft: &Draft) -> Proposal {
        match self.stored(draft) {
            Some(stored) => {
                let version = Some(stored.head.version);
                let change = Proposal::change(self.schema, draft.id, version, draft.edits.clone());
                Proposal { unit: draft.unit, ..change }
            }
            None => {
                Proposal::add(self.schema, draft.id, draft.unit.unwrap_or(self.unit), draft.edits.clone())
            }
        }
    }

    fn planned(&self, draft: Draft, way: Way) -> Planned {
        let stored = self.stored(&draft);
        let changes = !draft.edits.is_empty() || draft.unit.is_some() || !way.moves.is_empty();
        let outcome = match stored {
            _ if !draft.problems.is_empty() => RowOutcome::Refused,
            None => RowOutcome::Add,
            Some(_) if changes => RowOutcome::Change,
            Some(_) => RowOutcome::Same,
        };
        let shown = stored.filter(|_| outcome != RowOutcome::Refused);
        // A refused row keeps no old values: who may not change a record may not be entitled to read all of it.
        let before = shown.map(|stored| self.before(stored, &draft, !way.moves.is_empty()));
        let mut problems = draft.problems;
        problems.0.extend(way.note);
        let kept = Kept {
            line: draft.line,
            unit: draft.unit,
            reference: stored.map(|s| s.head.reference.to_string()),
            edits: to_json(&draft.edits),
            moves: if outcome == RowOutcome::Refused { Vec::new() } else { way.moves },
        };
        Planned {
            id: draft.id,
            outcome,
            title: draft.title,
            base_version: stored.map(|s| s.head.version),
            kept,
            before: before.unwrap_or_default(),
            problems,
        }
    }

    fn before(&self, stored: &Stored, draft: &Draft, moves: bool) -> Before {
        let old = draft.edits.keys().map(|name| {
            let value = match self.schema.field(name) {
                Some((index, _)) => Some(&stored.row.values[index]),
                None => stored.row.custom.get(name),
            };
            (name.clone(), value.map_or(serde_json::Value::Null, Value::to_json))
        });
        Before {
            unit: draft.unit.map(|_| stored.head.unit),
            stage: moves.then(|| stored.head.stage.clone()),
            edits: old.collect(),
        }
    }
}

/// What a refusal says, as a row's problems; a fault stops the import.
pub(super) fn as_problems(error: Error) -> Result<Problems, Error> {
    let one = |code: &str, message: String, hint: &str| {
        Ok(Problems(vec![Problem::new("", code, message).hint(hint)]))
    };
    match error {
        Error::Fault(fault) => Err(Error::Fault(fault)),
        Error::Refusal(Refusal::Invalid(problems)) => Ok(problems),
        Error::Refusal(refusal @ Refusal::Forbidden(_)) => {
            one("forbidden", refusal.sentence(), "Ask somebody with that right to import this row.")
        }
        Error::Refusal(refusal @ Refusal::NotFound) => {
            one("not_found", "the record is not there".into(), &refusal.sentence())
        }
        Error::Refusal(refusal @ Refusal::Conflict(_)) => one(
            "conflict",
            refusal.sentence(),
            "Import the file again: the new preview shows the present values.",
        ),
        Error::Refusal(refusal) => one(refusal.code(), refusal.sentence(), ""),
    }
}

fn new_target(schema: &Schema, id: Id, unit: Id, row: &Row) -> Target {
    let owner = schema.owner_index().and_then(|i| row.values[i].links().first().copied());
    let owner = if schema.key == "person" { Some(id) } else { owner };
    Target::of(unit, owner)
}

/// The organisation with the units that the file itself brings, so that rows below them can be judged. Units come
/// before those below them.
pub(super) fn with_new_units<'a>(
    organisation: &Organisation,
    schema: &Schema,
    fresh: impl Iterator<Item = (Id, &'a Edits)>,
) -> Organisation {
    let mut grown = organisation.clone();
    if schema.key != "unit" {
        return grown;
    }
    for (id, edits) in fresh {
        let parent = edits.get("parent").and_then(|v| v.links().first().copied());
        // What makes no tree is refused by the write path, with its reason.
        if let Ok(units) = grown.units.with(id, parent) {
            grown.units = units;
        }
    }
    grown
}
