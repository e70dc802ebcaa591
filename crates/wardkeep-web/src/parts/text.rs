//! Sentences with links in them, and the tone in which something is said.

use maud::{Markup, Render, html};

/// How a sentence is meant. The tone adds a shape and a colour; the words carry the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// For the record.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Needs a look.
    Warn,
    /// Needs an act.
    Bad,
}

impl Tone {
    /// Class name in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A name that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkView {
    /// What people read.
    pub text: String,
    /// Where it leads: a path of ours, or an `https:` address.
    pub href: String,
    /// Reference such as `RSK-0042`, shown quietly before the name.
    pub reference: Option<String>,
}

impl LinkView {
    /// A link without a reference.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), reference: None }
    }
    /// Puts a reference before the name.
    #[must_use]
    pub fn with_reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }
}

impl Render for LinkView {
    fn render(&self) -> Markup {
        html! {
            a href=(self.href) {
                @if let Some(reference) = &self.reference { span.quiet.nowrap { (reference) } " " }
                (self.text)
            }
        }
    }
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Words(String),
    /// Words that open something.
    Link(LinkView),
    /// A figure that opens its why panel, so that no number is dead.
    Figure(LinkView),
}

/// A sentence whose parts may be links.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentence(pub Vec<Piece>);

impl Sentence {
    /// Begins with words.
    pub fn new(text: impl Into<String>) -> Self {
        Self(vec![Piece::Words(text.into())])
    }
    /// Goes on with words.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Words(text.into()));
        self
    }
    /// Goes on with a link.
    #[must_use]
    pub fn link(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.0.push(Piece::Link(LinkView::new(text, href)));
        self
    }
    /// Goes on with a figure and the address of its why panel.
    #[must_use]
    pub fn figure(mut self, text: impl Into<String>, why: impl Into<String>) -> Self {
        self.0.push(Piece::Figure(LinkView::new(text, why)));
        self
    }
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Sentence {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Sentence {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Render for Sentence {
    fn render(&self) -> Markup {
        html! {
            @for piece in &self.0 {
                @match piece {
                    Piece::Words(text) => { (text) }
                    Piece::Link(link) => { (link) }
                    Piece::Figure(link) => { a.why href=(link.href) data-sheet { (link.text) } }
                }
            }
        }
    }
}
