//! Actors: who acts, and with which grants.

use crate::{Role, Scopes, UnitTree};
use std::collections::BTreeSet;
use wardkeep_types::{Date, Id};

/// A role given on a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The unit it is given on.
    pub unit: Id,
    /// Whether it reaches the units below.
    pub recursive: bool,
    /// Its last day; the day itself still counts.
    pub until: Option<Date>,
    /// The audit or questionnaire it was given for.
    pub engagement: Option<Id>,
}

impl Grant {
    /// A lasting grant on a unit and everything below.
    pub fn new(role: Role, unit: Id) -> Self {
        Self { role, unit, recursive: true, until: None, engagement: None }
    }
    /// Whether it counts on that day. A role for outsiders never counts without an end.
    pub fn holds_on(&self, day: Date) -> bool {
        self.until.map_or(!self.role.must_end(), |last| day <= last)
    }
    /// The units it reaches.
    pub fn units(&self, units: &UnitTree) -> BTreeSet<Id> {
        if self.recursive {
            units.downwards(self.unit)
        } else {
            units.contains(self.unit).then_some(self.unit).into_iter().collect()
        }
    }
}

/// What sort of actor it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A person, signed in or by their own token.
    Human,
    /// A program or a model with an account of its own. It never approves.
    Service,
    /// Wardkeep itself: jobs, and commands run on the machine that holds the data folder. It never approves.
    System,
}

impl ActorKind {
    /// Stable key, as the change log keeps it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Service => "service",
            Self::System => "system",
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// The person behind the account: two accounts of one human have one person. `None` for programs.
    pub person: Option<Id>,
    /// The name under which the change log keeps the act.
    pub name: String,
    /// What sort of actor it is.
    pub kind: ActorKind,
    /// Roles on units; rights add up.
    pub grants: Vec<Grant>,
    /// What the token used allows at most; `None` when signed in without a token.
    pub token_scopes: Option<Scopes>,
    /// The day on which grants are judged.
    pub today: Date,
}

impl Actor {
    /// A person with grants.
    pub fn human(person: Id, name: impl Into<String>, grants: Vec<Grant>, today: Date) -> Self {
        let (person, kind) = (Some(person), ActorKind::Human);
        Self { person, name: name.into(), kind, grants, token_scopes: None, today }
    }
    /// A program with grants, narrowed by its token.
    pub fn service(name: impl Into<String>, grants: Vec<Grant>, scopes: Scopes, today: Date) -> Self {
        let kind = ActorKind::Service;
        Self { person: None, name: name.into(), kind, grants, token_scopes: Some(scopes), today }
    }
    /// Wardkeep itself: may do everything but approve.
    pub fn system(name: impl Into<String>, today: Date) -> Self {
        let kind = ActorKind::System;
        Self { person: None, name: name.into(), kind, grants: Vec::new(), token_scopes: None, today }
    }
    /// The grants that count today.
    pub fn grants_held(&self) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(|g| g.holds_on(self.today))
    }
    /// Whether the actor holds the role anywhere today.
    pub fn has(&self, role: Role) -> bool {
        self.grants_held().any(|g| g.role == role)
    }
}
