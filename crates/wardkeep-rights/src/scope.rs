//! Scopes of an actor: where a right holds, for lists.

use crate::{Actor, ActorKind, Extent, Grant, Reach, Resource, UnitTree, extent, reach};
use std::collections::BTreeSet;
use wardkeep_register::Verb;
use wardkeep_types::Id;

/// A set of units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Units {
    /// Every unit, and what belongs to none: no condition is needed.
    Every,
    /// These, sorted; none when empty.
    Only(BTreeSet<Id>),
}

impl Units {
    fn none() -> Self {
        Self::Only(BTreeSet::new())
    }
    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Only(units) if units.is_empty())
    }
    /// The units one by one, for stores that look them up one by one.
    pub fn list(&self, tree: &UnitTree) -> Vec<Id> {
        match self {
            Self::Every => tree.all().collect(),
            Self::Only(units) => units.iter().copied().collect(),
        }
    }
    /// Whether it holds the unit; `None` is what belongs to no unit.
    pub fn contains(&self, unit: Option<Id>) -> bool {
        match (self, unit) {
            (Self::Every, _) => true,
            (Self::Only(units), Some(unit)) => units.contains(&unit),
            (Self::Only(_), None) => false,
        }
    }
}

/// What a right is asked for, as far as rights care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Target {
    /// The unit it belongs to; `None` when it belongs to the installation.
    pub unit: Option<Id>,
    /// The person who answers for it. For a person's record: that person; for a grant: who receives it.
    pub owner: Option<Id>,
    /// Only for those on its need-to-know list.
    pub restricted: bool,
    /// Whether the actor is on that list.
    pub named: bool,
}

impl Target {
    /// Something that belongs to the installation.
    pub const INSTALLATION: Self = Self { unit: None, owner: None, restricted: false, named: false };
    /// An unrestricted record of a unit.
    pub fn of(unit: Id, owner: Option<Id>) -> Self {
        Self { unit: Some(unit), owner, ..Self::default() }
    }
}

/// Where an actor may do one verb to one resource. A list's condition follows from it:
/// `(unit in all or (unit in own and mine)) and (not restricted or on the list or sees_restricted)`, where *mine* is
/// `owner = person` (or the person's own record), and for View also "on the need-to-know list".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    all: Units,
    own: Units,
    person: Option<Id>,
    verb: Verb,
    sees_restricted: bool,
}

impl Scope {
    /// Units in which the right holds for all records.
    pub fn all_units(&self) -> &Units {
        &self.all
    }
    /// Further units in which it holds for own records.
    pub fn own_units(&self) -> &Units {
        &self.own
    }
    /// Whose records are own ones.
    pub fn person(&self) -> Option<Id> {
        self.person
    }
    /// Whether being on a record's need-to-know list makes it an own one: for reading only.
    pub fn named_is_own(&self) -> bool {
        self.verb == Verb::View
    }
    /// Whether restricted records are included without being on their lists: for Wardkeep's own jobs only.
    pub fn sees_restricted(&self) -> bool {
        self.sees_restricted
    }
    /// Whether nothing can be in it, so that a page need not even ask.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.own.is_empty()
    }
    /// Whether the target is in it: the same condition as a list's, for one record.
    pub fn admits(&self, target: &Target) -> bool {
        let owned = target.owner.is_some() && target.owner == self.person;
        let mine = owned || (self.named_is_own() && target.named && self.person.is_some());
        let placed = self.all.contains(target.unit) || (mine && self.own.contains(target.unit));
        placed && (!target.restricted || target.named || self.sees_restricted)
    }
}

/// Where `actor` may do `verb` to `resource`. Pure; grants add up, expired ones count for nothing.
pub fn scope(actor: &Actor, units: &UnitTree, resource: Resource, verb: Verb) -> Scope {
    let system = actor.kind == ActorKind::System;
    let mut scope =
        Scope { all: Units::none(), own: Units::none(), person: actor.person, verb, sees_restricted: false };
    let approves = verb != Verb::Approve || actor.kind == ActorKind::Human;
    let in_token = actor.token_scopes.as_ref().is_none_or(|s| s.admit(resource, verb));
    if !approves || !in_token {
        return scope;
    }
    if system {
        scope.all = Units::Every;
        scope.sees_restricted = true;
        return scope;
    }
    let held = |wanted: Extent| {
        let fits = move |g: &&Grant| extent(g.role, resource, verb) == wanted;
        actor.grants_held().filter(fits).filter(|g| units.contains(g.unit)).collect::<Vec<_>>()
    };
    scope.all = reached(&held(Extent::All), units, resource, verb, false);
    scope.own = if actor.person.is_some() {
        reached(&held(Extent::Own), units, resource, verb, true)
    } else {
        Units::none()
    };
    scope
}

fn reached(grants: &[&Grant], units: &UnitTree, resource: Resource, verb: Verb, own: bool) -> Units {
    if grants.is_empty() {
        return Units::none();
    }
    let whole = units.roots().all(|root| grants.iter().any(|g| g.recursive && g.unit == root));
    match reach(resource) {
        Reach::Anywhere => return Units::Every,
        Reach::Library if verb == Verb::View => return Units::Every,
        Reach::Installation => return if whole || own { Units::Every } else { Units::none() },
        Reach::Library | Reach::Unit => {}
    }
    // Whoever has every top unit with all below has everything; saying so spares lists a long condition.
    if whole { Units::Every } else { Units::Only(grants.iter().flat_map(|g| g.units(units)).collect()) }
}
