//! What administrators do with accounts: invite, suspend, open again, hand out links.

use super::account::edit;
use super::first::account_act;
use super::row::{get, id};
use super::{Account, AccountState, Auth, Mailable, Purpose};
use crate::{Ctx, Error, Refusal};
use serde_json::json;
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource, Target, UnitTree, decide};
use wardkeep_store::{Write, cells};
use wardkeep_types::{Email, Id};

const USER: Resource = Resource::Named(Named::User);

impl Auth {
    /// Makes an account for a person's record and a link with which they set their password. The address is the
    /// record's. Roles come by [`Auth::add_grant`].
    pub async fn invite(&self, ctx: &Ctx, units: &UnitTree, person: Id) -> Result<Mailable, Error> {
        decide(&ctx.actor, units, Verb::Add, USER, &Target::INSTALLATION)?;
        let sql =
            "SELECT p.email, p.unit_id, r.is_open FROM person p JOIN record r ON r.id = p.id WHERE p.id = $1";
        let row = self.db.row(sql, cells![person]).await?.ok_or(Refusal::NotFound)?;
        if get::<i64>(&row, "is_open")? == 0 {
            return Err(Refusal::Conflict("this person has left".into()).into());
        }
        let email: Email = super::row::parsed(&row, "email")?;
        if let Some(account) = self.account_by_email(email.as_str()).await? {
            if account.state != AccountState::Invited {
                return Err(Refusal::Conflict(format!("{email} has an account already")).into());
            }
            return self.link_for(&account, Purpose::Invitation, self.settings.invitation, ctx.now).await;
        }
        let account = Id::new(ctx.now);
        let act = account_act(account, person, id(&row, "unit_id")?, &email, None, "UTC", ctx.now);
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        let account = self.account_here(account).await?;
        self.link_for(&account, Purpose::Invitation, self.settings.invitation, ctx.now).await
    }
    /// A link with which the account's person sets a new password: where mail is not set up, or does not arrive.
    pub async fn hand_out_link(
        &self,
        ctx: &Ctx,
        units: &UnitTree,
        account: &Account,
    ) -> Result<Mailable, Error> {
        decide(&ctx.actor, units, Verb::Administer, USER, &Target::INSTALLATION)?;
        let purpose =
            if account.state == AccountState::Invited { Purpose::Invitation } else { Purpose::NewPassword };
        let act =
            account.act("account:link", vec![edit("purpose", json!(null), json!(purpose.key()))], vec![]);
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        self.link_for(account, purpose, self.settings.link, ctx.now).await
    }
    /// Closes an account and ends its sessions, or opens it again.
    pub async fn set_suspended(
        &self,
        ctx: &Ctx,
        units: &UnitTree,
        account: &Account,
        suspended: bool,
        why: &str,
    ) -> Result<(), Error> {
        decide(&ctx.actor, units, Verb::Administer, USER, &Target::INSTALLATION)?;
        if ctx.person() == Some(account.person) && suspended {
            return Err(Refusal::Forbidden(
                "nobody closes their own account; ask another administrator".into(),
            )
            .into());
        }
        let state = match (suspended, &account.password_hash) {
            (true, _) => AccountState::Suspended,
            (false, Some(_)) => AccountState::Active,
            (false, None) => AccountState::Invited,
        };
        if state == account.state {
            return Ok(());
        }
        let mut statements =
            vec![("UPDATE account SET state = $1 WHERE id = $2".to_owned(), cells![state.key(), account.id])];
        if suspended {
            statements.extend(Self::end_sessions(account.id, None, "suspended", ctx.now));
        }
        let mut act = account.act(
            "account:state",
            vec![edit("state", json!(account.state.key()), json!(state.key()))],
            statements,
        );
        act.why = Some(why.to_owned());
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
}
