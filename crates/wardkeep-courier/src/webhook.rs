//! Sending a webhook: one POST with a signature, to an address that was looked up and judged first, without
//! redirects, within a time.

use crate::{Reach, Target, TargetError, forbidden, sign};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use wardkeep_types::Moment;

/// For finding and reaching the other side.
const CONNECT: Duration = Duration::from_secs(10);
/// For the whole exchange.
const WHOLE: Duration = Duration::from_secs(20);
/// Bytes of an answer that are read before it is dropped.
const ANSWER_BYTES: usize = 64 * 1024;

/// Why a parcel did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The address cannot be used.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The name leads to where webhooks may not go.
    #[error("{host} leads to {why}; webhooks go to the public internet")]
    Closed {
        /// The name.
        host: String,
        /// What it leads to.
        why: &'static str,
    },
    /// The name is unknown.
    #[error("the name {0} is not known")]
    Unknown(String),
    /// Nobody answers there, or the line broke.
    #[error("the other side cannot be reached: {0}")]
    Unreachable(String),
    /// TLS could not be agreed on.
    #[error("no trusted connection: {0}")]
    Untrusted(String),
    /// It took too long.
    #[error("the other side did not answer in time")]
    TimedOut,
    /// The other side refused.
    #[error("the other side answered {0}")]
    Answered(u16),
}

impl SendError {
    /// The status that the other side answered with, if it did.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answered(status) => Some(*status),
            _ => None,
        }
    }
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Parcel<'a> {
    /// Id of the delivery; the same for every attempt.
    pub id: &'a str,
    /// What happened: `risk.edit`.
    pub event: &'a str,
    /// JSON.
    pub body: Vec<u8>,
    /// When it is sent; part of the signature.
    pub at: Moment,
}

/// Sends parcels. Cheap to clone.
#[derive(Clone)]
pub struct Courier {
    tls: Arc<ClientConfig>,
    reach: Reach,
    whole: Duration,
}

impl Courier {
    /// A courier that trusts whom this machine trusts.
    pub fn new(reach: Reach) -> Self {
        let mut roots = RootCertStore::empty();
        // A damaged certificate among many costs only those whom it alone vouches for.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self::trusting(roots, reach)
    }
    /// A courier that trusts these roots alone.
    pub fn trusting(roots: RootCertStore, reach: Reach) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config =
            versions.expect("ring knows the protocol versions that are safe").with_root_certificates(roots);
        Self { tls: Arc::new(config.with_no_client_auth()), reach, whole: WHOLE }
    }
    /// Waits so long for a whole exchange; 20 seconds unless said otherwise.
    #[must_use]
    pub fn within(mut self, whole: Duration) -> Self {
        self.whole = whole;
        self
    }
    /// How far it may go.
    pub fn reach(&self) -> Reach {
        self.reach
    }
    /// Sends a parcel; the status when the other side took it (2xx).
    pub async fn send(&self, url: &str, secret: &[u8], parcel: &Parcel<'_>) -> Result<u16, SendError> {
        let target = Target::parse(url, self.reach)?;
        let exchange = async {
            let stream = timeout(CONNECT, self.connect(&target)).await.map_err(|_| SendError::TimedOut)??;
            if !target.tls {
                return post(stream, &target, secret, parcel).await;
            }
            let untrusted = |e: &dyn std::fmt::Display| SendError::Untrusted(e.to_string());
            let name = ServerName::try_from(target.host.clone()).map_err(|e| untrusted(&e))?;
            let tls = TlsConnector::from(self.tls.clone()).connect(name, stream);
            let stream =
                timeout(CONNECT, tls).await.map_err(|_| SendError::TimedOut)?.map_err(|e| untrusted(&e))?;
            post(stream, &target, secret, parcel).await
        };
        timeout(self.whole, exchange).await.map_err(|_| SendError::TimedOut)?
    }
    /// Looks the name up once, judges every address it leads to, and connects to one of those very addresses: a
    /// name that answers differently the second time gains nothing.
    async fn connect(&self, target: &Target) -> Result<TcpStream, SendError> {
        let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
        let all: Vec<SocketAddr> = found.map_err(|_| SendError::Unknown(target.host.clone()))?.collect();
        if let Some(why) = all.iter().find_map(|a| forbidden(a.ip(), self.reach)) {
            return Err(SendError::Closed { host: target.host.clone(), why });
        }
        let mut last = SendError::Unknown(target.host.clone());
        for address in all {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = SendError::Unreachable(error.to_string()),
            }
        }
        Err(last)
    }
}

async fn post<S>(stream: S, target: &Target, secret: &[u8], parcel: &Parcel<'_>) -> Result<u16, SendError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |e: &dyn std::fmt::Display| SendError::Unreachable(e.to_string());
    let (mut sender, line) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| broken(&e))?;
    // The line lives as long as the exchange; what breaks it shows in the answer.
    let line = tokio::spawn(async move {
        let _ = line.await;
    });
    let request = Request::post(&target.path)
        .header(header::HOST, target.host_header())
        .header(header::USER_AGENT, concat!("Wardkeep/", env!("CARGO_PKG_VERSION")))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONNECTION, "close")
        .header("wardkeep-event", parcel.event)
        .header("wardkeep-delivery", parcel.id)
        .header("wardkeep-signature", sign(secret, parcel.at, &parcel.body))
        .body(Full::new(Bytes::from(parcel.body.clone())))
        .map_err(|e| broken(&e))?;
    let answered = sender.send_request(request).await.map_err(|e| broken(&e));
    let result = match answered {
        Ok(response) => {
            let status = response.status().as_u16();
            // What it says is of no use to us; how much it says is bounded.
            let _ = Limited::new(response.into_body(), ANSWER_BYTES).collect().await;
            if (200..300).contains(&status) { Ok(status) } else { Err(SendError::Answered(status)) }
        }
        Err(error) => Err(error),
    };
    line.abort();
    result
}
