//! Tabs that are links: saved views of a list, or long side matters of a record.

use super::{ButtonView, button};
use maud::{Markup, html};

/// A row of tabs.
#[derive(Debug, Clone, Default)]
pub struct TabsView {
    /// What the tabs are, for screen readers: "Saved views".
    pub label: String,
    /// Tabs, in order.
    pub tabs: Vec<TabView>,
    /// Beside them: "Save this view".
    pub extra: Option<ButtonView>,
}

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TabView {
    /// Name.
    pub name: String,
    /// Address.
    pub href: String,
    /// How many are behind it.
    pub count: Option<String>,
    /// Whether it is the one shown.
    pub current: bool,
}

/// A row of tabs.
pub fn tabs(view: &TabsView) -> Markup {
    html! {
        nav.tabs aria-label=(view.label) {
            ul {
                @for tab in &view.tabs {
                    li {
                        a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                            (tab.name)
                            @if let Some(count) = &tab.count { span.count { (count) } }
                        }
                    }
                }
            }
            @if let Some(extra) = &view.extra { span.extra { (button(extra)) } }
        }
    }
}
