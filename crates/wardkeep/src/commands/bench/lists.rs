//! Lists of a register with a million rows, for somebody who may see 3 of 40 units. Expected before it was first
//! measured: every page under 150 ms at p95 and at most 6 statements beside those of the door, on both databases,
//! because each unit's rows are read in order from an index and only one page of them is merged.

use super::fill::fill;
use super::visitor::{Visitor, print};
use crate::args::Global;
use crate::exit::Exit;
use crate::open::Installation;
use crate::output::Out;
use serde_json::json;
use wardkeep_app::auth::NewGrant;
use wardkeep_rights::{Grant, Role};

/// Which units the visitor sees.
const SEEN: [usize; 3] = [3, 17, 31];

/// Fills the folder, and measures.
pub async fn run(global: &Global, out: Out, rows: usize, times: usize) -> anyhow::Result<Exit> {
    let here = Installation::of(global).await?;
    let filled = fill(&here, rows, out.json).await?;
    let organisation = here.app.organisation().await?;
    for unit in SEEN {
        let grant = Grant::new(Role::Officer, filled.units[unit]);
        let new = NewGrant { person: filled.person, grant, from: None, why: "bench".into() };
        here.auth.add_grant(&here.ctx("bench"), &organisation.units, &new).await?;
    }
    let visitor = Visitor::invited(&here, filled.person).await?;
    let kind = "kind=hardware";
    let pages = [
        ("list", "/assets".to_owned()),
        ("list, second page", next(&visitor, "/assets").await?),
        ("filter by kind", format!("/assets?{kind}")),
        ("filter by unit", "/assets?unit=UNI-0005".to_owned()),
        ("filter by stage", "/assets?stage=open".to_owned()),
        ("sort by name", "/assets?sort=name".to_owned()),
        ("sort by name, downwards", "/assets?sort=-name".to_owned()),
        ("sort and filter", format!("/assets?{kind}&sort=name")),
        ("words in the list", "/assets?q=laboratory".to_owned()),
        ("two words in the list", "/assets?q=laboratory+backup".to_owned()),
        ("one host in the list", "/assets?q=h0000043".to_owned()),
        ("search everywhere", "/search?q=laboratory".to_owned()),
        ("palette", "/api/v1/palette?q=laborat".to_owned()),
        ("API list", "/api/v1/assets?limit=50".to_owned()),
        ("Today", "/today".to_owned()),
    ];
    let mut timed = Vec::new();
    for (name, path) in pages {
        timed.push(visitor.time(&here, name, &path, times).await?);
    }
    let head = json!({
        "database": format!("{:?}", here.app.db.dialect()), "rows": rows, "units": "3 of 40", "times": times, "filled_seconds": filled.seconds,
    });
    out.say(format!("{} rows on {:?}, 3 of 40 units, {times} times each", rows, here.app.db.dialect()))?;
    print(&out, &head, &timed)?;
    Ok(Exit::Fine)
}

/// Where "Next" leads.
async fn next(visitor: &Visitor, path: &str) -> anyhow::Result<String> {
    let (_, text) = visitor.get(path).await?;
    let found = text.match_indices("href=\"").map(|(at, mark)| &text[at + mark.len()..]);
    let mut links = found.filter_map(|rest| rest.split('"').next()).filter(|link| link.contains("after="));
    Ok(links.next().map_or_else(|| path.to_owned(), |link| link.replace("&amp;", "&")))
}
