//! Every register of Wardkeep, one file each, and the list of them in menu order.

mod checks;
pub mod choices;
#[cfg(test)]
mod testing;

pub mod alert;
pub mod asset;
pub mod control;
pub mod data_category;
pub mod evidence;
pub mod exception;
pub mod finding;
pub mod framework;
pub mod incident;
pub mod log_source;
pub mod objective;
pub mod person;
pub mod policy;
pub mod risk;
pub mod rule;
pub mod rule_filter;
pub mod service;
pub mod supplier;
pub mod task;
pub mod team;
pub mod unit;

pub use alert::Alert;
pub use asset::Asset;
pub use checks::{address_fits, entries, lei_fits, recurrence_fits};
pub use control::Control;
pub use data_category::DataCategory;
pub use evidence::Evidence;
pub use exception::Exception;
pub use finding::Finding;
pub use framework::Framework;
pub use incident::Incident;
pub use log_source::LogSource;
pub use objective::Objective;
pub use person::Person;
pub use policy::Policy;
pub use risk::Risk;
pub use rule::Rule;
pub use rule_filter::RuleFilter;
pub use service::Service;
pub use supplier::Supplier;
pub use task::Task;
pub use team::Team;
pub use unit::Unit;

use std::sync::LazyLock;
use wardkeep_register::Schema;

/// Every register in menu order. A test fails when a file of this folder is missing here.
const LIST: &[fn() -> Schema] = &[
    Schema::of::<Unit>,
    Schema::of::<Team>,
    Schema::of::<Person>,
    Schema::of::<Objective>,
    Schema::of::<Policy>,
    Schema::of::<Framework>,
    Schema::of::<Supplier>,
    Schema::of::<Exception>,
    Schema::of::<Task>,
    Schema::of::<Service>,
    Schema::of::<Asset>,
    Schema::of::<DataCategory>,
    Schema::of::<Risk>,
    Schema::of::<Finding>,
    Schema::of::<Control>,
    Schema::of::<Evidence>,
    Schema::of::<Alert>,
    Schema::of::<LogSource>,
    Schema::of::<Rule>,
    Schema::of::<RuleFilter>,
    Schema::of::<Incident>,
];

static ALL: LazyLock<Vec<Schema>> = LazyLock::new(|| LIST.iter().map(|make| make()).collect());

/// Every register in menu order.
pub fn all() -> &'static [Schema] {
    &ALL
}

/// The register of that key (`business_service`).
pub fn by_key(key: &str) -> Option<&'static Schema> {
    all().iter().find(|s| s.key == key)
}

/// The register of that path (`business-services`).
pub fn by_path(path: &str) -> Option<&'static Schema> {
    all().iter().find(|s| s.path == path)
}

/// The register whose references begin with that prefix (`SVC`).
pub fn by_prefix(prefix: &str) -> Option<&'static Schema> {
    all().iter().find(|s| s.names.prefix.eq_ignore_ascii_case(prefix))
}
