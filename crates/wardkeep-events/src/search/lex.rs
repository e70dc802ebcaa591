//! Cutting a question into words.

use super::SearchError;
use super::ast::Span;

/// A piece of the question.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `|`
    Pipe,
    /// A hyphen right before a word or an opening parenthesis.
    Minus,
    /// Letters and quoted texts without a blank between them.
    Word(Vec<Segment>),
}

/// A part of a word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    pub(super) text: String,
    /// Nothing in it has a meaning of its own.
    pub(super) quoted: bool,
}

/// The words of a question with their places.
pub(super) fn cut(text: &str) -> Result<Vec<(Token, Span)>, SearchError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        let single = |token| (token, Span { start: at, end: next });
        match c {
            c if c.is_whitespace() => at = next,
            '(' | ')' | '|' => {
                tokens.push(single(match c {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    _ => Token::Pipe,
                }));
                at = next;
            }
            '-' if text[next..].starts_with(|c: char| !c.is_whitespace() && !")|-".contains(c)) => {
                tokens.push(single(Token::Minus));
                at = next;
            }
            _ => {
                let (segments, end) = word(text, at)?;
                tokens.push((Token::Word(segments), Span { start: at, end }));
                at = end;
            }
        }
    }
    Ok(tokens)
}

fn word(text: &str, start: usize) -> Result<(Vec<Segment>, usize), SearchError> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut at = start;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() || "()|".contains(c) {
            break;
        }
        if c == '"' {
            let (quoted, end) = quoted(text, at)?;
            segments.push(Segment { text: quoted, quoted: true });
            at = end;
        } else {
            match segments.last_mut() {
                Some(last) if !last.quoted => last.text.push(c),
                _ => segments.push(Segment { text: c.to_string(), quoted: false }),
            }
            at += c.len_utf8();
        }
    }
    Ok((segments, at))
}

/// The text between quotes; two quotes in it stand for one.
fn quoted(text: &str, start: usize) -> Result<(String, usize), SearchError> {
    let mut found = String::new();
    let mut rest = text[start + 1..].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        if c != '"' {
            found.push(c);
        } else if rest.peek().is_some_and(|(_, next)| *next == '"') {
            found.push('"');
            rest.next();
        } else {
            return Ok((found, start + 1 + at + 1));
        }
    }
    Err(SearchError::new(
        Span { start, end: text.len() },
        "open_quote",
        "this quote is never closed",
        "put a second \" behind the text; a quote within it is written \"\"",
    ))
}
