//! The why panel: what a figure is made of, down to its evidence. A page of its own that opens as a side sheet.

use super::{Place, Sentence, Stamp, Value, show};
use crate::words::words;
use maud::{Markup, html};

/// Why a figure is what it is.
#[derive(Debug, Clone, Default)]
pub struct WhyView {
    /// What the figure is: "Annual loss after controls, RSK-0042".
    pub title: String,
    /// The figure, formatted, or a word for not knowing.
    pub figure: Value,
    /// What it means, in one sentence.
    pub said: Sentence,
    /// How it is worked out, step by step, in plain figures.
    pub formula: Vec<String>,
    /// What went in.
    pub inputs: Vec<WhyInput>,
    /// What it rests on: observations, files, records.
    pub evidence: Vec<WhyInput>,
    /// When it was worked out.
    pub as_of: Stamp,
    /// Who or what worked it out, with version.
    pub by: String,
    /// Hash of the inputs.
    pub hash: String,
}

/// One input or piece of evidence.
#[derive(Debug, Clone, Default)]
pub struct WhyInput {
    /// Label, or a link to the record.
    pub what: Value,
    /// Its value or state.
    pub value: Value,
    /// From where, who, when.
    pub from: String,
}

/// The panel's content; scripts lift it out of the page into the sheet.
pub fn why_panel(view: &WhyView) -> Markup {
    html! {
        article.panel data-panel {
            div {
                p.quiet { (words("why.title")) }
                h1 { (view.title) }
            }
            p.figure { (show(&view.figure, Place::Field)) }
            p { (view.said) }
            @if !view.formula.is_empty() {
                section {
                    h2 { (words("why.formula")) }
                    p.formula tabindex="0" { @for (n, step) in view.formula.iter().enumerate() { @if n > 0 { br; } (step) } }
                }
            }
            (list(words("why.inputs"), &view.inputs))
            (list(words("why.evidence"), &view.evidence))
            p.small.quiet {
                (words("why.as_of")) " " (view.as_of.show(Place::Field)) " · " (view.by)
                @if !view.hash.is_empty() { " · " (words("why.hash")) " " span.mono { (view.hash) } }
            }
        }
    }
}

fn list(title: &str, inputs: &[WhyInput]) -> Markup {
    html! {
        @if !inputs.is_empty() {
            section.fields {
                h2 { (title) }
                dl {
                    @for input in inputs {
                        div {
                            dt { (show(&input.what, Place::Cell)) }
                            dd {
                                (show(&input.value, Place::Field))
                                @if !input.from.is_empty() { span.sub { (input.from) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
