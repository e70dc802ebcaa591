//! Rights as conditions of the store.

use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::{Schema, Verb};
use wardkeep_rights::{Allowed, Resource, Scope, Target, decide, scope};
use wardkeep_store::{HeadRow, Reach, cells};
use wardkeep_types::Id;

/// The records of a register that the actor may reach with a verb.
pub fn reach_of(ctx: &Ctx, organisation: &Organisation, schema: &Schema, verb: Verb) -> Reach {
    let scope = scope(&ctx.actor, &organisation.units, Resource::of(schema), verb);
    to_reach(&scope, organisation)
}

fn to_reach(scope: &Scope, organisation: &Organisation) -> Reach {
    Reach {
        units: scope.all_units().list(&organisation.units),
        own_units: scope.own_units().list(&organisation.units),
        person: scope.person(),
        system: scope.sees_restricted(),
    }
}

impl App {
    /// The reach of View over every register the actor may look at.
    pub fn reaches(&self, ctx: &Ctx, organisation: &Organisation) -> Vec<(&'static str, Reach)> {
        wardkeep_registers::all()
            .iter()
            .map(|schema| (schema.key, reach_of(ctx, organisation, schema, Verb::View)))
            .filter(|(_, reach)| reach.system || !reach.units.is_empty() || !reach.own_units.is_empty())
            .collect()
    }
    /// What rights need to know of a record.
    pub(crate) async fn target(&self, ctx: &Ctx, head: &HeadRow) -> Result<Target, Error> {
        let named = match (head.restricted, ctx.person()) {
            (true, Some(person)) => self.is_named(head.id, person).await?,
            _ => false,
        };
        Ok(target_of(head, named))
    }
    pub(crate) async fn is_named(&self, record: Id, person: Id) -> Result<bool, Error> {
        let sql = "SELECT 1 AS x FROM need_to_know WHERE record_id = $1 AND person_id = $2";
        Ok(self.db.row(sql, cells![record, person]).await?.is_some())
    }
    /// Finds a record that the actor may see and may do `verb` to; a record one may not see is missing.
    pub(crate) async fn allowed(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        verb: Verb,
        head: &HeadRow,
    ) -> Result<Allowed, Error> {
        if head.register != schema.key {
            return Err(Refusal::NotFound.into());
        }
        let target = self.target(ctx, head).await?;
        Ok(decide(&ctx.actor, &organisation.units, verb, Resource::of(schema), &target)?)
    }
}

/// A person's own record is theirs; everything else belongs to its owner.
pub(crate) fn target_of(head: &HeadRow, named: bool) -> Target {
    let owner = if head.register == "person" { Some(head.id) } else { head.owner };
    Target { unit: Some(head.unit), owner, restricted: head.restricted, named }
}
