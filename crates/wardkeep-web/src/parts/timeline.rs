//! History: when, who, what from and to, why.

use super::{Place, Sentence, Stamp, Value, show};
use crate::words::words;
use maud::{Markup, html};

/// An entry of the change log, or of an incident's course.
#[derive(Debug, Clone, Default)]
pub struct EntryView {
    /// When.
    pub at: Stamp,
    /// Who.
    pub who: String,
    /// What, in one sentence after the name: "accepted the risk".
    pub said: Sentence,
    /// Field by field.
    pub changes: Vec<ChangeView>,
    /// Why, in the words of who did it.
    pub reason: Option<String>,
    /// Whether it moved the record on: moves stand out among edits.
    pub milestone: bool,
    /// A quiet mark: "not independently approved", "by import 12", "proof 8f3a".
    pub mark: Option<String>,
}

/// One field's change.
#[derive(Debug, Clone, Default)]
pub struct ChangeView {
    /// Label of the field.
    pub label: String,
    /// What it was.
    pub from: Value,
    /// What it is.
    pub to: Value,
}

/// History, in the order given.
pub fn timeline(entries: &[EntryView]) -> Markup {
    html! {
        ol.timeline {
            @for entry in entries {
                li class=[entry.milestone.then_some("strong")] {
                    div.when {
                        time datetime=(entry.at.iso) { (entry.at.absolute) }
                        @if !entry.at.relative.is_empty() { " " span { (entry.at.relative) } }
                    }
                    div.what {
                        p {
                            strong { (entry.who) } " " (entry.said)
                            @if let Some(mark) = &entry.mark { " " span.tag { (mark) } }
                        }
                        @if let Some(reason) = &entry.reason { p.why-said { "“" (reason) "”" } }
                        @if !entry.changes.is_empty() { (changes(&entry.changes)) }
                    }
                }
            }
        }
    }
}

fn changes(list: &[ChangeView]) -> Markup {
    html! {
        dl.changes {
            @for change in list {
                div {
                    dt { (change.label) }
                    dd {
                        @if !change.from.is_empty() { del { (show(&change.from, Place::Cell)) } }
                        span aria-hidden="true" { " → " }
                        span.sr { " " (words("timeline.to")) " " }
                        @if change.to.is_empty() { span.quiet { (words("timeline.nothing")) } }
                        @else { ins { (show(&change.to, Place::Cell)) } }
                    }
                }
            }
        }
    }
}
