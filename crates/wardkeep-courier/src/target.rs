//! Where a webhook goes: an address that a person typed, taken apart and judged.

use crate::Reach;
use hyper::Uri;
use std::net::IpAddr;

/// Characters of an address.
const LONGEST: usize = 2_000;

/// Why an address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TargetError(pub String);

/// A web address that can be posted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whether it is reached over TLS.
    pub tls: bool,
    /// Name or number of the machine, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Path and query.
    pub path: String,
}

impl Target {
    /// Reads an address. Plain HTTP is for private networks only, and an account within it has no place there.
    pub fn parse(text: &str, reach: Reach) -> Result<Self, TargetError> {
        let wrong = |what: &str| TargetError(format!("{what}; write it as https://hooks.example.org/path"));
        if text.len() > LONGEST {
            return Err(wrong("this address is too long"));
        }
        let uri: Uri = text.trim().parse().map_err(|_| wrong("this is no web address"))?;
        let tls = match (uri.scheme_str(), reach) {
            (Some("https"), _) => true,
            (Some("http"), Reach::Private) => false,
            (Some("http"), Reach::Public) => {
                return Err(wrong("over plain HTTP anybody on the way reads along"));
            }
            _ => return Err(wrong("this is no web address")),
        };
        let authority = uri.authority().ok_or_else(|| wrong("this address names no machine"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("an account or password has no place in an address"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(wrong("this address names no machine"));
        }
        let target = Self {
            tls,
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            path: uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            host,
        };
        if let Ok(address) = target.host.parse::<IpAddr>() {
            if let Some(why) = crate::forbidden(address, reach) {
                return Err(TargetError(format!("{address} is {why}; webhooks go to the public internet")));
            }
        } else if target.host.eq_ignore_ascii_case("localhost") && reach == Reach::Public {
            return Err(TargetError("localhost is this machine; webhooks go to the public internet".into()));
        }
        Ok(target)
    }
    /// The value of the header `Host`.
    pub fn host_header(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.tls { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::Reach;

    #[test]
    fn addresses_are_taken_apart_or_refused_with_a_reason() {
        let target = Target::parse("https://hooks.example.org:8443/a/b?c=d", Reach::Public).unwrap();
        assert_eq!(
            (target.host.as_str(), target.port, target.path.as_str(), target.tls),
            ("hooks.example.org", 8443, "/a/b?c=d", true)
        );
        assert_eq!(target.host_header(), "hooks.example.org:8443");
        assert_eq!(
            Target::parse("https://[2606:4700::1111]", Reach::Public).unwrap().host_header(),
            "[2606:4700::1111]"
        );
        for (text, said) in [
            ("http://hooks.example.org/", "reads along"),
            ("https://user:secret@hooks.example.org/", "no place"),
            ("https://127.0.0.1/", "this machine"),
            ("https://[::1]/", "this machine"),
            ("https://[::ffff:10.0.0.1]/", "private network"),
            ("https://169.254.169.254/latest/", "link-local"),
            ("https://LOCALHOST/", "this machine"),
            ("ftp://hooks.example.org/", "no web address"),
            ("hooks.example.org", "no web address"),
            ("/path", "no web address"),
            ("https://", "no web address"),
            ("https://a b/", "no web address"),
            ("", "no web address"),
        ] {
            let error = Target::parse(text, Reach::Public).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
        assert!(Target::parse("http://127.0.0.1:9/x", Reach::Private).is_ok());
        assert!(Target::parse("http://169.254.169.254/", Reach::Private).is_err());
    }
}
