//! Why a rule fires on a record, or does not: for any rule and any record (DE-3).

use crate::assess::{AlertEvent, Explained, LogEventView, explained};
use crate::records::Label;
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_store::cells;

/// A rule's logic on a record that was asked for.
#[derive(Debug, Clone)]
pub struct RuleOnEvent {
    /// The rule.
    pub rule: Label,
    /// The record.
    pub event: LogEventView,
    /// Part by part.
    pub explained: Explained,
}

impl App {
    /// Explains a rule on a log record that the reader may see. `via` is the observation from which they come.
    pub async fn explain_rule(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        rule: Label,
        event: &str,
        via: Option<&str>,
    ) -> Result<RuleOnEvent, Error> {
        let view = self.log_event(ctx, organisation, event, via).await?;
        let row = self.rule_row(rule.id).await?.ok_or(Refusal::NotFound)?;
        let Some(found) = self.rule_in_hand(&row.rule_id).await? else {
            return Err(Refusal::NotYet("the rule has no text that can be compiled".into()).into());
        };
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
        Ok(RuleOnEvent { rule, event: view, explained })
    }
}
