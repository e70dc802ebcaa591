//! The rows of an answer: events, or what was counted.

use super::super::address::Address;
use super::super::reader::Reader;
use super::question::Question;
use crate::parts::{Align, CellView, ColumnView, PagerView, RowView, TableView, Value, pager, table};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::events::{Answer, Cell};

/// Characters of a record in a list.
const SHORT: usize = 160;

/// The rows with their pager.
pub fn list(reader: &Reader, question: &Question, answer: &Answer, lists: bool) -> Markup {
    let plain = lists && answer.place("raw").is_some();
    let shown = if plain { events(reader, answer) } else { counted(reader, answer, lists) };
    let shown_rows = fill("events.rows", &[("n", &reader.taste.count(answer.rows.len() as i64))]);
    let next = answer.rows.last().filter(|_| answer.more && lists).map(|row| {
        let at = answer.cell(row, "at").at().map_or(0, wardkeep_types::Moment::as_micros);
        let id = answer.cell(row, "event_id").to_string();
        reader.address().with("after", format!("{at}-{id}")).to_string()
    });
    let first = question.after.map(|_| question.page(&question.typed));
    html! {
        (shown)
        (pager(&PagerView { shown: shown_rows, next, first, ..PagerView::default() }))
        @if answer.more && !lists { p.small.quiet { (words("events.more_counted")) } }
    }
}

fn column(label: &str, align: Align) -> ColumnView {
    ColumnView { label: label.to_owned(), align, ..ColumnView::default() }
}

/// Where one event is shown.
pub fn event_page(answer: &Answer, row: &[Cell]) -> String {
    let at = answer.cell(row, "at").to_string();
    let path = format!("/events/{}", answer.cell(row, "event_id"));
    Address::new(path, &[("at".to_owned(), at)]).to_string()
}

fn events(reader: &Reader, answer: &Answer) -> Markup {
    let row = |row: &Vec<Cell>| {
        let text = |name: &str| answer.cell(row, name).to_string();
        let at = answer.cell(row, "at").at();
        let when = at.map_or_else(String::new, |at| reader.taste.moment_stamp(at).absolute);
        let (action, outcome, message, raw) = (text("action"), text("outcome"), text("message"), text("raw"));
        let said: String = if message.is_empty() { raw } else { message };
        let said: String = said.chars().take(SHORT).collect();
        let cells = vec![
            CellView::from(Value::text(when.clone())),
            CellView { value: Value::text(text("host")), sub: Some(text("dialect")) },
            CellView {
                value: Value::text(text("user")),
                sub: Some(text("src_ip")).filter(|t| !t.is_empty()),
            },
            CellView { value: Value::text(action), sub: Some(outcome).filter(|t| !t.is_empty()) },
            CellView::from(Value::Html(html! { span.mono.small.record-line { (said) } })),
        ];
        RowView {
            key: text("event_id"),
            name: when,
            href: Some(event_page(answer, row)),
            cells,
            ..RowView::default()
        }
    };
    table(&TableView {
        caption: words("events.title").to_owned(),
        columns: vec![
            column(words("events.when"), Align::Tight),
            column(words("events.host"), Align::Text),
            column(words("events.who"), Align::Text),
            column(words("events.action"), Align::Text),
            column(words("events.record"), Align::Text),
        ],
        rows: answer.rows.iter().map(row).collect(),
        ..TableView::default()
    })
}

fn counted(reader: &Reader, answer: &Answer, lists: bool) -> Markup {
    let hidden = |name: &str| lists && name == "event_id";
    let places: Vec<usize> = (0..answer.columns.len()).filter(|i| !hidden(&answer.columns[*i])).collect();
    let cell = |cell: &Cell| match cell {
        Cell::At(at) => Value::text(reader.taste.moment_stamp(*at).absolute),
        Cell::Int(number) => Value::number(reader.taste.count(*number)),
        Cell::None => Value::Html(html! { span.quiet { (words("value.empty")) } }),
        other => Value::text(other.to_string()),
    };
    let row = |row: &Vec<Cell>| RowView {
        href: lists.then(|| event_page(answer, row)),
        cells: places.iter().map(|i| cell(&row[*i]).into()).collect(),
        ..RowView::default()
    };
    table(&TableView {
        caption: words("events.title").to_owned(),
        columns: places
            .iter()
            .map(|i| {
                let name = &answer.columns[*i];
                let counts = name == "events";
                let label = match name.as_str() {
                    "events" => words("events.unit"),
                    "at" => words("events.when"),
                    other => other,
                };
                column(label, if counts { Align::Number } else { Align::Text })
            })
            .collect(),
        rows: answer.rows.iter().map(row).collect(),
        wide: answer.columns.len() > 5,
        keep: answer.columns.len() <= 3,
        ..TableView::default()
    })
}
