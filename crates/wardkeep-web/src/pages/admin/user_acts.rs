//! `POST /admin/users/{id}`: one verb on one account.

use super::super::me::Me;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::users::{hand_over, read_grant};
use super::{require, unprocessable};
use crate::words::words;
use axum::extract::Path;
use axum::response::Response;
use wardkeep_app::auth::Account;
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::Named;
use wardkeep_types::Id;

/// Does it.
pub(super) async fn act(Path(id): Path<String>, me: Me, posted: Posted) -> Response {
    if let Some(elsewhere) = me.stale(&format!("/admin/users/{id}")) {
        return elsewhere;
    }
    let reader = &posted.reader;
    reader
        .answer(async {
            require(reader, Verb::View, Named::User)?;
            let account: Id = id.parse().map_err(|_| Refusal::NotFound)?;
            let (account, _) =
                reader.state.auth.account_seen(&reader.ctx, &reader.organisation.units, account).await?;
            let verb = posted.text("verb");
            if verb == "link" {
                let (ctx, units) = (&reader.ctx, &reader.organisation.units);
                let letter = reader.state.auth.hand_out_link(ctx, units, &account).await?;
                return Ok(hand_over(reader, &me.door, letter, false));
            }
            match done(reader, &posted, &account, verb).await {
                Ok(()) => Ok(go(format!("/admin/users/{id}?flash={verb}"))),
                Err(Error::Refusal(Refusal::Invalid(problems))) => {
                    Ok(unprocessable(super::user::page(reader, &id, &posted.pairs, &problems).await?))
                }
                Err(other) => Err(other),
            }
        })
        .await
}

async fn done(reader: &Reader, posted: &Posted, account: &Account, verb: &str) -> Result<(), Error> {
    let (auth, ctx, units) = (&reader.state.auth, &reader.ctx, &reader.organisation.units);
    let why = posted.text("reason").trim();
    match verb {
        "grant" => {
            let new = read_grant(reader, posted, account.person).map_err(Refusal::Invalid)?;
            auth.add_grant(ctx, units, &new).await.map(|_| ())
        }
        "revoke" => {
            let grant = posted.text("grant").parse().map_err(|_| Refusal::NotFound)?;
            let own = auth.grants_of(account.person).await?.iter().any(|g| g.id == grant);
            if !own {
                return Err(Refusal::NotFound.into());
            }
            auth.end_grant(ctx, units, grant, words("admin.revoked_here")).await
        }
        "reset" => auth.reset_second_factor(ctx, units, account, why).await,
        "sessions" => auth.end_all_sessions(ctx, units, account, why).await,
        "disable" | "enable" => {
            if why.is_empty() {
                return Err(Refusal::invalid("reason", "required", words("admin.need_why")).into());
            }
            auth.set_suspended(ctx, units, account, verb == "disable", why).await
        }
        _ => Err(Refusal::NotFound.into()),
    }
}
