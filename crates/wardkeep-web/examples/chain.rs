//! Assesses a folder of evidence and serves its chain on 127.0.0.1, with one person signed in:
//! `cargo run -p wardkeep-web --example chain PORT FOLDER [NOW]`. Its data is gone when it ends.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/chain/evidence.rs"]
#[allow(dead_code)] // the tests use more of it
mod evidence;

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use std::path::PathBuf;
use wardkeep_rights::Role;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut words = std::env::args().skip(1);
    let port: u16 = words.next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let folders: Vec<PathBuf> = words.next().unwrap_or_default().split(',').map(PathBuf::from).collect();
    let mut test = common::TestApp::open().await;
    if let Some(now) = words.next().and_then(|text| text.parse().ok()) {
        test.clock.set(now);
    }
    let me = test.person("Maria Lindqvist", Role::Officer, "Nordklinik").await;
    test.with_controls(me.person).await;
    for folder in folders {
        test.assess(&folder).await;
        test.clock.advance(86_400);
    }
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
        let _ = writeln!(std::io::stdout(), "http://{place}/report/posture");
    }
    axum::serve(listener, test.router.clone().layer(signed_in)).await
}
