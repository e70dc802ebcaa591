//! Delegation: who stands in for whom, from one day to another. A stand-in sees what waits for the absent person
//! as far as their own rights reach; rights themselves are never handed on.

use super::row::{day, get, id};
use crate::{App, Ctx, Error, Refusal};
use serde_json::{Value as Json, json};
use wardkeep_store::{Act, FieldEdit, Write, cells};
use wardkeep_types::{Date, Id, Line, Problems};

/// A delegation to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelegation {
    /// Who stands in.
    pub delegate: Id,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Why: "on leave".
    pub reason: String,
}

/// A delegation as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationView {
    /// Its id.
    pub id: Id,
    /// Who is away: record and name.
    pub person: (Id, String),
    /// Who stands in: record and name.
    pub delegate: (Id, String),
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// The longest delegation, in days.
const LONGEST: i64 = 366;

impl App {
    /// The delegations that the person made or received and that are not over.
    pub async fn delegations(&self, person: Id, today: Date) -> Result<Vec<DelegationView>, Error> {
        let sql = "SELECT d.id, d.person_id, d.delegate_id, d.from_day, d.until_day, d.reason, p.title AS person_name, s.title AS delegate_name FROM delegation d JOIN record p ON p.id = d.person_id JOIN record s ON s.id = d.delegate_id WHERE (d.person_id = $1 OR d.delegate_id = $1) AND d.ended_at IS NULL AND d.until_day >= $2 ORDER BY d.from_day, d.id LIMIT 200";
        let read = |row: &sea_orm::QueryResult| {
            Ok(DelegationView {
                id: id(row, "id")?,
                person: (id(row, "person_id")?, get(row, "person_name")?),
                delegate: (id(row, "delegate_id")?, get(row, "delegate_name")?),
                from: day(row, "from_day")?.unwrap_or(today),
                until: day(row, "until_day")?.unwrap_or(today),
                reason: get(row, "reason")?,
            })
        };
        self.db.rows(sql, cells![person, today]).await?.iter().map(read).collect()
    }
    /// Lets somebody stand in for the actor.
    pub async fn delegate(&self, ctx: &Ctx, wanted: &NewDelegation) -> Result<Id, Error> {
        let person = ctx.person().ok_or_else(|| Refusal::Forbidden("only people are away".into()))?;
        let mut problems = Problems::new();
        let today = ctx.now.date();
        problems.require(wanted.delegate != person, "delegate", "same_person", "name somebody else");
        problems.require(
            wanted.from <= wanted.until,
            "until",
            "order",
            "the last day lies before the first day",
        );
        problems.require(wanted.until >= today, "until", "past", "the last day is over already");
        let short = wanted.until.days_since(wanted.from) <= LONGEST;
        problems.require(short, "until", "too_long", "a delegation holds for a year at most");
        let reason: Option<Line> = wanted.reason.trim().parse().ok();
        problems.require(reason.is_some(), "reason", "required", "say why in one line");
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems).into());
        }
        let known = self.db.head(wanted.delegate).await?.filter(|h| h.register == "person" && h.is_open);
        let unit = known
            .ok_or_else(|| Refusal::invalid("delegate", "unknown_ref", "there is no such person at work"))?
            .unit;
        let made = Id::new(ctx.now);
        let sql = "INSERT INTO delegation (id, person_id, delegate_id, from_day, until_day, reason) VALUES ($1, $2, $3, $4, $5, $6)";
        let reason = wanted.reason.trim();
        let values = cells![made, person, wanted.delegate, wanted.from, wanted.until, reason];
        let new = |field: &str, new: Json| FieldEdit { field: field.into(), old: Json::Null, new };
        let act = Act {
            act: "delegation:add".into(),
            record: Some((person, "person")),
            unit: Some(unit),
            fields: vec![
                new("delegate", json!(wanted.delegate)),
                new("from_day", json!(wanted.from)),
                new("until_day", json!(wanted.until)),
            ],
            why: Some(reason.to_owned()),
            statements: vec![(sql.into(), values)],
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(made)
    }
    /// Ends one of the actor's own delegations.
    pub async fn end_delegation(&self, ctx: &Ctx, delegation: Id) -> Result<(), Error> {
        let person = ctx.person().ok_or(Refusal::NotFound)?;
        let sql = "SELECT delegate_id FROM delegation WHERE id = $1 AND person_id = $2 AND ended_at IS NULL";
        let row = self.db.row(sql, cells![delegation, person]).await?.ok_or(Refusal::NotFound)?;
        let delegate = id(&row, "delegate_id")?;
        let end = "UPDATE delegation SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
        let act = Act {
            act: "delegation:end".into(),
            record: Some((person, "person")),
            unit: None,
            fields: vec![FieldEdit { field: "delegate".into(), old: json!(delegate), new: Json::Null }],
            why: None,
            statements: vec![(end.into(), cells![ctx.now, delegation])],
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
}
