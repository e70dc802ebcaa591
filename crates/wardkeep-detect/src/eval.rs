//! Whether a rule's logic holds for an event.

use crate::ir::{Atom, Link, Node, Place, Test};
use crate::pattern::{Pattern, same_text};
use crate::view::{Looked, Scalar, Values, any_member};
use std::borrow::Cow;

/// Whether the node holds.
pub(crate) fn holds(node: &Node, view: &dyn Values) -> bool {
    match node {
        Node::All(nodes) => nodes.iter().all(|node| holds(node, view)),
        Node::Any(nodes) => nodes.iter().any(|node| holds(node, view)),
        Node::AtLeast(count, nodes) => {
            *count == 0 || nodes.iter().filter(|node| holds(node, view)).take(*count).count() == *count
        }
        Node::Not(node) => !holds(node, view),
        Node::Named(_, node) => holds(node, view),
        Node::Atom(atom) => atom_holds(atom, view),
    }
}

/// Whether the comparison holds.
pub(crate) fn atom_holds(atom: &Atom, view: &dyn Values) -> bool {
    let joined = |one: &mut dyn FnMut(&Test) -> bool| match atom.link {
        Link::Any => atom.tests.iter().any(one),
        Link::All => !atom.tests.is_empty() && atom.tests.iter().all(one),
    };
    let Some(field) = &atom.field else {
        return joined(&mut |test| view.any_text(&mut |text| scalar_holds(test, text, view)));
    };
    let mut result = false;
    view.with(field, &mut |found| result = joined(&mut |test| value_holds(test, found, view)));
    result
}

/// Whether one test holds for the value found, if any. A list satisfies a test when any member does.
pub(crate) fn value_holds(test: &Test, found: Option<&Looked<'_>>, view: &dyn Values) -> bool {
    let Some(value) = found else {
        return matches!(test, Test::Null | Test::Exists(false));
    };
    match (test, value.scalar) {
        (Test::Exists(wanted), _) => *wanted,
        (Test::Null, Scalar::List(items)) => items.is_empty(),
        (Test::Not(inner), Scalar::List(items)) => {
            !items.is_empty() && !any_member(items, &mut |member| scalar_holds(inner, member, view))
        }
        (_, Scalar::List(items)) => any_member(items, &mut |member| scalar_holds(test, member, view)),
        _ => scalar_holds(test, value, view),
    }
}

fn scalar_holds(test: &Test, value: &Looked<'_>, view: &dyn Values) -> bool {
    match test {
        Test::Field { .. } | Test::Not(_) if matches!(value.scalar, Scalar::Null) => false,
        Test::Field { other, place, cased, negated } => {
            let mut equal = None;
            view.with(other, &mut |other| {
                equal = other.and_then(|other| match other.scalar {
                    Scalar::Null => None,
                    Scalar::List(items) => {
                        Some(any_member(items, &mut |member| placed(value, member, *place, *cased)))
                    }
                    _ => Some(placed(value, other, *place, *cased)),
                });
            });
            equal.is_some_and(|equal| equal != *negated)
        }
        Test::Not(inner) => !scalar_holds(inner, value, view),
        test => value_holds_alone(test, value),
    }
}

/// Whether a test that looks at nothing but the value holds for one that is no list.
pub(crate) fn value_holds_alone(test: &Test, value: &Looked<'_>) -> bool {
    match test {
        Test::Null => matches!(value.scalar, Scalar::Null),
        Test::Exists(wanted) => *wanted,
        _ if matches!(value.scalar, Scalar::Null) => false,
        Test::Text(pattern) => fits(pattern, value),
        Test::Int(wanted) => match value.scalar {
            Scalar::Int(i) => i == *wanted,
            Scalar::Text(text) => text.trim().parse() == Ok(*wanted),
            _ => value.number() == Some(*wanted as f64),
        },
        Test::Float(wanted) => value.number() == Some(*wanted),
        Test::Bool(wanted) => match value.scalar {
            Scalar::Bool(b) => b == *wanted,
            Scalar::Text(text) => text.trim().eq_ignore_ascii_case(if *wanted { "true" } else { "false" }),
            _ => false,
        },
        Test::Regex(regex) => {
            let text = value.text();
            regex.is_match(text) || trimmed(text).is_some_and(|text| regex.is_match(text))
        }
        Test::Cidr(block) => block.holds_text(value.text()),
        Test::Compare(order, wanted) => value.number().is_some_and(|number| order.holds(&number, wanted)),
        Test::Part(part, order, wanted) => {
            part.of_text(value.text()).is_some_and(|number| order.holds(&number, wanted))
        }
        Test::Field { .. } | Test::Not(_) => false,
    }
}

/// Trailing blanks, which some writers of logs add, must not hide a match at the end (EV-2a).
fn trimmed(text: &str) -> Option<&str> {
    let bare = text.trim_end();
    (bare.len() < text.len()).then_some(bare)
}

fn fits(pattern: &Pattern, value: &Looked<'_>) -> bool {
    let text = if pattern.cased() { value.text() } else { value.folded() };
    pattern.fits(text) || (pattern.anchored_at_end() && trimmed(text).is_some_and(|text| pattern.fits(text)))
}

fn placed(value: &Looked<'_>, other: &Looked<'_>, place: Place, cased: bool) -> bool {
    if place == Place::Whole && !cased {
        return same_text(value.text().trim_end(), other.text().trim_end());
    }
    let text = |looked: &Looked<'_>| -> Cow<'_, str> {
        let text = if cased { looked.text() } else { looked.folded() };
        Cow::Owned(text.trim_end().to_owned())
    };
    let (value, other) = (text(value), text(other));
    match place {
        Place::Whole => value == other,
        Place::Inside => value.contains(&*other),
        Place::Start => value.starts_with(&*other),
        Place::End => value.ends_with(&*other),
    }
}
