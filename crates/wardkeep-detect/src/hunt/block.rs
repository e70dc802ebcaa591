//! A plan over blocks of rows.

use super::BLOCK;
use super::keywords::Found;
use super::row::{Row, columns_of};
use crate::eval::atom_holds;
use crate::matcher::{FieldPlan, Plan, Scratch, Tree};
use crate::view::{Looked, Scalar, each_member};
use ahash::RandomState;
use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_types::columns::{Column, Columns};
use wardkeep_types::event::FieldValue;

const WORDS: usize = BLOCK / 64;

/// One bit a row.
type Bits = [u64; WORDS];

/// What a distinct value satisfies: a run of numbers, once it was looked at.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

/// Not looked at yet.
const UNSEEN: Span = Span { start: u32::MAX, end: 0 };

/// What values satisfy, by place of the value.
enum Spans {
    /// One for each value.
    All(Vec<Span>),
    /// Of those met: for few rows of a column with many values.
    Met(HashMap<u32, Span, RandomState>),
}

/// A column with what its values satisfy.
struct Watched<'c> {
    column: &'c Column,
    /// Place of the comparisons within the plan.
    place: usize,
    spans: Spans,
    numbers: Vec<u32>,
}

impl Watched<'_> {
    /// The atoms that a value satisfies, as a run of `numbers`.
    fn span(&mut self, code: usize, field: &FieldPlan, scratch: &mut Scratch) -> Span {
        let known = match &self.spans {
            Spans::All(spans) => spans[code],
            Spans::Met(spans) => spans.get(&(code as u32)).copied().unwrap_or(UNSEEN),
        };
        if known.start != u32::MAX {
            return known;
        }
        let start = self.numbers.len() as u32;
        satisfied(field, &self.column.values[code], scratch, &mut self.numbers);
        let span = Span { start, end: self.numbers.len() as u32 };
        match &mut self.spans {
            Spans::All(spans) => spans[code] = span,
            Spans::Met(spans) => {
                spans.insert(code as u32, span);
            }
        }
        span
    }
}

/// Bits by number, emptied when first touched in a block.
struct Board {
    bits: Vec<Bits>,
    epochs: Vec<u32>,
    touched: Vec<u32>,
}

impl Board {
    fn new(count: usize) -> Self {
        Self { bits: vec![[0; WORDS]; count], epochs: vec![0; count], touched: Vec::new() }
    }
    fn of(&mut self, at: u32, epoch: u32) -> &mut Bits {
        let place = at as usize;
        if self.epochs[place] != epoch {
            self.epochs[place] = epoch;
            self.bits[place] = [0; WORDS];
            self.touched.push(at);
        }
        &mut self.bits[place]
    }
    fn get(&self, at: u32, epoch: u32) -> Option<&Bits> {
        (self.epochs[at as usize] == epoch).then(|| &self.bits[at as usize])
    }
}

/// A plan bound to columns.
pub(super) struct Block<'c> {
    plan: &'c Plan,
    columns: &'c Columns,
    watched: Vec<Watched<'c>>,
    atoms: Board,
    keywords: &'c Found,
    masks: Board,
    epoch: u32,
    scratch: Scratch,
}

impl<'c> Block<'c> {
    pub(super) fn new(
        plan: &'c Plan,
        columns: &'c Columns,
        fields: &[Arc<str>],
        keywords: &'c Found,
        rows: usize,
    ) -> Self {
        let mut watched = Vec::new();
        for (place, slot) in plan.slots.iter().enumerate() {
            for column in columns_of(columns, &fields[*slot as usize]).into_iter().flatten() {
                let spans = if column.values.len() > rows * 2 {
                    Spans::Met(HashMap::default())
                } else {
                    Spans::All(vec![UNSEEN; column.values.len()])
                };
                watched.push(Watched { column, place, spans, numbers: Vec::new() });
            }
        }
        Self {
            plan,
            columns,
            watched,
            atoms: Board::new(plan.atoms()),
            keywords,
            masks: Board::new(plan.rules.len()),
            epoch: 0,
            scratch: Scratch::default(),
        }
    }

    /// Adds the pairs of these rows, at most [`BLOCK`].
    pub(super) fn run(&mut self, rows: &[u32], pairs: &mut Vec<(u32, u32)>) {
        self.epoch += 1;
        self.atoms.touched.clear();
        self.masks.touched.clear();
        for watched in &mut self.watched {
            let field = &self.plan.fields[watched.place];
            for (at, row) in rows.iter().enumerate() {
                let code = watched.column.codes.get(*row as usize).copied().unwrap_or(0) as usize;
                let Some(code) = code.checked_sub(1) else { continue };
                let span = watched.span(code, field, &mut self.scratch);
                for number in &watched.numbers[span.start as usize..span.end as usize] {
                    self.atoms.of(*number, self.epoch)[at / 64] |= 1 << (at % 64);
                }
            }
        }
        self.find_keywords(rows);
        self.decide(rows, pairs);
    }

