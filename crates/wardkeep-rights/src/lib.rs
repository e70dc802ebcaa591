//! Who may do what: roles, verbs, grants, one pure decision and its printed matrix.
//!
//! - [`extent`] answers from the one table, `rights.txt`: what a role may do to a resource at all.
//! - [`scope`] answers for an actor: in which units, on all records or only on own ones. Lists turn it into a
//!   condition of their query.
//! - [`decide`] answers for one record and gives [`Allowed`], the proof that the store asks for. Nothing else
//!   makes one:
//!
//! ```compile_fail
//! use wardkeep_register::Verb;
//! use wardkeep_rights::{Allowed, Resource};
//! let forged = Allowed { verb: Verb::Edit, resource: Resource::Register("risk"), unit: None };
//! ```
//!
//! ```compile_fail
//! // Nor is it taken from an old one: a proof is for one act, and cannot be copied.
//! fn twice(proof: &wardkeep_rights::Allowed) -> wardkeep_rights::Allowed { proof.clone() }
//! ```
//!
//! - [`second_person`] says whether an approval is independent.
//!
//! The matrix of all roles and resources is printed into `rights_matrix.txt` by a test, for an auditor to read.

mod actor;
mod decide;
mod resource;
mod role;
mod scope;
mod scopes;
mod second_person;
mod table;
mod units;

pub use actor::{Actor, ActorKind, Grant};
pub use decide::{Allowed, Denied, decide};
pub use resource::{Named, Reach, Resource};
pub use role::Role;
pub use scope::{Scope, Target, Units, scope};
pub use scopes::Scopes;
pub use second_person::{Approval, Independence, SINGLE_OFFICER_WAIT_HOURS, second_person};
pub use table::{Extent, extent, reach, who_may};
pub use units::{MAX_DEPTH, UnitTree, UnitTreeError};
