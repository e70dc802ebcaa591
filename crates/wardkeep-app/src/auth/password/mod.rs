//! Passwords: what is accepted, and how they are kept.

mod common;

use crate::Error;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::Rng as _;
use std::sync::Arc;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use wardkeep_types::Problems;
use zeroize::Zeroizing;

/// What hashing one password costs. The default is the first recommendation of OWASP for argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Self { memory: 19 * 1024, passes: 2, lanes: 1 }
    }
}

/// Longer input is not even looked at.
const MOST_BYTES: usize = 1_024;

/// The same characters typed on another keyboard must give the same password (Unicode NFKC).
fn normal(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfkc().collect())
}

/// What is wrong with a new password. `context` are words that an attacker tries first: name, address,
/// organisation. Length counts characters; any character will do, and no mixture is asked for.
pub fn check_password(password: &str, context: &[&str], min: usize, max: usize) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let length = if password.len() > MOST_BYTES { usize::MAX } else { normal(password).chars().count() };
    if length > max {
        problems.require(false, "password", "too_long", &format!("use at most {max} characters"));
    } else if length < min {
        problems.require(
            false,
            "password",
            "too_short",
            &format!("use at least {min} characters; a few words make a good password"),
        );
    } else if let Some(why) = common::weakness(&normal(password), context) {
        problems.require(false, "password", "common", &why);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Hashes and checks passwords away from the web's threads, a few at a time, so that a flood of guesses cannot
/// take all memory.
#[derive(Clone)]
pub(super) struct Hasher {
    cost: Cost,
    places: Arc<Semaphore>,
    nobody: Arc<str>,
}

const AT_ONCE: usize = 4;

impl Hasher {
    pub(super) async fn new(cost: Cost) -> Result<Self, Error> {
        let mut hasher = Self { cost, places: Arc::new(Semaphore::new(AT_ONCE)), nobody: "".into() };
        hasher.nobody = hasher.hash("nobody has this password").await?.into();
        Ok(hasher)
    }
    /// A hash in PHC form, with a salt of its own.
    pub(super) async fn hash(&self, password: &str) -> Result<String, Error> {
        let (password, argon) = (normal(password), argon(self.cost)?);
        self.apart(move || {
            let salt: [u8; 16] = rand::rng().random();
            let salt = SaltString::encode_b64(&salt).map_err(Error::fault)?;
            Ok(argon.hash_password(password.as_bytes(), &salt).map_err(Error::fault)?.to_string())
        })
        .await
    }
    /// Whether the password fits. Without a hash the same work is done and the answer is no, so that the time
    /// does not tell which accounts exist.
    pub(super) async fn fits(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let known = hash.is_some() && password.len() <= MOST_BYTES;
        let hash = if known { hash.unwrap_or(&self.nobody).to_owned() } else { self.nobody.to_string() };
        let password = if password.len() <= MOST_BYTES { normal(password) } else { Zeroizing::default() };
        let argon = argon(self.cost)?;
        self.apart(move || {
            let hash = PasswordHash::new(&hash).map_err(Error::fault)?;
            let fits = argon.verify_password(password.as_bytes(), &hash).is_ok();
            Ok(fits && known)
        })
        .await
    }
    /// Whether a hash was made with other parameters than today's.
    pub(super) fn is_old(&self, hash: &str) -> bool {
        let wanted = Params::new(self.cost.memory, self.cost.passes, self.cost.lanes, None).ok();
        let found = PasswordHash::new(hash).ok().and_then(|h| Params::try_from(&h).ok());
        found.zip(wanted).is_none_or(|(found, wanted)| {
            (found.m_cost(), found.t_cost(), found.p_cost())
                != (wanted.m_cost(), wanted.t_cost(), wanted.p_cost())
        })
    }
    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.places.acquire().await.map_err(Error::fault)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::fault)?
    }
}

fn argon(cost: Cost) -> Result<Argon2<'static>, Error> {
    let params = Params::new(cost.memory, cost.passes, cost.lanes, None).map_err(Error::fault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory: 64, passes: 1, lanes: 1 };

    #[tokio::test]
    async fn hashes_fit_their_password_in_any_spelling_and_nothing_fits_nobody() {
        let hasher = Hasher::new(CHEAP).await.unwrap();
        let hash = hasher.hash("Stra\u{df}e \u{fb01}nden").await.unwrap();
        assert!(!hasher.fits("Strasse finden", Some(&hash)).await.unwrap());
        assert!(!hasher.fits("nobody has this password", None).await.unwrap());
        assert!(!hasher.fits(&"x".repeat(5_000), Some(&hash)).await.unwrap());
        assert!(hasher.fits("Straße finden", Some(&hash)).await.unwrap());
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(!hasher.is_old(&hash));
        let dearer = Hasher::new(Cost { passes: 2, ..CHEAP }).await.unwrap();
        assert!(dearer.is_old(&hash) && dearer.fits("Straße finden", Some(&hash)).await.unwrap());
    }

    #[test]
    fn length_counts_characters() {
        let check = |text: &str| check_password(text, &[], 12, 128).map_err(|p| p.0[0].code.clone());
        assert_eq!(check("elf Zeichen").unwrap_err(), "too_short");
        assert_eq!(check("zwölf löwen").unwrap_err(), "too_short");
        assert_eq!(check(&"ab cd ef gh ".repeat(11)).unwrap_err(), "too_long");
        assert_eq!(check(&"ä".repeat(4_000)).unwrap_err(), "too_long");
        assert!(check("zwölf müde löwen").is_ok());
    }
}
