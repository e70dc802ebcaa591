//! The text of a rule, and what the last update changed in it.

use crate::parts::{ButtonView, button};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::records::RecordView;
use wardkeep_app::rules::{DiffLine, RuleDetail};

/// Equal lines shown around a change.
const AROUND: usize = 2;

/// Text and changes.
pub fn part(view: &RecordView, detail: &RuleDetail) -> Markup {
    html! {
        section {
            h2 { (words("rules.text")) }
            @if detail.text.is_empty() { p.quiet { (words("rules.no_text")) } } @else {
                pre.source tabindex="0" aria-label=(words("rules.text")) { code { (detail.text) } }
            }
            @if detail.from_file { p.small.quiet { (words("rules.from_file")) } }
            @else if view.may_edit && view.known_at.is_none() {
                p { (button(&ButtonView::link(words("rules.change_text"), format!("{}?rule={}", super::WRITE, view.reference)).small())) }
            }
        }
        @if !detail.changes.is_empty() {
            section {
                h2 { (words("rules.changes")) }
                (changes(&detail.changes))
            }
        }
    }
}

/// Changed lines with a few equal ones around them; the mark says it in words for those who see no colour.
fn changes(lines: &[DiffLine]) -> Markup {
    let near = |at: usize| {
        let from = at.saturating_sub(AROUND);
        lines[from..(at + AROUND + 1).min(lines.len())].iter().any(|l| !matches!(l, DiffLine::Same(_)))
    };
    let (gone, new) = lines.iter().fold((0, 0), |(gone, new), line| match line {
        DiffLine::Same(_) => (gone, new),
        DiffLine::Gone(_) => (gone + 1, new),
        DiffLine::New(_) => (gone, new + 1),
    });
    html! {
        p.quiet { (fill("rules.changed_lines", &[("new", &new.to_string()), ("gone", &gone.to_string())])) }
        ul.diff {
            @for (at, line) in lines.iter().enumerate() {
                @if near(at) {
                    @match line {
                        DiffLine::Same(text) => { li { span.mark aria-hidden="true" { " " } code { (text) } } }
                        DiffLine::Gone(text) => { li.gone { span.mark { "−" span.sr { (words("rules.line_gone")) } } code { (text) } } }
                        DiffLine::New(text) => { li.new { span.mark { "+" span.sr { (words("rules.line_new")) } } code { (text) } } }
                    }
                }
            }
        }
    }
}
