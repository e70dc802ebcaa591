//! Tokens against forged requests: bound to the session's secret, new on every page.

use crate::auth::keys::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng as _;
use subtle::ConstantTimeEq as _;

/// A token for the forms of one page. `session` is the secret of the session's cookie. Each one differs, so that
/// a compressed page does not give it away letter by letter.
pub fn csrf_token(session: &str) -> String {
    let nonce: [u8; 16] = rand::rng().random();
    URL_SAFE_NO_PAD.encode([nonce.as_slice(), &proof(session, &nonce)].concat())
}

/// Whether a form's token was made for this session.
pub fn csrf_fits(session: &str, token: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
    let Some((nonce, given)) = bytes.split_at_checked(16) else { return false };
    proof(session, nonce).ct_eq(given).into()
}

fn proof(session: &str, nonce: &[u8]) -> [u8; 32] {
    hmac(&hmac(session.as_bytes(), b"csrf"), nonce)
}

#[cfg(test)]
mod tests {
    use super::{csrf_fits, csrf_token};

    #[test]
    fn tokens_fit_their_session_alone() {
        let token = csrf_token("one");
        for (session, token) in [("two", token.as_str()), ("one", ""), ("one", "AAAA"), ("one", &token[1..]), ("one", "ä")] {
            assert!(!csrf_fits(session, token), "{session} {token}");
        }
        assert!(csrf_fits("one", &token));
        assert_ne!(token, csrf_token("one"));
    }
}
