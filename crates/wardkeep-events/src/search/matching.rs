//! Answering a question for one event: for the live tail, for what is not yet in a file, and to test the store by.

use super::ast::{Expr, FieldName, Known, Search};
use super::check::Check;
use wardkeep_types::Moment;
use wardkeep_types::event::Event;

/// A question made ready for many events.
#[derive(Debug, Clone)]
pub struct Matching {
    filter: Node,
    from: Option<Moment>,
    to: Option<Moment>,
}

#[derive(Debug, Clone)]
enum Node {
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Term(Option<FieldName>, Check),
}

impl Matching {
    /// Makes a question ready; `now` is what its period counts from.
    pub fn new(search: &Search, now: Moment) -> Self {
        let (from, to) = search.window.resolve(now);
        Self { filter: node(&search.filter), from, to }
    }
    /// Whether the event is one of those that were asked for.
    pub fn matches(&self, event: &Event) -> bool {
        self.from.is_none_or(|from| event.at >= from)
            && self.to.is_none_or(|to| event.at < to)
            && holds(&self.filter, event)
    }
}

fn node(expr: &Expr) -> Node {
    match expr {
        Expr::All => Node::All,
        Expr::And(parts) => Node::And(parts.iter().map(node).collect()),
        Expr::Or(parts) => Node::Or(parts.iter().map(node).collect()),
        Expr::Not(inner) => Node::Not(Box::new(node(inner))),
        Expr::Term(term) => Node::Term(term.field.clone(), Check::of(term)),
    }
}

fn holds(node: &Node, event: &Event) -> bool {
    match node {
        Node::All => true,
        Node::And(parts) => parts.iter().all(|part| holds(part, event)),
        Node::Or(parts) => parts.iter().any(|part| holds(part, event)),
        Node::Not(inner) => !holds(inner, event),
        Node::Term(field, check) => passes(field.as_ref(), check, event),
    }
}

fn passes(field: Option<&FieldName>, check: &Check, event: &Event) -> bool {
    let some = |text: &Option<Box<str>>| text.as_deref().is_some_and(|text| check.plain(text));
    let known = match field {
        None => return check.plain(&event.raw) || some(&event.message),
        Some(FieldName::Other(name)) => {
            let mut named = event.fields.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
            return named.any(|(_, value)| check.value(value));
        }
        Some(FieldName::Known(known)) => known,
    };
    match known {
        Known::Host => some(&event.host),
        Known::User => some(&event.user),
        Known::SrcIp => some(&event.src_ip),
        Known::DstIp => some(&event.dst_ip),
        Known::Ip => some(&event.src_ip) || some(&event.dst_ip),
        Known::Process => some(&event.process),
        Known::Action => some(&event.action),
        Known::Outcome => some(&event.outcome),
        Known::Message => some(&event.message),
        Known::Hash => check.plain(&crate::store::hashes_in(&event.raw)),
        Known::Raw => check.plain(&event.raw),
        Known::Source => check.plain(&event.source),
        Known::Dialect => check.plain(crate::store::dialect_key(event.dialect)),
        Known::LogSource => check.plain(&serde_json::to_string(&event.logsources).unwrap_or_default()),
        Known::Id => check.plain(&event.id.to_string()),
    }
}
