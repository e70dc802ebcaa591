//! Wardkeep: the information security officer's program. Reads arguments, calls one use case, says what came of it.

mod args;
mod background;
mod commands;
mod exit;
mod interrupt;
mod lock;
mod logs;
mod open;
mod output;
mod progress;
mod table;

use args::{Cli, Command};
use clap::Parser as _;
use exit::{Exit, Failure};
use output::Out;
use std::process::ExitCode;
use std::time::Duration;

/// Gives memory back soon after use, which the system's allocator does late with many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let out = Out::new(cli.global.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            out.failure(&Failure::of(error.into()));
            return Exit::Fault.into();
        }
    };
    // Boxed: the futures of all commands together are larger than a thread likes on its stack.
    let ended = runtime.block_on(Box::pin(run(cli, out)));
    // A reader may stand in the middle of a file; what it would still find is not kept.
    runtime.shutdown_timeout(Duration::from_secs(5));
    match ended {
        Ok(exit) => exit.into(),
        Err(error) => {
            let failure = Failure::of(error);
            out.failure(&failure);
            failure.exit.into()
        }
    }
}

async fn run(cli: Cli, out: Out) -> anyhow::Result<Exit> {
    let global = &cli.global;
    match cli.command {
        Command::Demo(args) => commands::demo::run(global, out, args).await,
        Command::Assess(args) => commands::assess::run(global, out, args).await,
        Command::Serve(args) => commands::serve::run(global, out, args).await,
        Command::Import(args) => commands::import::run(global, out, args).await,
        Command::Export(args) => commands::export::run(global, out, args).await,
        Command::Verify(args) => commands::verify::run(global, out, args).await,
        Command::Backup(args) => commands::backup::run(global, out, args).await,
        Command::Restore(args) => commands::restore::run(global, out, args).await,
        Command::User(command) => commands::user::run(global, out, command).await,
        Command::Ioc(command) => commands::ioc::run(global, out, command).await,
        Command::Source(command) => commands::source::run(global, out, command).await,
        Command::Token(command) => commands::token::run(global, out, command).await,
        Command::Risk(command) => commands::risk::run(global, out, command).await,
        Command::Rule(command) => commands::rule::run(global, out, command).await,
        Command::Events(command) => commands::events::run(global, out, command).await,
        Command::Doctor(args) => commands::doctor::run(global, out, args).await,
        Command::Bench(command) => commands::bench::run(global, out, command).await,
        Command::Completions(args) => commands::completions::run(out, args),
        Command::Man(args) => commands::man::run(out, args),
    }
}
