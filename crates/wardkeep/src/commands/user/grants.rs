//! Roles on units.

use super::super::units;
use super::account;
use crate::exit::Failure;
use crate::open::Installation;
use crate::output::Out;
use clap::Args;
use serde_json::json;
use wardkeep_app::Ctx;
use wardkeep_app::auth::NewGrant;
use wardkeep_rights::{Grant, Role};
use wardkeep_types::{Date, Id};

/// A role to give or to take back.
#[derive(Debug, Args)]
pub struct GrantArgs {
    /// Mail address of the account
    pub email: String,
    /// The role: officer, executive, analyst, owner, tester, internal_auditor, external_auditor, employee,
    /// respondent, board, reader, administrator
    pub role: Role,
    /// Unit by reference or name, with all below it [default: the organisation]
    #[arg(long)]
    pub unit: Option<String>,
    /// Last day of the role
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Why, for the change log
    #[arg(long, default_value = "given on the command line")]
    pub reason: String,
}

/// Gives a role.
pub async fn grant(here: &Installation, ctx: &Ctx, out: Out, args: GrantArgs) -> anyhow::Result<()> {
    let (person, unit) = whom(here, &args).await?;
    give(here, ctx, person, args.role, unit, args.until, &args.reason).await?;
    say(here, out, &args, unit, "has").await
}

/// Takes a role back.
pub async fn revoke(here: &Installation, ctx: &Ctx, out: Out, args: GrantArgs) -> anyhow::Result<()> {
    let (person, unit) = whom(here, &args).await?;
    let organisation = here.app.organisation().await?;
    let held = here.auth.grants_of(person).await?;
    let fitting: Vec<_> = held.iter().filter(|g| g.grant.role == args.role && g.grant.unit == unit).collect();
    if fitting.is_empty() {
        let has: Vec<String> = held
            .iter()
            .map(|g| format!("{} on {}", g.grant.role.key(), organisation.unit(g.grant.unit).0))
            .collect();
        let remedy = if has.is_empty() {
            "this person has no role".to_owned()
        } else {
            format!("this person has: {}", has.join(", "))
        };
        return Err(Failure::refused("no_grant", "this role was not given there")
            .at(&args.email)
            .remedy(remedy)
            .into());
    }
    for given in fitting {
        here.auth.end_grant(ctx, &organisation.units, given.id, &args.reason).await?;
    }
    say(here, out, &args, unit, "no longer has").await
}

/// Gives a role on a unit and all below it.
pub async fn give(
    here: &Installation,
    ctx: &Ctx,
    person: Id,
    role: Role,
    unit: Id,
    until: Option<Date>,
    why: &str,
) -> anyhow::Result<()> {
    let organisation = here.app.organisation().await?;
    let grant = Grant { until, ..Grant::new(role, unit) };
    let new = NewGrant { person, grant, from: None, why: why.to_owned() };
    here.auth.add_grant(ctx, &organisation.units, &new).await?;
    Ok(())
}

async fn whom(here: &Installation, args: &GrantArgs) -> anyhow::Result<(Id, Id)> {
    let account = account(here, &args.email).await?;
    let organisation = here.app.organisation().await?;
    Ok((account.person, units::find(&organisation, args.unit.as_deref())?))
}

async fn say(here: &Installation, out: Out, args: &GrantArgs, unit: Id, has: &str) -> anyhow::Result<()> {
    let organisation = here.app.organisation().await?;
    let (reference, name) = organisation.unit(unit);
    out.json(&json!({"email": args.email, "role": args.role.key(), "unit": reference, "until": args.until, "given": has == "has"}))?;
    out.say(format!("{} {has} the role {} on {reference} {name}.", args.email, args.role.label()))?;
    Ok(())
}
