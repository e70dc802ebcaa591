//! Rows on their way from text to a plan: which record, which values, what is wrong.

use super::columns::Columns;
use super::links::{Found, Targets};
use super::meet::{Known, means, unique_values};
use super::read_row::{ReadRow, read_row, same};
use super::rows::{Raw, UnitNames};
use crate::exchange::import::kept::field_of;
use crate::records::Edits;
use crate::{App, Ctx, Error, Organisation};
use std::collections::{HashMap, HashSet};
use wardkeep_register::{Field, Kind, Schema, Stored, Value};
use wardkeep_types::{Id, Problem, Problems};

/// A row that was understood as far as it alone allows.
pub(super) struct Draft {
    pub(super) line: u64,
    pub(super) id: Id,
    /// It meets a stored record.
    pub(super) existing: bool,
    /// Unit of a new record; the unit to which an existing one moves.
    pub(super) unit: Option<Id>,
    /// Key of the stage that the file names.
    pub(super) stage: Option<&'static str>,
    /// Values to write: all of a new record, those that differ of an existing one.
    pub(super) edits: Edits,
    pub(super) title: String,
    pub(super) points_to: Vec<usize>,
    pub(super) problems: Problems,
}

/// The facts by which rows are judged.
pub(super) struct Facts<'a> {
    pub(super) schema: &'static Schema,
    pub(super) organisation: &'a Organisation,
    pub(super) columns: &'a Columns,
    pub(super) known: Known,
    pub(super) import: Id,
    /// Where new records go whose row names no unit.
    pub(super) unit: Id,
}

impl App {
    /// Reads every row.
    pub(super) async fn drafts(
        &self,
        ctx: &Ctx,
        facts: &Facts<'_>,
        rows: &[Raw],
    ) -> Result<Vec<Draft>, Error> {
        let Facts { schema, organisation, columns, known, .. } = facts;
        let filled = columns.fill.iter();
        let cells = rows
            .iter()
            .flat_map(|r| &r.cells)
            .chain(filled)
            .map(|(i, text)| (columns.fields[*i], text.as_str()));
        let cells: Vec<(Field, &str)> = cells.filter(|(f, _)| f.kind.target().is_some()).collect();
        let mut targets = self.link_targets(ctx, organisation, schema, &cells).await?;
        let units = UnitNames::of(organisation);
        let named = |raw: &Raw| raw.unit.as_deref().and_then(|text| units.find(text).ok());
        let met: Vec<Result<Option<Id>, Problem>> =
            rows.iter().map(|raw| known.meet(schema, columns, raw, named(raw))).collect();
        for (index, raw) in rows.iter().enumerate().filter(|(i, _)| matches!(met[*i], Ok(None))) {
            for (_, value) in unique_values(columns, raw) {
                targets.announce_unique(&value, index);
            }
            let title = raw.cells.iter().find(|(i, _)| columns.fields[*i].title);
            title.into_iter().for_each(|(_, title)| targets.announce(title, index));
        }
        let mut drafts = Vec::with_capacity(rows.len());
        for (index, (raw, met)) in rows.iter().zip(met).enumerate() {
            drafts.push(facts.draft(index, raw, met, &targets, &units));
        }
        self.keep_unseen(ctx, facts, &mut drafts).await?;
        drafts.iter_mut().for_each(|draft| facts.compare(draft));
        doubles(facts, &mut drafts);
        Ok(drafts)
    }

    /// Links to records that the actor may not see stay, whatever the file says: nobody removes what they cannot
    /// see.
    async fn keep_unseen(&self, ctx: &Ctx, facts: &Facts<'_>, drafts: &mut [Draft]) -> Result<(), Error> {
        let schema = facts.schema;
        let gone = |draft: &Draft| -> Vec<(usize, Id)> {
            let Some(stored) = facts.stored(draft) else { return Vec::new() };
            let lists = schema.fields.iter().enumerate().filter(|(_, f)| matches!(f.kind, Kind::Links(_)));
            let lists = lists.filter_map(|(i, f)| Some((i, draft.edits.get(f.name)?)));
            lists
                .flat_map(|(i, new)| {
                    let old = stored.row.values[i].links().iter();
                    old.filter(|id| !new.links().contains(id)).map(move |id| (i, *id)).collect::<Vec<_>>()
                })
                .collect()
        };
        let removed: HashSet<Id> = drafts.iter().flat_map(gone).map(|(_, id)| id).collect();
        if removed.is_empty() {
            return Ok(());
        }
        let seen = self.labels(ctx, facts.organisation, removed).await?;
        for draft in drafts {
            for (index, id) in gone(draft).into_iter().filter(|(_, id)| seen.get(*id).is_none()) {
                if let Some(Value::Links(ids)) = draft.edits.get_mut(schema.fields[index].name) {
                    ids.push(id);
                    ids.sort_unstable();
                }
            }
        }
        Ok(())
    }
}

