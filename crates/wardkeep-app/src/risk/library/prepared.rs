//! What a risk still waits for: scenarios that nobody uses yet, and suggested effects that nobody confirmed.

use super::super::load::Held;
use super::super::views::{PreparedView, SuggestedView};
use super::{library, record};
use crate::{App, Ctx, Error, Organisation};
use std::collections::BTreeMap;
use wardkeep_register::Choice as _;
use wardkeep_registers::{Control, ControlEffect, Scenario};
use wardkeep_types::Id;

impl App {
    /// Drafts and suggestions of one risk, as far as the reader may see them.
    pub(in super::super) async fn risk_prepared(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        risk: Id,
    ) -> Result<Vec<PreparedView>, Error> {
        let scenarios: Vec<Held<Scenario>> = self.held(organisation).await?;
        let effects: Vec<Held<ControlEffect>> = self.held(organisation).await?;
        let own = |s: &&Held<Scenario>| s.record.risk.id() == risk && s.stage != "retired";
        let waiting = |s: &Held<Scenario>| -> Vec<&Held<ControlEffect>> {
            let of = |e: &&Held<ControlEffect>| e.stage == "suggested" && e.record.scenario.id() == s.id;
            effects.iter().filter(of).collect()
        };
        let found: Vec<(&Held<Scenario>, Vec<&Held<ControlEffect>>)> = scenarios
            .iter()
            .filter(own)
            .map(|s| (s, waiting(s)))
            .filter(|(s, waiting)| s.stage == "draft" || !waiting.is_empty())
            .collect();
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let controls: Vec<Held<Control>> = self.held(organisation).await?;
        let mut ids: Vec<Id> = Vec::new();
        for (scenario, waiting) in &found {
            ids.push(scenario.id);
            for effect in waiting {
                ids.extend([effect.id, effect.record.control.id()]);
            }
        }
        let labels = self.labels(ctx, organisation, ids).await?;
        let library = library()?;
        let addressed = |s: &Held<Scenario>, e: &Held<ControlEffect>| -> Vec<String> {
            let weights: BTreeMap<String, f64> = wardkeep_registers::entries(&s.record.techniques)
                .filter_map(|entry| {
                    let (id, weight) = entry.split_once(char::is_whitespace)?;
                    Some((id.to_owned(), weight.trim().parse().ok()?))
                })
                .collect();
            let control = controls.iter().find(|c| c.id == e.record.control.id());
            let key = control.and_then(|c| c.record.outside_reference.as_ref()).map(ToString::to_string);
            let standing = library.baseline.iter().filter(|(_, ours)| Some(*ours) == key.as_ref());
            let mut out: Vec<String> = standing
                .filter_map(|(theirs, _)| library.model.controls.iter().find(|c| c.id == *theirs))
                .flat_map(|c| library.suggest(&weights, &c.mitigations).addressed)
                .collect();
            out.sort();
            out.dedup();
            out
        };
        Ok(found
            .into_iter()
            .filter_map(|(s, waiting)| {
                Some(PreparedView {
                    scenario: record(&labels, s.id)?,
                    draft: s.stage == "draft",
                    suggested: waiting
                        .into_iter()
                        .filter_map(|e| {
                            Some(SuggestedView {
                                record: record(&labels, e.id)?,
                                control: record(&labels, e.record.control.id()),
                                on: e.record.factor.key().into(),
                                kappa: e.record.kappa.ratio(),
                                source: e.record.source.key().into(),
                                addressed: addressed(s, e),
                            })
                        })
                        .collect(),
                })
            })
            .collect())
    }
}
