//! The answer: what is the case and what to do, in one sentence, before anything else.

use super::{ButtonView, Sentence, Tone, buttons, tone_shape};
use maud::{Markup, html};

/// The sentence at the top of a page.
#[derive(Debug, Clone, Default)]
pub struct AnswerView {
    /// How it stands.
    pub tone: Tone,
    /// The sentence; figures in it open their why panels.
    pub text: Sentence,
    /// What to do next.
    pub next: Vec<ButtonView>,
}

/// The answer line.
pub fn answer(view: &AnswerView) -> Markup {
    html! {
        div class={ "answer " (view.tone.class()) } {
            (tone_shape(view.tone))
            p { (view.text) }
            @if !view.next.is_empty() { div.next { (buttons(&view.next)) } }
        }
    }
}
