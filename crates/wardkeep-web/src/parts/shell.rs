//! The frame of every page.

use super::{
    AreaView, ButtonView, CrumbView, NoticeView, Sentence, Theme, Tone, key_help, mark, nav, notice,
};
use crate::assets;
use crate::words::words;
use maud::{DOCTYPE, Markup, html};

/// What stands around a page.
#[derive(Debug, Clone, Default)]
pub struct ShellView {
    /// Title of the page.
    pub title: String,
    /// The reader's look.
    pub theme: Theme,
    /// Navigation, in order.
    pub areas: Vec<AreaView>,
    /// The way here.
    pub crumbs: Vec<CrumbView>,
    /// Who reads; `None` before sign-in.
    pub user: Option<UserView>,
    /// Name of the organisation or folder, at the foot of the navigation and of printed pages.
    pub installation: String,
    /// Token that forms and scripts send back.
    pub csrf: String,
    /// This page's path and query, for the theme switch to come back to.
    pub path: String,
    /// What just happened.
    pub flash: Option<FlashView>,
    /// Up to when figures on this page go.
    pub as_of: Option<AsOfView>,
    /// Text in the search box.
    pub search: String,
    /// Address of server-sent events that tell when something on this page has changed.
    pub news: Option<String>,
}

/// The reader.
#[derive(Debug, Clone, Default)]
pub struct UserView {
    /// Name.
    pub name: String,
    /// Role, in words.
    pub role: String,
    /// Pages of theirs: label and address.
    pub links: Vec<(String, String)>,
}

/// One sentence on what the last act did, with undo where there is one.
#[derive(Debug, Clone, Default)]
pub struct FlashView {
    /// How it went.
    pub tone: Tone,
    /// What happened.
    pub text: Sentence,
    /// Undo, or the next step.
    pub act: Option<ButtonView>,
}

/// "As of" for every computed figure on the page.
#[derive(Debug, Clone, Default)]
pub struct AsOfView {
    /// The sentence.
    pub text: Sentence,
    /// Whether the evidence is old, which is said louder.
    pub old: bool,
}

/// A whole page.
pub fn page(shell: &ShellView, main: Markup) -> Markup {
    document(
        &shell.title,
        shell.theme,
        &shell.csrf,
        &html! {
            a.skip href="#main" { (words("shell.skip")) }
            div.shell {
                (nav::side(&shell.areas, &shell.installation))
                header.bar {
                    button.btn.menu-button type="button" popovertarget="menu" { (words("shell.menu")) }
                    (nav::crumbs(&shell.crumbs))
                    (search_box(&shell.search))
                    @if let Some(user) = &shell.user { (user_menu(user, shell)) }
                }
                main #main tabindex="-1" {
                    @if let Some(as_of) = &shell.as_of {
                        div class={ "asof" @if as_of.old { " old" } } { p { (as_of.text) } }
                    }
                    @if let Some(place) = &shell.news { (news(place, &shell.path)) }
                    div #flash { @if let Some(flash) = &shell.flash { (flash_line(flash)) } }
                    (main)
                    p.print-foot { (shell.installation) " · " (shell.title) " · " (shell.path) }
                }
            }
            (palette())
            dialog.sheet #sheet aria-label=(words("sheet.label")) {
                div.close { form method="dialog" { button.btn.btn-small type="submit" { (words("sheet.close")) } } }
                div #sheet-body {}
            }
            (key_help())
        },
    )
}

/// A page without navigation: sign-in, first start, a refusal before sign-in.
pub fn bare_page(title: &str, theme: Theme, csrf: &str, main: Markup) -> Markup {
    document(
        title,
        theme,
        csrf,
        &html! {
            div.bare data-guest {
                main #main {
                    p.brand { (mark()) span { (words("shell.product")) } }
                    (main)
                }
            }
        },
    )
}

fn document(title: &str, theme: Theme, csrf: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words("shell.language")) data-theme=[theme.attribute()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if !csrf.is_empty() { meta name="csrf" content=(csrf); }
                title { (title) " · " (words("shell.product")) }
                link rel="stylesheet" href=(assets::path("wardkeep.css"));
                link rel="icon" href=(assets::path("mark.svg")) type="image/svg+xml";
                script type="module" src=(assets::path("main.js")) {}
            }
            body { (body) }
        }
    }
}

fn search_box(text: &str) -> Markup {
    html! {
        form.find role="search" method="get" action="/search" {
            input.input type="search" name="q" value=(text) aria-label=(words("shell.search"))
                placeholder=(words("shell.search_hint")) data-palette autocomplete="off";
            kbd aria-hidden="true" { (words("shell.search_key")) }
        }
    }
}

fn user_menu(user: &UserView, shell: &ShellView) -> Markup {
    let initials: String = user
        .name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    html! {
        details.me data-drop {
            summary {
                span.face aria-hidden="true" { (initials) }
                span.name { (user.name) }
                span.sr { (words("shell.your_menu")) }
            }
            div.drop {
                p.who { strong { (user.name) } br; span.quiet.small { (user.role) } }
                @for (label, href) in &user.links { a href=(href) { (label) } }
                hr;
                (theme_switch(shell))
                hr;
                form method="post" action="/sign-out" data-forget {
                    input type="hidden" name="csrf" value=(shell.csrf);
                    button type="submit" { (words("shell.sign_out")) }
                }
            }
        }
    }
}

fn theme_switch(shell: &ShellView) -> Markup {
    html! {
        form method="post" action="/theme" {
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="hidden" name="back" value=(shell.path);
            div.seg role="group" aria-label=(words("theme.label")) {
                @for theme in Theme::ALL {
                    button type="submit" name="theme" value=(theme.key()) aria-pressed=(theme == shell.theme) {
                        @match theme {
                            Theme::System => { (words("theme.system")) }
                            Theme::Light => { (words("theme.light")) }
                            Theme::Dark => { (words("theme.dark")) }
                        }
                    }
                }
            }
        }
    }
}

/// Tells that the page is old, without moving anything on it. Without scripts it never shows.
fn news(place: &str, page: &str) -> Markup {
    html! {
        div.news data-news=(place) role="status" {
            p hidden { span {} " " a.btn.btn-small href=(page) { (words("live.show")) } }
        }
    }
}

fn flash_line(flash: &FlashView) -> Markup {
    let view = NoticeView {
        tone: flash.tone,
        text: flash.text.clone(),
        acts: flash.act.iter().cloned().collect(),
        live: true,
        ..NoticeView::default()
    };
    html! { div.flash { (notice(&view)) } }
}

/// The command palette. Without scripts it never opens, and the search box leads to `/search`.
fn palette() -> Markup {
    html! {
        dialog.palette #palette aria-label=(words("palette.label"))
            data-busy=(words("palette.busy")) data-none=(words("palette.none")) data-failed=(words("palette.failed"))
            data-go=(words("palette.go")) data-create=(words("palette.create")) data-record=(words("palette.record")) {
            form method="get" action="/search" {
                input type="search" name="q" role="combobox" aria-expanded="true" aria-controls="palette-list"
                    aria-autocomplete="list" aria-label=(words("palette.label")) placeholder=(words("palette.hint"))
                    autocomplete="off" spellcheck="false";
            }
            ul #palette-list role="listbox" aria-label=(words("palette.results")) {}
            p.state role="status" { (words("palette.help")) }
        }
    }
}
