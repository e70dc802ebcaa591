//! Syslog over UDP: each datagram is a message.

use super::{Common, Counts, source_of};
use crate::{Batch, Wanted};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use tokio::net::UdpSocket;
use tokio::sync::watch;

/// Bytes that the kernel keeps for us while we are busy; it may give less.
const BUFFER: usize = 16 * 1024 * 1024;
/// Datagrams taken before they are handed on.
const TOGETHER: usize = 2_048;
/// Bytes of a datagram at most.
const DATAGRAM: usize = 65_536;

pub(super) fn open(address: SocketAddr) -> io::Result<UdpSocket> {
    let domain = socket2::Domain::for_address(address);
    let socket = socket2::Socket::new(domain, socket2::Type::DGRAM, Some(socket2::Protocol::UDP))?;
    // Less room only means that a burst is lost sooner, which the kernel counts.
    let _ = socket.set_recv_buffer_size(BUFFER);
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    UdpSocket::from_std(socket.into())
}

pub(super) async fn run(socket: UdpSocket, common: Common, mut stop: watch::Receiver<bool>) {
    let mut buffer = vec![0; DATAGRAM];
    loop {
        let first = tokio::select! {
            received = socket.recv_from(&mut buffer) => received,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let mut batches: HashMap<IpAddr, Batch> = HashMap::new();
        match first {
            Ok((size, from)) => put(&common, &mut batches, &buffer[..size], from.ip()),
            Err(error) => {
                // Errors of earlier answers; there is nothing to lose by going on.
                tracing::debug!(%error, "receiving over UDP");
                tokio::task::yield_now().await;
                continue;
            }
        }
        for _ in 1..TOGETHER {
            let Ok((size, from)) = socket.try_recv_from(&mut buffer) else { break };
            put(&common, &mut batches, &buffer[..size], from.ip());
        }
        for (_, batch) in batches {
            let messages = batch.len() as u64;
            // While the gate is full nothing is received, and the kernel counts what it drops meanwhile.
            match common.gate.begin(batch, Wanted::Held).await {
                Ok(answer) => {
                    let counts = common.counts.clone();
                    tokio::spawn(async move {
                        if !matches!(answer.await, Ok(Ok(_))) {
                            Counts::add(&counts.lost, messages);
                        }
                    });
                }
                Err(_) => Counts::add(&common.counts.lost, messages),
            }
        }
    }
}

fn put(common: &Common, batches: &mut HashMap<IpAddr, Batch>, datagram: &[u8], from: IpAddr) {
    let message = datagram.trim_ascii_end();
    let message = message.strip_suffix(b"\0").unwrap_or(message);
    if message.is_empty() {
        return;
    }
    Counts::add(&common.counts.messages, 1);
    let kept = message.len().min(common.line_bytes);
    Counts::add(&common.counts.cut, u64::from(kept < message.len()));
    let batch = batches.entry(from).or_insert_with(|| Batch::new(source_of(from), common.clock.now()));
    batch.push(&message[..kept]);
}
