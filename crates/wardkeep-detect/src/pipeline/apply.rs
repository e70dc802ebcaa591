//! Rewriting one rule.

use super::form::{Act, OneOrMore, Step, text};
use super::when;
use regex::Regex;
use rsigma_parser::{ConditionExpr, Detection, DetectionItem, FieldSpec, SigmaRule, SigmaString, SigmaValue};
use std::collections::{BTreeMap, BTreeSet};

/// What earlier steps left behind.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Ids of steps that were done.
    pub applied: BTreeSet<String>,
    pub state: BTreeMap<String, String>,
}

pub(super) fn apply(steps: &[Step], rule: &mut SigmaRule) -> Result<(), String> {
    run(steps, rule, &mut Marks::default(), &mut 0)
}

fn run(steps: &[Step], rule: &mut SigmaRule, marks: &mut Marks, added: &mut usize) -> Result<(), String> {
    for step in steps {
        if !when::rule(step, rule, marks) {
            continue;
        }
        one(step, rule, marks, added)?;
        marks.applied.extend(step.id.clone());
    }
    Ok(())
}

fn one(step: &Step, rule: &mut SigmaRule, marks: &mut Marks, added: &mut usize) -> Result<(), String> {
    match &step.act {
        Act::ChangeLogsource { category, product, service } => {
            rule.logsource.category.clone_from(category);
            rule.logsource.product.clone_from(product);
            rule.logsource.service.clone_from(service);
        }
        Act::AddCondition { conditions, name, template, negated } => {
            *added += 1;
            let name = name.clone().unwrap_or_else(|| format!("_added_{added}"));
            add_condition(rule, conditions, &name, *template, *negated);
        }
        Act::SetState { key, val } => {
            marks.state.insert(key.clone(), text(val));
        }
        Act::RuleFailure { message } => return Err(message.clone()),
        Act::AddField { field } => rule.fields.extend(field.texts()),
        Act::RemoveField { field } => {
            let gone = field.texts();
            rule.fields.retain(|field| !gone.contains(field));
        }
        Act::SetField { fields } => rule.fields.clone_from(fields),
        Act::Nest { items } => run(items, rule, marks, added)?,
        Act::SetCustomAttribute {} | Act::ValuePlaceholders {} | Act::WildcardPlaceholders {} => {}
        act => {
            let named = std::mem::take(&mut rule.detection.named);
            for (name, part) in named {
                if let Some(part) = detection(step, act, part, marks)? {
                    rule.detection.named.insert(name, part);
                } else {
                    // What was dropped as a whole no longer narrows the rule.
                    rule.detection.named.insert(name, Detection::And(Vec::new()));
                }
            }
            let fields = std::mem::take(&mut rule.fields);
            rule.fields = fields
                .into_iter()
                .flat_map(|field| renamed(step, act, &field).unwrap_or_else(|| vec![field]))
                .collect();
        }
    }
    Ok(())
}

fn add_condition(
    rule: &mut SigmaRule,
    conditions: &BTreeMap<String, OneOrMore>,
    name: &str,
    template: bool,
    negated: bool,
) {
    let fill = |text: String| {
        if !template {
            return text;
        }
        let source = &rule.logsource;
        let parts =
            [("$category", &source.category), ("$product", &source.product), ("$service", &source.service)];
        parts.iter().fold(text, |text, (name, part)| text.replace(name, part.as_deref().unwrap_or_default()))
    };
    let items = conditions
        .iter()
        .map(|(field, values)| DetectionItem {
            field: FieldSpec::new(Some(field.clone()), Vec::new()),
            values: values.values().iter().map(|v| value_of(v, &fill)).collect(),
        })
        .collect();
    rule.detection.named.insert(name.to_owned(), Detection::AllOf(items));
    for condition in &mut rule.detection.conditions {
        let part = ConditionExpr::Identifier(name.to_owned());
        let part = if negated { ConditionExpr::Not(Box::new(part)) } else { part };
        let before = std::mem::replace(condition, ConditionExpr::And(Vec::new()));
        *condition = ConditionExpr::And(vec![part, before]);
    }
    let sign = if negated { "not " } else { "" };
    for words in &mut rule.detection.condition_strings {
        *words = format!("{sign}{name} and ({words})");
    }
}

fn value_of(value: &serde_yaml_ng::Value, fill: &dyn Fn(String) -> String) -> SigmaValue {
    match value {
        serde_yaml_ng::Value::Null => SigmaValue::Null,
        serde_yaml_ng::Value::Bool(flag) => SigmaValue::Bool(*flag),
        serde_yaml_ng::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => SigmaValue::Integer(whole),
            (None, float) => SigmaValue::Float(float.unwrap_or_default()),
        },
        other => SigmaValue::String(SigmaString::new(&fill(text(other)))),
    }
}

