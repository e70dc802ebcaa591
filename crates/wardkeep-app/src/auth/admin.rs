//! What an administrator does to the accounts of others when something was lost.

use super::account::edit;
use super::{Account, Auth, SessionView};
use crate::{Ctx, Error, Refusal};
use serde_json::json;
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource, Target, UnitTree, decide};
use wardkeep_store::{Write, cells};
use wardkeep_types::Id;

const USER: Resource = Resource::Named(Named::User);

impl Auth {
    /// Every account, for whoever keeps or watches them.
    pub async fn accounts_seen(&self, ctx: &Ctx, units: &UnitTree) -> Result<Vec<Account>, Error> {
        decide(&ctx.actor, units, Verb::View, USER, &Target::INSTALLATION)?;
        self.accounts().await
    }
    /// One account and its open sessions, for whoever keeps or watches them.
    pub async fn account_seen(
        &self,
        ctx: &Ctx,
        units: &UnitTree,
        account: Id,
    ) -> Result<(Account, Vec<SessionView>), Error> {
        decide(&ctx.actor, units, Verb::View, USER, &Target::INSTALLATION)?;
        let found = self.account_here(account).await?;
        let sessions = self.sessions(account, ctx.now).await?;
        Ok((found, sessions))
    }
    /// Takes codes, recovery codes and passkeys away from an account and ends its sessions: for somebody whose device
    /// is lost. They sign in with their password and set up anew. Nobody does this to themselves.
    pub async fn reset_second_factor(
        &self,
        ctx: &Ctx,
        units: &UnitTree,
        account: &Account,
        why: &str,
    ) -> Result<(), Error> {
        may_mend(ctx, units, account, why)?;
        let keys = self.passkeys(account.id).await?.len();
        let mut statements = vec![
            ("UPDATE account SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = 0 WHERE id = $1".to_owned(), cells![account.id]),
            ("DELETE FROM recovery_code WHERE account_id = $1".to_owned(), cells![account.id]),
            ("DELETE FROM passkey WHERE account_id = $1".to_owned(), cells![account.id]),
            ("DELETE FROM known_device WHERE account_id = $1".to_owned(), cells![account.id]),
        ];
        statements.extend(Self::end_sessions(account.id, None, "second factor reset", ctx.now));
        let fields = vec![
            edit("totp_since", json!(account.totp_since), json!(null)),
            edit("passkeys", json!(keys), json!(0)),
        ];
        let mut act = account.act("account:reset_factor", fields, statements);
        act.why = Some(why.trim().to_owned());
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
    /// Ends every session of somebody else's account, and forgets its known browsers.
    pub async fn end_all_sessions(
        &self,
        ctx: &Ctx,
        units: &UnitTree,
        account: &Account,
        why: &str,
    ) -> Result<(), Error> {
        may_mend(ctx, units, account, why)?;
        let mut statements = Self::end_sessions(account.id, None, "ended by an administrator", ctx.now);
        statements.push(("DELETE FROM known_device WHERE account_id = $1".into(), cells![account.id]));
        let fields = vec![edit("sessions", json!("open"), json!("ended"))];
        let mut act = account.act("account:end_sessions", fields, statements);
        act.why = Some(why.trim().to_owned());
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
}

/// Whether the actor may do that to the account of somebody else, with a reason.
fn may_mend(ctx: &Ctx, units: &UnitTree, account: &Account, why: &str) -> Result<(), Error> {
    decide(&ctx.actor, units, Verb::Administer, USER, &Target::INSTALLATION)?;
    if ctx.person() == Some(account.person) {
        return Err(Refusal::Forbidden("for your own account, use the page Your settings".into()).into());
    }
    if why.trim().is_empty() {
        return Err(Refusal::invalid("reason", "required", "say why, for the change log").into());
    }
    Ok(())
}
