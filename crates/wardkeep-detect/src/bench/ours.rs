//! Our side: reading, mapping and matching.

use super::Corpus;
use crate::engine::Engine;
use crate::hit::Hit;
use crate::load::RuleSet;
use std::collections::BTreeSet;
use wardkeep_events::LightMapping;
use wardkeep_intake::{Options, Sink, Source};
use wardkeep_types::event::Event;
use wardkeep_types::record::{Names, Record};

/// Records in, hits counted.
pub(super) struct Streaming {
    engine: Engine,
    mapping: LightMapping<'static>,
    found: Vec<Hit>,
    /// Whether an event is made of every record.
    pub(super) whole: bool,
    /// Hits of single-event rules so far.
    pub(super) hits: u64,
}

impl Streaming {
    pub(super) fn new(set: &RuleSet) -> Self {
        Self {
            engine: Engine::new(set),
            mapping: LightMapping::new(wardkeep_events::logsource::shipped()),
            found: Vec::new(),
            whole: false,
            hits: 0,
        }
    }
    /// Reads records, one a line.
    pub(super) fn read(&mut self, lines: &[u8], corpus: &Corpus) {
        let source = Source::memory(corpus.name.as_str(), corpus.modified(), lines.to_vec());
        // The lines were read before, so nothing is refused.
        let _ = wardkeep_intake::read(source, &Options::default(), self);
    }
}

impl Sink for Streaming {
    fn looks(&self) -> bool {
        !self.whole
    }
    fn wants(&mut self, record: &mut Record, line: &str, names: &mut Names) -> bool {
        let Some(set) = self.mapping.classify(record, line, names) else { return true };
        self.engine.may_fire(record, line, names, &set)
    }
    fn event(&mut self, mut event: Event) {
        wardkeep_events::classify(&mut event);
        self.engine.push(&event, &mut self.found);
        self.hits += self.found.len() as u64;
        self.found.clear();
    }
}

/// The pairs of rule and event that the streaming matcher finds.
pub(super) fn pairs(set: &RuleSet, corpus: &Corpus) -> BTreeSet<(u32, usize)> {
    let mut engine = Engine::new(set);
    let of = |(at, event): (usize, &Event)| {
        engine.fired(event).into_iter().map(move |rule| (rule, at)).collect::<Vec<_>>()
    };
    corpus.events.iter().enumerate().flat_map(of).collect()
}
