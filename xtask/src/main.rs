//! Chores that need logic.
//!
//! - `cargo xtask migrate diff [--write NAME]`: the SQL by which the database follows the registers
//! - `cargo xtask new-register NAME [PLURAL PREFIX AREA]`: a register file, listed and migrated
//! - `cargo xtask evidence`: writes the example evidence anew
//! - `cargo xtask fuzz [--minutes N] [TARGET...]`: every fuzz target, a minute each unless told otherwise
//! - `cargo xtask ci`: what CI runs, as one list
#![allow(clippy::print_stdout)] // printing is what these commands do

mod ci;
mod evidence;
mod fuzz;
mod migrate;
mod new_register;

use anyhow::{Result, bail};
use std::path::PathBuf;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["migrate", "diff"] => migrate::diff(None),
        ["migrate", "diff", "--write", name] => migrate::diff(Some(name)),
        ["new-register", name] => new_register::make(name, &format!("{name}s"), &prefix(name), "Govern"),
        ["new-register", name, many, prefix, area] => new_register::make(name, many, prefix, area),
        ["evidence"] => evidence::write(),
        ["fuzz", "--minutes", minutes, targets @ ..] => fuzz::run(minutes.parse()?, targets),
        ["fuzz", targets @ ..] => fuzz::run(1, targets),
        ["ci"] => ci::run(),
        _ => bail!(
            "usage: cargo xtask migrate diff [--write NAME] | new-register NAME [PLURAL PREFIX AREA] | evidence | fuzz [--minutes N] [TARGET...] | ci"
        ),
    }
}

fn prefix(name: &str) -> String {
    let consonants = name.chars().enumerate().filter(|(i, c)| *i == 0 || !"aeiou_ ".contains(*c));
    consonants.map(|(_, c)| c.to_ascii_uppercase()).take(3).collect()
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
