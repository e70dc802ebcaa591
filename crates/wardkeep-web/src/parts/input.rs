//! One form field of any kind: label above, help, error, control.

use super::{Tone, id_of, tone_shape};
use crate::words::{fill, words};
use maud::{Markup, html};

mod several;

/// A field of a form.
#[derive(Debug, Clone)]
pub struct FieldView {
    /// Name in the form. Kinds with several controls send `key.amount`, `key.currency`, `key.low` and so on.
    pub key: String,
    /// Label.
    pub label: String,
    /// Help, from the doc comment of the field.
    pub help: Option<String>,
    /// What is wrong with what was sent, and how to mend it.
    pub error: Option<String>,
    /// Whether it must be filled in.
    pub required: bool,
    /// Why it cannot be changed here; the control is then read-only.
    pub locked: Option<String>,
    /// Control, with what was sent or stored, exactly as it was written.
    pub input: Input,
}

/// One entry of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OptionView {
    /// What is sent.
    pub key: String,
    /// What people read.
    pub label: String,
    /// What it means.
    pub help: Option<String>,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl OptionView {
    /// An entry.
    pub fn new(key: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { key: key.into(), label: label.into(), help: None, chosen }
    }
}

/// The control, with its value as text, so that a wrong entry comes back as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// One line; at most so many characters.
    Line(String, Option<usize>),
    /// Several lines.
    Text(String),
    /// Markdown.
    Markdown(String),
    /// A whole number; unit beside it.
    Int(String, Option<String>),
    /// A share.
    Percent(String),
    /// An amount and its currency: sends `key.amount` and `key.currency`.
    Money {
        /// As typed.
        amount: String,
        /// Currencies to choose from.
        currencies: Vec<OptionView>,
    },
    /// A day, `YYYY-MM-DD`.
    Date(String),
    /// A moment, `YYYY-MM-DDTHH:MM`, in the zone that is named beside it.
    Moment(String, String),
    /// A length of time, such as `3d` or `72h`.
    Duration(String),
    /// Yes or no: sends `key=true` when ticked.
    Bool(bool),
    /// One of a list: radio buttons up to five entries, else a list to open.
    Choice(Vec<OptionView>),
    /// One record: text that begins with its reference. `search` is the address that finds others.
    Link {
        /// `RSK-0042 Name`, or what was typed.
        value: String,
        /// Suggestions that work without scripts.
        options: Vec<OptionView>,
        /// `/api/v1/...` address; scripts add `?q=` and read `[{label, hint}]`.
        search: Option<String>,
    },
    /// Several records: each chosen one is a ticked box named `key`, one more control adds.
    Links {
        /// Chosen: key is the reference, label its name.
        chosen: Vec<OptionView>,
        /// Suggestions that work without scripts.
        options: Vec<OptionView>,
        /// As for `Link`.
        search: Option<String>,
    },
    /// Low, likely, high: sends `key.low`, `key.likely`, `key.high`, and `key.currency` for money.
    Estimate {
        /// Low, likely, high, as typed.
        points: [String; 3],
        /// Words after the figures in the echo: `times a year`.
        unit: String,
        /// Currencies for an estimate of money.
        currencies: Vec<OptionView>,
    },
    /// A file; the name of the stored one, if any, and what is accepted (`.csv,.xlsx`, empty for all).
    File(Option<String>, String),
    /// A web address.
    Url(String),
    /// A mail address.
    Email(String),
    /// A password; never filled in. The text is its `autocomplete`: `current-password`, `new-password`.
    Password(String),
    /// A one-time code.
    Code,
}

/// Ids of the texts that describe the control.
pub(super) struct Ids {
    pub(super) id: String,
    described: Option<String>,
    wrong: bool,
    required: bool,
    locked: bool,
}

/// A field.
pub fn field(view: &FieldView) -> Markup {
    let id = format!("f-{}", id_of(&view.key));
    let mut describes = vec![];
    if view.help.is_some() {
        describes.push(format!("{id}-help"));
    }
    if view.locked.is_some() {
        describes.push(format!("{id}-lock"));
    }
    if view.error.is_some() {
        describes.push(format!("{id}-error"));
    }
    let described = (!describes.is_empty()).then(|| describes.join(" "));
    let (required, locked) = (view.required, view.locked.is_some());
    let ids = Ids { id, described, wrong: view.error.is_some(), required, locked };
    let class = if ids.wrong { "field wrong" } else { "field" };
    if let Input::Bool(ticked) = &view.input {
        return html! { div class=(class) { (tick(view, &ids, *ticked)) (about(view, &ids.id)) } };
    }
    let several = match &view.input {
        Input::Choice(options) => several::as_radio(options),
        Input::Money { .. } | Input::Links { .. } | Input::Estimate { .. } => true,
        _ => false,
    };
    let label = html! {
        (view.label) @if view.required { span.req { (words("form.required")) } }
    };
    if several {
        return html! {
            fieldset class=(class) id=(ids.id) aria-describedby=[ids.described.as_deref()] {
                legend { (label) }
                (about(view, &ids.id))
                (several::controls(view, &ids))
            }
        };
    }
    html! {
        div class=(class) { label for=(ids.id) { (label) } (about(view, &ids.id)) (one(view, &ids)) }
    }
}

/// Help, the reason for a lock, the error.
fn about(view: &FieldView, id: &str) -> Markup {
    html! {
        @if let Some(help) = &view.help { p.help id={ (id) "-help" } { (help) } }
        @if let Some(locked) = &view.locked { p.help id={ (id) "-lock" } { (locked) } }
        @if let Some(error) = &view.error {
            p.err id={ (id) "-error" } { (tone_shape(Tone::Bad)) span { span.sr { (words("form.error")) " " } (error) } }
        }
    }
}

