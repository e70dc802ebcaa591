//! What a form needs of a record: its values with the names of what they point to, now and at an older version.

use super::{Edits, FieldView, Labels, field_view};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::{Field, Schema, Stored, Value, Verb};
use wardkeep_types::Id;

/// A record that the actor may change.
#[derive(Debug, Clone)]
pub struct Editable {
    /// Its values.
    pub stored: Stored,
    /// Names of the records they point to.
    pub labels: Labels,
}

/// A record as it was at a version.
#[derive(Debug, Clone)]
pub struct AtVersion {
    /// Its values then.
    pub stored: Stored,
    /// Who made the newest version.
    pub changed_by: Option<String>,
}

impl App {
    /// A record for a form; needs Edit.
    pub async fn editable(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
    ) -> Result<Editable, Error> {
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, Verb::Edit, &head).await?;
        let stored = self
            .db
            .get(schema, organisation.custom(schema.key), head.id, None)
            .await?
            .ok_or(Refusal::NotFound)?;
        let ids: Vec<_> = stored.row.values.iter().flat_map(|v| v.links().to_vec()).collect();
        let labels = self.labels(ctx, organisation, ids).await?;
        Ok(Editable { stored, labels })
    }
    /// Puts back into edits the links that the record has and the actor may not see: nobody takes away what was
    /// never shown. An empty edit of a single link that is not seen leaves that link as it is.
    pub async fn keep_unseen_links(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        record: Id,
        edits: &mut Edits,
    ) -> Result<(), Error> {
        let lost = |stored: &Value, new: &Value| {
            let new = new.links().to_vec();
            stored.links().iter().copied().filter(|id| !new.contains(id)).collect::<Vec<Id>>()
        };
        if !edits.keys().any(|name| schema.field(name).is_some_and(|(_, f)| f.kind.target().is_some())) {
            return Ok(());
        }
        let custom = organisation.custom(schema.key);
        let Some(stored) = self.db.get(schema, custom, record, None).await? else { return Ok(()) };
        let mut gone = Vec::new();
        for (name, new) in edits.iter() {
            if let Some((index, _)) = schema.field(name) {
                gone.extend(lost(&stored.row.values[index], new));
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        let seen = self.labels(ctx, organisation, gone).await?;
        for (name, new) in edits.iter_mut() {
            let Some((index, _)) = schema.field(name) else { continue };
            let unseen: Vec<Id> = lost(&stored.row.values[index], new)
                .into_iter()
                .filter(|id| seen.get(*id).is_none())
                .collect();
            match (&mut *new, unseen.as_slice()) {
                (_, []) => {}
                (Value::Links(ids), unseen) => {
                    ids.extend(unseen);
                    ids.sort_unstable();
                }
                (Value::Empty, _) => *new = stored.row.values[index].clone(),
                _ => {}
            }
        }
        Ok(())
    }
    /// The record as it was at `version`, and who has changed it last. A version that is not known any more
    /// answers what stands now.
    pub async fn at_version(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        current: &Stored,
        version: i64,
    ) -> Result<AtVersion, Error> {
        let changes = self.db.history(current.head.id, None, 200).await?;
        let custom = organisation.custom(schema.key);
        let at = changes.iter().find(|c| c.entry.version == version).map(|c| c.entry.n);
        let then = match at {
            Some(n) => self.db.get(schema, custom, current.head.id, Some(n)).await?,
            None => None,
        };
        let actor =
            changes.iter().find(|c| c.entry.version == current.head.version).and_then(|c| c.entry.actor);
        let labels = self.labels(ctx, organisation, actor).await?;
        let changed_by = actor.and_then(|id| labels.get(id)).map(|l| l.title.clone());
        Ok(AtVersion { stored: then.unwrap_or_else(|| current.clone()), changed_by })
    }
    /// One field of a record as people read it, for somebody who may change it.
    pub fn field_of(
        &self,
        schema: &Schema,
        custom: &[Field],
        stored: &Stored,
        name: &str,
        labels: &Labels,
    ) -> Option<FieldView> {
        match schema.field(name) {
            Some((index, field)) => Some(field_view(field, &stored.row.values[index], labels, true)),
            None => {
                let field = custom.iter().find(|f| f.name == name)?;
                Some(field_view(field, stored.row.custom.get(name).unwrap_or(&Value::Empty), labels, true))
            }
        }
    }
}
