//! Address blocks.

use std::fmt;
use std::net::IpAddr;

/// A block of IPv4 or IPv6 addresses, such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cidr {
    base: IpAddr,
    bits: u8,
}

impl Cidr {
    /// `None` unless it is an address, optionally followed by `/` and a prefix length. Host bits may be set.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (text.trim(), None),
        };
        let base: IpAddr = address.parse().ok()?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self { base, bits })
    }
    /// Whether the address is within the block. IPv4 addresses written as IPv6 are taken as IPv4.
    pub fn holds(&self, address: IpAddr) -> bool {
        let shift = |most: u8| u32::from(most - self.bits);
        match (self.base.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) if self.base.is_ipv4() => {
                let differing = base.to_bits() ^ address.to_bits();
                differing.checked_shr(shift(32)).unwrap_or(0) == 0
            }
            (_, address) => {
                let wide = |ip: IpAddr| match ip {
                    IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
                    IpAddr::V6(v6) => v6.to_bits(),
                };
                let same_family =
                    self.base.is_ipv6() && (address.is_ipv6() || wide(self.base) >> 32 == 0xffff);
                same_family && (wide(self.base) ^ wide(address)).checked_shr(shift(128)).unwrap_or(0) == 0
            }
        }
    }
    /// Whether the text is an address within the block; a zone (`%eth0`) and brackets are ignored.
    pub fn holds_text(&self, text: &str) -> bool {
        let bare = text.trim().trim_start_matches('[').trim_end_matches(']');
        let bare = bare.split_once('%').map_or(bare, |(address, _)| address);
        bare.parse().is_ok_and(|address| self.holds(address))
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;

    #[test]
    fn blocks_hold_what_they_should() {
        for (block, address, expected) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "::1", false),
            ("192.168.1.7/32", "192.168.1.7", true),
            ("192.168.1.7", "192.168.1.8", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("fe80::/10", "fe80::1%eth0", true),
            ("fe80::/10", "fec0::1", false),
            ("::/0", "2001:db8::1", true),
            ("::1/128", "::1", true),
            ("2001:db8::/32", "[2001:db8::5]", true),
            ("10.0.0.0/8", "not an address", false),
        ] {
            let cidr = Cidr::parse(block).unwrap();
            assert_eq!(cidr.holds_text(address), expected, "{block} {address}");
        }
        for wrong in ["10.0.0.0/33", "x/8", "10.0.0/8", "", "::/129"] {
            assert!(Cidr::parse(wrong).is_none(), "{wrong}");
        }
    }
}
