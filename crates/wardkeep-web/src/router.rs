//! Every address of the program. Pages of registers are generic: one route serves all of them.

use crate::pages::{approvals, area, delegations, list, palette, record, search, today};
use crate::session::{Door, guard};
use crate::state::State;
use crate::{headers, pages};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Redirect;
use axum::routing::{get, post};
use wardkeep_types::limits::{DOCUMENT_BYTES, EVIDENCE_BYTES};

/// Bytes of a form's own fields beside a file.
const FORM_BYTES: u64 = 1024 * 1024;

/// All pages behind their door, with their security headers.
pub fn router(state: State, door: Door) -> Router {
    headers::secure(guard(places().with_state(state), door))
}

/// The addresses without door and headers, for programs that add their own.
pub fn places() -> Router<State> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/today") }))
        .route("/today", get(today::show_today))
        .route("/notices", post(today::read_notices))
        .route("/approvals", get(approvals::list))
        .route("/approvals/{id}", get(approvals::show).post(approvals::decide))
        .route("/me/delegations", get(delegations::show).post(delegations::make))
        .route("/me/delegations/end", post(delegations::end))
        .route("/search", get(search::show))
        .route("/areas", get(area::all))
        .route("/api/v1/palette", get(palette::palette))
        .route("/api/v1/pick/{register}", get(palette::pick))
        .route("/{path}", get(list::show).post(record::create))
        .route("/{path}/new", get(record::add))
        .route("/{path}/export.csv", get(list::export))
        .route("/{path}/export.xlsx", get(list::export))
        .route("/{path}/export.jsonl", get(list::export))
        .route("/{path}/import", get(pages::imports::of_register))
        .route("/{path}/template.csv", get(pages::imports::template))
        .route("/{path}/template.xlsx", get(pages::imports::template))
        .route("/{path}/bulk", post(list::apply))
        .route("/{path}/bulk/undo", post(list::undo))
        .route("/{path}/views", post(list::save))
        .route("/{path}/views/remove", post(list::remove))
        .route("/{path}/{reference}", get(record::show).post(record::change))
        .route("/{path}/{reference}/edit", get(record::edit))
        .route("/{path}/{reference}/history", get(record::history))
        .route("/{path}/{reference}/moves", post(record::make_move))
        .route("/{path}/{reference}/moves/{name}", get(record::ask))
        .route("/{path}/{reference}/comments", post(record::comment))
        .route("/{path}/{reference}/watch", post(record::watch))
        .route("/{path}/{reference}/restrict", post(record::restrict))
        .route("/{path}/{reference}/need-to-know", post(record::need_to_know))
        .route(
            "/{path}/{reference}/files",
            post(record::attach).layer(DefaultBodyLimit::max((EVIDENCE_BYTES + FORM_BYTES) as usize)),
        )
        .route("/{path}/{reference}/files/{id}", get(record::download))
        .merge(crate::api::routes())
        .merge(pages::sign_in::routes())
        .merge(pages::me::routes())
        .merge(pages::chain::routes())
        .merge(pages::risk::routes())
        .merge(pages::imports::routes())
        .merge(pages::events::routes())
        .merge(pages::rules::routes())
        .merge(pages::ioc::routes())
        .merge(pages::admin::routes())
        .route("/live", get(pages::live::stream))
        .merge(pages::design::router())
        .fallback(pages::errors::missing)
        .method_not_allowed_fallback(pages::errors::missing)
        .layer(DefaultBodyLimit::max(DOCUMENT_BYTES as usize))
}
