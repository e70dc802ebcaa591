//! The signature of a webhook: HMAC-SHA-256 (RFC 2104) over the moment of sending and the body, so that neither can
//! be changed and an old one cannot be sent again.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use wardkeep_types::Moment;

/// How old a signature may be, in seconds, before a receiver should refuse it.
pub const TOLERANCE_SECONDS: i64 = 300;

fn mac(secret: &[u8], seconds: i64, body: &[u8]) -> String {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// The value of the header `Wardkeep-Signature`: `t=` seconds since 1970, `v1=` the signature in hexadecimal over
/// `<seconds>.<body>`.
pub fn sign(secret: &[u8], at: Moment, body: &[u8]) -> String {
    let seconds = at.as_micros().div_euclid(1_000_000);
    format!("t={seconds},v1={}", mac(secret, seconds, body))
}

/// Whether a header is a signature of this body, made within [`TOLERANCE_SECONDS`] of `now`: what a receiver does.
pub fn verify(secret: &[u8], header: &str, body: &[u8], now: Moment) -> bool {
    let part = |name: &str| header.split(',').find_map(|p| p.trim().strip_prefix(name)?.strip_prefix('='));
    let (Some(seconds), Some(given)) = (part("t").and_then(|t| t.parse::<i64>().ok()), part("v1")) else {
        return false;
    };
    let age = now.as_micros().div_euclid(1_000_000).saturating_sub(seconds);
    let fits: bool = mac(secret, seconds, body).as_bytes().ct_eq(given.as_bytes()).into();
    fits && age.unsigned_abs() <= TOLERANCE_SECONDS.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::{sign, verify};
    use wardkeep_types::Moment;

    #[test]
    fn signatures_fit_body_secret_and_time() {
        let at: Moment = "2026-07-01T08:00:00Z".parse().unwrap();
        let header = sign(b"secret", at, b"{}");
        assert!(header.starts_with("t=1782892800,v1=") && header.len() == 16 + 64, "{header}");
        assert!(verify(b"secret", &header, b"{}", at.plus_seconds(300)));
        assert!(!verify(b"secret", &header, b"{ }", at));
        assert!(!verify(b"Secret", &header, b"{}", at));
        assert!(!verify(b"secret", &header, b"{}", at.plus_seconds(301)));
        assert!(!verify(b"secret", &header.replace("t=1", "t=2"), b"{}", at));
        for wrong in ["", "t=,v1=", "v1=aa", "t=1782892800"] {
            assert!(!verify(b"secret", wrong, b"{}", at), "{wrong}");
        }
    }

    #[test]
    fn the_signature_is_that_of_other_programs() {
        // Worked out with: printf '1782892800.{}' | openssl dgst -sha256 -hmac secret
        let at: Moment = "2026-07-01T08:00:00Z".parse().unwrap();
        assert_eq!(sign(b"secret", at, b"{}"), EXPECTED);
    }

    const EXPECTED: &str = "t=1782892800,v1=fcb0f92147051558be426ac31d8c8211c833a4b23cb0343bdb0ff5842b1b30dd";
}
