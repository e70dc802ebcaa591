//! What is wrong with a request, in the one form of RFC 9457 (`decisions.md` 15, assurance IM-6).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};
use wardkeep_app::{Ctx, Error, Refusal};
use wardkeep_types::{Problem, Problems};

/// Media type of a problem.
pub const MEDIA: &str = "application/problem+json";

/// Every code that an answer can carry: status, code, title. The description lists them.
pub const CODES: &[(u16, &str, &str)] = &[
    (400, "unreadable", "The request cannot be read"),
    (401, "unauthorised", "Sign in or send a token"),
    (403, "forbidden", "You may not do this"),
    (404, "not_found", "There is nothing here"),
    (405, "method", "This address does not answer to that method"),
    (409, "conflict", "Somebody else was faster"),
    (409, "not_yet", "Not from this state"),
    (413, "too_large", "Over a limit"),
    (415, "media_type", "Send JSON"),
    (422, "invalid", "Some values need mending"),
    (429, "busy", "Come back in a moment"),
    (500, "fault", "Wardkeep failed"),
];

/// A problem on its way to the caller.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: &'static str,
    /// One sentence.
    pub detail: String,
    /// What exactly, with positions.
    pub problems: Problems,
    /// Further members.
    pub more: Map<String, Json>,
}

impl Trouble {
    /// A problem of that code; its status and title follow from [`CODES`].
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        let status = CODES.iter().find(|(_, known, _)| *known == code).map_or(500, |(status, ..)| *status);
        Self { status, code, detail: detail.into(), problems: Problems::new(), more: Map::new() }
    }
    /// A request that cannot be read; `path` says where.
    pub fn unreadable(path: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut trouble = Self::new("unreadable", message.clone());
        trouble.problems.add(Problem::new(path, "unreadable", message));
        trouble
    }
    /// Adds a member.
    #[must_use]
    pub fn with(mut self, name: &str, value: Json) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }
    /// The answer. `request` is the request's id, by which an operator finds it in the log.
    pub fn answer(self, request: &str) -> Response {
        let title = CODES.iter().find(|(_, known, _)| *known == self.code).map_or("", |(_, _, title)| *title);
        let mut body = Map::new();
        body.insert("type".into(), json!(format!("/api#problem-{}", self.code)));
        body.insert("title".into(), json!(title));
        body.insert("status".into(), json!(self.status));
        body.insert("code".into(), json!(self.code));
        body.insert("detail".into(), json!(self.detail));
        body.insert("instance".into(), json!(format!("urn:uuid:{request}")));
        body.insert("problems".into(), json!(self.problems));
        body.extend(self.more);
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json::Object(body).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA));
        if self.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        let mut trouble = Self::new(refusal.code(), refusal.sentence());
        trouble.status = refusal.status();
        if let Refusal::Invalid(problems) = refusal {
            trouble.problems = problems;
        }
        trouble
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Refusal(refusal) => refusal.into(),
            Error::Fault(fault) => {
                tracing::error!(cause = %fault.cause, "a request of the API failed");
                Self::new("fault", "Wardkeep failed; tell your administrator the instance")
            }
        }
    }
}

/// The answer for an error; a fault is logged with the request's id.
pub fn answer(ctx: &Ctx, trouble: Trouble) -> Response {
    if trouble.status >= 500 {
        tracing::error!(request = %ctx.request, code = trouble.code, "answered with a fault");
    }
    trouble.answer(&ctx.request)
}

/// Sets `fields.` before the paths that name a field, as the body has them.
pub fn within_fields(mut problems: Problems, is_field: impl Fn(&str) -> bool) -> Problems {
    for problem in &mut problems.0 {
        if is_field(&problem.path) {
            problem.path = format!("fields.{}", problem.path);
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::{CODES, Trouble};
    use http_body_util::BodyExt as _;
    use wardkeep_app::Refusal;

    #[test]
    fn every_refusal_has_its_code_and_status() {
        let text = || "x".to_owned();
        let all = [
            Refusal::invalid("a", "b", "c"),
            Refusal::Forbidden(text()),
            Refusal::NotFound,
            Refusal::Conflict(text()),
            Refusal::NotYet(text()),
            Refusal::TooLarge(text()),
        ];
        for refusal in all {
            assert!(
                CODES.iter().any(|(s, c, _)| *s == refusal.status() && *c == refusal.code()),
                "{refusal:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_problem_names_its_request_and_says_what_to_mend() {
        let answer =
            Trouble::from(Refusal::invalid("fields.name", "required", "Name is missing")).answer("0");
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
            (422, super::MEDIA)
        );
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(json["instance"], "urn:uuid:0");
        assert_eq!(json["problems"][0]["path"], "fields.name");
        assert_eq!(json["type"], "/api#problem-invalid");
    }
}
