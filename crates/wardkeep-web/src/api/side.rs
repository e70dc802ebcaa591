//! What hangs together with one record: its history, what it rests on, what uses it.

use super::caller::{Caller, fine};
use super::record::register;
use super::show;
use crate::pages::address::Address;
use crate::state::State;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use serde_json::json;
use wardkeep_app::records::ValueView;

/// Entries of one page of a history.
const PAGE: usize = 50;

/// `/{register}/{reference}/history`.
pub fn history() -> MethodRouter<State> {
    get(changes)
}

/// `/{register}/{reference}/used-by`.
pub fn used_by() -> MethodRouter<State> {
    get(users)
}

/// `/{register}/{reference}/links`.
pub fn links() -> MethodRouter<State> {
    get(targets)
}

async fn changes(caller: Caller, Path((path, reference)): Path<(String, String)>) -> Response {
    caller
        .answer(async {
            let schema = register(&path)?;
            caller.only(&["before"])?;
            let before = caller.number("before", 1..=i64::MAX, i64::MAX)?;
            let found = caller
                .app()
                .history(&caller.ctx, &caller.organisation, schema, &reference, Some(before))
                .await?;
            let last = found.last().filter(|c| found.len() >= PAGE && c.n > 1);
            let next = last.map(|c| {
                Address::new(caller.path.clone(), &[("before".to_owned(), c.n.to_string())]).to_string()
            });
            Ok(fine(&json!({ "items": found.iter().map(show::change).collect::<Vec<_>>(), "next": next })))
        })
        .await
}

async fn users(caller: Caller, Path((path, reference)): Path<(String, String)>) -> Response {
    caller
        .answer(async {
            let schema = register(&path)?;
            caller.only(&[])?;
            let (app, ctx, organisation) = (caller.app(), &caller.ctx, &caller.organisation);
            let head = app.find(ctx, organisation, schema, &reference).await?;
            let found = app.used_by(ctx, organisation, head.id).await?;
            Ok(fine(&json!({ "items": found.iter().map(show::neighbour).collect::<Vec<_>>() })))
        })
        .await
}

async fn targets(caller: Caller, Path((path, reference)): Path<(String, String)>) -> Response {
    caller
        .answer(async {
            let schema = register(&path)?;
            caller.only(&[])?;
            let (view, _) =
                caller.app().show(&caller.ctx, &caller.organisation, schema, &reference, None).await?;
            let mut items = Vec::new();
            for field in &view.fields {
                if let ValueView::Links { seen, .. } = &field.shown {
                    items.extend(seen.iter().map(|label| show::linked(&field.name, label, None)));
                }
            }
            Ok(fine(&json!({ "items": items })))
        })
        .await
}
