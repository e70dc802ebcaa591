//! Text patterns: literals, wildcards and dash variants, matched against text that is already folded.

use crate::fold::{fold, fold_char};
use memchr::memmem::Finder;
use std::fmt;

/// One part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Text as it stands.
    Text(Box<str>),
    /// Exactly one character (`?`).
    One,
    /// Any number of characters (`*`).
    Many,
    /// Any sign that Windows programs take for the dash of a switch (modifier `windash`).
    Dash,
}

/// The signs that [`Piece::Dash`] stands for: hyphen, slash, en dash, em dash, horizontal bar.
pub const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// A compiled pattern. Simple shapes, which are nearly all there are, have their own fast form.
#[derive(Debug, Clone)]
pub struct Pattern {
    pieces: Box<[Piece]>,
    cased: bool,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Any,
    Exact(Box<str>),
    Starts(Box<str>),
    Ends(Box<str>),
    Contains(Box<Finder<'static>>),
    Wild(Box<[Segment]>),
}

/// A run of pieces between two `*`.
#[derive(Debug, Clone)]
struct Segment {
    pieces: Box<[Piece]>,
    /// Finds the first literal when the segment begins with one.
    first: Option<Box<Finder<'static>>>,
    /// Characters that the segment takes.
    length: usize,
}

impl Pattern {
    /// Compiles; unless `cased`, the pattern is folded and expects folded text.
    pub fn new(pieces: Vec<Piece>, cased: bool) -> Self {
        let pieces = tidy(pieces, cased);
        let form = form(&pieces);
        Self { pieces: pieces.into(), cased, form }
    }
    /// A pattern for plain text.
    pub fn exact(text: &str, cased: bool) -> Self {
        Self::new(vec![Piece::Text(text.into())], cased)
    }
    /// Whether case matters: then it must be shown the text as it is, else the folded text.
    pub fn cased(&self) -> bool {
        self.cased
    }
    /// The parts, folded unless [`Self::cased`].
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
    /// Whether the end of the text matters, so that trailing blanks could hide a match.
    pub fn anchored_at_end(&self) -> bool {
        self.pieces.last() != Some(&Piece::Many)
    }
    /// The longest literal that every match must hold: what a multi-pattern search may look for first.
    pub fn necessary_literal<'p>(&'p self) -> Option<&'p str> {
        let literal = |piece: &'p Piece| if let Piece::Text(text) = piece { Some(&**text) } else { None };
        self.pieces.iter().filter_map(literal).max_by_key(|text| text.len())
    }
    /// Whether the whole text fits the pattern.
    pub fn fits(&self, text: &str) -> bool {
        match &self.form {
            Form::Any => true,
            Form::Exact(wanted) => text == &**wanted,
            Form::Starts(start) => text.starts_with(&**start),
            Form::Ends(end) => text.ends_with(&**end),
            Form::Contains(finder) => finder.find(text.as_bytes()).is_some(),
            Form::Wild(segments) => wild(segments, &self.pieces, text),
        }
    }
}

/// Joins neighbours and folds literals.
fn tidy(pieces: Vec<Piece>, cased: bool) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (out.last_mut(), piece) {
            (Some(Piece::Many), Piece::Many) => {}
            (_, Piece::Text(text)) if text.is_empty() => {}
            (Some(Piece::Text(before)), Piece::Text(text)) => {
                let text = if cased { text } else { fold(&text).into() };
                *before = format!("{before}{text}").into();
            }
            (_, Piece::Text(text)) => out.push(Piece::Text(if cased { text } else { fold(&text).into() })),
            (_, other) => out.push(other),
        }
    }
    out
}

fn form(pieces: &[Piece]) -> Form {
    match pieces {
        [] => Form::Exact("".into()),
        [Piece::Many] => Form::Any,
        [Piece::Text(text)] => Form::Exact(text.clone()),
        [Piece::Text(text), Piece::Many] => Form::Starts(text.clone()),
        [Piece::Many, Piece::Text(text)] => Form::Ends(text.clone()),
        [Piece::Many, Piece::Text(text), Piece::Many] => Form::Contains(finder(text)),
        _ => Form::Wild(pieces.split(|p| *p == Piece::Many).map(segment).collect()),
    }
}

fn finder(text: &str) -> Box<Finder<'static>> {
    Box::new(Finder::new(text.as_bytes()).into_owned())
}

fn segment(pieces: &[Piece]) -> Segment {
    let count = |piece: &Piece| if let Piece::Text(text) = piece { text.chars().count() } else { 1 };
    let first = match pieces.first() {
        Some(Piece::Text(text)) => Some(finder(text)),
        _ => None,
    };
    Segment { pieces: pieces.into(), first, length: pieces.iter().map(count).sum() }
}

impl Segment {
    /// Where the segment ends when it begins at byte `at`.
    fn at(&self, text: &str, at: usize) -> Option<usize> {
        let mut rest = &text[at..];
        for piece in &self.pieces {
            rest = match piece {
                Piece::Text(literal) => rest.strip_prefix(&**literal)?,
                Piece::Dash => rest.strip_prefix(DASHES)?,
                Piece::One => {
                    let mut chars = rest.chars();
                    chars.next()?;
                    chars.as_str()
                }
                Piece::Many => return None,
            };
        }
        Some(text.len() - rest.len())
    }
    /// The end of the first place at or after byte `from` where the segment fits.
    fn find(&self, text: &str, from: usize) -> Option<usize> {
        if self.pieces.is_empty() {
            return Some(from);
        }
        let mut at = from;
        loop {
            if let Some(finder) = &self.first {
                at += finder.find(&text.as_bytes()[at..])?;
            }
            if let Some(end) = self.at(text, at) {
                return Some(end);
            }
            at += text[at..].chars().next()?.len_utf8();
        }
    }
}

