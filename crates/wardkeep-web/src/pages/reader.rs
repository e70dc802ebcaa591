//! Who reads, in which request: the one extractor of every page.

use super::address::Address;
use super::taste::Taste;
use super::{errors, frame};
use crate::parts::Theme;
use crate::session::SessionSecret;
use crate::state::State;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::future::Future;
use std::sync::Arc;
use wardkeep_app::auth::{Secret, csrf_fits};
use wardkeep_app::{Ctx, Error, Organisation};
use wardkeep_types::Moment;

/// Who is behind a request and how they like their pages; the door puts it into the request.
#[derive(Clone)]
pub struct Seat {
    /// Who, with which grants.
    pub actor: wardkeep_rights::Actor,
    /// Token that forms send back.
    pub csrf: String,
    /// Time zone, date format, number format.
    pub taste: [String; 3],
}

/// The reader of a page.
pub struct Reader {
    /// The installation.
    pub state: State,
    /// Who, with which rights, when.
    pub ctx: Ctx,
    /// Units and custom fields as they are now.
    pub organisation: Arc<Organisation>,
    /// How days and figures are written.
    pub taste: Taste,
    /// Light or dark.
    pub theme: Theme,
    /// Token that forms send back.
    pub csrf: String,
    secret: Option<Secret>,
    /// This page's path.
    pub path: String,
    /// What stands after `?`.
    pub pairs: Vec<(String, String)>,
}

impl Reader {
    /// The present moment.
    pub fn now(&self) -> Moment {
        self.ctx.now
    }
    /// The value of a pair of the address.
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
    /// This page's address.
    pub fn address(&self) -> Address {
        Address::new(self.path.clone(), &self.pairs)
    }
    /// Whether a form's token was made for this reader.
    pub fn token_fits(&self, token: &str) -> bool {
        self.secret.as_ref().is_some_and(|secret| csrf_fits(secret.reveal(), token))
    }
    /// The hidden field that every form of ours carries.
    pub fn hidden(&self) -> Vec<(String, String)> {
        vec![("csrf".to_owned(), self.csrf.clone())]
    }
    /// Answers with what `work` makes of the request; a refusal or fault becomes a page of its own.
    pub async fn answer(&self, work: impl Future<Output = Result<Response, Error>>) -> Response {
        match work.await {
            Ok(response) => response,
            Err(error) => errors::page(self, &error),
        }
    }
    /// A page in its frame.
    pub fn page(&self, frame: frame::Frame, main: maud::Markup) -> Response {
        crate::parts::page(&frame::shell(self, frame), main).into_response()
    }
}

/// Goes to another page of ours after something was done.
pub fn go(place: impl Into<String>) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, place.into())]).into_response()
}

impl FromRequestParts<State> for Reader {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let path = parts.uri.path().to_owned();
        let (now, theme) = (state.app.clock.now(), Theme::from_headers(&parts.headers));
        let Some(seat) = parts.extensions.get::<Seat>().cloned() else {
            let wanted = parts.uri.path_and_query().map_or("/", |p| p.as_str());
            return Err(go(Address::new("/sign-in", &[("next".to_owned(), wanted.to_owned())])));
        };
        let ctx = Ctx::new(seat.actor, now);
        let organisation =
            state.app.organisation().await.map_err(|error| errors::bare(theme, &ctx, &error))?;
        let [zone, days, numbers] = &seat.taste;
        Ok(Self {
            state: state.clone(),
            taste: Taste::new(zone, days, numbers, now),
            ctx,
            csrf: seat.csrf,
            secret: parts.extensions.get::<SessionSecret>().map(|s| s.0.clone()),
            organisation,
            theme,
            path,
            pairs: Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|q| q.0).unwrap_or_default(),
        })
    }
}
