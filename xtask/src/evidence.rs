//! `cargo xtask evidence`: writes `examples/evidence/` anew, as of a fixed day, so that it changes only when what
//! makes it changes.

use crate::root;
use anyhow::{Context, Result};
use wardkeep_app::sample::{EXAMPLES_AS_OF, Volume, evidence};
use wardkeep_types::Moment;

/// Empties the folder and writes every file.
pub fn write() -> Result<()> {
    let dir = root().join("examples/evidence");
    if dir.exists() {
        std::fs::remove_dir_all(&dir).with_context(|| format!("cannot empty {}", dir.display()))?;
    }
    let now: Moment = EXAMPLES_AS_OF.parse().context("the fixed day")?;
    let files = evidence(&dir, now, Volume::Small)?;
    for file in &files {
        println!("{:>8}  {:<13} {}", file.bytes, file.format, file.path);
    }
    println!("{} files, {} bytes", files.len(), files.iter().map(|f| f.bytes).sum::<usize>());
    Ok(())
}
