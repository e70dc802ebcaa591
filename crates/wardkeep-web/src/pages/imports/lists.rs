//! `/imports`: files that were handed in, by whom, and what became of them.

use super::super::frame::Frame;
use super::super::reader::Reader;
use super::say::state;
use crate::parts::{
    Align, ButtonView, CellView, ColumnView, EmptyView, HeadView, PagerView, RowView, Sentence, TableView,
    Value, head, pager, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::html;
use wardkeep_app::exchange::ImportHead;
use wardkeep_app::records::Labels;
use wardkeep_app::{App, Error, Refusal};
use wardkeep_register::{Area, Verb, label_of};
use wardkeep_rights::{Named, Resource};
use wardkeep_types::Moment;

/// Imports on a page.
const MOST: usize = 50;

/// `GET /imports`.
pub(super) async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader)).await
}

async fn page(reader: &Reader) -> Result<Response, Error> {
    if !super::may(reader, Resource::Named(Named::Import), Verb::View) {
        return Err(Refusal::NotFound.into());
    }
    let (app, ctx) = (&reader.state.app, &reader.ctx);
    let before: Option<Moment> = reader.asked("before").and_then(|text| text.parse().ok());
    let mut found = app.imports(ctx, before, MOST + 1).await?;
    let more = found.len() > MOST;
    found.truncate(MOST);
    let people = found.iter().filter_map(|i| i.person);
    let labels = app.labels(ctx, &reader.organisation, people).await?;
    let title = words("imports.title");
    let may_add = super::may(reader, Resource::Named(Named::Import), Verb::Add);
    let verbs = if may_add {
        vec![ButtonView::link(words("imports.new"), "/imports/new").main()]
    } else {
        Vec::new()
    };
    let older =
        found.last().filter(|_| more).map(|i| reader.address().with("before", i.at.to_string()).to_string());
    let main = html! {
        (head(&HeadView { title: title.to_owned(), verbs: verbs.clone(), ..HeadView::default() }))
        p.quiet { (words("imports.about")) }
        div.section { (table(&list(reader, &found, &labels, verbs))) }
        @if before.is_some() || older.is_some() {
            (pager(&PagerView {
                shown: fill("list.rows", &[("n", &found.len().to_string())]),
                first: before.map(|_| super::PATH.to_owned()),
                next: older,
                ..PagerView::default()
            }))
        }
    };
    Ok(reader.page(Frame::new(title).in_area(Area::Settings).at(super::PATH).crumb(title), main))
}

fn list(reader: &Reader, found: &[ImportHead], labels: &Labels, acts: Vec<ButtonView>) -> TableView {
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let count = |n: u64| CellView::from(Value::number(reader.taste.count(n as i64)));
    let row = |import: &ImportHead| {
        let register =
            App::schema(&import.register).map_or(import.register.clone(), |s| label_of(s.names.many));
        let who = import.person.map_or_else(
            || words("imports.program").to_owned(),
            |id| labels.get(id).map_or_else(|| words("value.not_visible").to_owned(), |l| l.title.clone()),
        );
        RowView {
            key: import.id.to_string(),
            name: import.file_name.clone(),
            href: Some(format!("/imports/{}", import.id)),
            cells: vec![
                CellView {
                    value: Value::text(import.file_name.clone()),
                    sub: Some(import.unit_name.1.clone()),
                },
                Value::text(register).into(),
                Value::Html(state(import.state)).into(),
                count(import.counts.total),
                count(import.counts.applied),
                count(import.counts.refused),
                Value::text(who).into(),
                Value::Moment(reader.taste.moment_stamp(import.at)).into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("imports.title").to_owned(),
        columns: vec![
            column(words("imports.file"), Align::Text),
            column(words("imports.register"), Align::Tight),
            column(words("imports.state"), Align::Tight),
            column(words("imports.rows"), Align::Number),
            column(words("imports.in"), Align::Number),
            column(words("import.refused"), Align::Number),
            column(words("imports.who"), Align::Tight),
            column(words("imports.when"), Align::Tight),
        ],
        rows: found.iter().map(row).collect(),
        empty: EmptyView {
            title: words("imports.none").to_owned(),
            text: Sentence::new(words("imports.none_text")),
            acts,
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}
