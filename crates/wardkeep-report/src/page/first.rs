//! What to do first.

use crate::posture::Posture;
use crate::shape::severity_badge;
use maud::{Markup, html};

/// Actions shown; the rest follows from the tables below.
const SHOWN: usize = 10;

pub(super) fn section(posture: &Posture) -> Markup {
    html! {
        section #first {
            h2 { "What to do first" }
            @if posture.first.is_empty() {
                p.empty { "Nothing stands out. What is not known is listed with the controls." }
            } @else {
                ol.first {
                    @for action in posture.first.iter().take(SHOWN) {
                        li {
                            div {
                                p.what { (action.what) }
                                p.quiet { (action.why) }
                                @if !action.places.is_empty() { p.places { @for place in &action.places { code { (place) } } } }
                            }
                            div.marks {
                                @if let Some(severity) = action.severity { (severity_badge(severity)) }
                                @if let Some(due) = action.due { span.due.late[due < posture.as_of.date()] { "due " time datetime=(due) { (due) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}
