//! Syslog over TCP, plain or within TLS.

use super::{Common, Counts, source_of};
use crate::{Batch, Framer, Receipt, Refused, Wanted};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// Bytes read from a connection at once.
const READ: usize = 256 * 1024;
/// Reads of one connection that may be under way to the disk: with [`READ`], what a crash can lose of it.
const UNDER_WAY: usize = 4;
/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

type Answer = oneshot::Receiver<Result<Receipt, Refused>>;

pub(super) async fn accept(
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
    common: Common,
    places: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        while open.try_join_next().is_some() {}
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            Counts::add(&common.counts.turned_away, 1);
            continue;
        };
        Counts::add(&common.counts.connections, 1);
        let (common, tls, stop) = (common.clone(), tls.clone(), stop.clone());
        open.spawn(async move {
            let _place = place;
            let Some(tls) = tls else { return serve(stream, from, &common, stop).await };
            match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                Ok(Ok(stream)) => serve(stream, from, &common, stop).await,
                failed => {
                    Counts::add(&common.counts.handshakes, 1);
                    let why = match failed {
                        Ok(Err(error)) => error.to_string(),
                        _ => "it took too long".into(),
                    };
                    tracing::info!(%from, why, "a TLS handshake failed");
                }
            }
        });
    }
    while open.join_next().await.is_some() {}
}

async fn serve(
    mut stream: impl AsyncRead + Unpin,
    from: SocketAddr,
    common: &Common,
    mut stop: watch::Receiver<bool>,
) {
    let source = source_of(from.ip());
    let mut framer = Framer::new(common.line_bytes);
    let mut buffer = vec![0; READ];
    let mut under_way: VecDeque<(Answer, u64)> = VecDeque::new();
    loop {
        let read = tokio::select! {
            read = tokio::time::timeout(common.idle, stream.read(&mut buffer)) => read,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let size = match read {
            Ok(Ok(0)) => break,
            Ok(Ok(size)) => size,
            Ok(Err(error)) => {
                tracing::debug!(%from, %error, "a connection broke");
                Counts::add(&common.counts.torn, 1);
                break;
            }
            Err(_) => {
                Counts::add(&common.counts.idle, 1);
                break;
            }
        };
        let mut batch = Batch::new(source.clone(), common.clock.now());
        let framed = framer.push(&buffer[..size], |message| batch.push(message));
        Counts::add(&common.counts.cut, framed.cut);
        if !hand_in(batch, common, &mut under_way).await {
            break;
        }
        if framed.lost {
            Counts::add(&common.counts.torn, 1);
            tracing::warn!(%from, "the sender's framing cannot be followed; the connection was closed");
            break;
        }
    }
    let mut batch = Batch::new(source, common.clock.now());
    if framer.finish(|message| batch.push(message)) {
        Counts::add(&common.counts.torn, 1);
    }
    hand_in(batch, common, &mut under_way).await;
    while let Some(answer) = under_way.pop_front() {
        settle(answer, common).await;
    }
}

/// Hands a batch in, and waits while too many of this connection are under way. False when no more can be taken.
async fn hand_in(batch: Batch, common: &Common, under_way: &mut VecDeque<(Answer, u64)>) -> bool {
    if batch.is_empty() {
        return true;
    }
    let messages = batch.len() as u64;
    Counts::add(&common.counts.messages, messages);
    match common.gate.begin(batch, Wanted::Held).await {
        Ok(answer) => under_way.push_back((answer, messages)),
        Err(_) => {
            Counts::add(&common.counts.lost, messages);
            return false;
        }
    }
    while under_way.len() >= UNDER_WAY {
        let Some(answer) = under_way.pop_front() else { break };
        if !settle(answer, common).await {
            return false;
        }
    }
    true
}

async fn settle((answer, messages): (Answer, u64), common: &Common) -> bool {
    let kept = matches!(answer.await, Ok(Ok(_)));
    if !kept {
        Counts::add(&common.counts.lost, messages);
    }
    kept
}
