//! The hashes that stand in a record, in a column of their own: a question for one reads that column, not the records.

use std::collections::BTreeSet;

/// Digits of the shortest hash that is told apart (MD5), and of the longest (SHA-512).
const LENGTHS: std::ops::RangeInclusive<usize> = 32..=128;
/// Hashes of one record; more are a list of something else and stand in the record alone.
const MOST: usize = 32;

/// The hashes in a record, in small letters, each once, with a blank between them; nothing when there are none. A run
/// of hexadecimal digits counts when it is as long as a hash may be.
pub fn hashes_in(raw: &str) -> String {
    let mut found = BTreeSet::new();
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        // Only every 32nd place must be looked at to meet every run of 32.
        let probe = at + *LENGTHS.start() - 1;
        if bytes.get(probe).is_none_or(|b| !b.is_ascii_hexdigit()) {
            at = probe + 1;
            continue;
        }
        let from = bytes[..probe].iter().rposition(|b| !b.is_ascii_hexdigit()).map_or(0, |p| p + 1).max(at);
        let to =
            bytes[probe..].iter().position(|b| !b.is_ascii_hexdigit()).map_or(bytes.len(), |p| probe + p);
        if LENGTHS.contains(&(to - from)) && found.len() < MOST {
            found.insert(raw[from..to].to_ascii_lowercase());
        }
        at = to + 1;
    }
    found.into_iter().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::hashes_in;

    #[test]
    fn hashes_are_told_from_other_texts() {
        let (md5, sha) = (
            "D41D8CD98F00B204E9800998ECF8427E",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        );
        let raw = format!("{{\"Hashes\":\"MD5={md5},SHA256={sha},IMPHASH=00000000\",\"id\":\"{sha}\"}}");
        assert_eq!(hashes_in(&raw), format!("{} {sha}", md5.to_lowercase()));
        for before in 0..70 {
            let raw = format!("{}{md5}{}", "x".repeat(before), "-".repeat(before % 3));
            assert_eq!(hashes_in(&raw), md5.to_lowercase(), "{before}");
            assert_eq!(
                hashes_in(&format!("{}g{sha} {md5}", "a".repeat(before.min(31)))),
                format!("{} {sha}", md5.to_lowercase())
            );
        }
        for none in [
            "",
            "a",
            &"f".repeat(31),
            &"f".repeat(129),
            "deadbeef deadbeef deadbeef deadbeef",
            "8f14e45f-ceea-467f-a8a0-3f1b2c3d4e5f",
        ] {
            assert_eq!(hashes_in(none), "", "{none}");
        }
        assert_eq!(hashes_in(&format!("ä{md5}ö")), md5.to_lowercase());
    }
}
