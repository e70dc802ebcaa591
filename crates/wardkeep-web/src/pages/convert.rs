//! From what the use cases say to what the parts show. No part knows a register, no use case knows a page.

mod history;
mod inputs;
mod sent;

pub use history::entries;
pub use inputs::{Filled, control, groups_of_inputs, unit_control};
pub use sent::texts_of;

use super::frame::many;
use super::taste::{Taste, length};
use crate::parts::{Align, LinkView, StageGroup, Urgency, Value};
use crate::words::{fill, words};
use wardkeep_app::records::{FieldView, Label, ValueView};
use wardkeep_register::{EstimateOf, Field, Kind, Question, Schema};
use wardkeep_types::{Date, Moment, Money, Severity, State};

/// Links shown before "and 6 more".
const LINKS_MOST: usize = 12;

/// The declared or custom field of that name.
pub fn declared<'a>(schema: &'a Schema, custom: &'a [Field], name: &str) -> Option<&'a Field> {
    schema.field(name).map(|(_, field)| field).or_else(|| custom.iter().find(|f| f.name == name))
}

/// A field's value. `open` says whether its record still needs an act, for due days.
pub fn value(taste: &Taste, field: &Field, view: &FieldView, open: bool) -> Value {
    match &view.shown {
        ValueView::Empty if field.computed => Value::Unknown(words("value.not_worked_out").to_owned()),
        ValueView::Empty => Value::Empty,
        ValueView::Masked => Value::Unknown(words("value.masked").to_owned()),
        ValueView::Markdown(text) => Value::Markdown(text.clone()),
        ValueView::Url(address) => Value::Url(address.clone()),
        ValueView::Choice { key, label } => choice(field, key, label),
        ValueView::Links { seen, hidden } => links(field, seen, *hidden),
        ValueView::File { name, sha256, size } => {
            let link = LinkView::new(name.clone(), format!("/files/{sha256}"));
            Value::File(link, bytes(taste, *size))
        }
        ValueView::Text(text) => plain(taste, field, text, open),
    }
}

fn plain(taste: &Taste, field: &Field, text: &str, open: bool) -> Value {
    let figure = |text: String, unit: Option<String>| Value::Figure { text, unit, why: None };
    match field.kind {
        Kind::Date => match text.parse::<Date>() {
            Ok(day) if field.due => Value::Due(taste.day_stamp(day), taste.urgency(day, open)),
            Ok(day) => Value::Moment(taste.day_stamp(day)),
            Err(_) => Value::text(text),
        },
        Kind::Moment => match text.parse::<Moment>() {
            Ok(at) => Value::Moment(taste.moment_stamp(at)),
            Err(_) => Value::text(text),
        },
        Kind::Money => match text.parse::<Money>() {
            // An amount keeps its currency everywhere: rows of a list may differ in it.
            Ok(money) => figure(taste.money(money), None),
            Err(_) => Value::text(text),
        },
        Kind::Percent => figure(format!("{} %", taste.figure(text.trim_end_matches('%'))), None),
        Kind::Int => figure(taste.figure(text), None),
        Kind::Duration => text.parse().map_or_else(|_| Value::text(text), |l| Value::text(length(l))),
        Kind::Bool => Value::Bool(text == "yes"),
        Kind::Estimate(EstimateOf::PerYear) => {
            Value::text(fill("value.per_year", &[("figures", &estimate(taste, text))]))
        }
        Kind::Estimate(EstimateOf::Money) => Value::text(estimate(taste, text)),
        Kind::Text => Value::Lines(text.to_owned()),
        Kind::Line
        | Kind::Markdown
        | Kind::Choice(_)
        | Kind::Link(_)
        | Kind::Links(_)
        | Kind::File
        | Kind::Url => Value::text(text),
    }
}

