//! The form of a pipeline file.

use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub name: Option<String>,
    #[serde(default)]
    pub priority: i64,
    #[serde(default)]
    pub vars: BTreeMap<String, OneOrMore>,
    #[serde(default)]
    pub transformations: Vec<Step>,
    pub postprocessing: Option<serde_yaml_ng::Value>,
    pub finalizers: Option<serde_yaml_ng::Value>,
}

/// A value or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    More(Vec<serde_yaml_ng::Value>),
    One(serde_yaml_ng::Value),
}

impl OneOrMore {
    pub(super) fn values(&self) -> &[serde_yaml_ng::Value] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::More(values) => values,
        }
    }
    pub(super) fn texts(&self) -> Vec<String> {
        self.values().iter().map(text).collect()
    }
}

/// A scalar as it is written.
pub(super) fn text(value: &serde_yaml_ng::Value) -> String {
    match value {
        serde_yaml_ng::Value::String(text) => text.clone(),
        serde_yaml_ng::Value::Number(number) => number.to_string(),
        serde_yaml_ng::Value::Bool(flag) => flag.to_string(),
        _ => String::new(),
    }
}

/// One transformation with the conditions under which it is done.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Step {
    pub id: Option<String>,
    #[serde(flatten)]
    pub act: Act,
    #[serde(default)]
    pub rule_conditions: Vec<RuleCondition>,
    #[serde(default = "and")]
    pub rule_cond_op: String,
    #[serde(default)]
    pub rule_cond_not: bool,
    #[serde(default)]
    pub field_name_conditions: Vec<FieldCondition>,
    #[serde(default = "and")]
    pub field_name_cond_op: String,
    #[serde(default)]
    pub field_name_cond_not: bool,
    #[serde(default)]
    pub detection_item_conditions: Vec<ItemCondition>,
    #[serde(default = "and")]
    pub detection_item_cond_op: String,
    #[serde(default)]
    pub detection_item_cond_not: bool,
}

fn and() -> String {
    "and".to_owned()
}

/// What a transformation does.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Act {
    FieldNameMapping {
        mapping: BTreeMap<String, OneOrMore>,
    },
    FieldNamePrefixMapping {
        mapping: BTreeMap<String, OneOrMore>,
    },
    FieldNamePrefix {
        prefix: String,
    },
    FieldNameSuffix {
        suffix: String,
    },
    DropDetectionItem,
    AddCondition {
        conditions: BTreeMap<String, OneOrMore>,
        name: Option<String>,
        #[serde(default)]
        template: bool,
        #[serde(default)]
        negated: bool,
    },
    ChangeLogsource {
        category: Option<String>,
        product: Option<String>,
        service: Option<String>,
    },
    ReplaceString {
        regex: String,
        replacement: String,
    },
    MapString {
        mapping: BTreeMap<String, OneOrMore>,
    },
    SetValue {
        value: serde_yaml_ng::Value,
    },
    Case {
        method: String,
    },
    AddField {
        field: OneOrMore,
    },
    RemoveField {
        field: OneOrMore,
    },
    SetField {
        fields: Vec<String>,
    },
    SetState {
        key: String,
        val: serde_yaml_ng::Value,
    },
    RuleFailure {
        message: String,
    },
    DetectionItemFailure {
        message: String,
    },
    SetCustomAttribute {},
    /// Lists come from `vars`; placeholders are filled when the rule is compiled.
    ValuePlaceholders {},
    WildcardPlaceholders {},
    Nest {
        items: Vec<Step>,
    },
}

/// A condition on the whole rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum RuleCondition {
    Logsource { category: Option<String>, product: Option<String>, service: Option<String> },
    ContainsDetectionItem { field: String, value: serde_yaml_ng::Value },
    ContainsField { field: String },
    ProcessingItemApplied { processing_item_id: String },
    ProcessingState { key: String, val: serde_yaml_ng::Value },
    Tag { tag: String },
    IsSigmaRule {},
    IsSigmaCorrelationRule {},
}

/// A condition on the name of a field.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum FieldCondition {
    IncludeFields {
        fields: Vec<String>,
        #[serde(default, rename = "mode")]
        by: Option<String>,
    },
    ExcludeFields {
        fields: Vec<String>,
        #[serde(default, rename = "mode")]
        by: Option<String>,
    },
}

/// A condition on a field's values.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ItemCondition {
    MatchString {
        pattern: String,
        cond: Option<String>,
        #[serde(default)]
        negate: bool,
    },
    IsNull {
        cond: Option<String>,
    },
    ProcessingItemApplied {
        processing_item_id: String,
    },
}

impl Step {
    /// What is wrong with it, found before any rule is rewritten.
    pub(super) fn check(&self) -> Result<(), String> {
        let expression = |text: &str| Regex::new(text).map(drop).map_err(|error| error.to_string());
        match &self.act {
            Act::ReplaceString { regex, .. } => expression(regex)?,
            Act::Case { method } if !matches!(method.as_str(), "lower" | "upper") => {
                return Err(format!("'{method}' is no way to write letters; write lower or upper"));
            }
            Act::Nest { items } => items.iter().try_for_each(Self::check)?,
            _ => {}
        }
        for condition in &self.field_name_conditions {
            let (FieldCondition::IncludeFields { fields, by } | FieldCondition::ExcludeFields { fields, by }) =
                condition;
            if by.as_deref() == Some("re") {
                fields.iter().try_for_each(|field| expression(field))?;
            }
        }
        for condition in &self.detection_item_conditions {
            if let ItemCondition::MatchString { pattern, .. } = condition {
                expression(pattern)?;
            }
        }
        let op = |op: &str| matches!(op, "and" | "or");
        if ![&self.rule_cond_op, &self.field_name_cond_op, &self.detection_item_cond_op].iter().all(|o| op(o))
        {
            return Err("conditions are joined with and, or".into());
        }
        Ok(())
    }
}
