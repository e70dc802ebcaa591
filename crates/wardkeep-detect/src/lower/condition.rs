//! Condition expressions.

use super::LowerError;
use crate::ir::Node;
use rsigma_parser::{ConditionExpr, Quantifier};

/// Lowers an expression over named parts. `lookup` gives the node of a name.
pub(crate) fn condition(
    expression: &ConditionExpr,
    names: &[&str],
    lookup: &mut dyn FnMut(&str) -> Option<Node>,
) -> Result<Node, LowerError> {
    let mut list = |parts: &[ConditionExpr]| -> Result<Vec<Node>, LowerError> {
        parts.iter().map(|part| condition(part, names, lookup)).collect()
    };
    Ok(match expression {
        ConditionExpr::And(parts) => Node::All(list(parts)?),
        ConditionExpr::Or(parts) => Node::Any(list(parts)?),
        ConditionExpr::Not(part) => Node::Not(Box::new(condition(part, names, lookup)?)),
        ConditionExpr::Identifier(name) => lookup(name).ok_or_else(|| {
            let known = names.join(", ");
            LowerError::new(
                format!("the condition names '{name}', which does not exist"),
                format!("use one of: {known}"),
                "condition",
            )
        })?,
        ConditionExpr::Selector { quantifier, pattern } => {
            let chosen: Vec<Node> = names
                .iter()
                .filter(|name| pattern.matches_detection_name(name))
                .filter_map(|name| lookup(name))
                .collect();
            if chosen.is_empty() {
                return Err(LowerError::new(
                    format!("'{quantifier} of {pattern}' fits no part of the rule"),
                    format!("use one of: {}", names.join(", ")),
                    "condition",
                ));
            }
            match quantifier {
                Quantifier::Any | Quantifier::Count(1) => Node::Any(chosen),
                Quantifier::All => Node::All(chosen),
                Quantifier::Count(count) => {
                    Node::AtLeast(usize::try_from(*count).unwrap_or(usize::MAX), chosen)
                }
            }
        }
    })
}
