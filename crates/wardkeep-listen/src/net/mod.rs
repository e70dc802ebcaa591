//! Listeners for syslog: UDP, TCP and TLS.
//!
//! Each sender is a source of its own, `syslog/<address>`. Nothing is read from a connection while too much of it is
//! not yet durable: that much, and what lies in the kernel's buffer, is what a crash of this program can lose of TCP
//! syslog, which knows no acknowledgement.

mod bind;
mod tcp;
mod tls;
mod udp;

pub use bind::{ListenError, Listening, LossMeter, Losses, listen};
pub use tls::{TlsOptions, check_tls};

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use wardkeep_types::Clock;

/// Where to listen, and the bounds.
#[derive(Debug, Clone)]
pub struct NetOptions {
    /// Syslog over UDP (RFC 5426).
    pub udp: Option<SocketAddr>,
    /// Syslog over TCP (RFC 6587).
    pub tcp: Option<SocketAddr>,
    /// Syslog over TLS (RFC 5425).
    pub tls: Option<(SocketAddr, TlsOptions)>,
    /// Bytes of a message; what is longer is cut.
    pub line_bytes: usize,
    /// Connections at once.
    pub connections: usize,
    /// How long a connection may be silent.
    pub idle: Duration,
}

/// What happened on the sockets, since they were opened.
#[derive(Debug, Default)]
pub struct Counts {
    /// Messages taken.
    pub messages: AtomicU64,
    /// Messages that were cut because they were too long.
    pub cut: AtomicU64,
    /// Connections that were taken.
    pub connections: AtomicU64,
    /// Connections that were closed at once because there were too many.
    pub turned_away: AtomicU64,
    /// Connections that ended in the middle of a message, or whose framing could not be followed.
    pub torn: AtomicU64,
    /// Connections that were closed because they were silent for too long.
    pub idle: AtomicU64,
    /// TLS handshakes that failed.
    pub handshakes: AtomicU64,
    /// Messages that were received and could not be kept because the disk did not take them.
    pub lost: AtomicU64,
}

impl Counts {
    pub(crate) fn add(counter: &AtomicU64, amount: u64) {
        counter.fetch_add(amount, Ordering::Relaxed);
    }
}

/// What every socket needs.
#[derive(Clone)]
pub(crate) struct Common {
    pub gate: crate::Gate,
    pub clock: Arc<dyn Clock>,
    pub counts: Arc<Counts>,
    pub line_bytes: usize,
    pub idle: Duration,
}

/// The source that a sender is.
pub(crate) fn source_of(address: IpAddr) -> Arc<str> {
    format!("syslog/{}", address.to_canonical()).into()
}

#[cfg(test)]
mod tests;
