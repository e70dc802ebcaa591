//! Risk in money on pages: the portfolio, one risk, investments, appetite, estimates, the matrix and the record of
//! each run. Pages show the newest stored run; only a what-if computes, and only one scenario.

mod appetite;
mod curve;
mod estimates;
mod invest;
mod library;
mod matrix;
mod one;
mod portfolio;
mod runs;
mod say;
mod why;

use super::reader::Reader;
use crate::parts::{TabView, TabsView, tabs};
use crate::state::State;
use crate::words::words;
use axum::Router;
use axum::routing::{get, post};
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::records::RecordView;

/// The whole portfolio.
pub const PORTFOLIO: &str = "/risk";
/// What could be bought.
pub const INVESTMENTS: &str = "/risk/investments";
/// How much is too much.
pub const APPETITE: &str = "/risk/appetite";
/// What must be asked again.
pub const ESTIMATES: &str = "/risk/estimates";
/// Scenarios that ship.
pub const LIBRARY: &str = "/risk/library";
/// Likelihood and impact in words.
pub const MATRIX: &str = "/risk/matrix";

/// The addresses of these pages.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/risk", get(portfolio::show))
        .route("/risk/rerun", post(runs::rerun))
        .route("/risk/confirm", post(runs::confirm))
        .route("/risk/workbook.xlsx", get(runs::workbook))
        .route("/risk/why/{figure}", get(why::show))
        .route("/risk/runs/{hash}", get(runs::show))
        .route("/risk/investments", get(invest::show))
        .route("/risk/appetite", get(appetite::show))
        .route("/risk/estimates", get(estimates::show))
        .route("/risk/library", get(library::show).post(library::add))
        .route("/risk/matrix", get(matrix::show).post(matrix::save))
        .route("/risk/{reference}", get(one::show))
        .route("/risk/{reference}/what-if", get(one::answer))
}

pub use appetite::body as appetite_body;
pub use estimates::body as estimates_body;
pub use invest::body as investments_body;
pub use one::body as risk_body;
pub use runs::body as run_body;

/// The portfolio's page without a reader: its forms carry no token.
pub fn portfolio_body(
    taste: &super::taste::Taste,
    view: &wardkeep_app::risk::views::PortfolioView,
) -> Markup {
    portfolio::body(taste, view, &[])
}

/// The matrix's page as it is stored, without a reader.
pub fn matrix_body(taste: &super::taste::Taste, view: &wardkeep_app::risk::views::MatrixView) -> Markup {
    matrix::body(taste, view, None, &[], &[])
}

/// What the page of a record shows of its figures in money; nothing for most registers, and nothing of older versions.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    if view.known_at.is_some() {
        return Ok(html! {});
    }
    match view.register.as_str() {
        "risk" => one::panel(reader, view).await,
        "acceptance" | "appetite" => appetite::panel(reader, view).await,
        _ => Ok(html! {}),
    }
}

/// The sections of a long page: anchor and heading of each.
fn contents(sections: &[(String, String)]) -> Markup {
    html! {
        @if sections.len() > 2 {
            nav.on-page aria-label=(words("risk.on_page")) {
                span.quiet { (words("risk.on_page")) }
                ul { @for (anchor, name) in sections { li { a href={ "#" (anchor) } { (name) } } } }
            }
        }
    }
}

/// What a page of paper shows and a narrow screen folds, so that a reader there comes to what follows; a browser that
/// cannot tell the two apart folds it everywhere.
fn fold(summary: &str, inside: &Markup) -> Markup {
    html! { details.fold { summary { (summary) } (inside) } }
}

/// The row of pages, `here` being the one shown.
fn pages(here: &str) -> Markup {
    let tab = |name: &str, href: &str| TabView {
        name: name.to_owned(),
        href: href.to_owned(),
        count: None,
        current: href == here,
    };
    tabs(&TabsView {
        label: words("risk.pages").to_owned(),
        tabs: vec![
            tab(words("risk.portfolio"), PORTFOLIO),
            tab(words("risk.appetite"), APPETITE),
            tab(words("risk.investments"), INVESTMENTS),
            tab(words("risk.estimates"), ESTIMATES),
            tab(words("risk.matrix"), MATRIX),
            tab(words("risk.library"), LIBRARY),
        ],
        extra: None,
    })
}
