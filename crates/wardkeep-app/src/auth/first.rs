//! The first start: one link makes the organisation, the officer and their account.

use super::account::edit;
use super::link::over;
use super::row::{get, id};
use super::{Auth, Device, Issued, Level, Preferences, Purpose};
use crate::{App, Ctx, Error, Refusal};
use serde_json::json;
use wardkeep_register::{Checked, Row, Schema, Value};
use wardkeep_rights::Role;
use wardkeep_store::{Act, Write, cells};
use wardkeep_types::{Email, Id, Line, Moment, Problems};

/// What the form of the first start asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FirstStart {
    /// The officer's name.
    pub name: String,
    /// The officer's mail address.
    pub email: String,
    /// The officer's password.
    pub password: String,
    /// What the organisation is called; not asked when there is one already.
    pub organisation: String,
    /// ISO 4217 code of the currency in which it reports.
    pub currency: String,
    /// IANA time zone of the organisation and the officer.
    pub time_zone: String,
}

/// The officer also keeps users and settings at first: somebody must let the others in. Both roles are grants in
/// the change log and can be taken apart later.
const FIRST_ROLES: [Role; 2] = [Role::Officer, Role::Administrator];

impl Auth {
    /// The name of the organisation that is there already, such as the sample organisation's.
    pub async fn organisation(&self) -> Result<Option<(Id, String)>, Error> {
        let sql = "SELECT id, name FROM unit WHERE parent IS NULL ORDER BY ref_number LIMIT 1";
        self.db.row(sql, cells![]).await?.map(|row| Ok((id(&row, "id")?, get(&row, "name")?))).transpose()
    }
    /// Makes the organisation, the officer's record, account and roles in one transaction, and signs in.
    pub async fn first_start(
        &self,
        token: &str,
        form: &FirstStart,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Issued, Error> {
        let link = self.link(token, now).await?;
        if link.is_none_or(|l| l.purpose != Purpose::FirstStart) || !self.is_empty().await? {
            return Err(over());
        }
        let there = self.organisation().await?;
        let (name, email) = check(form, there.is_none())?;
        let organisation = there.as_ref().map_or(form.organisation.as_str(), |(_, name)| name.as_str());
        self.check_password(
            &form.password,
            &[&form.name, email.as_str().split('@').next().unwrap_or_default(), organisation, "wardkeep"],
        )?;
        let hash = self.hasher.hash(&form.password).await?;
        let unit = there.as_ref().map_or_else(|| Id::new(now), |(id, _)| *id);
        let mut batch = Vec::new();
        if there.is_none() {
            batch.push(add("unit", unit, unit, "active", &organisation_values(form))?);
        }
        // Somebody of that address may be there already, brought in by an import.
        let known = self.db.row("SELECT id FROM person WHERE email = $1", cells![email.as_str()]).await?;
        let person = if let Some(row) = known {
            id(&row, "id")?
        } else {
            let (person, text) = (Id::new(now), |text: &str| Value::Text(text.to_owned()));
            let values = [
                ("name", text(&name)),
                ("email", text(email.as_str())),
                ("employment", Value::Choice("employee".into())),
            ];
            batch.push(add("person", person, unit, "active", &values)?);
            person
        };
        let account = Id::new(now);
        batch.push(Write::Act(account_act(
            account,
            person,
            unit,
            &email,
            Some((hash, now)),
            &form.time_zone,
            now,
        )));
        for role in FIRST_ROLES {
            let grant = "INSERT INTO role_grant (id, person_id, role, unit_id, recursive, granted_at) VALUES ($1, $2, $3, $4, 1, $5)";
            batch.push(Write::Act(Act {
                act: "grant:add".into(),
                record: Some((person, "person")),
                unit: Some(unit),
                fields: vec![
                    edit("role", json!(null), json!(role.key())),
                    edit("unit", json!(null), json!(unit)),
                ],
                why: Some("first start".into()),
                statements: vec![(grant.into(), cells![Id::new(now), person, role.key(), unit, now])],
            }));
        }
        self.burn(token, now).await?;
        if let Err(error) = self.db.write(&Ctx::system("first start", now).author(), batch, vec![]).await {
            self.unburn(token).await?;
            return Err(error.into());
        }
        let account = self.account_here(account).await?;
        self.start_session(&account, Level::Password, true, device, now).await
    }
}

fn check(form: &FirstStart, asks_organisation: bool) -> Result<(String, Email), Error> {
    let mut problems = Problems::new();
    let filled = |text: &str| text.parse::<Line>().is_ok_and(|line| !line.as_str().is_empty());
    problems.require(filled(&form.name), "name", "required", "enter your name");
    let email = form.email.parse::<Email>();
    let wrong = email.as_ref().err().map(ToString::to_string).unwrap_or_default();
    problems.require(email.is_ok(), "email", "invalid", &wrong);
    problems.require(
        !asks_organisation || filled(&form.organisation),
        "organisation",
        "required",
        "enter what your organisation is called",
    );
    let zone = jiff::tz::TimeZone::get(&form.time_zone).is_ok();
    problems.require(zone, "time_zone", "unknown", "this time zone is not known; write it as Europe/Berlin");
    let currency = form.currency.parse::<wardkeep_types::Currency>().is_ok();
    problems.require(
        !asks_organisation || currency,
        "currency",
        "invalid",
        "the currency is a code of three letters such as EUR",
    );
    match email {
        Ok(email) if problems.is_empty() => Ok((form.name.trim().to_owned(), email)),
        _ => Err(Refusal::Invalid(problems).into()),
    }
}

fn organisation_values(form: &FirstStart) -> [(&'static str, Value); 4] {
    let text = |text: &str| Value::Text(text.trim().to_owned());
    [
        ("name", text(&form.organisation)),
        ("kind", Value::Choice("organisation".into())),
        ("time_zone", text(&form.time_zone)),
        ("currency", text(&form.currency)),
    ]
}

fn add(
    register: &str,
    id: Id,
    unit: Id,
    stage: &str,
    values: &[(&str, Value)],
) -> Result<Write<'static>, Error> {
    let schema: &'static Schema = App::schema(register)?;
    let mut row: Row = schema.empty_row();
    for (name, value) in values {
        let place =
            schema.field(name).ok_or_else(|| Error::fault(format!("{register} has no field {name}")))?.0;
        row.values[place] = value.clone();
    }
    let row: Checked<Row> = schema.check(row, stage, &[]).map_err(Refusal::Invalid)?;
    Ok(Write::Add {
        schema,
        custom: &[],
        id,
        unit,
        stage: stage.into(),
        restricted: false,
        row,
        why: Some("first start".into()),
    })
}

/// A new account as an act of the change log.
pub(super) fn account_act(
    account: Id,
    person: Id,
    unit: Id,
    email: &Email,
    password: Option<(String, Moment)>,
    time_zone: &str,
    now: Moment,
) -> Act {
    let state = if password.is_some() { "active" } else { "invited" };
    let (hash, set) = password.unzip();
    let taste = Preferences::default();
    let sql = "INSERT INTO account (id, person_id, email, state, password_hash, password_changed_at, totp_last_step, language, time_zone, date_format, number_format, theme, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12)";
    let values = cells![
        account,
        person,
        email.as_str(),
        state,
        hash,
        set,
        taste.language,
        time_zone,
        taste.date_format,
        taste.number_format,
        taste.theme,
        now
    ];
    Act {
        act: "account:add".into(),
        record: Some((person, "person")),
        unit: Some(unit),
        fields: vec![edit("email", json!(null), json!(email)), edit("state", json!(null), json!(state))],
        why: None,
        statements: vec![(sql.into(), values)],
    }
}