/// Leftmost placement of each segment in turn is enough: segments have fixed lengths, so an earlier place never
/// takes room from a later one.
fn wild(segments: &[Segment], pieces: &[Piece], text: &str) -> bool {
    let [first, rest @ ..] = segments else { return text.is_empty() };
    let Some(mut at) = first.at(text, 0) else { return false };
    let Some((last, middle)) = rest.split_last() else { return at == text.len() };
    for segment in middle {
        match segment.find(text, at) {
            Some(end) => at = end,
            None => return false,
        }
    }
    if pieces.last() == Some(&Piece::Many) {
        return true;
    }
    let start = match last.length.checked_sub(1) {
        None => Some(text.len()),
        Some(back) => text.char_indices().rev().nth(back).map(|(i, _)| i),
    };
    start.is_some_and(|start| start >= at && last.at(text, start) == Some(text.len()))
}

/// Puts a [`Piece::Dash`] for each `-` or `/` that begins a switch: one that no letter, digit or underscore
/// precedes and one of these follows (Sigma 2.1, `windash`).
pub fn dashed(pieces: Vec<Piece>) -> Vec<Piece> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = Vec::new();
    for piece in pieces {
        let Piece::Text(text) = piece else {
            out.push(piece);
            continue;
        };
        let (mut start, mut before) = (0, None::<char>);
        for (i, c) in text.char_indices() {
            let next = text[i + c.len_utf8()..].chars().next();
            if matches!(c, '-' | '/') && !before.is_some_and(word) && next.is_some_and(word) {
                out.push(Piece::Text(text[start..i].into()));
                out.push(Piece::Dash);
                start = i + 1;
            }
            before = Some(c);
        }
        out.push(Piece::Text(text[start..].into()));
    }
    out
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::One => f.write_str("?")?,
                Piece::Many => f.write_str("*")?,
                Piece::Dash => f.write_str("[-/–—―]")?,
            }
        }
        Ok(())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.cased == other.cased && self.pieces == other.pieces
    }
}

/// Whether two texts are equal without regard to case.
pub fn same_text(a: &str, b: &str) -> bool {
    a == b || a.chars().map(fold_char).eq(b.chars().map(fold_char))
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Piece, dashed};
    use crate::fold::fold;

    /// `*` and `?` stand for themselves here; escaping is the parser's business.
    fn pieces(text: &str) -> Vec<Piece> {
        let one = |c| match c {
            '*' => Piece::Many,
            '?' => Piece::One,
            c => Piece::Text(c.to_string().into()),
        };
        text.chars().map(one).collect()
    }

    fn check(pattern: &str, text: &str, expected: bool) {
        let compiled = Pattern::new(pieces(pattern), false);
        assert_eq!(compiled.fits(&fold(text)), expected, "{pattern} on {text}");
    }

    #[test]
    fn every_shape_matches_as_it_reads() {
        for (pattern, text, expected) in [
            ("cmd.exe", "CMD.EXE", true),
            ("cmd.exe", "cmd.exe ", false),
            ("", "", true),
            ("*", "", true),
            ("*\\cmd.exe", "C:\\Windows\\cmd.exe", true),
            ("c:\\*", "C:\\x", true),
            ("*enc*", "-ENC a", true),
            ("?", "ü", true),
            ("?", "", false),
            ("a?c", "aßc", true),
            ("a*b*c", "a--b--c", true),
            ("a*b*c", "acb", false),
            ("*a?b*", "xxa-b", true),
            ("*a?b*", "xxab", false),
            ("*ab", "abab", true),
            ("a*a", "a", false),
            ("??", "é", false),
            ("*?", "", false),
            ("*?", "x", true),
            ("*müller*", "HERR MÜLLER", true),
            ("*??*b", "ab", false),
            ("*aab*b", "aaabb", true),
        ] {
            check(pattern, text, expected);
        }
    }

    #[test]
    fn dashes_become_any_switch_sign() {
        let pattern = Pattern::new(dashed(pieces("* -enc *-x*").into_iter().collect()), false);
        // Single characters as pieces hide the neighbours, so the text is joined first.
        assert!(!pattern.fits(" /enc -x"));
        let joined = vec![Piece::Many, Piece::Text(" -enc a-b/c".into()), Piece::Many];
        let pattern = Pattern::new(dashed(joined), false);
        for (text, expected) in [
            ("x -enc a-b/c", true),
            ("x /enc a-b/c", true),
            ("x –enc a-b/c", true),
            ("x ―enc a-b/c", true),
            ("x +enc a-b/c", false),
            ("x /enc a/b/c", false),
        ] {
            assert_eq!(pattern.fits(text), expected, "{text}");
        }
        assert_eq!(pattern.necessary_literal(), Some("enc a-b/c"));
    }
}
