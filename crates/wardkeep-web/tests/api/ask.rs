//! Requests to the API.

use crate::common::{Session, TestApp};
use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt as _;
use serde_json::Value as Json;
use tower::ServiceExt as _;
use wardkeep_app::Ctx;
use wardkeep_app::auth::{Holder, NewToken};
use wardkeep_rights::Scopes;
use wardkeep_types::Id;

/// Who asks.
#[derive(Clone)]
pub enum Who {
    Nobody,
    Cookie(Session),
    Token(String),
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Json,
}

impl Reply {
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
    /// The first problem: path and code.
    pub fn problem(&self) -> (String, String) {
        let first = &self.json["problems"][0];
        (
            first["path"].as_str().unwrap_or_default().to_owned(),
            first["code"].as_str().unwrap_or_default().to_owned(),
        )
    }
    pub fn text_at(&self, place: &str) -> String {
        self.json.pointer(place).and_then(Json::as_str).unwrap_or_default().to_owned()
    }
}

/// Asks, with extra headers.
pub async fn ask_with(
    test: &TestApp,
    who: &Who,
    method: &str,
    path: &str,
    body: Option<&Json>,
    extra: &[(&str, &str)],
) -> Reply {
    let mut request = Request::builder().method(method.to_uppercase().as_str()).uri(path);
    match who {
        Who::Nobody => {}
        Who::Cookie(session) => {
            request = request.header(header::COOKIE, &session.cookie).header("x-csrf-token", &session.csrf);
        }
        Who::Token(token) => request = request.header(header::AUTHORIZATION, format!("Bearer {token}")),
    }
    for (name, value) in extra {
        request = request.header(*name, *value);
    }
    let body = match body {
        Some(json) => {
            if !extra.iter().any(|(name, _)| *name == "content-type") {
                request = request.header(header::CONTENT_TYPE, "application/json");
            }
            Body::from(json.as_str().map_or_else(|| json.to_string(), str::to_owned))
        }
        None => Body::empty(),
    };
    let response = test.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Reply { status, headers, json: serde_json::from_str(&text).unwrap_or(Json::Null), text }
}

pub async fn ask(test: &TestApp, who: &Who, method: &str, path: &str, body: Option<&Json>) -> Reply {
    ask_with(test, who, method, path, body, &[]).await
}

pub async fn get(test: &TestApp, who: &Who, path: &str) -> Reply {
    ask(test, who, "get", path, None).await
}

/// A token of a person, or of a program in those units.
pub async fn token(test: &TestApp, holder: Holder, scopes: &str, units: &[Id]) -> Who {
    let scopes: Scopes = scopes.parse().unwrap();
    let expires_at = test.now().plus_seconds(86_400);
    let new = NewToken { name: "test".into(), holder, scopes, units: units.to_vec(), expires_at };
    let organisation = test.app.organisation().await.unwrap();
    let system = Ctx::system("test", test.now());
    let (_, secret) = test.auth.create_token(&system, &organisation.units, &new).await.unwrap();
    Who::Token(secret.reveal().to_owned())
}
