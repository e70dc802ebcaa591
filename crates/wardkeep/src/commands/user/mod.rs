//! `wardkeep user`: people who can sign in. For the first administrator who is locked out, and for scripts.

mod erase;
mod grants;

use super::units;
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};
use wardkeep_app::auth::{Account, Mailable};
use wardkeep_app::records::{Edits, Proposal};
use wardkeep_app::{App, Ctx};
use wardkeep_register::Value;
use wardkeep_report::words::moment;
use wardkeep_rights::Role;
use wardkeep_store::cells;
use wardkeep_types::{Email, Id};

pub use grants::GrantArgs;

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account and print a link with which the person sets a password
    Add(AddArgs),
    /// List accounts and their roles
    List,
    /// Print a link with which a person sets a new password
    Link(OneArgs),
    /// Give a role
    Grant(GrantArgs),
    /// Take a role back
    Revoke(GrantArgs),
    /// Close an account and end its sessions
    Disable(WhyArgs),
    /// Open a closed account again
    Enable(WhyArgs),
    /// Erase a person: name, address, history, log records. There is no way back
    Erase(erase::EraseArgs),
}

/// A new account.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Mail address, by which the person signs in
    pub email: Email,
    /// The person's name; not needed when there is a record of that address
    #[arg(long)]
    pub name: Option<String>,
    /// Role to give; may be given several times
    #[arg(long, value_name = "ROLE")]
    pub role: Vec<Role>,
    /// Unit of the person and the roles, by reference or name [default: the organisation]
    #[arg(long)]
    pub unit: Option<String>,
}

/// One account.
#[derive(Debug, Args)]
pub struct OneArgs {
    /// Mail address of the account
    pub email: String,
}

/// One account, with a reason.
#[derive(Debug, Args)]
pub struct WhyArgs {
    /// Mail address of the account
    pub email: String,
    /// Why, for the change log
    #[arg(long)]
    pub reason: String,
}

/// Does it.
pub async fn run(global: &Global, out: Out, command: UserCommand) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    let ctx = here.ctx("user");
    let organisation = here.app.organisation().await?;
    match command {
        UserCommand::Add(args) => add(&here, &ctx, out, args).await?,
        UserCommand::List => list(&here, out).await?,
        UserCommand::Link(args) => {
            let account = account(&here, &args.email).await?;
            let link = here.auth.hand_out_link(&ctx, &organisation.units, &account).await?;
            print_link(&here, out, &link, json!({}))?;
        }
        UserCommand::Grant(args) => grants::grant(&here, &ctx, out, args).await?,
        UserCommand::Revoke(args) => grants::revoke(&here, &ctx, out, args).await?,
        UserCommand::Disable(args) => suspend(&here, &ctx, out, args, true).await?,
        UserCommand::Enable(args) => suspend(&here, &ctx, out, args, false).await?,
        UserCommand::Erase(args) => erase::erase(&here, &ctx, out, args).await?,
    }
    Ok(Exit::Fine)
}

async fn add(here: &Installation, ctx: &Ctx, out: Out, args: AddArgs) -> anyhow::Result<()> {
    let organisation = here.app.organisation().await?;
    let unit = units::find(&organisation, args.unit.as_deref())?;
    let person = match person(here, args.email.as_str()).await? {
        Some(person) => person,
        None => {
            let Some(name) = &args.name else {
                let what = "there is no person of that address yet";
                return Err(Failure::refused("name", what)
                    .at(&args.email)
                    .remedy("give the name too: --name \"Anna Berg\"")
                    .into());
            };
            let edits = Edits::from([
                ("name".into(), Value::text(name)),
                ("email".into(), Value::text(args.email.as_str())),
                ("employment".into(), Value::Choice("employee".into())),
            ]);
            let proposal = Proposal::add(App::schema("person")?, Id::new(ctx.now), unit, edits);
            here.app.write_one(ctx, proposal.because("wardkeep user add")).await?.id
        }
    };
    let link = here.auth.invite(ctx, &organisation.units, person).await?;
    for role in &args.role {
        grants::give(here, ctx, person, *role, unit, None, "wardkeep user add").await?;
    }
    let roles: Vec<&str> = args.role.iter().map(|r| r.key()).collect();
    print_link(here, out, &link, json!({"roles": roles}))?;
    if args.role.is_empty() {
        out.say(format!("  No role yet: wardkeep user grant {} ROLE", args.email))?;
    }
    Ok(())
}

