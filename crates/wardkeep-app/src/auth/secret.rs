//! Secrets that are handed out once: made at random, kept only as hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};
use std::fmt;
use zeroize::Zeroize as _;

/// A secret on its way to its one owner. Shows as stars; wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// 256 random bits, as 43 letters that fit a URL and a cookie.
    pub(crate) fn random() -> Self {
        let bytes: [u8; 32] = rand::rng().random();
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }
    pub(super) fn new(text: String) -> Self {
        Self(text)
    }
    /// A secret that somebody showed: a cookie's value.
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }
    /// The secret itself, for the one place that hands it out.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    pub(super) fn hash(&self) -> String {
        hash(&self.0)
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("********")
    }
}

/// SHA-256 in hexadecimal. Enough for secrets of 256 random bits; passwords take argon2, codes take the key.
pub(super) fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
