//! The program's own log, on standard error.

use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

/// Starts the log with the filter of the configuration, or what `-v` asks for. A second call changes nothing.
pub fn start(verbose: u8, configured: &str) {
    let text = match verbose {
        0 => configured,
        1 => "wardkeep=info,info",
        _ => "debug,sqlx=info,hyper=info,h2=info",
    };
    let filter = EnvFilter::try_new(text).unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr.with_max_level(tracing::Level::TRACE))
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .with_target(verbose > 1)
        .try_init();
    // Another log is there already: the first call wins.
    drop(started);
}
