//! The form in which a question gets a name: a view of a list, a search of log records.

use super::reader::Reader;
use crate::parts::{ButtonView, FieldView, FormGroupView, FormView, Input, Weight, form};
use crate::words::words;
use maud::{Markup, html};

/// What is to be named, and where it goes.
pub struct Naming {
    /// Where the form is sent.
    pub action: String,
    /// The question, as it stands in an address behind `?`.
    pub query: String,
    /// What the name is asked as.
    pub name: &'static str,
    /// What the main button says.
    pub save: &'static str,
    /// What sharing it with others is called.
    pub shared: &'static str,
    /// Where somebody goes who does not want it after all.
    pub back: String,
}

/// Whether the reader may keep a question, for everybody with `shared`.
pub fn may_save(reader: &Reader, shared: bool) -> bool {
    reader.state.app.may_save_view(&reader.ctx, &reader.organisation, shared)
}

/// The form.
pub fn panel(reader: &Reader, naming: Naming) -> Markup {
    let mut hidden = reader.hidden();
    hidden.push(("query".to_owned(), naming.query));
    let field = |key: &str, label: &str, required, input| FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: None,
        error: None,
        required,
        locked: None,
        input,
    };
    let mut fields = vec![field("name", naming.name, true, Input::Line(String::new(), Some(60)))];
    if may_save(reader, true) {
        fields.push(field("shared", naming.shared, false, Input::Bool(false)));
    }
    let view = FormView {
        action: naming.action,
        fields: hidden,
        groups: vec![FormGroupView { title: String::new(), fields }],
        acts: vec![
            ButtonView::submit(naming.save).main(),
            ButtonView::link(words("form.cancel"), naming.back).weight(Weight::Quiet),
        ],
        ..FormView::default()
    };
    html! { div.panel-box.section #save { (form(&view)) } }
}