fn tick(view: &FieldView, ids: &Ids, ticked: bool) -> Markup {
    html! {
        label.check for=(ids.id) {
            input id=(ids.id) type="checkbox" name=(view.key) value="true" checked[ticked]
                required[ids.required] disabled[ids.locked] aria-invalid=[ids.invalid()]
                aria-describedby=[ids.described.as_deref()];
            span { (view.label) @if view.required { span.req { (words("form.required")) } } }
        }
    }
}

/// Kinds with a single control.
fn one(view: &FieldView, ids: &Ids) -> Markup {
    let plain = |kind: &str, width: &str, value: &str| {
        ids.input(&Control { kind, width, value, ..Control::new(&view.key) })
    };
    match &view.input {
        Input::Line(value, most) => {
            ids.input(&Control { value, width: "full", most: *most, ..Control::new(&view.key) })
        }
        Input::Text(value) => area(view, ids, value, "input"),
        Input::Markdown(value) => html! {
            (area(view, ids, value, "input markdown"))
            span.help { (words("form.markdown")) }
        },
        Input::Int(value, unit) => with_unit(
            &ids.input(&Control {
                value,
                width: "short num",
                mode: Some("numeric"),
                ..Control::new(&view.key)
            }),
            unit.as_deref(),
        ),
        Input::Percent(value) => with_unit(
            &ids.input(&Control {
                value,
                width: "code num",
                mode: Some("decimal"),
                ..Control::new(&view.key)
            }),
            Some("%"),
        ),
        Input::Date(value) => plain("date", "middle", value),
        Input::Moment(value, zone) => with_unit(&plain("datetime-local", "middle", value), Some(zone)),
        Input::Duration(value) => with_unit(&plain("text", "short", value), Some(words("form.duration"))),
        Input::Choice(options) => several::list(view, ids, options),
        Input::Link { value, options, search } => {
            several::picker(&view.key, ids, value, options, search.as_deref())
        }
        Input::File(stored, accept) => html! {
            @if let Some(stored) = stored { span { (fill("form.stored", &[("name", stored)])) } }
            (ids.input(&Control { kind: "file", width: "full", accept: Some(accept.as_str()).filter(|a| !a.is_empty()), ..Control::new(&view.key) }))
        },
        Input::Url(value) => ids.input(&Control {
            kind: "url",
            width: "full",
            value,
            placeholder: Some("https://"),
            ..Control::new(&view.key)
        }),
        Input::Email(value) => ids.input(&Control {
            kind: "email",
            width: "full",
            value,
            auto: Some("username"),
            ..Control::new(&view.key)
        }),
        Input::Password(auto) => ids.input(&Control {
            kind: "password",
            width: "full",
            auto: Some(auto),
            ..Control::new(&view.key)
        }),
        Input::Code => ids.input(&Control {
            width: "short",
            mode: Some("numeric"),
            auto: Some("one-time-code"),
            ..Control::new(&view.key)
        }),
        Input::Bool(_) | Input::Money { .. } | Input::Links { .. } | Input::Estimate { .. } => html! {},
    }
}

fn area(view: &FieldView, ids: &Ids, value: &str, class: &str) -> Markup {
    html! {
        // A line break after the tag is swallowed by browsers, so that a value may begin with one.
        textarea class=(class) id=(ids.id) name=(view.key) rows="3" required[ids.required] readonly[ids.locked]
            aria-invalid=[ids.invalid()] aria-describedby=[ids.described.as_deref()] { "\n" (value) }
    }
}

fn with_unit(control: &Markup, unit: Option<&str>) -> Markup {
    html! { span.with-unit { (control) @if let Some(unit) = unit { span.unit { (unit) } } } }
}

/// What an `<input>` is told besides its ids.
pub(super) struct Control<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
    pub(super) width: &'a str,
    pub(super) value: &'a str,
    pub(super) mode: Option<&'a str>,
    pub(super) most: Option<usize>,
    pub(super) accept: Option<&'a str>,
    pub(super) auto: Option<&'a str>,
    pub(super) placeholder: Option<&'a str>,
}

impl<'a> Control<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        Self {
            name,
            kind: "text",
            width: "",
            value: "",
            mode: None,
            most: None,
            accept: None,
            auto: None,
            placeholder: None,
        }
    }
}

impl Ids {
    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.wrong.then_some("true")
    }
    /// The control that the label points to.
    fn input(&self, control: &Control<'_>) -> Markup {
        self.part(control, &self.id, self.described.as_deref(), None)
    }
    /// One of several controls, with a label of its own (given, or by the caller).
    pub(super) fn part(
        &self,
        control: &Control<'_>,
        id: &str,
        described: Option<&str>,
        label: Option<&str>,
    ) -> Markup {
        let value = (!matches!(control.kind, "password" | "file")).then_some(control.value);
        html! {
            input class={ "input " (control.width) } id=(id) type=(control.kind) name=(control.name) value=[value]
                inputmode=[control.mode] maxlength=[control.most] accept=[control.accept]
                autocomplete=[control.auto] placeholder=[control.placeholder] required[self.required]
                readonly[self.locked && control.kind != "file"] disabled[self.locked && control.kind == "file"]
                aria-invalid=[self.invalid()] aria-describedby=[described] aria-label=[label];
        }
    }
    pub(super) fn described(&self) -> Option<&str> {
        self.described.as_deref()
    }
    pub(super) fn flags(&self) -> (bool, bool) {
        (self.required, self.locked)
    }
}

/// The reference at the start of what a link picker sent: `RSK-0042` of `RSK-0042 Loss of the laboratory`.
pub fn picked_reference(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}
