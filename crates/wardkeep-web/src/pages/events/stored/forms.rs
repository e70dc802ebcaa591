//! The forms of the page: a limit, a hold, the release of a hold.

use super::super::super::reader::Reader;
use super::PATH;
use crate::pages::errors::sentence;
use crate::parts::{
    ButtonView, FieldView, FormGroupView, FormView, Input, OptionView, ProblemView, Sentence, Weight, form,
};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::events::EventKeeping;
use wardkeep_types::Problems;
use wardkeep_types::event::Dialect;

fn of<'s>(sent: &'s [(String, String)], name: &str) -> &'s str {
    sent.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// What was sent for a form; nothing when another one was sent.
fn own<'s>(sent: &'s [(String, String)], which: &str) -> &'s [(String, String)] {
    if of(sent, "form") == which { sent } else { &[] }
}

fn field(
    key: &str,
    name: &str,
    label: &str,
    required: bool,
    input: Input,
    problems: Option<&Problems>,
) -> FieldView {
    let wrong = problems.and_then(|problems| problems.iter().find(|problem| problem.path == name));
    FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: None,
        error: wrong.map(|problem| sentence(&problem.message)),
        required,
        locked: None,
        input,
    }
}

fn kinds(all: &str, label: &str, chosen: &str) -> Vec<OptionView> {
    let one = |key: &str, label: &str| OptionView::new(key, label, key == chosen);
    let every = Dialect::ALL.iter().map(|(_, key)| one(key, key));
    std::iter::once(one(all, label)).chain(every).collect()
}

fn hidden(reader: &Reader, which: &str) -> Vec<(String, String)> {
    let mut fields = reader.hidden();
    fields.push(("form".to_owned(), which.to_owned()));
    fields
}

/// How long a kind is kept.
pub fn limit(reader: &Reader, view: &EventKeeping, sent: &[(String, String)], problems: &Problems) -> Markup {
    let sent = own(sent, "limit");
    let wrong = (!sent.is_empty()).then_some(problems);
    let all = view.limits.kinds.get("*").map(ToString::to_string).unwrap_or_default();
    let days = if sent.is_empty() { all } else { of(sent, "days").to_owned() };
    let mut fields = vec![
        field(
            "kind",
            "dialect",
            words("events.dialect"),
            true,
            Input::Choice(kinds("*", words("stored.other_kinds"), of(sent, "kind"))),
            wrong,
        ),
        field("days", "days", words("stored.kept_days"), false, Input::Int(days, None), wrong),
    ];
    fields[1].help = Some(words("stored.kept_help").to_owned());
    html! {
        details.more-form open[wrong.is_some()] {
            summary { (words("stored.limit_act")) }
            (form(&FormView {
                action: format!("{PATH}/limit"),
                fields: hidden(reader, "limit"),
                groups: vec![FormGroupView { title: String::new(), fields }],
                acts: vec![ButtonView::submit(words("stored.limit_save")).main()],
                ..FormView::default()
            }))
        }
    }
}

/// A new hold.
pub fn hold(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> Markup {
    let sent = own(sent, "hold");
    let wrong = (!sent.is_empty()).then_some(problems);
    let text = |name: &str| of(sent, name).to_owned();
    let mut fields = vec![
        field("reason", "reason", words("stored.why"), true, Input::Line(text("reason"), Some(2_000)), wrong),
        field(
            "held_kind",
            "dialect",
            words("events.dialect"),
            true,
            Input::Choice(kinds("", words("stored.all_kinds"), of(sent, "held_kind"))),
            wrong,
        ),
        field("from", "from", words("stored.from"), false, Input::Date(text("from")), wrong),
        field("to", "to", words("stored.to"), false, Input::Date(text("to")), wrong),
        field(
            "review_on",
            "review_on",
            words("stored.review_on"),
            false,
            Input::Date(text("review_on")),
            wrong,
        ),
    ];
    fields[0].help = Some(words("stored.why_help").to_owned());
    fields[2].help = Some(words("stored.from_help").to_owned());
    fields[4].help = Some(words("stored.review_help").to_owned());
    html! {
        details.more-form open[wrong.is_some()] {
            summary { (words("stored.hold_act")) }
            (form(&FormView {
                action: format!("{PATH}/hold"),
                fields: hidden(reader, "hold"),
                groups: vec![FormGroupView { title: String::new(), fields }],
                acts: vec![ButtonView::submit(words("stored.hold_save")).main()],
                ..FormView::default()
            }))
        }
    }
}

/// The release of the hold that the address names.
pub fn release(
    reader: &Reader,
    view: &EventKeeping,
    sent: &[(String, String)],
    problems: &Problems,
) -> Markup {
    let sent = own(sent, "release");
    let asked = if sent.is_empty() { reader.asked("release").unwrap_or_default() } else { of(sent, "hold") };
    let found = view.holds.iter().find(|hold| hold.ended.is_none() && hold.id.to_string() == asked);
    let Some(hold) = found else { return html! {} };
    let wrong = (!sent.is_empty()).then_some(problems);
    let mut fields = hidden(reader, "release");
    fields.push(("hold".to_owned(), hold.id.to_string()));
    let why = Input::Line(of(sent, "ended_why").to_owned(), Some(2_000));
    let why = field("ended_why", "reason", words("stored.release_why"), true, why, wrong);
    let after = Sentence::new(fill("stored.release_text", &[("why", &hold.reason)]));
    html! {
        div.panel-box.section #release {
            h3 { (words("stored.release_title")) }
            p { (after) }
            (form(&FormView {
                action: format!("{PATH}/release"),
                fields,
                groups: vec![FormGroupView { title: String::new(), fields: vec![why] }],
                problems: Vec::<ProblemView>::new(),
                acts: vec![
                    ButtonView::submit(words("stored.release")).weight(Weight::Danger),
                    ButtonView::link(words("form.cancel"), format!("{PATH}#holds")).weight(Weight::Quiet),
                ],
                ..FormView::default()
            }))
        }
    }
}
