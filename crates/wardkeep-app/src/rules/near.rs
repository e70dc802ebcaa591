//! The rules that look at a record, and which of them fire on it.

use crate::records::Label;
use crate::{App, Ctx, Error, Organisation};
use wardkeep_detect::{Logic, explain};
use wardkeep_types::event::Event;

/// Rules that are looked through for one record.
const MOST: usize = 2_000;

/// A rule that looks at a record.
#[derive(Debug, Clone)]
pub struct NearRule {
    /// Its record.
    pub label: Label,
    /// Whether it fires on the record by itself.
    pub fires: bool,
}

impl App {
    /// Active rules whose log source the record has and that the reader may see, those that fire first. Correlations
    /// are left out: they count hits of other rules.
    pub async fn rules_near(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        event: &Event,
    ) -> Result<Vec<NearRule>, Error> {
        let active = self.active_rules().await?;
        let looks = active.set.rules().iter().filter(|rule| {
            matches!(rule.logic, Logic::Detection(_)) && event.logsources.iter().any(|from| rule.takes(from))
        });
        let found: Vec<_> = looks
            .filter_map(|rule| Some((*active.records.get(&rule.id)?, rule)))
            .take(MOST)
            .map(|(id, rule)| (id, explain(rule, event).fires))
            .collect();
        let (ids, _): (Vec<_>, Vec<_>) = found.iter().copied().unzip();
        let labels = self.labels(ctx, organisation, ids).await?;
        let near = |(id, fires)| Some(NearRule { label: labels.get(id)?.clone(), fires });
        let mut near: Vec<NearRule> = found.into_iter().filter_map(near).collect();
        near.sort_by(|a, b| b.fires.cmp(&a.fires).then_with(|| a.label.reference.cmp(&b.label.reference)));
        Ok(near)
    }
}
