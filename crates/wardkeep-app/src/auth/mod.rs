//! Who is at the door: accounts, passwords, second factors, passkeys, sessions, tokens, grants, approvals.
//!
//! Every way in ends in [`Auth::session_for_verified_email`] or its inner half: whoever proves an account (a
//! password, a link, a passkey, later a sign-on service) gets the same kind of session. Time is a parameter.
//! The measure is OWASP ASVS level 2. Secrets are stored hashed or sealed and never reach the change log.

mod account;
mod admin;
mod approval;
mod csrf;
mod first;
mod grants;
mod keys;
mod link;
mod passkey;
mod password;
mod people;
mod recovery;
mod row;
mod secret;
mod session;
mod settings;
mod sign_in;
mod sweep;
mod throttle;
mod token;
mod totp;
mod watch;

pub use account::{Account, AccountState, Preferences};
pub use approval::{Approval, Ask, Decided, Outcome, change_hash};
pub use csrf::{csrf_fits, csrf_token};
pub use first::FirstStart;
pub use grants::{GivenGrant, NewGrant};
pub use keys::Keys;
pub use link::{LinkView, Mailable, Purpose};
pub use passkey::PasskeyView;
pub use password::{Cost, check_password};
pub use secret::Secret;
pub use session::{Device, Issued, Level, Live, SessionView};
pub use settings::Settings;
pub use sign_in::Step;
pub use token::{Holder, NewToken, TokenView};
pub use totp::Enrolment;

use crate::Error;
use std::sync::Arc;
use wardkeep_store::Db;

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    db: Db,
    keys: Keys,
    settings: Arc<Settings>,
    hasher: password::Hasher,
    webauthn: Option<Arc<webauthn_rs::Webauthn>>,
}

impl Auth {
    /// The door of an installation. Without a public address that passkeys can be bound to (an address by
    /// number), there are no passkeys.
    pub async fn open(db: Db, keys: Keys, settings: Settings) -> Result<Self, Error> {
        let webauthn = passkey::relying_party(&settings.public_url)?.map(Arc::new);
        let hasher = password::Hasher::new(settings.cost).await?;
        Ok(Self { db, keys, settings: Arc::new(settings), hasher, webauthn })
    }
    /// What is set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
    /// Whether passkeys can be used at this address.
    pub fn has_passkeys(&self) -> bool {
        self.webauthn.is_some()
    }
}

#[cfg(test)]
mod tests;
