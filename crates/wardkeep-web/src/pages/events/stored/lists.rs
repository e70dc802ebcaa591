//! The tables of the page.

use super::super::super::convert::bytes;
use super::super::super::reader::Reader;
use super::PATH;
use crate::parts::{
    Align, ButtonView, CellView, ColumnView, EmptyView, RowView, Sentence, TableView, Value, button,
};
use crate::words::{fill, words};
use maud::html;
use wardkeep_app::events::{EventHold, EventKeeping, KindKept, SourceKept};
use wardkeep_types::{Id, Moment};

fn column(label: &str, align: Align) -> ColumnView {
    ColumnView { label: label.to_owned(), align, ..ColumnView::default() }
}

/// Days in words; without end when there are none.
fn days(reader: &Reader, days: Option<i64>) -> Value {
    Value::text(match days {
        Some(days) => fill("stored.days", &[("n", &reader.taste.count(days))]),
        None => words("stored.forever").to_owned(),
    })
}

/// What is stored, by kind.
pub fn kinds(reader: &Reader, view: &EventKeeping) -> TableView {
    let n = |n: u64| Value::number(reader.taste.count(n as i64));
    let row = |kind: &KindKept| RowView {
        name: kind.dialect.clone(),
        cells: vec![
            Value::text(kind.dialect.clone()).into(),
            n(kind.events).into(),
            Value::number(bytes(&reader.taste, kind.bytes)).into(),
            CellView {
                value: n(kind.files),
                sub: (kind.held > 0).then(|| fill("stored.files_held", &[("n", &kind.held.to_string())])),
            },
            Value::text(fill(
                "stored.span",
                &[
                    ("from", &reader.taste.day(kind.first.date())),
                    ("to", &reader.taste.day(kind.last.date())),
                ],
            ))
            .into(),
            CellView {
                value: days(reader, kind.days),
                sub: (kind.days.is_some() && kind.by_default).then(|| words("stored.by_default").to_owned()),
            },
        ],
        ..RowView::default()
    };
    TableView {
        caption: words("stored.kinds").to_owned(),
        columns: vec![
            column(words("events.dialect"), Align::Text),
            column(words("stored.events"), Align::Number),
            column(words("stored.size"), Align::Number),
            column(words("stored.files"), Align::Number),
            column(words("stored.period"), Align::Tight),
            column(words("stored.kept"), Align::Text),
        ],
        rows: view.kinds.iter().map(row).collect(),
        empty: EmptyView {
            title: words("events.nothing").to_owned(),
            text: Sentence::new(words("events.nothing_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

/// Log sources with days of their own.
pub fn sources(view: &EventKeeping) -> TableView {
    let row = |source: &SourceKept| {
        let (title, href) = source
            .label
            .as_ref()
            .map_or((source.address.clone(), None), |l| (l.title.clone(), Some(l.path.clone())));
        RowView {
            name: title.clone(),
            href,
            cells: vec![
                CellView { value: Value::text(title), sub: Some(source.address.clone()) },
                Value::text(fill("stored.days", &[("n", &source.days.to_string())])).into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("stored.sources").to_owned(),
        columns: vec![
            column(words("stored.source"), Align::Text),
            column(words("stored.kept"), Align::Tight),
        ],
        rows: view.sources.iter().map(row).collect(),
        keep: true,
        ..TableView::default()
    }
}

/// The holds: what, since when and by whom, why, how it ended.
pub fn holds(reader: &Reader, view: &EventKeeping, administers: bool) -> TableView {
    let who = |id: Option<Id>| match id {
        None => words("stored.console").to_owned(),
        Some(id) => view.people.get(&id).cloned().unwrap_or_else(|| words("stored.somebody").to_owned()),
    };
    let today = reader.taste.today();
    let row = |hold: &EventHold| {
        let day = |at: Option<Moment>, other: &str| {
            at.map_or_else(|| other.to_owned(), |at| reader.taste.day(at.date()))
        };
        let period = match (hold.from, hold.to) {
            (None, None) => words("stored.whole_time").to_owned(),
            (from, to) => fill(
                "stored.span",
                &[
                    ("from", &day(from, words("stored.beginning"))),
                    ("to", &day(to, words("stored.open_end"))),
                ],
            ),
        };
        let kind = if hold.dialect.is_empty() { words("stored.all_kinds") } else { &hold.dialect };
        let made = fill(
            "stored.by",
            &[("who", &who(hold.made_by)), ("at", &reader.taste.moment_stamp(hold.made).absolute)],
        );
        let (class, word) = match (hold.ended, hold.review_on) {
            (Some(_), _) => ("stage retired", words("stored.released")),
            (None, Some(day)) if day <= today => ("stage failed", words("stored.look_again")),
            (None, _) => ("stage open", words("stored.in_force")),
        };
        let about = match (hold.ended, &hold.ended_why, hold.review_on) {
            (Some(at), why, _) => Some(fill(
                "stored.ended",
                &[
                    ("who", &who(hold.ended_by)),
                    ("at", &reader.taste.moment_stamp(at).absolute),
                    ("why", why.as_deref().unwrap_or_default()),
                ],
            )),
            (None, _, Some(day)) => Some(fill("stored.review", &[("day", &reader.taste.day(day))])),
            (None, _, None) => None,
        };
        let act = (administers && hold.ended.is_none()).then(|| {
            ButtonView::link(words("stored.release"), format!("{PATH}?release={}#release", hold.id)).small()
        });
        RowView {
            key: hold.id.to_string(),
            name: hold.reason.clone(),
            cells: vec![
                CellView { value: Value::text(hold.reason.clone()), sub: Some(made) },
                CellView { value: Value::text(kind), sub: Some(period) },
                CellView { value: Value::Html(html! { span class=(class) { (word) } }), sub: about },
                act.map_or(Value::Empty, |act| Value::Html(button(&act))).into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("stored.holds").to_owned(),
        columns: vec![
            column(words("stored.why"), Align::Text),
            column(words("stored.what"), Align::Text),
            column(words("stored.state"), Align::Text),
            column(words("stored.act"), Align::Tight),
        ],
        rows: view.holds.iter().map(row).collect(),
        empty: EmptyView {
            title: words("stored.no_holds").to_owned(),
            text: Sentence::new(words("stored.no_holds_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}
