//! The door over HTTP: refused cases first. Passkeys in a browser belong to the browser journeys.

mod door;
mod mine;

use crate::pages::{me, sign_in};
use crate::session::{Door, guard};
use crate::state::State;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::{get, post};
use axum::{Extension, Router};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use wardkeep_app::auth::{Auth, Cost, Keys, Mailable, Settings};
use wardkeep_app::{App, Config, DataFolder};
use wardkeep_store::register_ddl;
use wardkeep_types::{Moment, SetClock};

const GOOD: &str = "seven grey herons wade";

struct Browser {
    router: Router,
    clock: SetClock,
    cookies: BTreeMap<String, String>,
    mails: Arc<Mutex<Vec<Mailable>>>,
    first: String,
    auth: Auth,
    _dir: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn place(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }
    /// The token of the page's forms.
    fn csrf(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"csrf\" content=\"").expect("a page with a token");
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Browser {
    async fn open(public_url: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = SetClock::at("2026-08-12T10:00:00Z".parse::<Moment>().unwrap());
        let folder = DataFolder::create(dir.path()).unwrap();
        let keys = Keys::open(&folder.keys()).unwrap();
        let (app, _) = App::open(folder, Config::default(), Arc::new(clock.clone())).await.unwrap();
        if app.db.rows("SELECT 1 AS x FROM unit", vec![]).await.is_err() {
            for schema in wardkeep_registers::all() {
                app.db.script(&app.db.dialect().render(&register_ddl(schema))).await.unwrap();
            }
        }
        let cost = Cost { memory: 64, passes: 1, lanes: 1 };
        let settings =
            Settings { public_url: public_url.into(), cost, mail_links: true, ..Settings::default() };
        let auth = Auth::open(app.db.clone(), keys, settings).await.unwrap();
        let first = auth.create_first_link(app.clock.now()).await.unwrap().unwrap().reveal().to_owned();
        let (app, mails) = (Arc::new(app), Arc::new(Mutex::new(Vec::new())));
        let box_ = mails.clone();
        let door =
            Door::new(app.clone(), auth.clone()).with_mail(move |letter| box_.lock().unwrap().push(letter));
        let who = |seat: Option<Extension<crate::pages::reader::Seat>>| async move {
            seat.map_or("nobody".into(), |s| s.0.actor.name)
        };
        let routes =
            sign_in::routes().merge(me::routes()).route("/api/who", get(who)).route("/api/do", post(who));
        let router = guard(routes.with_state(State::new(app, auth.clone()).unwrap()), door);
        Self { router, clock, cookies: BTreeMap::new(), mails, first, auth, _dir: dir }
    }
    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let jar: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = request
            .header(header::COOKIE, jar.join("; "))
            .header("host", "localhost:8420")
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }
    async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }
    async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let encode = crate::pages::address::encode;
        let body =
            pairs.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect::<Vec<_>>().join("&");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, body).await
    }
    /// Posts one of the forms of `/me`.
    async fn mine(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let csrf = self.get("/me").await.csrf();
        let pairs: Vec<_> = pairs.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        self.post(path, &pairs).await
    }
    async fn set_up(public_url: &str) -> Self {
        let mut browser = Self::open(public_url).await;
        let path = format!("/link/{}", browser.first);
        let answer = browser.post(&path, FORM).await;
        assert_eq!((answer.status, answer.place()), (StatusCode::SEE_OTHER, "/today"), "{}", answer.text);
        browser
    }
    async fn sign_in(&mut self, password: &str, next: &str) -> Answer {
        self.post("/sign-in", &[("email", "anna@example.org"), ("password", password), ("next", next)]).await
    }
}

const FORM: &[(&str, &str)] = &[
    ("name", "Anna Berg"),
    ("email", "anna@example.org"),
    ("password", GOOD),
    ("organisation", "Nordklinik"),
    ("currency", "EUR"),
    ("time_zone", "Europe/Berlin"),
];
