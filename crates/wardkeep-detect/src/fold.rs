//! Case folding. Sigma compares without regard to case, and "case" means Unicode, not ASCII (EV-2a).

use std::borrow::Cow;

/// Simple case folding, one character to one, so that `?` still stands for exactly one character and the result
/// agrees with the regular expression engine's own case-blind mode.
pub fn fold_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // Dotless i and dotted I belong to Turkish only: folding them to ASCII would join different words.
    if matches!(c, 'ı' | 'İ') {
        return c;
    }
    // By way of upper case, so that final sigma and long s meet their siblings.
    let upper = only(c.to_uppercase()).unwrap_or(c);
    only(upper.to_lowercase()).unwrap_or(upper)
}

fn only(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    if chars.next().is_some() { None } else { Some(first) }
}

/// The folded text; borrowed when there is nothing to fold.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(fold_char).collect())
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folds_beyond_ascii_and_keeps_lengths() {
        let cases = [
            ("PowerShell", "powershell"),
            ("MÜLLER", "müller"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            ("σίσυφος", "σίσυφοσ"),
            ("\u{212A}", "k"),
            ("ſ", "s"),
            ("ПАРОЛЬ", "пароль"),
            ("straße", "straße"),
            ("ıİ", "ıİ"),
        ];
        for (input, expected) in cases {
            assert_eq!(fold(input), expected);
            assert_eq!(fold(input).chars().count(), input.chars().count());
        }
        assert!(matches!(fold("already lower"), std::borrow::Cow::Borrowed(_)));
    }
}
