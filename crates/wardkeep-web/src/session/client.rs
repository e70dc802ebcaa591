//! What a request says about where it comes from.

use super::{Door, cookies};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use wardkeep_app::auth::{Device, Secret};

/// A request's address, browser, and whether the browser is known. Extracted behind [`super::guard`].
pub struct Client {
    /// The door it came to.
    pub door: Door,
    ip: IpAddr,
    agent: String,
    known: Option<Secret>,
}

impl Client {
    /// As the use cases want it.
    pub fn device(&self) -> Device<'_> {
        Device { ip: self.ip, user_agent: &self.agent, known: self.known.as_ref().map(Secret::reveal) }
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let Some(door) = parts.extensions.get::<Door>().cloned() else {
            tracing::error!("a page of the door is served without its guard");
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let (agent, ip) = (agent.to_owned(), address(&door, &parts.headers, &parts.extensions));
        let known = door.cookie(&parts.headers, cookies::DEVICE);
        Ok(Self { door, ip, agent, known })
    }
}

/// The address of the other side. A proxy on the same machine is believed what it adds, and only when a public
/// address is configured; what a stranger writes into the header counts for nothing.
pub(super) fn address(door: &Door, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
    let peer =
        extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0.ip());
    if !peer.to_canonical().is_loopback() || door.app.config.public_url.is_none() {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").into_iter().next_back().and_then(|v| v.to_str().ok());
    forwarded
        .and_then(|list| list.rsplit(',').next())
        .and_then(|last| last.trim().parse().ok())
        .unwrap_or(peer)
}
