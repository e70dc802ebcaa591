//! From words to a question.

use super::ast::{Expr, Search, Span, Window};
use super::lex::{Segment, Token, cut};
use super::stages::stage;
use super::terms::{self, Spoken};
use super::{MOST_BYTES, MOST_DEPTH, MOST_TERMS, SearchError};

/// Reads a question.
pub(super) fn parse(text: &str) -> Result<Search, SearchError> {
    if text.len() > MOST_BYTES {
        let span = Span { start: MOST_BYTES, end: text.len() };
        let hint =
            format!("a question holds {MOST_BYTES} bytes; ask for a pattern rather than for a long list");
        return Err(SearchError::new(span, "too_long", "this question is too long", &hint));
    }
    let tokens = cut(text)?;
    let split = tokens.iter().position(|(token, _)| *token == Token::Pipe).unwrap_or(tokens.len());
    let end = Span { start: text.len(), end: text.len() };
    let mut parser = Parser { tokens: &tokens[..split], at: 0, end, window: Window::default(), terms: 0 };
    let filter = if split == 0 { Expr::All } else { parser.any(None, 0)? };
    if let Some((_, span)) = parser.tokens.get(parser.at) {
        let message = "this parenthesis closes nothing";
        return Err(SearchError::new(*span, "stray_close", message, "take it away, or open one before it"));
    }
    let mut search = Search { filter, window: parser.window, stage: None, limit: None };
    for part in tokens[split..].split(|(token, _)| *token == Token::Pipe).skip(1) {
        stage(part, end, &mut search)?;
    }
    Ok(search)
}

struct Parser<'t> {
    tokens: &'t [(Token, Span)],
    at: usize,
    end: Span,
    window: Window,
    terms: usize,
}

/// The field whose values stand in parentheses.
type Group<'g> = Option<&'g super::FieldName>;

