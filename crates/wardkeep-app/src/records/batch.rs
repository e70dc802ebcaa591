//! Many changes at once: proposals together with other acts, and taking a batch of edits back.

use super::{ChangeView, Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::{Schema, Value};
use wardkeep_store::{Act, Cell, ChangeRecord, Write, Written};
use wardkeep_types::limits::BATCH_ROWS;
use wardkeep_types::{Id, Problem, Problems};

impl App {
    /// Writes proposals and then other acts, all or nothing, in one transaction.
    pub async fn write_with(
        &self,
        ctx: &Ctx,
        proposals: Vec<Proposal>,
        acts: Vec<Act>,
        extra: Vec<(String, Vec<Cell>)>,
    ) -> Result<Vec<Written>, Error> {
        let organisation = self.organisation().await?;
        let prepared = self.prepare_all(ctx, &organisation, &proposals).await?;
        let mut writes = prepared.into_iter().collect::<Result<Vec<_>, _>>()?;
        writes.extend(acts.into_iter().map(Write::Act));
        Ok(self.db.write(&ctx.author(), writes, extra).await?)
    }
    /// Checks each proposal as writing it would: what would be written, and what refused and why.
    pub async fn check_all(
        &self,
        ctx: &Ctx,
        proposals: &[Proposal],
    ) -> Result<Vec<Result<(), Error>>, Error> {
        let organisation = self.organisation().await?;
        let prepared = self.prepare_all(ctx, &organisation, proposals).await?;
        Ok(prepared.into_iter().map(|one| one.map(|_| ())).collect())
    }
    /// The proposals that take back the edits which the actor made to records of `schema` in changes `first` to
    /// `last`. A record that was changed since keeps its newer state: its proposal names a version that is gone,
    /// so that checking it says so.
    pub async fn undo_proposals(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        first: i64,
        last: i64,
    ) -> Result<Vec<Proposal>, Error> {
        let most = BATCH_ROWS as i64;
        if !(0..most).contains(&(last - first)) || ctx.person().is_none() {
            return Err(Refusal::NotFound.into());
        }
        let changes = self.db.changes_from(first, last - first + 1).await?;
        let own = changes.into_iter().filter(|c| {
            let entry = &c.entry;
            entry.n <= last
                && entry.actor == ctx.person()
                && entry.register == schema.key
                && entry.act == "edit"
        });
        own.filter_map(|change| taken_back(organisation, schema, &change).transpose()).collect()
    }
    /// The change that made `version` of a record, if it still stands in the newest two hundred.
    pub async fn change_of_version(&self, record: Id, version: i64) -> Result<Option<ChangeRecord>, Error> {
        let found = self.db.history(record, None, 200).await?;
        Ok(found.into_iter().find(|c| c.entry.version == version))
    }
    /// A record's newest changes as people read them; that the reader may see the record is the caller's matter.
    pub async fn latest_changes(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        record: Id,
        most: i64,
        trusted: bool,
    ) -> Result<Vec<ChangeView>, Error> {
        let changes = self.db.history(record, None, most).await?;
        self.change_views(ctx, organisation, changes, Some(trusted)).await
    }
}

fn taken_back(
    organisation: &Organisation,
    schema: &'static Schema,
    change: &ChangeRecord,
) -> Result<Option<Proposal>, Error> {
    let Some(record) = change.entry.record else { return Ok(None) };
    let custom = organisation.custom(schema.key);
    let (mut edits, mut problems) = (Edits::new(), Problems::new());
    for field in &change.fields {
        let declared = schema
            .field(&field.field)
            .map(|(_, f)| f)
            .or_else(|| custom.iter().find(|f| f.name == field.field));
        let Some(declared) = declared else { continue };
        if field.erased {
            problems.add(Problem::new(
                declared.name,
                "erased",
                format!("{} was erased and cannot come back", declared.label()),
            ));
            continue;
        }
        let value = field.old.as_ref().map_or(Ok(Value::Empty), |json| Value::from_json(declared, json));
        edits.insert(declared.name.to_owned(), value.map_err(Error::fault)?);
    }
    if !problems.is_empty() {
        return Err(Refusal::Invalid(problems).into());
    }
    Ok((!edits.is_empty()).then(|| Proposal::change(schema, record, Some(change.entry.version), edits)))
}
