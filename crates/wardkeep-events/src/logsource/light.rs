//! The mapping applied to a record that is no event yet.

use super::Mapping;
use super::apply::plain;
use super::compile::{Plan, Source};
use super::format::Copies;
use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_types::event::{Dialect, FieldValue, LogSource};
use wardkeep_types::record::{Cell, NameId, Names, Record};

/// A mapping with its names as numbers of one [`Names`] table; made anew when the table is another.
#[derive(Debug)]
pub struct LightMapping<'m> {
    mapping: &'m Mapping,
    token: u64,
    plans: HashMap<Dialect, Option<LightPlan>, ahash::RandomState>,
    /// Sets of log sources by dialect, source and the cases of its event id.
    sets: HashMap<SetKey, Arc<[LogSource]>, ahash::RandomState>,
}

type LightCopies = Vec<(NameId, Vec<NameId>)>;

/// Fields that must have one of the words at that place of the case, and what is copied then.
type LightCase = (Vec<(NameId, usize)>, LightCopies);

/// Dialect, place of the source, and the cases of its event id that hold.
type SetKey = (Dialect, Option<usize>, u64);

#[derive(Debug)]
struct LightPlan {
    keys: Vec<NameId>,
    event: Option<NameId>,
    copy: LightCopies,
    sources: Vec<LightSource>,
    /// Place of a source by its name as records write it.
    known: HashMap<Box<str>, Option<usize>, ahash::RandomState>,
}

#[derive(Debug)]
struct LightSource {
    copy: LightCopies,
    /// For each event id, its cases: conditions and copies.
    by_id: HashMap<i64, Vec<LightCase>, ahash::RandomState>,
}

/// Names of sources remembered for one dialect.
const REMEMBERED: usize = 4_096;

impl<'m> LightMapping<'m> {
    /// For records of any table.
    pub fn new(mapping: &'m Mapping) -> Self {
        Self { mapping, token: 0, plans: HashMap::default(), sets: HashMap::default() }
    }

    /// Gives the record the names that rules expect, and says its log sources; `None` when only an event can be
    /// mapped (names with blanks, values of several fields joined).
    pub fn classify(
        &mut self,
        record: &mut Record,
        line: &str,
        names: &mut Names,
    ) -> Option<Arc<[LogSource]>> {
        if self.token != names.token() {
            self.token = names.token();
            self.plans.clear();
        }
        let dialect = record.dialect;
        let Some(plan) = self.mapping.plans.get(&dialect) else { return Some(Arc::default()) };
        let light = self.plans.entry(dialect).or_insert_with(|| LightPlan::new(plan, names)).as_mut()?;
        copy(record, &light.copy);
        let source = light.source(plan, record, line);
        let mut mask = 0_u64;
        if let Some(at) = source {
            mask = of_source(&plan.sources[at], &light.sources[at], light.event, record, line)?;
        }
        let key = (dialect, source, mask);
        if let Some(set) = self.sets.get(&key) {
            return Some(set.clone());
        }
        let of = source.map(|at| &plan.sources[at]);
        let set = plan.set(of, number(record, light.event, line), mask & u64::from(u32::MAX));
        self.sets.insert(key, set.clone());
        Some(set)
    }
}

impl LightPlan {
    fn new(plan: &Plan, names: &mut Names) -> Option<Self> {
        if !plan.also.is_empty() {
            return None;
        }
        let mut sources = Vec::new();
        for source in &plan.sources {
            let mut by_id = HashMap::default();
            for (id, cases) in &source.by_id {
                let mut light = Vec::new();
                for case in &cases.all {
                    let when = case.when.keys().enumerate().map(|(at, name)| Some((names.add(name)?, at)));
                    light.push((when.collect::<Option<Vec<_>>>()?, copies(&case.copy, names)?));
                }
                by_id.insert(*id, light);
            }
            sources.push(LightSource { copy: copies(&source.copy, names)?, by_id });
        }
        let event = match &plan.event {
            Some(name) => Some(names.add(name)?),
            None => None,
        };
        let keys = plan.keys.iter().map(|name| names.add(name)).collect::<Option<_>>()?;
        Some(Self { keys, event, copy: copies(&plan.copy, names)?, sources, known: HashMap::default() })
    }

