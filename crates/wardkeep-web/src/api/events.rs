//! Log records over HTTP: `POST /events` with the token of a log source.
//!
//! Answered with success only when everything is on disk. A delivery that comes again is known by its
//! `Idempotency-Key`, or by its content, and is not kept twice.

use super::problem::Trouble;
use crate::state::State;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use serde_json::json;
use wardkeep_app::stream::{Packing, Sent, TakeRefusal};
use wardkeep_types::{Id, limits};

/// `/events`.
pub fn many() -> MethodRouter<State> {
    post(take)
}

async fn take(axum::extract::State(state): axum::extract::State<State>, request: Request) -> Response {
    let id = Id::new(state.app.clock.now()).to_string();
    let headers = request.headers().clone();
    let result = async {
        let text = |name: header::HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?").trim());
        let token = text(header::AUTHORIZATION).and_then(|v| v.strip_prefix("Bearer ")).map(str::trim);
        let token = token.ok_or_else(|| {
            Trouble::new("unauthorised", "send the token of a log source as 'Authorization: Bearer ...'")
        })?;
        let packing = packing(text(header::CONTENT_ENCODING))?;
        let whole = text(header::CONTENT_TYPE).is_some_and(|kind| {
            kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
        });
        let key = key(&headers)?;
        let body = Bytes::from_request(request, &state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let most = limits::DOCUMENT_BYTES / 1_048_576;
                return Trouble::new(
                    "too_large",
                    format!("a body holds at most {most} MiB; send it in parts"),
                );
            }
            Trouble::unreadable("", rejection.body_text())
        })?;
        let sent = Sent { token, body: body.into(), packing, whole, key };
        let taken = state.app.take_events(sent).await.map_err(trouble)?;
        let body = json!({ "accepted": taken.messages, "cut": taken.cut, "repeated": taken.repeated });
        Ok::<_, Trouble>(super::caller::fine(&body))
    };
    match result.await {
        Ok(response) => response,
        Err(trouble) => {
            let wait = trouble.more.get("retry_after").and_then(serde_json::Value::as_u64);
            let mut response = trouble.answer(&id);
            if let Some(seconds) = wait {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    }
}

fn packing(encoding: Option<&str>) -> Result<Packing, Trouble> {
    Ok(match encoding.map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "identity") => Packing::Plain,
        Some("gzip" | "x-gzip") => Packing::Gzip,
        Some("zstd") => Packing::Zstd,
        Some(other) => {
            let text = format!("a body may be packed with gzip or zstd, not with '{other}'");
            return Err(Trouble::new("media_type", text));
        }
    })
}

fn key(headers: &HeaderMap) -> Result<Option<&str>, Trouble> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    match key.to_str() {
        Ok(key) if (1..=200).contains(&key.len()) => Ok(Some(key)),
        _ => Err(Trouble::unreadable("Idempotency-Key", "the key is 1 to 200 plain letters")),
    }
}

fn trouble(refusal: TakeRefusal) -> Trouble {
    match refusal {
        TakeRefusal::Off => Trouble::new(
            "not_found",
            "this installation takes no log records over HTTP; see http in [intake]",
        ),
        TakeRefusal::Unknown => {
            Trouble::new("unauthorised", "this token is unknown, or its source is retired")
        }
        TakeRefusal::TooLarge(text) => Trouble::new("too_large", text),
        TakeRefusal::Unreadable(text) => Trouble::unreadable("", text),
        TakeRefusal::Busy(seconds, text) => Trouble::new("busy", text).with("retry_after", json!(seconds)),
        TakeRefusal::Fault(error) => error.into(),
    }
}
