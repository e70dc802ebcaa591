//! The use cases behind pages and API; each authorises first.

mod appetite;
mod estimates;
mod invest;
mod levels;
mod matrix;
mod one;
mod portfolio;
mod record;
mod stamp;
mod what_if;

pub use levels::MatrixTry;
pub use record::RunRecordView;

use super::runs::{Names, StoredRun};
use super::views::Ref;
use crate::records::Labels;
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::BTreeMap;
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource, Target, decide};
use wardkeep_types::Id;

/// Titles of what a run's ids stand for, as far as the reader may see them.
pub(super) struct Known<'a> {
    labels: Labels,
    names: &'a Names,
}

impl Known<'_> {
    /// A record by its id.
    pub fn id(&self, id: Id) -> Option<Ref> {
        self.labels.get(id).map(|l| Ref {
            reference: l.reference.clone(),
            name: l.title.clone(),
            path: l.path.clone(),
        })
    }
    /// A scenario of the model.
    pub fn scenario(&self, key: &str) -> Option<Ref> {
        self.id(key.parse().ok()?)
    }
    /// A control of the model.
    pub fn control(&self, key: &str) -> Option<Ref> {
        self.id(*self.names.control_of.get(key)?)
    }
    /// The risk of a scenario.
    pub fn risk_of(&self, scenario: &str) -> Option<Ref> {
        self.id(*self.names.risk_of.get(scenario)?)
    }
    /// The title of a person.
    pub fn person(&self, id: &str) -> Option<String> {
        Some(self.labels.get(id.parse().ok()?)?.title.clone())
    }
    /// What a cause or a swing is about: `scenario:ID`, `rate:ID`, `control:KEY`.
    pub fn input(&self, input: &str) -> Option<Ref> {
        match input.split_once(':')? {
            ("scenario" | "rate", id) => self.scenario(id),
            ("control", key) => self.control(key),
            _ => None,
        }
    }
}

impl App {
    /// Figures of the whole are for those who may do that to the portfolio; others find nothing there.
    pub(super) fn risk_whole(ctx: &Ctx, organisation: &Organisation, verb: Verb) -> Result<(), Error> {
        if organisation.units.roots().next().is_none() {
            return Err(Refusal::NotFound.into());
        }
        for top in organisation.units.roots() {
            let resource = Resource::Named(Named::RiskPortfolio);
            decide(&ctx.actor, &organisation.units, verb, resource, &Target::of(top, None))?;
        }
        Ok(())
    }
    /// Labels of everything that a run speaks about, and of some more.
    pub(super) async fn risk_known<'a>(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        run: &'a StoredRun,
        more: impl IntoIterator<Item = Id>,
    ) -> Result<Known<'a>, Error> {
        let names = &run.names;
        let parsed = |text: &str| text.parse::<Id>().ok();
        let mut ids: Vec<Id> = more.into_iter().collect();
        ids.extend(names.risk_of.values());
        ids.extend(names.control_of.values());
        ids.extend(names.effect_of.iter().map(|(_, _, id)| *id));
        ids.extend(names.outside.iter().map(|(id, _)| *id));
        ids.extend(&names.homeless);
        for s in &run.model.scenarios {
            ids.extend(parsed(&s.id));
            ids.extend(parsed(&s.owner));
            let mut people = Vec::new();
            people.extend(s.rate.iter().map(|r| &r.by));
            if let Some(n) = &s.nodes {
                people.extend(n.threat_events.iter().chain(&n.contacts).map(|r| &r.by));
                let shares = [&n.action, &n.vulnerability, &n.capability, &n.resistance];
                people.extend(shares.into_iter().flatten().map(|r| &r.by));
            }
            people.extend(s.losses.iter().map(|l| &l.amount.by));
            ids.extend(people.into_iter().filter_map(|p| parsed(p)));
        }
        for a in &run.model.appetite {
            ids.extend(parsed(&a.id));
            ids.extend(parsed(&a.owner));
        }
        Ok(Known { labels: self.labels(ctx, organisation, ids).await?, names })
    }
    /// Asks for a new run now; needs Edit on every risk. Answers with the hash of the newest run; none while
    /// nothing is assessed.
    pub async fn risk_rerun_asked(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
    ) -> Result<Option<String>, Error> {
        Self::risk_whole(ctx, organisation, Verb::Edit)?;
        let system = Ctx::system("risk engine", ctx.now);
        let options = wardkeep_risk::run::RunOptions::default();
        let hash = self.risk_rerun(&system, &options, false).await?.hash;
        Ok(Some(hash).filter(|h| !h.is_empty()))
    }
    /// Publishes the draft figures of that run (show, then ask); needs Approve on every risk.
    pub async fn risk_confirm(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        hash: &str,
    ) -> Result<(), Error> {
        Self::risk_whole(ctx, organisation, Verb::Approve)?;
        self.risk_confirm_run(ctx, organisation, hash).await
    }
    /// The newest published run as a workbook: inputs, results, formulas explained. Name and content.
    pub async fn risk_workbook(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
    ) -> Result<(String, Vec<u8>), Error> {
        Self::risk_whole(ctx, organisation, Verb::Export)?;
        let run = self.risk_published().await?.ok_or(Refusal::NotFound)?;
        let titles: BTreeMap<String, String> =
            run.model.scenarios.iter().map(|s| (s.id.clone(), s.name.clone())).collect();
        let name = format!("risk-{}-{}.xlsx", run.computed_at.date(), &run.hash[..8]);
        let book =
            tokio::task::spawn_blocking(move || super::workbook::workbook(&run.model, &run.result, &titles))
                .await
                .map_err(Error::fault)??;
        Ok((name, book))
    }
}

/// The word of a source.
pub(super) fn source_word(kind: wardkeep_risk::model::SourceKind) -> &'static str {
    stamp::source(kind)
}
