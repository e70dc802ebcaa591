//! Sessions: a secret in a cookie, its hash in a table, and everything a page needs in one statement.

use super::row::{get, id, id_maybe, moment, parsed, parsed_maybe};
use super::secret::hash;
use super::{Account, Auth, Preferences, Secret};
use crate::{Ctx, Error, Refusal};
use serde_json::json;
use std::net::IpAddr;
use wardkeep_rights::{Actor, Grant};
use wardkeep_store::{Cell, Write, cells};
use wardkeep_types::{Id, Moment};

/// How strongly a session was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A mailed link: whoever reads the mailbox.
    Link,
    /// A password.
    Password,
    /// A sign-on service vouched for the address.
    Service,
    /// A second factor beside password or link.
    SecondFactor,
    /// A passkey with the device's own check of its person.
    Passkey,
}

impl Level {
    /// Stable key, as stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Password => "password",
            Self::Service => "service",
            Self::SecondFactor => "second_factor",
            Self::Passkey => "passkey",
        }
    }
    fn of(key: &str) -> Self {
        [Self::Password, Self::Service, Self::SecondFactor, Self::Passkey]
            .into_iter()
            .find(|l| l.key() == key)
            .unwrap_or(Self::Link)
    }
}

/// What a request says about where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Device<'a> {
    /// The address, as far as trusted proxies tell it.
    pub ip: IpAddr,
    /// The browser's name of itself.
    pub user_agent: &'a str,
    /// The cookie of a known browser.
    pub known: Option<&'a str>,
}

/// A session that was just made, with the secrets for its cookies.
#[derive(Debug, Clone)]
pub struct Issued {
    /// Its id.
    pub session: Id,
    /// For the session cookie.
    pub token: Secret,
    /// When it ends in any case.
    pub expires_at: Moment,
    /// For the cookie of a known browser; `None` when it is known already or the sign-in is not complete.
    pub device: Option<Secret>,
}

/// A session in use, and who is behind it.
#[derive(Debug, Clone)]
pub struct Live {
    /// The session.
    pub session: Id,
    /// The account.
    pub account: Id,
    /// The person's record.
    pub person: Id,
    /// Mail address.
    pub email: String,
    /// How strongly it was proved.
    pub level: Level,
    /// When the person last proved who they are.
    pub proved_at: Moment,
    /// When it ends without another request.
    pub idle_until: Moment,
    /// When it ends in any case.
    pub expires_at: Moment,
    /// The person with their grants.
    pub actor: Actor,
    /// How they like their pages.
    pub preferences: Preferences,
}

/// A session as its owner sees it in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionView {
    /// Its id.
    pub id: Id,
    /// When it began.
    pub created_at: Moment,
    /// Its last request, to the minute.
    pub seen_at: Moment,
    /// When it ends in any case.
    pub expires_at: Moment,
    /// The browser's name of itself.
    pub user_agent: String,
    /// From where it began.
    pub ip: String,
    /// How strongly it was proved.
    pub level: Level,
}

/// Seconds between two notes of when a session was seen: reading must not write every time.
const SEEN_EVERY: i64 = 60;
/// Sessions that one account can have at once; the longest unseen one gives way.
const MOST: i64 = 20;
/// Grants that count for one person.
const MOST_GRANTS: i64 = 1_000;

