//! The tree of units.

use std::collections::{BTreeMap, BTreeSet};
use wardkeep_types::Id;

/// Levels that a tree of units may have (`specs/assurance.md` UN-1).
pub const MAX_DEPTH: usize = 8;

/// Why units do not make a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitTreeError {
    /// These units stand above each other in a circle.
    Cycle(Vec<Id>),
    /// This unit would stand deeper than [`MAX_DEPTH`] levels.
    TooDeep(Id),
    /// This unit names a parent that is not there.
    UnknownParent {
        /// The unit.
        unit: Id,
        /// What it names.
        parent: Id,
    },
}

impl std::fmt::Display for UnitTreeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cycle(units) => {
                let names: Vec<String> = units.iter().map(Id::to_string).collect();
                write!(f, "these units stand above each other in a circle: {}", names.join(" -> "))
            }
            Self::TooDeep(unit) => write!(f, "unit {unit} would stand deeper than {MAX_DEPTH} levels"),
            Self::UnknownParent { unit, parent } => {
                write!(f, "unit {unit} names a unit above it that is not there: {parent}")
            }
        }
    }
}

impl std::error::Error for UnitTreeError {}

/// All units and what stands above what. Rights on a unit reach down to everything below it, never up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitTree {
    parents: BTreeMap<Id, Option<Id>>,
    children: BTreeMap<Id, Vec<Id>>,
}

impl UnitTree {
    /// Builds the tree from pairs of unit and parent, in any order.
    pub fn build(pairs: impl IntoIterator<Item = (Id, Option<Id>)>) -> Result<Self, UnitTreeError> {
        let parents: BTreeMap<Id, Option<Id>> = pairs.into_iter().collect();
        let mut children: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for (&unit, &parent) in &parents {
            if let Some(parent) = parent {
                if !parents.contains_key(&parent) {
                    return Err(UnitTreeError::UnknownParent { unit, parent });
                }
                children.entry(parent).or_default().push(unit);
            }
        }
        let tree = Self { parents, children };
        for &unit in tree.parents.keys() {
            tree.check_path(unit)?;
        }
        Ok(tree)
    }
    fn check_path(&self, unit: Id) -> Result<(), UnitTreeError> {
        let mut path = vec![unit];
        let mut at = unit;
        while let Some(parent) = self.parent(at) {
            if let Some(start) = path.iter().position(|u| *u == parent) {
                path.push(parent);
                return Err(UnitTreeError::Cycle(path.split_off(start)));
            }
            path.push(parent);
            at = parent;
        }
        if path.len() > MAX_DEPTH { Err(UnitTreeError::TooDeep(unit)) } else { Ok(()) }
    }
    /// The same tree with `unit` placed below `parent` (added when new), if that still is a tree.
    pub fn with(&self, unit: Id, parent: Option<Id>) -> Result<Self, UnitTreeError> {
        let mut parents = self.parents.clone();
        parents.insert(unit, parent);
        Self::build(parents)
    }
    /// Whether the unit is known.
    pub fn contains(&self, unit: Id) -> bool {
        self.parents.contains_key(&unit)
    }
    /// All units, sorted by id.
    pub fn all(&self) -> impl Iterator<Item = Id> + '_ {
        self.parents.keys().copied()
    }
    /// The unit directly above.
    pub fn parent(&self, unit: Id) -> Option<Id> {
        self.parents.get(&unit).copied().flatten()
    }
    /// Units that stand below none.
    pub fn roots(&self) -> impl Iterator<Item = Id> + '_ {
        self.parents.iter().filter(|(_, parent)| parent.is_none()).map(|(unit, _)| *unit)
    }
    /// The unit and everything above it, nearest first; empty when the unit is unknown.
    pub fn upwards(&self, unit: Id) -> Vec<Id> {
        let start = self.contains(unit).then_some(unit);
        std::iter::successors(start, |at| self.parent(*at)).collect()
    }
    /// The unit and everything below it; empty when the unit is unknown.
    pub fn downwards(&self, unit: Id) -> BTreeSet<Id> {
        let mut found = BTreeSet::new();
        let mut open: Vec<Id> = self.contains(unit).then_some(unit).into_iter().collect();
        while let Some(at) = open.pop() {
            found.insert(at);
            open.extend(self.children.get(&at).into_iter().flatten());
        }
        found
    }
    /// Whether `unit` is `top` or stands below it.
    pub fn is_within(&self, unit: Id, top: Id) -> bool {
        self.upwards(unit).contains(&top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> Id {
        Id::derived(&Id::NIL, name)
    }

    #[test]
    fn a_circle_and_a_stray_parent_are_named() {
        let circle = UnitTree::build([(id("a"), Some(id("b"))), (id("b"), Some(id("a")))]);
        assert!(
            matches!(circle, Err(UnitTreeError::Cycle(units)) if units.len() == 3 && units[0] == units[2])
        );
        let alone = UnitTree::build([(id("a"), Some(id("a")))]);
        assert_eq!(alone, Err(UnitTreeError::Cycle(vec![id("a"), id("a")])));
        let stray = UnitTree::build([(id("a"), Some(id("x")))]);
        assert_eq!(stray, Err(UnitTreeError::UnknownParent { unit: id("a"), parent: id("x") }));
    }

    #[test]
    fn eight_levels_fit_and_nine_do_not() {
        let level = |n: usize| id(&n.to_string());
        let chain = |depth| UnitTree::build((0..depth).map(|n| (level(n), (n > 0).then(|| level(n - 1)))));
        let tree = chain(MAX_DEPTH).unwrap();
        assert_eq!(tree.upwards(level(7)).len(), 8);
        assert_eq!(tree.downwards(level(5)), BTreeSet::from([level(5), level(6), level(7)]));
        assert!(tree.is_within(level(7), level(0)) && !tree.is_within(level(0), level(7)));
        assert_eq!(chain(MAX_DEPTH + 1), Err(UnitTreeError::TooDeep(level(8))));
        assert!(matches!(tree.with(level(0), Some(level(7))), Err(UnitTreeError::Cycle(_))));
    }
}
