//! `wardkeep token`: bearer tokens for programs.

use super::units;
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use clap::{Args, Subcommand};
use serde_json::json;
use wardkeep_app::auth::{Holder, NewToken, TokenView};
use wardkeep_report::words::moment;
use wardkeep_rights::Scopes;

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; it is shown this once
    Add(AddArgs),
    /// List tokens
    List,
    /// End a token at once
    Revoke {
        /// How it begins, as `token list` shows it
        prefix: String,
    },
}

/// A new token.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// What it is for
    pub name: String,
    /// What it allows, such as import:add or finding:view; may be given several times
    #[arg(long, required = true, value_name = "SCOPE")]
    pub scope: Vec<Scopes>,
    /// Unit in which it works, with all below; may be given several times [default: the organisation]
    #[arg(long)]
    pub unit: Vec<String>,
    /// Days until it ends, 366 at most
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=366))]
    pub days: i64,
}

/// Does it.
pub async fn run(global: &Global, out: Out, command: TokenCommand) -> anyhow::Result<Exit> {
    let here = Installation::there(global).await?;
    match command {
        TokenCommand::Add(args) => add(&here, out, args).await?,
        TokenCommand::List => list(&here, out).await?,
        TokenCommand::Revoke { prefix } => revoke(&here, out, &prefix).await?,
    }
    Ok(Exit::Fine)
}

async fn add(here: &Installation, out: Out, args: AddArgs) -> anyhow::Result<()> {
    let (ctx, organisation) = (here.ctx("token"), here.app.organisation().await?);
    let mut within =
        args.unit.iter().map(|u| units::find(&organisation, Some(u))).collect::<Result<Vec<_>, _>>()?;
    if within.is_empty() {
        within.push(units::find(&organisation, None)?);
    }
    let scopes = args.scope.iter().map(Scopes::to_string).collect::<Vec<_>>().join(" ");
    let expires_at = ctx.now.plus_seconds(args.days * 86_400);
    let new = NewToken {
        name: args.name,
        holder: Holder::Program,
        scopes: scopes.parse()?,
        units: within,
        expires_at,
    };
    let (id, secret) = here.auth.create_token(&ctx, &organisation.units, &new).await?;
    out.json(&json!({"id": id, "name": new.name, "scopes": scopes, "expires_at": expires_at, "token": secret.reveal()}))?;
    out.say(format!("Token for {}, until {}. It is shown this once:", new.name, moment(expires_at)))?;
    out.say(format!("  {}", secret.reveal()))?;
    Ok(())
}

async fn list(here: &Installation, out: Out) -> anyhow::Result<()> {
    let (tokens, organisation) =
        (here.auth.tokens(None, here.app.clock.now()).await?, here.app.organisation().await?);
    let holder = |t: &TokenView| match t.holder {
        Holder::Person(_) => "person",
        Holder::Program => "program",
    };
    let places =
        |t: &TokenView| t.units.iter().map(|u| organisation.unit(*u).0.to_owned()).collect::<Vec<_>>();
    let one = |t: &TokenView| {
        json!({
            "id": t.id, "prefix": t.prefix, "name": t.name, "holder": holder(t), "scopes": t.scopes.to_string(),
            "units": places(t), "created_at": t.created_at, "expires_at": t.expires_at, "used_at": t.used_at, "used_ip": t.used_ip,
        })
    };
    out.json(&json!({"tokens": tokens.iter().map(one).collect::<Vec<_>>()}))?;
    if tokens.is_empty() {
        out.say("There are no tokens.")?;
        return Ok(());
    }
    let mut table = Table::new(&["Begins with", "For", "Scopes", "Ends", "Last used"]);
    for token in &tokens {
        let used = token.used_at.map_or_else(|| "never".to_owned(), |at| at.date().to_string());
        let ends = token.expires_at.date().to_string();
        table.row([
            cell(&token.prefix),
            cell(&token.name),
            cell(token.scopes.to_string()),
            cell(ends),
            cell(used),
        ]);
    }
    table.print(&out)?;
    Ok(())
}

async fn revoke(here: &Installation, out: Out, prefix: &str) -> anyhow::Result<()> {
    let (ctx, organisation) = (here.ctx("token"), here.app.organisation().await?);
    let tokens = here.auth.tokens(None, ctx.now).await?;
    // Whoever pastes the whole token by mistake still ends the right one.
    let fits = |t: &&TokenView| {
        t.prefix == prefix || prefix.starts_with(&format!("{}_", t.prefix)) || t.id.to_string() == prefix
    };
    let none = || Failure::refused("unknown_token", "no token begins so").remedy("see `wardkeep token list`");
    let token = tokens.iter().find(fits).ok_or_else(none)?;
    here.auth.revoke_token(&ctx, &organisation.units, token.id).await?;
    out.json(&json!({"id": token.id, "prefix": token.prefix, "revoked": true}))?;
    out.say(format!("{} ({}) is ended.", token.prefix, token.name))?;
    Ok(())
}
