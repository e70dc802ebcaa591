//! Every kind of page of a data folder: each register's list, first record, form, history, and what stands beside
//! the registers. Goal: the first byte under 50 ms at the median on the sample organisation.

use super::visitor::{Visitor, print};
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::Out;
use serde_json::json;
use wardkeep_app::auth::{Device, Purpose};
use wardkeep_store::cells;

/// Pages beside the registers.
const BESIDE: [&str; 27] = [
    "/today",
    "/areas",
    "/govern",
    "/identify",
    "/protect",
    "/detect",
    "/respond",
    "/search?q=backup",
    "/approvals",
    "/me",
    "/me/delegations",
    "/report/posture",
    "/evidence/files",
    "/api",
    "/api/v1/today",
    "/design",
    "/events",
    "/events?q=failed&last=7d",
    "/events/live",
    "/rules/coverage",
    "/risk",
    "/risk/RSK-0001",
    "/risk/investments",
    "/risk/appetite",
    "/risk/estimates",
    "/risk/matrix",
    "/risk/why/mean",
];

/// Measures as the person with the oldest account.
pub async fn run(global: &Global, out: Out, times: usize) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let sql =
        "SELECT p.email FROM account a JOIN person p ON p.id = a.person_id ORDER BY a.created_at LIMIT 1";
    let nobody =
        || Failure::refused("bench", "nobody has an account yet").remedy("make one: wardkeep user add");
    let row = here.app.db.row(sql, cells![]).await?.ok_or_else(nobody)?;
    let email: String = row.try_get("", "email")?;
    let device =
        Device { ip: std::net::Ipv4Addr::LOCALHOST.into(), user_agent: "wardkeep bench", known: None };
    let now = here.app.clock.now();
    let link = here.auth.request_link(&email, Purpose::SignIn, &device, now).await?.ok_or_else(nobody)?;
    let visitor = Visitor::by_link(&here, link.token.reveal()).await?;
    let mut timed = Vec::new();
    for path in BESIDE {
        timed.push(visitor.time(&here, path, path, times).await?);
    }
    for schema in wardkeep_registers::all() {
        let list = format!("/{}", schema.path);
        let mut paths = vec![list.clone()];
        let sql = "SELECT reference FROM record WHERE register = $1 AND restricted = 0 ORDER BY seq LIMIT 1";
        if let Some(row) = here.app.db.row(sql, cells![schema.key]).await? {
            let one = format!("{list}/{}", row.try_get::<String>("", "reference")?);
            paths.extend([one.clone(), format!("{one}/history")]);
        }
        for path in paths {
            timed.push(visitor.time(&here, &path, &path, times).await?);
        }
    }
    print(&out, &json!({ "times": times }), &timed)?;
    Ok(Exit::Fine)
}