    fn source(&mut self, plan: &Plan, record: &Record, line: &str) -> Option<usize> {
        self.keys.iter().find_map(|key| {
            let name = record.text(record.get(*key)?, line)?;
            if let Some(known) = self.known.get(name) {
                return *known;
            }
            let bare = if plan.plain_key { plain(name) } else { name.trim() };
            let found = plan.by_key.get(bare).or_else(|| plan.by_key.get(&bare.to_lowercase())).copied();
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            self.known.insert(name.into(), found);
            found
        })
    }
}

fn copies(copies: &Copies, names: &mut Names) -> Option<LightCopies> {
    copies
        .iter()
        .map(|(name, from)| {
            Some((names.add(name)?, from.iter().map(|from| names.add(from)).collect::<Option<_>>()?))
        })
        .collect()
}

fn copy(record: &mut Record, copies: &LightCopies) {
    for (name, from) in copies {
        if record.get(*name).is_none()
            && let Some(cell) = from.iter().find_map(|from| record.get(*from))
        {
            record.put(*name, cell);
        }
    }
}

fn number(record: &Record, event: Option<NameId>, line: &str) -> Option<i64> {
    match record.get(event?)? {
        Cell::Int(number) => Some(number),
        cell => record.text(cell, line)?.trim().parse().ok(),
    }
}

/// Applies what the source asks for. Gives a number that tells which of its cases hold: their places among all cases
/// of the source.
fn of_source(
    source: &Source,
    light: &LightSource,
    event: Option<NameId>,
    record: &mut Record,
    line: &str,
) -> Option<u64> {
    if source.unblank {
        return None;
    }
    copy(record, &light.copy);
    let Some(id) = number(record, event, line) else { return Some(0) };
    let (Some(cases), Some(light_cases)) = (source.by_id.get(&id), light.by_id.get(&id)) else {
        return Some(0);
    };
    let cases = &cases.all;
    if cases.len() > 32 {
        return None;
    }
    let mut mask = 0_u64;
    // All are judged before any copies, as for events.
    for (at, (case, (when, _))) in cases.iter().zip(light_cases).enumerate() {
        let values: Vec<_> = case.when.values().collect();
        let fits = when.iter().all(|(name, of)| {
            let Some(cell) = record.get(*name) else { return false };
            let said = match record.value(cell, line) {
                FieldValue::Null | FieldValue::List(_) => return false,
                value => value.to_string(),
            };
            values[*of].iter().any(|word| word.eq_ignore_ascii_case(said.trim()))
        });
        mask |= u64::from(fits) << at;
    }
    for (at, (case, (_, copies))) in cases.iter().zip(light_cases).enumerate() {
        if mask >> at & 1 == 1 {
            copy(record, copies);
            if !case.words.is_empty() && !words(case, copies, record, line) {
                return None;
            }
        }
    }
    // The id makes the mask of one id differ from that of another.
    Some((id.cast_unsigned() << 32) | mask)
}

/// Codes that rules write as words; false when the name is not among those copied.
fn words(case: &super::compile::Case, copies: &LightCopies, record: &mut Record, line: &str) -> bool {
    for (name, words) in &case.words {
        // Copies are in the order of their names.
        let Some(at) = case.copy.keys().position(|copied| copied == name) else { return false };
        let name = copies[at].0;
        let Some(cell) = record.get(name) else { continue };
        let Some(code) = record.text(cell, line) else { continue };
        if let Some(word) = words.get(code.trim()) {
            let list = vec![FieldValue::from(word.as_str()), FieldValue::from(code)];
            record.lists.push(list);
            let at = record.lists.len() as u32 - 1;
            record.set(name, Cell::List(at));
        }
    }
    true
}
