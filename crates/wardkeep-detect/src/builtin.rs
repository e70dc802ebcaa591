//! The rules that Wardkeep ships (`content/rules`).

use crate::rule::{RuleFile, RuleSource};

/// Path and text of each file.
const FILES: &[(&str, &str)] = &[];

/// The shipped rule files, for [`crate::RuleSet::load`].
pub fn builtin() -> Vec<RuleFile> {
    let file = |(path, text): &(&str, &str)| RuleFile {
        path: format!("content/rules/{path}"),
        text: (*text).to_owned(),
        source: RuleSource::BuiltIn,
    };
    FILES.iter().map(file).collect()
}
