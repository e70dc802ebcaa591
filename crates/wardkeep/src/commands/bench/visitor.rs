//! Somebody who asks for pages through the router itself, without a network between.

use crate::exit::Failure;
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use serde_json::{Value as Json, json};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use tower::ServiceExt as _;
use wardkeep_app::auth::{Device, Issued, Step};
use wardkeep_types::Id;
use wardkeep_web::router::router;
use wardkeep_web::session::Door;
use wardkeep_web::state::State;

/// Bytes of a page at most.
const PAGE: usize = 32 * 1024 * 1024;

/// A signed-in browser.
pub struct Visitor {
    router: Router,
    cookie: String,
}

/// How a page did.
pub struct Timed {
    name: String,
    path: String,
    half: Duration,
    slow: Duration,
    statements: u64,
    bytes: usize,
}

impl Visitor {
    /// Signs a person in who has no account yet.
    pub async fn invited(here: &Installation, person: Id) -> anyhow::Result<Self> {
        let organisation = here.app.organisation().await?;
        let link = here.auth.invite(&here.ctx("bench"), &organisation.units, person).await?;
        let password = format!("{}{}", uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        let step = here
            .auth
            .set_password_by_link(link.token.reveal(), &password, &device(), here.app.clock.now())
            .await?;
        let Step::Done(issued) = step else {
            return Err(Failure::refused("bench", "the visitor was not let in").into());
        };
        Self::with(here, &issued)
    }
    /// Comes in with a link for somebody who has an account.
    pub async fn by_link(here: &Installation, token: &str) -> anyhow::Result<Self> {
        let step = here.auth.sign_in_by_link(token, &device(), here.app.clock.now()).await?;
        let Step::Done(issued) = step else {
            return Err(Failure::refused("bench", "the visitor was not let in").into());
        };
        Self::with(here, &issued)
    }
    fn with(here: &Installation, issued: &Issued) -> anyhow::Result<Self> {
        let state = State::new(here.app.clone(), here.auth.clone())?;
        let router = router(state, Door::new(here.app.clone(), here.auth.clone()));
        Ok(Self { router, cookie: format!("wardkeep={}", issued.token.reveal()) })
    }
    /// Status and text of a page.
    pub async fn get(&self, path: &str) -> anyhow::Result<(u16, String)> {
        let mut request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty())?;
        let from = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
        request.extensions_mut().insert(axum::extract::ConnectInfo(from));
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), PAGE).await?;
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }
    /// Asks for a page so often, after one time that does not count. Pages are made whole before their first byte
    /// leaves, so the time to the last byte here is the time to the first one.
    pub async fn time(
        &self,
        here: &Installation,
        name: &str,
        path: &str,
        times: usize,
    ) -> anyhow::Result<Timed> {
        let (status, text) = self.get(path).await?;
        if status != 200 {
            let what = format!("{path} answers {status}: the figure would mean nothing");
            return Err(Failure::refused("bench", what).into());
        }
        let before = here.app.db.statements();
        self.get(path).await?;
        let statements = here.app.db.statements() - before;
        let mut all = Vec::with_capacity(times);
        for _ in 0..times {
            let begun = Instant::now();
            self.get(path).await?;
            all.push(begun.elapsed());
        }
        all.sort_unstable();
        let at = |share: usize| all[(all.len() * share / 100).min(all.len() - 1)];
        let (name, path) = (name.to_owned(), path.to_owned());
        Ok(Timed { name, path, half: at(50), slow: at(95), statements, bytes: text.len() })
    }
}

fn device() -> Device<'static> {
    Device { ip: IpAddr::V4(Ipv4Addr::LOCALHOST), user_agent: "wardkeep bench", known: None }
}

/// Prints the figures.
pub fn print(out: &Out, head: &Json, timed: &[Timed]) -> anyhow::Result<()> {
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    let one = |t: &Timed| json!({ "name": t.name, "path": t.path, "p50_ms": ms(t.half), "p95_ms": ms(t.slow), "statements": t.statements, "bytes": t.bytes });
    let mut object = head.clone();
    object["pages"] = timed.iter().map(one).collect();
    out.json(&object)?;
    let mut table = Table::new(&["Page", ">p50 ms", ">p95 ms", ">Statements", ">kB"]);
    for t in timed {
        table.row([
            cell(&t.name),
            cell(format!("{:.1}", ms(t.half))),
            cell(format!("{:.1}", ms(t.slow))),
            cell(t.statements.to_string()),
            cell((t.bytes / 1_000).to_string()),
        ]);
    }
    table.print(out)?;
    Ok(())
}
