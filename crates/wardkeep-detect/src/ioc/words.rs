//! Texts cut into words that may be addresses, names or hashes.

/// A byte that belongs to a word.
const WORD: u8 = 1;
pub(super) const DOT: u8 = 2;
pub(super) const COLON: u8 = 4;
pub(super) const AT: u8 = 8;
/// A sign that no hexadecimal number has.
pub(super) const NOT_HEX: u8 = 16;
/// A byte of a letter outside ASCII.
pub(super) const FOREIGN: u8 = 32;

const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        class[b] = match byte {
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => WORD,
            b'g'..=b'z' | b'G'..=b'Z' | b'-' | b'_' | b'+' => WORD | NOT_HEX,
            b'.' => WORD | DOT | NOT_HEX,
            b':' => WORD | COLON,
            b'@' => WORD | AT | NOT_HEX,
            128.. => WORD | FOREIGN | NOT_HEX,
            _ => 0,
        };
        b += 1;
    }
    class
};

/// A word with what kinds of signs it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub text: &'t str,
    /// Where it begins.
    pub start: usize,
    pub signs: u8,
}

/// The words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while CLASS[usize::from(*bytes.get(at)?)] == 0 {
            at += 1;
        }
        let (start, mut signs) = (at, 0);
        while let Some(class) = bytes.get(at).map(|b| CLASS[usize::from(*b)]).filter(|class| *class != 0) {
            signs |= class;
            at += 1;
        }
        // Words end where ASCII begins, so this cuts no letter in two.
        Some(Word { text: text.get(start..at)?, start, signs })
    })
}

/// Whether a word of that kind can be anything that is looked for.
pub(super) fn is_worth_it(word: &Word<'_>) -> bool {
    word.signs & (DOT | COLON) != 0 || (word.signs & NOT_HEX == 0 && matches!(word.text.len(), 32 | 40 | 64))
}

/// The address of a page that begins with a scheme at that place, without what a sentence puts behind it.
pub(super) fn url_at(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    let ends = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`|\\^{}".contains(c);
    let whole = &rest[..rest.find(ends).unwrap_or(rest.len())];
    whole.trim_end_matches(['.', ',', ';', ')', ']', '!'])
}
