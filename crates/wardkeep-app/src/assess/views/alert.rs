//! An alert down to its log records, and why its rule fired.

use super::event::fields_of;
use super::explain::{Explained, explained};
use super::row::{int, moment, text};
use crate::ioc::IocOnAlert;
use crate::records::{RecordView, ValueView};
use crate::rules::RuleInHand;
use crate::{App, Error};
use std::sync::Arc;
use wardkeep_detect::{Logic, RuleSource};
use wardkeep_store::cells;
use wardkeep_types::event::{Dialect, Event, Fields, LogSource};
use wardkeep_types::{Id, Moment, Severity};

/// A log record of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertEvent {
    /// Its id, in hexadecimal.
    pub id: String,
    /// When it happened; for records known by id alone, the end of the alert's window.
    pub at: Moment,
    /// The file or live source; empty for records known by id alone.
    pub source: String,
    /// Line or record number.
    pub position: u64,
    /// The record as received; empty for records known by id alone.
    pub raw: String,
}

/// The rule behind an alert.
#[derive(Debug, Clone)]
pub struct RuleView {
    /// Its id.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// Level.
    pub level: Severity,
    /// Condition as written.
    pub condition: String,
    /// The log source it is written for, in words; empty for a correlation.
    pub logsource: String,
    /// ATT&CK tactics: id and name.
    pub tactics: Vec<(&'static str, &'static str)>,
    /// ATT&CK techniques.
    pub techniques: Vec<String>,
    /// Known harmless causes.
    pub harmless: Vec<String>,
    /// Whether it looks at several hits of other rules, with their titles.
    pub counts: Vec<String>,
    /// References of the filters that tune it.
    pub filters: Vec<String>,
    /// Reference of its record.
    pub record: Option<String>,
    /// The file it ships in.
    pub path: String,
}

/// An alert's chain.
#[derive(Debug, Clone, Default)]
pub struct AlertChain {
    /// The alert came from Wardkeep's own detection.
    pub own: bool,
    /// The rule's id, as the alert names it.
    pub rule_id: String,
    /// The rule; absent when it is not registered here.
    pub rule: Option<RuleView>,
    /// Its events in order of time, those with a copy first.
    pub events: Vec<AlertEvent>,
    /// How many are known.
    pub total: u64,
    /// Why the rule fired on one of them.
    pub explained: Option<Explained>,
    /// The indicator of compromise that was seen.
    pub indicator: Option<IocOnAlert>,
}

/// Records listed on an alert's page.
const EVENTS: i64 = 20;

impl App {
    /// The chain of an alert that the reader has before them. Eight statements at most.
    pub async fn alert_chain(&self, shown: &RecordView) -> Result<AlertChain, Error> {
        let rule_id = plain(shown, "rule");
        let sql = "SELECT e.event_id, e.at, e.source, e.position, e.raw, e.fields, (SELECT f.format FROM evidence_file f WHERE f.path = e.source ORDER BY f.read_at DESC LIMIT 1) AS format FROM alert_event e WHERE e.alert_id = $1 ORDER BY CASE WHEN e.raw = '' THEN 1 ELSE 0 END, e.at, e.source, e.position LIMIT $2";
        let mut kept = Vec::new();
        for row in self.db.rows(sql, cells![shown.id, EVENTS]).await? {
            let event = AlertEvent {
                id: text(&row, "event_id")?,
                at: moment(&row, "at")?,
                source: text(&row, "source")?,
                position: int(&row, "position")?.unsigned_abs(),
                raw: text(&row, "raw")?,
            };
            kept.push((event, fields_of(&row)?, Some(text(&row, "format")?).filter(|f| !f.is_empty())));
        }
        let total = if kept.len() < EVENTS as usize {
            kept.len() as u64
        } else {
            let row = self
                .db
                .row("SELECT count(*) AS n FROM alert_event WHERE alert_id = $1", cells![shown.id])
                .await?;
            row.map_or(Ok(0), |r| int(&r, "n"))?.unsigned_abs()
        };
        let found = self.rule_in_hand(&rule_id).await?;
        let record = match &found {
            Some(found) => self.rule_record(&found.rule().id).await?,
            None => None,
        };
        let sql = "SELECT indicator FROM alert WHERE id = $1";
        let row = self.db.row(sql, cells![shown.id]).await?;
        let ioc = row.map(|row| row.try_get::<Option<uuid::Uuid>>("", "indicator")).transpose();
        let indicator = match ioc.map_err(Error::fault)?.flatten().map(Id::from_uuid) {
            Some(ioc) => {
                let event = |(kept, fields, _): &(AlertEvent, Fields, Option<String>)| {
                    let mut event =
                        Event::new(Dialect::Text, Arc::from(&*kept.source), kept.position, &*kept.raw);
                    event.fields = fields.clone();
                    event
                };
                self.ioc_on_alert(ioc, &kept.iter().map(event).collect::<Vec<_>>()).await?
            }
            _ => None,
        };
        Ok(AlertChain {
            own: (!rule_id.is_empty() || indicator.is_some()) && total > 0,
            indicator,
            explained: found.as_ref().and_then(|f| explained(&f.set, f.rule(), &kept)),
            rule: found.as_ref().map(|f| rule_view(f, record)),
            events: kept.into_iter().map(|(event, ..)| event).collect(),
            rule_id,
            total,
        })
    }
}

fn rule_view(found: &RuleInHand, record: Option<String>) -> RuleView {
    let rule = found.rule();
    let counts = match &rule.logic {
        Logic::Detection(_) => Vec::new(),
        Logic::Correlation(c) => c
            .members
            .iter()
            .filter_map(|m| found.set.rules().get(m.rule))
            .map(|r| r.title.to_string())
            .collect(),
    };
    let tactic = |name: &String| {
        super::super::alerts::TACTICS.iter().find(|(key, ..)| key == name).map(|(_, id, name)| (*id, *name))
    };
    RuleView {
        id: rule.id.to_string(),
        title: rule.title.to_string(),
        description: rule.description.clone(),
        level: rule.level,
        condition: rule.condition.clone(),
        logsource: said(&rule.logsource),
        tactics: rule.tactics.iter().filter_map(tactic).collect(),
        techniques: rule.techniques.clone(),
        harmless: rule.falsepositives.clone(),
        counts,
        filters: rule.filters.iter().map(ToString::to_string).collect(),
        record,
        path: if rule.source == RuleSource::Folder { String::new() } else { rule.path.to_string() },
    }
}

/// A log source in words: `windows, process_creation`.
pub(super) fn said(source: &LogSource) -> String {
    [&source.product, &source.category, &source.service]
        .into_iter()
        .flatten()
        .map(|p| &**p)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A text field of a record as it is shown.
pub(super) fn plain(shown: &RecordView, name: &str) -> String {
    match shown.fields.iter().find(|f| f.name == name).map(|f| &f.shown) {
        Some(ValueView::Text(text)) => text.clone(),
        Some(ValueView::Choice { key, .. }) => key.clone(),
        _ => String::new(),
    }
}
