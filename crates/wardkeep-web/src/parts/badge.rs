//! States, severities, stages and the look of what is not known.

use super::{severity_shape, state_shape};
use crate::words::words;
use maud::{Markup, html};
use wardkeep_types::{Severity, State};

/// What kind of stage it is; the name is the register's, the group is what reports count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StageGroup {
    /// Not begun.
    #[default]
    Open,
    /// Under way.
    Doing,
    /// Done.
    Done,
    /// Retired or dropped.
    Retired,
}

/// The class that carries the state's colours.
pub fn state_class(state: State) -> &'static str {
    match state {
        State::Effective => "effective",
        State::Degraded => "degraded",
        State::Failing => "failing",
        State::Insufficient => "insufficient",
        State::NotTested => "not-tested",
    }
}

/// State of a control or test: shape, word, colour.
pub fn state_badge(state: State) -> Markup {
    let word = match state {
        State::Effective => words("state.effective"),
        State::Degraded => words("state.degraded"),
        State::Failing => words("state.failing"),
        State::Insufficient => words("state.insufficient"),
        State::NotTested => words("state.not_tested"),
    };
    html! { span class={ "badge " (state_class(state)) } { (state_shape(state)) (word) } }
}

/// Severity of a finding or alert: bars, word, colour.
pub fn severity_badge(severity: Severity) -> Markup {
    let word = match severity {
        Severity::Critical => words("severity.critical"),
        Severity::High => words("severity.high"),
        Severity::Medium => words("severity.medium"),
        Severity::Low => words("severity.low"),
        Severity::Info => words("severity.info"),
        Severity::Unknown => words("severity.unknown"),
    };
    html! { span class={ "badge " (severity.key()) } { (severity_shape(severity)) (word) } }
}

/// The stage of a record.
pub fn stage_mark(name: &str, group: StageGroup) -> Markup {
    let class = match group {
        StageGroup::Open => "stage open",
        StageGroup::Doing => "stage doing",
        StageGroup::Done => "stage done",
        StageGroup::Retired => "stage retired",
    };
    html! { span class=(class) { (name) } }
}

/// A short label without a rank.
pub fn tag(text: &str) -> Markup {
    html! { span.tag { (text) } }
}

/// What we do not know, hatched, with its own word; an empty `text` reads "unknown".
pub fn unknown(text: &str) -> Markup {
    html! { span.unknown-value { @if text.is_empty() { (words("value.unknown")) } @else { (text) } } }
}
