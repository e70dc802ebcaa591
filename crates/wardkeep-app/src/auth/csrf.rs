//! Tokens against forged requests: drawn from the session's secret.
//!
//! One session has one token. That a compressed page could give it away letter by letter is prevented by the
//! cookie's SameSite: other sites cannot make a browser fetch our pages with it.

use crate::auth::keys::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

/// The token for forms. `session` is the secret of the session's cookie.
pub fn csrf_token(session: &str) -> String {
    URL_SAFE_NO_PAD.encode(hmac(session.as_bytes(), b"csrf"))
}

/// Whether a form's token was made for this session.
pub fn csrf_fits(session: &str, token: &str) -> bool {
    csrf_token(session).as_bytes().ct_eq(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{csrf_fits, csrf_token};

    #[test]
    fn tokens_fit_their_session_alone() {
        let token = csrf_token("one");
        for (session, token) in
            [("two", token.as_str()), ("one", ""), ("one", "AAAA"), ("one", &token[1..]), ("one", "ä")]
        {
            assert!(!csrf_fits(session, token), "{session} {token}");
        }
        assert!(csrf_fits("one", &token));
    }
}
