//! Serves the design system on 127.0.0.1, without any database: `cargo run -p wardkeep-web --example design [PORT]`.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

use wardkeep_web::{headers, pages};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let place = listener.local_addr()?;
    say(&format!("http://{place}/design"));
    axum::serve(listener, headers::secure(pages::design::router())).await
}

/// Where to look; the example has nothing else to say.
fn say(text: &str) {
    use std::io::Write;
    // A closed output is no reason not to serve.
    let _ = writeln!(std::io::stdout(), "{text}");
}