    /// Keywords may stand in different values, so they are joined only now.
    fn find_keywords(&mut self, rows: &[u32]) {
        let Some(anywhere) = &self.plan.anywhere else { return };
        for (atom, leaves, any) in anywhere.joins() {
            let mut joined: Option<Bits> = None;
            for leaf in leaves {
                let bits = bits_of(self.keywords.get(&anywhere.leaves[*leaf as usize]), rows);
                joined = Some(match joined {
                    None => bits,
                    Some(before) if *any => std::array::from_fn(|i| before[i] | bits[i]),
                    Some(before) => std::array::from_fn(|i| before[i] & bits[i]),
                });
            }
            if let Some(bits) = joined.filter(|bits| bits.iter().any(|word| *word != 0)) {
                *self.atoms.of(*atom, self.epoch) = bits;
            }
        }
    }

    fn decide(&mut self, rows: &[u32], pairs: &mut Vec<(u32, u32)>) {
        for atom in &self.atoms.touched {
            let bits = &self.atoms.bits[*atom as usize];
            for rule in self.plan.wakes(*atom) {
                let mask = self.masks.of(*rule, self.epoch);
                mask.iter_mut().zip(bits).for_each(|(mask, bits)| *mask |= bits);
            }
        }
        let mut all = [0; WORDS];
        (0..rows.len()).for_each(|at| all[at / 64] |= 1 << (at % 64));
        let woken = self.masks.touched.iter().map(|rule| (*rule, &self.masks.bits[*rule as usize]));
        for (rule, mask) in woken.chain(self.plan.always.iter().map(|rule| (*rule, &all))) {
            let planned = &self.plan.rules[rule as usize];
            let held = self.holds(&planned.tree, mask, rows);
            each(&held, |at| pairs.push((planned.rule, rows[at])));
        }
    }

    /// Those rows of `mask` for which the tree holds.
    fn holds(&self, tree: &Tree, mask: &Bits, rows: &[u32]) -> Bits {
        match tree {
            Tree::Atom(atom) => match self.atoms.get(*atom, self.epoch) {
                Some(bits) => std::array::from_fn(|i| bits[i] & mask[i]),
                None => [0; WORDS],
            },
            Tree::Direct(direct) => {
                let atom = &self.plan.directs[*direct as usize];
                let mut held = [0; WORDS];
                each(mask, |at| {
                    let row = Row { columns: self.columns, row: rows[at] as usize };
                    held[at / 64] |= u64::from(atom_holds(atom, &row)) << (at % 64);
                });
                held
            }
            Tree::Not(part) => {
                let held = self.holds(part, mask, rows);
                std::array::from_fn(|i| mask[i] & !held[i])
            }
            Tree::All(parts) => {
                let mut left = *mask;
                for part in parts {
                    if left.iter().all(|word| *word == 0) {
                        break;
                    }
                    left = self.holds(part, &left, rows);
                }
                left
            }
            Tree::Any(parts) => {
                let (mut held, mut left) = ([0; WORDS], *mask);
                for part in parts {
                    if left.iter().all(|word| *word == 0) {
                        break;
                    }
                    let more = self.holds(part, &left, rows);
                    for i in 0..WORDS {
                        held[i] |= more[i];
                        left[i] &= !more[i];
                    }
                }
                held
            }
            Tree::AtLeast(count, parts) => {
                let parts: Vec<Bits> = parts.iter().map(|part| self.holds(part, mask, rows)).collect();
                let mut held = [0; WORDS];
                each(mask, |at| {
                    let there = parts.iter().filter(|bits| bits[at / 64] >> (at % 64) & 1 == 1).count();
                    held[at / 64] |= u64::from(there >= *count) << (at % 64);
                });
                held
            }
        }
    }
}

/// The rows of a block that are among those found; both are in order.
fn bits_of(found: Option<&Vec<u32>>, rows: &[u32]) -> Bits {
    let mut bits = [0; WORDS];
    let (Some(found), Some(first), Some(last)) = (found, rows.first(), rows.last()) else { return bits };
    let start = found.partition_point(|row| row < first);
    for row in found[start..].iter().take_while(|row| *row <= last) {
        if let Ok(at) = rows.binary_search(row) {
            bits[at / 64] |= 1 << (at % 64);
        }
    }
    bits
}

/// Visits the rows whose bit is set.
fn each(bits: &Bits, mut visit: impl FnMut(usize)) {
    for (place, word) in bits.iter().enumerate() {
        let mut word = *word;
        while word != 0 {
            visit(place * 64 + word.trailing_zeros() as usize);
            word &= word - 1;
        }
    }
}

/// Adds the atoms that a value satisfies.
fn satisfied(field: &FieldPlan, value: &FieldValue, scratch: &mut Scratch, numbers: &mut Vec<u32>) {
    let scalar = Scalar::of(value);
    let mut joined = Vec::new();
    let leaves: &[u32] = match scalar {
        Scalar::Null => return,
        Scalar::Int(number) if field.scan.only_numbers() => field.scan.of_number(number),
        Scalar::Int(_) | Scalar::Float(_) if !field.scan.may_be_number() => return,
        Scalar::List(items) => {
            each_member(items, &mut |member| {
                field.scan.look(member, scratch);
                FieldPlan::join(&mut joined, scratch);
            });
            &joined
        }
        _ => {
            field.scan.look(&Looked::of(scalar), scratch);
            &scratch.found
        }
    };
    field.atoms(leaves, numbers);
}
