//! What stands behind `|`.

use super::ast::{FieldName, Search, Span, Stage};
use super::lex::{Segment, Token};
use super::{MOST_ROWS, SearchError};

/// Stages as people are told of them.
const TOLD: &str =
    "there are: count, count by a,b, top 10 user, over 1h, over 1h by user, fields a,b, limit 100";

/// Fields that one stage may name.
const MOST_FIELDS: usize = 20;

/// Reads one stage into the search.
pub(super) fn stage(part: &[(Token, Span)], end: Span, search: &mut Search) -> Result<(), SearchError> {
    let mut words: Vec<Word> = Vec::new();
    for (token, span) in part {
        let Token::Word(segments) = token else {
            return Err(SearchError::new(*span, "stage", "this does not belong behind |", TOLD));
        };
        words.extend(divided(segments, *span));
    }
    let Some((verb, _, at)) = words.first().cloned() else {
        return Err(SearchError::new(end, "stage", "behind | something is missing", TOLD));
    };
    let rest = &words[1..];
    if verb == "limit" {
        let rows = match rest {
            [(number, false, span)] => count(number, *span)?,
            _ => return Err(SearchError::new(at, "stage", "limit takes one number", "write | limit 100")),
        };
        if search.limit.replace(rows).is_some() {
            return Err(SearchError::new(at, "twice", "the limit is given twice", "keep one of them"));
        }
        return Ok(());
    }
    let made = match (verb.as_str(), rest) {
        ("count", []) => Stage::Count(Vec::new()),
        ("count", [(by, false, _), names @ ..]) if by == "by" => Stage::Count(fields(names, at)?),
        ("top", [(number, false, span), names @ ..]) if number.starts_with(|c: char| c.is_ascii_digit()) => {
            Stage::Top(count(number, *span)?, single(names, at)?)
        }
        ("top", names) => Stage::Top(10, single(names, at)?),
        ("over", [(every, false, span), names @ ..]) => {
            let length = every.parse::<wardkeep_types::Length>().ok().filter(|length| length.seconds() > 0);
            let Some(length) = length else {
                let hint = "write | over 1h, | over 5m or | over 1d";
                return Err(SearchError::new(*span, "no_length", "behind over comes a length of time", hint));
            };
            match names {
                [] => Stage::Over(length, None),
                [(by, false, _), names @ ..] if by == "by" => Stage::Over(length, Some(single(names, at)?)),
                [(_, _, span), ..] => {
                    return Err(SearchError::new(*span, "stage", "by is missing", "write | over 1h by user"));
                }
            }
        }
        ("fields", names) => Stage::Fields(fields(names, at)?),
        _ => return Err(SearchError::new(at, "stage", "this stage is not known, or lacks something", TOLD)),
    };
    if search.limit.is_some() || search.stage.is_some() {
        let hint = "keep one stage, and put limit last";
        return Err(SearchError::new(
            at,
            "twice",
            "only limit may follow a stage, and nothing a limit",
            hint,
        ));
    }
    search.stage = Some(made);
    Ok(())
}

fn count(text: &str, span: Span) -> Result<u32, SearchError> {
    text.parse().ok().filter(|n| (1..=MOST_ROWS).contains(n)).ok_or_else(|| {
        let message = format!("this is not a number from 1 to {MOST_ROWS}");
        SearchError::new(span, "no_number", &message, "write a whole number")
    })
}

/// A word, whether any of it was quoted, and where it stands.
type Word = (String, bool, Span);

fn single(words: &[Word], at: Span) -> Result<FieldName, SearchError> {
    let mut found = fields(words, at)?;
    if found.len() > 1 {
        return Err(SearchError::new(at, "stage", "this takes one field", "name one field"));
    }
    Ok(found.swap_remove(0))
}

/// Divides a word at its commas, except within quotes.
fn divided(segments: &[Segment], span: Span) -> Vec<Word> {
    let mut words: Vec<Word> = vec![(String::new(), false, span)];
    for segment in segments {
        let parts: Vec<&str> =
            if segment.quoted { vec![&segment.text] } else { segment.text.split(',').collect() };
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                words.push((String::new(), false, span));
            }
            if let Some(last) = words.last_mut() {
                last.0.push_str(part);
                last.1 |= segment.quoted;
            }
        }
    }
    words.retain(|(text, _, _)| !text.is_empty());
    words
}

fn fields(words: &[Word], at: Span) -> Result<Vec<FieldName>, SearchError> {
    let mut found: Vec<FieldName> = Vec::new();
    for (name, quoted, span) in words {
        if !quoted && !super::terms::is_name(name) {
            let hint = "name fields as user, src_ip or field.CommandLine; names with blanks stand in quotes";
            return Err(SearchError::new(*span, "no_field", "this is not the name of a field", hint));
        }
        let field = FieldName::parse(name);
        if !found.contains(&field) {
            found.push(field);
        }
    }
    if found.is_empty() {
        return Err(SearchError::new(at, "no_field", "a field is missing", "name fields, divided by commas"));
    }
    if found.len() > MOST_FIELDS {
        let message = format!("these are more than {MOST_FIELDS} fields");
        return Err(SearchError::new(at, "too_many", &message, "name fewer"));
    }
    Ok(found)
}
