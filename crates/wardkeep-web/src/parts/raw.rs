//! Raw evidence: lines exactly as they came, with numbers, hits marked, name and hash on top.

use super::{LinkView, Sentence};
use crate::words::words;
use maud::{Markup, html};

/// A piece of raw evidence.
#[derive(Debug, Clone, Default)]
pub struct RawView {
    /// File, source or query.
    pub name: String,
    /// Period, collector, size.
    pub about: Sentence,
    /// SHA-256 in hexadecimal; empty when there is none.
    pub sha256: String,
    /// Lines.
    pub lines: Vec<RawLine>,
    /// The whole file.
    pub download: Option<LinkView>,
}

/// A line.
#[derive(Debug, Clone, Default)]
pub struct RawLine {
    /// Line or record number in the source.
    pub number: u64,
    /// The text.
    pub text: String,
    /// Whether the claim rests on this line.
    pub hit: bool,
}

/// A block of raw evidence.
pub fn raw(view: &RawView) -> Markup {
    html! {
        div.raw {
            div.cap {
                strong { (view.name) }
                span { (view.about) }
                @if !view.sha256.is_empty() { span.mono title=(view.sha256) { "SHA-256 " (short(&view.sha256)) } }
                @if let Some(download) = &view.download { span.push { (download) } }
            }
            pre tabindex="0" role="region" aria-label=(view.name) {
                @for line in &view.lines {
                    span class={ "line" @if line.hit { " hit" } } {
                        span.no aria-hidden="true" { (line.number) }
                        @if line.hit { span.sr { (words("raw.hit")) " " } }
                        code { (line.text) } "\n"
                    }
                }
            }
        }
    }
}

fn short(hash: &str) -> String {
    let head: String = hash.chars().take(12).collect();
    if hash.chars().count() > 12 { format!("{head}…") } else { head }
}
