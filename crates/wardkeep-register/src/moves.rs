//! Moves: the recorded steps between stages.

use crate::{Register, Row, Stages, Verb};
use std::fmt;
use wardkeep_types::{Date, Id, Moment};

/// Why a move is refused, in one sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

impl Refused {
    /// A refusal with its sentence.
    pub fn because(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a guard may look at beside the record.
#[derive(Debug, Clone, Copy)]
pub struct GuardContext {
    /// The present moment.
    pub now: Moment,
    /// Who moves, as person; `None` for the program itself.
    pub actor: Option<Id>,
}

impl GuardContext {
    /// Today in UTC.
    pub fn today(&self) -> Date {
        self.now.date()
    }
}

type Guard<R> = fn(&R, &GuardContext) -> Result<(), Refused>;

/// A step between stages, as a register declares it.
pub struct Move<R: Register> {
    name: &'static str,
    from: &'static [R::Stage],
    to: R::Stage,
    needs: Verb,
    second_person: bool,
    with_reason: bool,
    guard: Option<Guard<R>>,
}

impl<R: Register> Move<R> {
    /// A move named by a verb ("accept"), from any of `from` to `to`; needs Edit unless said otherwise.
    pub const fn new(name: &'static str, from: &'static [R::Stage], to: R::Stage) -> Self {
        Self { name, from, to, needs: Verb::Edit, second_person: false, with_reason: false, guard: None }
    }
    /// Needs another right than Edit.
    #[must_use]
    pub const fn needs(mut self, verb: Verb) -> Self {
        self.needs = verb;
        self
    }
    /// Someone other than the asker and the last editor must agree (`decisions.md` 2).
    #[must_use]
    pub const fn second_person(mut self) -> Self {
        self.second_person = true;
        self
    }
    /// The mover must say why.
    #[must_use]
    pub const fn with_reason(mut self) -> Self {
        self.with_reason = true;
        self
    }
    /// Only when the guard agrees.
    #[must_use]
    pub const fn only_if(mut self, guard: Guard<R>) -> Self {
        self.guard = Some(guard);
        self
    }
    pub(crate) fn schema(&self, index: usize) -> MoveSchema {
        MoveSchema {
            name: self.name,
            from: self.from.iter().map(|s| s.key()).collect(),
            to: self.to.key(),
            needs: self.needs,
            second_person: self.second_person,
            with_reason: self.with_reason,
            guarded: self.guard.is_some(),
            guard: guard_row::<R>,
            index,
        }
    }
}

/// A move without its register's type.
#[derive(Debug, Clone)]
pub struct MoveSchema {
    /// The verb: `accept`.
    pub name: &'static str,
    /// Stages from which it starts.
    pub from: Vec<&'static str>,
    /// Stage in which it ends.
    pub to: &'static str,
    /// The right it needs.
    pub needs: Verb,
    /// Whether a second person must agree.
    pub second_person: bool,
    /// Whether a reason is mandatory.
    pub with_reason: bool,
    /// Whether it looks at the record before it goes: for tests and descriptions.
    pub guarded: bool,
    guard: fn(usize, &Row, &GuardContext) -> Result<(), Refused>,
    index: usize,
}

impl MoveSchema {
    /// What the button says: "Accept".
    pub fn label(&self) -> String {
        crate::label_of(self.name)
    }
    /// Whether the record's own state allows it: stage and guard, not rights.
    pub fn allows(&self, stage: &str, row: &Row, context: &GuardContext) -> Result<(), Refused> {
        if !self.from.contains(&stage) {
            let from: Vec<String> = self.from.iter().map(|s| format!("'{}'", crate::label_of(s))).collect();
            return Err(Refused(format!(
                "'{}' starts from {}; this record is in '{}'",
                self.label(),
                from.join(" or "),
                crate::label_of(stage)
            )));
        }
        (self.guard)(self.index, row, context)
    }
}

fn guard_row<R: Register>(index: usize, row: &Row, context: &GuardContext) -> Result<(), Refused> {
    let Some(guard) = R::MOVES.get(index).and_then(|m| m.guard) else { return Ok(()) };
    let record = R::from_values(&row.values).map_err(|p| {
        Refused(p.0.first().map_or_else(|| "the record is incomplete".into(), |p| p.message.clone()))
    })?;
    guard(&record, context)
}
