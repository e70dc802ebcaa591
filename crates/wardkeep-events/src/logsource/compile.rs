//! Mapping files made into lookups.

use super::format::{Copies, Dialects, Entity, File};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use wardkeep_types::event::{Dialect, LogSource};

/// What to do with the events of one dialect.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    pub keys: Vec<String>,
    pub event: Option<String>,
    pub plain_key: bool,
    pub always: Vec<LogSource>,
    pub otherwise: Vec<LogSource>,
    pub entities: Vec<(Entity, Vec<String>)>,
    pub also: Copies,
    pub copy: Copies,
    pub sources: Vec<Source>,
    /// Place of the source by its name in lower case.
    pub by_key: HashMap<String, usize>,
    /// Log sources of events whose source is not listed.
    unlisted: Arc<[LogSource]>,
}

/// One channel, provider or program.
#[derive(Debug, Clone, Default)]
pub(super) struct Source {
    pub logsources: Vec<LogSource>,
    pub unblank: bool,
    pub copy: Copies,
    pub by_id: HashMap<i64, Cases>,
    /// Log sources of its events whose id says nothing.
    plain: Arc<[LogSource]>,
}

/// What an event id may mean.
#[derive(Debug, Clone, Default)]
pub(super) struct Cases {
    pub all: Vec<Case>,
    /// The log sources for each choice of cases, by its bits; empty when there are too many choices.
    sets: Vec<Arc<[LogSource]>>,
}

/// Cases of one event id; the bits of a number tell which of them hold.
const CASES: usize = 64;
/// Cases of one event id whose choices are all worked out beforehand.
const CHOSEN: usize = 5;

/// What an event id means.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub logsource: LogSource,
    pub when: BTreeMap<String, Vec<String>>,
    pub copy: Copies,
    pub words: BTreeMap<String, BTreeMap<String, String>>,
}

impl Plan {
    pub(super) fn logsources(&self) -> impl Iterator<Item = LogSource> + '_ {
        let of_source = |source: &'_ Source| {
            let cases: Vec<_> = source
                .by_id
                .values()
                .flat_map(|cases| &cases.all)
                .map(|case| case.logsource.clone())
                .collect();
            source.logsources.clone().into_iter().chain(cases)
        };
        let general = self.always.iter().chain(&self.otherwise).cloned();
        general.chain(self.sources.iter().flat_map(of_source))
    }
    /// Works out the sets of log sources that events share: after the last file.
    pub(super) fn finish(&mut self) {
        self.unlisted = self.always.iter().chain(&self.otherwise).cloned().collect();
        let mut sources = std::mem::take(&mut self.sources);
        for source in &mut sources {
            source.plain = self.joined(&source.logsources, &[], 0);
            for cases in source.by_id.values_mut().filter(|cases| cases.all.len() <= CHOSEN) {
                let choices = 0..1 << cases.all.len();
                cases.sets = choices.map(|mask| self.joined(&source.logsources, &cases.all, mask)).collect();
            }
        }
        self.sources = sources;
    }
    /// What is always there, then these, then those of the cases that hold, each once, in their order.
    fn joined(&self, of_source: &[LogSource], cases: &[Case], mask: u64) -> Arc<[LogSource]> {
        let mut set: Vec<LogSource> = self.always.iter().chain(of_source).cloned().collect();
        for (at, case) in cases.iter().enumerate() {
            if mask >> at & 1 == 1 && !set.contains(&case.logsource) {
                set.push(case.logsource.clone());
            }
        }
        set.into()
    }
    /// The log sources of a source's event, of whose id those cases hold that `mask` has bits for. Nearly always it
    /// is the same allocation for the same answer.
    pub(super) fn set(&self, source: Option<&Source>, id: Option<i64>, mask: u64) -> Arc<[LogSource]> {
        let Some(source) = source else { return self.unlisted.clone() };
        let Some(cases) = id.and_then(|id| source.by_id.get(&id)).filter(|_| mask != 0) else {
            return source.plain.clone();
        };
        let known = usize::try_from(mask).ok().and_then(|mask| cases.sets.get(mask));
        known.cloned().unwrap_or_else(|| self.joined(&source.logsources, &cases.all, mask))
    }
}

pub(super) fn add(plans: &mut HashMap<Dialect, Plan>, file: &File) -> Result<(), String> {
    let dialects = match &file.dialect {
        Dialects::One(dialect) => std::slice::from_ref(dialect),
        Dialects::Several(dialects) => dialects,
    };
    if let Some(other) = file.always.keys().find(|dialect| !dialects.contains(dialect)) {
        return Err(format!("'always' names {other:?}, which the file is not about"));
    }
    for dialect in dialects {
        add_to(plans.entry(*dialect).or_default(), *dialect, file)?;
    }
    Ok(())
}

fn add_to(plan: &mut Plan, dialect: Dialect, file: &File) -> Result<(), String> {
    plan.keys.extend(file.keys.iter().cloned());
    plan.event = plan.event.take().or_else(|| file.event.clone());
    plan.plain_key |= file.plain_key;
    plan.always.extend(file.always.get(&dialect).into_iter().flatten().cloned());
    plan.otherwise.extend(file.otherwise.iter().cloned());
    plan.entities.extend(file.entities.iter().map(|(entity, fields)| (*entity, fields.clone())));
    plan.also.extend(file.also.clone());
    plan.copy.extend(file.copy.clone());
    for source in file.sources.iter().filter(|source| source.dialect.is_none_or(|only| only == dialect)) {
        let mut compiled = Source {
            logsources: std::iter::once(&source.logsource).chain(&source.logsources).cloned().collect(),
            unblank: source.unblank,
            copy: source.copy.clone(),
            by_id: HashMap::new(),
            plain: Arc::default(),
        };
        for case in &source.events {
            let category = Some(case.category.as_str().into());
            let logsource = LogSource { category, ..source.logsource.clone() };
            for id in &case.id {
                let cases = &mut compiled.by_id.entry(*id).or_default().all;
                if cases.len() >= CASES {
                    return Err(format!("event id {id} has more than {CASES} cases"));
                }
                cases.push(Case {
                    logsource: logsource.clone(),
                    when: case.when.clone(),
                    copy: case.copy.clone(),
                    words: case.words.clone(),
                });
            }
        }
        for name in &source.is {
            let before = plan.by_key.insert(name.to_lowercase(), plan.sources.len());
            if before.is_some() && before != Some(plan.sources.len()) {
                return Err(format!("'{name}' is listed twice"));
            }
        }
        plan.sources.push(compiled);
    }
    Ok(())
}
