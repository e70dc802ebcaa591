//! Signing in: password, then the second factor if there is one.

use super::row::{get, id};
use super::throttle::{ACCOUNT, CODE, PASSWORD, RANGE, range};
use super::{Account, Auth, Device, Issued, Level, Live};
use crate::{Error, Refusal};
use wardkeep_store::cells;
use wardkeep_types::{Email, Moment};

/// What a step of signing in came to.
#[derive(Debug, Clone)]
pub enum Step {
    /// Signed in.
    Done(Issued),
    /// Right so far: the second factor is asked within ten minutes, with this session.
    NeedCode(Issued),
    /// Not right. Which part was wrong, and whether there is such an account, is not said.
    Wrong,
    /// Too many attempts; the next is heard from this moment on.
    Wait(Moment),
    /// Strangers try this account: a browser that never signed in takes a mailed link, a passkey, or a second factor.
    UseLink,
}

/// Wrong codes after which the password is asked again.
const WRONG_CODES: i64 = 5;

impl Auth {
    /// Signs in with address and password. The answer and its time do not tell whether the account exists.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Step, Error> {
        let Ok(email) = email.parse::<Email>() else {
            self.hasher.fits(password, None).await?;
            return Ok(Step::Wrong);
        };
        let email = email.as_str();
        let account = self.account_by_email(email).await?;
        let known = match &account {
            Some(account) => self.knows(account.id, device, now).await?,
            None => false,
        };
        let party = Self::party(email, device, known);
        let from = range(device.ip);
        if let Err(until) = self.attempt(PASSWORD, &party, now).await? {
            return Ok(Step::Wait(until));
        }
        if !known {
            if let Err(until) = self.attempt(RANGE, &from, now).await? {
                return Ok(Step::Wait(until));
            }
            // Never blocks; it is only counted.
            let _ = self.attempt(ACCOUNT, email, now).await?;
        }
        let stranger = !known && self.settings.mail_links && self.is_suspicious(email, now).await?;
        let usable = account.filter(Account::is_usable);
        let hash = usable.as_ref().and_then(|a| a.password_hash.as_deref());
        let fits = self.hasher.fits(password, hash).await?;
        let Some(account) = usable.filter(|a| fits && (a.totp_since.is_some() || !stranger)) else {
            tracing::warn!(ip = %device.ip, known, "a sign-in was refused");
            return Ok(if stranger { Step::UseLink } else { Step::Wrong });
        };
        self.attempt_was_right(PASSWORD, &party, true).await?;
        if !known {
            self.attempt_was_right(RANGE, &from, false).await?;
            self.attempt_was_right(ACCOUNT, email, false).await?;
        }
        if account.password_hash.as_deref().is_some_and(|h| self.hasher.is_old(h)) {
            let hash = self.hasher.hash(password).await?;
            self.db
                .run("UPDATE account SET password_hash = $1 WHERE id = $2", cells![hash, account.id])
                .await?;
        }
        self.proved(&account, Level::Password, device, now).await
    }
    /// The second factor: a code of the authenticator app, or a recovery code.
    pub async fn second_factor(
        &self,
        pending: &str,
        code: &str,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Step, Error> {
        let sql = "SELECT id, account_id, wrong_codes FROM session WHERE token_hash = $1 AND step = 'code' AND ended_at IS NULL AND expires_at > $2";
        let Some(row) = self.db.row(sql, cells![super::secret::hash(pending), now]).await? else {
            return Ok(Step::Wrong);
        };
        let session = id(&row, "id")?;
        let Some(account) = self.account(id(&row, "account_id")?).await?.filter(Account::is_usable) else {
            return Ok(Step::Wrong);
        };
        let subject = account.id.to_string();
        if let Err(until) = self.attempt(CODE, &subject, now).await? {
            return Ok(Step::Wait(until));
        }
        if !self.code_fits(&account, code, now).await? {
            let over = get::<i64>(&row, "wrong_codes")? + 1 >= WRONG_CODES;
            let ended = over.then_some(now);
            let note = "UPDATE session SET wrong_codes = wrong_codes + 1, ended_at = $1, ended_why = 'wrong codes' WHERE id = $2";
            self.db.run(note, cells![ended, session]).await?;
            tracing::warn!(account = %account.id, ip = %device.ip, "a code was refused");
            return Ok(Step::Wrong);
        }
        self.attempt_was_right(CODE, &subject, true).await?;
        // The waiting session gives way to a new one with a new secret.
        let end =
            "UPDATE session SET ended_at = $1, ended_why = 'completed' WHERE id = $2 AND ended_at IS NULL";
        if self.db.run(end, cells![now, session]).await? == 0 {
            return Ok(Step::Wrong);
        }
        Ok(Step::Done(self.start_session(&account, Level::SecondFactor, true, device, now).await?))
    }
    /// The session for whoever was shown to hold a mail address: by a link, by a sign-on service. The second
    /// factor is still asked where the account has one, unless the proof was one already.
    pub async fn session_for_verified_email(
        &self,
        email: &str,
        level: Level,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Step, Error> {
        match self.account_by_email(email).await?.filter(Account::is_usable) {
            Some(account) => self.proved(&account, level, device, now).await,
            None => Ok(Step::Wrong),
        }
    }
    pub(super) async fn proved(
        &self,
        account: &Account,
        level: Level,
        device: &Device<'_>,
        now: Moment,
    ) -> Result<Step, Error> {
        if !account.is_usable() {
            return Ok(Step::Wrong);
        }
        let enough = account.totp_since.is_none() || level >= Level::SecondFactor;
        let issued = self.start_session(account, level, enough, device, now).await?;
        Ok(if enough { Step::Done(issued) } else { Step::NeedCode(issued) })
    }
    /// Proves anew who is behind a session, before a dangerous act: by the password, or by a code of the second
    /// factor. The session gets a new secret.
    pub async fn confirm(&self, live: &Live, proof: &str, now: Moment) -> Result<Issued, Error> {
        let account = self.account_here(live.account).await?;
        let subject = format!("session {}", live.session);
        if let Err(until) = self.attempt(PASSWORD, &subject, now).await? {
            return Err(Refusal::NotYet(format!("too many attempts; try again at {until}")).into());
        }
        let fits = self.code_fits(&account, proof, now).await?
            || self.hasher.fits(proof, account.password_hash.as_deref()).await?;
        if !fits {
            return Err(Refusal::invalid("proof", "wrong", "this is not right; try again").into());
        }
        self.attempt_was_right(PASSWORD, &subject, true).await?;
        self.rotate(live, live.level, now).await
    }
}
