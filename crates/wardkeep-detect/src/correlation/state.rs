//! The hits that correlations remember, by group. Bounded: what is dropped is counted.

use super::group::Group;
use super::window::{Entry, first};
use super::{Correlation, Kind};
use crate::hit::Hit;
use crate::rule::{Logic, Rule};
use crate::view::text_of;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Event, EventId};

/// Hits that all correlations together remember unless told otherwise: about 100 MB.
pub const MOST_ENTRIES: usize = 1_000_000;
/// Event ids that one hit names; a flood of failed logons needs no list of a million.
const MOST_IDS: usize = 1_000;

/// What happened to hits on their way through correlations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateCounts {
    /// Remembered now.
    pub held: usize,
    /// Dropped because the state was full.
    pub evicted: u64,
    /// Left out because a `group-by` value was missing.
    pub ungrouped: u64,
    /// Came after their time had already been settled.
    pub late: u64,
}

/// Microseconds of event time between two looks at all groups.
const LOOK: i64 = 10_000_000;

/// What feeds a correlation: an event that a rule matched, or a hit of another correlation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Feed<'f> {
    Event(&'f Event),
    Hit(&'f Hit),
}

impl Feed<'_> {
    fn at(&self) -> Moment {
        match self {
            Self::Event(event) => event.at,
            Self::Hit(hit) => hit.at,
        }
    }
    fn id(&self) -> EventId {
        match self {
            Self::Event(event) => event.id,
            Self::Hit(hit) => hit.events.last().copied().unwrap_or_default(),
        }
    }
    fn text(&self, name: &str) -> Option<String> {
        match self {
            Self::Event(event) => text_of(event, name),
            Self::Hit(hit) => hit.group.iter().find(|(n, _)| &**n == name).map(|(_, text)| text.to_string()),
        }
    }
}

type Key = (usize, Box<[Box<str>]>);

/// The memory of all correlations of a rule set.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(super) rules: Arc<[Rule]>,
    /// For each rule, the correlations that watch it, with the place as member.
    watchers: Vec<Vec<(usize, u16)>>,
    /// Correlations, watched ones first.
    pub(super) order: Vec<usize>,
    pub(super) groups: HashMap<Key, Group, ahash::RandomState>,
    most: usize,
    /// Event time at which [`Self::advance`] looks again.
    pub(super) next_look: i64,
    pub(crate) counts: StateCounts,
}

impl State {
    pub(crate) fn new(rules: Arc<[Rule]>, order: Vec<usize>, most: usize) -> Self {
        let mut watchers = vec![Vec::new(); rules.len()];
        for &rule in &order {
            if let Logic::Correlation(correlation) = &rules[rule].logic {
                for (place, member) in correlation.members.iter().enumerate() {
                    watchers[member.rule].push((rule, place as u16));
                }
            }
        }
        Self {
            rules,
            watchers,
            order,
            groups: HashMap::default(),
            most: most.max(1),
            next_look: i64::MIN,
            counts: StateCounts::default(),
        }
    }
    pub(crate) fn watched(&self, rule: usize) -> bool {
        !self.watchers[rule].is_empty()
    }
    fn correlation(&self, rule: usize) -> Option<&Correlation> {
        match &self.rules[rule].logic {
            Logic::Correlation(correlation) => Some(correlation),
            Logic::Detection(_) => None,
        }
    }

    /// Remembers that `rule` hit. With `until`, windows that end by then are settled at once.
    pub(crate) fn feed(&mut self, rule: usize, feed: Feed<'_>, until: Option<Moment>, hits: &mut Vec<Hit>) {
        for (watcher, place) in self.watchers[rule].clone() {
            let Some(correlation) = self.correlation(watcher) else { continue };
            let member = &correlation.members[usize::from(place)];
            let key: Option<Vec<Box<str>>> =
                member.group.iter().map(|name| feed.text(name).map(String::into_boxed_str)).collect();
            let value = || -> Option<Arc<str>> {
                let parts: Option<Vec<String>> = member.values.iter().map(|name| feed.text(name)).collect();
                parts.map(|parts| parts.join("\u{1f}").into())
            };
            let value = if correlation.kind.needs_field() { value() } else { None };
            let Some(key) = key else {
                self.counts.ungrouped += 1;
                continue;
            };
            if correlation.kind == Kind::ValueCount && value.is_none() {
                continue;
            }
            let entry = Entry { at: feed.at().as_micros(), id: feed.id(), member: place, value };
            let key = (watcher, key.into_boxed_slice());
            self.insert(&key, entry);
            if let Some(until) = until {
                self.settle(&key, until.as_micros(), Some(until), hits);
            }
        }
        if self.counts.held > self.most {
            self.evict(until, hits);
        }
    }

