//! Our side: reading, mapping and matching.

use super::Corpus;
use crate::engine::Engine;
use crate::hit::Hit;
use crate::hunt::Hunt;
use crate::light::Seen;
use crate::load::RuleSet;
use std::collections::BTreeSet;
use wardkeep_events::LightMapping;
use wardkeep_intake::{Options, Sink, Source};
use wardkeep_types::columns::{Columns, ColumnsBuilder};
use wardkeep_types::event::Event;
use wardkeep_types::record::{Names, Record};

/// Records in, hits counted.
pub(super) struct Streaming {
    engine: Engine,
    mapping: LightMapping<'static>,
    found: Vec<Hit>,
    /// Events made.
    pub(super) built: u64,
    /// Whether an event is made of every record.
    pub(super) whole: bool,
    /// Hits of single-event rules so far.
    pub(super) hits: u64,
}

impl Streaming {
    pub(super) fn new(set: &RuleSet, corpus: &Corpus) -> Self {
        let mut engine = Engine::new(set);
        engine.prepare(corpus.events.iter().map(|event| &*event.logsources));
        let mapping = LightMapping::new(wardkeep_events::logsource::shipped());
        Self { engine, mapping, found: Vec::new(), built: 0, whole: false, hits: 0 }
    }
    /// Reads records, one a line.
    pub(super) fn read(&mut self, lines: Vec<u8>, corpus: &Corpus) {
        let source = Source::memory(corpus.name.as_str(), wardkeep_types::Moment::EPOCH, lines);
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
        match self.engine.see(record, line, names, &set) {
            Seen::Nothing => false,
            // The pair is all that is asked for; an alert would make the event.
            Seen::Fires(rules) => {
                self.hits += rules.len() as u64;
                false
            }
            Seen::Unsure => true,
        }
    }
    fn event(&mut self, mut event: Event) {
        self.built += 1;
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

/// The pairs that the columnar matcher finds.
pub(super) fn column_pairs(set: &RuleSet, columns: &Columns) -> BTreeSet<(u32, usize)> {
    Hunt::new(set).run(columns).into_iter().map(|(rule, row)| (rule, row as usize)).collect()
}

/// The events of a corpus, copied so often, by column.
pub(super) fn columns(corpus: &Corpus, copies: u32) -> Columns {
    let mut builder = ColumnsBuilder::default();
    let mut record = Vec::new();
    for copy in 0..copies {
        for (event, flat) in corpus.events.iter().zip(&corpus.flat) {
            if copy == 0 {
                builder.push(event);
                continue;
            }
            record.clear();
            super::corpus::vary(flat, copy, &mut record);
            // What was written as fields a moment ago is read as fields again.
            let fields = serde_json::from_slice(&record).unwrap_or_default();
            builder.push(&Event { fields, ..event.clone() });
        }
    }
    builder.finish()
}