/// A part after the step; `None` when nothing is left of it.
fn detection(step: &Step, act: &Act, part: Detection, marks: &Marks) -> Result<Option<Detection>, String> {
    Ok(match part {
        Detection::AllOf(items) => {
            let mut parts = Vec::new();
            let mut plain = Vec::new();
            for item in items {
                match changed(step, act, item, marks)?.as_mut_slice() {
                    [] => {}
                    [one] => plain.push(one.clone()),
                    // Several names for one: any of them will do.
                    several => {
                        let any = several.iter().map(|item| Detection::AllOf(vec![item.clone()])).collect();
                        parts.push(Detection::AnyOf(any));
                    }
                }
            }
            match (plain.is_empty(), parts.is_empty()) {
                (true, true) => None,
                (false, true) => Some(Detection::AllOf(plain)),
                (true, false) => Some(Detection::And(parts)),
                (false, false) => {
                    parts.push(Detection::AllOf(plain));
                    Some(Detection::And(parts))
                }
            }
        }
        Detection::AnyOf(list) => join(step, act, list, marks)?.map(Detection::AnyOf),
        Detection::And(list) => join(step, act, list, marks)?.map(Detection::And),
        Detection::Keywords(values) if when::field(step, None) && step.field_name_conditions.is_empty() => {
            Some(Detection::Keywords(values.into_iter().flat_map(|value| values_of(act, value)).collect()))
        }
        other => Some(other),
    })
}

fn join(
    step: &Step,
    act: &Act,
    list: Vec<Detection>,
    marks: &Marks,
) -> Result<Option<Vec<Detection>>, String> {
    let mut kept = Vec::new();
    for part in list {
        kept.extend(detection(step, act, part, marks)?);
    }
    Ok((!kept.is_empty()).then_some(kept))
}

/// A line after the step: none, itself, or one for each new name.
fn changed(
    step: &Step,
    act: &Act,
    mut item: DetectionItem,
    marks: &Marks,
) -> Result<Vec<DetectionItem>, String> {
    if !when::field(step, item.field.name.as_deref()) || !when::item(step, &item, marks) {
        return Ok(vec![item]);
    }
    match act {
        Act::DropDetectionItem => return Ok(Vec::new()),
        Act::DetectionItemFailure { message } => return Err(message.clone()),
        _ => {}
    }
    item.values = item.values.into_iter().flat_map(|value| values_of(act, value)).collect();
    let names = item.field.name.as_deref().and_then(|name| renamed(step, act, name));
    let Some(names) = names else { return Ok(vec![item]) };
    let with = |name: String| {
        let field = FieldSpec::new(Some(name), item.field.modifiers.clone());
        DetectionItem { field, values: item.values.clone() }
    };
    Ok(names.into_iter().map(with).collect())
}

/// The new names of a field, if the step renames it.
fn renamed(step: &Step, act: &Act, name: &str) -> Option<Vec<String>> {
    if !when::field(step, Some(name)) {
        return None;
    }
    match act {
        Act::FieldNameMapping { mapping } => mapping.get(name).map(OneOrMore::texts),
        Act::FieldNamePrefixMapping { mapping } => mapping.iter().find_map(|(prefix, new)| {
            let rest = name.strip_prefix(prefix.as_str())?;
            Some(new.texts().into_iter().map(|new| format!("{new}{rest}")).collect())
        }),
        Act::FieldNamePrefix { prefix } => Some(vec![format!("{prefix}{name}")]),
        Act::FieldNameSuffix { suffix } => Some(vec![format!("{name}{suffix}")]),
        _ => None,
    }
}

/// A value after the step.
fn values_of(act: &Act, value: SigmaValue) -> Vec<SigmaValue> {
    let SigmaValue::String(said) = &value else {
        return match act {
            Act::SetValue { value } => vec![value_of(value, &|text| text)],
            _ => vec![value],
        };
    };
    let made = |text: &str| SigmaValue::String(SigmaString::new(text));
    match act {
        Act::ReplaceString { regex, replacement } => {
            // pySigma writes groups as \1, this engine as ${1}; the expression was checked before.
            let Ok(regex) = Regex::new(regex) else { return vec![value] };
            let replacement = groups(replacement);
            vec![made(&regex.replace_all(&said.original, replacement.as_str()))]
        }
        Act::MapString { mapping } => match mapping.get(&said.original) {
            Some(new) => new.texts().iter().map(|text| made(text)).collect(),
            None => vec![value],
        },
        Act::SetValue { value } => vec![value_of(value, &|text| text)],
        Act::Case { method } if method == "upper" => vec![made(&said.original.to_uppercase())],
        Act::Case { .. } => vec![made(&said.original.to_lowercase())],
        _ => vec![value],
    }
}

fn groups(replacement: &str) -> String {
    let mut out = String::new();
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_digit) => {
                out.push_str("${");
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    out.push(digit);
                }
                out.push('}');
            }
            '$' => out.push_str("$$"),
            c => out.push(c),
        }
    }
    out
}
