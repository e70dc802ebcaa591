//! One way to show a value, in a table cell, on a record, in history or a why panel.

use super::{
    LinkView, Sentence, StageGroup, Stamp, Urgency, markdown, severity_badge, stage_mark, state_badge,
    state_class, tag, unknown,
};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_types::{Severity, State};

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a table: short, aligned.
    Cell,
    /// On a record: in full.
    Field,
}

/// Something to show, already worded and formatted for the reader.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// Nobody filled it in.
    #[default]
    Empty,
    /// Asked for and not known, with the word for it (empty: "unknown").
    Unknown(String),
    /// One line or a few.
    Text(String),
    /// Several lines; line breaks are kept.
    Lines(String),
    /// Markdown as people wrote it.
    Markdown(String),
    /// A figure with its unit (left out in a cell, where the header names it) and its why panel.
    Figure {
        /// The formatted figure.
        text: String,
        /// `EUR`, `%`, `days`.
        unit: Option<String>,
        /// Address of the why panel.
        why: Option<String>,
    },
    /// A share of a whole as a small bar, with its figure.
    Share {
        /// 0 to 100; not a number when it is not known.
        percent: f64,
        /// The formatted figure.
        text: String,
        /// Colour of the bar: that of a state, or the accent.
        state: Option<State>,
        /// Address of the why panel.
        why: Option<String>,
    },
    /// Another record.
    Link(LinkView),
    /// Other records, and how many more than these.
    Links(Vec<LinkView>, usize),
    /// A control state.
    State(State),
    /// A severity.
    Severity(Severity),
    /// A stage and its group.
    Stage(String, StageGroup),
    /// A day or a moment.
    Moment(Stamp),
    /// A deadline.
    Due(Stamp, Urgency),
    /// Yes or no.
    Bool(bool),
    /// Short labels.
    Tags(Vec<String>),
    /// An identifier, hash or path, in fixed width.
    Code(String),
    /// A stored file: name, address, and a word on size and hash.
    File(LinkView, String),
    /// A web address of others.
    Url(String),
    /// A sentence with links.
    Sentence(Sentence),
    /// Markup made by another part.
    Html(Markup),
}

impl Value {
    /// Text, or `Empty` when there is none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
    /// Whether nobody filled it in.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
    /// A figure without unit or why panel.
    pub fn number(text: impl Into<String>) -> Self {
        Self::Figure { text: text.into(), unit: None, why: None }
    }
}

/// Shows a value.
pub fn show(value: &Value, place: Place) -> Markup {
    match value {
        Value::Empty => html! { span.none.quiet { (words("value.empty")) } },
        Value::Unknown(word) => unknown(word),
        Value::Text(text) => html! { (text) },
        Value::Lines(text) => {
            html! { @for (n, line) in text.lines().enumerate() { @if n > 0 { br; } (line) } }
        }
        Value::Markdown(text) => markdown(text),
        Value::Figure { text, unit, why } => {
            let unit = unit.as_ref().filter(|_| place == Place::Field);
            figure(&html! { (text) @if let Some(unit) = unit { " " (unit) } }, why.as_deref())
        }
        Value::Share { percent, text, state, why } => share(*percent, text, *state, why.as_deref()),
        Value::Link(link) => html! { (link) },
        Value::Links(links, more) => html! {
            span.links-inline {
                @for link in links { (link) }
                @if *more > 0 { span.quiet { (fill("value.more", &[("n", &more.to_string())])) } }
            }
        },
        Value::State(state) => state_badge(*state),
        Value::Severity(severity) => severity_badge(*severity),
        Value::Stage(name, group) => stage_mark(name, *group),
        Value::Moment(stamp) => stamp.show(place),
        Value::Due(stamp, urgency) => due(stamp, *urgency, place),
        Value::Bool(yes) => html! { @if *yes { (words("value.yes")) } @else { (words("value.no")) } },
        Value::Tags(tags) => html! { span.chips { @for text in tags { (tag(text)) } } },
        Value::Code(text) => html! { code { (text) } },
        Value::File(link, facts) => html! { (link) " " span.quiet.small { (facts) } },
        Value::Url(address) => url(address),
        Value::Sentence(sentence) => html! { (sentence) },
        Value::Html(markup) => markup.clone(),
    }
}

fn figure(text: &Markup, why: Option<&str>) -> Markup {
    html! { @if let Some(why) = why { a.why href=(why) data-sheet { (text) } } @else { (text) } }
}

fn share(percent: f64, text: &str, state: Option<State>, why: Option<&str>) -> Markup {
    if !percent.is_finite() {
        return unknown(text);
    }
    let width = percent.clamp(0.0, 100.0);
    html! {
        span class={ "meter " (state.map_or("", state_class)) } {
            svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                rect.rest width="100" height="6" rx="1" {}
                rect.filled width=(format!("{width:.1}")) height="6" rx="1" {}
            }
            (figure(&html! { (text) }, why))
        }
    }
}

fn due(stamp: &Stamp, urgency: Urgency, place: Place) -> Markup {
    let (class, word) = match urgency {
        Urgency::Calm => ("", None),
        Urgency::Soon => ("due-soon", Some(words("value.soon"))),
        Urgency::Late => ("due-late", Some(words("value.late"))),
    };
    html! {
        span class=(class) { (stamp.show(place)) }
        @if let Some(word) = word { " " span class={ "small " (class) } { (word) } }
    }
}

/// Only web and mail addresses become links; anything else stays text.
fn url(address: &str) -> Markup {
    let safe = ["https://", "http://", "mailto:"]
        .iter()
        .any(|start| address.to_ascii_lowercase().starts_with(start));
    html! {
        @if safe { a href=(address) rel="noopener noreferrer" { (address) } } @else { (address) }
    }
}
