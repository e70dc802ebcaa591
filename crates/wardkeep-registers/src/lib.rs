//! Every register of Wardkeep, one file each, and the list of them in menu order.

mod checks;
pub mod choices;
#[cfg(test)]
mod testing;

pub mod acceptance;
pub mod alert;
pub mod appetite;
pub mod asset;
pub mod control;
pub mod control_effect;
pub mod data_category;
pub mod estimate;
pub mod evidence;
pub mod exception;
pub mod exchange_rate;
pub mod finding;
pub mod framework;
pub mod incident;
pub mod indicator;
pub mod insurance;
pub mod ioc;
pub mod log_source;
pub mod objective;
pub mod person;
pub mod policy;
pub mod risk;
pub mod risk_matrix;
pub mod rule;
pub mod rule_filter;
pub mod scenario;
pub mod service;
pub mod shared_factor;
pub mod supplier;
pub mod task;
pub mod team;
pub mod treatment_plan;
pub mod unit;

pub use acceptance::Acceptance;
pub use alert::Alert;
pub use appetite::Appetite;
pub use asset::Asset;
pub use checks::{address_fits, entries, lei_fits, recurrence_fits};
pub use control::Control;
pub use control_effect::ControlEffect;
pub use data_category::DataCategory;
pub use estimate::RiskEstimate;
pub use evidence::Evidence;
pub use exception::Exception;
pub use exchange_rate::ExchangeRate;
pub use finding::Finding;
pub use framework::Framework;
pub use incident::Incident;
pub use indicator::Indicator;
pub use insurance::Insurance;
pub use ioc::Ioc;
pub use log_source::LogSource;
pub use objective::Objective;
pub use person::Person;
pub use policy::Policy;
pub use risk::Risk;
pub use risk_matrix::RiskMatrix;
pub use rule::Rule;
pub use rule_filter::RuleFilter;
pub use scenario::Scenario;
pub use service::Service;
pub use shared_factor::SharedFactor;
pub use supplier::Supplier;
pub use task::Task;
pub use team::Team;
pub use treatment_plan::TreatmentPlan;
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
    Schema::of::<Scenario>,
    Schema::of::<RiskEstimate>,
    Schema::of::<ControlEffect>,
    Schema::of::<TreatmentPlan>,
    Schema::of::<Acceptance>,
    Schema::of::<Appetite>,
    Schema::of::<Indicator>,
    Schema::of::<RiskMatrix>,
    Schema::of::<Insurance>,
    Schema::of::<SharedFactor>,
    Schema::of::<ExchangeRate>,
    Schema::of::<Finding>,
    Schema::of::<Control>,
    Schema::of::<Evidence>,
    Schema::of::<Alert>,
    Schema::of::<LogSource>,
    Schema::of::<Rule>,
    Schema::of::<RuleFilter>,
    Schema::of::<Ioc>,
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
