//! Log-source mapping of normalised events and the Parquet event store.

pub mod logsource;
pub mod search;
pub mod store;

pub use logsource::{LightMapping, Mapping, MappingError, classify};
