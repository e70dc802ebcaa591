//! Sending what is due, with attempts that wait longer each time. A parcel's content is made at the moment of
//! sending, with the rights of that moment: what was taken from sight meanwhile is not told.

use super::row::{get, id};
use super::webhooks::{WebhookView, place, read};
use crate::auth::{Auth, Keys};
use crate::records::ChangeView;
use crate::{App, Error, Organisation};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use wardkeep_courier::{Courier, Mailer, Parcel, SendError};
use wardkeep_register::{Schema, Verb};
use wardkeep_rights::{Resource, decide};
use wardkeep_store::{ChangeRecord, HeadRow, cells};
use wardkeep_types::{Id, Moment};

/// Attempts before a delivery is given up: with the waits between them about three days.
const ATTEMPTS: i64 = 16;
/// Longest wait between two attempts, in seconds.
const LONGEST_WAIT: i64 = 6 * 3_600;
/// Seconds for which a delivery is one worker's.
const LEASE: i64 = 120;

/// Where parcels and letters are made and handed out. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    pub(super) app: Arc<App>,
    pub(super) auth: Auth,
    pub(super) keys: Keys,
    pub(super) courier: Courier,
    pub(super) mailer: Option<Mailer>,
    pub(super) worker: String,
}

/// A delivery that this worker has.
struct Due {
    id: Id,
    hook: Id,
    change: i64,
    event: String,
    attempts: i64,
}

