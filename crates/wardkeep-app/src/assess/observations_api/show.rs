//! Showing observations. Subjects that rest on records out of the reader's sight are left out; the counts remain,
//! as they are the test's.

use crate::records::Labels;
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Target, decide, scope};
use wardkeep_store::{Cell, cells};
use wardkeep_types::observation::{Basis, Observation};
use wardkeep_types::{Id, Moment};

/// Which observations.
#[derive(Debug, Clone, Default)]
pub struct ObservationAsk {
    /// Of this test.
    pub test: Option<String>,
    /// Of this unit.
    pub unit: Option<Id>,
    /// That speak about this moment or a later one.
    pub from: Option<Moment>,
    /// That speak about a moment before this one.
    pub to: Option<Moment>,
    /// Where the page begins: what the page before gave as `next`.
    pub after: Option<String>,
    /// Rows of a page.
    pub limit: i64,
}

/// A page of observations, newest first by the moment they speak about.
#[derive(Debug, Clone, Default)]
pub struct ObservationPage {
    /// Each with the moment from which it does not count any more.
    pub items: Vec<(Observation, Option<Moment>)>,
    /// Where the next page begins.
    pub next: Option<String>,
}

const RESOURCE: wardkeep_rights::Resource = wardkeep_rights::Resource::Named(Named::Observation);

impl App {
    /// A page of observations of the units in which the actor may see them.
    pub async fn observation_page(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        ask: &ObservationAsk,
    ) -> Result<ObservationPage, Error> {
        let scope = scope(&ctx.actor, &organisation.units, RESOURCE, Verb::View);
        let units: Vec<Id> = scope.all_units().list(&organisation.units);
        if units.is_empty() {
            return Err(Refusal::NotFound.into());
        }
        let mut values: Vec<Cell> = cells![];
        let mut bind = |cell: Cell| {
            values.push(cell);
            format!("${}", values.len())
        };
        let units = units.into_iter().filter(|u| ask.unit.is_none_or(|wanted| wanted == *u));
        let units: Vec<String> = units.map(|u| bind(u.into())).collect();
        if units.is_empty() {
            return Ok(ObservationPage::default());
        }
        let mut conditions = vec![format!("unit_id IN ({})", units.join(","))];
        if let Some(test) = &ask.test {
            conditions.push(format!("test = {}", bind(test.as_str().into())));
        }
        if let Some(from) = ask.from {
            conditions.push(format!("effective_at >= {}", bind(from.into())));
        }
        if let Some(to) = ask.to {
            conditions.push(format!("effective_at < {}", bind(to.into())));
        }
        if let Some((at, id)) = ask.after.as_deref().map(cursor).transpose()? {
            let (at, id) = (bind(at.into()), bind(id.into()));
            conditions.push(format!("(effective_at < {at} OR (effective_at = {at} AND id < {id}))"));
        }
        let sql = format!(
            "SELECT body, voided_at FROM observation WHERE {} ORDER BY effective_at DESC, id DESC LIMIT {}",
            conditions.join(" AND "),
            ask.limit + 1
        );
        let mut items = Vec::new();
        for row in self.db.rows(&sql, values).await? {
            items.push(read(&row)?);
        }
        let more = items.len() as i64 > ask.limit;
        items.truncate(ask.limit as usize);
        let next =
            items.last().filter(|_| more).map(|(o, _)| format!("{}.{}", o.effective_at.as_micros(), o.id));
        Ok(ObservationPage { items, next })
    }
    /// One observation that the actor may see.
    pub async fn observation_seen(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        id: Id,
    ) -> Result<(Observation, Option<Moment>), Error> {
        let row = self.db.row("SELECT body, voided_at FROM observation WHERE id = $1", cells![id]).await?;
        let (mut observation, voided) = read(&row.ok_or(Refusal::NotFound)?)?;
        decide(&ctx.actor, &organisation.units, Verb::View, RESOURCE, &Target::of(observation.unit, None))?;
        let labels = self.labels(ctx, organisation, records_of(&observation)).await?;
        keep_seen(&mut observation, &labels);
        Ok((observation, voided))
    }
}

/// SHA-256 of an observation, 64 hexadecimal digits: what a change entry and an audit pack name it by.
pub fn observation_hash(observation: &Observation) -> String {
    wardkeep_assure::observation::hash(observation)
}

fn read(row: &sea_orm::QueryResult) -> Result<(Observation, Option<Moment>), Error> {
    let body: String = row.try_get("", "body").map_err(Error::fault)?;
    let voided: Option<i64> = row.try_get("", "voided_at").map_err(Error::fault)?;
    Ok((serde_json::from_str(&body).map_err(Error::fault)?, voided.map(Moment::from_micros)))
}

fn cursor(text: &str) -> Result<(Moment, Id), Refusal> {
    let wrong =
        || Refusal::invalid("after", "invalid", "this page link is damaged; start again from the first page");
    let (at, id) = text.split_once('.').ok_or_else(wrong)?;
    Ok((Moment::from_micros(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

fn records_of(observation: &Observation) -> Vec<Id> {
    let basis = observation.subjects.iter().flat_map(|s| &s.basis);
    basis.filter_map(|b| if let Basis::Record { id } = b { Some(*id) } else { None }).collect()
}

fn keep_seen(observation: &mut Observation, labels: &Labels) {
    let seen =
        |basis: &Basis| if let Basis::Record { id } = basis { labels.get(*id).is_some() } else { true };
    observation.subjects.retain(|subject| subject.basis.iter().all(seen));
}
