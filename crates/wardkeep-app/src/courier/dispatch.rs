//! From the change log to what is to be sent: who of the webhooks and people is told of which change.

use super::deliver::Desk;
use super::webhooks::{EVENT_ACTS, WebhookView, read, wants};
use crate::{Ctx, Error, Organisation};
use wardkeep_register::{Schema, Verb};
use wardkeep_rights::{Resource, decide};
use wardkeep_store::{ChangeRecord, HeadRow, cells};
use wardkeep_types::{Id, Moment};

/// The reader of the change log for webhooks.
pub(super) const WEBHOOKS: &str = "webhooks";
/// The reader of the change log for notices and mail.
pub(super) const NOTICES: &str = "notices";
/// Changes that are dealt with at a time.
const RANGE: i64 = 500;
/// Seconds for which a range is one worker's.
const LEASE: i64 = 60;

impl Desk {
    /// Makes both readers known. Who looks at the log for the first time is told of what is new, not of a year's
    /// history.
    pub async fn begin(&self, now: Moment) -> Result<(), Error> {
        let (head, _) = self.app.db.chain_head().await?;
        for consumer in [WEBHOOKS, NOTICES] {
            self.app.db.add_consumer(consumer, head, now).await?;
        }
        Ok(())
    }
    /// Goes through what is new for webhooks; returns how many deliveries were begun.
    pub async fn dispatch_webhooks(&self, now: Moment) -> Result<u64, Error> {
        let mut begun = 0;
        while let Some(range) = self.app.db.next_range(WEBHOOKS, &self.worker, RANGE, LEASE, now).await? {
            match self.fan_out(range.first, range.last, now).await {
                Ok(count) => begun += count,
                Err(error) => {
                    self.app.db.range_failed(&range, &self.worker, &error.to_string(), now).await?;
                    return Err(error);
                }
            }
            self.app.db.range_done(&range, &self.worker, now).await?;
        }
        Ok(begun)
    }
    /// Goes through what is new for people: notices, and mail for each where mail is set up.
    pub async fn dispatch_notices(&self, now: Moment) -> Result<u64, Error> {
        let mut told = 0;
        while let Some(range) = self.app.db.next_range(NOTICES, &self.worker, RANGE, LEASE, now).await? {
            match self.tell(range.first, range.last, now).await {
                Ok(count) => told += count,
                Err(error) => {
                    self.app.db.range_failed(&range, &self.worker, &error.to_string(), now).await?;
                    return Err(error);
                }
            }
            self.app.db.range_done(&range, &self.worker, now).await?;
        }
        Ok(told)
    }
    async fn tell(&self, first: i64, last: i64, now: Moment) -> Result<u64, Error> {
        let changes = self.app.db.changes_from(first, last - first + 1).await?;
        let told = self.app.tell_of_changes(&changes).await?;
        if self.mailer.is_some() {
            let sql = "INSERT INTO mail_delivery (notice_id, state, attempts, next_at, note, at) SELECT n.id, 'waiting', 0, $1, '', $1 FROM notice n WHERE n.change_n >= $2 AND n.change_n <= $3 AND n.read_at IS NULL ON CONFLICT (notice_id) DO NOTHING";
            self.app.db.run(sql, cells![now, first, last]).await?;
        }
        Ok(told)
    }
    async fn fan_out(&self, first: i64, last: i64, now: Moment) -> Result<u64, Error> {
        let rows = self.app.db.rows("SELECT id, name, url, events, unit_id, person_id, state, failures, note, created_at FROM webhook WHERE state = 'on' LIMIT 5000", cells![]).await?;
        let hooks = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if hooks.is_empty() {
            return Ok(0);
        }
        let organisation = self.app.organisation().await?;
        let mut told = Vec::with_capacity(hooks.len());
        for hook in hooks {
            match self.app.addressee(&self.auth, hook.person, now).await? {
                Some(maker) => told.push((hook, maker.ctx)),
                None => self.turn_off(hook.id, "its maker has left or their account is closed").await?,
            }
        }
        let mut begun = 0;
        for change in self.app.db.changes_from(first, last - first + 1).await? {
            let Some((schema, act)) = event_of(&change) else { continue };
            let concerned: Vec<_> =
                told.iter().filter(|(hook, _)| wants(&hook.events, schema.key, act)).collect();
            if concerned.is_empty() {
                continue;
            }
            let Some(head) = self.head_of(&change).await? else { continue };
            for (hook, ctx) in concerned {
                if self.may_know(ctx, &organisation, hook, schema, &head).await? {
                    begun += self.note(hook.id, &change, &format!("{}.{act}", schema.key), now).await?;
                }
            }
        }
        Ok(begun)
    }
    pub(super) async fn head_of(&self, change: &ChangeRecord) -> Result<Option<HeadRow>, Error> {
        match change.entry.record {
            Some(record) => Ok(self.app.db.head(record).await?),
            None => Ok(None),
        }
    }
    /// Whether the maker of a webhook may see the record, and it lies within the webhook's unit.
    pub(super) async fn may_know(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        hook: &WebhookView,
        schema: &Schema,
        head: &HeadRow,
    ) -> Result<bool, Error> {
        if !organisation.units.is_within(head.unit, hook.unit) {
            return Ok(false);
        }
        let target = self.app.target(ctx, head).await?;
        Ok(decide(&ctx.actor, &organisation.units, Verb::View, Resource::of(schema), &target).is_ok())
    }
    async fn note(&self, hook: Id, change: &ChangeRecord, event: &str, now: Moment) -> Result<u64, Error> {
        let made = Id::derived(&hook, &change.entry.n.to_string());
        let sql = "INSERT INTO webhook_delivery (id, webhook_id, change_n, event, state, attempts, next_at, note, at) VALUES ($1, $2, $3, $4, 'waiting', 0, $5, '', $5) ON CONFLICT (id) DO NOTHING";
        Ok(self.app.db.run(sql, cells![made, hook, change.entry.n, event, now]).await?)
    }
    pub(super) async fn turn_off(&self, hook: Id, why: &str) -> Result<(), Error> {
        tracing::warn!(webhook = %hook, why, "a webhook was turned off");
        let why: String = why.chars().take(300).collect();
        self.app
            .db
            .run(
                "UPDATE webhook SET state = 'off', note = $1 WHERE id = $2 AND state = 'on'",
                cells![why, hook],
            )
            .await?;
        Ok(())
    }
}

/// The register and the act of a change, if webhooks are told of such acts.
pub(super) fn event_of(change: &ChangeRecord) -> Option<(&'static Schema, &str)> {
    let act = change.entry.act.split(':').next().unwrap_or_default();
    let schema = wardkeep_registers::by_key(&change.entry.register)?;
    (change.entry.record.is_some() && EVENT_ACTS.contains(&act)).then_some((schema, act))
}
