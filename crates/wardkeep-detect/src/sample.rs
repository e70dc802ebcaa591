//! Tests that rules carry: events that must fire them and events that must not (DE-5).

use crate::engine::Engine;
use crate::load::RuleSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, EventId, FieldValue, Fields};

/// Events that one description may grow into.
const MOST_REPEATS: u32 = 10_000;
/// When samples happen: 2026-01-05 09:00 UTC.
const BEGIN: i64 = 1_767_603_600;

/// The samples of one rule file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samples {
    /// Each must fire the file's last rule.
    pub positive: Vec<Sample>,
    /// None may fire any rule of the file.
    pub negative: Vec<Sample>,
}

/// One event or a row of events.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Sample {
    /// Several events, for correlations.
    Several {
        /// The events, in any order of time.
        events: Vec<SampleEvent>,
    },
    /// A single event.
    One(SampleEvent),
}

/// An event as a rule's author writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleEvent {
    /// What kind of record it is.
    pub dialect: Dialect,
    /// Flat fields. `{n}` in a text is the number of the repetition.
    pub fields: Fields,
    /// Common entities: host, user, src_ip, dst_ip, process, action, outcome.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entities: BTreeMap<String, Box<str>>,
    /// What it says, where that is no field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<str>>,
    /// The record as it came; made of the fields when it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Box<str>>,
    /// Seconds after the sample's begin.
    #[serde(default)]
    pub after: i64,
    /// How many times it happens.
    #[serde(default = "once")]
    pub repeat: u32,
    /// Seconds between repetitions.
    #[serde(default)]
    pub every: i64,
}

fn once() -> u32 {
    1
}

impl Samples {
    /// Reads a sample file. The error says line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        crate::bounds::check(text)?;
        serde_yaml_ng::from_str(text).map_err(|error| error.to_string())
    }

    /// Runs all samples; each complaint is one sentence. `rules` are the ids of the file's rules, the tested one
    /// last; `classify` fills log sources.
    pub fn check(&self, set: &RuleSet, rules: &[&str], classify: &dyn Fn(&mut Event)) -> Vec<String> {
        let Some(tested) = rules.last() else { return vec!["the file has no rule".into()] };
        let mut wrong = Vec::new();
        if self.positive.is_empty() || self.negative.is_empty() {
            wrong.push("at least one positive and one negative sample are needed".to_owned());
        }
        let run = |sample: &Sample| -> Vec<String> {
            let mut engine = Engine::new(set);
            let mut hits = Vec::new();
            for mut event in sample.events() {
                classify(&mut event);
                engine.push(&event, &mut hits);
            }
            engine.finish(&mut hits);
            hits.iter().map(|hit| set.rules()[hit.rule].id.to_string()).collect()
        };
        for (number, sample) in (1..).zip(&self.positive) {
            if !run(sample).iter().any(|id| id == tested) {
                wrong.push(format!("positive sample {number} does not fire the rule"));
            }
        }
        for (number, sample) in (1..).zip(&self.negative) {
            if run(sample).iter().any(|id| rules.contains(&id.as_str())) {
                wrong.push(format!("negative sample {number} fires the rule"));
            }
        }
        wrong
    }
}

impl Sample {
    /// The events, log sources not yet filled.
    pub fn events(&self) -> Vec<Event> {
        let parts = match self {
            Self::One(event) => std::slice::from_ref(event),
            Self::Several { events } => events,
        };
        let mut events: Vec<Event> = Vec::new();
        for part in parts {
            for number in 0..part.repeat.min(MOST_REPEATS) {
                events.push(part.event(number, events.len() as u64 + 1));
            }
        }
        events
    }
}

impl SampleEvent {
    /// The sample that a real event makes: the same kind, fields, entities and texts, without its time and source.
    pub fn of(event: &Event) -> Self {
        let named = [
            ("host", &event.host),
            ("user", &event.user),
            ("src_ip", &event.src_ip),
            ("dst_ip", &event.dst_ip),
            ("process", &event.process),
            ("action", &event.action),
            ("outcome", &event.outcome),
        ];
        let entity = |(name, value): (&str, &Option<Box<str>>)| Some((name.to_owned(), value.clone()?));
        Self {
            dialect: event.dialect,
            fields: event.fields.clone(),
            entities: named.into_iter().filter_map(entity).collect(),
            message: event.message.clone(),
            raw: Some(event.raw.clone()),
            after: 0,
            repeat: 1,
            every: 0,
        }
    }
    fn event(&self, number: u32, position: u64) -> Event {
        let source: Arc<str> = "sample".into();
        let raw = match &self.raw {
            Some(raw) => raw.to_string(),
            None => serde_yaml_ng::to_string(&self.fields).unwrap_or_default(),
        };
        let mut event = Event::new(self.dialect, source, position, raw.as_str());
        event.id = EventId::of("sample", raw.as_bytes(), position as u32);
        event.at = Moment::EPOCH.plus_seconds(BEGIN + self.after + self.every * i64::from(number));
        event.fields = self.fields.clone();
        for value in event.fields.values_mut() {
            if let FieldValue::Text(text) = value
                && text.contains("{n}")
            {
                *text = text.replace("{n}", &number.to_string()).into();
            }
        }
        if let Some(FieldValue::Text(message)) = event.fields.get("message") {
            event.message = Some(message.clone());
        }
        if self.message.is_some() {
            event.message.clone_from(&self.message);
        }
        for (name, value) in &self.entities {
            let entity = match name.as_str() {
                "host" => &mut event.host,
                "user" => &mut event.user,
                "src_ip" => &mut event.src_ip,
                "dst_ip" => &mut event.dst_ip,
                "process" => &mut event.process,
                "action" => &mut event.action,
                "outcome" => &mut event.outcome,
                _ => continue,
            };
            *entity = Some(value.clone());
        }
        event
    }
}
