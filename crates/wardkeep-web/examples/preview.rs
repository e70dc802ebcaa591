//! Serves a filled installation on 127.0.0.1 with one person signed in, to look at pages:
//! `cargo run -p wardkeep-web --example preview [PORT [ROLE]]`. Its data is gone when it ends.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

#[path = "../tests/common/mod.rs"]
mod common;

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use wardkeep_rights::Role;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut test = common::TestApp::open().await;
    let mut me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.fill("Maria Lindqvist").await;
    if let Some(role) = std::env::args().nth(2).and_then(|text| text.parse().ok()) {
        me = test.person("Ada Sommer", role, "Nordklinik").await;
    }
    // The example alone signs in by itself, by sending the cookie for whoever asks; the library has no such door.
    let cookie = HeaderValue::from_str(&me.cookie).map_err(std::io::Error::other)?;
    let signed_in = from_fn(move |mut request: Request, next: Next| {
        let cookie = cookie.clone();
        async move {
            request.headers_mut().append(header::COOKIE, cookie);
            next.run(request).await
        }
    });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let place = listener.local_addr()?;
    {
        use std::io::Write;
        // A closed output is no reason not to serve.
        let _ = writeln!(std::io::stdout(), "http://{place}/today");
    }
    axum::serve(listener, test.router.clone().layer(signed_in)).await
}
