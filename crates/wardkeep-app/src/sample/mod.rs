//! The sample organisation of `wardkeep demo`: a mid-sized health-care group with a year of history.
//!
//! Everything is invented, clearly marked as sample, and made with a fixed seed: the same day gives the same
//! organisation on every machine. History is not painted into tables: every record is added, changed and moved
//! through the normal write path, by people who may do so, at moments spread over the year before `now`.

mod assets;
mod beside;
mod controls;
mod estate;
mod evidence;
mod exceptions;
mod findings;
mod incidents;
mod intangible;
mod machines;
mod measured;
mod names;
mod organisation;
mod people;
mod plan;
mod policies;
mod random;
mod risks;
mod rules;
mod scenarios;
mod services;
mod sheet;
mod signs;
mod suppliers;
mod tasks;
mod teams;

pub use evidence::{EXAMPLES_AS_OF, EvidenceFile, Volume, evidence};

use crate::{App, Error, Refusal};
use plan::Plan;
use std::collections::BTreeMap;
use wardkeep_store::cells;
use wardkeep_types::{Id, Moment};

const SEED: u64 = 0x7461_726e_7761_6c64;

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleSummary {
    /// The organisation itself: its top unit.
    pub organisation: Id,
    /// The security officer, for whom the demo prints a link.
    pub officer: Id,
    /// Her mail address.
    pub officer_email: String,
    /// Records by register.
    pub records: BTreeMap<&'static str, usize>,
    /// Acts carried out: additions, changes, moves, roles.
    pub acts: usize,
    /// Transactions they took.
    pub transactions: usize,
}

/// Makes the sample organisation with a year of history that ends at `now`. Only in an empty installation: sample
/// and real data must not be mixed.
pub async fn build(app: &App, now: Moment) -> Result<SampleSummary, Error> {
    if app.db.row("SELECT id FROM record LIMIT 1", cells![]).await?.is_some() {
        let text = "there are records already; the sample organisation is made in an empty data folder only";
        return Err(Refusal::Conflict(text.into()).into());
    }
    let mut plan = Plan::new(SEED, now);
    let organisation = organisation::plan(&mut plan);
    let people = people::plan(&mut plan);
    teams::teams(&mut plan, &people);
    teams::data(&mut plan);
    suppliers::plan(&mut plan);
    services::plan(&mut plan);
    let assets = assets::plan(&mut plan);
    controls::frameworks(&mut plan);
    controls::plan(&mut plan)?;
    policies::plan(&mut plan);
    policies::objectives(&mut plan);
    risks::plan(&mut plan);
    findings::plan(&mut plan, &assets);
    exceptions::plan(&mut plan, &assets);
    tasks::plan(&mut plan);
    incidents::plan(&mut plan);
    signs::alerts(&mut plan);
    signs::iocs(&mut plan);
    signs::evidence(&mut plan);
    scenarios::plan(&mut plan)?;
    measured::plan(&mut plan);
    let officer = plan.id("person/ciso");
    let mut records = plan.counts();
    let (acts, transactions) = Box::pin(plan.carry_out(app)).await?;
    records.extend(rules::add(app, now, organisation, officer).await?);
    let officer_email = organisation::email(organisation::CAST[0].name, organisation::UNITS[0].domain);
    Ok(SampleSummary { organisation, officer, officer_email, records, acts, transactions })
}

#[cfg(test)]
mod tests;
