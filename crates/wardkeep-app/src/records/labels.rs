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
        let heads = self.db.heads(&ids.into_iter().collect::<Vec<_>>()).await?;
        let restricted: Vec<Id> = heads.iter().filter(|h| h.restricted).map(|h| h.id).collect();
        let named = match ctx.person() {
            Some(person) if !restricted.is_empty() => self.named_on(person, &restricted).await?,
            _ => HashSet::new(),
        };
        for head in heads {
            let Some(schema) = wardkeep_registers::by_key(&head.register) else { continue };
            let target = target_of(&head, named.contains(&head.id));
            let open = matches!(head.register.as_str(), "person" | "unit" | "team");
            if open
                || decide(&ctx.actor, &organisation.units, Verb::View, Resource::of(schema), &target).is_ok()
            {
                let reference = head.reference.to_string();
                let path = format!("/{}/{reference}", schema.path);
                labels.insert(head.id, Label { id: head.id, reference, title: head.title, path });
            }
        }
        Ok(Labels(labels))
    }
    /// Which of those records have the person on their need-to-know lists.
    async fn named_on(&self, person: Id, records: &[Id]) -> Result<HashSet<Id>, Error> {
        let mut found = HashSet::new();
        for chunk in records.chunks(500) {
            let marks: Vec<String> = (2..chunk.len() + 2).map(|i| format!("${i}")).collect();
            let sql = format!(
                "SELECT record_id FROM need_to_know WHERE person_id = $1 AND record_id IN ({})",
                marks.join(",")
            );
            let values = std::iter::once(person).chain(chunk.iter().copied()).map(Into::into).collect();
            for row in self.db.rows(&sql, values).await? {
                found
                    .insert(Id::from_uuid(row.try_get::<uuid::Uuid>("", "record_id").map_err(Error::fault)?));
            }
        }
        Ok(found)
    }
}
