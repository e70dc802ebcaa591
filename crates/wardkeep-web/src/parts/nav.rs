//! Side navigation and breadcrumbs.

use super::mark;
use crate::words::words;
use maud::{Markup, html};

/// An area of the work (Today, Govern, ... Report) and its registers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AreaView {
    /// Name.
    pub name: String,
    /// Its page; used as the link when it has no registers.
    pub href: String,
    /// Whether the page shown is in it.
    pub current: bool,
    /// Pages in it.
    pub links: Vec<NavLink>,
}

/// A page in an area.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NavLink {
    /// Name.
    pub name: String,
    /// Address.
    pub href: String,
    /// Whether it is the page shown.
    pub current: bool,
    /// How many wait, when that is worth saying.
    pub count: Option<String>,
}

/// A step of the breadcrumbs; the last has no address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CrumbView {
    /// Name.
    pub name: String,
    /// Address.
    pub href: Option<String>,
}

impl CrumbView {
    /// A step that leads back.
    pub fn link(name: impl Into<String>, href: impl Into<String>) -> Self {
        Self { name: name.into(), href: Some(href.into()) }
    }
    /// The page shown.
    pub fn here(name: impl Into<String>) -> Self {
        Self { name: name.into(), href: None }
    }
}

/// The side navigation; a popover on narrow screens, so that it opens without a script.
pub(super) fn side(areas: &[AreaView], installation: &str) -> Markup {
    html! {
        nav.side #menu popover="auto" aria-label=(words("shell.areas")) {
            a.brand href="/" { (mark()) span { (words("shell.product")) } }
            ul.areas {
                @for area in areas {
                    li {
                        @if area.links.is_empty() {
                            a href=(area.href) aria-current=[area.current.then_some("page")] { (area.name) }
                        } @else {
                            details open[area.current] class=[area.current.then_some("here")] {
                                summary { (area.name) }
                                ul { @for link in &area.links { li { (nav_link(link)) } } }
                            }
                        }
                    }
                }
            }
            @if !installation.is_empty() { p.foot.small.quiet { (installation) } }
        }
    }
}

fn nav_link(link: &NavLink) -> Markup {
    html! {
        a href=(link.href) aria-current=[link.current.then_some("page")] {
            (link.name)
            @if let Some(count) = &link.count { span.count { (count) } }
        }
    }
}

/// The way here.
pub(super) fn crumbs(steps: &[CrumbView]) -> Markup {
    html! {
        nav.crumbs aria-label=(words("shell.crumbs")) {
            ol {
                @for step in steps {
                    li {
                        @if let Some(href) = &step.href { a href=(href) { (step.name) } }
                        @else { span aria-current="page" { (step.name) } }
                    }
                }
            }
        }
    }
}
