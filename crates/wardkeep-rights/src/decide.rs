//! The decision for one record.

use crate::{Actor, ActorKind, Extent, Named, Resource, Target, UnitTree, scope, who_may};
use wardkeep_register::Verb;
use wardkeep_types::Id;

/// Proof that a right was asked for and given. Only [`decide`] makes one; the store asks for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Allowed {
    person: Option<Id>,
    name: String,
    kind: ActorKind,
    verb: Verb,
    resource: Resource,
    unit: Option<Id>,
}

impl Allowed {
    /// The person who acts; `None` for programs.
    pub fn person(&self) -> Option<Id> {
        self.person
    }
    /// The name for the change log.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// What sort of actor it is.
    pub fn kind(&self) -> ActorKind {
        self.kind
    }
    /// What is allowed.
    pub fn verb(&self) -> Verb {
        self.verb
    }
    /// On what.
    pub fn resource(&self) -> Resource {
        self.resource
    }
    /// In which unit; `None` for what belongs to the installation.
    pub fn unit(&self) -> Option<Id> {
        self.unit
    }
}

/// A right that was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// Whether the actor may know that the target exists: 403 when true, else 404.
    pub visible: bool,
    /// Why, and what to do, in a sentence that gives nothing away.
    pub sentence: String,
}

impl std::fmt::Display for Denied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Denied {}

/// Whether `actor` may do `verb` to `target` of `resource`: the one place that says so. To add a record, ask with
/// the unit and owner it will have; to move it to another unit or owner, ask for both places.
pub fn decide(
    actor: &Actor,
    units: &UnitTree,
    verb: Verb,
    resource: Resource,
    target: &Target,
) -> Result<Allowed, Denied> {
    if !scope(actor, units, resource, verb).admits(target) {
        return Err(denied(actor, units, verb, resource, target));
    }
    if gives_to_self(actor, verb, resource, target) {
        let sentence = "nobody changes their own roles; ask another administrator".to_owned();
        return Err(Denied { visible: true, sentence });
    }
    let (person, name, kind) = (actor.person, actor.name.clone(), actor.kind);
    Ok(Allowed { person, name, kind, verb, resource, unit: target.unit })
}

/// An administrator who could make themselves an officer would approve after all.
fn gives_to_self(actor: &Actor, verb: Verb, resource: Resource, target: &Target) -> bool {
    let reads = matches!(verb, Verb::View | Verb::Export);
    resource == Resource::Named(Named::Grant)
        && !reads
        && actor.person.is_some()
        && target.owner == actor.person
}

fn denied(actor: &Actor, units: &UnitTree, verb: Verb, resource: Resource, target: &Target) -> Denied {
    let exists = match verb {
        // The form to add something gives nothing away; whether it is offered depends on seeing the list at all.
        Verb::Add => !scope(actor, units, resource, Verb::View).is_empty(),
        _ => scope(actor, units, resource, Verb::View).admits(target),
    };
    if !exists {
        return Denied {
            visible: false,
            sentence: "there is nothing here, or you may not see it".to_owned(),
        };
    }
    let outside = actor.token_scopes.as_ref().is_some_and(|s| !s.admit(resource, verb));
    let sentence = if verb == Verb::Approve && actor.kind != ActorKind::Human {
        "only a person can approve; programs and models cannot".to_owned()
    } else if outside {
        format!("this token lacks the scope {resource}:{verb}")
    } else {
        let roles: Vec<String> =
            who_may(resource, verb).into_iter().map(|(role, extent)| whom(role.label(), extent)).collect();
        match roles.as_slice() {
            [] => format!("nobody may {verb} a {}", resource.words()),
            roles => format!(
                "to {verb} this {} you need, in its unit, the role {}",
                resource.words(),
                roles.join(" or ")
            ),
        }
    };
    Denied { visible: true, sentence }
}

fn whom(label: &str, extent: Extent) -> String {
    match extent {
        Extent::Own => format!("{label} (for own records)"),
        Extent::All | Extent::None => label.to_owned(),
    }
}
