//! One's own page: account, taste, password, second factor, passkeys, sessions, tokens.

mod account;
mod codes;
mod passkeys;
mod sessions;
mod tokens;

pub(super) use sessions::browser;

use super::errors;
use super::frame::Frame;
use super::reader::{Reader, go};
use crate::parts::{FlashView, HeadView, OptionView, Sentence, Tone, head};
use crate::session::{Client, Door};
use crate::state::State;
use crate::words::words;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use maud::{Markup, html};
use wardkeep_app::auth::{Account, Live};
use wardkeep_app::{Error, Refusal};
use wardkeep_types::Problems;

/// The routes of one's own page; they work behind [`crate::session::guard`].
pub fn routes() -> Router<State> {
    Router::new()
        .route("/me", get(show))
        .route("/me/taste", post(account::set_taste))
        .route("/me/password", post(account::set_password))
        .route("/me/codes", get(codes::show).post(codes::begin))
        .route("/me/codes/confirm", post(codes::confirm))
        .route("/me/codes/remove", post(codes::remove))
        .route("/me/codes/recovery", post(codes::recovery))
        .route("/me/passkeys", post(passkeys::remove))
        .route("/me/passkeys/start", post(passkeys::start))
        .route("/me/passkeys/finish", post(passkeys::finish))
        .route("/me/sessions", post(sessions::end))
        .route("/me/tokens", post(tokens::add))
        .route("/me/tokens/revoke", post(tokens::revoke))
}

/// Whoever uses their own page: signed in by cookie, with an account. A token has no page.
pub(crate) struct Me {
    /// The door they came through.
    pub(super) door: Door,
    /// Their session.
    pub(super) live: Live,
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Me {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut axum::http::request::Parts, state: &S) -> Result<Self, Response> {
        let door = Client::from_request_parts(parts, state).await?.door;
        match Extension::<Live>::from_request_parts(parts, state).await {
            Ok(Extension(live)) => Ok(Self { door, live }),
            Err(_) => {
                Err(go(super::address::Address::new("/sign-in", &[("next".to_owned(), "/me".to_owned())])))
            }
        }
    }
}

impl Me {
    async fn account(&self) -> Result<Account, Error> {
        self.door.auth.account(self.live.account).await?.ok_or_else(|| Refusal::NotFound.into())
    }
    /// Sends whoever proved themselves too long ago to do so, and back to `place` then.
    pub(super) fn stale(&self, place: &str) -> Option<Response> {
        let fresh = self.door.auth.is_fresh(&self.live, self.door.now());
        (!fresh)
            .then(|| go(super::address::Address::new("/confirm", &[("next".to_owned(), place.to_owned())])))
    }
}

async fn show(me: Me, reader: Reader) -> Response {
    reader.answer(async { page(&me, &reader, &Problems::new()).await }).await
}

/// The whole page; `problems` are what was wrong with one of its forms.
async fn page(me: &Me, reader: &Reader, problems: &Problems) -> Result<Response, Error> {
    let account = me.account().await?;
    let title = words("me.title");
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        (section("account", words("me.account"), account::about(reader, &account)))
        (section("taste", words("me.taste"), account::taste_form(me, reader, problems)))
        (section("password", words("me.password"), account::password_form(reader, &account, problems)))
        (section("codes", words("me.codes"), codes::state(me, reader, &account).await?))
        (section("passkeys", words("me.passkeys"), passkeys::list(me, reader).await?))
        (section("sessions", words("me.sessions"), sessions::list(me, reader).await?))
        (section("tokens", words("me.tokens"), tokens::list(me, reader, problems).await?))
    };
    let frame = Frame::new(title).crumb(title).at("/me").flash(flash(reader.asked("flash")));
    Ok(reader.page(frame, main))
}

fn section(id: &str, title: &str, inside: Markup) -> Markup {
    html! { section.section.fields id=(id) { h2 { (title) } div.stack { (inside) } } }
}

/// What was just done, by the word in the address.
fn flash(done: Option<&str>) -> Option<FlashView> {
    let text = match done? {
        "taste" => words("me.taste_kept"),
        "password" => words("me.password_kept"),
        "codes_removed" => words("me.codes_removed"),
        "passkey" => words("me.passkey_added"),
        "passkeys_removed" => words("me.passkeys_removed"),
        "sessions" => words("me.sessions_ended"),
        "tokens" => words("me.tokens_revoked"),
        _ => return None,
    };
    Some(FlashView { tone: Tone::Good, text: Sentence::new(text), act: None })
}

/// Shows the page again with what was wrong, or the error's own page.
async fn again(me: &Me, reader: &Reader, error: Error) -> Response {
    let Error::Refusal(Refusal::Invalid(problems)) = error else { return errors::page(reader, &error) };
    let mut response = reader.answer(async { page(me, reader, &problems).await }).await;
    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    response
}

/// The sentence about a field, if something was wrong with it.
fn wrong(problems: &Problems, field: &str) -> Option<String> {
    problems.iter().find(|p| p.path == field).map(|p| errors::sentence(&p.message))
}

fn choices(known: &[(&'static str, &str)], chosen: &str) -> Vec<OptionView> {
    known.iter().map(|(key, label)| OptionView::new(*key, *label, *key == chosen)).collect()
}
