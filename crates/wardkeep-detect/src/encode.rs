//! The encoding modifiers: `wide` and its kin, `base64`, `base64offset`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Two bytes a character, in the order a modifier asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Utf16 {
    /// `wide`, `utf16le`.
    Little,
    /// `utf16be`.
    Big,
    /// `utf16`: a byte order mark, then little.
    Marked,
}

/// The text in UTF-16.
pub fn utf16(text: &str, order: Utf16) -> Vec<u8> {
    let mark = (order == Utf16::Marked).then_some(0xFEFF);
    let units = mark.into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if order == Utf16::Big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// Base64 of the bytes as a whole.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The three texts one of which stands in the base64 form of anything that holds the bytes: one for each way the
/// bytes can lie within groups of three. Characters that depend on neighbours are cut off.
pub fn base64_offsets(bytes: &[u8]) -> Vec<String> {
    (0..3)
        .map(|offset| {
            let mut padded = vec![0; offset];
            padded.extend_from_slice(bytes);
            let text = STANDARD.encode(&padded);
            // A leading byte spoils two characters, two spoil three; the last group is spoiled likewise.
            let start = [0, 2, 3][offset];
            let end = text.len() - [0, 3, 2][padded.len() % 3];
            text.get(start..end).unwrap_or_default().to_owned()
        })
        .filter(|text| !text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Utf16, base64, base64_offsets, utf16};
    use base64::Engine as _;

    #[test]
    fn utf16_in_every_order() {
        assert_eq!(utf16("aü", Utf16::Little), [0x61, 0, 0xFC, 0]);
        assert_eq!(utf16("aü", Utf16::Big), [0, 0x61, 0, 0xFC]);
        assert_eq!(utf16("a", Utf16::Marked), [0xFF, 0xFE, 0x61, 0]);
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
    }

    #[test]
    fn one_offset_form_is_found_wherever_the_bytes_lie() {
        for needle in ["/bin/bash", "http://", "whoami"] {
            let forms = base64_offsets(needle.as_bytes());
            for before in 0..7 {
                for after in 0..7 {
                    let text = format!("{}{needle}{}", "#".repeat(before), "~".repeat(after));
                    let coded = base64::engine::general_purpose::STANDARD.encode(text);
                    assert!(
                        forms.iter().any(|form| coded.contains(form)),
                        "{needle} {before} {after} {forms:?}"
                    );
                }
            }
        }
        assert_eq!(base64_offsets(b"foo"), ["Zm9v", "Zvb", "mb2"]);
    }
}
