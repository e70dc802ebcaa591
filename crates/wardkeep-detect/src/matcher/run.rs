//! Running plans over events.

use super::memo::{MEMO_BYTES, Memo};
use super::plan::FieldPlan;
use super::{Plan, Scratch};
use crate::ir::Atom;
use crate::view::{Looked, Scalar, each_member};
use std::sync::Arc;

/// A value of an event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'e> {
    /// Number of its field; one that no rule knows when it is only searched for keywords.
    pub slot: u32,
    pub scalar: Scalar<'e>,
    /// Whether keywords look at it.
    pub searched: bool,
}

/// What a plan's values satisfied.
#[derive(Debug, Default)]
struct Memos {
    fields: Vec<Memo>,
    anywhere: Memo,
}

/// The working memory of one engine.
#[derive(Debug, Default)]
pub(crate) struct Runner {
    plans: Vec<(Arc<Plan>, Memos)>,
    atoms: Vec<u32>,
    rules: Vec<u32>,
    epoch: u32,
    candidates: Vec<u32>,
    scratch: Scratch,
    found: Vec<u32>,
    leaves: Vec<u32>,
    bytes: usize,
    /// Rules evaluated.
    pub(crate) evaluated: u64,
}

impl Clone for Runner {
    /// A copy begins with empty memory: what it remembers is only a matter of speed.
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        for (plan, _) in &self.plans {
            copy.add(plan.clone());
        }
        copy
    }
}

impl Runner {
    /// Makes a plan known; the number stands for it from then on.
    pub(crate) fn add(&mut self, plan: Arc<Plan>) -> usize {
        if let Some(known) = self.plans.iter().position(|(known, _)| Arc::ptr_eq(known, &plan)) {
            return known;
        }
        let fields = plan.fields.iter().map(|_| Memo::default()).collect();
        if self.atoms.len() < plan.atoms() {
            self.atoms.resize(plan.atoms(), 0);
        }
        if self.rules.len() < plan.rules.len() {
            self.rules.resize(plan.rules.len(), 0);
        }
        self.plans.push((plan, Memos { fields, anywhere: Memo::default() }));
        self.plans.len() - 1
    }

    /// Whether any rule of a plan looks at the field.
    pub(crate) fn looks_at(&self, plan: usize, slot: u32) -> bool {
        let plan = &self.plans[plan].0;
        plan.place(slot).is_some()
            || plan.directs.iter().any(|atom| atom.field.as_ref().is_some_and(|f| f.slot == slot))
    }
    /// Whether any rule of a plan has keywords.
    pub(crate) fn has_keywords(&self, plan: usize) -> bool {
        let plan = &self.plans[plan].0;
        plan.anywhere.is_some() || plan.directs.iter().any(|atom| atom.field.is_none())
    }

    /// Collects in `fired` the rules that hold, in order. A rule for which `direct` could not tell is there too,
    /// and then the answer is false.
    pub(crate) fn run(
        &mut self,
        plan: usize,
        inputs: &[Input<'_>],
        direct: &mut dyn FnMut(&Atom) -> Option<bool>,
        fired: &mut Vec<u32>,
    ) -> bool {
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.atoms.fill(0);
            self.rules.fill(0);
            self.epoch = 1;
        }
        if self.bytes > MEMO_BYTES {
            self.forget();
        }
        let number = plan;
        let (plan, mut memos) = {
            let (plan, memos) = &mut self.plans[number];
            (plan.clone(), std::mem::take(memos))
        };
        self.candidates.clear();
        self.leaves.clear();
        for input in inputs {
            if let Some(place) = plan.place(input.slot) {
                self.field(&plan, &plan.fields[place], &mut memos.fields[place], input.scalar);
            }
            if let Some(anywhere) = &plan.anywhere
                && input.searched
            {
                self.keywords(anywhere, &mut memos.anywhere, input.scalar);
            }
        }
        if let Some(anywhere) = plan.anywhere.as_ref().filter(|_| !self.leaves.is_empty()) {
            let leaves = std::mem::take(&mut self.leaves);
            self.found.clear();
            anywhere.atoms(&leaves, &mut self.found);
            self.leaves = leaves;
            self.wake(&plan);
        }
        let sure = self.decide(&plan, direct, fired);
        self.plans[number].1 = memos;
        sure
    }