impl Auth {
    /// Makes a session. `done` is false while a second factor is awaited.
    pub(super) async fn start_session(
        &self,
        account: &Account,
        level: Level,
        done: bool,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Issued, Error> {
        let (session, token) = (Id::new(now), Secret::random());
        let (idle, whole) = if done { (self.settings.idle, self.settings.absolute) } else { (600, 600) };
        let expires_at = now.plus_seconds(whole);
        let agent: String = device.user_agent.chars().filter(|c| !c.is_control()).take(300).collect();
        let step = if done { "done" } else { "code" };
        let add = "INSERT INTO session (id, token_hash, account_id, step, level, wrong_codes, created_at, proved_at, seen_at, idle_until, expires_at, user_agent, ip) VALUES ($1, $2, $3, $4, $5, 0, $6, $6, $6, $7, $8, $9, $10)";
        let values = cells![
            session,
            token.hash(),
            account.id,
            step,
            level.key(),
            now,
            now.plus_seconds(idle),
            expires_at,
            agent,
            device.ip.to_canonical().to_string()
        ];
        self.db.run(add, values).await?;
        let mut known = None;
        if done {
            let spare = "UPDATE session SET ended_at = $1, ended_why = 'too many' WHERE account_id = $2 AND ended_at IS NULL AND id NOT IN (SELECT id FROM session WHERE account_id = $2 AND ended_at IS NULL ORDER BY seen_at DESC, id DESC LIMIT $3)";
            self.db.run(spare, cells![now, account.id, MOST]).await?;
            self.db
                .run("UPDATE account SET last_sign_in_at = $1 WHERE id = $2", cells![now, account.id])
                .await?;
            if !self.knows(account.id, device, now).await? {
                known = Some(self.remember_device(account.id, now).await?);
            }
            tracing::info!(account = %account.id, session = %session, level = level.key(), ip = %device.ip, "signed in");
        }
        Ok(Issued { session, token, expires_at, device: known })
    }
    /// The session behind a cookie, with the person's grants, in one statement; `None` when it is over.
    pub async fn live(&self, token: &str, now: Moment) -> Result<Option<Live>, Error> {
        let sql = "SELECT s.id, s.account_id, s.level, s.proved_at, s.seen_at, s.idle_until, s.expires_at, a.person_id, a.email, a.language, a.time_zone, a.date_format, a.number_format, a.theme, r.title, g.role, g.unit_id AS grant_unit, g.recursive, g.until_day, g.engagement_id FROM session s JOIN account a ON a.id = s.account_id JOIN record r ON r.id = a.person_id LEFT JOIN role_grant g ON g.person_id = a.person_id AND g.ended_at IS NULL AND (g.from_day IS NULL OR g.from_day <= $3) WHERE s.token_hash = $1 AND s.step = 'done' AND s.ended_at IS NULL AND s.expires_at > $2 AND s.idle_until > $2 AND a.state = 'active' AND r.is_open = 1 LIMIT $4";
        let rows = self.db.rows(sql, cells![hash(token), now, now.date(), MOST_GRANTS]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let grants = rows.iter().map(grant).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let person = id(row, "person_id")?;
        let mut live = Live {
            session: id(row, "id")?,
            account: id(row, "account_id")?,
            person,
            email: get(row, "email")?,
            level: Level::of(&get::<String>(row, "level")?),
            proved_at: moment(row, "proved_at")?,
            idle_until: moment(row, "idle_until")?,
            expires_at: moment(row, "expires_at")?,
            actor: Actor::human(person, get::<String>(row, "title")?, grants, now.date()),
            preferences: Preferences::read(row)?,
        };
        if now.seconds_since(moment(row, "seen_at")?) >= SEEN_EVERY {
            live.idle_until = now.plus_seconds(self.settings.idle).min(live.expires_at);
            let seen = "UPDATE session SET seen_at = $1, idle_until = $2 WHERE id = $3 AND ended_at IS NULL";
            self.db.run(seen, cells![now, live.idle_until, live.session]).await?;
        }
        Ok(Some(live))
    }
    /// The account's sessions that are still open, last seen first.
    pub async fn sessions(&self, account: Id, now: Moment) -> Result<Vec<SessionView>, Error> {
        let sql = "SELECT id, created_at, seen_at, expires_at, user_agent, ip, level FROM session WHERE account_id = $1 AND step = 'done' AND ended_at IS NULL AND expires_at > $2 AND idle_until > $2 ORDER BY seen_at DESC, id DESC LIMIT 100";
        let rows = self.db.rows(sql, cells![account, now]).await?;
        let view = |row| {
            Ok(SessionView {
                id: id(row, "id")?,
                created_at: moment(row, "created_at")?,
                seen_at: moment(row, "seen_at")?,
                expires_at: moment(row, "expires_at")?,
                user_agent: get(row, "user_agent")?,
                ip: get(row, "ip")?,
                level: Level::of(&get::<String>(row, "level")?),
            })
        };
        rows.iter().map(view).collect()
    }
    /// Signs out.
    pub async fn sign_out(&self, live: &Live, now: Moment) -> Result<(), Error> {
        self.end_session(live.account, live.session, "signed out", now).await
    }
    /// Ends one of the account's own sessions.
    pub async fn end_session(&self, account: Id, session: Id, why: &str, now: Moment) -> Result<(), Error> {
        let sql = "UPDATE session SET ended_at = $1, ended_why = $2 WHERE id = $3 AND account_id = $4 AND ended_at IS NULL";
        match self.db.run(sql, cells![now, why, session, account]).await? {
            0 => Err(Refusal::NotFound.into()),
            _ => Ok(()),
        }
    }
    /// Ends every session of the account but `keep`, and forgets its known browsers.
    pub async fn end_other_sessions(
        &self,
        ctx: &Ctx,
        account: &Account,
        keep: Option<Id>,
    ) -> Result<(), Error> {
        let mut statements = Self::end_sessions(account.id, keep, "ended by its owner", ctx.now);
        statements.push(("DELETE FROM known_device WHERE account_id = $1".into(), cells![account.id]));
        let act = account.act(
            "session:end_others",
            vec![super::account::edit("kept", json!(null), json!(keep))],
            statements,
        );
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
    pub(super) fn end_sessions(
        account: Id,
        keep: Option<Id>,
        why: &str,
        now: Moment,
    ) -> Vec<(String, Vec<Cell>)> {
        let sql = "UPDATE session SET ended_at = $1, ended_why = $2 WHERE account_id = $3 AND ended_at IS NULL AND id <> $4";
        vec![(sql.into(), cells![now, why, account, keep.unwrap_or(Id::NIL)])]
    }
    /// A new secret for the same session, after it was proved anew: what somebody copied before is worth nothing.
    pub async fn rotate(&self, live: &Live, level: Level, now: Moment) -> Result<Issued, Error> {
        let token = Secret::random();
        let level = level.max(live.level);
        let sql = "UPDATE session SET token_hash = $1, proved_at = $2, level = $3 WHERE id = $4 AND ended_at IS NULL";
        if self.db.run(sql, cells![token.hash(), now, level.key(), live.session]).await? == 0 {
            return Err(Refusal::NotFound.into());
        }
        Ok(Issued { session: live.session, token, expires_at: live.expires_at, device: None })
    }
    /// Whether the person proved who they are lately enough for a dangerous act.
    pub fn is_fresh(&self, live: &Live, now: Moment) -> bool {
        (0..=self.settings.fresh).contains(&now.seconds_since(live.proved_at))
    }
    /// Refuses what needs a fresh proof.
    pub fn require_fresh(&self, live: &Live, now: Moment) -> Result<(), Error> {
        if self.is_fresh(live, now) {
            return Ok(());
        }
        Err(Refusal::NotYet("confirm that it is you, then do this again".into()).into())
    }
    /// Whether the browser completed a sign-in to this account before.
    pub(super) async fn knows(&self, account: Id, device: &Device<'_>, now: Moment) -> Result<bool, Error> {
        let Some(known) = device.known else { return Ok(false) };
        let sql = "SELECT hash FROM known_device WHERE hash = $1 AND account_id = $2 AND expires_at > $3";
        Ok(self.db.row(sql, cells![hash(known), account, now]).await?.is_some())
    }
    async fn remember_device(&self, account: Id, now: Moment) -> Result<Secret, Error> {
        let device = Secret::random();
        let sql = "INSERT INTO known_device (hash, account_id, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)";
        self.db.run(sql, cells![device.hash(), account, now, now.plus_seconds(self.settings.device)]).await?;
        Ok(device)
    }
}

/// One row's grant, if the person has any.
pub(super) fn grant(row: &sea_orm::QueryResult) -> Result<Option<Grant>, Error> {
    let Some(unit) = id_maybe(row, "grant_unit")? else { return Ok(None) };
    Ok(Some(Grant {
        role: parsed(row, "role")?,
        unit,
        recursive: get::<i64>(row, "recursive")? != 0,
        until: parsed_maybe(row, "until_day")?,
        engagement: id_maybe(row, "engagement_id")?,
    }))
}

impl Live {
    /// A request of this session.
    pub fn ctx(&self, now: Moment) -> Ctx {
        Ctx::new(self.actor.clone(), now)
    }
}
