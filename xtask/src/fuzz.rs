//! Every fuzz target for a stated time, with what each did.

use anyhow::{Context as _, Result, bail};
use std::path::Path;
use std::process::Command;

/// Runs the named targets, or all, each for `minutes`. Needs `cargo-fuzz`; the compiler may be a stable one.
///
/// # Errors
/// When a target finds a fault, does not build, or is not known. All others run first.
pub fn run(minutes: u64, wanted: &[&str]) -> Result<()> {
    let folder = crate::root().join("fuzz");
    let known = targets(&folder)?;
    if let Some(unknown) = wanted.iter().find(|name| !known.iter().any(|k| k == *name)) {
        bail!("there is no fuzz target {unknown}; there are {}", known.join(", "));
    }
    let (mut total, mut failed) = (0_u64, Vec::new());
    for name in known.iter().filter(|name| wanted.is_empty() || wanted.contains(&name.as_str())) {
        let kept = folder.join("corpus").join(name);
        std::fs::create_dir_all(&kept)?;
        let ran = Command::new("cargo")
            .args(["fuzz", "run", name])
            .args([&kept, &folder.join("seeds").join(name)])
            .args(["--", &format!("-max_total_time={}", minutes * 60), "-max_len=65536", "-timeout=20"])
            // The sanitizer's flags need it where the compiler is a stable one.
            .env("RUSTC_BOOTSTRAP", "1")
            .current_dir(crate::root())
            .output()
            .context("cargo fuzz does not start; `cargo install cargo-fuzz` installs it")?;
        let said = String::from_utf8_lossy(&ran.stderr);
        let done =
            said.lines().find_map(|line| line.strip_prefix("Done ")?.split(' ').next()?.parse::<u64>().ok());
        total += done.unwrap_or(0);
        match (ran.status.success(), done) {
            (true, Some(runs)) => println!("{name}: {runs} runs"),
            _ => {
                failed.push(name.clone());
                let lines: Vec<&str> = said.lines().collect();
                println!("{name}: FAILED\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
            }
        }
    }
    println!("{total} runs in all");
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

/// Names of the targets, as their files are named.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.join("fuzz_targets"))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}
