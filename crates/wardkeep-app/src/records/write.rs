//! The one write path: authorise -> parse -> check -> move guard -> diff -> store.
//!
//! Forms, API, import, jobs, command line and agents all end here, with a batch; one row is a batch of one.

use super::{Done, Edits, Proposal, Target};
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::{HashMap, HashSet};
use wardkeep_register::{GuardContext, Head, MoveSchema, Row, Schema, Stored, Value, Verb};
use wardkeep_rights::{ActorKind, Allowed, Resource, decide};
use wardkeep_store::{Cell, HeadRow, Write};
use wardkeep_types::{Id, Moment, Problem, Problems, Reference};

impl App {
    /// Writes one proposal.
    pub async fn write_one(&self, ctx: &Ctx, proposal: Proposal) -> Result<Done, Error> {
        let mut done = self.write_batch(ctx, vec![proposal], vec![]).await?;
        done.pop().ok_or_else(|| Error::fault("nothing was written"))
    }
    /// Writes a batch, all or nothing; later proposals may change or move what earlier ones add. `extra` statements run in the same transaction without a change entry.
    pub async fn write_batch(
        &self,
        ctx: &Ctx,
        proposals: Vec<Proposal>,
        extra: Vec<(String, Vec<Cell>)>,
    ) -> Result<Vec<Done>, Error> {
        let organisation = self.organisation().await?;
        let prepared = self.prepare_all(ctx, &organisation, &proposals).await?;
        let writes = prepared.into_iter().collect::<Result<Vec<_>, _>>()?;
        let written = self.db.write(&ctx.author(), writes, extra).await?;
        written
            .into_iter()
            .map(|w| match (w.id, w.reference) {
                (Some(id), Some(reference)) => {
                    Ok(Done { id, reference, version: w.version, change: w.change })
                }
                _ => Err(Error::fault("a record was written without a reference")),
            })
            .collect()
    }
    /// Checks a proposal as writing it would, and writes nothing: previews and forms ask here.
    pub async fn check(&self, ctx: &Ctx, proposal: &Proposal) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        let prepared = self.prepare_all(ctx, &organisation, std::slice::from_ref(proposal)).await?;
        prepared.into_iter().try_for_each(|one| one.map(|_| ()))
    }
    /// What the store would be asked to write for each proposal, or why not; reads all records at once.
    pub(crate) async fn prepare_all<'a>(
        &self,
        ctx: &Ctx,
        organisation: &'a Organisation,
        proposals: &[Proposal],
    ) -> Result<Vec<Result<Write<'a>, Error>>, Error> {
        let mut current = self.current(organisation, proposals).await?;
        let later: HashSet<(&str, Id)> =
            proposals.iter().filter_map(|p| Some((p.schema.key, existing(p)?))).collect();
        let mut prepared = Vec::with_capacity(proposals.len());
        for proposal in proposals {
            let one = self.prepare(ctx, organisation, proposal, &current).await;
            if let Ok(add @ Write::Add { schema, id, .. }) = &one
                && later.contains(&(schema.key, *id))
            {
                current.extend(added(add, ctx.now).map(|stored| (*id, stored)));
            }
            prepared.push(one);
        }
        Ok(prepared)
    }
    async fn current(
        &self,
        organisation: &Organisation,
        proposals: &[Proposal],
    ) -> Result<HashMap<Id, Stored>, Error> {
        let mut wanted: HashMap<&str, (&Schema, Vec<Id>)> = HashMap::new();
        for proposal in proposals {
            if let Some(id) = existing(proposal) {
                wanted.entry(proposal.schema.key).or_insert((proposal.schema, Vec::new())).1.push(id);
            }
        }
        let mut found = HashMap::new();
        for (schema, ids) in wanted.into_values() {
            found.extend(self.db.get_many(schema, organisation.custom(schema.key), &ids).await?);
        }
        Ok(found)
    }
    async fn prepare<'a>(
        &self,
        ctx: &Ctx,
        organisation: &'a Organisation,
        proposal: &Proposal,
        current: &HashMap<Id, Stored>,
    ) -> Result<Write<'a>, Error> {
        let schema = proposal.schema;
        let custom = organisation.custom(schema.key);
        match proposal.target {
            Target::New { id, unit } => {
                // A top unit belongs to itself; the first one is made by the program.
                let row = merged(schema, custom, schema.empty_row(), ctx, proposal)?;
                let owner = owner(schema, &row);
                authorise_new(ctx, organisation, schema, id, unit, owner)?;
                let program = ctx.actor.kind == ActorKind::System;
                let named = proposal.stage.filter(|_| program).and_then(|key| schema.stage(key));
                let stage = named.unwrap_or(schema.first_stage()).key;
                let row = schema.check(row, stage, custom).map_err(Refusal::Invalid)?;
                check_tree(organisation, schema, id, &row)?;
                let restricted = proposal.restricted.unwrap_or(false) && schema.need_to_know;
                let (stage, why) = (stage.to_owned(), proposal.why.clone());
                Ok(Write::Add { schema, custom, id, unit, stage, restricted, row, why })
            }
            Target::Existing { id, version } => {
                let stored = current.get(&id).ok_or(Refusal::NotFound)?;
                let step = self.step(ctx, organisation, proposal, stored).await?;
                let mut row = merged(schema, custom, stored.row.clone(), ctx, proposal)?;
                if let Some(step) = step.filter(|_| schema.key == "acceptance") {
                    self.risk_before_acceptance(ctx, schema, step.name, &mut row).await?;
                }
                let stage = step.map_or(stored.head.stage.as_str(), |s| s.to).to_owned();
                if let Some(step) = step {
                    let guard = GuardContext { now: ctx.now, actor: ctx.person() };
                    step.allows(&stored.head.stage, &row, &guard).map_err(|r| Refusal::NotYet(r.0))?;
                }
                let unit = proposal.unit.unwrap_or(stored.head.unit);
                if unit != stored.head.unit {
                    authorise_new(ctx, organisation, schema, id, unit, owner(schema, &row))?;
                }
                let row = schema.check(row, &stage, custom).map_err(Refusal::Invalid)?;
                check_tree(organisation, schema, id, &row)?;
                let act = match (step, ctx.actor.kind) {
                    (Some(step), _) => format!("move:{}", step.name),
                    (None, ActorKind::System) if only_computed(schema, &proposal.edits) => {
                        "compute".to_owned()
                    }
                    (None, _) => "edit".to_owned(),
                };
                let version = version.unwrap_or(stored.head.version);
                let restricted = proposal.restricted.unwrap_or(stored.head.restricted) && schema.need_to_know;
                let why = proposal.why.clone();
                Ok(Write::Change { schema, custom, id, version, act, unit, stage, restricted, row, why })
            }
        }
    }
    /// The move, if one is asked for: right, reason, second person.
    async fn step<'m>(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        proposal: &Proposal,
        stored: &Stored,
    ) -> Result<Option<&'m MoveSchema>, Error> {
        let schema = proposal.schema;
        let head = head_of(schema, stored);
        let Some(name) = &proposal.movement else {
            self.allowed(ctx, organisation, schema, Verb::Edit, &head).await?;
            return Ok(None);
        };
        let step = schema.movement(name, &stored.head.stage).ok_or_else(|| {
            Refusal::invalid("move", "unknown_move", format!("a {} has no move '{name}'", schema.names.one))
        })?;
        let program = ctx.actor.kind == ActorKind::System && !step.second_person;
        if !program {
            self.allowed(ctx, organisation, schema, step.needs, &head).await?;
        }
        if !proposal.edits.is_empty() && !program {
            self.allowed(ctx, organisation, schema, Verb::Edit, &head).await?;
        }
        if step.with_reason && proposal.why.as_deref().is_none_or(|w| w.trim().is_empty()) {
            return Err(Refusal::invalid(
                "reason",
                "required",
                format!("say why: '{}' needs a reason", step.label()),
            )
            .into());
        }
        if step.second_person && !proposal.agreed {
            return Err(Refusal::Forbidden(format!(
                "'{}' needs a second person: ask for approval, and somebody else completes it",
                step.label()
            ))
            .into());
        }
        Ok(Some(step))
    }
}

