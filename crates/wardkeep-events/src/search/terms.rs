//! Single conditions: `field:value`, text, periods.

use super::ast::{Compare, Expr, FieldName, Known, Network, Pattern, Piece, Span, Term, Test, Window};
use super::lex::Segment;
use super::{MOST_WILDCARDS, SearchError};
use wardkeep_types::Length;

/// What a word means.
pub(super) enum Spoken {
    /// Text to look for.
    Text,
    /// A field and its value, which may stand in parentheses behind it.
    Field(FieldName, Vec<Segment>),
    /// `last`, `from` or `to`, and what stands behind it.
    Time(Period, String),
}

/// Which end of the period is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    Last,
    From,
    To,
}

/// Takes a word apart at its colon.
pub(super) fn spoken(segments: &[Segment]) -> Spoken {
    let Some(first) = segments.first() else { return Spoken::Text };
    if first.quoted {
        // "A name with blanks":value
        return match segments.get(1) {
            Some(next) if !next.quoted && next.text.starts_with(':') && !first.text.trim().is_empty() => {
                let mut value = vec![Segment { text: next.text[1..].to_owned(), quoted: false }];
                value.extend_from_slice(&segments[2..]);
                Spoken::Field(FieldName::parse(&first.text), without_empty(value))
            }
            _ => Spoken::Text,
        };
    }
    let Some((name, rest)) = first.text.split_once(':') else { return Spoken::Text };
    if !is_name(name) {
        return Spoken::Text;
    }
    // `C:\Windows` and `https://...` are texts with a colon, not fields.
    let drive = name.len() == 1 && rest.starts_with('\\');
    if drive || rest.starts_with("//") {
        return Spoken::Text;
    }
    let period = match name {
        "last" => Some(Period::Last),
        "from" => Some(Period::From),
        "to" => Some(Period::To),
        _ => None,
    };
    if let Some(period) = period {
        let text = rest.to_owned() + &segments[1..].iter().map(|s| s.text.as_str()).collect::<String>();
        return Spoken::Time(period, text);
    }
    let mut value = vec![Segment { text: rest.to_owned(), quoted: false }];
    value.extend_from_slice(&segments[1..]);
    Spoken::Field(FieldName::parse(name), without_empty(value))
}

fn without_empty(mut value: Vec<Segment>) -> Vec<Segment> {
    value.retain(|s| s.quoted || !s.text.is_empty());
    value
}

/// Whether a name needs no quotes.
pub(super) fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|c| c.is_alphabetic() || "_@".contains(c))
        && letters.all(|c| c.is_alphanumeric() || "_@.-/#$[]".contains(c))
}

/// The condition of a field, or of the text.
pub(super) fn value(field: Option<FieldName>, segments: &[Segment], span: Span) -> Result<Expr, SearchError> {
    if let (Some(_), [one]) = (&field, segments)
        && !one.quoted
        && let Some(test) = special(&one.text, span)?
    {
        return checked(Term { span, field, test });
    }
    let mut pattern = Pattern::default();
    let mut wildcards = 0;
    for segment in segments {
        if segment.quoted {
            pattern.text(&segment.text);
            continue;
        }
        for part in segment.text.split_inclusive(['*', '?']) {
            let text = part.trim_end_matches(['*', '?']);
            pattern.text(text);
            match part[text.len()..].chars().next() {
                Some('*') => pattern.many(),
                Some(_) => pattern.0.push(Piece::One),
                None => continue,
            }
            wildcards += 1;
        }
    }
    if wildcards > MOST_WILDCARDS {
        let hint = format!("a pattern holds {MOST_WILDCARDS} of them");
        return Err(SearchError::new(span, "too_many", "these are too many wildcards", &hint));
    }
    if pattern.0 == [Piece::Many] {
        return match field {
            None => Ok(Expr::All),
            Some(_) => checked(Term { span, field, test: Test::Exists }),
        };
    }
    if field.is_none() && pattern.0.is_empty() {
        let hint = "write the text between the quotes";
        return Err(SearchError::new(span, "empty_text", "there is nothing to look for", hint));
    }
    checked(Term { span, field, test: Test::Fits(pattern) })
}

fn special(text: &str, span: Span) -> Result<Option<Test>, SearchError> {
    for sign in [Compare::From, Compare::UpTo, Compare::Above, Compare::Below] {
        if let Some(bound) = text.strip_prefix(sign.sign()) {
            let number = number(bound).ok_or_else(|| {
                let message = format!("behind {} comes a number", sign.sign());
                let hint = "write it as 4625 or 0.5; periods are given with from: and to:";
                SearchError::new(span, "no_number", &message, hint)
            })?;
            return Ok(Some(Test::Compare(sign, number)));
        }
    }
    if let Some((low, high)) = text.split_once("..")
        && let (Some(low), Some(high)) = (number(low), number(high))
    {
        if low > high {
            let hint = "write the smaller number first";
            return Err(SearchError::new(span, "turned", "no number lies between these two", hint));
        }
        return Ok(Some(Test::Between(low, high)));
    }
    Ok(Network::parse(text).map(Test::Within))
}

fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b".-+eE".contains(&b));
    text.parse::<f64>().ok().filter(|n| plain && n.is_finite())
}

/// Refuses what a field can never answer.
fn checked(term: Term) -> Result<Expr, SearchError> {
    let wrong = match (&term.field, &term.test) {
        (Some(FieldName::Known(Known::Hash)), Test::Fits(pattern)) => {
            let hex = pattern.as_literal().is_some_and(|text| {
                matches!(text.len(), 32 | 40 | 64 | 96 | 128) && text.bytes().all(|b| b.is_ascii_hexdigit())
            });
            (!hex).then_some(("a hash is 32, 40, 64, 96 or 128 hexadecimal digits", "write the whole hash"))
        }
        (Some(FieldName::Known(known)), test)
            if matches!(known, Known::Hash | Known::LogSource | Known::Raw | Known::Id)
                && !matches!(test, Test::Fits(_)) =>
        {
            Some(("this field is asked for a text", "write a text behind the colon"))
        }
        _ => None,
    };
    match wrong {
        Some((message, hint)) => Err(SearchError::new(term.span, "wrong_value", message, hint)),
        None => Ok(Expr::Term(term)),
    }
}

/// Sets an end of the period.
pub(super) fn period(window: &mut Window, which: Period, text: &str, span: Span) -> Result<(), SearchError> {
    let twice = |taken: bool| {
        let hint = "keep one last:, or one from: and one to:";
        if taken { Err(SearchError::new(span, "twice", "the period is given twice", hint)) } else { Ok(()) }
    };
    if which == Period::Last {
        let length = text.parse::<Length>().ok().filter(|length| length.seconds() > 0);
        let length = length.ok_or_else(|| {
            SearchError::new(
                span,
                "no_length",
                "behind last: comes a length of time",
                "write last:24h, last:7d or last:15m",
            )
        })?;
        twice(window.from.is_some())?;
        window.from = Some(super::When::Ago(length));
        return Ok(());
    }
    let when = super::time::when(text).ok_or_else(|| {
        let hint = "write 2026-03-31, 2026-03-31T09:00 (UTC) or now-2d";
        SearchError::new(span, "no_time", "this is not a day or a time", hint)
    })?;
    let end = if which == Period::From { &mut window.from } else { &mut window.to };
    twice(end.is_some())?;
    *end = Some(when);
    Ok(())
}
