//! Codes of an authenticator app (RFC 6238: SHA-1, 30 seconds, 6 digits, as every app understands them).

use super::account::edit;
use super::row::get;
use super::{Account, Auth, Live, Secret};
use crate::{Error, Refusal};
use rand::Rng as _;
use serde_json::json;
use totp_rs::{Algorithm, TOTP};
use wardkeep_store::{Write, cells};
use wardkeep_types::{Id, Moment};

/// Seconds of one code.
const STEP: i64 = 30;
/// Codes before and after the present one that are taken too, for clocks that are off.
const SKEW: i64 = 1;

/// What an authenticator app needs.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The secret in base32, for typing.
    pub secret: Secret,
    /// `otpauth://` address, for a QR code.
    pub uri: Secret,
}

fn code_at(secret: &[u8], step: i64) -> Option<String> {
    let totp = TOTP::new_unchecked(Algorithm::SHA1, 6, 0, STEP as u64, secret.to_vec(), None, String::new());
    Some(totp.generate(u64::try_from(step.checked_mul(STEP)?).ok()?))
}

/// The time step for which the code was made, if it is one of the steps around `now` and later than `after`.
fn step_of(secret: &[u8], code: &str, now: Moment, after: i64) -> Option<i64> {
    let present = now.as_micros().div_euclid(1_000_000).div_euclid(STEP);
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    // All steps are compared, whichever fits, so that the time says nothing.
    let mut found = None;
    for step in present - SKEW..=present + SKEW {
        let fits = code_at(secret, step)
            .is_some_and(|made| subtle::ConstantTimeEq::ct_eq(made.as_bytes(), typed.as_bytes()).into());
        found = if fits && step > after { Some(step) } else { found };
    }
    found
}

fn place(account: Id) -> String {
    format!("totp {account}")
}

fn enrolment(secret: &[u8], email: &str) -> Result<Enrolment, Error> {
    let issuer = Some("Wardkeep".to_owned());
    let totp =
        TOTP::new(Algorithm::SHA1, 6, 1, STEP as u64, secret.to_vec(), issuer, email.replace(':', " "))
            .map_err(Error::fault)?;
    Ok(Enrolment { secret: Secret::new(totp.get_secret_base32()), uri: Secret::new(totp.get_url()) })
}

