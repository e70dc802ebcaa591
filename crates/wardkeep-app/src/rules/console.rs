//! What commands need: rules in short, rules and events by whatever name people give them.

use super::{RuleInHand, read_folder};
use crate::{App, Error, Refusal};
use serde::Serialize;
use std::ops::ControlFlow;
use std::path::Path;
use wardkeep_detect::{RuleProblem, RuleSet};
use wardkeep_events::store::find_event;
use wardkeep_store::cells;
use wardkeep_types::columns::{Columns, ColumnsBuilder};
use wardkeep_types::event::{Event, EventId};

/// A rule in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// Reference of its record.
    pub reference: String,
    /// The rule's own id.
    pub rule: String,
    /// Title.
    pub name: String,
    /// Level.
    pub level: String,
    /// Stage.
    pub stage: String,
    /// Where it comes from.
    pub source: String,
    /// `sees`, `blind`, or empty when nobody knows.
    pub sight: String,
    /// Hits in 30 days; `None` when it saw nothing.
    pub hits: Option<i64>,
}

/// The rules of one file.
pub fn file_of(path: &Path) -> (RuleSet, Vec<RuleProblem>) {
    RuleSet::load(read_folder(path).0)
}

impl App {
    /// Every rule in one line; for the console, where everything may be seen.
    pub async fn rule_lines(&self) -> Result<Vec<RuleLine>, Error> {
        let sql = "SELECT ref_number, rule_id, name, level, stage, source, sight, hits FROM rule ORDER BY ref_number";
        let rows = self.db.rows(sql, cells![]).await?;
        rows.iter()
            .map(|row| {
                let text = |name: &str| {
                    row.try_get::<Option<String>>("", name)
                        .map(Option::unwrap_or_default)
                        .map_err(Error::fault)
                };
                let number: i64 = row.try_get("", "ref_number").map_err(Error::fault)?;
                Ok(RuleLine {
                    reference: format!("RUL-{number:04}"),
                    rule: text("rule_id")?,
                    name: text("name")?,
                    level: text("level")?,
                    stage: text("stage")?,
                    source: text("source")?,
                    sight: text("sight")?,
                    hits: row.try_get("", "hits").map_err(Error::fault)?,
                })
            })
            .collect()
    }
    /// The reference of the rule that people name by reference or by its own id.
    pub async fn rule_reference(&self, named: &str) -> Result<String, Error> {
        let number = named.to_uppercase().strip_prefix("RUL-").and_then(|n| n.parse::<i64>().ok());
        let rows = match number {
            Some(number) => self.rule_rows("WHERE ref_number = $1", cells![number]).await?,
            None => self.rule_rows("WHERE lower(rule_id) = lower($1)", cells![named]).await?,
        };
        Ok(rows.into_iter().next().ok_or(Refusal::NotFound)?.reference)
    }
    /// The rule that people name by reference or by its own id, as it runs or as its text says.
    pub async fn rule_of(&self, named: &str) -> Result<RuleInHand, Error> {
        let reference = self.rule_reference(named).await?;
        let number: i64 = reference.trim_start_matches("RUL-").parse().map_err(Error::fault)?;
        let row =
            self.rule_rows("WHERE ref_number = $1", cells![number]).await?.pop().ok_or(Refusal::NotFound)?;
        let found = self.rule_in_hand(&row.rule_id).await?;
        found.ok_or_else(|| Refusal::NotYet("the rule has no text that can be compiled".into()).into())
    }
    /// A stored event by its id, for the console, where everything may be seen.
    pub async fn event_of(&self, id: &str) -> Result<Event, Error> {
        let mut bytes = [0; 16];
        if hex::decode_to_slice(id, &mut bytes).is_err() {
            return Err(Refusal::NotFound.into());
        }
        let (folder, names) = (self.folder.events(), self.event_files(None).await?);
        tokio::task::spawn_blocking(move || {
            for name in names.iter().rev() {
                if let Some(event) = find_event(&folder, name, EventId(bytes)).map_err(Error::fault)? {
                    return Ok(event);
                }
            }
            Err(Refusal::NotFound.into())
        })
        .await
        .map_err(Error::fault)?
    }
    /// The newest stored events by column, at most so many.
    pub async fn stored_columns(&self, most: usize) -> Result<Columns, Error> {
        let (folder, names) = (self.folder.events(), self.event_files(None).await?);
        tokio::task::spawn_blocking(move || {
            let (mut builder, mut left) = (ColumnsBuilder::default(), most);
            for name in names.iter().rev() {
                if left == 0 {
                    break;
                }
                wardkeep_events::store::read_events(&folder, name, |event| {
                    builder.push(&event);
                    left -= 1;
                    if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                })
                .map_err(Error::fault)?;
            }
            Ok(builder.finish())
        })
        .await
        .map_err(Error::fault)?
    }
}
