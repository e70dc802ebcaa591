//! Accounts: how a person signs in, and how they like their pages.

use super::Auth;
use super::row::{get, id, moment_maybe};
use crate::{Ctx, Error, Refusal};
use sea_orm::QueryResult;
use serde_json::json;
use wardkeep_store::{Act, Cell, FieldEdit, Write, cells};
use wardkeep_types::{Id, Moment, Problems};

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// Made, but its person has not set a password yet.
    Invited,
    /// In use.
    Active,
    /// Closed until an administrator opens it again.
    Suspended,
}

impl AccountState {
    /// Stable key, as stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
    pub(super) fn of(key: &str) -> Self {
        match key {
            "active" => Self::Active,
            "invited" => Self::Invited,
            _ => Self::Suspended,
        }
    }
}

/// How a person likes their pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// Language of the pages, ISO 639-1.
    pub language: String,
    /// IANA time zone.
    pub time_zone: String,
    /// `ymd` (2026-03-31), `dmy` (31.03.2026) or `mdy` (03/31/2026).
    pub date_format: String,
    /// `comma` (1,234.5), `point` (1.234,5) or `blank` (1 234,5).
    pub number_format: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
}

impl Preferences {
    /// What can be chosen for the formats and the theme.
    pub const DATE_FORMATS: &'static [&'static str] = &["ymd", "dmy", "mdy"];
    /// See [`Preferences::number_format`].
    pub const NUMBER_FORMATS: &'static [&'static str] = &["comma", "point", "blank"];
    /// See [`Preferences::theme`].
    pub const THEMES: &'static [&'static str] = &["system", "light", "dark"];
    /// Languages that pages speak.
    pub const LANGUAGES: &'static [&'static str] = &["en"];

    /// Whether every choice is one that exists.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let mut one_of = |field: &str, value: &str, all: &[&str]| {
            problems.require(
                all.contains(&value),
                field,
                "unknown",
                &format!("choose one of: {}", all.join(", ")),
            );
        };
        one_of("language", &self.language, Self::LANGUAGES);
        one_of("date_format", &self.date_format, Self::DATE_FORMATS);
        one_of("number_format", &self.number_format, Self::NUMBER_FORMATS);
        one_of("theme", &self.theme, Self::THEMES);
        let zone = jiff::tz::TimeZone::get(&self.time_zone).is_ok();
        problems.require(
            zone,
            "time_zone",
            "unknown",
            "this time zone is not known; write it as Europe/Berlin",
        );
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
    pub(super) fn read(row: &QueryResult) -> Result<Self, Error> {
        Ok(Self {
            language: get(row, "language")?,
            time_zone: get(row, "time_zone")?,
            date_format: get(row, "date_format")?,
            number_format: get(row, "number_format")?,
            theme: get(row, "theme")?,
        })
    }
}

impl Default for Preferences {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            language: text("en"),
            time_zone: text("UTC"),
            date_format: text("ymd"),
            number_format: text("comma"),
            theme: text("system"),
        }
    }
}

/// An account. What is secret stays inside.
#[derive(Clone)]
pub struct Account {
    /// Its id.
    pub id: Id,
    /// Whose it is.
    pub person: Id,
    /// The person's name.
    pub name: String,
    /// The person's unit.
    pub unit: Id,
    /// Mail address, by which one signs in.
    pub email: String,
    /// Whether it can be used.
    pub state: AccountState,
    /// Whether the person is still with the organisation.
    pub present: bool,
    /// When the password was set last, if there is one.
    pub password_changed_at: Option<Moment>,
    /// Since when a second factor is asked.
    pub totp_since: Option<Moment>,
    /// Last completed sign-in.
    pub last_sign_in_at: Option<Moment>,
    pub(super) password_hash: Option<String>,
    pub(super) totp_secret: Option<String>,
    pub(super) totp_last_step: i64,
}

const COLUMNS: &str = "a.id, a.person_id, a.email, a.state, a.password_hash, a.password_changed_at, a.totp_secret, a.totp_confirmed_at, a.totp_last_step, a.last_sign_in_at, r.title, r.unit_id, r.is_open FROM account a JOIN record r ON r.id = a.person_id";

impl Account {
    /// Whether its person may come in at all.
    pub fn is_usable(&self) -> bool {
        self.state == AccountState::Active && self.present
    }
    fn read(row: &QueryResult) -> Result<Self, Error> {
        Ok(Self {
            id: id(row, "id")?,
            person: id(row, "person_id")?,
            name: get(row, "title")?,
            unit: id(row, "unit_id")?,
            email: get(row, "email")?,
            state: AccountState::of(&get::<String>(row, "state")?),
            present: get::<i64>(row, "is_open")? != 0,
            password_changed_at: moment_maybe(row, "password_changed_at")?,
            totp_since: moment_maybe(row, "totp_confirmed_at")?,
            last_sign_in_at: moment_maybe(row, "last_sign_in_at")?,
            password_hash: get(row, "password_hash")?,
            totp_secret: get(row, "totp_secret")?,
            totp_last_step: get(row, "totp_last_step")?,
        })
    }
    /// An act about this account, for the change log.
    pub(super) fn act(&self, act: &str, fields: Vec<FieldEdit>, statements: Vec<(String, Vec<Cell>)>) -> Act {
        Act {
            act: act.into(),
            record: Some((self.person, "person")),
            unit: Some(self.unit),
            fields,
            why: None,
            statements,
        }
    }
}

