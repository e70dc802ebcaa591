//! Finding the windows in which a correlation holds, in hits sorted by time.

use super::{Correlation, Kind, Span};
use std::collections::HashMap;
use wardkeep_types::event::EventId;

/// One hit of a member.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// Microseconds since 1970.
    pub at: i64,
    pub id: EventId,
    /// Place of the member within the correlation.
    pub member: u16,
    /// The counted value, if the correlation counts values.
    pub value: Option<Box<str>>,
}

impl Entry {
    /// The order in which hits are looked at: by time, then by identity, so that arrival does not matter.
    pub(crate) fn key(&self) -> (i64, EventId, u16) {
        (self.at, self.id, self.member)
    }
    fn number(&self) -> Option<f64> {
        self.value.as_deref()?.trim().parse().ok().filter(|n: &f64| n.is_finite())
    }
}

/// Running counts over a window's entries.
#[derive(Debug)]
struct Counts<'e> {
    members: Vec<u64>,
    values: HashMap<&'e str, u64>,
    sum: f64,
    numbers: u64,
    total: u64,
}

impl<'e> Counts<'e> {
    fn new(members: usize) -> Self {
        Self { members: vec![0; members], values: HashMap::new(), sum: 0.0, numbers: 0, total: 0 }
    }
    fn add(&mut self, entry: &'e Entry) {
        self.total += 1;
        self.members[usize::from(entry.member)] += 1;
        if let Some(value) = entry.value.as_deref() {
            *self.values.entry(value).or_default() += 1;
        }
        if let Some(number) = entry.number() {
            self.sum += number;
            self.numbers += 1;
        }
    }
    fn remove(&mut self, entry: &'e Entry) {
        self.total -= 1;
        self.members[usize::from(entry.member)] -= 1;
        if let Some(value) = entry.value.as_deref()
            && let Some(count) = self.values.get_mut(value)
        {
            *count -= 1;
            if *count == 0 {
                self.values.remove(value);
            }
        }
        if let Some(number) = entry.number() {
            self.sum -= number;
            self.numbers -= 1;
        }
    }
}

fn met(correlation: &Correlation, counts: &Counts<'_>, window: &[Entry]) -> bool {
    let within = |amount: f64| {
        correlation.thresholds.iter().all(|(order, wanted)| order.holds(&amount, &(*wanted as f64)))
    };
    match correlation.kind {
        Kind::EventCount => within(counts.total as f64),
        Kind::ValueCount => within(counts.values.len() as f64),
        Kind::ValueSum => counts.numbers > 0 && within(counts.sum),
        Kind::ValueAvg => counts.numbers > 0 && within(counts.sum / counts.numbers as f64),
        Kind::ValuePercentile(percent) => percentile(window, percent).is_some_and(within),
        Kind::Temporal | Kind::TemporalOrdered => {
            let there = |member: usize| counts.members.get(member).is_some_and(|count| *count > 0);
            let all = match &correlation.presence {
                Some(presence) => presence.holds(&there),
                None => (0..correlation.members.len()).all(there),
            };
            all && (correlation.kind == Kind::Temporal || ordered(window, correlation.members.len()))
        }
    }
}

fn percentile(window: &[Entry], percent: u8) -> Option<f64> {
    let mut numbers: Vec<f64> = window.iter().filter_map(Entry::number).collect();
    numbers.sort_by(f64::total_cmp);
    let rank = (f64::from(percent) / 100.0 * numbers.len() as f64).ceil() as usize;
    numbers.get(rank.max(1) - 1).copied()
}

/// Whether the members hit one after another; those that did not hit (an `or` in the condition) are passed over.
fn ordered(window: &[Entry], members: usize) -> bool {
    let mut since = i64::MIN;
    (0..members).all(|member| {
        let of = |entry: &&Entry| usize::from(entry.member) == member;
        if !window.iter().any(|entry| of(&entry)) {
            return true;
        }
        match window.iter().filter(of).find(|entry| entry.at >= since) {
            Some(entry) => {
                since = entry.at;
                true
            }
            None => false,
        }
    })
}

/// The first window at or after `next` that ends no later than `until` and in which the correlation holds: first
/// and last place. Entries before `free` belong to earlier windows. Also says how far it looked.
pub(crate) fn first(
    correlation: &Correlation,
    entries: &[Entry],
    free: usize,
    next: usize,
    until: i64,
) -> (Option<(usize, usize)>, usize) {
    let mut counts = Counts::new(correlation.members.len());
    let (mut start, mut added) = (free, free);
    let mut last = next;
    while last < entries.len() && entries[last].at <= until {
        let at = entries[last].at;
        let begin = begin_of(correlation, entries, free, last, at);
        while added <= last {
            counts.add(&entries[added]);
            added += 1;
        }
        while start < begin {
            counts.remove(&entries[start]);
            start += 1;
        }
        if met(correlation, &counts, &entries[start..=last]) {
            return (Some((start, last)), last + 1);
        }
        last += 1;
    }
    (None, last)
}

/// The first entry of the window that ends with `last`.
fn begin_of(correlation: &Correlation, entries: &[Entry], free: usize, last: usize, at: i64) -> usize {
    let window = &entries[free..=last];
    let since = |floor: i64| free + window.partition_point(|entry| entry.at < floor);
    match correlation.window {
        Span::Sliding => since(at.saturating_sub(correlation.span).saturating_add(1)),
        Span::Tumbling => since(at.div_euclid(correlation.span).saturating_mul(correlation.span)),
        Span::Session(gap) => {
            let floor = since(at.saturating_sub(correlation.span));
            let apart = |i: &usize| entries[*i].at.saturating_sub(entries[*i - 1].at) > gap;
            (floor + 1..=last).rev().find(apart).unwrap_or(floor)
        }
    }
}
