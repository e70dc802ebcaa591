//! A record's fields, grouped by the question they answer, with a rail beside them.

use super::{Place, Value, show};
use maud::{Markup, html};

/// A group: "What could happen?", "How bad?", "What now?".
#[derive(Debug, Clone, Default)]
pub struct FieldGroupView {
    /// The question.
    pub title: String,
    /// Its fields.
    pub facts: Vec<FactView>,
}

/// A field of a record.
#[derive(Debug, Clone, Default)]
pub struct FactView {
    /// Label.
    pub label: String,
    /// What the field means, one sentence, shown on demand.
    pub help: Option<String>,
    /// Value.
    pub value: Value,
    /// A quiet line: as of when, from what, who said so.
    pub sub: Option<String>,
}

impl FactView {
    /// A label and a value.
    pub fn new(label: impl Into<String>, value: Value) -> Self {
        Self { label: label.into(), value, ..Self::default() }
    }
}

/// The groups of a record.
pub fn field_groups(groups: &[FieldGroupView]) -> Markup {
    html! {
        @for group in groups {
            section.fields {
                h2 { (group.title) }
                dl {
                    @for fact in &group.facts {
                        div {
                            dt {
                                @if let Some(help) = &fact.help {
                                    details.about { summary { (fact.label) } p.help { (help) } }
                                } @else { (fact.label) }
                            }
                            dd {
                                (show(&fact.value, Place::Field))
                                @if let Some(sub) = &fact.sub { span.sub { (sub) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Main matter on the left, rail on the right; one column where it is narrow.
pub fn split(main: Markup, rail: Markup) -> Markup {
    html! { div.split { div.main { (main) } (rail) } }
}
