//! The memory of correlations, written down and read back: a restart or a reload in the middle changes nothing (DE-6).

use super::state::{Group, State, StateCounts};
use super::window::Entry;
use super::{Correlation, Span};
use crate::rule::{Logic, Rule};
use serde::{Deserialize, Serialize};
use wardkeep_types::event::EventId;

/// What an engine's correlations remember. Rules are named by id, so that it fits a set of rules that was loaded anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedState {
    /// Event time up to which windows are settled, microseconds since 1970.
    pub watermark: Option<i64>,
    /// What happened so far.
    pub counts: StateCounts,
    /// Event time at which quiet groups are looked at again.
    #[serde(default)]
    next_look: Option<i64>,
    groups: Vec<SavedGroup>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SavedGroup {
    rule: String,
    /// What the correlation looked for: a changed one starts anew.
    meaning: String,
    key: Vec<Box<str>>,
    free: usize,
    next: usize,
    /// Time, event, member, value.
    entries: Vec<(i64, String, u16, Option<Box<str>>)>,
}

/// What was left out when a state was read back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Groups taken over.
    pub groups: usize,
    /// Groups whose correlation is gone or says something else now.
    pub dropped: usize,
}

/// Everything that the hits of a correlation depend on.
fn meaning(correlation: &Correlation, rules: &[Rule]) -> String {
    let members: Vec<_> = correlation
        .members
        .iter()
        .map(|member| (&rules[member.rule].id, &member.group, &member.values))
        .collect();
    let window = match correlation.window {
        Span::Sliding => "sliding".to_owned(),
        Span::Tumbling => "tumbling".to_owned(),
        Span::Session(gap) => format!("session {gap}"),
    };
    let text = format!(
        "{:?} {members:?} {:?} {} {window} {:?} {:?}",
        correlation.kind,
        correlation.group_by,
        correlation.span,
        correlation.thresholds,
        correlation.presence
    );
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

impl State {
    /// Writes everything down, in an order that depends on nothing but what is remembered.
    pub(crate) fn save(&self, watermark: Option<i64>) -> SavedState {
        let mut groups: Vec<SavedGroup> = self
            .groups
            .iter()
            .filter_map(|((rule, key), group)| {
                let Logic::Correlation(correlation) = &self.rules[*rule].logic else { return None };
                let entry = |entry: &Entry| {
                    (entry.at, entry.id.to_string(), entry.member, entry.value.as_deref().map(Into::into))
                };
                Some(SavedGroup {
                    rule: self.rules[*rule].id.to_string(),
                    meaning: meaning(correlation, &self.rules),
                    key: key.to_vec(),
                    free: group.free,
                    next: group.next,
                    entries: group.entries.iter().map(entry).collect(),
                })
            })
            .collect();
        groups.sort_by(|a, b| (&a.rule, &a.key).cmp(&(&b.rule, &b.key)));
        SavedState { watermark, counts: self.counts, next_look: Some(self.next_look), groups }
    }

    /// Takes over what was written down. What does not fit the rules of now is left out.
    pub(crate) fn restore(&mut self, saved: SavedState) -> Restored {
        let mut restored = Restored::default();
        self.counts = saved.counts;
        self.counts.held = 0;
        self.next_look = saved.next_look.unwrap_or(i64::MIN);
        for group in saved.groups {
            match self.place(&group) {
                Some((rule, entries)) => {
                    self.counts.held += entries.len();
                    let free = group.free.min(entries.len());
                    // What was reported was looked at: a damaged state must not say otherwise.
                    let next = group.next.clamp(free, entries.len());
                    self.groups
                        .insert((rule, group.key.into()), Group { entries, free, next, running: None });
                    restored.groups += 1;
                }
                None => restored.dropped += 1,
            }
        }
        restored
    }

    fn place(&self, group: &SavedGroup) -> Option<(usize, Vec<Entry>)> {
        let rule = self.rules.iter().position(|rule| *rule.id == *group.rule)?;
        let Logic::Correlation(correlation) = &self.rules[rule].logic else { return None };
        let fits = meaning(correlation, &self.rules) == group.meaning
            && group.key.len() == correlation.group_by.len();
        if !fits || !self.order.contains(&rule) {
            return None;
        }
        let entry = |(at, id, member, value): &(i64, String, u16, Option<Box<str>>)| {
            (usize::from(*member) < correlation.members.len()).then_some(())?;
            Some(Entry {
                at: *at,
                id: event_id(id)?,
                member: *member,
                value: value.as_deref().map(Into::into),
            })
        };
        let mut entries: Vec<Entry> = group.entries.iter().map(entry).collect::<Option<_>>()?;
        entries.sort_by_key(Entry::key);
        Some((rule, entries))
    }
}

fn event_id(text: &str) -> Option<EventId> {
    let mut id = [0; 16];
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in id.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(EventId(id))
}
