//! A row of figures, each a link to what is behind it.

use crate::words::words;
use maud::{Markup, html};

/// A figure.
#[derive(Debug, Clone, Default)]
pub struct StatView {
    /// What is counted.
    pub label: String,
    /// The figure.
    pub figure: StatFigure,
    /// Change, with how it is meant: "+180 k since Monday".
    pub delta: Option<(String, Trend)>,
    /// A quiet line: as of when, of how many.
    pub note: Option<String>,
    /// Where it opens: a list, or a why panel.
    pub href: Option<String>,
    /// Whether `href` is a why panel, opened beside the page.
    pub why: bool,
}

/// Known or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatFigure {
    /// Formatted figure and unit.
    Known(String, Option<String>),
    /// The word for not knowing: "not tested", "no log source".
    Unknown(String),
}

impl Default for StatFigure {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

/// How a change is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Better.
    Better,
    /// Worse.
    Worse,
    /// Neither.
    Flat,
}

/// A row of figures.
pub fn stats(views: &[StatView]) -> Markup {
    html! {
        ul.stats {
            @for view in views {
                @let known = matches!(view.figure, StatFigure::Known(..));
                li class=[(!known).then_some("unknown hatched")] {
                    @if let Some(href) = &view.href {
                        a href=(href) data-sheet[view.why] { (inside(view)) }
                    } @else { div.stat { (inside(view)) } }
                }
            }
        }
    }
}

fn inside(view: &StatView) -> Markup {
    html! {
        span.label { (view.label) }
        span.figure {
            @match &view.figure {
                StatFigure::Known(text, unit) => { (text) @if let Some(unit) = unit { " " span.unit { (unit) } } }
                StatFigure::Unknown(word) if word.is_empty() => { (words("value.unknown")) }
                StatFigure::Unknown(word) => { (word) }
            }
        }
        @if let Some((text, trend)) = &view.delta {
            @let class = match trend { Trend::Better => "note delta good", Trend::Worse => "note delta bad", Trend::Flat => "note delta flat" };
            span class=(class) { (text) }
        }
        @if let Some(note) = &view.note { span.note { (note) } }
    }
}
