//! Who is behind a request: cookie or token in, a seat for the pages out; and whether the request may change
//! anything at all.
//!
//! A request that changes something must come from our own pages: the browser says so (`Sec-Fetch-Site`, else
//! `Origin`), and the form or script carries the session's token beside its cookie.

mod client;
mod cookies;

pub use client::Client;
pub(crate) use cookies::{PASSKEY, STEP};

use crate::pages::errors;
use crate::pages::reader::Seat;
use crate::parts::Theme;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;
use wardkeep_app::auth::{Auth, Live, Mailable, Secret, csrf_fits, csrf_token};
use wardkeep_app::{App, Ctx, Error, Refusal};
use wardkeep_types::Moment;

type Post = Arc<dyn Fn(Mailable) + Send + Sync>;

/// What the door of the web needs. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    /// The installation.
    pub app: Arc<App>,
    /// Accounts and sessions.
    pub auth: Auth,
    post: Option<Post>,
}

impl Door {
    /// The door of an installation.
    pub fn new(app: Arc<App>, auth: Auth) -> Self {
        Self { app, auth, post: None }
    }
    /// Says how links are mailed. The function must return at once and deliver later, so that the time of an
    /// answer does not tell whether an account exists.
    #[must_use]
    pub fn with_mail(mut self, post: impl Fn(Mailable) + Send + Sync + 'static) -> Self {
        self.post = Some(Arc::new(post));
        self
    }
    /// The present moment.
    pub fn now(&self) -> Moment {
        self.app.clock.now()
    }
    /// Whether links can be mailed.
    pub fn mails(&self) -> bool {
        self.post.is_some() && self.auth.settings().mail_links
    }
    pub(crate) fn mail(&self, letter: Mailable) {
        if let Some(post) = &self.post {
            post(letter);
        }
    }
}

/// The secret of this request's session, for handlers that make tokens of it.
#[derive(Clone)]
pub(crate) struct SessionSecret(pub(crate) Secret);

/// Puts the guard around the whole router: it seats whoever is signed in and refuses requests from elsewhere.
pub fn guard(router: Router, door: Door) -> Router {
    router.layer(from_fn_with_state(door, seat))
}

async fn seat(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let now = door.now();
    let (theme, headers) = (Theme::from_headers(request.headers()), request.headers().clone());
    let api = request.uri().path().starts_with("/api/");
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    request.extensions_mut().insert(door.clone());
    let seated = match headers.get(header::AUTHORIZATION).filter(|given| api && !of_source(given)) {
        Some(given) => {
            let ip = client::address(&door, &headers, request.extensions());
            by_token(&door, ip, given.to_str().unwrap_or_default(), now).await
        }
        None => by_cookie(&door, &headers, api, changes, now).await,
    };
    match seated {
        Ok(Some((seat, session))) => {
            request.extensions_mut().insert(seat);
            if let Some((live, secret)) = session {
                request.extensions_mut().insert(live);
                request.extensions_mut().insert(SessionSecret(secret));
            }
        }
        Ok(None) => {}
        Err(Error::Refusal(refusal)) if api => {
            return problem(&refusal, headers.contains_key(header::AUTHORIZATION));
        }
        Err(error) => return errors::bare(theme, &Ctx::system("door", now), &error),
    }
    next.run(request).await
}

/// Tokens of log sources open one address alone, which looks at them itself.
fn of_source(given: &header::HeaderValue) -> bool {
    let bearer = given.to_str().ok().and_then(|given| given.strip_prefix("Bearer "));
    bearer.is_some_and(|bearer| App::is_source_token(bearer.trim()))
}

type Seated = Option<(Seat, Option<(Live, Secret)>)>;

async fn by_token(door: &Door, ip: IpAddr, given: &str, now: Moment) -> Result<Seated, Error> {
    let bearer = given.strip_prefix("Bearer ").unwrap_or_default().trim();
    let organisation = door.app.organisation().await?;
    let Some(actor) = door.auth.authenticate_token(bearer, ip, &organisation.units, now).await? else {
        return Err(Refusal::Forbidden("this token is unknown, over or revoked".into()).into());
    };
    let taste = ["UTC", "ymd", "comma"].map(str::to_owned);
    Ok(Some((Seat { actor, csrf: String::new(), taste }, None)))
}

async fn by_cookie(
    door: &Door,
    headers: &HeaderMap,
    api: bool,
    changes: bool,
    now: Moment,
) -> Result<Seated, Error> {
    if changes && !is_ours(headers, &door.auth.settings().public_url) {
        return Err(Refusal::Forbidden("this request came from another site".into()).into());
    }
    let Some(secret) = door.cookie(headers, cookies::SESSION) else { return Ok(None) };
    let Some(live) = door.auth.live(secret.reveal(), now).await? else { return Ok(None) };
    if changes && api {
        let token = headers.get("x-csrf-token").and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !csrf_fits(secret.reveal(), token) {
            return Err(Refusal::Forbidden(
                "this request lacks the token of your session; load the page again".into(),
            )
            .into());
        }
    }
    let taste = live.preferences.clone();
    let seat = Seat {
        actor: live.actor.clone(),
        csrf: csrf_token(secret.reveal()),
        taste: [taste.time_zone, taste.date_format, taste.number_format],
    };
    Ok(Some((seat, Some((live, secret)))))
}

/// Whether a browser says that the request comes from our own pages. Programs that are no browsers say nothing;
/// they hold no cookie that somebody else could make them send.
fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return true };
    let host = text("host").unwrap_or_default();
    let scheme = if public_url.starts_with("https://") { "https" } else { "http" };
    origin == public_url.trim_end_matches('/') || (!host.is_empty() && origin == format!("{scheme}://{host}"))
}

/// A refusal at the door of the API, in the form of RFC 9457.
fn problem(refusal: &Refusal, token: bool) -> Response {
    let (status, code) = if token { (401, "unauthorised") } else { (refusal.status(), refusal.code()) };
    let body = json!({ "type": "about:blank", "title": code, "status": status, "code": code, "detail": refusal.sentence() });
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
    if token {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    }
    response
}

/// A path of ours to go on to, or the start page: never another host.
pub(crate) fn local(path: &str) -> String {
    let fine = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 2_000
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && !path.starts_with("/sign-")
        && !path.starts_with("/link/");
    if fine { path.to_owned() } else { "/today".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{is_ours, local};
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    #[test]
    fn only_our_own_pages_change_anything() {
        let check = |pairs: &[(&'static str, &'static str)], ours: bool| {
            let pair = |(n, v): &(&'static str, &'static str)| {
                (HeaderName::from_static(n), HeaderValue::from_static(v))
            };
            let headers: HeaderMap = pairs.iter().map(pair).collect();
            assert_eq!(is_ours(&headers, "https://wk.example"), ours, "{pairs:?}");
        };
        check(&[("sec-fetch-site", "cross-site"), ("origin", "https://wk.example")], false);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("origin", "https://evil.example"), ("host", "wk.example")], false);
        check(&[("origin", "null"), ("host", "wk.example")], false);
        check(&[("origin", "http://wk.example"), ("host", "wk.example")], false);
        check(&[("origin", "https://wk.example")], true);
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("host", "wk.example")], true);
    }

    #[test]
    fn one_goes_on_to_paths_of_ours_alone() {
        for wrong in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil",
            "/a b",
            "/sign-in",
            "/sign-out",
            "/link/x",
            "risks",
        ] {
            assert_eq!(local(wrong), "/today", "{wrong}");
        }
        assert_eq!(local("/risks?stage=open"), "/risks?stage=open");
    }
}
