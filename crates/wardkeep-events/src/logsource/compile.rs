//! Mapping files made into lookups.

use super::format::{Copies, Dialects, Entity, File};
use std::collections::{BTreeMap, HashMap};
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
}

/// One channel, provider or program.
#[derive(Debug, Clone, Default)]
pub(super) struct Source {
    pub logsources: Vec<LogSource>,
    pub unblank: bool,
    pub copy: Copies,
    pub by_id: HashMap<i64, Vec<Case>>,
}

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
            let cases: Vec<_> = source.by_id.values().flatten().map(|case| case.logsource.clone()).collect();
            source.logsources.clone().into_iter().chain(cases)
        };
        let general = self.always.iter().chain(&self.otherwise).cloned();
        general.chain(self.sources.iter().flat_map(of_source))
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
        };
        for case in &source.events {
            let category = Some(case.category.as_str().into());
            let logsource = LogSource { category, ..source.logsource.clone() };
            for id in &case.id {
                compiled.by_id.entry(*id).or_default().push(Case {
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
