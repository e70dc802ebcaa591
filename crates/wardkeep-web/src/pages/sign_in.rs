//! Signing in: password, second factor, passkey, mailed link; and signing out.

mod code;
mod link;
mod passkey;

pub(super) use passkey::refused;

use super::errors;
use super::posted::Posted;
use super::reader::{Seat, go};
use crate::parts::{
    ButtonView, FieldView, FormGroupView, FormView, Input, NoticeView, ProblemView, Sentence, Theme, Tone,
    bare_page, form, notice,
};
use crate::session::{Client, Door, local};
use crate::state::State;
use crate::words::{fill, words};
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Form, Router};
use maud::{Markup, html};
use serde::Deserialize;
use wardkeep_app::auth::{Live, Purpose, Step};
use wardkeep_app::{Ctx, Error};
use wardkeep_types::Moment;

/// The routes of the door; they work behind [`crate::session::guard`].
pub fn routes() -> Router<State> {
    Router::new()
        .route("/sign-in", get(show).post(sign_in))
        .route("/sign-in/code", get(code::show).post(code::check))
        .route("/sign-in/link", post(mail_link))
        .route("/sign-in/passkey/start", post(passkey::start))
        .route("/sign-in/passkey/finish", post(passkey::finish))
        .route("/link/{token}", get(link::show).post(link::use_it))
        .route("/sign-out", post(sign_out))
        .route("/confirm", get(code::ask_again).post(code::confirm))
}

#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct SentPassword {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Address {
    #[serde(default)]
    email: String,
    #[serde(default)]
    purpose: String,
}

async fn show(
    client: Client,
    seat: Option<Extension<Seat>>,
    headers: HeaderMap,
    Query(next): Query<Next>,
) -> Response {
    if seat.is_some() {
        return go(local(&next.next));
    }
    page(&client.door, &headers, "", &next.next, None)
}

async fn sign_in(client: Client, headers: HeaderMap, Form(sent): Form<SentPassword>) -> Response {
    let (door, now) = (&client.door, client.door.now());
    match door.auth.sign_in(&sent.email, &sent.password, &client.device(), now).await {
        Ok(step) => stepped(door, step, &sent.next, now, |said| {
            page(door, &headers, &sent.email, &sent.next, Some(said))
        }),
        Err(error) => failed(&headers, now, &error),
    }
}

/// Mails a link, if there is such an account; says the same in any case.
async fn mail_link(client: Client, headers: HeaderMap, Form(sent): Form<Address>) -> Response {
    let (door, now) = (&client.door, client.door.now());
    let purpose = if sent.purpose == "new_password" { Purpose::NewPassword } else { Purpose::SignIn };
    if door.mails() {
        match door.auth.request_link(&sent.email, purpose, &client.device(), now).await {
            Ok(Some(letter)) => door.mail(letter),
            Ok(None) => {}
            Err(error) => return failed(&headers, now, &error),
        }
    }
    let minutes = (door.auth.settings().link / 60).to_string();
    let said = notice(&NoticeView {
        tone: Tone::Plain,
        text: Sentence::new(fill("sign_in.mailed", &[("minutes", &minutes)])),
        acts: vec![ButtonView::link(words("sign_in.back"), "/sign-in")],
        live: true,
        ..NoticeView::default()
    });
    bare(&headers, words("sign_in.title"), StatusCode::OK, html! { h1 { (words("sign_in.title")) } (said) })
}

async fn sign_out(client: Client, live: Option<Extension<Live>>, sent: Posted) -> Response {
    let now = sent.reader.now();
    if let Some(Extension(live)) = live
        && let Err(error) = client.door.auth.sign_out(&live, now).await
    {
        tracing::warn!(%error, "a session was over when it was signed out");
    }
    let mut response = go("/sign-in");
    client.door.clear_seat(&mut response);
    response
        .headers_mut()
        .insert("clear-site-data", header::HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

/// What follows a step of signing in. `again` shows the page it came from, with a sentence.
fn stepped(
    door: &Door,
    step: Step,
    next: &str,
    now: Moment,
    again: impl FnOnce(String) -> Response,
) -> Response {
    match step {
        Step::Done(issued) => {
            let mut response = go(local(next));
            door.seat_cookies(&mut response, &issued);
            response
        }
        Step::NeedCode(issued) => {
            let mut response =
                go(super::address::Address::new("/sign-in/code", &[("next".to_owned(), local(next))]));
            door.set_cookie(&mut response, crate::session::STEP, issued.token.reveal(), Some(600));
            response
        }
        Step::Wrong => status(again(words("sign_in.wrong").to_owned()), StatusCode::UNPROCESSABLE_ENTITY),
        Step::UseLink => status(again(words("sign_in.use_link").to_owned()), StatusCode::FORBIDDEN),
        Step::Wait(until) => {
            let seconds = until.seconds_since(now).max(1);
            let said = fill("sign_in.wait", &[("minutes", &(seconds + 59).div_euclid(60).to_string())]);
            let mut response = status(again(said), StatusCode::TOO_MANY_REQUESTS);
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
            response
        }
    }
}

fn status(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response
}

fn failed(headers: &HeaderMap, now: Moment, error: &Error) -> Response {
    errors::bare(Theme::from_headers(headers), &Ctx::system("door", now), error)
}

fn bare(headers: &HeaderMap, title: &str, status: StatusCode, main: Markup) -> Response {
    (status, bare_page(title, Theme::from_headers(headers), "", html! { div.stack { (main) } }))
        .into_response()
}

fn page(door: &Door, headers: &HeaderMap, email: &str, next: &str, problem: Option<String>) -> Response {
    let view = FormView {
        action: "/sign-in".into(),
        fields: vec![("next".into(), next.to_owned())],
        groups: vec![FormGroupView {
            title: String::new(),
            fields: vec![
                plain("email", words("sign_in.email"), Input::Email(email.to_owned())),
                plain("password", words("sign_in.password"), Input::Password("current-password".into())),
            ],
        }],
        problems: problem.into_iter().map(|text| ProblemView { text: text.into(), key: None }).collect(),
        acts: vec![ButtonView::submit(words("sign_in.act")).main()],
        ..FormView::default()
    };
    let main = html! {
        h1 { (words("sign_in.title")) }
        (form(&view))
        @if door.auth.has_passkeys() {
            button.btn type="button" data-passkey="sign-in" data-failed=(words("sign_in.passkey_failed")) hidden { (words("sign_in.passkey")) }
            p.err role="alert" data-passkey-said {}
        }
        @if door.mails() {
            details {
                summary { (words("sign_in.other_ways")) }
                (form(&FormView {
                    action: "/sign-in/link".into(),
                    groups: vec![FormGroupView { title: String::new(), fields: vec![FieldView { key: "email".into(), ..plain("link_email", words("sign_in.email"), Input::Email(email.to_owned())) }] }],
                    acts: vec![ButtonView::verb(words("sign_in.mail_link"), "purpose", "sign_in"), ButtonView::verb(words("sign_in.mail_password"), "purpose", "new_password")],
                    ..FormView::default()
                }))
            }
        }
    };
    bare(headers, words("sign_in.title"), StatusCode::OK, main)
}

/// A field without help.
pub(super) fn plain(key: &str, label: &str, input: Input) -> FieldView {
    FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: None,
        error: None,
        required: true,
        locked: None,
        input,
    }
}

#[cfg(test)]
mod tests;
