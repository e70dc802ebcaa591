//! A rule's logic on one record, as a tree: what held, what did not, what was not there.

use crate::parts::id_of;
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::assess::{Explained, Step, StepOutcome};

/// Levels that are shown; rules of more levels do not occur, and a page must end.
const LEVELS: usize = 12;

/// Why the rule of an alert fired, on the copy of its record.
pub fn tree(explained: &Explained) -> Markup {
    let explanation = &explained.explanation;
    html! {
        section.explained #{ "explained-" (id_of(&explained.event)) } {
            h3 { (words("rule.why")) }
            p {
                (if explanation.fires { words("rule.fires") } else { words("rule.fires_not") }) " "
                a href={ "/evidence/events/" (explained.event) } { (explained.place) } "."
                @if explained.member { " " (fill("rule.member", &[("rule", &explanation.title)])) }
            }
            (parts(explained))
        }
    }
}

/// Any rule on any record, part by part.
pub fn part_by_part(explained: &Explained) -> Markup {
    html! {
        section.explained {
            h2 { (words("rule.parts")) }
            (parts(explained))
        }
    }
}

fn parts(explained: &Explained) -> Markup {
    let explanation = &explained.explanation;
    html! {
        @if !explanation.routed { p.quiet { (words("rule.not_routed")) } }
        @if let Some(asleep) = &explanation.asleep { p.quiet { (asleep) } }
        ul.tree { (step(&explanation.logic, 0)) }
    }
}

fn step(one: &Step, level: usize) -> Markup {
    let (class, word) = match one.outcome {
        StepOutcome::True => ("held", words("rule.true")),
        StepOutcome::False => ("not", words("rule.false")),
        StepOutcome::Missing => ("missing", words("rule.missing")),
    };
    html! {
        li class=(class) {
            div.step {
                span.outcome-word { (word) }
                span.label { (one.label) }
            }
            @if let Some(value) = &one.value {
                p.found { span.quiet { (one.field.as_deref().unwrap_or_default()) " = " } code { (value) } }
            } @else if one.outcome == StepOutcome::Missing && one.field.is_some() {
                p.found.quiet { (fill("rule.no_field", &[("field", one.field.as_deref().unwrap_or_default())])) }
            }
            @if !one.found.is_empty() { p.found { span.quiet { (words("rule.found")) " " } (one.found.join(", ")) } }
            @if !one.parts.is_empty() && level < LEVELS { ul { @for part in &one.parts { (step(part, level + 1)) } } }
        }
    }
}
