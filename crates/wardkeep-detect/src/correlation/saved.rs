//! The memory of correlations, written down and read back: a restart or a reload in the middle changes nothing (DE-6).

use super::group::Group;
use super::state::{State, StateCounts};
use super::window::Entry;
use super::{Correlation, Span};
use crate::rule::{Logic, Rule};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
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
    /// Time, event, member, value; as they were written before they were packed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    entries: Vec<(i64, String, u16, Option<Box<str>>)>,
    /// The entries as [`pack`] writes them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    packed: String,
}

/// Stands for the length of a value that is not there.
const NO_VALUE: u32 = u32::MAX;

/// Entries as Base64 of their bytes: there may be a million, and they are written every few seconds.
fn pack(entries: &[Entry]) -> String {
    let mut bytes = Vec::with_capacity(entries.len() * 40);
    for entry in entries {
        bytes.extend(entry.at.to_le_bytes());
        bytes.extend(entry.id.0);
        bytes.extend(entry.member.to_le_bytes());
        let length = entry.value.as_ref().map(|value| u32::try_from(value.len()).unwrap_or(NO_VALUE));
        bytes.extend(length.unwrap_or(NO_VALUE).to_le_bytes());
        if let Some(value) = entry.value.as_ref().filter(|_| length != Some(NO_VALUE)) {
            bytes.extend(value.as_bytes());
        }
    }
    STANDARD.encode(bytes)
}

/// Reads what [`pack`] wrote; nothing when it is damaged.
fn unpack(text: &str) -> Option<Vec<Entry>> {
    let bytes = STANDARD.decode(text).ok()?;
    let mut rest = bytes.as_slice();
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let at = i64::from_le_bytes(*rest.split_off(..8)?.first_chunk()?);
        let id = EventId(*rest.split_off(..16)?.first_chunk()?);
        let member = u16::from_le_bytes(*rest.split_off(..2)?.first_chunk()?);
        let length = u32::from_le_bytes(*rest.split_off(..4)?.first_chunk()?);
        let value = match length {
            NO_VALUE => None,
            length => Some(std::str::from_utf8(rest.split_off(..length as usize)?).ok()?.into()),
        };
        entries.push(Entry { at, id, member, value });
    }
    Some(entries)
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
        let mut meanings: HashMap<usize, String> = HashMap::new();
        let mut groups: Vec<SavedGroup> = self
            .groups
            .iter()
            .filter_map(|((rule, key), group)| {
                let Logic::Correlation(correlation) = &self.rules[*rule].logic else { return None };
                let meaning =
                    meanings.entry(*rule).or_insert_with(|| meaning(correlation, &self.rules)).clone();
                Some(SavedGroup {
                    rule: self.rules[*rule].id.to_string(),
                    meaning,
                    key: key.to_vec(),
                    free: group.free,
                    next: group.next,
                    entries: Vec::new(),
                    packed: pack(&group.entries),
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
            Some(Entry {
                at: *at,
                id: event_id(id)?,
                member: *member,
                value: value.as_deref().map(Into::into),
            })
        };
        let mut entries: Vec<Entry> = if group.packed.is_empty() {
            group.entries.iter().map(entry).collect::<Option<_>>()?
        } else {
            unpack(&group.packed)?
        };
        if entries.iter().any(|entry| usize::from(entry.member) >= correlation.members.len()) {
            return None;
        }
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
