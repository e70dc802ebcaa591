//! `wardkeep completions`.

use crate::args::Cli;
use crate::exit::Exit;
use crate::output::Out;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use serde_json::json;

/// For which shell.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: wardkeep completions bash > ~/.local/share/bash-completion/completions/wardkeep"
)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Prints the completions.
pub fn run(out: Out, args: CompletionsArgs) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "wardkeep", &mut script);
    if out.json {
        out.json(&json!({"shell": args.shell.to_string(), "script": String::from_utf8_lossy(&script)}))?;
    } else {
        out.raw(&script)?;
    }
    Ok(Exit::Fine)
}
