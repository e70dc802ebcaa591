//! Webhooks: where somebody wants changes to be told. A webhook sees what its maker sees, within one unit; making
//! one is like making a token.

use super::deliver::Desk;
use super::row::{get, id, moment};
use crate::auth::Secret;
use crate::{Ctx, Error, Organisation, Refusal};
use serde_json::{Value as Json, json};
use wardkeep_courier::Target;
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource, Target as RightsTarget, decide};
use wardkeep_store::{Act, Cell, FieldEdit, Write, cells};
use wardkeep_types::{Id, Line, Moment, Problem, Problems};

/// What a webhook can be told of: the first part of an act of the change log.
pub const EVENT_ACTS: [&str; 8] =
    ["add", "edit", "move", "compute", "erase", "comment", "attachment", "approval"];
/// Webhooks of one person.
const MOST: i64 = 20;
const TOKEN: Resource = Resource::Named(Named::Token);

/// A webhook to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// What it is for.
    pub name: String,
    /// Where it goes.
    pub url: String,
    /// What is told: `*`, `risk.*`, `*.move`, `incident.add`, joined with blanks.
    pub events: String,
    /// Of which unit, with all below.
    pub unit: Id,
}

/// Whether a webhook is told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookState {
    /// It is told.
    On,
    /// Paused by a person, or after too many failures; what happens meanwhile is not told.
    Off,
}

impl WebhookState {
    /// Stable key, as stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

/// A webhook as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookView {
    /// Its id.
    pub id: Id,
    /// What it is for.
    pub name: String,
    /// Where it goes.
    pub url: String,
    /// What is told.
    pub events: String,
    /// Of which unit.
    pub unit: Id,
    /// Who made it.
    pub person: Id,
    /// Whether it is told anything.
    pub state: WebhookState,
    /// Failures in a row.
    pub failures: i64,
    /// Why it is off, or what the last failure said.
    pub note: String,
    /// When it was made.
    pub created_at: Moment,
}

/// One delivery of a webhook's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryView {
    /// Its id, which the receiver sees too.
    pub id: Id,
    /// The change it tells of.
    pub change: i64,
    /// The event.
    pub event: String,
    /// `waiting`, `sent`, `given_up`.
    pub state: String,
    /// Attempts so far.
    pub attempts: i64,
    /// What the other side answered last.
    pub status: Option<i64>,
    /// What the last failure said.
    pub note: String,
    /// When it was last tried or begun.
    pub at: Moment,
}

const COLUMNS: &str = "id, name, url, events, unit_id, person_id, state, failures, note, created_at";

pub(super) fn read(row: &sea_orm::QueryResult) -> Result<WebhookView, Error> {
    let on = get::<String>(row, "state")? == "on";
    Ok(WebhookView {
        id: id(row, "id")?,
        name: get(row, "name")?,
        url: get(row, "url")?,
        events: get(row, "events")?,
        unit: id(row, "unit_id")?,
        person: id(row, "person_id")?,
        state: if on { WebhookState::On } else { WebhookState::Off },
        failures: get(row, "failures")?,
        note: get(row, "note")?,
        created_at: moment(row, "created_at")?,
    })
}

/// Whether an event is among those that a webhook wants.
pub(super) fn wants(events: &str, register: &str, act: &str) -> bool {
    events.split_whitespace().any(|pattern| match pattern.split_once('.') {
        None => pattern == "*",
        Some((r, a)) => (r == "*" || r == register) && (a == "*" || a == act),
    })
}

fn check_events(events: &str, problems: &mut Problems) {
    if events.split_whitespace().next().is_none() {
        problems.add(Problem::new("events", "required", "say what is to be told; * stands for everything"));
    }
    for pattern in events.split_whitespace().take(200) {
        let known = match pattern.split_once('.') {
            None => pattern == "*",
            Some((register, act)) => {
                (register == "*" || wardkeep_registers::by_key(register).is_some())
                    && (act == "*" || EVENT_ACTS.contains(&act))
            }
        };
        if !known {
            let message = format!("'{pattern}' is no event; write risk.edit, risk.*, *.move or *");
            problems.add(
                Problem::new("events", "unknown_event", message)
                    .hint(format!("acts are: {}", EVENT_ACTS.join(", "))),
            );
        }
    }
}