/// The record that a proposal changes.
fn existing(proposal: &Proposal) -> Option<Id> {
    match proposal.target {
        Target::Existing { id, .. } => Some(id),
        Target::New { .. } => None,
    }
}

/// A record as later proposals of its batch find it. Its number is taken only when it is written.
fn added(add: &Write<'_>, now: Moment) -> Option<Stored> {
    let Write::Add { schema, id, unit, stage, restricted, row, .. } = add else { return None };
    let head = Head {
        id: *id,
        reference: Reference::new(schema.names.prefix, 0),
        unit: *unit,
        stage: stage.clone(),
        version: 1,
        restricted: *restricted,
        created_at: now,
        changed_at: now,
    };
    Some(Stored { head, row: row.get().clone() })
}

fn authorise_new(
    ctx: &Ctx,
    organisation: &Organisation,
    schema: &Schema,
    id: Id,
    unit: Id,
    owner: Option<Id>,
) -> Result<Allowed, Error> {
    let target = wardkeep_rights::Target::of(unit, owner);
    let new_root = schema.key == "unit" && unit == id;
    if !new_root && !organisation.units.contains(unit) {
        return Err(Refusal::invalid("unit", "unknown_ref", "there is no such unit").into());
    }
    // A new top unit is an act on the whole installation.
    let target = if new_root { wardkeep_rights::Target::INSTALLATION } else { target };
    Ok(decide(&ctx.actor, &organisation.units, Verb::Add, Resource::of(schema), &target)?)
}

