//! Why a rule fires on a record, or does not: for any rule and any record (DE-3).

use super::RuleInHand;
use crate::assess::{AlertEvent, Explained, LogEventView, explained, explained_event};
use crate::records::Label;
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_store::cells;
use wardkeep_types::Moment;

/// A rule's logic on a record that was asked for.
#[derive(Debug, Clone)]
pub struct RuleOnEvent {
    /// The rule.
    pub rule: Label,
    /// The record.
    pub event: LogEventView,
    /// Where the record is shown.
    pub page: String,
    /// Part by part.
    pub explained: Explained,
}

impl App {
    /// Explains a rule on a log record that the reader may see: one of which a copy stands beside an alert or an
    /// observation, or any that is stored. `via` is the observation from which they come; `at`, the record's time if it
    /// is known, says in which files to look.
    pub async fn explain_rule(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        rule: Label,
        (event, at): (&str, Option<Moment>),
        via: Option<&str>,
    ) -> Result<RuleOnEvent, Error> {
        let kept = match self.log_event(ctx, organisation, event, via).await {
            Err(Error::Refusal(Refusal::NotFound)) => None,
            other => Some(other?),
        };
        let row = self.rule_row(rule.id).await?.ok_or(Refusal::NotFound)?;
        let found = self.rule_in_hand(&row.rule_id).await?;
        let found = found
            .ok_or_else(|| Refusal::NotYet("the rule has no text that can be compiled".to_owned()).into());
        let Some(view) = kept else {
            // Whether they may see what is stored is asked first.
            let stored = self.event_in_full(ctx, organisation, event, at).await?;
            let found: RuleInHand = found.map_err(|e: Error| e)?;
            let explained =
                explained_event(&found.set, found.rule(), &stored.event).ok_or(Refusal::NotFound)?;
            let page = format!("/events/{}?at={}", stored.event.id, stored.event.at);
            return Ok(RuleOnEvent { rule, event: LogEventView::of(&stored), page, explained });
        };
        let found = found.map_err(|e: Error| e)?;
        let sql = "SELECT format FROM evidence_file WHERE path = $1 ORDER BY read_at DESC LIMIT 1";
        let format = self.db.row(sql, cells![view.source.as_str()]).await?;
        let format = format.and_then(|row| row.try_get::<String>("", "format").ok());
        let kept = AlertEvent {
            id: view.id.clone(),
            at: view.at,
            source: view.source.clone(),
            position: view.position,
            raw: view.raw.clone(),
        };
        let events = [(kept, view.values.clone(), format)];
        let explained = explained(&found.set, found.rule(), &events).ok_or(Refusal::NotFound)?;
        let page = format!("/evidence/events/{}", view.id);
        Ok(RuleOnEvent { rule, event: view, page, explained })
    }
}
