//! A filter that reads as a sentence and lives in the address.

use super::{ButtonView, OptionView, buttons, id_of};
use crate::words::words;
use maud::{Markup, html};

/// "Risks in [Finance], owned by [anyone], due before [date]".
#[derive(Debug, Clone, Default)]
pub struct FilterView {
    /// Where it leads.
    pub action: String,
    /// Subject of the sentence: "Risks".
    pub subject: String,
    /// Text looked for; `None` when the list has no search.
    pub search: Option<String>,
    /// The rest of the sentence.
    pub parts: Vec<FilterPart>,
    /// What the address keeps besides: sort, view, columns.
    pub keep: Vec<(String, String)>,
    /// Address without any filter, when there is one set.
    pub clear: Option<String>,
    /// Columns, export, group by.
    pub tools: Vec<ButtonView>,
}

/// One condition.
#[derive(Debug, Clone)]
pub struct FilterPart {
    /// Words before the control: "owned by".
    pub before: String,
    /// Name in the address.
    pub key: String,
    /// What is chosen, for screen readers: "Owner".
    pub label: String,
    /// The control.
    pub control: FilterControl,
}

/// The control of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterControl {
    /// One of a list; the first entry with an empty key means "any".
    Choice(Vec<OptionView>),
    /// A day.
    Date(String),
    /// Words.
    Text(String),
    /// A figure.
    Number(String),
}

impl FilterControl {
    fn is_set(&self) -> bool {
        match self {
            Self::Choice(options) => options.iter().any(|o| o.chosen && !o.key.is_empty()),
            Self::Date(text) | Self::Text(text) | Self::Number(text) => !text.is_empty(),
        }
    }
}

/// The filter bar.
pub fn filter(view: &FilterView) -> Markup {
    html! {
        form.filter role="search" method="get" action=(view.action) aria-label=(words("filter.label")) {
            @for (name, value) in &view.keep { input type="hidden" name=(name) value=(value); }
            span.said { (view.subject) }
            @for part in &view.parts { (condition(part)) }
            @if let Some(search) = &view.search {
                span.pair {
                    label.said for="filter-q" { (words("filter.with")) }
                    input.input #filter-q type="search" name="q" value=(search) placeholder=(words("filter.hint"))
                        data-slash;
                }
            }
            button.btn type="submit" { (words("filter.show")) }
            @if let Some(clear) = &view.clear { a.btn.btn-quiet href=(clear) { (words("filter.clear")) } }
            @if !view.tools.is_empty() { span.tools { (buttons(&view.tools)) } }
        }
    }
}

fn condition(part: &FilterPart) -> Markup {
    let id = format!("filter-{}", id_of(&part.key));
    let class = if part.control.is_set() { "input set" } else { "input" };
    let typed = |kind: &str, value: &str| {
        html! { input class=(class) id=(id) type=(kind) name=(part.key) value=(value); }
    };
    html! {
        span.pair {
            label.said for=(id) { (part.before) span.sr { " (" (part.label) ")" } }
            @match &part.control {
                FilterControl::Choice(options) => {
                    select class=(class) id=(id) name=(part.key) {
                        @for option in options {
                            option value=(option.key) selected[option.chosen] { (option.label) }
                        }
                    }
                }
                FilterControl::Date(value) => { (typed("date", value)) }
                FilterControl::Text(value) => { (typed("text", value)) }
                FilterControl::Number(value) => { (typed("number", value)) }
            }
        }
    }
}
