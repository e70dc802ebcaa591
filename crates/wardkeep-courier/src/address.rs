//! Addresses that a webhook may not reach. A person who may name a web address must not thereby look into the
//! network that Wardkeep stands in (server-side request forgery).
//!
//! Ranges: IANA special-purpose address registries (RFC 6890 and its updates).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far webhooks may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The public internet alone.
    Public,
    /// Also private networks and this machine; link-local, multicast and reserved addresses stay closed.
    Private,
}

/// Why an address is closed; `None` when it is open.
pub fn forbidden(address: IpAddr, reach: Reach) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(v4) => closed_v4(v4, reach),
        IpAddr::V6(v6) => closed_v6(v6, reach),
    }
}

fn closed_v4(a: Ipv4Addr, reach: Reach) -> Option<&'static str> {
    let [x, y, z, _] = a.octets();
    let private = reach == Reach::Public;
    match (x, y, z) {
        (127, ..) => private.then_some("this machine"),
        (10, ..) | (192, 168, _) => private.then_some("a private network"),
        (172, 16..=31, _) => private.then_some("a private network"),
        (100, 64..=127, _) => private.then_some("a provider's own network"),
        // Clouds hand out credentials on link-local addresses.
        (169, 254, _) => Some("a link-local address"),
        (0, ..) => Some("no address of a machine"),
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => {
            Some("a reserved address")
        }
        (224.., ..) => Some("a multicast or reserved address"),
        _ => None,
    }
}

fn closed_v6(a: Ipv6Addr, reach: Reach) -> Option<&'static str> {
    let private = reach == Reach::Public;
    let [first, second, ..] = a.segments();
    if a.is_loopback() {
        return private.then_some("this machine");
    }
    if first & 0xfe00 == 0xfc00 {
        return private.then_some("a private network");
    }
    if first & 0xffc0 == 0xfe80 {
        return Some("a link-local address");
    }
    // Addresses that carry an IPv4 address within: what they lead to counts.
    let within = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    let segments = a.segments();
    if first == 0x2002 {
        return closed_v4(within(segments[1], segments[2]), reach);
    }
    if segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return closed_v4(within(segments[6], segments[7]), reach);
    }
    let global = first & 0xe000 == 0x2000;
    let reserved =
        (first == 0x2001 && (second < 0x200 || second == 0xdb8)) || (first == 0x3fff && second < 0x1000);
    if global && !reserved { None } else { Some("a reserved address") }
}

#[cfg(test)]
mod tests {
    use super::{Reach, forbidden};

    #[test]
    fn inner_addresses_are_closed_however_they_are_written() {
        let closed = |text: &str, reach| forbidden(text.parse().unwrap(), reach).is_some();
        for text in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "::1",
            "fc00::1",
            "fd12::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "2002:7f00:1::",
            "2002:a01:203::",
            "64:ff9b::7f00:1",
            "64:ff9b::a01:203",
        ] {
            assert!(closed(text, Reach::Public), "{text}");
            assert!(!closed(text, Reach::Private), "{text}");
        }
        for text in [
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "fe80::1",
            "ff02::1",
            "::",
            "2001:db8::1",
            "2001::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "3fff::1",
            "100::1",
        ] {
            assert!(closed(text, Reach::Public) && closed(text, Reach::Private), "{text}");
        }
        for text in [
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "64:ff9b::808:808",
        ] {
            assert!(!closed(text, Reach::Public), "{text}");
        }
    }
}
