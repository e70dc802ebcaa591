//! Notices, and empty pages that teach.

use super::{ButtonView, Sentence, Tone, buttons, tone_shape};
use maud::{Markup, html};

/// Something to know on this page.
#[derive(Debug, Clone, Default)]
pub struct NoticeView {
    /// How it is meant.
    pub tone: Tone,
    /// A few words above the sentence.
    pub title: Option<String>,
    /// The sentence.
    pub text: Sentence,
    /// Single points below it.
    pub points: Vec<Sentence>,
    /// What to do.
    pub acts: Vec<ButtonView>,
    /// Whether it tells of something that just happened, so that a screen reader says it.
    pub live: bool,
}

/// A notice.
pub fn notice(view: &NoticeView) -> Markup {
    let role = view.live.then_some(if view.tone == Tone::Bad { "alert" } else { "status" });
    html! {
        div class={ "notice " (view.tone.class()) } role=[role] {
            (tone_shape(view.tone))
            div.say {
                @if let Some(title) = &view.title { p { strong { (title) } } }
                p { (view.text) }
                @if !view.points.is_empty() { ul { @for point in &view.points { li { (point) } } } }
                @if !view.acts.is_empty() { div.next { (buttons(&view.acts)) } }
            }
        }
    }
}

/// An empty page: what lives here, how to begin, one example.
#[derive(Debug, Clone, Default)]
pub struct EmptyView {
    /// What is not here: "No risks yet".
    pub title: String,
    /// One sentence on what lives here, or why a filter finds nothing.
    pub text: Sentence,
    /// How to begin.
    pub acts: Vec<ButtonView>,
    /// One example.
    pub example: Option<Sentence>,
}

/// An empty page or table.
pub fn empty(view: &EmptyView) -> Markup {
    html! {
        div.empty {
            p { strong { (view.title) } }
            p { (view.text) }
            @if !view.acts.is_empty() { div.next { (buttons(&view.acts)) } }
            @if let Some(example) = &view.example { p.example { (example) } }
        }
    }
}
