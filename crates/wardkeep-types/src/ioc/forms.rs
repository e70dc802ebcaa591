//! The normal form of each kind, and what people write instead of it.

use crate::ParseError;
use std::net::IpAddr;

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

/// Shortest prefixes of blocks: larger ones hold half the world.
const SHORTEST: (u8, u8) = (8, 24);

pub(super) fn block(text: &str) -> Result<String, ParseError> {
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

pub(super) fn domain(text: &str) -> Result<String, ParseError> {
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

pub(super) fn url(text: &str) -> Result<String, ParseError> {
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

pub(super) fn mail(text: &str) -> Result<String, ParseError> {
    let wrong = || ParseError::new("write a mail address such as mallory@evil.example");
    let (local, host) = text.split_once('@').ok_or_else(wrong)?;
    let fits = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_{|}~-".contains(&b);
    if local.is_empty() || local.len() > 64 || !local.bytes().all(fits) {
        return Err(wrong());
    }
    Ok(format!("{}@{}", local.to_ascii_lowercase(), domain(host).map_err(|_| wrong())?))
}

pub(super) fn hash(text: &str, digits: usize, name: &str) -> Result<String, ParseError> {
    if text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(ParseError::new(format!("{name} is {digits} hexadecimal digits")))
}
