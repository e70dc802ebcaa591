//! `/govern` and the other areas: their registers, how many records, and what needs attention.

use super::extras::{EXTRAS, area_name, area_text};
use super::frame::{Frame, many, registers};
use super::reader::Reader;
use crate::parts::{
    Align, AnswerView, CellView, ColumnView, HeadView, LinkView, RowView, Sentence, TableView, Tone, Value,
    answer, head, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::html;
use wardkeep_app::work::RegisterCount;
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Area, Schema};

/// The area of that path.
pub fn by_key(path: &str) -> Option<Area> {
    Area::ALL.into_iter().find(|a| a.key() == path)
}

/// `GET /areas`: all of them.
pub async fn all(reader: Reader) -> Response {
    reader
        .answer(async {
            let counts = reader.state.app.register_counts(&reader.ctx, &reader.organisation).await?;
            let title = words("area.areas");
            let areas = Area::ALL.into_iter().filter(|a| registers(&reader, *a).next().is_some());
            let main = html! {
                (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
                @for area in areas {
                    section.section {
                        h2 { a href={ "/" (area.key()) } { (area_name(area)) } }
                        p.quiet { (area_text(area)) }
                        (table(&of_area(&reader, area, &counts)))
                    }
                }
            };
            Ok(reader.page(Frame::new(title).crumb(title), main))
        })
        .await
}

/// `GET /{area}`.
pub async fn page(reader: &Reader, area: Area) -> Result<Response, Error> {
    if area == Area::Settings {
        return super::admin::of_area(reader).await;
    }
    let extras = EXTRAS.iter().filter(|e| e.area == Some(area) && e.is_open_to(reader)).count();
    if registers(reader, area).next().is_none() && extras == 0 {
        return Err(Refusal::NotFound.into());
    }
    let counts = reader.state.app.register_counts(&reader.ctx, &reader.organisation).await?;
    let title = area_name(area);
    let own: Vec<&RegisterCount> = counts.iter().filter(|c| c.schema.names.area == area).collect();
    let main = html! {
        (head(&HeadView { title: title.to_owned(), facts: vec![Value::text(area_text(area))], ..HeadView::default() }))
        (answer(&said(reader, &own)))
        (table(&of_area(reader, area, &counts)))
    };
    Ok(reader.page(Frame::new(title).in_area(area).at(format!("/{}", area.key())).crumb(title), main))
}

/// What needs attention in the area, in one sentence.
fn said(reader: &Reader, counts: &[&RegisterCount]) -> AnswerView {
    let late: Vec<&&RegisterCount> = counts.iter().filter(|c| c.overdue > 0).collect();
    let unowned: Vec<&&RegisterCount> =
        counts.iter().filter(|c| c.unowned > 0 && c.schema.owner_index().is_some()).collect();
    let mut text = Sentence::default();
    for (n, count) in late.iter().enumerate() {
        let joint = if n == 0 { "" } else { ", " };
        let many = if count.overdue == 1 { count.schema.names.one } else { count.schema.names.many };
        text = text.and(joint).link(
            format!("{} {many}", reader.taste.count(count.overdue as i64)),
            overdue(reader, count.schema),
        );
    }
    if !late.is_empty() {
        text = text.and(words("area.past_due"));
    }
    for (n, count) in unowned.iter().enumerate() {
        let joint = if n == 0 { " " } else { ", " };
        let many = if count.unowned == 1 { count.schema.names.one } else { count.schema.names.many };
        text = text.and(joint).link(
            format!("{} {many}", reader.taste.count(count.unowned as i64)),
            format!("/{}?stage=open&owner.empty=yes", count.schema.path),
        );
    }
    if !unowned.is_empty() {
        text = text.and(words("area.unowned"));
    }
    if text.is_empty() {
        let total: u64 = counts.iter().map(|c| c.open).sum();
        let text = if total == 0 { words("area.empty").to_owned() } else { words("area.calm").to_owned() };
        return AnswerView {
            tone: if total == 0 { Tone::Plain } else { Tone::Good },
            text: Sentence::new(text),
            next: Vec::new(),
        };
    }
    AnswerView { tone: if late.is_empty() { Tone::Plain } else { Tone::Warn }, text, next: Vec::new() }
}

fn overdue(reader: &Reader, schema: &Schema) -> String {
    let due = schema.due_index().map_or("due", |i| schema.fields[i].name);
    format!("/{}?stage=open&{due}.below={}", schema.path, reader.taste.today())
}

fn of_area(reader: &Reader, area: Area, counts: &[RegisterCount]) -> TableView {
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let figure = |n: u64, href: String| {
        if n == 0 {
            return CellView::from(Value::number("0"));
        }
        Value::Link(LinkView::new(reader.taste.count(n as i64), href)).into()
    };
    let row = |schema: &'static Schema| {
        let count = counts.iter().find(|c| c.schema.key == schema.key);
        let path = format!("/{}", schema.path);
        let get = |of: fn(&RegisterCount) -> u64| count.map_or(0, of);
        let about = fill("area.about", &[("reference", schema.names.prefix)]);
        RowView {
            key: schema.key.to_owned(),
            name: many(schema),
            href: Some(path.clone()),
            cells: vec![
                CellView { value: Value::text(many(schema)), sub: Some(about) },
                figure(get(|c| c.total), path.clone()),
                figure(get(|c| c.open), format!("{path}?stage=open")),
                figure(get(|c| c.overdue), overdue(reader, schema)),
                figure(get(|c| c.unowned), format!("{path}?stage=open&owner.empty=yes")),
                figure(get(|c| c.mine), format!("{path}?stage=open&owner=me")),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: area_name(area).to_owned(),
        columns: vec![
            column(words("area.register"), Align::Text),
            column(words("area.total"), Align::Number),
            column(words("filter.open"), Align::Number),
            column(words("area.overdue"), Align::Number),
            column(words("area.no_owner"), Align::Number),
            column(words("area.mine"), Align::Number),
        ],
        title: 0,
        rows: registers(reader, area).map(row).collect(),
        ..TableView::default()
    }
}