/// A field that came to be, changed or went away, for the change log.
pub(super) fn edit(field: &str, old: serde_json::Value, new: serde_json::Value) -> FieldEdit {
    FieldEdit { field: field.into(), old, new }
}

impl Auth {
    /// The account with that address.
    pub async fn account_by_email(&self, email: &str) -> Result<Option<Account>, Error> {
        let row = self
            .db
            .row(&format!("SELECT {COLUMNS} WHERE a.email = $1"), cells![email.to_lowercase()])
            .await?;
        row.as_ref().map(Account::read).transpose()
    }
    /// The account of that id.
    pub async fn account(&self, account: Id) -> Result<Option<Account>, Error> {
        let row = self.db.row(&format!("SELECT {COLUMNS} WHERE a.id = $1"), cells![account]).await?;
        row.as_ref().map(Account::read).transpose()
    }
    pub(super) async fn account_here(&self, account: Id) -> Result<Account, Error> {
        self.account(account).await?.ok_or_else(|| Refusal::NotFound.into())
    }
    /// Every account, by address; at most 10,000.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let rows = self.db.rows(&format!("SELECT {COLUMNS} ORDER BY a.email LIMIT 10000"), cells![]).await?;
        rows.iter().map(Account::read).collect()
    }
    /// Whether nobody has an account yet: the first start.
    pub async fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.db.row("SELECT id FROM account LIMIT 1", cells![]).await?.is_none())
    }
    /// How the account's person likes their pages.
    pub async fn preferences(&self, account: Id) -> Result<Preferences, Error> {
        let sql = "SELECT language, time_zone, date_format, number_format, theme FROM account WHERE id = $1";
        let row = self.db.row(sql, cells![account]).await?.ok_or(Refusal::NotFound)?;
        Preferences::read(&row)
    }
    /// Changes how one's own pages look. Taste is no business of the change log.
    pub async fn set_preferences(&self, account: Id, wanted: &Preferences) -> Result<(), Error> {
        wanted.check().map_err(Refusal::Invalid)?;
        let sql = "UPDATE account SET language = $1, time_zone = $2, date_format = $3, number_format = $4, theme = $5 WHERE id = $6";
        let Preferences { language, time_zone, date_format, number_format, theme } = wanted.clone();
        self.db.run(sql, cells![language, time_zone, date_format, number_format, theme, account]).await?;
        Ok(())
    }
    /// Sets a new password, ends every session of the account but `keep`, and forgets its known browsers.
    pub async fn set_password(
        &self,
        ctx: &Ctx,
        account: &Account,
        password: &str,
        keep: Option<Id>,
    ) -> Result<(), Error> {
        self.check_new_password(account, password).await?;
        let hash = self.hasher.hash(password).await?;
        let set = "UPDATE account SET password_hash = $1, password_changed_at = $2, state = CASE WHEN state = 'invited' THEN 'active' ELSE state END WHERE id = $3";
        let mut statements = vec![(set.to_owned(), cells![hash, ctx.now, account.id])];
        statements.extend(Self::end_sessions(account.id, keep, "password changed", ctx.now));
        statements.push(("DELETE FROM known_device WHERE account_id = $1".into(), cells![account.id]));
        statements.push((
            "UPDATE one_time_link SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL".into(),
            cells![ctx.now, account.id],
        ));
        let changed = account.act(
            "password:change",
            vec![edit("password_changed_at", json!(account.password_changed_at), json!(ctx.now))],
            statements,
        );
        self.db.write(&ctx.author(), vec![Write::Act(changed)], vec![]).await?;
        Ok(())
    }
    async fn check_new_password(&self, account: &Account, password: &str) -> Result<(), Error> {
        let organisation = self.organisation_names().await?;
        let mut context =
            vec![account.name.as_str(), account.email.split('@').next().unwrap_or_default(), "wardkeep"];
        context.extend(account.email.split('@').nth(1).and_then(|domain| domain.rsplit('.').nth(1)));
        context.extend(organisation.iter().map(String::as_str));
        self.check_password(password, &context)?;
        if self.hasher.fits(password, account.password_hash.as_deref()).await? {
            return Err(Refusal::invalid(
                "password",
                "same",
                "this is the password you have; choose another",
            )
            .into());
        }
        Ok(())
    }
    pub(super) fn check_password(&self, password: &str, context: &[&str]) -> Result<(), Error> {
        let (min, max) = (self.settings.password_min, self.settings.password_max);
        super::check_password(password, context, min, max)
            .map_err(|problems| Refusal::Invalid(problems).into())
    }
    async fn organisation_names(&self) -> Result<Vec<String>, Error> {
        let sql = "SELECT name FROM unit WHERE parent IS NULL ORDER BY ref_number LIMIT 20";
        self.db.rows(sql, cells![]).await?.iter().map(|row| get(row, "name")).collect()
    }
}