/// A link goes to the screen this once; it is nowhere else.
fn print_link(here: &Installation, out: Out, link: &Mailable, more: Json) -> anyhow::Result<()> {
    let url = super::serve::link_url(here.auth.settings(), link.token.reveal());
    let mut object = json!({"email": link.email, "name": link.name, "purpose": link.purpose.key(), "link": url, "expires_at": link.expires_at});
    if let (Some(object), Some(more)) = (object.as_object_mut(), more.as_object()) {
        object.extend(more.clone());
    }
    out.json(&object)?;
    out.say(format!("Link for {} ({}), once, until {}:", link.name, link.email, moment(link.expires_at)))?;
    out.say(format!("  {url}"))?;
    Ok(())
}

async fn list(here: &Installation, out: Out) -> anyhow::Result<()> {
    let (accounts, grants) = (here.auth.accounts().await?, here.auth.grants().await?);
    let organisation = here.app.organisation().await?;
    let roles = |person: Id| {
        let held = grants.iter().filter(move |g| g.person == person);
        held.map(|g| format!("{} on {}", g.grant.role.key(), organisation.unit(g.grant.unit).0))
            .collect::<Vec<_>>()
    };
    let one = |a: &Account| {
        json!({
            "email": a.email, "name": a.name, "state": a.state.key(), "present": a.present,
            "second_factor": a.totp_since.is_some(), "last_sign_in_at": a.last_sign_in_at, "roles": roles(a.person),
        })
    };
    out.json(&json!({"users": accounts.iter().map(one).collect::<Vec<_>>()}))?;
    if accounts.is_empty() {
        out.say("Nobody has an account yet: open the link that `wardkeep serve` prints.")?;
        return Ok(());
    }
    let mut table = Table::new(&["Address", "Name", "State", "Last sign-in", "Roles"]);
    for account in &accounts {
        let last = account.last_sign_in_at.map_or_else(|| "never".to_owned(), |at| at.date().to_string());
        let state = if account.present { account.state.key() } else { "left" };
        table.row([
            cell(&account.email),
            cell(&account.name),
            cell(state),
            cell(last),
            cell(roles(account.person).join(", ")),
        ]);
    }
    table.print(&out)?;
    Ok(())
}

async fn suspend(
    here: &Installation,
    ctx: &Ctx,
    out: Out,
    args: WhyArgs,
    suspended: bool,
) -> anyhow::Result<()> {
    let account = account(here, &args.email).await?;
    let organisation = here.app.organisation().await?;
    here.auth.set_suspended(ctx, &organisation.units, &account, suspended, &args.reason).await?;
    let state = self::account(here, &args.email).await?.state.key();
    out.json(&json!({"email": account.email, "state": state}))?;
    out.say(format!("{} is {state} now.", account.email))?;
    Ok(())
}

/// The account of an address.
async fn account(here: &Installation, email: &str) -> anyhow::Result<Account> {
    let none = || {
        Failure::refused("unknown_user", "there is no account of that address")
            .at(email)
            .remedy("see `wardkeep user list`")
    };
    Ok(here.auth.account_by_email(email.trim()).await?.ok_or_else(none)?)
}

/// The person's record of an address.
async fn person(here: &Installation, email: &str) -> anyhow::Result<Option<Id>> {
    let row = here.app.db.row("SELECT id FROM person WHERE email = $1", cells![email]).await?;
    // Both databases hand ids back as the store wrote them; its own reader knows how.
    Ok(match row {
        Some(row) => {
            Some(Id::from_uuid(row.try_get::<uuid::Uuid>("", "id").map_err(wardkeep_app::Error::fault)?))
        }
        None => None,
    })
}
