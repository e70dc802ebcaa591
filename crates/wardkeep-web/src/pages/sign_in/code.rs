//! The second factor, and the proof asked again before dangerous acts.

use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::{Next, bare, failed, plain, stepped};
use crate::pages::frame::Frame;
use crate::parts::{ButtonView, FormGroupView, FormView, HeadView, Input, ProblemView, form, head};
use crate::session::{Client, STEP, local};
use crate::words::words;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{Extension, Form};
use maud::html;
use serde::Deserialize;
use wardkeep_app::auth::Live;
use wardkeep_app::{Error, Refusal};

#[derive(Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn show(headers: HeaderMap, Query(next): Query<Next>) -> Response {
    page(&headers, &next.next, None)
}

pub(super) async fn check(client: Client, headers: HeaderMap, Form(sent): Form<Code>) -> Response {
    let (door, now) = (&client.door, client.door.now());
    let Some(waiting) = door.cookie(&headers, STEP) else { return go("/sign-in") };
    match door.auth.second_factor(waiting.reveal(), &sent.code, &client.device(), now).await {
        Ok(step) => stepped(door, step, &sent.next, now, |said| page(&headers, &sent.next, Some(said))),
        Err(error) => failed(&headers, now, &error),
    }
}

fn page(headers: &HeaderMap, next: &str, problem: Option<String>) -> Response {
    let mut code = plain("code", words("sign_in.code"), Input::Code);
    code.help = Some(words("sign_in.code_help").to_owned());
    let view = FormView {
        action: "/sign-in/code".into(),
        fields: vec![("next".into(), next.to_owned())],
        groups: vec![FormGroupView { title: String::new(), fields: vec![code] }],
        problems: problem.into_iter().map(|text| ProblemView { text: text.into(), key: None }).collect(),
        acts: vec![
            ButtonView::submit(words("sign_in.act")).main(),
            ButtonView::link(words("sign_in.back"), "/sign-in"),
        ],
        ..FormView::default()
    };
    bare(
        headers,
        words("sign_in.code_title"),
        StatusCode::OK,
        html! { h1 { (words("sign_in.code_title")) } (form(&view)) },
    )
}

/// Asks a signed-in person for a proof that it is still them.
pub(super) async fn ask_again(reader: Reader) -> Response {
    let next = reader.asked("next").unwrap_or_default().to_owned();
    confirm_page(&reader, &next, None)
}

pub(super) async fn confirm(client: Client, Extension(live): Extension<Live>, sent: Posted) -> Response {
    let (reader, next) = (&sent.reader, sent.text("next"));
    match client.door.auth.confirm(&live, sent.text("proof"), reader.now()).await {
        Ok(issued) => {
            let mut response = go(local(next));
            client.door.seat_cookies(&mut response, &issued);
            response
        }
        Err(Error::Refusal(refusal @ (Refusal::Invalid(_) | Refusal::NotYet(_)))) => super::status(
            confirm_page(reader, next, Some(super::errors::sentence(&refusal.sentence()))),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(error) => super::errors::page(reader, &error),
    }
}

fn confirm_page(reader: &Reader, next: &str, error: Option<String>) -> Response {
    let mut proof = plain("proof", words("sign_in.proof"), Input::Password("current-password".into()));
    proof.help = Some(words("sign_in.proof_help").to_owned());
    proof.error = error;
    let mut fields = reader.hidden();
    fields.push(("next".into(), next.to_owned()));
    let view = FormView {
        action: "/confirm".into(),
        fields,
        groups: vec![FormGroupView { title: String::new(), fields: vec![proof] }],
        acts: vec![
            ButtonView::submit(words("sign_in.confirm")).main(),
            ButtonView::link(words("sign_in.cancel"), local(next)),
        ],
        ..FormView::default()
    };
    let title = words("sign_in.confirm_title");
    reader.page(
        Frame::new(title).crumb(title),
        html! { (head(&HeadView { title: title.to_owned(), ..HeadView::default() })) (form(&view)) },
    )
}
