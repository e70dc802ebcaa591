//! Keyset pages: back, on, and a total that may say "about".

use crate::words::{fill, words};
use maud::{Markup, html};

/// Where in a long list we are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PagerView {
    /// Rows shown: `1 to 50`.
    pub shown: String,
    /// Total, formatted; `None` when it was not counted.
    pub total: Option<String>,
    /// Whether the total is an estimate.
    pub about: bool,
    /// The very first page, when this is not it.
    pub first: Option<String>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// The pager below a table.
pub fn pager(view: &PagerView) -> Markup {
    let line = match (&view.total, view.about) {
        (Some(total), false) => fill("pager.of", &[("shown", &view.shown), ("total", total)]),
        (Some(total), true) => fill("pager.about", &[("shown", &view.shown), ("total", total)]),
        (None, _) => view.shown.clone(),
    };
    let step = |href: &Option<String>, rel: Option<&str>, text: &str| {
        html! { @if let Some(href) = href { a.btn href=(href) rel=[rel] { (text) } } }
    };
    html! {
        nav.pager aria-label=(words("pager.label")) {
            span { (line) }
            div.steps {
                (step(&view.first, None, words("pager.first")))
                (step(&view.previous, Some("prev"), words("pager.previous")))
                (step(&view.next, Some("next"), words("pager.next")))
            }
        }
    }
}
