//! The right rail of a record: what it rests on, what uses it, tasks, files, comments, watchers.

use super::{LinkView, Place, Value, show};
use crate::words::words;
use maud::{Markup, html};

/// What a section holds; title and empty word follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RailKind {
    /// Records this one names.
    #[default]
    RestsOn,
    /// Records that name this one.
    UsedBy,
    /// Tasks.
    Tasks,
    /// Files.
    Files,
    /// Comments.
    Comments,
    /// Watchers.
    Watchers,
    /// Who may open it at all.
    NeedToKnow,
}

impl RailKind {
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::RestsOn => ("rests-on", words("rail.rests_on"), words("rail.rests_on_none")),
            Self::UsedBy => ("used-by", words("rail.used_by"), words("rail.used_by_none")),
            Self::Tasks => ("tasks", words("rail.tasks"), words("rail.tasks_none")),
            Self::Files => ("files", words("rail.files"), words("rail.files_none")),
            Self::Comments => ("comments", words("rail.comments"), words("rail.comments_none")),
            Self::Watchers => ("watchers", words("rail.watchers"), words("rail.watchers_none")),
            Self::NeedToKnow => ("named", words("rail.need_to_know"), words("rail.need_to_know_none")),
        }
    }
}

/// A section.
#[derive(Debug, Clone, Default)]
pub struct RailSection {
    /// What it holds.
    pub kind: RailKind,
    /// How many there are in all.
    pub count: Option<String>,
    /// "Add", "Watch": where one does that.
    pub act: Option<LinkView>,
    /// The first few.
    pub items: Vec<RailItem>,
    /// "All 48", when there are more.
    pub more: Option<LinkView>,
    /// A form below: a comment, a file.
    pub form: Option<Markup>,
}

/// A line.
#[derive(Debug, Clone, Default)]
pub struct RailItem {
    /// What; a link, a text, a sentence.
    pub what: Value,
    /// Its state, due day or figure.
    pub aside: Value,
    /// A quiet second line: register, relation, who and when.
    pub sub: Option<String>,
    /// A comment's text.
    pub said: Option<String>,
}

/// The rail.
pub fn rail(sections: &[RailSection]) -> Markup {
    html! {
        aside.rail aria-label=(words("rail.label")) { @for section in sections { (rail_section(section)) } }
    }
}

fn rail_section(section: &RailSection) -> Markup {
    let (id, title, none) = section.kind.words();
    html! {
        section aria-labelledby={ "rail-" (id) } {
            div.title {
                h2 id={ "rail-" (id) } { (title) }
                @if let Some(count) = &section.count { span.count { (count) } }
                @if let Some(act) = &section.act { (act) }
            }
            @if section.items.is_empty() { p.none { (none) } } @else {
                ul { @for item in &section.items { (line(item)) } }
            }
            @if let Some(more) = &section.more { a.more href=(more.href) { (more.text) } }
            @if let Some(form) = &section.form { (form) }
        }
    }
}

fn line(item: &RailItem) -> Markup {
    html! {
        li class=[item.said.is_some().then_some("comment")] {
            span { (show(&item.what, Place::Cell)) }
            span { @if !item.aside.is_empty() { (show(&item.aside, Place::Cell)) } }
            @if let Some(sub) = &item.sub { span.sub { (sub) } }
            @if let Some(said) = &item.said { span.said { (said) } }
        }
    }
}
