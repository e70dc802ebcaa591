//! From the parser's tree to our own (`ir`). Whatever cannot be expressed is refused here, with words.

mod condition;
mod item;
mod value;

pub(crate) use condition::condition;

use crate::ir::{Atom, Field, Link, Node};
use crate::placeholder::Placeholders;
use rsigma_parser as sigma;
use rsigma_parser::fieldpath::unescape_brackets;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Why a rule cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct LowerError {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
    /// Text near the fault, to find its line.
    pub near: String,
}

impl LowerError {
    fn new(message: impl Into<String>, remedy: impl Into<String>, near: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: remedy.into(), near: near.into() }
    }
}

/// Numbers the fields of a rule set and collects what placeholders it lacks.
#[derive(Debug, Default)]
pub(crate) struct Lowering<'p> {
    slots: HashMap<Arc<str>, u32>,
    placeholders: Option<&'p Placeholders>,
    /// Placeholders without a list, since the last [`Self::take_unset`].
    unset: BTreeSet<String>,
}

impl<'p> Lowering<'p> {
    pub(crate) fn new(placeholders: &'p Placeholders) -> Self {
        Self { placeholders: Some(placeholders), ..Self::default() }
    }
    /// The field of that name; brackets written as `\[` are plain characters of the name.
    pub(crate) fn field(&mut self, name: &str) -> Field {
        let name = unescape_brackets(name);
        let next = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        if let Some((name, slot)) = self.slots.get_key_value(&*name) {
            return Field { name: name.clone(), slot: *slot };
        }
        let name: Arc<str> = Arc::from(&*name);
        self.slots.insert(name.clone(), next);
        Field { name, slot: next }
    }
    /// All fields met so far, by number.
    pub(crate) fn into_fields(self) -> Vec<Arc<str>> {
        let mut fields: Vec<_> = self.slots.into_iter().collect();
        fields.sort_by_key(|(_, slot)| *slot);
        fields.into_iter().map(|(name, _)| name).collect()
    }
    /// The placeholders that were asked for and have no list.
    pub(crate) fn take_unset(&mut self) -> Vec<String> {
        std::mem::take(&mut self.unset).into_iter().collect()
    }

    /// The whole detection section: the named parts joined by the condition; several conditions are alternatives.
    pub(crate) fn detections(&mut self, detections: &sigma::Detections) -> Result<Node, LowerError> {
        let mut named: Vec<(Arc<str>, Arc<Node>)> = Vec::new();
        // The parser keeps a hash map; sorting makes explanations and hits the same every run.
        let mut names: Vec<_> = detections.named.keys().collect();
        names.sort();
        for name in names {
            let node = self.detection(&detections.named[name]).map_err(|mut error| {
                if error.near.is_empty() {
                    error.near.clone_from(name);
                }
                error
            })?;
            named.push((Arc::from(name.as_str()), Arc::new(node)));
        }
        if named.is_empty() {
            return Err(LowerError::new("the detection has no parts", "add a selection", "detection"));
        }
        let mut alternatives = Vec::new();
        for expression in &detections.conditions {
            let mut lookup = |name: &str| {
                named.iter().find(|(n, _)| &**n == name).map(|(n, node)| Node::Named(n.clone(), node.clone()))
            };
            let names: Vec<&str> = named.iter().map(|(name, _)| &**name).collect();
            alternatives.push(condition(expression, &names, &mut lookup)?);
        }
        Ok(if alternatives.len() == 1 { alternatives.remove(0) } else { Node::Any(alternatives) })
    }

    fn detection(&mut self, detection: &sigma::Detection) -> Result<Node, LowerError> {
        use sigma::Detection as D;
        Ok(match detection {
            D::AllOf(items) => {
                one_or(Node::All, items.iter().map(|i| self.item(i)).collect::<Result<_, _>>()?)
            }
            D::AnyOf(parts) => {
                one_or(Node::Any, parts.iter().map(|d| self.detection(d)).collect::<Result<_, _>>()?)
            }
            D::And(parts) => {
                one_or(Node::All, parts.iter().map(|d| self.detection(d)).collect::<Result<_, _>>()?)
            }
            D::Keywords(values) => {
                let tests = values.iter().map(value::keyword).collect();
                Node::Atom(Atom { field: None, link: Link::Any, tests })
            }
            D::ArrayMatch { field, .. } => {
                return Err(LowerError::new(
                    format!("'{field}' uses the array scopes of Sigma 3"),
                    "write the rule for Sigma 2.1: name the nested field with dots, any member then counts",
                    field,
                ));
            }
            D::Conditional { .. } => {
                return Err(LowerError::new(
                    "a condition inside an array scope belongs to Sigma 3",
                    "write the rule for Sigma 2.1",
                    "condition",
                ));
            }
        })
    }
}

/// A list of one needs no list.
fn one_or(join: fn(Vec<Node>) -> Node, mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1 { nodes.remove(0) } else { join(nodes) }
}