    fn insert(&mut self, key: &Key, entry: Entry) {
        let Logic::Correlation(correlation) = &self.rules[key.0].logic else { return };
        let group = match self.groups.get_mut(key) {
            Some(group) => group,
            None => self.groups.entry(key.clone()).or_default(),
        };
        if let Some(late) = group.insert(correlation, entry) {
            self.counts.held += 1;
            self.counts.late += u64::from(late);
        }
    }

    /// Reports every window of the group that ends by `until`; hits of watched correlations go on to their watchers.
    fn settle(&mut self, key: &Key, until: i64, live: Option<Moment>, hits: &mut Vec<Hit>) {
        let rules = self.rules.clone();
        let Logic::Correlation(correlation) = &rules[key.0].logic else { return };
        let mut found = Vec::new();
        if let Some(group) = self.groups.get_mut(key) {
            loop {
                let Group { entries, free, next, running } = group;
                let (window, looked) = first(correlation, entries, running, *free, *next, until);
                group.next = looked;
                let Some((start, last)) = window else { break };
                found.push(hit(key, correlation, &group.entries[start..=last]));
                group.free = last + 1;
            }
            if live.is_some() {
                let floor = until.saturating_sub(correlation.span.saturating_mul(2));
                let old = group.entries.partition_point(|entry| entry.at < floor).min(group.next);
                // Taken away in lots: each time moves all that stays.
                if old * 2 >= group.entries.len() {
                    group.entries.drain(..old);
                    group.free = group.free.saturating_sub(old);
                    group.next -= old;
                    group.running = group.running.take().and_then(|running| running.without(old));
                    self.counts.held -= old;
                }
                if group.entries.is_empty() {
                    self.groups.remove(key);
                }
            }
        }
        for hit in found {
            if self.watched(key.0) {
                self.feed(key.0, Feed::Hit(&hit), live, hits);
            }
            if rules[key.0].reported {
                hits.push(hit);
            }
        }
    }

    /// Settles what has become due in groups that nothing feeds any more, and forgets what is past. Looks only now
    /// and then: each look costs the number of groups.
    pub(crate) fn advance(&mut self, until: Moment, hits: &mut Vec<Hit>) {
        if until.as_micros() < self.next_look {
            return;
        }
        self.next_look = until.as_micros().saturating_add(LOOK);
        for rule in self.order.clone() {
            let mut keys: Vec<Key> = self.groups.keys().filter(|(r, _)| *r == rule).cloned().collect();
            keys.sort();
            for key in keys {
                self.settle(&key, until.as_micros(), Some(until), hits);
            }
        }
    }

    /// Settles everything, watched correlations before their watchers, and forgets it.
    pub(crate) fn finish(&mut self, hits: &mut Vec<Hit>) {
        for rule in self.order.clone() {
            let mut keys: Vec<Key> = self.groups.keys().filter(|(r, _)| *r == rule).cloned().collect();
            keys.sort();
            for key in keys {
                self.settle(&key, i64::MAX, None, hits);
            }
        }
        self.groups.clear();
        self.counts.held = 0;
    }

    /// Makes room: the groups that have been silent longest are settled and dropped.
    fn evict(&mut self, live: Option<Moment>, hits: &mut Vec<Hit>) {
        let last = |group: &Group| group.entries.last().map_or(i64::MIN, |entry| entry.at);
        let mut ages: Vec<(i64, Key)> =
            self.groups.iter().map(|(key, group)| (last(group), key.clone())).collect();
        ages.sort();
        for (_, key) in ages {
            if self.counts.held <= self.most / 10 * 9 {
                break;
            }
            self.settle(&key, i64::MAX, live, hits);
            if let Some(group) = self.groups.remove(&key) {
                self.counts.held -= group.entries.len();
                self.counts.evicted += (group.entries.len() - group.free) as u64;
            }
        }
    }
}

fn hit(key: &Key, correlation: &Correlation, entries: &[Entry]) -> Hit {
    let mut events: Vec<EventId> = Vec::new();
    for entry in entries {
        if events.len() < MOST_IDS && events.last() != Some(&entry.id) {
            events.push(entry.id);
        }
    }
    let time = |entry: Option<&Entry>| Moment::from_micros(entry.map_or(0, |entry| entry.at));
    let span = correlation.span.max(1);
    let from = time(entries.first());
    Hit {
        rule: key.0,
        count: entries.len() as u64,
        events,
        group: correlation.group_by.iter().cloned().zip(key.1.iter().cloned()).collect(),
        from,
        at: time(entries.last()),
        window: from.as_micros().div_euclid(span),
    }
}
