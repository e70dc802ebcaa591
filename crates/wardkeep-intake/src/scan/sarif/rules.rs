//! The rules of a run, and what a result takes from them.

use crate::scan::words;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// One rule.
#[derive(Debug, Default)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(super) level: Option<String>,
    pub(super) security_severity: Option<String>,
    pub(super) cwe: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) solution: Option<String>,
    /// Texts of messages by their id.
    pub(super) messages: BTreeMap<String, String>,
}

/// All rules of a run; those of the driver first.
#[derive(Debug, Default)]
pub(super) struct Rules {
    all: Vec<Rule>,
    by_id: HashMap<String, usize>,
    /// Where each component's rules begin: the driver, then the extensions.
    starts: Vec<usize>,
}

impl Rules {
    pub(super) fn begin_component(&mut self) {
        self.starts.push(self.all.len());
    }
    pub(super) fn add(&mut self, value: Option<&Value>) {
        let rule = value.map(read).unwrap_or_default();
        let index = self.all.len();
        self.by_id.entry(rule.id.clone()).or_insert(index);
        self.all.push(rule);
    }
    /// By id; an id with a slash may name a rule by its front part. By index when there is no id.
    pub(super) fn find(&self, id: &str, component: Option<usize>, index: Option<usize>) -> Option<&Rule> {
        if id.is_empty() {
            let start = self.starts.get(component.map_or(0, |extension| extension + 1))?;
            return self.all.get(start + index?);
        }
        let mut front = id;
        loop {
            if let Some(index) = self.by_id.get(front) {
                return self.all.get(*index);
            }
            front = front.rsplit_once('/')?.0;
        }
    }
}

/// A string or number as text.
pub(super) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A member reached by a path of names.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    value.pointer(path)
}

fn read(value: &Value) -> Rule {
    let properties = value.get("properties");
    let tags: Vec<String> = properties
        .and_then(|p| p.get("tags"))
        .and_then(Value::as_array)
        .map(|tags| tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect())
        .unwrap_or_default();
    let related = value.get("relationships").and_then(Value::as_array);
    let related = related.and_then(|all| all.iter().find_map(|r| taxon(r.get("target")?)));
    let stated = properties.and_then(|p| p.get("cwe"));
    let stated = match stated {
        Some(Value::Array(all)) => all.first().and_then(|first| text(Some(first))),
        other => text(other),
    };
    let messages = value.get("messageStrings").and_then(Value::as_object);
    Rule {
        id: text(value.get("id")).unwrap_or_default(),
        title: text(at(value, "/shortDescription/text"))
            .or_else(|| text(value.get("name")))
            .or_else(|| text(at(value, "/fullDescription/text"))),
        level: text(at(value, "/defaultConfiguration/level")),
        security_severity: properties.and_then(|p| text(p.get("security-severity"))),
        cwe: tags
            .iter()
            .filter(|tag| tag.to_ascii_lowercase().contains("cwe"))
            .find_map(|tag| words::cwe(tag))
            .or(related)
            .or_else(|| stated.and_then(|text| words::cwe(&text))),
        tags,
        solution: text(at(value, "/help/text")).or_else(|| text(value.get("helpUri"))),
        messages: messages
            .map(|all| all.iter().filter_map(|(id, m)| Some((id.clone(), text(m.get("text"))?))).collect())
            .unwrap_or_default(),
    }
}

/// A reference to a CWE entry.
pub(super) fn taxon(value: &Value) -> Option<String> {
    let component = at(value, "/toolComponent/name").and_then(Value::as_str).unwrap_or_default();
    let id = text(value.get("id"))?;
    let is_cwe = component.eq_ignore_ascii_case("cwe") || id.to_ascii_lowercase().starts_with("cwe");
    if is_cwe { words::cwe(&id) } else { None }
}
