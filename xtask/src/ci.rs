//! What CI runs, as one list that can be read. `.ci/run` installs what it needs and calls this.

use anyhow::{Result, bail};
use std::process::Command;

const STEPS: &[(&str, &[&str])] = &[
    // The README's test command, word for word.
    ("tests", &["cargo", "test", "--workspace", "--no-fail-fast"]),
    ("format", &["cargo", "fmt", "--all", "--check"]),
    ("lints", &["cargo", "clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    ("licences", &["cargo", "deny", "check", "licenses", "bans", "sources"]),
    // The sample organisation in headless Chromium, served by the program that the tests have built.
    ("browser", &["node", "tests/browser/run.mjs"]),
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
