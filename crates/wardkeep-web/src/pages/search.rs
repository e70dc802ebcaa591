//! `/search`: every register at once.

use super::convert::stage;
use super::frame::{Frame, many};
use super::reader::Reader;
use crate::parts::{
    Align, ButtonView, CellView, ColumnView, EmptyView, HeadView, LinkView, RowView, Sentence, TableView,
    Value, button, empty, head, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::records::FoundView;
use wardkeep_register::Schema;

/// Records shown.
const MOST: i64 = 100;
/// Records of one register before "all in this list".
const OF_ONE: usize = 10;

/// `GET /search?q=`.
pub async fn show(reader: Reader) -> Response {
    reader
        .answer(async {
            let typed = reader.asked("q").unwrap_or_default().trim().to_owned();
            let found = if typed.is_empty() {
                Vec::new()
            } else {
                reader.state.app.search(&reader.ctx, &reader.organisation, &typed, None, MOST).await?
            };
            let title = words("search.title");
            let frame = Frame::new(title).crumb(title).searched(typed.clone()).at("/search");
            Ok(reader.page(frame, main(&reader, &typed, &found)))
        })
        .await
}

fn main(reader: &Reader, typed: &str, found: &[FoundView]) -> Markup {
    let cut = found.len() as i64 >= MOST;
    let count = if cut { fill("list.over", &[("n", &MOST.to_string())]) } else { found.len().to_string() };
    let mut registers: Vec<&'static Schema> = Vec::new();
    for one in found {
        if !registers.iter().any(|s| s.key == one.schema.key) {
            registers.push(one.schema);
        }
    }
    html! {
        (head(&HeadView { title: words("search.title").to_owned(), count: (!typed.is_empty()).then_some(count), ..HeadView::default() }))
        form.search-form role="search" method="get" action="/search" {
            label.sr for="q" { (words("shell.search")) }
            input.input.full #q type="search" name="q" value=(typed) data-slash autofocus[typed.is_empty()];
            (button(&ButtonView::submit(words("search.go")).main()))
        }
        @if typed.is_empty() {
            (empty(&EmptyView { title: words("search.begin").to_owned(), text: Sentence::new(words("search.begin_text")), ..EmptyView::default() }))
        } @else if found.is_empty() {
            (empty(&EmptyView {
                title: fill("search.none", &[("text", typed)]),
                text: Sentence::new(words("search.none_text")),
                ..EmptyView::default()
            }))
        }
        @for schema in registers { (of_register(reader, schema, typed, found)) }
    }
}

fn of_register(reader: &Reader, schema: &'static Schema, typed: &str, found: &[FoundView]) -> Markup {
    let own: Vec<&FoundView> = found.iter().filter(|f| f.schema.key == schema.key).collect();
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let several = reader.organisation.unit_names.len() > 1;
    let row = |f: &FoundView| {
        let mut cells: Vec<CellView> = vec![
            Value::Link(LinkView::new(f.label.reference.clone(), f.label.path.clone())).into(),
            Value::text(f.label.title.clone()).into(),
            stage_of(f).into(),
        ];
        if several {
            cells.push(Value::text(f.unit.1.clone()).into());
        }
        RowView {
            key: f.label.reference.clone(),
            name: f.label.title.clone(),
            href: Some(f.label.path.clone()),
            cells,
            ..RowView::default()
        }
    };
    let mut columns = vec![
        column(words("list.reference"), Align::Reference),
        column(&schema.fields[schema.title_index()].label(), Align::Text),
        column(words("list.stage"), Align::Tight),
    ];
    if several {
        columns.push(column(words("list.unit"), Align::Text));
    }
    let all =
        super::address::Address::new(format!("/{}", schema.path), &[("q".to_owned(), typed.to_owned())]);
    html! {
        section.section.found {
            div.title-line {
                h2 { (many(schema)) " " span.count { (own.len()) } }
                a.small href=(all) { (fill("search.in_list", &[("many", &schema.names.many.replace('_', " "))])) }
            }
            (table(&TableView {
                caption: many(schema),
                columns,
                title: 1,
                rows: own.iter().take(OF_ONE).map(|f| row(f)).collect(),
                ..TableView::default()
            }))
        }
    }
}

fn stage_of(found: &FoundView) -> Value {
    let key = found.schema.stages.iter().find(|s| s.label == found.stage).map_or("", |s| s.key);
    stage(found.schema, key, &found.stage)
}
