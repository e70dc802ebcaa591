//! Who asks, in which request: the one extractor of every address of the API, and the body that came with it.

use super::problem::{Trouble, answer};
use super::strict;
use crate::pages::reader::Seat;
use crate::state::State;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json};
use std::future::Future;
use std::sync::Arc;
use wardkeep_app::{App, Ctx, Organisation};
use wardkeep_types::{Id, Moment, Problem, limits};

/// Who asks.
pub struct Caller {
    /// The installation.
    pub state: State,
    /// Who, with which rights, when.
    pub ctx: Ctx,
    /// Units and custom fields as they are now.
    pub organisation: Arc<Organisation>,
    /// The path of the request.
    pub path: String,
    /// What stands after `?`.
    pub pairs: Vec<(String, String)>,
    /// `If-Match`, as it came.
    pub if_match: Option<String>,
}

impl Caller {
    /// The use cases.
    pub fn app(&self) -> &App {
        &self.state.app
    }
    /// The value of a pair of the address, if it says anything.
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, value)| known == name && !value.trim().is_empty())
            .map(|(_, value)| value.trim())
    }
    /// Refuses pairs of the address that the route does not know: a typing error must not be a wider answer.
    pub fn only(&self, known: &[&str]) -> Result<(), Trouble> {
        let mut trouble = Trouble::new("invalid", "this address does not know all of these parameters");
        for (name, _) in self.pairs.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let message = format!("there is no parameter '{name}' here");
            let hint =
                if known.is_empty() { String::new() } else { format!("known are: {}", known.join(", ")) };
            trouble.problems.add(Problem::new(name, "unknown_parameter", message).hint(hint));
        }
        if trouble.problems.is_empty() { Ok(()) } else { Err(trouble) }
    }
    /// A whole number of the address between two others, or the default.
    pub fn number(
        &self,
        name: &str,
        within: std::ops::RangeInclusive<i64>,
        default: i64,
    ) -> Result<i64, Trouble> {
        let Some(text) = self.asked(name) else { return Ok(default) };
        text.parse().ok().filter(|n| within.contains(n)).ok_or_else(|| {
            let message = format!("{name} is a whole number from {} to {}", within.start(), within.end());
            wardkeep_app::Refusal::invalid(name, "invalid", message).into()
        })
    }
    /// A moment of the address.
    pub fn moment(&self, name: &str) -> Result<Option<Moment>, Trouble> {
        let read = |text: &str| {
            text.parse()
                .map_err(|e: wardkeep_types::ParseError| wardkeep_app::Refusal::invalid(name, "invalid", e.0))
        };
        Ok(self.asked(name).map(read).transpose()?)
    }
    /// Answers with what `work` makes of the request.
    pub async fn answer(&self, work: impl Future<Output = Result<Response, Trouble>>) -> Response {
        match work.await {
            Ok(response) => response,
            Err(trouble) => answer(&self.ctx, trouble),
        }
    }
}

impl FromRequestParts<State> for Caller {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let now = state.app.clock.now();
        let Some(seat) = parts.extensions.get::<Seat>().cloned() else {
            let trouble =
                Trouble::new("unauthorised", "send a token as 'Authorization: Bearer ...', or sign in");
            return Err(trouble.answer(&Id::new(now).to_string()));
        };
        let ctx = Ctx::new(seat.actor, now);
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|e| answer(&ctx, Trouble::unreadable("", e.body_text())))?;
        let organisation = state.app.organisation().await.map_err(|error| answer(&ctx, error.into()))?;
        let if_match = parts.headers.get(header::IF_MATCH).map(|v| v.to_str().unwrap_or("?").to_owned());
        Ok(Self {
            state: state.clone(),
            ctx,
            organisation,
            path: parts.uri.path().to_owned(),
            pairs: pairs.0,
            if_match,
        })
    }
}

/// A request with JSON in it.
pub struct Sent {
    /// Who sent it.
    pub caller: Caller,
    /// What was sent.
    pub body: Json,
}

impl FromRequest<State> for Sent {
    type Rejection = Response;
    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, state).await?;
        let stop = |trouble: Trouble| answer(&caller.ctx, trouble);
        if !is_json(&parts.headers) {
            return Err(stop(Trouble::new("media_type", "send the body as application/json")));
        }
        let request = Request::from_parts(parts, body);
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            stop(match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    let most = limits::DOCUMENT_BYTES / 1_048_576;
                    Trouble::new("too_large", format!("a body holds at most {most} MiB; send it in parts"))
                }
                _ => Trouble::unreadable("", rejection.body_text()),
            })
        })?;
        let body = strict::read(&bytes).map_err(|message| stop(Trouble::unreadable("", message)))?;
        Ok(Self { caller, body })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind == "application/merge-patch+json"
}

/// The members of an object that is to hold no others; every stranger is told.
pub fn object<'a>(body: &'a Json, known: &[&str]) -> Result<&'a Map<String, Json>, Trouble> {
    let Json::Object(members) = body else {
        return Err(Trouble::unreadable("", "the body is one JSON object"));
    };
    let mut trouble = Trouble::new("invalid", "the body holds members that are not known here");
    for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
        let problem = Problem::new(name, "unknown_field", format!("there is no member '{name}' here"));
        trouble.problems.add(problem.hint(format!("known are: {}", known.join(", "))));
    }
    if trouble.problems.is_empty() { Ok(members) } else { Err(trouble) }
}

/// A member that holds text; empty and null count as absent.
pub fn text<'a>(members: &'a Map<String, Json>, name: &str) -> Result<Option<&'a str>, Trouble> {
    match members.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.trim()).filter(|t| !t.is_empty())),
        Some(_) => Err(wardkeep_app::Refusal::invalid(name, "invalid", format!("{name} is a text")).into()),
    }
}

/// An answer in JSON.
pub fn json(status: StatusCode, body: &Json) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, kind, body.to_string()).into_response()
}

/// The usual answer.
pub fn fine(body: &Json) -> Response {
    json(StatusCode::OK, body)
}
