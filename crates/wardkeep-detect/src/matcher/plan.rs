//! The rules of one set of log sources, ready to run.

use super::Tree;
use super::need::{need, often};
use super::program::{ANYWHERE, Merged, Program};
use super::scan::{Scan, Scratch};
use crate::ir::{Atom, Link};
use std::collections::HashMap;

/// An atom that a comparison takes part in.
#[derive(Debug, Clone, Copy)]
struct Use {
    atom: u32,
    /// One such comparison is enough; else so many must hold.
    of: u32,
}

/// One field's comparisons and the atoms they make up.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    pub(crate) scan: Scan,
    uses: Vec<Vec<Use>>,
    /// Numbers of the comparisons within the program.
    pub(crate) leaves: Vec<u32>,
    /// Of keywords, each atom with its comparisons, and whether one of them is enough.
    joins: Vec<(u32, Box<[u32]>, bool)>,
}

/// A rule of the plan.
#[derive(Debug)]
pub(crate) struct Planned {
    /// Its place in the rule set.
    pub(crate) rule: u32,
    pub(crate) tree: Tree,
}

/// The rules of one set of log sources.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) rules: Vec<Planned>,
    /// For each field of the rule set, the place of its comparisons plus one; zero when no rule looks at it.
    places: Box<[u32]>,
    pub(crate) fields: Vec<FieldPlan>,
    /// Keywords.
    pub(crate) anywhere: Option<FieldPlan>,
    /// For each atom, the rules that cannot do without it or one of its siblings.
    wakes: Vec<Box<[u32]>>,
    /// Rules that must be evaluated for every event.
    pub(crate) always: Box<[u32]>,
    /// Atoms that are asked of the whole event.
    pub(crate) directs: Vec<Atom>,
    /// Numbers of the slots with comparisons, for columns.
    pub(crate) slots: Vec<u32>,
}

impl Plan {
    pub(super) fn new(program: &Program, rules: &[u32]) -> Self {
        let mut numbers = Numbers::default();
        let mut directs = Vec::new();
        let mut planned = Vec::new();
        for &rule in rules {
            let Some(tree) = &program.trees[rule as usize] else { continue };
            let tree = tree.map(&mut |atom| numbers.of(atom), &mut |direct| {
                directs.push(program.directs[direct as usize].clone());
                directs.len() as u32 - 1
            });
            planned.push(Planned { rule, tree });
        }
        let merged: Vec<&Merged> = numbers.atoms.iter().map(|atom| &program.atoms[*atom as usize]).collect();
        let guesses: Vec<f64> = merged
            .iter()
            .map(|atom| {
                let tests = atom.leaves.iter().map(|leaf| &program.leaves[*leaf as usize].1);
                often(atom.field.as_deref(), atom.link, tests)
            })
            .collect();
        let mut wakes: Vec<Vec<u32>> = vec![Vec::new(); merged.len()];
        let mut always = Vec::new();
        for (at, rule) in (0_u32..).zip(&planned) {
            match need(&rule.tree, &|atom| guesses[atom as usize]) {
                Some(need) => need.atoms.iter().for_each(|atom| wakes[*atom as usize].push(at)),
                None => always.push(at),
            }
        }
        let mut plan = Self {
            rules: planned,
            places: vec![0; program.fields].into(),
            fields: Vec::new(),
            anywhere: None,
            wakes: wakes.into_iter().map(Vec::into_boxed_slice).collect(),
            always: always.into(),
            directs,
            slots: Vec::new(),
        };
        plan.scans(program, &merged);
        plan
    }

    fn scans(&mut self, program: &Program, merged: &[&Merged]) {
        let mut by_slot: HashMap<u32, Vec<u32>> = HashMap::new();
        for (at, atom) in (0_u32..).zip(merged) {
            by_slot.entry(atom.slot).or_default().push(at);
        }
        let mut slots: Vec<(u32, Vec<u32>)> = by_slot.into_iter().collect();
        slots.sort_unstable();
        for (slot, atoms) in slots {
            let mut places: HashMap<u32, u32> = HashMap::new();
            let (mut tests, mut uses): (Vec<_>, Vec<Vec<Use>>) = (Vec::new(), Vec::new());
            let mut leaves = Vec::new();
            let mut joins = Vec::new();
            for at in atoms {
                let atom = merged[at as usize];
                let mut own = Vec::with_capacity(atom.leaves.len());
                let of = if atom.link == Link::Any { 1 } else { atom.leaves.len() as u32 };
                for leaf in &atom.leaves {
                    let place = *places.entry(*leaf).or_insert_with(|| {
                        tests.push(program.leaves[*leaf as usize].1.clone());
                        uses.push(Vec::new());
                        leaves.push(*leaf);
                        tests.len() as u32 - 1
                    });
                    uses[place as usize].push(Use { atom: at, of });
                    own.push(place);
                }
                if slot == ANYWHERE {
                    joins.push((at, own.into(), atom.link == Link::Any));
                }
            }
            let field = FieldPlan { scan: Scan::new(tests), uses, leaves, joins };
            if slot == ANYWHERE {
                self.anywhere = Some(field);
            } else {
                self.places[slot as usize] = self.fields.len() as u32 + 1;
                self.slots.push(slot);
                self.fields.push(field);
            }
        }
    }

    /// Where the comparisons of a field are.
    pub(crate) fn place(&self, slot: u32) -> Option<usize> {
        (*self.places.get(slot as usize)? as usize).checked_sub(1)
    }
    pub(crate) fn atoms(&self) -> usize {
        self.wakes.len()
    }
    pub(crate) fn wakes(&self, atom: u32) -> &[u32] {
        &self.wakes[atom as usize]
    }
}

impl FieldPlan {
    /// The atoms that hold when exactly these comparisons hold, each once.
    pub(crate) fn atoms(&self, leaves: &[u32], atoms: &mut Vec<u32>) {
        let start = atoms.len();
        let mut partial: Vec<(u32, u32)> = Vec::new();
        for leaf in leaves {
            for one in &self.uses[*leaf as usize] {
                if one.of == 1 {
                    atoms.push(one.atom);
                } else {
                    partial.push((one.atom, one.of));
                }
            }
        }
        partial.sort_unstable();
        for same in partial.chunk_by(|a, b| a.0 == b.0) {
            if same.len() == same[0].1 as usize {
                atoms.push(same[0].0);
            }
        }
        atoms[start..].sort_unstable();
        let mut kept = start;
        for at in start..atoms.len() {
            if at == start || atoms[at] != atoms[kept - 1] {
                atoms[kept] = atoms[at];
                kept += 1;
            }
        }
        atoms.truncate(kept);
    }
    /// Keyword atoms with their comparisons, and whether one of them is enough.
    pub(crate) fn joins(&self) -> &[(u32, Box<[u32]>, bool)] {
        &self.joins
    }
    /// Adds the comparisons that hold for any member of a list, each once.
    pub(crate) fn join(found: &mut Vec<u32>, scratch: &Scratch) {
        for leaf in &scratch.found {
            if !found.contains(leaf) {
                found.push(*leaf);
            }
        }
    }
}

/// Numbers the atoms of a plan as they are met.
#[derive(Default)]
struct Numbers {
    atoms: Vec<u32>,
    places: HashMap<u32, u32>,
}

impl Numbers {
    fn of(&mut self, atom: u32) -> u32 {
        *self.places.entry(atom).or_insert_with(|| {
            self.atoms.push(atom);
            self.atoms.len() as u32 - 1
        })
    }
}
