//! Tokens for programs: shown once, kept as a hash, with scopes, units and an end.

use super::account::edit;
use super::row::{get, id, id_maybe, moment, moment_maybe, parsed};
use super::secret::hash;
use super::{Auth, Secret};
use crate::{Ctx, Error, Refusal};
use sea_orm::QueryResult;
use serde_json::json;
use std::net::IpAddr;
use subtle::ConstantTimeEq as _;
use wardkeep_register::Verb;
use wardkeep_rights::{Actor, ActorKind, Grant, Named, Resource, Role, Scopes, Target, UnitTree, decide};
use wardkeep_store::{Act, Write, cells};
use wardkeep_types::{Id, Line, Moment, Problems};

/// Whose token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A person's own: what they may do, narrowed by the scopes.
    Person(Id),
    /// A program's: the role Pipeline on the token's units, narrowed by the scopes.
    Program,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Whose it is.
    pub holder: Holder,
    /// What it allows at most.
    pub scopes: Scopes,
    /// The units in which it works, with all below; for a person, empty means everywhere they may.
    pub units: Vec<Id>,
    /// When it ends: a year from now at the latest.
    pub expires_at: Moment,
}

/// A token as people see it in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenView {
    /// Its id.
    pub id: Id,
    /// How it begins, to recognise it: `wardkeep_4f9a2c81`.
    pub prefix: String,
    /// What it is for.
    pub name: String,
    /// Whose it is.
    pub holder: Holder,
    /// What it allows at most.
    pub scopes: Scopes,
    /// Units in which it works.
    pub units: Vec<Id>,
    /// When it was made.
    pub created_at: Moment,
    /// When it ends.
    pub expires_at: Moment,
    /// When it was used last, to the minute.
    pub used_at: Option<Moment>,
    /// From where.
    pub used_ip: Option<String>,
}

const TOKEN: Resource = Resource::Named(Named::Token);
/// Seconds a token can last at most.
const LONGEST: i64 = 366 * 86_400;
/// Recognised by programs that look for secrets in places where they should not be.
const MARK: &str = "wardkeep_";