impl Auth {
    /// Begins to set up codes; they are asked from [`Auth::confirm_totp`] on. Needs a fresh proof of identity.
    pub async fn begin_totp(&self, live: &Live, now: Moment) -> Result<Enrolment, Error> {
        self.require_fresh(live, now)?;
        let bytes: [u8; 20] = rand::rng().random();
        let sealed = self.keys.seal(&place(live.account), &bytes)?;
        let sql = "UPDATE account SET totp_secret = $1, totp_last_step = 0 WHERE id = $2 AND totp_confirmed_at IS NULL";
        if self.db.run(sql, cells![sealed, live.account]).await? == 0 {
            return Err(Refusal::Conflict("codes are set up already; remove them first".into()).into());
        }
        enrolment(&bytes, &live.email)
    }
    /// What was begun and not confirmed, to show it again.
    pub async fn begun_totp(&self, live: &Live) -> Result<Option<Enrolment>, Error> {
        let account = self.account_here(live.account).await?;
        match (account.totp_since, &account.totp_secret) {
            (None, Some(sealed)) => {
                Ok(Some(enrolment(&self.keys.unseal(&place(account.id), sealed)?, &live.email)?))
            }
            _ => Ok(None),
        }
    }
    /// Proves that the app shows the right codes; from now on they are asked. Gives the recovery codes, once.
    pub async fn confirm_totp(&self, live: &Live, code: &str, now: Moment) -> Result<Vec<Secret>, Error> {
        let account = self.account_here(live.account).await?;
        if account.totp_since.is_some() || account.totp_secret.is_none() {
            return Err(Refusal::NotYet("begin to set up codes first".into()).into());
        }
        if let Err(until) = self.attempt(super::throttle::CODE, &account.id.to_string(), now).await? {
            return Err(Refusal::NotYet(format!("too many attempts; try again at {until}")).into());
        }
        if !self.totp_fits(&account, code, now).await? {
            return Err(Refusal::invalid(
                "code",
                "wrong",
                "this code does not fit; check the clock of the phone and take the next code",
            )
            .into());
        }
        self.attempt_was_right(super::throttle::CODE, &account.id.to_string(), true).await?;
        let (codes, mut statements) = self.new_recovery_codes(account.id);
        statements.push((
            "UPDATE account SET totp_confirmed_at = $1 WHERE id = $2".into(),
            cells![now, account.id],
        ));
        let act = account.act("totp:add", vec![edit("totp_since", json!(null), json!(now))], statements);
        self.db.write(&live.ctx(now).author(), vec![Write::Act(act)], vec![]).await?;
        Ok(codes)
    }
    /// Stops asking for codes. Needs a fresh proof of identity.
    pub async fn remove_totp(&self, live: &Live, now: Moment) -> Result<(), Error> {
        self.require_fresh(live, now)?;
        let account = self.account_here(live.account).await?;
        let statements = vec![
            ("UPDATE account SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = 0 WHERE id = $1".to_owned(), cells![account.id]),
            ("DELETE FROM recovery_code WHERE account_id = $1".to_owned(), cells![account.id]),
        ];
        let act = account.act(
            "totp:remove",
            vec![edit("totp_since", json!(account.totp_since), json!(null))],
            statements,
        );
        self.db.write(&live.ctx(now).author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
    /// Whether a code of the app fits; each fits once.
    pub(super) async fn totp_fits(&self, account: &Account, code: &str, now: Moment) -> Result<bool, Error> {
        let Some(sealed) = &account.totp_secret else { return Ok(false) };
        let secret = self.keys.unseal(&place(account.id), sealed)?;
        let Some(step) = step_of(&secret, code, now, account.totp_last_step) else { return Ok(false) };
        // Of two requests with the same code one wins.
        let sql = "UPDATE account SET totp_last_step = $1 WHERE id = $2 AND totp_last_step < $1";
        Ok(self.db.run(sql, cells![step, account.id]).await? == 1)
    }
    /// Whether a code of the app or a recovery code fits.
    pub(super) async fn code_fits(&self, account: &Account, code: &str, now: Moment) -> Result<bool, Error> {
        if account.totp_since.is_none() {
            return Ok(false);
        }
        Ok(self.totp_fits(account, code, now).await? || self.recovery_code_fits(account, code, now).await?)
    }
    /// Recovery codes that are left.
    pub async fn recovery_codes_left(&self, account: Id) -> Result<i64, Error> {
        let sql = "SELECT count(*) AS n FROM recovery_code WHERE account_id = $1 AND used_at IS NULL";
        self.db.row(sql, cells![account]).await?.map_or(Ok(0), |row| get(&row, "n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B gives eight digits; six are their end. Key: the ASCII digits 1..0 twice.
        let key = b"12345678901234567890";
        for (second, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code_at(key, second / STEP).unwrap(), code[2..], "{second}");
        }
    }

    #[test]
    fn codes_count_around_their_time_and_only_forwards() {
        let key = b"12345678901234567890";
        let at = |second| Moment::EPOCH.plus_seconds(second);
        let code = code_at(key, 100).unwrap();
        for (second, after) in [(3_000 - 31, 0), (3_000 + 60, 0), (3_010, 100), (3_010, 101), (-90, 0)] {
            assert_eq!(step_of(key, &code, at(second), after), None, "{second} {after}");
        }
        for wrong in ["", "000000", "94287082", "１２３４５６"] {
            assert_eq!(step_of(key, wrong, at(3_010), 0), None, "{wrong}");
        }
        for second in [2_970, 3_000, 3_029, 3_059] {
            assert_eq!(step_of(key, &code, at(second), 99), Some(100), "{second}");
        }
        assert_eq!(step_of(key, &format!("{} {}", &code[..3], &code[3..]), at(3_000), 0), Some(100));
    }
}
