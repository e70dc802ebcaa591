//! The list of keys, and the switch that turns single-letter keys off (WCAG 2.1.4).

use crate::words::words;
use maud::{Markup, html};

/// The dialog that `?` opens.
pub fn key_help() -> Markup {
    let keys = [
        ("Ctrl K", words("keys.palette")),
        ("/", words("keys.search")),
        ("j", words("keys.down")),
        ("k", words("keys.up")),
        ("Enter", words("keys.open")),
        ("x", words("keys.select")),
        ("e", words("keys.edit")),
        ("Esc", words("keys.close")),
        ("?", words("keys.help")),
    ];
    html! {
        dialog.box #keys aria-labelledby="keys-title" {
            h2 #keys-title { (words("keys.title")) }
            dl.key-list { @for (key, text) in keys { dt { kbd { (key) } } dd { (text) } } }
            p.section { label.check { input type="checkbox" data-single-keys checked; span { (words("keys.single")) } } }
            form method="dialog" { button.btn type="submit" { (words("keys.done")) } }
        }
    }
}
