//! The head of a page: reference, title, how many, facts, verbs.

use super::{ButtonView, Place, Value, buttons, show};
use maud::{Markup, html};

/// What a page is about.
#[derive(Debug, Clone, Default)]
pub struct HeadView {
    /// Reference such as `RSK-0042`.
    pub reference: Option<String>,
    /// Title.
    pub title: String,
    /// How many there are, for a list: `1,204` or `about 12,000`.
    pub count: Option<String>,
    /// State, stage, owner, next act: what one must know before reading on.
    pub facts: Vec<Value>,
    /// What one can do, the main act first.
    pub verbs: Vec<ButtonView>,
}

/// The head of a page.
pub fn head(view: &HeadView) -> Markup {
    html! {
        div.head {
            div.what {
                @if let Some(reference) = &view.reference { p.ref { (reference) } }
                h1 { (view.title) @if let Some(count) = &view.count { span.count { (count) } } }
                @if !view.facts.is_empty() {
                    div.facts { @for fact in &view.facts { span { (show(fact, Place::Field)) } } }
                }
            }
            @if !view.verbs.is_empty() { div.verbs { (buttons(&view.verbs)) } }
        }
    }
}
