//! Signing in with a passkey: two answers in JSON for the one script that needs them.

use crate::session::{Client, PASSKEY, local};
use crate::words::words;
use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use wardkeep_app::auth::Step;
use wardkeep_app::{Error, Refusal};

pub(super) async fn start(client: Client) -> Response {
    let door = &client.door;
    match door.auth.begin_passkey_sign_in(&client.device(), door.now()).await {
        Ok((challenge, secret)) => {
            let mut response = Json(challenge).into_response();
            door.set_cookie(&mut response, PASSKEY, secret.reveal(), Some(300));
            response
        }
        Err(error) => refused(&error),
    }
}

pub(super) async fn finish(client: Client, headers: HeaderMap, Json(answer): Json<Value>) -> Response {
    let door = &client.door;
    let secret = door.cookie(&headers, PASSKEY);
    let asked = secret.as_ref().map_or("", |s| s.reveal());
    match door.auth.finish_passkey_sign_in(asked, &answer, &client.device(), door.now()).await {
        Ok(Step::Done(issued)) => {
            let mut response = Json(json!({ "location": came_for(&headers) })).into_response();
            door.seat_cookies(&mut response, &issued);
            door.set_cookie(&mut response, PASSKEY, "", Some(0));
            response
        }
        Ok(_) => refused(&Refusal::Forbidden(words("sign_in.passkey_refused").to_owned()).into()),
        Err(error) => refused(&error),
    }
}

/// The page that the person wanted: `next` of the page that the script runs on.
fn came_for(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let query = referer.split_once('?').map_or("", |(_, query)| query);
    let uri = format!("/?{query}").parse::<axum::http::Uri>().unwrap_or_default();
    let next = axum::extract::Query::<super::Next>::try_from_uri(&uri).map(|q| q.0).unwrap_or_default();
    local(&next.next)
}

/// Problem details (RFC 9457).
pub(crate) fn refused(error: &Error) -> Response {
    let (status, code, detail) = match error {
        Error::Refusal(refusal) => {
            (refusal.status(), refusal.code(), crate::pages::errors::sentence(&refusal.sentence()))
        }
        Error::Fault(fault) => {
            tracing::error!(cause = %fault.cause, "a request failed");
            (500, "fault", words("error.fault").to_owned())
        }
    };
    let body =
        json!({ "type": "about:blank", "title": detail, "status": status, "code": code, "detail": detail });
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
