//! Who acts, in which request, when.

use wardkeep_rights::{Actor, ActorKind};
use wardkeep_store::Author;
use wardkeep_types::{Id, Moment};

/// Carried through every use case.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Who acts, with which grants.
    pub actor: Actor,
    /// The request's id, for the change log and the error page.
    pub request: String,
    /// The present moment.
    pub now: Moment,
}

impl Ctx {
    /// A request by `actor` at `now`.
    pub fn new(actor: Actor, now: Moment) -> Self {
        Self { actor, request: Id::new(now).to_string(), now }
    }
    /// The program itself.
    pub fn system(name: &str, now: Moment) -> Self {
        Self::new(Actor::system(name, now.date()), now)
    }
    /// The person who acts, if it is one.
    pub fn person(&self) -> Option<Id> {
        self.actor.person
    }
    /// For the change log.
    pub fn author(&self) -> Author {
        let kind = match (self.actor.kind, &self.actor.token_scopes) {
            (ActorKind::System, _) => "system",
            (ActorKind::Service, _) | (ActorKind::Human, Some(_)) => "token",
            (ActorKind::Human, None) => "person",
        };
        Author { person: self.actor.person, kind, request: self.request.clone(), now: self.now }
    }
}
