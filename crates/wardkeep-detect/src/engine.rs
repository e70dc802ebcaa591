//! Events in, hits out.

use crate::correlation::{Feed, MOST_ENTRIES, State, StateCounts};
use crate::eval::atom_holds;
use crate::hit::Hit;
use crate::load::RuleSet;
use crate::matcher::{Input, Runner};
use crate::route::Routes;
use crate::rule::{Logic, Rule};
use crate::view::{Scalar, View, entities, raw_is_text};
use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_types::event::{Event, LogSource};
use wardkeep_types::{Length, Moment};

/// What went through an engine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EngineCounts {
    /// Events seen.
    pub events: u64,
    /// Events for whose log sources there is no rule.
    pub unrouted: u64,
    /// Rule and event pairs evaluated: those that some value of the event woke.
    pub evaluated: u64,
    /// What happened in correlations.
    pub correlations: StateCounts,
}

/// Runs a rule set over events. Cheap to make; holds the state of correlations.
#[derive(Debug, Clone)]
pub struct Engine {
    set: RuleSet,
    routes: Routes,
    /// Number of the plan for each set of log sources; absent when no rule looks at it.
    plans: HashMap<Vec<LogSource>, Option<usize>, ahash::RandomState>,
    slots: Arc<HashMap<Arc<str>, u32, ahash::RandomState>>,
    runner: Runner,
    state: State,
    /// How late events may come before their windows are settled; absent: everything waits for the end.
    lateness: Option<Length>,
    watermark: Moment,
    counts: EngineCounts,
}

/// Sets of log sources whose plan is remembered.
const REMEMBERED: usize = 4_096;
/// A field that no rule looks at.
const UNKNOWN: u32 = u32::MAX;

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
            routes: Routes::new(detections.map(|(at, rule)| (at as u32, rule.logsource.clone()))),
            plans: HashMap::default(),
            slots: Arc::new(set.fields.iter().cloned().zip(0..).collect()),
            runner: Runner::default(),
            state: State::new(set.rules.clone(), set.order.clone(), most),
            set: set.clone(),
            lateness,
            watermark: Moment::from_micros(i64::MIN),
            counts: EngineCounts::default(),
        }
    }

    /// Runs the rules that the event's log sources ask for. Hits of single-event rules come in rule order.
    pub fn push(&mut self, event: &Event, hits: &mut Vec<Hit>) {
        let fired = self.fired(event);
        self.take(event, &fired, hits);
    }

    /// The places of the single-event rules that the event fires, in order. Correlations hear nothing of it: see
    /// [`Self::take`].
    pub fn fired(&mut self, event: &Event) -> Vec<u32> {
        let mut fired = Vec::new();
        let Some(plan) = self.plan(&event.logsources) else {
            self.counts.unrouted += 1;
            return fired;
        };
        let inputs = inputs(event, &self.slots);
        let mut view: Option<View<'_>> = None;
        let mut direct =
            |atom: &crate::ir::Atom| Some(atom_holds(atom, view.get_or_insert_with(|| View::by_name(event))));
        self.runner.run(plan, &inputs, &mut direct, &mut fired);
        fired
    }

    /// Reports an event that is known to fire these rules, and tells correlations of it.
    pub fn take(&mut self, event: &Event, fired: &[u32], hits: &mut Vec<Hit>) {
        self.counts.events += 1;
        let until = self.lateness.map(|lateness| {
            self.watermark = self.watermark.max(event.at.plus_seconds(-lateness.seconds()));
            self.watermark
        });
        for &at in fired {
            let at = at as usize;
            if self.set.rules[at].reported {
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

    fn plan(&mut self, set: &[LogSource]) -> Option<usize> {
        if let Some(plan) = self.plans.get(set) {
            return *plan;
        }
        let rules = self.routes.rules(set);
        let plan = (!rules.is_empty()).then(|| self.runner.add(self.set.program().plan(&rules)));
        if self.plans.len() >= REMEMBERED {
            self.plans.clear();
        }
        self.plans.insert(set.to_vec(), plan);
        plan
    }

    /// Settles all correlations: call it after the last event.
    pub fn finish(&mut self, hits: &mut Vec<Hit>) {
        self.state.finish(hits);
    }

    /// What went through so far.
    pub fn counts(&self) -> EngineCounts {
        EngineCounts { correlations: self.state.counts, evaluated: self.runner.evaluated, ..self.counts }
    }
    /// The rules, for [`Hit::rule`].
    pub fn rules(&self) -> &[Rule] {
        &self.set.rules
    }
}

/// The values of an event by the numbers of their fields.
fn inputs<'e>(event: &'e Event, slots: &HashMap<Arc<str>, u32, ahash::RandomState>) -> Vec<Input<'e>> {
    let slot = |name: &str| slots.get(name).copied().unwrap_or(UNKNOWN);
    let mut inputs = Vec::with_capacity(event.fields.len() + 9);
    for (name, value) in &event.fields {
        inputs.push(Input { slot: slot(name), scalar: Scalar::of(value), searched: true });
    }
    for (name, text) in entities(event) {
        // A field of the event comes before an entity of the same name.
        let slot = slot(name);
        if slot != UNKNOWN && !event.fields.contains_key(name) {
            inputs.push(Input { slot, scalar: Scalar::Text(text), searched: false });
        }
    }
    let raw = raw_is_text(event).then_some(&*event.raw);
    for text in event.message.as_deref().into_iter().chain(raw) {
        inputs.push(Input { slot: UNKNOWN, scalar: Scalar::Text(text), searched: true });
    }
    inputs
}
