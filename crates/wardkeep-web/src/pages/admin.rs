//! Administration: accounts and roles, custom fields, tokens, webhooks, background work, the health of the
//! installation. Every page and act asks for its own right; who lacks it finds nothing.

mod fields;
mod health;
mod hook;
mod hooks;
mod jobs;
mod overview;
mod settings;
mod tokens;
mod user;
mod user_acts;
mod users;

pub(super) use overview::of_area;

use super::errors::sentence;
use super::frame::Frame;
use super::reader::Reader;
use crate::parts::{Align, ColumnView, FieldView, FlashView, Input, Sentence, Tone};
use crate::state::State;
use crate::words::words;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use wardkeep_app::Error;
use wardkeep_register::{Area, Verb};
use wardkeep_rights::{Named, Resource, Target, decide};
use wardkeep_types::Problems;

/// The addresses of these pages.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/admin", get(overview::show))
        .route("/admin/users", get(users::show).post(users::invite))
        .route("/admin/users/new", get(users::new))
        .route("/admin/users/{id}", get(user::show).post(user_acts::act))
        .route("/admin/fields", get(fields::show).post(fields::add))
        .route("/admin/fields/retire", post(fields::retire))
        .route("/admin/tokens", get(tokens::show).post(tokens::revoke))
        .route("/admin/webhooks", get(hooks::show).post(hooks::add))
        .route("/admin/webhooks/{id}", get(hook::show).post(hook::act))
        .route("/admin/jobs", get(jobs::show).post(jobs::act))
        .route("/admin/health", get(health::show).post(health::verify))
        .route("/admin/settings", get(settings::show))
}

/// Refuses who may not do that to what belongs to the installation.
fn require(reader: &Reader, verb: Verb, named: Named) -> Result<(), Error> {
    let units = &reader.organisation.units;
    decide(&reader.ctx.actor, units, verb, Resource::Named(named), &Target::INSTALLATION)?;
    Ok(())
}

/// Whether the reader may do that to what belongs to the installation.
fn may(reader: &Reader, verb: Verb, named: Named) -> bool {
    require(reader, verb, named).is_ok()
}

/// The frame of a page of administration.
fn frame(title: &str, at: &str) -> Frame {
    Frame::new(title).in_area(Area::Settings).at(at).back(words("area.settings"), "/admin")
}

/// What was just done.
#[allow(clippy::unnecessary_wraps)] // stands beside `None` wherever it is used
fn done(text: &'static str) -> Option<FlashView> {
    Some(FlashView { tone: Tone::Good, text: Sentence::new(text), act: None })
}

fn column(label: &str, align: Align) -> ColumnView {
    ColumnView { label: label.to_owned(), align, ..ColumnView::default() }
}

/// A field of a form, with what was wrong with it.
fn field(key: &str, label: &str, required: bool, input: Input, problems: &Problems) -> FieldView {
    let wrong = problems.iter().find(|p| p.path == key).map(|p| {
        let hint = if p.hint.is_empty() { String::new() } else { format!(" {}", sentence(&p.hint)) };
        format!("{}{hint}", sentence(&p.message))
    });
    FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: None,
        error: wrong,
        required,
        locked: None,
        input,
    }
}

/// What was sent for a control.
fn text<'a>(sent: &'a [(String, String)], name: &str) -> &'a str {
    sent.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// A page that came back with something to mend.
fn unprocessable(mut response: Response) -> Response {
    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    response
}
