//! Opening the sockets, and closing them again.

use super::{Common, Counts, NetOptions, tcp, tls, udp};
use crate::{Gate, KernelDrops, udp_drops};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use wardkeep_types::Clock;

/// A listener that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("{what} {address}: {message}")]
pub struct ListenError {
    /// Such as `syslog over TCP on`.
    pub what: &'static str,
    /// Where.
    pub address: SocketAddr,
    /// Why not, and what helps.
    pub message: String,
}

/// Open sockets. They close when it is dropped; [`Listening::close`] waits for what is under way.
pub struct Listening {
    /// Where UDP is listened on.
    pub udp: Option<SocketAddr>,
    /// Where TCP is listened on.
    pub tcp: Option<SocketAddr>,
    /// Where TLS is listened on.
    pub tls: Option<SocketAddr>,
    counts: Arc<Counts>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// What was lost on its way in, since the sockets were opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Losses {
    /// Datagrams that the kernel dropped at our socket; zero where it does not say.
    pub kernel: u64,
    /// Messages that were received and could not be kept.
    pub disk: u64,
}

/// Reads what was lost; lives on beside the sockets.
#[derive(Debug, Clone)]
pub struct LossMeter {
    udp: Option<SocketAddr>,
    counts: Arc<Counts>,
}

impl LossMeter {
    /// What was lost so far.
    pub fn read(&self) -> Losses {
        let kernel = self.udp.and_then(|udp| udp_drops(udp).socket).unwrap_or(0);
        Losses { kernel, disk: self.counts.lost.load(std::sync::atomic::Ordering::Relaxed) }
    }
}

impl Listening {
    /// What reads losses.
    pub fn losses(&self) -> LossMeter {
        LossMeter { udp: self.udp, counts: self.counts.clone() }
    }
    /// What happened so far.
    pub fn counts(&self) -> &Arc<Counts> {
        &self.counts
    }
    /// What the kernel dropped of UDP.
    pub fn kernel_drops(&self) -> KernelDrops {
        self.udp.map(udp_drops).unwrap_or_default()
    }
    /// Stops taking, hands in what was read, and waits until that is done.
    pub async fn close(mut self) {
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Opens every socket that is asked for, or none.
pub async fn listen(
    options: &NetOptions,
    gate: &Gate,
    clock: &Arc<dyn Clock>,
) -> Result<Listening, ListenError> {
    let counts = Arc::new(Counts::default());
    let common = Common {
        gate: gate.clone(),
        clock: clock.clone(),
        counts: counts.clone(),
        line_bytes: options.line_bytes,
        idle: options.idle,
    };
    let (stop, stopped) = watch::channel(false);
    let places = Arc::new(Semaphore::new(options.connections.max(1)));
    let mut tasks = JoinSet::new();
    let mut listening = (None, None, None);
    if let Some(address) = options.udp {
        let what = "syslog over UDP on";
        let socket = udp::open(address).map_err(|e| wrong(what, address, &e))?;
        listening.0 = Some(socket.local_addr().map_err(|e| wrong(what, address, &e))?);
        tasks.spawn(udp::run(socket, common.clone(), stopped.clone()));
    }
    if let Some(address) = options.tcp {
        let (socket, local) = bind("syslog over TCP on", address).await?;
        listening.1 = Some(local);
        tasks.spawn(tcp::accept(socket, None, common.clone(), places.clone(), stopped.clone()));
    }
    if let Some((address, options)) = &options.tls {
        let what = "syslog over TLS on";
        let acceptor =
            tls::acceptor(options).map_err(|message| ListenError { what, address: *address, message })?;
        let (socket, local) = bind(what, *address).await?;
        listening.2 = Some(local);
        tasks.spawn(tcp::accept(socket, Some(acceptor), common, places, stopped));
    }
    Ok(Listening { udp: listening.0, tcp: listening.1, tls: listening.2, counts, stop, tasks })
}

async fn bind(what: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), ListenError> {
    let socket = TcpListener::bind(address).await.map_err(|e| wrong(what, address, &e))?;
    let local = socket.local_addr().map_err(|e| wrong(what, address, &e))?;
    Ok((socket, local))
}

fn wrong(what: &'static str, address: SocketAddr, error: &std::io::Error) -> ListenError {
    let remedy = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            "; another program has this port: stop it, or choose another in [intake]"
        }
        std::io::ErrorKind::PermissionDenied => "; this account may not use this port: choose one above 1023",
        std::io::ErrorKind::AddrNotAvailable => "; this machine has no such address",
        _ => "",
    };
    ListenError { what, address, message: format!("{error}{remedy}") }
}
