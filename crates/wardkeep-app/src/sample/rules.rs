//! The rules that Wardkeep brings, and the filters with which the sample organisation tunes them.

use crate::assess::id_for;
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use wardkeep_register::Value;
use wardkeep_store::cells;
use wardkeep_types::{Id, Moment};

/// Name, file of the rule, selections and condition, cause, reason, last day so many days ahead, stage.
type FilterPlan = (&'static str, &'static str, &'static str, &'static str, &'static str, i64, bool);

#[rustfmt::skip] // one row a line
const FILTERS: [FilterPlan; 2] = [
    ("Weekly scan asks for pages that are not there", "web_many_not_found.yml", "scanner:\n  wardkeep.src_ip: 10.20.0.15\ncondition: not scanner", "meant", "The scanner of the security team looks at all portals each Sunday.", 120, true),
    ("Imaging suite installs its update service", "win_service_installed.yml", "imaging:\n  ServiceName|startswith: ImagingUpdate\ncondition: not imaging", "meant", "The maker's updates put a service in place and take it away again.", 30, false),
];

/// Registers rules and filters just before `now`. Returns how many records of each register were made.
pub(super) async fn add(
    app: &App,
    now: Moment,
    unit: Id,
    owner: Id,
) -> Result<[(&'static str, usize); 2], Error> {
    // The year ends before now.
    let ctx = Ctx::system("sample", Moment::from_micros(now.as_micros() - 1));
    let synced = app.sync_shipped_rules(&ctx, unit).await?;
    let schema = App::schema("rule_filter")?;
    for (name, file, filter, cause, reason, days, active) in FILTERS {
        let rules = app.rule_rows("WHERE file = $1", cells![format!("content/rules/{file}")]).await?;
        let mut rules: Vec<Id> = rules.iter().map(|rule| rule.id).collect();
        rules.sort_unstable();
        let edits = Edits::from([
            ("name".into(), Value::text(name)),
            ("rules".into(), Value::Links(rules)),
            ("filter".into(), Value::text(filter)),
            ("cause".into(), Value::Choice(cause.into())),
            ("reason".into(), Value::text(reason)),
            ("owner".into(), Value::Link(owner)),
            ("until".into(), Value::Date(now.date().plus_days(days))),
        ]);
        let id = id_for("sample_filter", name);
        app.write_one(&ctx, Proposal::add(schema, id, unit, edits)).await?;
        if active {
            app.write_one(&ctx, Proposal::movement(schema, id, None, "activate")).await?;
        }
    }
    Ok([("rule", synced.added as usize), ("rule_filter", FILTERS.len())])
}
