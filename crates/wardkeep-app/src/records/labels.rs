//! What stands where an id stands: reference and title, unless the reader may not see the record.

use super::scope::target_of;
use crate::{App, Ctx, Error, Organisation};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use wardkeep_register::Verb;
use wardkeep_rights::{Resource, decide};
use wardkeep_types::Id;

/// A record as a link shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Its id.
    pub id: Id,
    /// Human reference.
    pub reference: String,
    /// Title.
    pub title: String,
    /// Path of its page.
    pub path: String,
}

/// Labels of many records at once.
#[derive(Debug, Clone, Default)]
pub struct Labels(HashMap<Id, Label>);

impl Labels {
    /// The label; `None` when the reader may not see the record.
    pub fn get(&self, id: Id) -> Option<&Label> {
        self.0.get(&id)
    }
}

impl App {
    /// Labels of those records that the actor may see, in one statement (two when restricted ones are among
    /// them). Names of people are no secret within the organisation's walls: whoever sees a record sees who
    /// answers for it.
    pub async fn labels(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<Labels, Error> {
        let ids: HashSet<Id> = ids.into_iter().filter(|id| *id != Id::NIL).collect();
        let mut labels = HashMap::new();
        if ids.is_empty() {
            return Ok(Labels(labels));
        }
        for head in self.db.heads(&ids.into_iter().collect::<Vec<_>>()).await? {
            let Some(schema) = wardkeep_registers::by_key(&head.register) else { continue };
            let named = match (head.restricted, ctx.person()) {
                (true, Some(person)) => self.is_named(head.id, person).await?,
                _ => false,
            };
            let target = target_of(&head, named);
            let open = matches!(head.register.as_str(), "person" | "unit" | "team");
            if open || decide(&ctx.actor, &organisation.units, Verb::View, Resource::of(schema), &target).is_ok() {
                let reference = head.reference.to_string();
                let path = format!("/{}/{reference}", schema.path);
                labels.insert(head.id, Label { id: head.id, reference, title: head.title, path });
            }
        }
        Ok(Labels(labels))
    }
}
