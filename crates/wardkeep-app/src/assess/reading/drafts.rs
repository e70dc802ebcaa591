//! Alerts in the making.

use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_detect::{AlertKey, Hit, Ioc, RuleSet};
use wardkeep_types::Moment;
use wardkeep_types::event::{Event, EventId};

/// A few of an alert's events, as shown on its page.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub id: EventId,
    pub at: Moment,
    pub source: String,
    pub position: u64,
    pub raw: String,
    pub fields: String,
}

/// What claims that something happened.
#[derive(Debug, Clone)]
pub(crate) enum Claim {
    /// The rule at that place of the rule set.
    Rule(usize),
    /// An indicator of compromise, and the field in which it was seen first.
    Ioc(Arc<Ioc>, Box<str>),
}

/// An alert in the making: every hit of one rule with the same group and window.
#[derive(Debug, Clone)]
pub(crate) struct AlertDraft {
    pub claim: Claim,
    pub key: AlertKey,
    pub group: Vec<(Arc<str>, Box<str>)>,
    pub from: Moment,
    pub at: Moment,
    pub count: u64,
    pub events: Vec<EventId>,
    pub samples: Vec<Sample>,
}

/// Events an alert remembers by id, and in full.
const EVENTS_KEPT: usize = 1_000;
const SAMPLES_KEPT: usize = 20;

/// Puts a hit to the alert it belongs to.
pub(crate) fn add_hit(
    rules: &RuleSet,
    alerts: &mut HashMap<AlertKey, AlertDraft>,
    hit: Hit,
    event: Option<&Event>,
) {
    let Some(rule) = rules.rules().get(hit.rule) else { return };
    let key = hit.key(&rule.id);
    let draft = alerts.entry(key).or_insert_with(|| AlertDraft {
        claim: Claim::Rule(hit.rule),
        key,
        group: hit.group.clone(),
        from: hit.from,
        at: hit.at,
        count: 0,
        events: Vec::new(),
        samples: Vec::new(),
    });
    draft.from = draft.from.min(hit.from);
    draft.at = draft.at.max(hit.at);
    draft.count += hit.count;
    let room = EVENTS_KEPT.saturating_sub(draft.events.len());
    draft.events.extend(hit.events.iter().take(room));
    if let (Some(event), true) = (event, draft.samples.len() < SAMPLES_KEPT) {
        draft.samples.push(sample(event));
    }
}

pub(crate) fn sample(event: &Event) -> Sample {
    let mut raw = event.raw.to_string();
    if raw.len() > 16 * 1024 {
        let end = (0..=16 * 1024).rev().find(|i| raw.is_char_boundary(*i)).unwrap_or(0);
        raw.truncate(end);
    }
    Sample {
        id: event.id,
        at: event.at,
        source: event.source.to_string(),
        position: event.position,
        raw,
        fields: serde_json::to_string(&event.fields).unwrap_or_default(),
    }
}
