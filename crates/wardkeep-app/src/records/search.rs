//! Search over every register, within what the actor may see.

use super::{Label, stage_label};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::{Schema, Verb};
use wardkeep_rights::{Named, decide};
use wardkeep_store::HeadRow;
use wardkeep_types::{Id, Reference};

/// A record that was found.
#[derive(Debug, Clone)]
pub struct FoundView {
    /// The record.
    pub label: Label,
    /// Its register.
    pub schema: &'static Schema,
    /// Its stage as people read it.
    pub stage: String,
    /// Still open.
    pub open: bool,
    /// Unit: reference and name.
    pub unit: (String, String),
}

impl App {
    /// Records of any register (or of `register` alone) whose words or reference match, best first.
    pub async fn search(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        typed: &str,
        register: Option<&str>,
        most: i64,
    ) -> Result<Vec<FoundView>, Error> {
        let mut allowed = false;
        for unit in organisation.units.all() {
            let target = wardkeep_rights::Target::of(unit, ctx.person());
            allowed = allowed
                || decide(&ctx.actor, &organisation.units, Verb::View, Named::Search.into(), &target).is_ok();
        }
        if !allowed {
            return Err(Refusal::NotFound.into());
        }
        let mut reaches = self.reaches(ctx, organisation);
        reaches.retain(|(key, _)| register.is_none_or(|wanted| wanted == *key));
        let mut found: Vec<FoundView> = Vec::new();
        // Whoever types a reference wants that record before all others.
        if let Ok(reference) = typed.trim().parse::<Reference>()
            && let Some(head) = self.db.head_by_reference(&reference).await?
            && let Some(schema) = wardkeep_registers::by_key(&head.register)
            && reaches.iter().any(|(key, _)| *key == schema.key)
            && self.allowed(ctx, organisation, schema, Verb::View, &head).await.is_ok()
        {
            found.extend(view(organisation, head));
        }
        if !reaches.is_empty() {
            let hits = self.db.search(typed, &reaches, most).await?;
            let seen: Vec<Id> = found.iter().map(|f| f.label.id).collect();
            found.extend(
                hits.into_iter()
                    .filter(|h| !seen.contains(&h.head.id))
                    .filter_map(|h| view(organisation, h.head)),
            );
        }
        Ok(found)
    }
}

fn view(organisation: &Organisation, head: HeadRow) -> Option<FoundView> {
    let schema = wardkeep_registers::by_key(&head.register)?;
    let reference = head.reference.to_string();
    let (unit, name) = organisation.unit(head.unit);
    Some(FoundView {
        label: Label {
            id: head.id,
            path: format!("/{}/{reference}", schema.path),
            reference,
            title: head.title,
        },
        schema,
        stage: stage_label(schema, &head.stage),
        open: head.is_open,
        unit: (unit.to_owned(), name.to_owned()),
    })
}