impl Parser<'_> {
    fn peek(&self) -> Option<&(Token, Span)> {
        self.tokens.get(self.at)
    }
    fn keyword(&self, wanted: &str) -> bool {
        matches!(self.peek(), Some((Token::Word(s), _)) if matches!(s.as_slice(), [one] if !one.quoted && one.text == wanted))
    }
    fn here(&self) -> Span {
        self.peek().map_or(self.end, |(_, span)| *span)
    }
    fn any(&mut self, group: Group<'_>, depth: usize) -> Result<Expr, SearchError> {
        if depth > MOST_DEPTH {
            let hint = format!("parentheses may stand {MOST_DEPTH} deep");
            return Err(SearchError::new(self.here(), "too_deep", "this is nested too deeply", &hint));
        }
        let mut parts = vec![self.all(group, depth)?];
        while self.keyword("OR") {
            self.at += 1;
            parts.push(self.all(group, depth)?);
        }
        Ok(either(parts))
    }
    fn all(&mut self, group: Group<'_>, depth: usize) -> Result<Expr, SearchError> {
        let mut parts = Vec::new();
        loop {
            if self.keyword("AND") && !parts.is_empty() {
                self.at += 1;
                parts.push(self.one(group, depth)?);
            } else if self.peek().is_none_or(|(t, _)| *t == Token::Close) || self.keyword("OR") {
                break;
            } else {
                parts.push(self.one(group, depth)?);
            }
        }
        if parts.is_empty() {
            let hint = "write a word, a quoted text or field:value here";
            return Err(SearchError::new(
                self.here(),
                "missing",
                "something to look for is missing here",
                hint,
            ));
        }
        Ok(both(parts))
    }
    fn one(&mut self, group: Group<'_>, depth: usize) -> Result<Expr, SearchError> {
        let mut denied = false;
        let mut turns = 0;
        while self.keyword("NOT") || matches!(self.peek(), Some((Token::Minus, _))) {
            self.at += 1;
            denied = !denied;
            turns += 1;
        }
        let found = self.plain(group, depth, turns > 0)?;
        Ok(if denied { not(found) } else { found })
    }
    fn plain(&mut self, group: Group<'_>, depth: usize, denied: bool) -> Result<Expr, SearchError> {
        let Some((token, span)) = self.peek().cloned() else {
            let hint = "write a word, a quoted text or field:value here";
            return Err(SearchError::new(self.end, "missing", "something to look for is missing here", hint));
        };
        self.at += 1;
        match token {
            Token::Open => self.parentheses(group, span, depth),
            Token::Word(segments) => {
                if let [one] = segments.as_slice()
                    && !one.quoted
                    && matches!(one.text.as_str(), "OR" | "AND" | "NOT")
                {
                    let message = format!("{} stands between two conditions", one.text);
                    let hint = "write a condition here, or put the word in quotes to look for it";
                    return Err(SearchError::new(span, "missing", &message, hint));
                }
                self.word(&segments, span, group, depth, denied)
            }
            Token::Close | Token::Pipe | Token::Minus => {
                let hint = "write a word, a quoted text or field:value here";
                Err(SearchError::new(span, "missing", "something to look for is missing here", hint))
            }
        }
    }
    fn parentheses(&mut self, group: Group<'_>, open: Span, depth: usize) -> Result<Expr, SearchError> {
        let inner = self.any(group, depth + 1)?;
        match self.peek() {
            Some((Token::Close, _)) => {
                self.at += 1;
                Ok(inner)
            }
            _ => Err(SearchError::new(
                open,
                "open_parenthesis",
                "this parenthesis is never closed",
                "close it with )",
            )),
        }
    }
    fn word(
        &mut self,
        segments: &[Segment],
        span: Span,
        group: Group<'_>,
        depth: usize,
        denied: bool,
    ) -> Result<Expr, SearchError> {
        self.terms += 1;
        if self.terms > MOST_TERMS {
            let hint = format!("a question holds {MOST_TERMS} conditions; a wildcard often stands for many");
            return Err(SearchError::new(span, "too_many", "these are too many conditions", &hint));
        }
        if let Some(field) = group {
            return terms::value(Some(field.clone()), segments, span);
        }
        match terms::spoken(segments) {
            Spoken::Text => terms::value(None, segments, span),
            Spoken::Field(field, value) if value.is_empty() => match self.peek() {
                Some((Token::Open, open)) if open.start == span.end => {
                    let open = *open;
                    self.at += 1;
                    self.parentheses(Some(&field), open, depth)
                }
                _ => {
                    let hint = "write the value right behind the colon; \"\" is the empty text, * any value";
                    Err(SearchError::new(span, "no_value", "behind the colon comes a value", hint))
                }
            },
            Spoken::Field(field, value) => terms::value(Some(field), &value, span),
            Spoken::Time(which, text) => {
                if depth > 0 || denied {
                    let message = "the period counts for the whole question";
                    let hint = "put it outside parentheses and without a minus";
                    return Err(SearchError::new(span, "period_inside", message, hint));
                }
                terms::period(&mut self.window, which, &text, span)?;
                Ok(Expr::All)
            }
        }
    }
}

/// Any of these; everything if one of them is everything.
fn either(parts: Vec<Expr>) -> Expr {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::All => return Expr::All,
            Expr::Or(more) => flat.extend(more),
            other => flat.push(other),
        }
    }
    if flat.len() == 1 { flat.swap_remove(0) } else { Expr::Or(flat) }
}

/// All of these.
fn both(parts: Vec<Expr>) -> Expr {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Expr::All => {}
            Expr::And(more) => flat.extend(more),
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 => Expr::All,
        1 => flat.swap_remove(0),
        _ => Expr::And(flat),
    }
}

fn not(inner: Expr) -> Expr {
    match inner {
        Expr::Not(inner) => *inner,
        other => Expr::Not(Box::new(other)),
    }
}
