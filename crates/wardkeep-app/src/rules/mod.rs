//! Detection rules as people handle them: where they come from, which of them run, how they are tuned, tried and
//! explained, and what they find.
//!
//! A rule is a record of the register `rule`; its text is kept once for each content (`rule_text`), so that updates
//! can be compared. Tuning is a register of its own (`rule_filter`), applied when the active rules are compiled: no
//! update of a rule can lose it.

mod active;
mod console;
mod coverage;
mod detail;
mod diff;
mod draft;
mod dry_run;
mod explain;
mod files;
mod hand;
mod near;
mod row;
mod samples;
mod sight;
pub(crate) mod state;
mod sync;
mod tuning;
mod upkeep;

pub use active::ActiveRules;
pub(crate) use active::RuleCache;
pub use console::{RuleLine, file_of};
pub use coverage::{Coverage, Covered, TacticCover};
pub use detail::{FilterOf, RuleDetail, SamplesOf};
pub use diff::DiffLine;
pub use draft::draft_of;
pub use dry_run::{DryRunAsked, DryRunView, RULE_TRY};
pub use explain::RuleOnEvent;
pub use files::{read_folder, rules_of};
pub use hand::RuleInHand;
pub use near::NearRule;
pub use samples::{KeptSample, SampleRun};
pub use sight::SeenSources;
pub use sync::{Arrival, Synced};

use wardkeep_detect::RuleFile;

/// The hash by which a rule's text is known.
pub(crate) fn hash_of(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

/// A file as the engine takes it, from a text that was kept.
pub(crate) fn kept_file(path: &str, text: String, source: &str) -> RuleFile {
    use wardkeep_detect::RuleSource::{BuiltIn, Folder, Hand};
    let source = match source {
        "ours" => BuiltIn,
        "hand" => Hand,
        _ => Folder,
    };
    RuleFile { path: path.to_owned(), text, source }
}
