//! Grants: roles given to people on units, each an entry of the change log.

use super::Auth;
use super::account::edit;
use super::row::{get, id, id_maybe, moment, parsed, parsed_maybe};
use crate::{Ctx, Error, Refusal};
use serde_json::json;
use wardkeep_register::Verb;
use wardkeep_rights::{Grant, Named, Resource, Role, Target, UnitTree, decide};
use wardkeep_store::{Act, Write, cells};
use wardkeep_types::{Date, Id, Moment, Problems};

const GRANT: Resource = Resource::Named(Named::Grant);

/// A grant to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// Who receives it.
    pub person: Id,
    /// The role, where and for how long.
    pub grant: Grant,
    /// Its first day; at once when absent.
    pub from: Option<Date>,
    /// Why.
    pub why: String,
}

/// A grant as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenGrant {
    /// Its id.
    pub id: Id,
    /// Who has it.
    pub person: Id,
    /// Their name.
    pub name: String,
    /// The role, where and for how long.
    pub grant: Grant,
    /// Its first day, if it was said.
    pub from: Option<Date>,
    /// When it was given.
    pub granted_at: Moment,
    /// By whom; `None` for the program.
    pub granted_by: Option<Id>,
}

impl Auth {
    /// Gives a role. It counts from the person's next request on.
    pub async fn add_grant(&self, ctx: &Ctx, units: &UnitTree, new: &NewGrant) -> Result<Id, Error> {
        decide(
            &ctx.actor,
            units,
            Verb::Add,
            GRANT,
            &Target { owner: Some(new.person), ..Target::INSTALLATION },
        )?;
        let NewGrant { person, grant, from, why } = new;
        let mut problems = Problems::new();
        problems.require(units.contains(grant.unit), "unit", "unknown_ref", "there is no such unit");
        problems.require(
            grant.role != Role::Pipeline,
            "role",
            "for_programs",
            "this role is for programs; make a token instead",
        );
        problems.require(
            !grant.role.must_end() || grant.until.is_some(),
            "until",
            "required",
            "a role for outsiders needs a last day",
        );
        let ordered = grant.until.is_none_or(|last| last >= from.unwrap_or(ctx.now.date()));
        problems.require(ordered, "until", "order", "the last day lies before the first");
        let there = self.grants_of(*person).await?;
        let doubled = there.iter().any(|g| {
            g.grant.role == grant.role
                && g.grant.unit == grant.unit
                && g.grant.engagement == grant.engagement
                && g.grant.holds_on(ctx.now.date())
        });
        problems.require(!doubled, "role", "not_unique", "this person has that role on that unit already");
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems).into());
        }
        let known = self.db.row("SELECT id FROM person WHERE id = $1", cells![*person]).await?;
        known.ok_or_else(|| Refusal::invalid("person", "unknown_ref", "there is no such person"))?;
        let made = Id::new(ctx.now);
        let sql = "INSERT INTO role_grant (id, person_id, role, unit_id, recursive, from_day, until_day, engagement_id, granted_at, granted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let day = |day: &Option<Date>| day.map(|d| d.to_string());
        let values = cells![
            made,
            *person,
            grant.role.key(),
            grant.unit,
            grant.recursive,
            day(from),
            day(&grant.until),
            grant.engagement,
            ctx.now,
            ctx.person()
        ];
        let act = Act {
            act: "grant:add".into(),
            record: Some((*person, "person")),
            unit: Some(grant.unit),
            fields: vec![
                edit("role", json!(null), json!(grant.role.key())),
                edit("unit", json!(null), json!(grant.unit)),
                edit("recursive", json!(null), json!(grant.recursive)),
                edit("from", json!(null), json!(from)),
                edit("until", json!(null), json!(grant.until)),
                edit("engagement", json!(null), json!(grant.engagement)),
            ],
            why: Some(why.clone()),
            statements: vec![(sql.into(), values)],
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(made)
    }
    /// Takes a role back. It counts from the person's next request on.
    pub async fn end_grant(&self, ctx: &Ctx, units: &UnitTree, grant: Id, why: &str) -> Result<(), Error> {
        let all = self.grants().await?;
        let given = all.iter().find(|g| g.id == grant).ok_or(Refusal::NotFound)?;
        decide(
            &ctx.actor,
            units,
            Verb::Retire,
            GRANT,
            &Target { owner: Some(given.person), ..Target::INSTALLATION },
        )?;
        let keeps = |g: &&GivenGrant| g.grant.role == Role::Administrator && g.grant.holds_on(ctx.now.date());
        if given.grant.role == Role::Administrator
            && all.iter().filter(keeps).filter(|g| g.id != grant).count() == 0
        {
            return Err(Refusal::Conflict(
                "this is the last administrator; give the role to somebody else first".into(),
            )
            .into());
        }
        let sql = "UPDATE role_grant SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
        let act = Act {
            act: "grant:end".into(),
            record: Some((given.person, "person")),
            unit: Some(given.grant.unit),
            fields: vec![
                edit("role", json!(given.grant.role.key()), json!(null)),
                edit("unit", json!(given.grant.unit), json!(null)),
            ],
            why: Some(why.to_owned()),
            statements: vec![(sql.into(), cells![ctx.now, grant])],
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
    /// Every grant that was not taken back, by person; at most 20,000.
    pub async fn grants(&self) -> Result<Vec<GivenGrant>, Error> {
        self.read_grants("1 = 1", vec![]).await
    }
    /// One person's grants that were not taken back.
    pub async fn grants_of(&self, person: Id) -> Result<Vec<GivenGrant>, Error> {
        self.read_grants("g.person_id = $1", cells![person]).await
    }
    async fn read_grants(
        &self,
        condition: &str,
        values: Vec<wardkeep_store::Cell>,
    ) -> Result<Vec<GivenGrant>, Error> {
        let sql = format!(
            "SELECT g.id, g.person_id, g.role, g.unit_id, g.recursive, g.from_day, g.until_day, g.engagement_id, g.granted_at, g.granted_by, r.title FROM role_grant g JOIN record r ON r.id = g.person_id WHERE g.ended_at IS NULL AND {condition} ORDER BY r.title, g.granted_at, g.id LIMIT 20000"
        );
        let read = |row| {
            let grant = Grant {
                role: parsed(row, "role")?,
                unit: id(row, "unit_id")?,
                recursive: get::<i64>(row, "recursive")? != 0,
                until: parsed_maybe(row, "until_day")?,
                engagement: id_maybe(row, "engagement_id")?,
            };
            Ok(GivenGrant {
                id: id(row, "id")?,
                person: id(row, "person_id")?,
                name: get(row, "title")?,
                grant,
                from: parsed_maybe(row, "from_day")?,
                granted_at: moment(row, "granted_at")?,
                granted_by: id_maybe(row, "granted_by")?,
            })
        };
        self.db.rows(&sql, values).await?.iter().map(read).collect()
    }
}
