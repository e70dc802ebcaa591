//! Cookies of the door. Over TLS they carry the `__Host-` prefix (RFC 6265bis): this host alone, all paths,
//! secure. On a plain loopback address browsers refuse that, so the bare name is used there.

use super::Door;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use wardkeep_app::auth::{Issued, Secret};

/// The session.
pub(super) const SESSION: &str = "";
/// A browser that signed in before.
pub(super) const DEVICE: &str = "-device";
/// A sign-in that waits for its second factor.
pub(crate) const STEP: &str = "-step";
/// A passkey's challenge.
pub(crate) const PASSKEY: &str = "-passkey";

impl Door {
    fn cookie_name(&self, what: &str) -> String {
        let prefix = if self.auth.settings().is_https() { "__Host-" } else { "" };
        format!("{prefix}wardkeep{what}")
    }
    /// The value of one of our cookies.
    pub(crate) fn cookie(&self, headers: &HeaderMap, what: &str) -> Option<Secret> {
        let name = self.cookie_name(what);
        let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let value = lines.flat_map(|line| line.split(';')).find_map(|pair| {
            let (found, value) = pair.trim().split_once('=')?;
            (found == name && !value.is_empty() && value.len() <= 128).then_some(value)
        })?;
        Some(Secret::given(value))
    }
    /// Sets one of our cookies; without `seconds` it goes with the browser, with zero it goes at once.
    pub(crate) fn set_cookie(&self, response: &mut Response, what: &str, value: &str, seconds: Option<i64>) {
        let secure = if self.auth.settings().is_https() { "; Secure" } else { "" };
        let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", self.cookie_name(what));
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    /// The cookies of a sign-in that is complete.
    pub(crate) fn seat_cookies(&self, response: &mut Response, issued: &Issued) {
        self.set_cookie(response, SESSION, issued.token.reveal(), None);
        self.set_cookie(response, STEP, "", Some(0));
        if let Some(device) = &issued.device {
            self.set_cookie(response, DEVICE, device.reveal(), Some(self.auth.settings().device));
        }
    }
    /// Takes the session's cookie away.
    pub(crate) fn clear_seat(&self, response: &mut Response) {
        self.set_cookie(response, SESSION, "", Some(0));
    }
}