impl Desk {
    /// Makes a webhook in the actor's own name; the secret with which parcels are signed is shown this once.
    pub async fn add_webhook(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        new: &NewWebhook,
    ) -> Result<(Id, Secret), Error> {
        let person = ctx.person().ok_or_else(|| Refusal::Forbidden("only people make webhooks".into()))?;
        decide(&ctx.actor, &organisation.units, Verb::Add, TOKEN, &own(person))?;
        if ctx.actor.token_scopes.is_some() {
            return Err(Refusal::Forbidden("a token cannot make webhooks; sign in".into()).into());
        }
        let mut problems = Problems::new();
        let named = new.name.trim().parse::<Line>().is_ok_and(|line| !line.as_str().is_empty());
        problems.require(named, "name", "required", "say what the webhook is for, in one line");
        if let Err(error) = Target::parse(&new.url, self.courier.reach()) {
            problems.add(Problem::new("url", "invalid", error.0));
        }
        check_events(&new.events, &mut problems);
        let within = ctx.actor.grants_held().any(|g| g.units(&organisation.units).contains(&new.unit));
        problems.require(within, "unit", "unknown_ref", "choose a unit in which you have a role");
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems).into());
        }
        if self.webhooks_of(Some(person)).await?.len() as i64 >= MOST {
            return Err(Refusal::TooLarge(format!("you keep {MOST} webhooks already; end one first")).into());
        }
        let (made, secret) = (Id::new(ctx.now), Secret::random());
        let sealed = self.keys.seal(&place(made), secret.reveal().as_bytes())?;
        let events = new.events.split_whitespace().collect::<Vec<_>>().join(" ");
        let sql = "INSERT INTO webhook (id, name, url, secret, events, unit_id, person_id, state, failures, note, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'on', 0, '', $8)";
        let values =
            cells![made, new.name.trim(), new.url.trim(), sealed, events.clone(), new.unit, person, ctx.now];
        let fields = vec![
            edit("name", json!(new.name.trim())),
            edit("url", json!(new.url.trim())),
            edit("events", json!(events)),
            edit("unit", json!(new.unit)),
        ];
        self.act(ctx, "webhook:add", person, fields, (sql.into(), values)).await?;
        Ok((made, secret))
    }
    /// The actor's own webhooks, or those of everybody for whoever administers tokens; newest first.
    pub async fn webhooks(&self, ctx: &Ctx, organisation: &Organisation) -> Result<Vec<WebhookView>, Error> {
        let all =
            decide(&ctx.actor, &organisation.units, Verb::Administer, TOKEN, &RightsTarget::INSTALLATION)
                .is_ok();
        let person = ctx.person().ok_or(Refusal::NotFound)?;
        self.webhooks_of((!all).then_some(person)).await
    }
    async fn webhooks_of(&self, person: Option<Id>) -> Result<Vec<WebhookView>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM webhook WHERE state <> 'ended' AND ($1 = 1 OR person_id = $2) ORDER BY created_at DESC, id DESC LIMIT 1000"
        );
        let rows = self.app.db.rows(&sql, cells![person.is_none(), person.unwrap_or(Id::NIL)]).await?;
        rows.iter().map(read).collect()
    }
    /// Turns a webhook on or off. Turned on, it is told of what happens from then on.
    pub async fn set_webhook(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        webhook: Id,
        state: WebhookState,
    ) -> Result<(), Error> {
        let found = self.mine(ctx, organisation, webhook, Verb::Add).await?;
        if found.state == state {
            return Ok(());
        }
        let sql = "UPDATE webhook SET state = $1, failures = 0, note = '' WHERE id = $2 AND state <> 'ended'";
        let field =
            FieldEdit { field: "state".into(), old: json!(found.state.key()), new: json!(state.key()) };
        self.act(
            ctx,
            "webhook:change",
            found.person,
            vec![edit("name", json!(found.name)), field],
            (sql.into(), cells![state.key(), webhook]),
        )
        .await?;
        self.drop_waiting(webhook).await
    }
    /// Ends a webhook; its secret is worth nothing any more.
    pub async fn end_webhook(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        webhook: Id,
    ) -> Result<(), Error> {
        let found = self.mine(ctx, organisation, webhook, Verb::Retire).await?;
        let sql = "UPDATE webhook SET state = 'ended', secret = '' WHERE id = $1";
        let field = FieldEdit { field: "name".into(), old: json!(found.name), new: Json::Null };
        self.act(ctx, "webhook:end", found.person, vec![field], (sql.into(), cells![webhook])).await?;
        self.drop_waiting(webhook).await
    }
    /// The newest deliveries of a webhook.
    pub async fn deliveries(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        webhook: Id,
        most: i64,
    ) -> Result<Vec<DeliveryView>, Error> {
        self.mine(ctx, organisation, webhook, Verb::Add).await?;
        let sql = "SELECT id, change_n, event, state, attempts, status, note, at FROM webhook_delivery WHERE webhook_id = $1 ORDER BY at DESC, id DESC LIMIT $2";
        let view = |row: &sea_orm::QueryResult| {
            Ok(DeliveryView {
                id: id(row, "id")?,
                change: get(row, "change_n")?,
                event: get(row, "event")?,
                state: get(row, "state")?,
                attempts: get(row, "attempts")?,
                status: get(row, "status")?,
                note: get(row, "note")?,
                at: moment(row, "at")?,
            })
        };
        self.app.db.rows(sql, cells![webhook, most.clamp(1, 500)]).await?.iter().map(view).collect()
    }
    /// A webhook that the actor made, or may administer.
    async fn mine(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        webhook: Id,
        verb: Verb,
    ) -> Result<WebhookView, Error> {
        let sql = format!("SELECT {COLUMNS} FROM webhook WHERE id = $1 AND state <> 'ended'");
        let found = read(&self.app.db.row(&sql, cells![webhook]).await?.ok_or(Refusal::NotFound)?)?;
        decide(&ctx.actor, &organisation.units, verb, TOKEN, &own(found.person))
            .map_err(|_| Refusal::NotFound)?;
        Ok(found)
    }
    async fn drop_waiting(&self, webhook: Id) -> Result<(), Error> {
        self.app
            .db
            .run("DELETE FROM webhook_delivery WHERE webhook_id = $1 AND state = 'waiting'", cells![webhook])
            .await?;
        Ok(())
    }
    async fn act(
        &self,
        ctx: &Ctx,
        act: &str,
        person: Id,
        fields: Vec<FieldEdit>,
        statement: (String, Vec<Cell>),
    ) -> Result<(), Error> {
        let record = Some((person, "person"));
        let act = Act { act: act.into(), record, unit: None, fields, why: None, statements: vec![statement] };
        self.app.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
}

