//! Which atoms a rule cannot do without: when none of them holds, the rule need not be looked at.

use super::Tree;
use crate::ir::{Link, Test};
use crate::pattern::{Pattern, Piece};

/// Atoms one of which must hold, with a guess how often one does.
#[derive(Debug, Clone)]
pub(super) struct Need {
    pub atoms: Vec<u32>,
    often: f64,
}

/// The rarest set of atoms one of which must hold for the tree to hold; `None` when the tree may hold without any.
pub(super) fn need(tree: &Tree, often: &impl Fn(u32) -> f64) -> Option<Need> {
    match tree {
        Tree::Atom(at) => Some(Need { atoms: vec![*at], often: often(*at) }),
        Tree::Direct(_) | Tree::Not(_) | Tree::AtLeast(0, _) => None,
        Tree::All(parts) => {
            parts.iter().filter_map(|part| need(part, often)).min_by(|a, b| a.often.total_cmp(&b.often))
        }
        Tree::Any(parts) | Tree::AtLeast(_, parts) => {
            let mut all = Need { atoms: Vec::new(), often: 0.0 };
            for part in parts {
                let one = need(part, often)?;
                all.atoms.extend(one.atoms);
                all.often += one.often;
            }
            Some(all)
        }
    }
}

/// A guess at the share of events for which an atom holds.
pub(super) fn often<'t>(field: Option<&str>, link: Link, tests: impl Iterator<Item = &'t Test>) -> f64 {
    // Fields that have the same value in nearly every event of a log source.
    let floor: f64 = match field {
        Some("Provider_Name" | "Channel" | "ObjectServer" | "EventType" | "eventSource") => 0.6,
        Some("EventID") => 0.3,
        _ => 0.0,
    };
    let each = tests.map(test);
    let joined = match link {
        Link::Any => each.sum::<f64>(),
        Link::All => each.fold(1.0, f64::min),
    };
    joined.max(floor).min(1.0)
}

fn test(test: &Test) -> f64 {
    match test {
        Test::Text(pattern) => text(pattern),
        Test::Int(_) | Test::Float(_) => 0.05,
        Test::Regex(_) => 0.02,
        Test::Bool(_) | Test::Cidr(_) | Test::Compare(..) | Test::Part(..) => 0.4,
        Test::Null | Test::Exists(_) | Test::Field { .. } | Test::Not(_) => 1.0,
    }
}

fn text(pattern: &Pattern) -> f64 {
    let literal = pattern.necessary_literal().unwrap_or_default();
    // Words of paths say little about what is done.
    let plain = [
        "c:\\windows",
        "\\system32\\",
        "c:\\program files",
        "\\appdata\\",
        "\\users\\",
        ".exe",
        ".dll",
        "\\device\\",
    ];
    let common =
        plain.iter().filter(|word| literal.contains(*word)).map(|word| word.len() - 1).sum::<usize>();
    let length = literal.len().saturating_sub(common).min(24);
    let guess = 0.7_f64.powi(length as i32);
    if matches!(pattern.pieces(), [Piece::Text(_)]) { guess * 0.3 } else { guess }
}

#[cfg(test)]
mod tests {
    use super::{Tree, need};

    #[test]
    fn the_rarest_atoms_are_needed() {
        let often = |at: u32| f64::from(at) / 100.0;
        let atoms = |tree: &Tree| need(tree, &often).map(|need| need.atoms);
        let all = |parts: Vec<Tree>| Tree::All(parts.into());
        let any = |parts: Vec<Tree>| Tree::Any(parts.into());
        let not = |part: Tree| Tree::Not(Box::new(part));
        assert_eq!(atoms(&all(vec![Tree::Atom(9), Tree::Atom(3), not(Tree::Atom(1))])), Some(vec![3]));
        assert_eq!(atoms(&any(vec![Tree::Atom(9), Tree::Atom(3)])), Some(vec![9, 3]));
        assert_eq!(atoms(&any(vec![Tree::Atom(9), not(Tree::Atom(3))])), None);
        assert_eq!(
            atoms(&all(vec![any(vec![Tree::Atom(1), Tree::Atom(2)]), Tree::Atom(5)])),
            Some(vec![1, 2])
        );
        assert_eq!(atoms(&all(vec![])), None);
        assert_eq!(atoms(&any(vec![])), Some(vec![]));
        assert_eq!(atoms(&Tree::AtLeast(2, vec![Tree::Atom(1), Tree::Direct(0)].into())), None);
    }
}
