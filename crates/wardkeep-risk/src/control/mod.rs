//! Controls: from counts of observations to loss efficacy, and from efficacy to smaller rates and losses.

mod algebra;
mod counts;
mod efficacy;
mod posterior;

pub use algebra::{Acting, Mode, containment, remaining};
pub use counts::{Counts, EvidenceWeights, Freshness, Proof, Quantity, Uptime};
pub use efficacy::{Assumption, Efficacy, Prior, State, Values, assess};
pub use posterior::Posterior;
