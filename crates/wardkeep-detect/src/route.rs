//! Which rules see which events: by log source, and by nothing else (DE-2).

use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_types::event::LogSource;

/// Whether a rule written for `wanted` looks at events of `from`: each part that the rule states must be equal. A
/// rule that states nothing looks at nothing.
pub fn takes(wanted: &LogSource, from: &LogSource) -> bool {
    let fits = |wanted: &Option<Arc<str>>, from: &Option<Arc<str>>| wanted.is_none() || wanted == from;
    *wanted != LogSource::default()
        && fits(&wanted.category, &from.category)
        && fits(&wanted.product, &from.product)
        && fits(&wanted.service, &from.service)
}

/// Distinct sets of log sources that are remembered; an event stream has a few dozen.
const REMEMBERED: usize = 4_096;

/// The rules of each log source.
#[derive(Debug, Clone, Default)]
pub(crate) struct Routes {
    /// What rules are written for, with the rules.
    wanted: Vec<(LogSource, Vec<u32>)>,
    /// Rules by the set of log sources of an event, filled as sets are met.
    by_set: HashMap<Vec<LogSource>, Arc<[u32]>, ahash::RandomState>,
}

impl Routes {
    pub(crate) fn new(rules: impl Iterator<Item = (u32, LogSource)>) -> Self {
        let mut wanted: Vec<(LogSource, Vec<u32>)> = Vec::new();
        let mut places: HashMap<LogSource, usize> = HashMap::new();
        for (rule, source) in rules {
            let place = *places.entry(source.clone()).or_insert_with(|| {
                wanted.push((source, Vec::new()));
                wanted.len() - 1
            });
            wanted[place].1.push(rule);
        }
        Self { wanted, by_set: HashMap::default() }
    }
    /// The rules for an event with this set of log sources, in order and without repeats.
    pub(crate) fn rules(&mut self, set: &[LogSource]) -> Arc<[u32]> {
        if let Some(rules) = self.by_set.get(set) {
            return rules.clone();
        }
        let taken = |wanted: &LogSource| set.iter().any(|from| takes(wanted, from));
        let mut rules: Vec<u32> = self
            .wanted
            .iter()
            .filter(|(wanted, _)| taken(wanted))
            .flat_map(|(_, rules)| rules)
            .copied()
            .collect();
        rules.sort_unstable();
        rules.dedup();
        let rules: Arc<[u32]> = rules.into();
        if self.by_set.len() >= REMEMBERED {
            self.by_set.clear();
        }
        self.by_set.insert(set.to_vec(), rules.clone());
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::{Routes, takes};
    use wardkeep_types::event::LogSource;

    fn source(category: &str, product: &str, service: &str) -> LogSource {
        let part = |text: &str| (!text.is_empty()).then(|| text.into());
        LogSource { category: part(category), product: part(product), service: part(service) }
    }

    #[test]
    fn unknown_is_never_everything() {
        let event = source("process_creation", "windows", "sysmon");
        assert!(takes(&source("process_creation", "windows", ""), &event));
        assert!(takes(&source("", "windows", ""), &event));
        assert!(takes(&source("", "windows", "sysmon"), &event));
        assert!(!takes(&source("process_creation", "linux", ""), &event));
        assert!(!takes(&source("", "windows", "security"), &event));
        assert!(!takes(&source("", "", ""), &event));
        assert!(!takes(&source("process_creation", "windows", ""), &source("", "windows", "")));
    }

    #[test]
    fn a_set_joins_the_rules_of_its_members() {
        let wanted = [("process_creation", ""), ("", "security"), ("", "sysmon"), ("process_creation", "")];
        let rules = wanted.iter().enumerate().map(|(i, (c, s))| (i as u32, source(c, "windows", s)));
        let mut routes = Routes::new(rules);
        let set = [source("process_creation", "windows", "security"), source("", "windows", "security")];
        assert_eq!(*routes.rules(&set), [0, 1, 3]);
        assert!(routes.rules(&[]).is_empty());
    }
}
