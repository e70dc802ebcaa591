//! Every register of Wardkeep, one file each, and the list of them in menu order.

mod person;
mod risk;
mod unit;

pub use person::Person;
pub use risk::Risk;
pub use unit::Unit;

use std::sync::LazyLock;
use wardkeep_register::Schema;

/// Every register in menu order. A test fails when a file of this folder is missing here.
const LIST: &[fn() -> Schema] = &[
    Schema::of::<Unit>,
    Schema::of::<Person>,
    Schema::of::<Risk>,
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