/// Where a webhook's secret is sealed for.
pub(super) fn place(webhook: Id) -> String {
    format!("webhook:{webhook}")
}

fn own(person: Id) -> RightsTarget {
    RightsTarget { owner: Some(person), ..RightsTarget::INSTALLATION }
}

fn edit(field: &str, new: Json) -> FieldEdit {
    FieldEdit { field: field.into(), old: Json::Null, new }
}

#[cfg(test)]
mod words {
    use super::{check_events, wants};
    use wardkeep_types::Problems;

    #[test]
    fn patterns_say_what_is_wanted() {
        for (events, register, act, wanted) in [
            ("*", "risk", "edit", true),
            ("risk.*", "risk", "move", true),
            ("risk.*", "task", "move", false),
            ("*.move incident.add", "incident", "add", true),
            ("*.move incident.add", "incident", "edit", false),
            ("risk.edit", "risk", "edit", true),
            ("", "risk", "edit", false),
        ] {
            assert_eq!(wants(events, register, act), wanted, "{events} {register}.{act}");
        }
        for wrong in ["", "risks.*", "risk.fly", "risk", "**"] {
            let mut problems = Problems::new();
            check_events(wrong, &mut problems);
            assert!(!problems.is_empty(), "{wrong}");
        }
    }
}
