//! Events in, hits out.

use crate::correlation::{Feed, MOST_ENTRIES, Restored, SavedState, State, StateCounts};
use crate::eval::atom_holds;
use crate::hit::Hit;
use crate::light::{Light, Seen};
use crate::load::RuleSet;
use crate::matcher::{Input, Runner};
use crate::route::Routes;
use crate::rule::{Logic, Rule};
use crate::view::{ENTITY, Scalar, View, entities, raw_is_text};
use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_types::event::{Event, LogSource, Name};
use wardkeep_types::record::{Names, Record};
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
    /// The same by where a shared set lies.
    by_place: HashMap<usize, Placed, ahash::RandomState>,
    slots: Arc<Slots>,
    by_number: ByNumber,
    /// Numbers of the fields that stand for entities.
    entities: Arc<[u32]>,
    light: Light,
    woken: Vec<u32>,
    runner: Runner,
    state: State,
    /// How late events may come before their windows are settled; absent: everything waits for the end.
    lateness: Option<Length>,
    watermark: Moment,
    counts: EngineCounts,
}

/// Sets of log sources whose plan is remembered.
const REMEMBERED: usize = 4_096;
/// A shared set of log sources, and its plan.
type Placed = (Arc<[LogSource]>, Option<usize>);
/// Numbers of fields by name.
pub(crate) type Slots = HashMap<Arc<str>, u32, ahash::RandomState>;
/// A field that no rule looks at.
pub(crate) const UNKNOWN: u32 = u32::MAX;

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
            by_place: HashMap::default(),
            entities: ENTITY
                .iter()
                .filter_map(|name| set.fields.iter().position(|f| **f == **name))
                .map(|at| at as u32)
                .collect(),
            light: Light::default(),
            woken: Vec::new(),
            slots: Arc::new(set.fields.iter().cloned().zip(0..).collect()),
            by_number: ByNumber::default(),
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

    /// Gets ready for events of these sets of log sources: the first event of a set need not wait for its plan.
    pub fn prepare<'s>(&mut self, sets: impl IntoIterator<Item = &'s [LogSource]>) {
        for set in sets {
            self.plan(set);
        }
    }

    /// The places of the single-event rules that the event fires, in order. Correlations hear nothing of it: see
    /// [`Self::take`].
    pub fn fired(&mut self, event: &Event) -> Vec<u32> {
        let mut fired = Vec::new();
        let Some(plan) = self.plan_of(&event.logsources) else {
            self.counts.unrouted += 1;
            return fired;
        };
        let inputs = inputs(event, &self.slots, &mut self.by_number);
        let mut view: Option<View<'_>> = None;
        let mut direct =
            |atom: &crate::ir::Atom| Some(atom_holds(atom, view.get_or_insert_with(|| View::by_name(event))));
        self.runner.run(plan, &inputs, &mut direct, &mut fired);
        fired
    }

    /// Looks at a record that is no event yet. `set` are its log sources, `line` the text it was read from. Records
    /// that fire nothing, and those that fire rules which tell nobody but correlations nothing, are counted as
    /// events; of others the caller makes an event and gives it to [`Self::push`] or [`Self::take`].
    pub fn see(&mut self, record: &Record, line: &str, names: &Names, set: &Arc<[LogSource]>) -> Seen<'_> {
        self.woken.clear();
        let plan = self.plan_of(set);
        if let Some(plan) = plan {
            self.light.learn(names, &self.slots);
            // Entities are worked out for events only.
            if self.entities.iter().any(|slot| self.runner.looks_at(plan, *slot)) {
                return Seen::Unsure;
            }
            let inputs = self.light.inputs(record, line, self.runner.has_keywords(plan));
            let values = self.light.values(record, line);
            self.runner.run(plan, &inputs, &mut |atom| Some(atom_holds(atom, &values)), &mut self.woken);
        }
        if self.woken.is_empty() {
            self.counts.events += 1;
            self.counts.unrouted += u64::from(plan.is_none());
            self.watermark = self.mark(record.at);
            return Seen::Nothing;
        }
        Seen::Fires(&self.woken)
    }

    /// Reports an event that is known to fire these rules, and tells correlations of it.
    pub fn take(&mut self, event: &Event, fired: &[u32], hits: &mut Vec<Hit>) {
        self.counts.events += 1;
        self.watermark = self.mark(event.at);
        let until = self.lateness.map(|_| self.watermark);
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

    /// The watermark after an event of that time.
    fn mark(&self, at: Moment) -> Moment {
        self.lateness
            .map_or(self.watermark, |lateness| self.watermark.max(at.plus_seconds(-lateness.seconds())))
    }

    /// As [`Self::plan`], for sets that come again as the same allocation.
    fn plan_of(&mut self, set: &Arc<[LogSource]>) -> Option<usize> {
        let key = set.as_ptr() as usize;
        if let Some((_, plan)) = self.by_place.get(&key) {
            return *plan;
        }
        let plan = self.plan(set);
        if self.by_place.len() >= REMEMBERED {
            self.by_place.clear();
        }
        // Holding the set keeps its place from being given to another.
        self.by_place.insert(key, (set.clone(), plan));
        plan
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

    /// What correlations remember, to be kept over a restart.
    pub fn save(&self) -> SavedState {
        self.state.save(self.lateness.map(|_| self.watermark.as_micros()))
    }
    /// Takes over what an engine of these or other rules remembered. What no longer fits is left out and counted.
    pub fn restore(&mut self, saved: SavedState) -> Restored {
        if let Some(watermark) = saved.watermark {
            self.watermark = Moment::from_micros(watermark);
        }
        self.state.restore(saved)
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

/// Numbers of fields by the numbers of their names, two more so that zero is where nobody has asked yet and one is
/// [`UNKNOWN`].
#[derive(Debug, Clone, Default)]
struct ByNumber(Vec<u32>);

impl ByNumber {
    fn slot(&mut self, name: &Name, slots: &Slots) -> u32 {
        let slot = || slots.get(&**name).copied().unwrap_or(UNKNOWN);
        let Some(number) = name.number() else { return slot() };
        let at = number as usize;
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        if self.0[at] == 0 {
            self.0[at] = slot().wrapping_add(2);
        }
        self.0[at].wrapping_sub(2)
    }
}

/// The values of an event by the numbers of their fields.
fn inputs<'e>(event: &'e Event, slots: &Slots, by_number: &mut ByNumber) -> Vec<Input<'e>> {
    let slot = |name: &str| slots.get(name).copied().unwrap_or(UNKNOWN);
    let mut inputs = Vec::with_capacity(event.fields.len() + 9);
    for (name, value) in &event.fields {
        inputs.push(Input { slot: by_number.slot(name, slots), scalar: Scalar::of(value), searched: true });
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
