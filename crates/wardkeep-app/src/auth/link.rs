//! One-time links: the first start, invitations, signing in by mail, a forgotten password.
//!
//! Opening a link only shows what it is for; using it takes a press of a button, so that programs which open every
//! link of a mail do not use it up.

use super::row::{get, id_maybe, moment};
use super::secret::hash;
use super::throttle::{MAIL, RANGE, range};
use super::{Account, AccountState, Auth, Device, Level, Secret, Step};
use crate::{Ctx, Error, Refusal};
use wardkeep_rights::Actor;
use wardkeep_store::cells;
use wardkeep_types::{Email, Id, Moment};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Makes the first account of an installation.
    FirstStart,
    /// Lets an invited person set their password.
    Invitation,
    /// Signs in.
    SignIn,
    /// Lets a person set a new password.
    NewPassword,
}

impl Purpose {
    /// Stable key, as stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::FirstStart => "first_start",
            Self::Invitation => "invitation",
            Self::SignIn => "sign_in",
            Self::NewPassword => "new_password",
        }
    }
    fn of(key: &str) -> Option<Self> {
        [Self::FirstStart, Self::Invitation, Self::SignIn, Self::NewPassword]
            .into_iter()
            .find(|p| p.key() == key)
    }
}

/// What a link that still holds is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// What it does.
    pub purpose: Purpose,
    /// For which address; empty at the first start.
    pub email: String,
    /// Until when it holds.
    pub expires_at: Moment,
    account: Option<Id>,
}

/// A link to be mailed.
#[derive(Debug, Clone)]
pub struct Mailable {
    /// To whom.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What the link does.
    pub purpose: Purpose,
    /// What follows `/link/` in its address.
    pub token: Secret,
    /// Until when it holds.
    pub expires_at: Moment,
}

impl Auth {
    /// Makes the link of the first start, printed on the console; `None` once there is an account. Earlier ones
    /// stop working.
    pub async fn create_first_link(&self, now: Moment) -> Result<Option<Secret>, Error> {
        if !self.is_empty().await? {
            return Ok(None);
        }
        self.db.run("DELETE FROM one_time_link WHERE purpose = 'first_start'", cells![]).await?;
        self.make_link(Purpose::FirstStart, None, self.settings.invitation, now).await.map(Some)
    }
    /// A link for an account, made by somebody who may: an administrator, or the machine's owner on the console.
    /// Earlier links of the account stop working. Rights are the caller's matter, see [`Auth::invite`].
    pub(super) async fn link_for(
        &self,
        account: &Account,
        purpose: Purpose,
        lasts: i64,
        now: Moment,
    ) -> Result<Mailable, Error> {
        let stop = "UPDATE one_time_link SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL";
        self.db.run(stop, cells![now, account.id]).await?;
        let token = self.make_link(purpose, Some(account.id), lasts, now).await?;
        let (email, name) = (account.email.clone(), account.name.clone());
        Ok(Mailable { email, name, purpose, token, expires_at: now.plus_seconds(lasts) })
    }
    /// A link that somebody asks for at the door. The page answers the same whatever comes back; `None` means that
    /// there is nothing to mail.
    pub async fn request_link(
        &self,
        email: &str,
        purpose: Purpose,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Option<Mailable>, Error> {
        let Ok(email) = email.parse::<Email>() else { return Ok(None) };
        let fine = self.attempt(RANGE, &range(device.ip), now).await?.is_ok()
            && self.attempt(MAIL, email.as_str(), now).await?.is_ok();
        let account = self.account_by_email(email.as_str()).await?.filter(Account::is_usable);
        match (account, purpose) {
            (Some(account), Purpose::SignIn | Purpose::NewPassword) if fine => {
                self.link_for(&account, purpose, self.settings.link, now).await.map(Some)
            }
            _ => Ok(None),
        }
    }
    async fn make_link(
        &self,
        purpose: Purpose,
        account: Option<Id>,
        lasts: i64,
        now: Moment,
    ) -> Result<Secret, Error> {
        let token = Secret::random();
        let sql = "INSERT INTO one_time_link (hash, purpose, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
        self.db.run(sql, cells![token.hash(), purpose.key(), account, now, now.plus_seconds(lasts)]).await?;
        Ok(token)
    }
    /// What a link is for; `None` when it is used, over or unknown. Looking does not use it up.
    pub async fn link(&self, token: &str, now: Moment) -> Result<Option<LinkView>, Error> {
        let sql = "SELECT l.purpose, l.account_id, l.expires_at, a.email FROM one_time_link l LEFT JOIN account a ON a.id = l.account_id WHERE l.hash = $1 AND l.used_at IS NULL AND l.expires_at > $2";
        let Some(row) = self.db.row(sql, cells![hash(token), now]).await? else { return Ok(None) };
        let Some(purpose) = Purpose::of(&get::<String>(&row, "purpose")?) else { return Ok(None) };
        let email = get::<Option<String>>(&row, "email")?.unwrap_or_default();
        Ok(Some(LinkView {
            purpose,
            email,
            expires_at: moment(&row, "expires_at")?,
            account: id_maybe(&row, "account_id")?,
        }))
    }
    /// Uses a link up; of two at once one wins.
    pub(super) async fn burn(&self, token: &str, now: Moment) -> Result<(), Error> {
        let sql =
            "UPDATE one_time_link SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1";
        if self.db.run(sql, cells![now, hash(token)]).await? == 1 { Ok(()) } else { Err(over()) }
    }
    /// Makes a link usable again after what it was for failed.
    pub(super) async fn unburn(&self, token: &str) -> Result<(), Error> {
        self.db.run("UPDATE one_time_link SET used_at = NULL WHERE hash = $1", cells![hash(token)]).await?;
        Ok(())
    }
    /// Signs in with a mailed link.
    pub async fn sign_in_by_link(
        &self,
        token: &str,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Step, Error> {
        let link = self.link(token, now).await?.filter(|l| l.purpose == Purpose::SignIn).ok_or_else(over)?;
        self.burn(token, now).await?;
        self.session_for_verified_email(&link.email, Level::Link, device, now).await
    }
    /// Sets the password with an invitation or a link for a new one, and signs in.
    pub async fn set_password_by_link(
        &self,
        token: &str,
        password: &str,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Step, Error> {
        let fitting = |l: &LinkView| matches!(l.purpose, Purpose::Invitation | Purpose::NewPassword);
        let link = self.link(token, now).await?.filter(fitting).ok_or_else(over)?;
        let account = self.account_here(link.account.ok_or_else(over)?).await?;
        let invited = link.purpose == Purpose::Invitation && account.state == AccountState::Invited;
        if !account.present || !(invited || account.state == AccountState::Active) {
            return Err(over());
        }
        self.burn(token, now).await?;
        let ctx = Ctx::new(Actor::human(account.person, account.name.clone(), Vec::new(), now.date()), now);
        if let Err(error) = self.set_password(&ctx, &account, password, None).await {
            self.unburn(token).await?;
            return Err(error);
        }
        self.session_for_verified_email(&account.email, Level::Link, device, now).await
    }
}

pub(super) fn over() -> Error {
    Refusal::NotYet("this link was used or is over; ask for a new one".into()).into()
}
