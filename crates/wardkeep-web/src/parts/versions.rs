//! Two versions of a record side by side, when somebody saved meanwhile: nothing is lost, each field is chosen.

use super::{ButtonView, Place, Value, buttons, show};
use crate::words::{fill, words};
use maud::{Markup, html};

/// A conflict.
#[derive(Debug, Clone, Default)]
pub struct VersionsView {
    /// Who saved meanwhile.
    pub other: String,
    /// Fields that differ.
    pub fields: Vec<VersionFieldView>,
    /// Where the choice is posted: `pick.<key>` is `mine` or `theirs`.
    pub action: String,
    /// Hidden fields: csrf token, both versions, what was typed.
    pub hidden: Vec<(String, String)>,
    /// Verbs.
    pub acts: Vec<ButtonView>,
}

/// A field that differs.
#[derive(Debug, Clone, Default)]
pub struct VersionFieldView {
    /// Key.
    pub key: String,
    /// Label.
    pub label: String,
    /// As it was when both began.
    pub before: Value,
    /// What I typed.
    pub mine: Value,
    /// What they saved.
    pub theirs: Value,
    /// Whether mine is proposed: where they changed nothing.
    pub propose_mine: bool,
}

/// The two versions, field by field.
pub fn versions(view: &VersionsView) -> Markup {
    html! {
        form method="post" action=(view.action) {
            @for (name, value) in &view.hidden { input type="hidden" name=(name) value=(value); }
            table.table.versions role="table" {
                caption.sr { (words("versions.caption")) }
                thead role="rowgroup" { tr role="row" {
                    @for label in [words("versions.field"), words("versions.before"), words("versions.mine")] {
                        th role="columnheader" scope="col" { (label) }
                    }
                    th role="columnheader" scope="col" { (fill("versions.theirs", &[("who", &view.other)])) }
                } }
                tbody role="rowgroup" { @for field in &view.fields { (line(field, &view.other)) } }
            }
            div.acts { (buttons(&view.acts)) }
        }
    }
}

fn line(field: &VersionFieldView, other: &str) -> Markup {
    let name = format!("pick.{}", field.key);
    html! {
        tr role="row" {
            th role="rowheader" scope="row" data-label=(words("versions.field")) { (field.label) }
            td role="cell" class="same" data-label=(words("versions.before")) { span { (show(&field.before, Place::Cell)) } }
            td role="cell" data-label=(words("versions.mine")) { label {
                input type="radio" name=(name) value="mine" checked[field.propose_mine]
                    aria-label=(fill("versions.take_mine", &[("label", &field.label)]));
                span { (show(&field.mine, Place::Cell)) }
            } }
            td role="cell" data-label=(other) { label {
                input type="radio" name=(name) value="theirs" checked[!field.propose_mine]
                    aria-label=(fill("versions.take_theirs", &[("label", &field.label), ("who", other)]));
                span { (show(&field.theirs, Place::Cell)) }
            } }
        }
    }
}
