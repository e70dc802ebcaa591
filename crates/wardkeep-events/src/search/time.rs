//! Points of time as people write them.

use super::ast::When;
use wardkeep_types::{Date, Length, Moment};

/// A day, an instant, `now`, or `now-2d`.
pub(super) fn when(text: &str) -> Option<When> {
    if let Some(rest) = text.strip_prefix("now") {
        return match rest.strip_prefix('-') {
            Some(ago) => Some(When::Ago(ago.parse().ok()?)),
            None => rest.is_empty().then_some(When::Ago(Length::from_seconds(0))),
        };
    }
    if let Ok(day) = text.parse::<Date>() {
        return Some(When::Day(day));
    }
    text.parse::<Moment>().ok().map(When::At)
}

/// As it is written.
pub(super) fn shown(when: When) -> String {
    match when {
        When::Ago(length) if length.seconds() == 0 => "now".to_owned(),
        When::Ago(length) => format!("now-{length}"),
        When::Day(day) => day.to_string(),
        When::At(at) => at.to_string(),
    }
}