    /// Looks a value up, or at it, and wakes the rules that wait for what it satisfies.
    fn field(&mut self, plan: &Plan, field: &FieldPlan, memo: &mut Memo, scalar: Scalar<'_>) {
        self.found.clear();
        match scalar {
            Scalar::Null => return,
            Scalar::Text(text) => {
                if let Some(atoms) = memo.text(text) {
                    self.found.extend_from_slice(atoms);
                } else {
                    self.look(field, scalar);
                    self.bytes += memo.keep_text(text, &self.found);
                }
            }
            Scalar::Int(number) if field.scan.only_numbers() => {
                field.atoms(field.scan.of_number(number), &mut self.found);
            }
            Scalar::Int(number) => {
                if let Some(atoms) = memo.number(number) {
                    self.found.extend_from_slice(atoms);
                } else {
                    self.look(field, scalar);
                    self.bytes += memo.keep_number(number, &self.found);
                }
            }
            Scalar::Bool(_) | Scalar::Float(_) => self.look(field, scalar),
            Scalar::List(items) => {
                let mut leaves = Vec::new();
                each_member(items, &mut |member| {
                    field.scan.look(member, &mut self.scratch);
                    FieldPlan::join(&mut leaves, &self.scratch);
                });
                field.atoms(&leaves, &mut self.found);
            }
        }
        self.wake(plan);
    }
    fn look(&mut self, field: &FieldPlan, scalar: Scalar<'_>) {
        field.scan.look(&Looked::of(scalar), &mut self.scratch);
        field.atoms(&self.scratch.found, &mut self.found);
    }

    fn keywords(&mut self, anywhere: &FieldPlan, memo: &mut Memo, scalar: Scalar<'_>) {
        match scalar {
            Scalar::Null => {}
            Scalar::Text(text) => {
                if let Some(leaves) = memo.text(text) {
                    for leaf in leaves {
                        if !self.leaves.contains(leaf) {
                            self.leaves.push(*leaf);
                        }
                    }
                    return;
                }
                anywhere.scan.look(&Looked::of(scalar), &mut self.scratch);
                FieldPlan::join(&mut self.leaves, &self.scratch);
                self.bytes += memo.keep_text(text, &self.scratch.found);
            }
            Scalar::List(items) => each_member(items, &mut |member| {
                anywhere.scan.look(member, &mut self.scratch);
                FieldPlan::join(&mut self.leaves, &self.scratch);
            }),
            Scalar::Int(_) | Scalar::Float(_) if !anywhere.scan.may_be_number() => {}
            Scalar::Bool(_) | Scalar::Int(_) | Scalar::Float(_) => {
                anywhere.scan.look(&Looked::of(scalar), &mut self.scratch);
                FieldPlan::join(&mut self.leaves, &self.scratch);
            }
        }
    }

    fn wake(&mut self, plan: &Plan) {
        for &atom in &self.found {
            let stamp = &mut self.atoms[atom as usize];
            if *stamp == self.epoch {
                continue;
            }
            *stamp = self.epoch;
            for &rule in plan.wakes(atom) {
                let stamp = &mut self.rules[rule as usize];
                if *stamp != self.epoch {
                    *stamp = self.epoch;
                    self.candidates.push(rule);
                }
            }
        }
    }

    fn decide(
        &mut self,
        plan: &Plan,
        direct: &mut dyn FnMut(&Atom) -> Option<bool>,
        fired: &mut Vec<u32>,
    ) -> bool {
        let (atoms, epoch) = (&self.atoms, self.epoch);
        let atom = |at: u32| atoms[at as usize] == epoch;
        let mut sure = true;
        let start = fired.len();
        for &at in plan.always.iter().chain(&self.candidates) {
            self.evaluated += 1;
            let rule = &plan.rules[at as usize];
            match rule.tree.holds(&atom, &mut |at| direct(&plan.directs[at as usize])) {
                Some(false) => {}
                Some(true) => fired.push(rule.rule),
                None => {
                    sure = false;
                    fired.push(rule.rule);
                }
            }
        }
        fired[start..].sort_unstable();
        sure
    }

    fn forget(&mut self) {
        for (_, memos) in &mut self.plans {
            memos.fields.iter_mut().for_each(Memo::clear);
            memos.anywhere.clear();
        }
        self.bytes = 0;
    }
}