impl Auth {
    /// Makes a token; the secret is shown this once.
    pub async fn create_token(
        &self,
        ctx: &Ctx,
        units: &UnitTree,
        new: &NewToken,
    ) -> Result<(Id, Secret), Error> {
        let owner = match new.holder {
            Holder::Person(person) => Some(person),
            Holder::Program => None,
        };
        decide(&ctx.actor, units, Verb::Add, TOKEN, &Target { owner, ..Target::INSTALLATION })?;
        if ctx.actor.token_scopes.is_some() {
            return Err(Refusal::Forbidden("a token cannot make tokens; sign in".into()).into());
        }
        check(new, units, ctx)?;
        let (made, secret) = (Id::new(ctx.now), Secret::random());
        let prefix = format!("{MARK}{}", &hash(Secret::random().reveal())[..12]);
        let listed = new.units.iter().map(Id::to_string).collect::<Vec<_>>().join(" ");
        let sql = "INSERT INTO api_token (id, prefix, hash, name, person_id, scopes, units, created_at, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = cells![
            made,
            prefix.clone(),
            secret.hash(),
            new.name.trim(),
            owner,
            new.scopes.to_string(),
            listed,
            ctx.now,
            ctx.person(),
            new.expires_at
        ];
        let fields = vec![
            edit("token", json!(null), json!(prefix)),
            edit("name", json!(null), json!(new.name.trim())),
            edit("scopes", json!(null), json!(new.scopes.to_string())),
            edit("units", json!(null), json!(new.units)),
            edit("expires_at", json!(null), json!(new.expires_at)),
        ];
        self.db
            .write(&ctx.author(), vec![Write::Act(act("token:add", owner, fields, sql, values))], vec![])
            .await?;
        Ok((made, Secret::new(format!("{prefix}_{}", secret.reveal()))))
    }
    /// The tokens of one person, or with `None` all of programs and people, newest first; at most 1,000.
    pub async fn tokens(&self, person: Option<Id>, now: Moment) -> Result<Vec<TokenView>, Error> {
        let sql = "SELECT id, prefix, name, person_id, scopes, units, created_at, expires_at, used_at, used_ip FROM api_token WHERE revoked_at IS NULL AND expires_at > $1 AND ($2 = 1 OR person_id = $3) ORDER BY created_at DESC, id DESC LIMIT 1000";
        let rows = self.db.rows(sql, cells![now, person.is_none(), person.unwrap_or(Id::NIL)]).await?;
        rows.iter().map(view).collect()
    }
    /// Ends a token at once.
    pub async fn revoke_token(&self, ctx: &Ctx, units: &UnitTree, token: Id) -> Result<(), Error> {
        let sql = "SELECT prefix, person_id FROM api_token WHERE id = $1 AND revoked_at IS NULL";
        let row = self.db.row(sql, cells![token]).await?.ok_or(Refusal::NotFound)?;
        let owner = id_maybe(&row, "person_id")?;
        decide(&ctx.actor, units, Verb::Retire, TOKEN, &Target { owner, ..Target::INSTALLATION })?;
        let fields = vec![edit("token", json!(get::<String>(&row, "prefix")?), json!(null))];
        let end = "UPDATE api_token SET revoked_at = $1 WHERE id = $2";
        self.db
            .write(
                &ctx.author(),
                vec![Write::Act(act("token:revoke", owner, fields, end, cells![ctx.now, token]))],
                vec![],
            )
            .await?;
        Ok(())
    }
    /// Who a bearer token stands for; `None` when it is unknown, over, revoked, or its person may not come in.
    pub async fn authenticate_token(
        &self,
        bearer: &str,
        ip: IpAddr,
        units: &UnitTree,
        now: Moment,
    ) -> Result<Option<Actor>, Error> {
        let Some((prefix, secret)) = bearer.strip_prefix(MARK).and_then(|rest| rest.split_at_checked(12))
        else {
            return Ok(None);
        };
        let Some(secret) = secret.strip_prefix('_') else { return Ok(None) };
        let sql = "SELECT t.id, t.hash, t.name, t.person_id, t.scopes, t.units, t.used_at, r.title, g.role, g.unit_id AS grant_unit, g.recursive, g.until_day, g.engagement_id FROM api_token t LEFT JOIN record r ON r.id = t.person_id LEFT JOIN role_grant g ON g.person_id = t.person_id AND g.ended_at IS NULL AND (g.from_day IS NULL OR g.from_day <= $3) WHERE t.prefix = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND (t.person_id IS NULL OR (r.is_open = 1 AND EXISTS (SELECT 1 FROM account a WHERE a.person_id = t.person_id AND a.state = 'active'))) LIMIT 1000";
        let rows = self.db.rows(sql, cells![format!("{MARK}{prefix}"), now, now.date()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let fits: bool = hash(secret).as_bytes().ct_eq(get::<String>(row, "hash")?.as_bytes()).into();
        if !fits {
            return Ok(None);
        }
        let last = moment_maybe(row, "used_at")?;
        if last.is_none_or(|at| now.seconds_since(at) >= 60) {
            let used = "UPDATE api_token SET used_at = $1, used_ip = $2 WHERE id = $3";
            self.db.run(used, cells![now, ip.to_canonical().to_string(), id(row, "id")?]).await?;
        }
        let (scopes, within) = (parsed::<Scopes>(row, "scopes")?, unit_list(row)?);
        let Some(person) = id_maybe(row, "person_id")? else {
            let grants = within.iter().map(|unit| Grant::new(Role::Pipeline, *unit)).collect();
            return Ok(Some(Actor::service(get::<String>(row, "name")?, grants, scopes, now.date())));
        };
        let held: Vec<Grant> = rows
            .iter()
            .map(super::session::grant)
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect();
        let grants = if within.is_empty() { held } else { narrow(&held, &within, units) };
        Ok(Some(Actor {
            person: Some(person),
            name: get(row, "title")?,
            kind: ActorKind::Human,
            grants,
            token_scopes: Some(scopes),
            today: now.date(),
        }))
    }
}

/// Grants as far as they lie within some units.
fn narrow(held: &[Grant], within: &[Id], units: &UnitTree) -> Vec<Grant> {
    let mut grants = Vec::new();
    for grant in held {
        for limit in within {
            if units.is_within(grant.unit, *limit) {
                grants.push(grant.clone());
            } else if grant.recursive && units.is_within(*limit, grant.unit) {
                grants.push(Grant { unit: *limit, ..grant.clone() });
            }
        }
    }
    grants
}

fn check(new: &NewToken, units: &UnitTree, ctx: &Ctx) -> Result<(), Error> {
    let mut problems = Problems::new();
    let named = new.name.parse::<Line>().is_ok_and(|line| !line.as_str().is_empty());
    problems.require(named, "name", "required", "say what the token is for, in one line");
    problems.require(new.scopes != Scopes::default(), "scopes", "required", "choose at least one scope");
    problems.require(new.expires_at > ctx.now, "expires_at", "past", "the end must lie ahead");
    let soon = new.expires_at <= ctx.now.plus_seconds(LONGEST);
    problems.require(soon, "expires_at", "too_late", "a token lasts a year at most");
    problems.require(
        new.units.len() <= 100 && new.units.iter().all(|u| units.contains(*u)),
        "units",
        "unknown_ref",
        "one of these units does not exist",
    );
    problems.require(
        new.holder != Holder::Program || !new.units.is_empty(),
        "units",
        "required",
        "choose the units in which the program works",
    );
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems).into()) }
}

fn act(
    name: &str,
    owner: Option<Id>,
    fields: Vec<wardkeep_store::FieldEdit>,
    sql: &str,
    values: Vec<wardkeep_store::Cell>,
) -> Act {
    let record = owner.map(|person| (person, "person"));
    Act { act: name.into(), record, unit: None, fields, why: None, statements: vec![(sql.into(), values)] }
}

fn unit_list(row: &QueryResult) -> Result<Vec<Id>, Error> {
    get::<String>(row, "units")?.split_whitespace().map(|u| u.parse().map_err(Error::fault)).collect()
}

fn view(row: &QueryResult) -> Result<TokenView, Error> {
    Ok(TokenView {
        id: id(row, "id")?,
        prefix: get(row, "prefix")?,
        name: get(row, "name")?,
        holder: id_maybe(row, "person_id")?.map_or(Holder::Program, Holder::Person),
        scopes: parsed(row, "scopes")?,
        units: unit_list(row)?,
        created_at: moment(row, "created_at")?,
        expires_at: moment(row, "expires_at")?,
        used_at: moment_maybe(row, "used_at")?,
        used_ip: get(row, "used_ip")?,
    })
}
