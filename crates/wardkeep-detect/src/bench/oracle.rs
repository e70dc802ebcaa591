//! The rsigma library, given the same rules, and events whose mapping and log sources are worked out for it.

use crate::rule::RuleFile;
use rsigma_eval::{Engine, JsonEvent};
use rsigma_parser::parse_sigma_yaml;
use std::collections::HashMap;
use wardkeep_types::event::LogSource;

/// rsigma with a rule set.
pub(super) struct Oracle {
    engine: Engine,
    sources: HashMap<Vec<LogSource>, Vec<rsigma_parser::LogSource>>,
}

impl Oracle {
    /// Loads the files; what rsigma cannot take is left out and counted.
    pub(super) fn new(files: &[RuleFile]) -> (Self, usize) {
        let (mut engine, mut rules, mut refused) = (Engine::new(), Vec::new(), 0);
        for file in files {
            match parse_sigma_yaml(&file.text) {
                Ok(found) => rules.extend(found.rules),
                Err(_) => refused += 1,
            }
        }
        refused += engine.add_rules(&rules).len();
        (Self { engine, sources: HashMap::new() }, refused)
    }
    /// Parses a record and gives the ids of the rules that hold, each once.
    pub(super) fn evaluate(&mut self, record: &str, sources: &[LogSource], ids: &mut Vec<String>) {
        ids.clear();
        let Ok(value) = serde_json::from_str::<serde_json::Value>(record) else { return };
        let event = JsonEvent::borrow(&value);
        if !self.sources.contains_key(sources) {
            self.sources.insert(sources.to_vec(), sources.iter().map(theirs).collect());
        }
        for source in &self.sources[sources] {
            for result in self.engine.evaluate_with_logsource(&event, source) {
                let id = result.header.rule_id.unwrap_or_default().to_lowercase();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
    }
}

fn theirs(source: &LogSource) -> rsigma_parser::LogSource {
    let text = |part: &Option<std::sync::Arc<str>>| part.as_deref().map(str::to_owned);
    rsigma_parser::LogSource {
        category: text(&source.category),
        product: text(&source.product),
        service: text(&source.service),
        ..rsigma_parser::LogSource::default()
    }
}
