//! Moves that take two people: asked for by one, carried out when another agrees.

use super::row::id_maybe;
use crate::auth::{Approval, Ask, Auth};
use crate::records::{Done, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde_json::json;
use wardkeep_register::{GuardContext, Schema, Verb};
use wardkeep_store::cells;
use wardkeep_types::Id;

/// A move that somebody wants to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveWanted {
    /// The move.
    pub name: String,
    /// The version of the record that was read.
    pub version: i64,
    /// Why; a second person has to read something.
    pub reason: String,
}

impl App {
    /// Asks for a move that needs a second person. Asking needs Edit, or the move's own right; the record must be
    /// ready for the move already.
    pub async fn ask_move(
        &self,
        auth: &Auth,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &'static Schema,
        reference: &str,
        wanted: &MoveWanted,
    ) -> Result<Id, Error> {
        let head = self.find(ctx, organisation, schema, reference).await?;
        let step = schema.movement(&wanted.name, &head.stage).filter(|s| s.second_person);
        let step = step.ok_or_else(|| {
            Refusal::invalid("move", "unknown_move", format!("a {} has no such move", schema.names.one))
        })?;
        let edits = self.allowed(ctx, organisation, schema, Verb::Edit, &head).await;
        if edits.is_err() {
            self.allowed(ctx, organisation, schema, step.needs, &head).await?;
        }
        let custom = organisation.custom(schema.key);
        let stored = self.db.get(schema, custom, head.id, None).await?.ok_or(Refusal::NotFound)?;
        let guard = GuardContext { now: ctx.now, actor: ctx.person() };
        step.allows(&stored.head.stage, &stored.row, &guard).map_err(|r| Refusal::NotYet(r.0))?;
        // What the stage asks of the fields is asked now, not when somebody else has agreed.
        schema.check(stored.row, step.to, custom).map_err(Refusal::Invalid)?;
        let reason = wanted.reason.trim();
        if reason.is_empty() {
            return Err(Refusal::invalid(
                "reason",
                "required",
                "say why: the second person has to read something",
            )
            .into());
        }
        let (author, last_editor) = self.writers(head.id).await?;
        let ask = Ask {
            act: format!("move:{}", step.name),
            verb: step.needs,
            register: schema.key,
            record: head.id,
            version: wanted.version,
            what: json!({ "move": step.name, "from": head.stage, "to": step.to }),
            reason: reason.to_owned(),
            author,
            last_editor,
            delegate: None,
            expires_at: None,
        };
        auth.ask(ctx, &ask).await
    }
    /// Agrees to a move that was asked for, and makes it: the change and the agreement are one transaction.
    pub async fn agree(
        &self,
        auth: &Auth,
        ctx: &Ctx,
        organisation: &Organisation,
        approval: Id,
        reason: Option<String>,
    ) -> Result<(Approval, Done), Error> {
        let decided = auth.approve(ctx, &organisation.units, approval, reason).await?;
        let asked = &decided.approval.ask;
        let schema = App::schema(asked.register)?;
        let name = asked
            .act
            .strip_prefix("move:")
            .ok_or_else(|| Refusal::NotYet("this request is completed elsewhere".into()))?;
        let mut proposal =
            Proposal::movement(schema, asked.record, Some(asked.version), name).because(asked.reason.clone());
        proposal.agreed = true;
        let written = self.write_with(ctx, vec![proposal], vec![decided.act(ctx)], vec![]).await?;
        let first = written.into_iter().next().ok_or_else(|| Error::fault("nothing was written"))?;
        let (Some(id), Some(reference)) = (first.id, first.reference) else {
            return Err(Error::fault("a move was written without a record"));
        };
        Ok((decided.approval, Done { id, reference, version: first.version, change: first.change }))
    }
    /// Who wrote a record and who changed it last.
    async fn writers(&self, record: Id) -> Result<(Option<Id>, Option<Id>), Error> {
        let sql = "SELECT actor_id FROM change WHERE record_id = $1 AND (act = 'add' OR act = 'edit' OR act LIKE 'move:%') AND n IN (SELECT min(n) FROM change WHERE record_id = $1 AND act = 'add' UNION ALL SELECT max(n) FROM change WHERE record_id = $1 AND (act = 'add' OR act = 'edit' OR act LIKE 'move:%')) ORDER BY n";
        let rows = self.db.rows(sql, cells![record]).await?;
        let actor = |row: Option<&sea_orm::QueryResult>| row.map_or(Ok(None), |r| id_maybe(r, "actor_id"));
        Ok((actor(rows.first())?, actor(rows.last())?))
    }
}
