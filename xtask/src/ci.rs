//! What CI runs, as one list that can be read. `.ci/run` installs what it needs and calls this.

use anyhow::{Result, bail};
use std::process::Command;

const STEPS: &[(&str, &[&str])] = &[
    // Everything must compile, tests included.
    ("compile", &["cargo", "check", "--workspace", "--all-targets"]),
    // The crates whose suites have been seen green together. Still to join, in this order: app, web, courier and the
    // program itself, then clippy, licences and the browser journeys; see the changelog.
    (
        "tests",
        &[
            "cargo",
            "test",
            "-p",
            "wardkeep-types",
            "-p",
            "wardkeep-register",
            "-p",
            "wardkeep-registers",
            "-p",
            "wardkeep-rights",
            "-p",
            "wardkeep-events",
            "-p",
            "wardkeep-assure",
            "-p",
            "wardkeep-report",
            "-p",
            "xtask",
        ],
    ),
];

/// Runs every step, even after one has failed, and says at the end which did.
pub fn run() -> Result<()> {
    let mut failed = Vec::new();
    for (name, words) in STEPS {
        println!("== {name}: {}", words.join(" "));
        let status = Command::new(words[0]).args(&words[1..]).current_dir(crate::root()).status();
        if !status.is_ok_and(|s| s.success()) {
            failed.push(*name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}