/// "0.9 to 4, most likely 2" with every figure in the reader's form.
fn estimate(taste: &Taste, text: &str) -> String {
    let word = |word: &str| {
        let (figure, end) = word.strip_suffix(',').map_or((word, ""), |w| (w, ","));
        // An amount's cents say nothing in an estimate.
        let bare = figure.strip_suffix(".00").unwrap_or(figure);
        format!("{}{end}", taste.figure(bare))
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn choice(field: &Field, key: &str, label: &str) -> Value {
    let Kind::Choice(options) = field.kind else { return Value::text(label) };
    let all = |fits: fn(&str) -> bool, mark: &str| {
        options.iter().all(|o| fits(o.key)) && options.iter().any(|o| o.key == mark)
    };
    if all(|k| k.parse::<State>().is_ok(), "not_tested")
        && let Ok(state) = key.parse()
    {
        return Value::State(state);
    }
    if all(|k| k.parse::<Severity>().is_ok(), "info")
        && let Ok(severity) = key.parse()
    {
        return Value::Severity(severity);
    }
    Value::text(label)
}

fn links(field: &Field, seen: &[Label], hidden: usize) -> Value {
    if seen.is_empty() {
        return Value::Unknown(words("value.not_visible").to_owned());
    }
    let person = matches!(
        field.kind,
        Kind::Link("person" | "unit" | "team") | Kind::Links("person" | "unit" | "team")
    );
    let link = |label: &Label| {
        let link = LinkView::new(label.title.clone(), label.path.clone());
        // People and units are known by name; everything else by its reference too.
        if person { link } else { link.with_reference(label.reference.clone()) }
    };
    match (seen, hidden) {
        ([only], 0) => Value::Link(link(only)),
        _ => Value::Links(
            seen.iter().take(LINKS_MOST).map(link).collect(),
            seen.len().saturating_sub(LINKS_MOST) + hidden,
        ),
    }
}

/// A size in words.
pub fn bytes(taste: &Taste, size: u64) -> String {
    match size {
        0..1_024 => format!("{size} B"),
        1_024..1_048_576 => format!("{} kB", size / 1_024),
        _ => format!("{} MB", taste.figure(&format!("{:.1}", size as f64 / 1_048_576.0))),
    }
}

/// How a column of that field stands.
pub fn align(field: &Field) -> Align {
    match field.kind {
        kind if kind.numeric() => Align::Number,
        Kind::Date | Kind::Moment | Kind::Bool | Kind::Choice(_) => Align::Tight,
        _ => Align::Text,
    }
}

/// Stages whose names say that a record was dropped rather than finished.
const DROPPED: [&str; 12] = [
    "retired",
    "archived",
    "withdrawn",
    "rejected",
    "cancelled",
    "left",
    "superseded",
    "void",
    "skipped",
    "missed",
    "expired",
    "revoked",
];

/// A record's stage.
pub fn stage(schema: &Schema, key: &str, label: &str) -> Value {
    let first = schema.first_stage().key == key;
    let group = match (schema.is_open(key), first) {
        (true, true) => StageGroup::Open,
        (true, false) => StageGroup::Doing,
        (false, _) if DROPPED.contains(&key) => StageGroup::Retired,
        (false, _) => StageGroup::Done,
    };
    Value::Stage(label.to_owned(), group)
}

/// The question under which a field stands on a page.
pub fn question(question: Question) -> &'static str {
    match question {
        Question::What => words("question.what"),
        Question::Who => words("question.who"),
        Question::HowMuch => words("question.how_much"),
        Question::When => words("question.when"),
        Question::With => words("question.with"),
    }
}

/// All questions, in the order of a page.
pub const QUESTIONS: [Question; 5] =
    [Question::What, Question::Who, Question::HowMuch, Question::When, Question::With];

/// How a due day is meant, from a value.
pub fn urgency(value: &Value) -> Urgency {
    match value {
        Value::Due(_, urgency) => *urgency,
        _ => Urgency::Calm,
    }
}

/// A register's link, for crumbs and cards.
pub fn list_link(schema: &Schema) -> LinkView {
    LinkView::new(many(schema), format!("/{}", schema.path))
}
