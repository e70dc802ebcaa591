//! Passwords that fall to the first thousand million guesses: known words with the usual decoration, walks over
//! the keyboard, repetition, and words about the person.

use std::collections::HashSet;
use std::sync::LazyLock;

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| words().collect());

fn words() -> impl Iterator<Item = &'static str> {
    include_str!("words.txt").lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace)
}

/// Most common words that together still make a weak password.
const WORDS_THAT_ARE_FEW: usize = 3;

/// Lines that fingers follow, each in both directions.
const WALKS: &[&str] = &[
    "1234567890",
    "0123456789",
    "qwertyuiop",
    "qwertzuiopü",
    "azertyuiop",
    "asdfghjkl;'",
    "asdfghjklöä",
    "qsdfghjklm",
    "zxcvbnm,./",
    "yxcvbnm,.-",
    "wxcvbn",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "!@#$%^&*()",
    "!\"§$%&/()=",
    "147258369",
    "159357",
    "789456123",
];

/// Why a password is easy to guess; `None` when nothing speaks against it. `password` is normalised (NFKC).
pub(super) fn weakness(password: &str, context: &[&str]) -> Option<String> {
    let lower = password.to_lowercase();
    let characters: Vec<char> = lower.chars().collect();
    let distinct: HashSet<char> = characters.iter().copied().collect();
    let piece = period(&characters);
    if distinct.len() < 5 || (piece <= 6 && piece < characters.len()) {
        return Some("this repeats a few characters; use several words instead".into());
    }
    if characters.iter().all(|c| !c.is_alphabetic()) && characters.len() < 20 {
        return Some("digits and signs alone are guessed soon; use several words instead".into());
    }
    if characters.len() - walked(&characters) <= 3 {
        return Some("this follows the keyboard or the alphabet; use several words instead".into());
    }
    for word in context.iter().flat_map(|c| c.split(|c: char| !c.is_alphanumeric())).map(str::to_lowercase) {
        if word.chars().count() >= 4 && (lower.contains(&word) || plain(&lower).contains(&word)) {
            return Some(format!("leave out '{word}': words about you or your organisation are tried first"));
        }
    }
    // Writing it twice makes it no better.
    let once: String = characters[..piece].iter().collect();
    let bare = once.trim_matches(|c: char| !c.is_alphabetic());
    let spellings = [letters(&once), letters(&plain(&once)), letters(&plain(bare))];
    let known = spellings.iter().any(|s| !s.is_empty() && few_words(s));
    known.then(|| {
        "this is among the passwords that attackers try first; use several unrelated words instead".into()
    })
}

/// Letters for the digits and signs that stand for them.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' | '|' => 'i',
            '3' | '€' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' | '+' => 't',
            '8' => 'b',
            '9' => 'g',
            other => other,
        })
        .collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

/// The length of the shortest piece that makes the text when it is repeated; the whole when nothing repeats.
fn period(text: &[char]) -> usize {
    let repeats = |n: &usize| text.iter().enumerate().all(|(i, c)| *c == text[i % n]);
    (1..=text.len() / 2).find(repeats).unwrap_or(text.len())
}

/// Characters that lie on walks of four or more.
fn walked(text: &[char]) -> usize {
    let follows = |a: char, b: char| {
        WALKS.iter().any(|walk| {
            let mut pairs = walk.chars().zip(walk.chars().skip(1));
            pairs.any(|(x, y)| (x, y) == (a, b) || (y, x) == (a, b))
        })
    };
    let (mut covered, mut run) = (0, 1);
    for i in 1..=text.len() {
        if i < text.len() && (follows(text[i - 1], text[i]) || text[i - 1] == text[i]) {
            run += 1;
        } else {
            covered += if run >= 4 { run } else { 0 };
            run = 1;
        }
    }
    covered
}

/// Whether the text is nothing but a few known words in a row.
fn few_words(text: &str) -> bool {
    // fewest[i]: the smallest number of known words that make the first i bytes.
    let mut fewest: Vec<Option<usize>> = vec![None; text.len() + 1];
    fewest[0] = Some(0);
    for end in 1..=text.len() {
        for start in end.saturating_sub(16)..end {
            let (Some(count), Some(word)) = (fewest[start], text.get(start..end)) else { continue };
            // A single letter left over ("xpassword") does not make it a better one.
            if KNOWN.contains(word) || word.len() == 1 {
                let better = fewest[end].is_none_or(|n| count + 1 < n);
                fewest[end] = if better { Some(count + 1) } else { fewest[end] };
            }
        }
    }
    fewest[text.len()].is_some_and(|n| n <= WORDS_THAT_ARE_FEW)
}

#[cfg(test)]
mod tests {
    use super::{weakness, words};

    #[test]
    fn thousands_of_usual_passwords_are_refused() {
        let mut refused = 0;
        for word in words().filter(|w| w.len() >= 5) {
            let mut first = word.to_owned();
            first[..1].make_ascii_uppercase();
            for tail in ["2024", "2025!", "2026", "123456", "1234567!", "!!!!", "#1", "007", "99"] {
                for made in [
                    format!("{word}{tail}"),
                    format!("{first}{tail}"),
                    format!("{word}-{word}{tail}"),
                    format!("{tail}{word}"),
                ] {
                    assert!(weakness(&made, &[]).is_some(), "{made}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 5_000, "{refused}");
    }

    #[test]
    fn tricks_do_not_help_and_good_ones_pass() {
        let check = |text: &str, weak: bool| {
            assert_eq!(
                weakness(text, &["Anna Berg", "anna.berg@nordklinik.example"]).is_some(),
                weak,
                "{text}"
            );
        };
        for weak in [
            "P@ssw0rd2026!",
            "Passw0rt!2025",
            "aaaaaaaaaaaaa",
            "abcabcabcabc",
            "qwertyuiop12",
            "1qaz2wsx3edc",
            "123456789012",
            "Summer2026Winter",
            "letmeinplease",
            "W3lc0m3!W3lc0m3!",
            "asdfghjkl;'qw",
            "19800101 19801231",
            "nordklinik is fine",
            "Berg und Tal 77x",
            "zyxwvutsrqpo",
            "trustno1trustno1",
            "ILoveYouForever",
        ] {
            check(weak, true);
        }
        for fine in [
            "zwölf müde löwen",
            "correct staple battery",
            "tR7#kw9!mQz2",
            "we rented a yellow tent twice",
            "ключ лежит под камнем",
        ] {
            check(fine, false);
        }
    }
}
