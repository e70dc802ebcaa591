//! Whether a transformation is to be done.

use super::apply::Marks;
use super::form::{FieldCondition, ItemCondition, RuleCondition, Step, text};
use regex::Regex;
use rsigma_parser::{Detection, DetectionItem, SigmaRule, SigmaValue};

fn joined(results: impl Iterator<Item = bool>, op: &str, not: bool) -> bool {
    let results: Vec<bool> = results.collect();
    let held = if op == "or" && !results.is_empty() {
        results.iter().any(|r| *r)
    } else {
        results.iter().all(|r| *r)
    };
    held != not
}

/// Whether the rule is one that the step is for.
pub(super) fn rule(step: &Step, rule: &SigmaRule, marks: &Marks) -> bool {
    let one = |condition: &RuleCondition| match condition {
        RuleCondition::Logsource { category, product, service } => {
            let fits = |wanted: &Option<String>, said: &Option<String>| wanted.is_none() || wanted == said;
            let source = &rule.logsource;
            fits(category, &source.category)
                && fits(product, &source.product)
                && fits(service, &source.service)
        }
        RuleCondition::ContainsField { field } => {
            any_item(rule, &|item| item.field.name.as_ref() == Some(field))
        }
        RuleCondition::ContainsDetectionItem { field, value } => any_item(rule, &|item| {
            item.field.name.as_ref() == Some(field) && item.values.iter().any(|v| shown(v) == text(value))
        }),
        RuleCondition::ProcessingItemApplied { processing_item_id } => {
            marks.applied.contains(processing_item_id)
        }
        RuleCondition::ProcessingState { key, val } => {
            marks.state.get(key).is_some_and(|known| *known == text(val))
        }
        RuleCondition::Tag { tag } => rule.tags.iter().any(|known| known == tag),
        RuleCondition::IsSigmaRule {} => true,
        RuleCondition::IsSigmaCorrelationRule {} => false,
    };
    if step.rule_conditions.is_empty() {
        return true;
    }
    joined(step.rule_conditions.iter().map(one), &step.rule_cond_op, step.rule_cond_not)
}

/// Whether the step is for a field of that name.
pub(super) fn field(step: &Step, name: Option<&str>) -> bool {
    let listed = |fields: &[String], by: &Option<String>| {
        let Some(name) = name else { return false };
        if by.as_deref() == Some("re") {
            // Expressions were checked when the pipeline was read.
            return fields.iter().any(|field| Regex::new(field).is_ok_and(|regex| regex.is_match(name)));
        }
        fields.iter().any(|field| field == name)
    };
    let one = |condition: &FieldCondition| match condition {
        FieldCondition::IncludeFields { fields, by } => listed(fields, by),
        FieldCondition::ExcludeFields { fields, by } => !listed(fields, by),
    };
    if step.field_name_conditions.is_empty() {
        return true;
    }
    joined(step.field_name_conditions.iter().map(one), &step.field_name_cond_op, step.field_name_cond_not)
}

/// Whether the step is for a field with such values.
pub(super) fn item(step: &Step, item: &DetectionItem, marks: &Marks) -> bool {
    let quantified = |cond: &Option<String>, test: &dyn Fn(&SigmaValue) -> bool| {
        if cond.as_deref() == Some("all") {
            item.values.iter().all(test)
        } else {
            item.values.iter().any(test)
        }
    };
    let one = |condition: &ItemCondition| match condition {
        ItemCondition::MatchString { pattern, cond, negate } => {
            let Ok(regex) = Regex::new(pattern) else { return false };
            quantified(cond, &|value| regex.is_match(&shown(value))) != *negate
        }
        ItemCondition::IsNull { cond } => quantified(cond, &|value| matches!(value, SigmaValue::Null)),
        ItemCondition::ProcessingItemApplied { processing_item_id } => {
            marks.applied.contains(processing_item_id)
        }
    };
    if step.detection_item_conditions.is_empty() {
        return true;
    }
    joined(
        step.detection_item_conditions.iter().map(one),
        &step.detection_item_cond_op,
        step.detection_item_cond_not,
    )
}

/// A value as it is written in the rule.
pub(super) fn shown(value: &SigmaValue) -> String {
    match value {
        SigmaValue::String(text) => text.original.clone(),
        SigmaValue::Null => String::new(),
        other => other.to_string(),
    }
}

fn any_item(rule: &SigmaRule, test: &dyn Fn(&DetectionItem) -> bool) -> bool {
    fn within(detection: &Detection, test: &dyn Fn(&DetectionItem) -> bool) -> bool {
        match detection {
            Detection::AllOf(items) => items.iter().any(test),
            Detection::AnyOf(parts) | Detection::And(parts) => parts.iter().any(|part| within(part, test)),
            Detection::Keywords(_) | Detection::ArrayMatch { .. } | Detection::Conditional { .. } => false,
        }
    }
    rule.detection.named.values().any(|detection| within(detection, test))
}
