//! Indicators of compromise as values: addresses, names and hashes that are known to be bad, in one normal form.
//!
//! The normal form (`specs/intel.md` 8): small letters, host names in A-labels without a final dot, scheme and host of
//! an address in small letters without the usual port, IPv6 compressed. What people write so that nobody clicks on it
//! (`hxxps://evil[.]example`) is understood.

mod forms;
mod reserved;

use crate::ParseError;
use forms::{block, domain, hash, mail, url};

pub use forms::refang;
pub use reserved::is_reserved;

/// What kind of value an indicator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IocKind {
    /// An address, or a block of addresses.
    Ip,
    /// A host name; names below it count too.
    Domain,
    /// The address of a page.
    Url,
    /// MD5 of a file.
    Md5,
    /// SHA-1 of a file.
    Sha1,
    /// SHA-256 of a file.
    Sha256,
    /// A mail address.
    Mail,
}

impl IocKind {
    /// Every kind with its stable key.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Ip, "ip"),
        (Self::Domain, "domain"),
        (Self::Url, "url"),
        (Self::Md5, "md5"),
        (Self::Sha1, "sha1"),
        (Self::Sha256, "sha256"),
        (Self::Mail, "mail"),
    ];
    /// Its stable key.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("ip", |(_, key)| key)
    }
    /// The kind of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == key).map(|(kind, _)| *kind)
    }
    /// The kind that a text looks like, judged by its form.
    pub fn guess(text: &str) -> Option<Self> {
        let text = refang(text);
        let hex = text.bytes().all(|b| b.is_ascii_hexdigit());
        match text.len() {
            32 if hex => return Some(Self::Md5),
            40 if hex => return Some(Self::Sha1),
            64 if hex => return Some(Self::Sha256),
            _ => {}
        }
        let order = [Self::Url, Self::Mail, Self::Ip, Self::Domain];
        order.into_iter().find(|kind| kind.normal(&text).is_ok())
    }
    /// The normal form of a text, or what is wrong with it.
    pub fn normal(self, text: &str) -> Result<String, ParseError> {
        let text = refang(text);
        match self {
            Self::Ip => block(&text),
            Self::Domain => domain(&text),
            Self::Url => url(&text),
            Self::Mail => mail(&text),
            Self::Md5 => hash(&text, 32, "MD5"),
            Self::Sha1 => hash(&text, 40, "SHA-1"),
            Self::Sha256 => hash(&text, 64, "SHA-256"),
        }
    }
    /// The normal form as pages show it: nobody opens it by a slip of the finger.
    pub fn defanged(self, normal: &str) -> String {
        match self {
            Self::Md5 | Self::Sha1 | Self::Sha256 => normal.to_owned(),
            Self::Ip if normal.contains(':') => normal.replacen(':', "[:]", 1),
            Self::Ip | Self::Domain => last_dot(normal),
            Self::Mail => match normal.split_once('@') {
                Some((local, host)) => format!("{local}[@]{}", last_dot(host)),
                None => last_dot(normal),
            },
            Self::Url => {
                let Some((scheme, rest)) = normal.split_once("://") else { return last_dot(normal) };
                let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
                let scheme = scheme.replacen("tt", "xx", 1).replacen("ftp", "fxp", 1);
                format!("{scheme}://{}{path}", last_dot(host))
            }
        }
    }
}

fn last_dot(text: &str) -> String {
    match text.rsplit_once('.') {
        Some((front, back)) => format!("{front}[.]{back}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{IocKind, is_reserved};
    use IocKind::{Domain, Ip, Mail, Md5, Sha256, Url};

    #[track_caller]
    fn check(kind: IocKind, text: &str, normal: &str, shown: &str) {
        assert_eq!(kind.normal(text).as_deref(), Ok(normal), "{text}");
        assert_eq!(kind.defanged(normal), shown);
        // What pages show is understood again, and the normal form is its own normal form.
        assert_eq!(kind.normal(shown).as_deref(), Ok(normal));
        assert_eq!(kind.normal(normal).as_deref(), Ok(normal));
        assert_eq!(IocKind::guess(text), Some(kind), "{text}");
    }

    #[test]
    fn values_have_one_form() {
        check(Ip, " 198.51.100[.]7 ", "198.51.100.7", "198.51.100[.]7");
        check(Ip, "198.51.100.7/24", "198.51.100.0/24", "198.51.100[.]0/24");
        check(Ip, "2001:DB8:0:0::1", "2001:db8::1", "2001[:]db8::1");
        check(Ip, "::ffff:192.0.2.1", "192.0.2.1", "192.0.2[.]1");
        check(Domain, "Evil[.]Example.", "evil.example", "evil[.]example");
        check(Domain, "*.bücher(dot)example", "xn--bcher-kva.example", "xn--bcher-kva[.]example");
        check(
            Url,
            "hXXps://u:p@Evil[.]Example:443/A?b#c",
            "https://evil.example/A?b",
            "hxxps://evil[.]example/A?b",
        );
        check(Url, "http://[2001:DB8::1]:8080", "http://[2001:db8::1]:8080/", "hxxp://[2001:db8::1]:8080/");
        check(Url, "ftp://evil.example?x", "ftp://evil.example/?x", "fxp://evil[.]example/?x");
        check(Mail, "Mallory[at]Evil[.]Example", "mallory@evil.example", "mallory[@]evil[.]example");
        check(
            Md5,
            "D41D8CD98F00B204E9800998ECF8427E",
            "d41d8cd98f00b204e9800998ecf8427e",
            "d41d8cd98f00b204e9800998ecf8427e",
        );
    }

    #[test]
    fn what_is_none_or_too_wide_is_refused() {
        let wrong = [
            (Ip, "10.0.0.0/4"),
            (Ip, "300.1.1.1"),
            (Ip, "2001::/12"),
            (Ip, "1.2.3.4/33"),
            (Domain, "com"),
            (Domain, "-a.example"),
            (Domain, "1.2.3.4"),
            (Domain, "a b.example"),
            (Domain, ""),
            (Url, "javascript://evil.example/"),
            (Url, "http:///x"),
            (Url, "http://evil.example:99x/"),
            (Mail, "@evil.example"),
            (Mail, "a b@evil.example"),
            (Sha256, "abc"),
        ];
        for (kind, text) in wrong {
            assert!(kind.normal(text).is_err(), "{text}");
        }
        for text in ["", "hello", "a,b", "100%", "..", "http://"] {
            assert_eq!(IocKind::guess(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_nobodys_is_told() {
        for text in
            ["10.1.2.3", "192.168.0.0/16", "127.0.0.1", "100.64.0.1", "fe80::1", "fd00::/32", "224.0.0.1"]
        {
            assert!(is_reserved(Ip, &Ip.normal(text).unwrap()), "{text}");
        }
        assert!(is_reserved(Domain, "printer.lan") && is_reserved(Url, "http://10.0.0.1:80/x"));
        assert!(is_reserved(Url, "http://[fe80::1]/") && is_reserved(Mail, "root@host.localhost"));
        assert!(!is_reserved(Ip, "203.0.113.7") && !is_reserved(Domain, "evil.example"));
    }
}
