//! Forms: one column, a summary of what is wrong with links to it, drafts that survive a reload.

use super::{ButtonView, FieldView, Sentence, Tone, buttons, field, id_of, tone_shape};
use crate::words::words;
use maud::{Markup, html};

/// A form.
#[derive(Debug, Clone, Default)]
pub struct FormView {
    /// Where it is posted.
    pub action: String,
    /// Hidden fields: csrf token, version of the record.
    pub fields: Vec<(String, String)>,
    /// Name under which the browser tab keeps what was typed: path and version, such as `risks/RSK-0042@7`.
    pub draft: Option<String>,
    /// Fields, grouped by the question they answer.
    pub groups: Vec<FormGroupView>,
    /// Whether files go with it.
    pub files: bool,
    /// What is wrong with the form as a whole; the fields' own errors are added.
    pub problems: Vec<ProblemView>,
    /// Verbs, the main one first.
    pub acts: Vec<ButtonView>,
}

/// A group of fields.
#[derive(Debug, Clone, Default)]
pub struct FormGroupView {
    /// The question; empty for a form without groups.
    pub title: String,
    /// Its fields.
    pub fields: Vec<FieldView>,
}

/// Something wrong, and the key of the field to mend.
#[derive(Debug, Clone, Default)]
pub struct ProblemView {
    /// What, and how to mend it.
    pub text: Sentence,
    /// Key of the field; `None` when it concerns several.
    pub key: Option<String>,
}

/// A form.
pub fn form(view: &FormView) -> Markup {
    html! {
        form.form method="post" action=(view.action) enctype=[view.files.then_some("multipart/form-data")]
            data-draft=[view.draft.as_deref()] novalidate {
            @for (name, value) in &view.fields { input type="hidden" name=(name) value=(value); }
            (summary(view))
            @for group in &view.groups {
                @if group.title.is_empty() {
                    @for one in &group.fields { (field(one)) }
                } @else {
                    fieldset.group { legend { (group.title) } @for one in &group.fields { (field(one)) } }
                }
            }
            div.acts { (buttons(&view.acts)) }
        }
    }
}

/// What is wrong with a field, with the field's name unless the sentence begins with it.
fn named(one: &FieldView) -> String {
    let error = one.error.as_deref().unwrap_or_default();
    if error.starts_with(&one.label) { error.to_owned() } else { format!("{}: {error}", one.label) }
}

fn summary(view: &FormView) -> Markup {
    let fields: Vec<&FieldView> =
        view.groups.iter().flat_map(|group| &group.fields).filter(|one| one.error.is_some()).collect();
    html! {
        @if !fields.is_empty() || !view.problems.is_empty() {
            div.notice.bad.summary role="alert" tabindex="-1" data-focus {
                (tone_shape(Tone::Bad))
                div.say {
                    h2 { (words("form.summary")) }
                    ul {
                        @for problem in &view.problems {
                            li {
                                @if let Some(key) = &problem.key { a href={ "#f-" (id_of(key)) } { (problem.text) } }
                                @else { (problem.text) }
                            }
                        }
                        @for one in fields {
                            li {
                                a href={ "#f-" (id_of(&one.key)) } { (named(one)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
