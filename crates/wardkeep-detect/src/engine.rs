//! Events in, hits out.

use crate::correlation::{Feed, MOST_ENTRIES, State, StateCounts};
use crate::eval::holds;
use crate::hit::Hit;
use crate::load::RuleSet;
use crate::route::Routes;
use crate::rule::{Logic, Rule};
use crate::view::Slots;
use std::sync::Arc;
use wardkeep_types::event::Event;
use wardkeep_types::{Length, Moment};

/// What went through an engine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EngineCounts {
    /// Events seen.
    pub events: u64,
    /// Events for whose log sources there is no rule.
    pub unrouted: u64,
    /// Rule and event pairs evaluated.
    pub evaluated: u64,
    /// What happened in correlations.
    pub correlations: StateCounts,
}

/// Runs a rule set over events. Cheap to make; holds the state of correlations.
#[derive(Debug, Clone)]
pub struct Engine {
    rules: Arc<[Rule]>,
    routes: Routes,
    slots: Slots,
    state: State,
    /// How late events may come before their windows are settled; absent: everything waits for the end.
    lateness: Option<Length>,
    watermark: Moment,
    counts: EngineCounts,
}

impl Engine {
    /// For a body of events that ends: correlations are worked out in [`Self::finish`], so that the order in which
    /// events arrive changes nothing.
    pub fn new(set: &RuleSet) -> Self {
        Self::build(set, None, MOST_ENTRIES)
    }
    /// For a stream without end: correlations report as soon as event time has passed by `lateness`.
    pub fn live(set: &RuleSet, lateness: Length) -> Self {
        Self::build(set, Some(lateness), MOST_ENTRIES)
    }
    /// As [`Self::new`] or [`Self::live`], with a limit on the hits that correlations remember.
    pub fn bounded(set: &RuleSet, lateness: Option<Length>, most: usize) -> Self {
        Self::build(set, lateness, most)
    }
    fn build(set: &RuleSet, lateness: Option<Length>, most: usize) -> Self {
        let detections = set
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.runnable() && matches!(rule.logic, Logic::Detection(_)));
        Self {
            rules: set.rules.clone(),
            routes: Routes::new(detections.map(|(at, rule)| (at as u32, rule.logsource.clone()))),
            slots: Slots::new(&set.fields),
            state: State::new(set.rules.clone(), set.order.clone(), most),
            lateness,
            watermark: Moment::from_micros(i64::MIN),
            counts: EngineCounts::default(),
        }
    }

    /// Runs the rules that the event's log sources ask for. Hits of single-event rules come in rule order.
    pub fn push(&mut self, event: &Event, hits: &mut Vec<Hit>) {
        self.counts.events += 1;
        let until = self.lateness.map(|lateness| {
            self.watermark = self.watermark.max(event.at.plus_seconds(-lateness.seconds()));
            self.watermark
        });
        let candidates = self.routes.rules(&event.logsources);
        if candidates.is_empty() {
            self.counts.unrouted += 1;
            return;
        }
        self.counts.evaluated += candidates.len() as u64;
        let view = self.slots.view(event);
        let mut fired = Vec::new();
        for &at in candidates.iter() {
            let at = at as usize;
            if let Logic::Detection(node) = &self.rules[at].logic
                && holds(node, &view)
            {
                fired.push(at);
            }
        }
        for at in fired {
            if self.rules[at].reported {
                hits.push(Hit::of_event(at, event));
            }
            if self.state.watched(at) {
                self.state.feed(at, Feed::Event(event), until, hits);
            }
        }
        if let Some(until) = until {
            self.state.advance(until, hits);
        }
    }

    /// Settles all correlations: call it after the last event.
    pub fn finish(&mut self, hits: &mut Vec<Hit>) {
        self.state.finish(hits);
    }

    /// What went through so far.
    pub fn counts(&self) -> EngineCounts {
        EngineCounts { correlations: self.state.counts, ..self.counts }
    }
    /// The rules, for [`Hit::rule`].
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}
