//! Applying a compiled mapping to one event.

use super::compile::{Case, Plan, Source};
use super::format::{Copies, Entity};
use std::collections::BTreeMap;
use std::sync::Arc;
use wardkeep_types::event::{Event, FieldValue, LogSource, Name};

pub(super) fn apply(plan: &Plan, event: &mut Event) {
    copy(event, &plan.copy);
    event.logsources = match source(plan, event) {
        Some(source) => of_source(plan, source, event),
        None => plan.set(None, None, 0),
    };
    also(event, &plan.also);
    entities(plan, event);
}

fn source<'p>(plan: &'p Plan, event: &Event) -> Option<&'p Source> {
    plan.keys.iter().find_map(|key| {
        let Some(FieldValue::Text(name)) = event.fields.get(key.as_str()) else { return None };
        let name = if plan.plain_key { plain(name) } else { name.trim() };
        plan.by_key.get(name).or_else(|| plan.by_key.get(&name.to_lowercase())).map(|at| &plan.sources[*at])
    })
}

/// A program's name without path, and without what follows a bracket: `sshd(pam_unix)`, `cron[12]`.
pub(super) fn plain(name: &str) -> &str {
    let name = name.trim().rsplit('/').next().unwrap_or_default();
    name.split(['(', '[']).next().unwrap_or_default().trim()
}

fn of_source(plan: &Plan, source: &Source, event: &mut Event) -> Arc<[LogSource]> {
    if source.unblank {
        unblank(event);
    }
    copy(event, &source.copy);
    let id = plan.event.as_deref().and_then(|field| number(event.fields.get(field)?));
    let cases = id.and_then(|id| source.by_id.get(&id)).map_or(&[][..], |cases| &cases.all);
    // All are judged before any copies.
    let held = cases.iter().enumerate().filter(|(_, case)| fits(case, event));
    let mask = held.fold(0_u64, |mask, (at, _)| mask | 1 << at);
    for (_, case) in cases.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1) {
        copy(event, &case.copy);
        words(event, &case.words);
    }
    plan.set(Some(source), id, mask)
}

fn number(value: &FieldValue) -> Option<i64> {
    match value {
        FieldValue::Int(number) => Some(*number),
        FieldValue::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn fits(case: &Case, event: &Event) -> bool {
    case.when.iter().all(|(field, wanted)| {
        event.text(field).is_some_and(|text| wanted.iter().any(|word| word.eq_ignore_ascii_case(text.trim())))
    })
}

/// Fills fields that are not there. What the record says under a name is never replaced.
fn copy(event: &mut Event, copies: &Copies) {
    for (name, from) in copies {
        if event.fields.contains_key(name.as_str()) {
            continue;
        }
        let value = from.iter().find_map(|from| event.fields.get(from.as_str())).cloned();
        if let Some(value) = value {
            event.fields.insert(name.as_str().into(), value);
        }
    }
}

/// Codes that rules write as words: both are offered.
fn words(event: &mut Event, words: &BTreeMap<String, BTreeMap<String, String>>) {
    for (name, words) in words {
        if let Some(value) = event.fields.get_mut(name.as_str())
            && let FieldValue::Text(code) = value
            && let Some(word) = words.get(code.trim())
        {
            *value = FieldValue::List(vec![FieldValue::from(word.as_str()), value.clone()]);
        }
    }
}

fn also(event: &mut Event, also: &Copies) {
    for (name, from) in also {
        let mut values: Vec<FieldValue> = match event.fields.get(name.as_str()) {
            None => Vec::new(),
            Some(FieldValue::List(values)) => values.clone(),
            Some(value) => vec![value.clone()],
        };
        let before = values.len();
        for value in from.iter().filter_map(|from| event.fields.get(from.as_str())) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        if values.len() > before {
            let value = if values.len() == 1 { values.remove(0) } else { FieldValue::List(values) };
            event.fields.insert(name.as_str().into(), value);
        }
    }
}

fn unblank(event: &mut Event) {
    let blank: Vec<Name> = event.fields.keys().filter(|name| name.contains(' ')).cloned().collect();
    for name in blank {
        let bare = name.split(' ').collect::<String>();
        if let Some(value) = event.fields.get(&name).cloned() {
            event.fields.or_insert_with(bare.into(), || value);
        }
    }
}

fn entities(plan: &Plan, event: &mut Event) {
    for (entity, from) in &plan.entities {
        let known = match entity {
            Entity::Host => &event.host,
            Entity::User => &event.user,
            Entity::SrcIp => &event.src_ip,
            Entity::DstIp => &event.dst_ip,
            Entity::Process => &event.process,
            Entity::Action => &event.action,
        };
        if known.is_some() {
            continue;
        }
        let said = |text: &String| !matches!(text.trim(), "" | "-");
        let value = from.iter().filter_map(|from| event.text(from)).find(said).map(String::into_boxed_str);
        *match entity {
            Entity::Host => &mut event.host,
            Entity::User => &mut event.user,
            Entity::SrcIp => &mut event.src_ip,
            Entity::DstIp => &mut event.dst_ip,
            Entity::Process => &mut event.process,
            Entity::Action => &mut event.action,
        } = value;
    }
}
