//! All rules of a set with their comparisons merged, and the plans made from them.

use super::leaf::{Key, key};
use super::{Plan, Tree};
use crate::ir::{Atom, Link, Node, Test};
use crate::rule::{Logic, Rule};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Stands for the field of keywords.
pub(super) const ANYWHERE: u32 = u32::MAX;

/// An atom that automata decide.
#[derive(Debug)]
pub(super) struct Merged {
    pub slot: u32,
    pub field: Option<Arc<str>>,
    pub link: Link,
    pub leaves: Box<[u32]>,
}

/// The merged form of a rule set.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(super) leaves: Vec<(u32, Test)>,
    pub(super) atoms: Vec<Merged>,
    pub(super) directs: Vec<Atom>,
    pub(super) trees: Vec<Option<Tree>>,
    pub(super) fields: usize,
    /// Plans by the rules in them: many sets of log sources ask for the same rules.
    plans: Mutex<HashMap<Arc<[u32]>, Arc<Plan>>>,
}

#[derive(Default)]
struct Builder {
    program: Program,
    leaves: HashMap<(u32, Key), u32>,
    atoms: HashMap<(u32, Link, Box<[u32]>), u32>,
}

impl Program {
    pub(crate) fn new(rules: &[Rule], fields: usize) -> Self {
        let mut builder = Builder::default();
        builder.program.fields = fields;
        for rule in rules {
            let tree = match &rule.logic {
                Logic::Detection(node) if rule.runnable() => Some(builder.node(node)),
                _ => None,
            };
            builder.program.trees.push(tree);
        }
        builder.program
    }
    /// The plan for these rules.
    pub(crate) fn plan(&self, rules: &Arc<[u32]>) -> Arc<Plan> {
        let known = self.plans.lock().unwrap_or_else(PoisonError::into_inner).get(rules).cloned();
        known.unwrap_or_else(|| {
            let plan = Arc::new(Plan::new(self, rules));
            let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
            plans.entry(rules.clone()).or_insert(plan).clone()
        })
    }
}

impl Builder {
    fn node(&mut self, node: &Node) -> Tree {
        let mut all = |nodes: &[Node]| nodes.iter().map(|node| self.node(node)).collect();
        match node {
            Node::All(nodes) => Tree::All(all(nodes)),
            Node::Any(nodes) => Tree::Any(all(nodes)),
            Node::AtLeast(count, nodes) => Tree::AtLeast(*count, all(nodes)),
            Node::Not(node) => Tree::Not(Box::new(self.node(node))),
            Node::Named(_, node) => self.node(node),
            Node::Atom(atom) => self.atom(atom),
        }
    }
    fn atom(&mut self, atom: &Atom) -> Tree {
        let slot = atom.field.as_ref().map_or(ANYWHERE, |field| field.slot);
        let keys: Option<Vec<Key>> = atom.tests.iter().map(key).collect();
        let Some(keys) = keys.filter(|keys| !keys.is_empty()) else {
            // A mixed list, such as a text or nothing, is split when one of several is enough.
            if atom.link == Link::Any && atom.tests.iter().any(|test| key(test).is_some()) {
                let (plain, rest): (Vec<Test>, Vec<Test>) =
                    atom.tests.iter().cloned().partition(|test| key(test).is_some());
                let part = |tests| Atom { tests, ..atom.clone() };
                return Tree::Any(Box::new([self.atom(&part(plain)), self.direct(part(rest))]));
            }
            return self.direct(atom.clone());
        };
        let mut leaves: Vec<u32> =
            keys.into_iter().zip(&atom.tests).map(|(key, test)| self.leaf(slot, key, test)).collect();
        leaves.sort_unstable();
        leaves.dedup();
        let link = if leaves.len() == 1 { Link::Any } else { atom.link };
        let atoms = &mut self.program.atoms;
        let number =
            *self.atoms.entry((slot, link, leaves.into())).or_insert_with_key(|(slot, link, leaves)| {
                let field = atom.field.as_ref().map(|field| field.name.clone());
                atoms.push(Merged { slot: *slot, field, link: *link, leaves: leaves.clone() });
                atoms.len() as u32 - 1
            });
        Tree::Atom(number)
    }
    fn leaf(&mut self, slot: u32, key: Key, test: &Test) -> u32 {
        let leaves = &mut self.program.leaves;
        *self.leaves.entry((slot, key)).or_insert_with(|| {
            leaves.push((slot, test.clone()));
            leaves.len() as u32 - 1
        })
    }
    fn direct(&mut self, atom: Atom) -> Tree {
        self.program.directs.push(atom);
        Tree::Direct(self.program.directs.len() as u32 - 1)
    }
}
