//! Which stored record a row meets: by reference, else by a unique field, else, when it has neither, by its title.

use super::columns::Columns;
use super::rows::Raw;
use crate::{App, Ctx, Error, Organisation};
use std::collections::{HashMap, HashSet};
use wardkeep_register::{Schema, StageSchema, Stored, Value, Verb};
use wardkeep_rights::{Resource, decide};
use wardkeep_store::Cell;
use wardkeep_types::{Id, Problem, Reference};

/// What the store knows of the rows of a file.
#[derive(Default)]
pub(super) struct Known {
    references: HashMap<String, Id>,
    /// By field name and shown value.
    unique: HashMap<(&'static str, String), Id>,
    titles: HashMap<String, Vec<Id>>,
    pub(super) stored: HashMap<Id, Stored>,
    /// Records that the actor may not see.
    unseen: HashSet<Id>,
}

impl Known {
    /// The record that the row means, none when it is new, or what is wrong. `unit` is the unit that it names.
    pub(super) fn meet(
        &self,
        schema: &Schema,
        columns: &Columns,
        raw: &Raw,
        unit: Option<Id>,
    ) -> Result<Option<Id>, Problem> {
        if let Some(text) = &raw.reference {
            let found = reference(schema, text).and_then(|r| self.references.get(&r));
            return match found.filter(|id| !self.unseen.contains(id)) {
                Some(id) => Ok(Some(*id)),
                None => Err(Problem::new(
                    "reference",
                    "unknown_ref",
                    format!("there is no {} '{text}'", schema.names.one),
                )
                .hint("Leave the cell empty to add a record; references are given by Wardkeep.")),
            };
        }
        let (mut met, mut named): (Option<(Id, &str)>, bool) = (None, false);
        for (name, value) in unique_values(columns, raw) {
            named = true;
            let Some(id) = self.unique.get(&(name, value)) else { continue };
            match met {
                Some((other, first)) if other != *id => {
                    let message = format!("{first} and {name} point to two different records");
                    return Err(Problem::new(name, "ambiguous", message)
                        .hint("Add a column 'reference' that says which is meant."));
                }
                _ => met = Some((*id, name)),
            }
        }
        match met {
            Some((id, name)) if self.unseen.contains(&id) => Err(taken(name, None)),
            None if !named => self.by_title(schema, columns, raw, unit),
            found => Ok(found.map(|(id, _)| id)),
        }
    }

    /// Without reference and unique value, a row means the open record of its title, in the unit that it names or
    /// anywhere: otherwise a file imported twice would add everything twice.
    fn by_title(
        &self,
        schema: &Schema,
        columns: &Columns,
        raw: &Raw,
        unit: Option<Id>,
    ) -> Result<Option<Id>, Problem> {
        let Some(ids) = title_of(columns, raw).and_then(|title| self.titles.get(&title)) else {
            return Ok(None);
        };
        let done = raw
            .stage
            .as_deref()
            .is_some_and(|text| schema.stages.iter().any(|s| !schema.is_open(s.key) && means(s, text)));
        let fits = |stored: &&Stored| {
            let placed = unit.is_none_or(|unit| unit == stored.head.unit);
            placed && (done || schema.is_open(&stored.head.stage)) && !self.unseen.contains(&stored.head.id)
        };
        let found: Vec<&Stored> = ids.iter().filter_map(|id| self.stored.get(id)).filter(fits).collect();
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.head.id)),
            [first, second, ..] => {
                let message = format!(
                    "several records have this title, such as {} and {}",
                    first.head.reference, second.head.reference
                );
                let name = schema.fields[schema.title_index()].name;
                Err(Problem::new(name, "ambiguous", message)
                    .hint("Add a column 'reference' that says which is meant."))
            }
        }
    }

    /// Whether another record than `own` has one of those unique values.
    pub(super) fn taken<'a>(
        &self,
        own: Id,
        values: impl Iterator<Item = (&'static str, &'a Value)>,
    ) -> Option<Problem> {
        for (name, value) in values {
            let other = self.unique.get(&(name, value.show())).filter(|id| **id != own);
            if let Some(other) = other {
                let seen = self.stored.get(other).filter(|_| !self.unseen.contains(other));
                return Some(taken(name, seen.map(|s| s.head.reference.to_string())));
            }
        }
        None
    }
}

fn taken(name: &str, reference: Option<String>) -> Problem {
    let message = match reference {
        Some(reference) => {
            format!("another record, {reference}, already has this {}", name.replace('_', " "))
        }
        None => format!("another record already has this {}", name.replace('_', " ")),
    };
    Problem::new(name, "not_unique", message).hint("Correct one of the two.")
}

