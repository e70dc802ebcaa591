//! What is nobody's, or our own.

use super::IocKind;
use std::net::IpAddr;

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