/// Units must stay a tree, at most eight levels deep.
fn check_tree(
    organisation: &Organisation,
    schema: &Schema,
    id: Id,
    row: &wardkeep_register::Checked<Row>,
) -> Result<(), Refusal> {
    if schema.key != "unit" {
        return Ok(());
    }
    let parent = schema.field("parent").and_then(|(i, _)| row.get().values[i].links().first().copied());
    organisation
        .units
        .with(id, parent)
        .map(|_| ())
        .map_err(|e| Refusal::invalid("parent", "tree", e.to_string()))
}

/// What the head table knows of a record, from its own row: the two are written together.
pub(crate) fn head_of(schema: &Schema, stored: &Stored) -> HeadRow {
    let (head, row) = (&stored.head, &stored.row);
    HeadRow {
        id: head.id,
        register: schema.key.to_owned(),
        reference: head.reference.clone(),
        title: schema.title(row).to_owned(),
        unit: head.unit,
        owner: owner(schema, row),
        due_on: None,
        stage: head.stage.clone(),
        is_open: schema.is_open(&head.stage),
        restricted: head.restricted,
        version: head.version,
        changed_at: head.changed_at,
    }
}

fn owner(schema: &Schema, row: &Row) -> Option<Id> {
    schema.owner_index().and_then(|i| row.values[i].links().first().copied())
}

fn only_computed(schema: &Schema, edits: &Edits) -> bool {
    !edits.is_empty() && edits.keys().all(|name| schema.field(name).is_some_and(|(_, f)| f.computed))
}

/// The row with the edits put in; computed fields only by the program, unknown names refused.
fn merged(
    schema: &Schema,
    custom: &[wardkeep_register::Field],
    mut row: Row,
    ctx: &Ctx,
    proposal: &Proposal,
) -> Result<Row, Refusal> {
    let program = ctx.actor.kind == ActorKind::System || proposal.worked_out;
    let mut problems = Problems::new();
    for (name, value) in &proposal.edits {
        match schema.field(name) {
            Some((index, field)) if !field.computed || program => {
                row.values[index] = value.clone();
            }
            Some((index, field)) if row.values[index] != *value => {
                let message = format!("{} is worked out by Wardkeep and cannot be written", field.label());
                problems.add(Problem::new(name.as_str(), "computed", message));
            }
            Some(_) => {}
            None if custom.iter().any(|f| f.name == name) => {
                if matches!(value, Value::Empty) {
                    row.custom.remove(name);
                } else {
                    row.custom.insert(name.clone(), value.clone());
                }
            }
            None => problems.add(Problem::new(
                name.as_str(),
                "unknown_field",
                format!("{} have no field '{name}'", schema.names.many),
            )),
        }
    }
    if problems.is_empty() { Ok(schema.tidied(row)) } else { Err(Refusal::Invalid(problems)) }
}