/// The title of a row, as it would be stored.
fn title_of(columns: &Columns, raw: &Raw) -> Option<String> {
    let (_, text) = raw.cells.iter().find(|(index, _)| columns.fields[*index].title)?;
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

/// Whether a text names the stage: by key or label, case-blind.
pub(super) fn means(stage: &StageSchema, text: &str) -> bool {
    let plain = |t: &str| t.trim().to_lowercase().replace(['_', '-'], " ");
    plain(stage.key) == plain(text) || plain(stage.label) == plain(text)
}

fn reference(schema: &Schema, text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let reference: Reference = first.parse().ok()?;
    (reference.prefix() == schema.names.prefix).then(|| reference.to_string())
}

/// Values of unique fields that can be read, as they are stored.
pub(super) fn unique_values<'a>(
    columns: &'a Columns,
    raw: &'a Raw,
) -> impl Iterator<Item = (&'static str, String)> + 'a {
    raw.cells.iter().filter_map(|(index, text)| {
        let field = &columns.fields[*index];
        let value = (field.unique && !field.custom).then(|| Value::parse(field, text).ok())??;
        (!value.is_empty()).then(|| (field.name, value.show()))
    })
}

impl App {
    /// Finds the records of those rows in a few statements.
    pub(super) async fn known(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        columns: &Columns,
        rows: &[Raw],
    ) -> Result<Known, Error> {
        let mut known = Known::default();
        let references: HashSet<String> =
            rows.iter().filter_map(|r| reference(schema, r.reference.as_deref()?)).collect();
        let sql = |marks: &str| format!("SELECT id, reference AS v FROM record WHERE reference IN ({marks})");
        for (value, id) in self.look_up(sql, references.into_iter().collect()).await? {
            known.references.insert(value, id);
        }
        for field in columns.fields.iter().filter(|f| f.unique && !f.custom) {
            let wanted =
                rows.iter().flat_map(|r| unique_values(columns, r)).filter(|(name, _)| *name == field.name);
            let values: HashSet<String> = wanted.map(|(_, value)| value).collect();
            let (table, name) = (schema.key, field.name);
            let sql = |marks: &str| {
                format!("SELECT id, \"{name}\" AS v FROM \"{table}\" WHERE \"{name}\" IN ({marks})")
            };
            for (value, id) in self.look_up(sql, values.into_iter().collect()).await? {
                known.unique.insert((name, value), id);
            }
        }
        let nameless =
            rows.iter().filter(|r| r.reference.is_none() && unique_values(columns, r).next().is_none());
        let titles: HashSet<String> = nameless.filter_map(|r| title_of(columns, r)).collect();
        for (title, id) in self.of_titles(schema, titles).await? {
            known.titles.entry(title).or_default().push(id);
        }
        let ids: HashSet<Id> = known
            .references
            .values()
            .chain(known.unique.values())
            .chain(known.titles.values().flatten())
            .copied()
            .collect();
        let ids: Vec<Id> = ids.into_iter().collect();
        known.stored = self.db.get_many(schema, organisation.custom(schema.key), &ids).await?;
        for stored in known.stored.values() {
            let target = self.target(ctx, &crate::records::head_of(schema, stored)).await?;
            if decide(&ctx.actor, &organisation.units, Verb::View, Resource::of(schema), &target).is_err() {
                known.unseen.insert(stored.head.id);
            }
        }
        Ok(known)
    }

    /// Records of a register by title. A few titles are looked up; for many, reading all titles once is cheaper than
    /// walking the register for each handful.
    async fn of_titles(&self, schema: &Schema, titles: HashSet<String>) -> Result<Vec<(String, Id)>, Error> {
        const FEW: usize = 1_000;
        let register = schema.key;
        if titles.len() <= FEW {
            let sql = |marks: &str| {
                format!(
                    "SELECT id, title AS v FROM record WHERE register = '{register}' AND title IN ({marks})"
                )
            };
            return self.look_up(sql, titles.into_iter().collect()).await;
        }
        let mut found = Vec::new();
        for row in
            self.db.rows("SELECT id, title FROM record WHERE register = $1", vec![register.into()]).await?
        {
            let title: String = row.try_get("", "title").map_err(Error::fault)?;
            if titles.contains(&title) {
                let id = row.try_get::<uuid::Uuid>("", "id").map_err(Error::fault)?;
                found.push((title, Id::from_uuid(id)));
            }
        }
        Ok(found)
    }

    pub(super) async fn look_up(
        &self,
        sql: impl Fn(&str) -> String,
        values: Vec<String>,
    ) -> Result<Vec<(String, Id)>, Error> {
        let mut found = Vec::with_capacity(values.len());
        for chunk in values.chunks(500) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let cells: Vec<Cell> = chunk.iter().map(|v| v.as_str().into()).collect();
            for row in self.db.rows(&sql(&marks.join(",")), cells).await? {
                let id = row.try_get::<uuid::Uuid>("", "id").map_err(Error::fault)?;
                found.push((row.try_get("", "v").map_err(Error::fault)?, Id::from_uuid(id)));
            }
        }
        Ok(found)
    }
}
