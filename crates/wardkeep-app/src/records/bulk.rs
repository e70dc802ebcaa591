//! One change for many records: previewed, then applied to those that allow it.

use super::{Edits, FieldView, Label, Proposal, field_view};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::{Schema, Stored, Value, Verb};
use wardkeep_store::{Cell, Reach};
use wardkeep_types::Id;

/// A record that somebody picked, with the version they saw; `None` before they saw one.
pub type Pick = (String, Option<i64>);

/// Records of one bulk change.
const MOST: usize = 200;

/// What would become of one record.
#[derive(Debug, Clone)]
pub struct BulkRow {
    /// The record.
    pub label: Label,
    /// The version that would be changed.
    pub version: i64,
    /// Each field before and after.
    pub fields: Vec<(FieldView, FieldView)>,
    /// Whether nothing would differ.
    pub same: bool,
    /// Why it cannot be changed.
    pub refused: Option<String>,
}

/// What became of a bulk change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BulkDone {
    /// Records changed.
    pub changed: usize,
    /// Records that refused, or were changed by others meanwhile.
    pub refused: usize,
    /// The first and last change number, for taking it back.
    pub changes: Option<(i64, i64)>,
}

impl App {
    /// What `edits` would do to the picked records, in the order picked; those that the actor may not see are
    /// left out.
    pub async fn bulk_preview(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        picks: &[Pick],
        edits: &Edits,
    ) -> Result<Vec<BulkRow>, Error> {
        let records = self.picked(ctx, organisation, schema, picks).await?;
        let proposals: Vec<Proposal> = records
            .iter()
            .map(|(stored, version)| Proposal::change(schema, stored.head.id, Some(*version), edits.clone()))
            .collect();
        let checked = self.check_all(ctx, &proposals).await?;
        let ids = records
            .iter()
            .flat_map(|(stored, _)| stored.row.values.iter().chain(edits.values()).flat_map(Value::links));
        let labels = self.labels(ctx, organisation, ids.copied().collect::<Vec<_>>()).await?;
        let custom = organisation.custom(schema.key);
        let mut rows = Vec::with_capacity(records.len());
        for ((stored, version), outcome) in records.into_iter().zip(checked) {
            let refused = match outcome {
                Ok(()) if version != stored.head.version => {
                    Some("it was changed meanwhile; look at it again".to_owned())
                }
                Ok(()) => None,
                Err(Error::Refusal(refusal)) => Some(refusal.sentence()),
                Err(fault) => return Err(fault),
            };
            let field = |name: &String| {
                schema.field(name).map(|(_, f)| f).or_else(|| custom.iter().find(|f| f.name == name))
            };
            let pairs: Vec<_> = edits
                .iter()
                .filter_map(|(name, after)| Some((field(name)?, before(schema, &stored, name), after)))
                .collect();
            let same = pairs
                .iter()
                .all(|(_, before, after)| *before == *after || (before.is_empty() && after.is_empty()));
            let show = |(field, before, after): &(&_, &Value, &Value)| {
                (field_view(field, before, &labels, true), field_view(field, after, &labels, true))
            };
            let reference = stored.head.reference.to_string();
            rows.push(BulkRow {
                label: Label {
                    id: stored.head.id,
                    path: format!("/{}/{reference}", schema.path),
                    reference,
                    title: schema.title(&stored.row).to_owned(),
                },
                version,
                fields: pairs.iter().map(show).collect(),
                same,
                refused,
            });
        }
        Ok(rows)
    }
    /// Changes the picked records that allow it, in one transaction; a refused one never blocks the others.
    pub async fn bulk_apply(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        picks: &[Pick],
        edits: &Edits,
        why: &str,
    ) -> Result<BulkDone, Error> {
        let rows = self.bulk_preview(ctx, organisation, schema, picks, edits).await?;
        let refused = rows.iter().filter(|r| r.refused.is_some()).count();
        let fine = rows.iter().filter(|r| r.refused.is_none() && !r.same);
        let proposals: Vec<Proposal> = fine
            .map(|r| Proposal::change(schema, r.label.id, Some(r.version), edits.clone()).because(why))
            .collect();
        if proposals.is_empty() {
            return Ok(BulkDone { changed: 0, refused, changes: None });
        }
        let done = self.write_batch(ctx, proposals, vec![]).await?;
        let numbers: Vec<i64> = done.iter().filter_map(|d| d.change).collect();
        let changes = numbers.first().copied().zip(numbers.last().copied());
        Ok(BulkDone { changed: numbers.len(), refused, changes })
    }
    /// Takes back the edits of a bulk change where nobody has changed the record since. Returns how many records
    /// came back and how many stayed.
    pub async fn bulk_undo(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        first: i64,
        last: i64,
    ) -> Result<(usize, usize), Error> {
        let proposals = self.undo_proposals(ctx, organisation, schema, first, last).await?;
        let picks: Vec<Id> = proposals.iter().filter_map(target).collect();
        let current = self.db.get_many(schema, organisation.custom(schema.key), &picks).await?;
        let stands = |p: &Proposal| {
            target(p).and_then(|id| current.get(&id)).is_some_and(|s| Some(s.head.version) == version(p))
        };
        let checked = self.check_all(ctx, &proposals).await?;
        let all = proposals.len();
        let fine: Vec<Proposal> = proposals
            .into_iter()
            .zip(checked)
            .filter(|(p, c)| c.is_ok() && stands(p))
            .map(|(p, _)| p.because("taken back"))
            .collect();
        let back = fine.len();
        if back > 0 {
            self.write_batch(ctx, fine, vec![]).await?;
        }
        Ok((back, all - back))
    }
    async fn picked(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        picks: &[Pick],
    ) -> Result<Vec<(Stored, i64)>, Error> {
        if picks.len() > MOST {
            return Err(Refusal::TooLarge(format!(
                "at most {MOST} records are changed at once; choose fewer"
            ))
            .into());
        }
        let reach = super::reach_of(ctx, organisation, schema, Verb::View);
        let mut values: Vec<Cell> =
            picks.iter().map(|(reference, _)| Cell::from(reference.as_str())).collect();
        if values.is_empty() {
            return Err(Refusal::invalid("row", "required", "select at least one row first").into());
        }
        let marks: Vec<String> = (1..=values.len()).map(|i| format!("${i}")).collect();
        let seen = Reach::any_of(&[(schema.key, reach)], &mut values);
        let sql =
            format!("SELECT r.id FROM record r WHERE r.reference IN ({}) AND ({seen})", marks.join(","));
        let mut ids = Vec::new();
        for row in self.db.rows(&sql, values).await? {
            ids.push(Id::from_uuid(row.try_get::<uuid::Uuid>("", "id").map_err(Error::fault)?));
        }
        let mut found = self.db.get_many(schema, organisation.custom(schema.key), &ids).await?;
        let mut records = Vec::with_capacity(ids.len());
        for (reference, version) in picks {
            let id = found.values().find(|s| s.head.reference.to_string() == *reference).map(|s| s.head.id);
            if let Some(stored) = id.and_then(|id| found.remove(&id)) {
                let version = version.unwrap_or(stored.head.version);
                records.push((stored, version));
            }
        }
        Ok(records)
    }
}

fn before<'a>(schema: &Schema, stored: &'a Stored, name: &str) -> &'a Value {
    match schema.field(name) {
        Some((index, _)) => &stored.row.values[index],
        None => stored.row.custom.get(name).unwrap_or(&Value::Empty),
    }
}

fn target(proposal: &Proposal) -> Option<Id> {
    match proposal.target {
        super::Target::Existing { id, .. } => Some(id),
        super::Target::New { .. } => None,
    }
}

fn version(proposal: &Proposal) -> Option<i64> {
    match proposal.target {
        super::Target::Existing { version, .. } => version,
        super::Target::New { .. } => None,
    }
}
