//! Buttons: verbs that lead somewhere, open a side sheet, send a form or post by themselves.

use maud::{Markup, html};

/// How a button looks. At most one `Main` a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// The next best act.
    Main,
    /// One of several.
    #[default]
    Plain,
    /// Less than that: reads as a link.
    Quiet,
    /// Destroys or ends something.
    Danger,
    /// The last step before that.
    DangerMain,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Goes to a page.
    Link(String),
    /// Goes to a page that opens as a side sheet where scripts run.
    Sheet(String),
    /// Sends the form it stands in, with a name and value when there are several verbs.
    Submit(Option<(String, String)>),
    /// Posts on its own: address and hidden fields.
    Post(String, Vec<(String, String)>),
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ButtonView {
    /// A verb and its object: "Accept risk".
    pub label: String,
    /// Look.
    pub weight: Weight,
    /// Deed.
    pub act: Act,
    /// Why it cannot be used now; shown beside it, and the button does nothing.
    pub disabled: Option<String>,
    /// Keyboard shortcut, such as `e`; the key list of the page uses the same.
    pub key: Option<String>,
    /// For use in rows: 24 px high.
    pub small: bool,
}

impl ButtonView {
    fn new(label: impl Into<String>, act: Act) -> Self {
        Self { label: label.into(), weight: Weight::Plain, act, disabled: None, key: None, small: false }
    }
    /// Goes to `href`.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(label, Act::Link(href.into()))
    }
    /// Opens the page `href` beside this one.
    pub fn sheet(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(label, Act::Sheet(href.into()))
    }
    /// Sends the form it stands in.
    pub fn submit(label: impl Into<String>) -> Self {
        Self::new(label, Act::Submit(None))
    }
    /// Sends the form it stands in and says which verb.
    pub fn verb(label: impl Into<String>, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(label, Act::Submit(Some((name.into(), value.into()))))
    }
    /// Posts hidden fields (the csrf token among them) to `action`.
    pub fn post(label: impl Into<String>, action: impl Into<String>, fields: Vec<(String, String)>) -> Self {
        Self::new(label, Act::Post(action.into(), fields))
    }
    /// Sets the look.
    #[must_use]
    pub fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }
    /// The page's main act.
    #[must_use]
    pub fn main(self) -> Self {
        self.weight(Weight::Main)
    }
    /// Refuses, with a reason that people read.
    #[must_use]
    pub fn disabled(mut self, reason: impl Into<String>) -> Self {
        self.disabled = Some(reason.into());
        self
    }
    /// Names its key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
    /// 24 px high.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }
}

/// A button. A disabled one keeps its place in the tab order, so that its reason can be read.
pub fn button(view: &ButtonView) -> Markup {
    let weight = match view.weight {
        Weight::Main => " btn-main",
        Weight::Plain => "",
        Weight::Quiet => " btn-quiet",
        Weight::Danger => " btn-danger",
        Weight::DangerMain => " btn-danger-main",
    };
    let class = format!("btn{weight}{}", if view.small { " btn-small" } else { "" });
    let inside = html! { (view.label) @if let Some(key) = &view.key { kbd aria-hidden="true" { (key) } } };
    let key = view.key.as_deref();
    if let Some(reason) = &view.disabled {
        let id = format!("no-{}", super::id_of(&view.label));
        return html! {
            span.verb {
                button type="button" class=(class) aria-disabled="true" aria-describedby=(id) { (inside) }
                span.reason id=(id) { (reason) }
            }
        };
    }
    match &view.act {
        Act::Link(href) => html! { a class=(class) href=(href) data-key=[key] { (inside) } },
        Act::Sheet(href) => html! { a class=(class) href=(href) data-key=[key] data-sheet { (inside) } },
        Act::Submit(None) => html! { button type="submit" class=(class) data-key=[key] { (inside) } },
        Act::Submit(Some((name, value))) => html! {
            button type="submit" class=(class) name=(name) value=(value) data-key=[key] { (inside) }
        },
        Act::Post(action, fields) => html! {
            span.verb { form method="post" action=(action) {
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                button type="submit" class=(class) data-key=[key] { (inside) }
            } }
        },
    }
}

/// Buttons in a row.
pub fn buttons(views: &[ButtonView]) -> Markup {
    html! { @for view in views { (button(view)) } }
}
