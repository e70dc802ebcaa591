//! Asking, listing, deciding.

use super::{Approval, Ask, Decided, Outcome, change_hash};
use crate::auth::Auth;
use crate::auth::account::edit;
use crate::auth::row::{get, id};
use crate::{Ctx, Error, Refusal};
use serde_json::json;
use wardkeep_rights::{Allowed, Independence, Resource, UnitTree, decide, second_person};
use wardkeep_store::{Act, Cell, Write, cells};
use wardkeep_types::Id;

const DAYS: i64 = 30;
const COLUMNS: &str = "p.id, p.asker_id, p.author_id, p.last_editor_id, p.delegate_id, p.act, p.verb, p.register, p.record_id, p.version, p.change_hash, p.what, p.reason, p.asked_at, p.expires_at, p.decided_by, p.decided_at, p.outcome, p.decision_reason, p.independent, r.reference, r.title, r.unit_id, r.owner_id, r.restricted, r.version AS now_version, (SELECT count(*) FROM need_to_know k WHERE k.record_id = r.id AND k.person_id = $1) AS named FROM pending_approval p JOIN record r ON r.id = p.record_id";

impl Auth {
    /// Asks for something that needs a second person. That the asker may ask is the write path's matter.
    pub async fn ask(&self, ctx: &Ctx, ask: &Ask) -> Result<Id, Error> {
        let hash = change_hash(&ask.act, ask.record, ask.version, &ask.what);
        let open = "SELECT id FROM pending_approval WHERE record_id = $1 AND act = $2 AND version = $3 AND outcome IS NULL AND expires_at > $4";
        if self.db.row(open, cells![ask.record, ask.act.clone(), ask.version, ctx.now]).await?.is_some() {
            return Err(
                Refusal::Conflict("this was asked for already and waits for a second person".into()).into()
            );
        }
        let head =
            self.db.row("SELECT unit_id, version FROM record WHERE id = $1", cells![ask.record]).await?;
        let head = head.ok_or(Refusal::NotFound)?;
        if get::<i64>(&head, "version")? != ask.version {
            return Err(Refusal::Conflict(
                "the record was changed meanwhile; read it again, then ask".into(),
            )
            .into());
        }
        let (made, unit) = (Id::new(ctx.now), id(&head, "unit_id")?);
        let until = ask.expires_at.unwrap_or_else(|| ctx.now.plus_seconds(DAYS * 86_400));
        let sql = "INSERT INTO pending_approval (id, asker_id, author_id, last_editor_id, delegate_id, act, verb, register, record_id, unit_id, version, change_hash, what, reason, asked_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        let values = cells![
            made,
            ctx.person(),
            ask.author,
            ask.last_editor,
            ask.delegate,
            ask.act.clone(),
            ask.verb.key(),
            ask.register,
            ask.record,
            unit,
            ask.version,
            hash.clone(),
            ask.what.to_string(),
            ask.reason.clone(),
            ctx.now,
            until
        ];
        let act = Act {
            act: "approval:ask".into(),
            record: Some((ask.record, ask.register)),
            unit: Some(unit),
            fields: vec![
                edit("act", json!(null), json!(ask.act)),
                edit("change_hash", json!(null), json!(hash)),
                edit("what", json!(null), ask.what.clone()),
            ],
            why: Some(ask.reason.clone()),
            statements: vec![(sql.into(), values)],
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(made)
    }
    /// Open requests that the actor may decide now, oldest first.
    pub async fn approvals_to_decide(&self, ctx: &Ctx, units: &UnitTree) -> Result<Vec<Approval>, Error> {
        Ok(self.approvals_waiting(ctx, units).await?.0)
    }
    /// What the actor may decide now and what they asked for, both oldest first, with one statement;
    /// at most 500 are looked at, one's own before others.
    pub async fn approvals_waiting(
        &self,
        ctx: &Ctx,
        units: &UnitTree,
    ) -> Result<(Vec<Approval>, Vec<Approval>), Error> {
        let condition = "p.outcome IS NULL AND p.expires_at > $2 ORDER BY CASE WHEN p.asker_id = $1 THEN 0 ELSE 1 END, p.asked_at, p.id LIMIT 500";
        let all = self.read_approvals(condition, cells![ctx.person(), ctx.now]).await?;
        let mine = |a: &&Approval| ctx.person().is_some() && a.asker == ctx.person();
        let asked = all.iter().filter(mine).cloned().collect();
        let mut decide: Vec<Approval> =
            all.into_iter().filter(|a| self.may_decide(ctx, units, a).is_ok()).collect();
        decide.sort_by_key(|a| (a.asked_at, a.id));
        Ok((decide, asked))
    }
    /// All requests about a record, newest first; for whoever may see the record.
    pub async fn approvals_of(&self, ctx: &Ctx, record: Id) -> Result<Vec<Approval>, Error> {
        let condition = "p.record_id = $2 ORDER BY p.asked_at DESC, p.id DESC LIMIT 100";
        self.read_approvals(condition, cells![ctx.person(), record]).await
    }
    /// Whether the actor may agree to a request, with the record as it is now. A request whose record changed is
    /// void from then on.
    pub async fn approve(
        &self,
        ctx: &Ctx,
        units: &UnitTree,
        approval: Id,
        reason: Option<String>,
    ) -> Result<Decided, Error> {
        let approval = self.open_approval(ctx, approval).await?;
        let (allowed, independence) = self.may_decide(ctx, units, &approval)?;
        let Ask { act, record, version, what, .. } = &approval.ask;
        let same = *version == approval.now_version
            && change_hash(act, *record, *version, what) == approval.change_hash;
        if !same {
            self.close(ctx, &approval, Outcome::Void, None).await?;
            return Err(Refusal::Conflict(
                "the record was changed after this was asked for; it must be asked for again".into(),
            )
            .into());
        }
        Ok(Decided { approval, independence, allowed, reason })
    }
    /// Refuses a request.
    pub async fn reject(&self, ctx: &Ctx, units: &UnitTree, approval: Id, reason: &str) -> Result<(), Error> {
        let approval = self.open_approval(ctx, approval).await?;
        self.may_decide(ctx, units, &approval)?;
        if reason.trim().is_empty() {
            return Err(
                Refusal::invalid("reason", "required", "say why, so that the asker can mend it").into()
            );
        }
        self.close(ctx, &approval, Outcome::Rejected, Some(reason)).await
    }
    /// Takes one's own request back.
    pub async fn withdraw(&self, ctx: &Ctx, approval: Id) -> Result<(), Error> {
        let approval = self.open_approval(ctx, approval).await?;
        if ctx.person().is_none() || approval.asker != ctx.person() {
            return Err(Refusal::NotFound.into());
        }
        self.close(ctx, &approval, Outcome::Withdrawn, None).await
    }
    async fn open_approval(&self, ctx: &Ctx, approval: Id) -> Result<Approval, Error> {
        let found = self
            .read_approvals("p.id = $2", cells![ctx.person(), approval])
            .await?
            .pop()
            .ok_or(Refusal::NotFound)?;
        if let Some((_, at, outcome)) = found.decided {
            return Err(
                Refusal::Conflict(format!("this was decided on {}: {}", at.date(), outcome.key())).into()
            );
        }
        Ok(found)
    }
    fn may_decide(
        &self,
        ctx: &Ctx,
        units: &UnitTree,
        approval: &Approval,
    ) -> Result<(Allowed, Independence), Error> {
        let allowed = decide(
            &ctx.actor,
            units,
            approval.ask.verb,
            Resource::Register(approval.ask.register),
            &approval.target,
        )?;
        let case = wardkeep_rights::Approval {
            asker: approval.asker,
            author: approval.ask.author,
            last_editor: approval.ask.last_editor,
            approver: ctx.person(),
            approver_kind: ctx.actor.kind,
            asked_at: approval.asked_at,
            expires_at: Some(approval.expires_at),
            now: ctx.now,
            single_officer_mode: self.settings.single_officer,
        };
        let independence = second_person(&case).map_err(|refused| Refusal::Forbidden(refused.0))?;
        Ok((allowed, independence))
    }
    async fn close(
        &self,
        ctx: &Ctx,
        approval: &Approval,
        outcome: Outcome,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let act = approval.decision(ctx, outcome, reason.map(str::to_owned), None);
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
    async fn read_approvals(&self, condition: &str, values: Vec<Cell>) -> Result<Vec<Approval>, Error> {
        self.db
            .rows(&format!("SELECT {COLUMNS} WHERE {condition}"), values)
            .await?
            .iter()
            .map(Approval::read)
            .collect()
    }
}
