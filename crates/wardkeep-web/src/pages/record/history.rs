//! `/{path}/{reference}/history`: every change, by whom, when, why.

use super::super::convert::{entries, stage};
use super::super::list::register;
use super::super::reader::Reader;
use super::detail::detail_tabs;
use super::{frame, path_of};
use crate::parts::{HeadView, PagerView, head, pager, tabs, timeline};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::html;

/// Entries of a page.
const PAGE: usize = 50;

/// `GET`.
pub async fn show(reader: Reader, Path((path, reference)): Path<(String, String)>) -> Response {
    reader
        .answer(async {
            let schema = register(&path)?;
            let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
            let before = reader.asked("before").and_then(|t| t.parse::<i64>().ok());
            let (view, _) = app.show(ctx, organisation, schema, &reference, None).await?;
            let changes = app.history(ctx, organisation, schema, &reference, before).await?;
            let path = path_of(schema, &view);
            let next = changes
                .last()
                .filter(|_| changes.len() == PAGE)
                .map(|c| format!("{path}/history?before={}", c.n));
            let main = html! {
                (head(&HeadView {
                    reference: Some(view.reference.clone()),
                    title: view.title.clone(),
                    facts: vec![stage(schema, &view.stage, &view.stage_label)],
                    ..HeadView::default()
                }))
                (tabs(&detail_tabs(schema, &view, 1)))
                @if changes.is_empty() { p.quiet { (words("history.none")) } }
                (timeline(&entries(&reader, &changes, true)))
                (pager(&PagerView {
                    shown: fill("history.shown", &[("n", &changes.len().to_string())]),
                    first: before.map(|_| format!("{path}/history")),
                    next,
                    ..PagerView::default()
                }))
            };
            Ok(reader.page(frame(schema, &view.reference, &view.title, Some(words("record.history"))), main))
        })
        .await
}