impl Desk {
    /// The desk of an installation. `worker` names this process and task.
    pub fn new(
        app: Arc<App>,
        auth: Auth,
        keys: Keys,
        courier: Courier,
        mailer: Option<Mailer>,
        worker: &str,
    ) -> Self {
        Self { app, auth, keys, courier, mailer, worker: worker.to_owned() }
    }
    /// Sends every parcel that is due; returns how many arrived.
    pub async fn send_parcels(&self, now: Moment) -> Result<u64, Error> {
        let mut sent = 0;
        while let Some(due) = self.next_parcel(now).await? {
            sent += u64::from(self.send_parcel(&due, now).await?);
        }
        Ok(sent)
    }
    async fn next_parcel(&self, now: Moment) -> Result<Option<Due>, Error> {
        // The conditions stand twice: whoever waited for the row finds it taken.
        let due = "state = 'waiting' AND next_at <= $1";
        let sql = format!(
            "UPDATE webhook_delivery SET claimed_by = $2, next_at = $3, attempts = attempts + 1, at = $1 WHERE {due} AND id = (SELECT id FROM webhook_delivery WHERE {due} ORDER BY next_at, change_n LIMIT 1) RETURNING id, webhook_id, change_n, event, attempts"
        );
        let row = self
            .app
            .db
            .run_returning(&sql, cells![now, self.worker.clone(), now.plus_seconds(LEASE)])
            .await?;
        row.map(|row| {
            Ok(Due {
                id: id(&row, "id")?,
                hook: id(&row, "webhook_id")?,
                change: get(&row, "change_n")?,
                event: get(&row, "event")?,
                attempts: get(&row, "attempts")?,
            })
        })
        .transpose()
    }
    async fn send_parcel(&self, due: &Due, now: Moment) -> Result<bool, Error> {
        let sql = "SELECT id, name, url, events, unit_id, person_id, state, failures, note, created_at, secret FROM webhook WHERE id = $1 AND state = 'on'";
        let body = match self.app.db.row(sql, cells![due.hook]).await? {
            None => None,
            Some(row) => {
                let hook = read(&row)?;
                let secret = self.keys.unseal(&place(hook.id), &get::<String>(&row, "secret")?)?;
                self.content(&hook, due, now).await?.map(|json| (hook, secret, json))
            }
        };
        let Some((hook, secret, json)) = body else {
            // Not to be told any more: the log must not tell of it either.
            self.app.db.run("DELETE FROM webhook_delivery WHERE id = $1", cells![due.id]).await?;
            return Ok(false);
        };
        let (id, body) = (due.id.to_string(), json.to_string().into_bytes());
        let parcel = Parcel { id: &id, event: &due.event, body, at: self.app.clock.now() };
        match self.courier.send(&hook.url, &secret, &parcel).await {
            Ok(status) => {
                self.close(due, "sent", Some(status), "", now).await?;
                self.app
                    .db
                    .run("UPDATE webhook SET failures = 0, note = '' WHERE id = $1", cells![hook.id])
                    .await?;
                Ok(true)
            }
            Err(error) => {
                self.failed(&hook, due, &error, now).await?;
                Ok(false)
            }
        }
    }
    async fn failed(
        &self,
        hook: &WebhookView,
        due: &Due,
        error: &SendError,
        now: Moment,
    ) -> Result<(), Error> {
        let said: String = error.to_string().chars().take(300).collect();
        tracing::info!(webhook = %hook.id, delivery = %due.id, attempt = due.attempts, error = said, "a parcel did not arrive");
        self.app
            .db
            .run(
                "UPDATE webhook SET failures = failures + 1, note = $1 WHERE id = $2",
                cells![said.clone(), hook.id],
            )
            .await?;
        let gone = error.status() == Some(410);
        if gone || due.attempts >= ATTEMPTS {
            self.close(due, "given_up", error.status(), &said, now).await?;
            let why = if gone {
                "the other side says that this address is gone"
            } else {
                "the other side did not take parcels for days"
            };
            return self.turn_off(hook.id, why).await;
        }
        let sql = "UPDATE webhook_delivery SET claimed_by = NULL, next_at = $1, status = $2, note = $3 WHERE id = $4 AND claimed_by = $5 AND state = 'waiting'";
        let values = cells![
            now.plus_seconds(wait(due.attempts)),
            error.status().map(i64::from),
            said,
            due.id,
            self.worker.clone()
        ];
        self.app.db.run(sql, values).await?;
        Ok(())
    }
    async fn close(
        &self,
        due: &Due,
        state: &str,
        status: Option<u16>,
        note: &str,
        now: Moment,
    ) -> Result<(), Error> {
        let sql = "UPDATE webhook_delivery SET state = $1, claimed_by = NULL, status = $2, note = $3, at = $4 WHERE id = $5";
        self.app.db.run(sql, cells![state, status.map(i64::from), note, now, due.id]).await?;
        Ok(())
    }
    /// What the maker of the webhook may read of the change; `None` when that is nothing.
    async fn content(&self, hook: &WebhookView, due: &Due, now: Moment) -> Result<Option<Json>, Error> {
        let Some(maker) = self.app.addressee(&self.auth, hook.person, now).await? else { return Ok(None) };
        let found = self.app.db.changes_from(due.change, 1).await?;
        let Some(change) = found.into_iter().find(|c| c.entry.n == due.change) else { return Ok(None) };
        let Some((schema, _)) = super::dispatch::event_of(&change) else { return Ok(None) };
        let Some(head) = self.head_of(&change).await? else { return Ok(None) };
        let organisation = self.app.organisation().await?;
        if !self.may_know(&maker.ctx, &organisation, hook, schema, &head).await? {
            return Ok(None);
        }
        let target = self.app.target(&maker.ctx, &head).await?;
        let trusted =
            decide(&maker.ctx.actor, &organisation.units, Verb::Edit, Resource::of(schema), &target).is_ok();
        let names = field_names(&change);
        let views = self.app.change_views(&maker.ctx, &organisation, vec![change], Some(trusted)).await?;
        let view = views.into_iter().next().ok_or_else(|| Error::fault("a change without a view"))?;
        Ok(Some(self.told(due, schema, &head, &organisation, &view, &names)))
    }
    fn told(
        &self,
        due: &Due,
        schema: &Schema,
        head: &HeadRow,
        organisation: &Organisation,
        view: &ChangeView,
        names: &[String],
    ) -> Json {
        let (unit, name) = organisation.unit(head.unit);
        let reference = head.reference.to_string();
        let public = self.auth.settings().public_url.trim_end_matches('/');
        let field = |(label, before, after): &(String, String, String)| json!({ "label": label, "before": before, "after": after });
        json!({
            "delivery": due.id,
            "event": due.event,
            "change": {
                "n": view.n,
                "at": view.at,
                "actor": view.actor,
                "sentence": view.sentence,
                "reason": view.why,
                "changed": names,
                "fields": view.fields.iter().map(field).collect::<Vec<_>>(),
                "version": view.version,
                "hash": view.hash,
            },
            "record": {
                "register": schema.key,
                "reference": reference,
                "title": head.title,
                "unit": { "reference": unit, "name": name },
                "stage": head.stage,
                "self": format!("{public}/api/v1/{}/{reference}", schema.path),
                "page": format!("{public}/{}/{reference}", schema.path),
            },
        })
    }
    /// Forgets deliveries that ended a while ago.
    pub async fn tidy(&self, now: Moment) -> Result<(), Error> {
        let day = 86_400;
        for (sql, before) in [
            ("DELETE FROM webhook_delivery WHERE state = 'sent' AND at < $1", now.plus_seconds(-30 * day)),
            (
                "DELETE FROM webhook_delivery WHERE state = 'given_up' AND at < $1",
                now.plus_seconds(-90 * day),
            ),
            ("DELETE FROM mail_delivery WHERE state <> 'waiting' AND at < $1", now.plus_seconds(-30 * day)),
        ] {
            self.app.db.run(sql, cells![before]).await?;
        }
        Ok(())
    }
}

/// Keys of the fields that a change touched; a new record has all of its own.
fn field_names(change: &ChangeRecord) -> Vec<String> {
    change.fields.iter().map(|f| f.field.clone()).filter(|name| name != "record").collect()
}

/// Seconds before the next attempt: 10, 30, 90, ... up to six hours.
pub(super) fn wait(attempts: i64) -> i64 {
    let power = u32::try_from(attempts.clamp(1, 12) - 1).unwrap_or(0);
    (10 * 3_i64.pow(power)).min(LONGEST_WAIT)
}