impl Facts<'_> {
    /// The record that a row meets.
    pub(super) fn stored(&self, draft: &Draft) -> Option<&Stored> {
        draft.existing.then(|| self.known.stored.get(&draft.id)).flatten()
    }

    fn draft(
        &self,
        index: usize,
        raw: &Raw,
        met: Result<Option<Id>, Problem>,
        targets: &Targets,
        units: &UnitNames,
    ) -> Draft {
        let own = |row: usize| Id::derived(&self.import, &row.to_string());
        let (met, problem) = match met {
            Ok(met) => (met, None),
            Err(problem) => (None, Some(problem)),
        };
        let stored = met.and_then(|id| self.known.stored.get(&id));
        let ReadRow { edits, mut points_to, mut problems } =
            read_row(self.schema, self.columns, raw, targets, &own, stored);
        problems.0.splice(0..0, problem);
        let title = self.schema.fields[self.schema.title_index()].name;
        let title = edits.get(title).map(Value::show).filter(|t| !t.is_empty());
        let title = title.or_else(|| stored.map(|s| self.schema.title(&s.row).to_owned()));
        let id = met.unwrap_or_else(|| own(index));
        let mut draft = Draft {
            line: raw.line,
            id,
            existing: stored.is_some(),
            unit: None,
            stage: None,
            edits,
            title: title.unwrap_or_default(),
            points_to: Vec::new(),
            problems,
        };
        if let Some(text) = &raw.unit {
            let found = units.find(text).or_else(|message| {
                match targets.find("unit", self.schema.key == "unit", text) {
                    Ok(Found::Row(row)) => {
                        points_to.push(row);
                        Ok(own(row))
                    }
                    _ => Err(message),
                }
            });
            match found {
                Ok(unit) => draft.unit = Some(unit),
                Err(message) => draft.problems.add(
                    Problem::new("unit", "unknown_ref", message)
                        .hint("Write its reference, such as UNI-0001, or its name."),
                ),
            }
        }
        if let Some(text) = &raw.stage {
            match self.stage(text) {
                Some(stage) => draft.stage = Some(stage),
                None => {
                    let known: Vec<&str> = self.schema.stages.iter().map(|s| s.key).collect();
                    draft.problems.add(
                        Problem::new("stage", "unknown_stage", format!("there is no stage '{text}'"))
                            .hint(format!("Write one of: {}.", known.join(", "))),
                    );
                }
            }
        }
        // A row that points to itself needs no order.
        points_to.retain(|row| *row != index);
        draft.points_to = points_to;
        draft
    }

    fn stage(&self, text: &str) -> Option<&'static str> {
        self.schema.stages.iter().find(|stage| means(stage, text)).map(|stage| stage.key)
    }

    /// Keeps of the values only what would change something.
    fn compare(&self, draft: &mut Draft) {
        let (schema, organisation) = (self.schema, self.organisation);
        let empty = Value::Empty;
        let stored = self.stored(draft);
        let before = |name: &str| match stored {
            None => &empty,
            Some(stored) => match schema.field(name) {
                Some((index, _)) => &stored.row.values[index],
                None => stored.row.custom.get(name).unwrap_or(&empty),
            },
        };
        let kind = |name: &str| field_of(schema, organisation, name).map_or(Kind::Line, |f| f.kind);
        let mut files = Vec::new();
        let mut edits = std::mem::take(&mut draft.edits);
        edits.retain(|name, value| {
            let differs =
                if stored.is_some() { !same(kind(name), before(name), value) } else { !value.is_empty() };
            if differs && kind(name) == Kind::File {
                files.push(name.clone());
            }
            differs
        });
        let moved = stored.is_some_and(|s| draft.unit.is_some_and(|unit| unit != s.head.unit));
        if stored.is_some() && !moved {
            draft.unit = None;
        }
        if stored.is_none() && draft.unit.is_none() {
            // A unit belongs to the unit above it; the topmost belongs to itself.
            let above = edits.get("parent").and_then(|v| v.links().first().copied());
            draft.unit = Some(if schema.key == "unit" { above.unwrap_or(draft.id) } else { self.unit });
        }
        draft.edits = edits;
        for name in files {
            // A file named by its hash alone would open contents that the importer was never given.
            let message = "a file is handed in on the record's page, not by an import";
            draft.problems.add(
                Problem::new(name, "file", message).hint("Empty the cell, or leave it as it was exported."),
            );
        }
    }
}

/// Two rows must not write the same record, nor give two records the same unique value.
fn doubles(facts: &Facts<'_>, drafts: &mut [Draft]) {
    let mut records: HashMap<Id, u64> = HashMap::new();
    let mut values: HashMap<(&'static str, String), u64> = HashMap::new();
    for draft in drafts.iter_mut().filter(|d| d.problems.is_empty()) {
        if let Some(line) = records.insert(draft.id, draft.line) {
            let message = format!("line {line} already holds this record");
            draft
                .problems
                .add(Problem::new("reference", "doubled", message).hint("Keep one of the two lines."));
            continue;
        }
        let unique = facts.schema.fields.iter().filter(|f| f.unique);
        let written: Vec<(&'static str, &Value)> = unique
            .filter_map(|f| Some((f.name, draft.edits.get(f.name).filter(|v| !v.is_empty())?)))
            .collect();
        if let Some(problem) = facts.known.taken(draft.id, written.iter().copied()) {
            draft.problems.add(problem);
            continue;
        }
        let keys: Vec<_> = written.into_iter().map(|(name, value)| (name, value.show())).collect();
        for key in keys {
            if let Some(line) = values.get(&key) {
                let message = format!("line {line} already has this {}", key.0.replace('_', " "));
                draft
                    .problems
                    .add(Problem::new(key.0, "not_unique", message).hint("Correct one of the two lines."));
            } else {
                values.insert(key, draft.line);
            }
        }
    }
}
