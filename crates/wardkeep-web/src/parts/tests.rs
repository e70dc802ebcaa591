//! What every part must mean to a reader, a keyboard and a screen reader; no snapshots.

use maud::Markup;

mod contrast;
mod inputs;
mod pages;
mod tables;

const EVIL: &str = "<script>alert('x')</script>\" onmouseover=\"y";

fn text(markup: Markup) -> String {
    markup.into_string()
}

/// The words between tags, one blank apart.
fn said(markup: Markup) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text(markup).chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
