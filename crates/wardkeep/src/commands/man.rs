//! `wardkeep man`.

use crate::args::Cli;
use crate::exit::{Exit, Failure};
use crate::output::Out;
use clap::{Args, CommandFactory as _};
use serde_json::json;
use std::path::PathBuf;

/// Where to.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Folder for one page a command; without it the main page is printed
    pub dir: Option<PathBuf>,
}

/// Prints the manual page, or writes all pages.
pub fn run(out: Out, args: ManArgs) -> anyhow::Result<Exit> {
    let command = Cli::command();
    let Some(dir) = args.dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        if out.json {
            out.json(&json!({"page": String::from_utf8_lossy(&page)}))?;
        } else {
            out.raw(&page)?;
        }
        return Ok(Exit::Fine);
    };
    let refuse = |e: std::io::Error| {
        let remedy = "name a folder that this account can write";
        Failure::refused("not_written", format!("the pages cannot be written: {e}"))
            .at(dir.display())
            .remedy(remedy)
    };
    std::fs::create_dir_all(&dir).map_err(refuse)?;
    clap_mangen::generate_to(command, &dir).map_err(refuse)?;
    out.say(format!("The manual pages lie in {}.", dir.display()))?;
    out.json(&json!({"folder": dir}))?;
    Ok(Exit::Fine)
}
