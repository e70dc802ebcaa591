//! Indicators of compromise as values: addresses, names and hashes that are known to be bad, in one normal form.
//!
//! The normal form (`specs/intel.md` 8): small letters, host names in A-labels without a final dot, scheme and host of
//! an address in small letters without the usual port, IPv6 compressed. What people write so that nobody clicks on it
//! (`hxxps://evil[.]example`) is understood.

use crate::ParseError;
use std::net::IpAddr;

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

/// Undoes what people do to make an address harmless.
pub fn refang(text: &str) -> String {
    let mut text = text.trim().trim_matches(['"', '\'', '<', '>', '`']).trim().to_owned();
    const PAIRS: [(&str, &str); 17] = [
        ("[.]", "."),
        ("(.)", "."),
        ("{.}", "."),
        ("[dot]", "."),
        ("(dot)", "."),
        ("[DOT]", "."),
        ("(DOT)", "."),
        ("\\.", "."),
        ("[:]", ":"),
        ("[://]", "://"),
        ("[@]", "@"),
        ("(@)", "@"),
        ("[at]", "@"),
        ("(at)", "@"),
        ("[AT]", "@"),
        ("(AT)", "@"),
        ("[/]", "/"),
    ];
    for (written, meant) in PAIRS {
        if text.contains(written) {
            text = text.replace(written, meant);
        }
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let plain = match scheme.to_ascii_lowercase().as_str() {
            "hxxp" | "h**p" | "htxp" | "hxtp" => "http",
            "hxxps" | "h**ps" | "htxps" | "hxtps" => "https",
            "fxp" => "ftp",
            _ => return text,
        };
        return format!("{plain}://{rest}");
    }
    text
}

fn last_dot(text: &str) -> String {
    match text.rsplit_once('.') {
        Some((front, back)) => format!("{front}[.]{back}"),
        None => text.to_owned(),
    }
}

/// Shortest prefixes of blocks: larger ones hold half the world.
const SHORTEST: (u8, u8) = (8, 24);

fn block(text: &str) -> Result<String, ParseError> {
    let wrong = || ParseError::new("write an address or a block such as 192.0.2.0/24");
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
        None => (text, None),
    };
    let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
    let address = bare.parse::<IpAddr>().map_err(|_| wrong())?.to_canonical();
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    if bits > most {
        return Err(wrong());
    }
    let shortest = if address.is_ipv4() { SHORTEST.0 } else { SHORTEST.1 };
    if bits < shortest {
        return Err(ParseError::new(format!(
            "a block has a prefix of /{shortest} at least; /{bits} is too wide"
        )));
    }
    let base = masked(address, bits);
    Ok(if bits == most { base.to_string() } else { format!("{base}/{bits}") })
}

/// The first address of the block of an address.
fn masked(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            IpAddr::V4((v4.to_bits() & u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0)).into())
        }
        IpAddr::V6(v6) => {
            IpAddr::V6((v6.to_bits() & u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0)).into())
        }
    }
}

fn domain(text: &str) -> Result<String, ParseError> {
    let wrong = || ParseError::new("write a host name such as evil.example");
    let bare = text.trim_end_matches('.');
    // The star of a certificate means what an indicator means anyway.
    let bare = bare.strip_prefix("*.").unwrap_or(bare);
    let name = if bare.is_ascii() {
        bare.to_ascii_lowercase()
    } else {
        idna::domain_to_ascii(bare).map_err(|_| wrong())?
    };
    let labels: Vec<&str> = name.split('.').collect();
    let label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let named = labels.last().is_some_and(|last| last.bytes().any(|b| b.is_ascii_alphabetic()));
    if labels.len() < 2 && !name.is_empty() {
        return Err(ParseError::new("a host name has a dot: a whole top level is too wide"));
    }
    if name.len() > 253 || !labels.iter().all(label) || !named {
        return Err(wrong());
    }
    Ok(name)
}

fn url(text: &str) -> Result<String, ParseError> {
    let wrong = || ParseError::new("write an address with its scheme, such as http://evil.example/x");
    if text.len() > 2_048 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(wrong());
    }
    let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
    let scheme = scheme.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "http" => "80",
        "https" => "443",
        "ftp" => "21",
        _ => return Err(ParseError::new("the scheme is http, https or ftp")),
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    // Who signs in is no part of where.
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (format!("[{}]", block(host)?), rest.strip_prefix(':').unwrap_or(rest)),
        None => {
            let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
            let name = host.parse::<IpAddr>().map(|ip| ip.to_string());
            (name.or_else(|_| domain(host)).map_err(|_| wrong())?, port)
        }
    };
    if !port.bytes().all(|b| b.is_ascii_digit()) || port.len() > 5 {
        return Err(wrong());
    }
    let path = path.split('#').next().unwrap_or_default();
    let path = if path.is_empty() { "/" } else { path };
    let slash = if path.starts_with('/') { "" } else { "/" };
    let port = if port.is_empty() || port == usual { String::new() } else { format!(":{port}") };
    Ok(format!("{scheme}://{host}{port}{slash}{path}"))
}

fn mail(text: &str) -> Result<String, ParseError> {
    let wrong = || ParseError::new("write a mail address such as mallory@evil.example");
    let (local, host) = text.split_once('@').ok_or_else(wrong)?;
    let fits = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_{|}~-".contains(&b);
    if local.is_empty() || local.len() > 64 || !local.bytes().all(fits) {
        return Err(wrong());
    }
    Ok(format!("{}@{}", local.to_ascii_lowercase(), domain(host).map_err(|_| wrong())?))
}

fn hash(text: &str, digits: usize, name: &str) -> Result<String, ParseError> {
    if text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(ParseError::new(format!("{name} is {digits} hexadecimal digits")))
}

/// Whether a normal form names what is nobody's or our own: private, reserved and loopback addresses, names that no
/// public server has. Seen in logs all day, so such an indicator wants a second look.
pub fn is_reserved(kind: IocKind, normal: &str) -> bool {
    const TOPS: [&str; 8] = ["localhost", "local", "lan", "internal", "home", "corp", "test", "invalid"];
    let top = |name: &str| TOPS.contains(&name.rsplit('.').next().unwrap_or_default());
    let address =
        |text: &str| text.split('/').next().and_then(|a| a.parse::<IpAddr>().ok()).is_some_and(reserved);
    match kind {
        IocKind::Ip => address(normal),
        IocKind::Domain => top(normal),
        IocKind::Mail => normal.split_once('@').is_some_and(|(_, host)| top(host)),
        IocKind::Url => {
            let rest = normal.split_once("://").map_or(normal, |(_, rest)| rest);
            let host = rest.split(['/', '?']).next().unwrap_or_default();
            let host = host.trim_matches(['[', ']']);
            let host =
                if host.matches(':').count() == 1 { host.split(':').next().unwrap_or(host) } else { host };
            address(host) || top(host)
        }
        _ => false,
    }
}

fn reserved(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
        }
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
