//! Finding the windows in which a correlation holds, in hits sorted by time.

use super::{Correlation, Kind, Span};
use std::collections::HashMap;
use std::sync::Arc;
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
    pub value: Option<Arc<str>>,
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

/// Running counts over a window's entries: only what its kind asks for.
#[derive(Debug, Clone)]
struct Counts {
    kind: Kind,
    members: Vec<u64>,
    values: HashMap<Arc<str>, u64, ahash::RandomState>,
    sum: f64,
    numbers: u64,
    total: u64,
}

impl Counts {
    fn new(correlation: &Correlation) -> Self {
        let members = vec![0; correlation.members.len()];
        let values = HashMap::default();
        Self { kind: correlation.kind, members, values, sum: 0.0, numbers: 0, total: 0 }
    }
    fn number(&self, entry: &Entry) -> Option<f64> {
        if matches!(self.kind, Kind::ValueSum | Kind::ValueAvg) { entry.number() } else { None }
    }
    fn value<'e>(&self, entry: &'e Entry) -> Option<&'e Arc<str>> {
        entry.value.as_ref().filter(|_| self.kind == Kind::ValueCount)
    }
    fn add(&mut self, entry: &Entry) {
        self.total += 1;
        self.members[usize::from(entry.member)] += 1;
        if let Some(value) = self.value(entry) {
            match self.values.get_mut(value) {
                Some(count) => *count += 1,
                None => {
                    self.values.insert(value.clone(), 1);
                }
            }
        }
        if let Some(number) = self.number(entry) {
            self.sum += number;
            self.numbers += 1;
        }
    }
    fn remove(&mut self, entry: &Entry) {
        self.total -= 1;
        self.members[usize::from(entry.member)] -= 1;
        if let Some(value) = self.value(entry)
            && let Some(count) = self.values.get_mut(value)
        {
            *count -= 1;
            if *count == 0 {
                self.values.remove(value);
            }
        }
        if let Some(number) = self.number(entry) {
            self.sum -= number;
            self.numbers -= 1;
        }
    }
}

/// What was counted when the entries of a group were looked at last: the next entry costs what it adds, not what the
/// window holds.
#[derive(Debug, Clone)]
pub(super) struct Running {
    /// First entry of the window.
    start: usize,
    /// First entry that is not counted.
    added: usize,
    counts: Counts,
}

impl Running {
    /// After the first `old` entries were taken away. Nothing when some of them were counted.
    pub(super) fn without(self, old: usize) -> Option<Self> {
        let start = self.start.checked_sub(old)?;
        Some(Self { start, added: self.added - old, counts: self.counts })
    }
    /// After an entry was put in before all that is counted.
    pub(super) fn moved_on(self) -> Self {
        Self { start: self.start + 1, added: self.added + 1, counts: self.counts }
    }
    /// As it was before the entries from `place` on were looked at, so that one of time `at` can be put in there. Many
    /// records say the same time, and several connections bring them in no order: that must not cost a window each
    /// time. `entries` are those before the new one; nothing where the window's begin cannot be told from a time.
    pub(super) fn back(
        mut self,
        correlation: &Correlation,
        entries: &[Entry],
        free: usize,
        place: usize,
        at: i64,
    ) -> Option<Self> {
        let floor = floor(correlation, at)?;
        while self.added > place {
            self.added -= 1;
            if self.added >= self.start {
                self.counts.remove(entries.get(self.added)?);
            }
        }
        self.start = self.start.min(self.added);
        while self.start > free && entries[self.start - 1].at >= floor {
            self.start -= 1;
            self.counts.add(&entries[self.start]);
        }
        Some(self)
    }
}

fn met(correlation: &Correlation, counts: &Counts, window: &[Entry]) -> bool {
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
/// and last place. Entries before `free` belong to earlier windows. Also says how far it looked. `running` is what an
/// earlier look at the same entries left; entries may have been added behind `next` since.
pub(super) fn first(
    correlation: &Correlation,
    entries: &[Entry],
    running: &mut Option<Running>,
    free: usize,
    next: usize,
    until: i64,
) -> (Option<(usize, usize)>, usize) {
    let known = running.take().filter(|known| known.start >= free && known.added == next);
    let mut run =
        known.unwrap_or_else(|| Running { start: free, added: free, counts: Counts::new(correlation) });
    let mut last = next;
    while last < entries.len() && entries[last].at <= until {
        let begin = begin_of(correlation, entries, &run, last);
        while run.added <= last {
            run.counts.add(&entries[run.added]);
            run.added += 1;
        }
        while run.start < begin {
            run.counts.remove(&entries[run.start]);
            run.start += 1;
        }
        if met(correlation, &run.counts, &entries[run.start..=last]) {
            return (Some((run.start, last)), last + 1);
        }
        last += 1;
    }
    *running = Some(run);
    (None, last)
}

/// The time from which a window that ends at `at` counts, where only that time tells.
fn floor(correlation: &Correlation, at: i64) -> Option<i64> {
    match correlation.window {
        Span::Sliding => Some(at.saturating_sub(correlation.span).saturating_add(1)),
        Span::Tumbling => Some(at.div_euclid(correlation.span).saturating_mul(correlation.span)),
        Span::Session(_) => None,
    }
}

/// The first entry of the window that ends with `last`. It never lies before that of an earlier one.
fn begin_of(correlation: &Correlation, entries: &[Entry], run: &Running, last: usize) -> usize {
    let at = entries[last].at;
    let window = &entries[run.start..=last];
    let since = |floor: i64| run.start + window.partition_point(|entry| entry.at < floor);
    match correlation.window {
        Span::Sliding | Span::Tumbling => since(floor(correlation, at).unwrap_or(i64::MIN)),
        Span::Session(gap) => {
            let floor = since(at.saturating_sub(correlation.span));
            let apart = |i: &usize| entries[*i].at.saturating_sub(entries[*i - 1].at) > gap;
            // Gaps before what is counted have moved the start already.
            (run.added.max(floor + 1)..=last).rev().find(apart).unwrap_or(floor)
        }
    }
}

#[cfg(test)]
mod tests;
