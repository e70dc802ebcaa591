//! The way into the spool.

use crate::batch::Batch;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// A batch is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Number of its first message; of a repeated delivery, zero.
    pub first: u64,
    /// Messages taken.
    pub messages: usize,
    /// The same delivery was taken before; nothing was kept this time.
    pub repeated: bool,
}

/// Why a batch was not taken. Nothing of it was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The spool holds as much as it may, because the worker is behind.
    #[error("the spool is full; send it again later")]
    Full,
    /// Too many batches wait to be written.
    #[error("too much arrives at once; send it again in a moment")]
    Busy,
    /// The disk does not take it.
    #[error("the spool cannot be written: {0}")]
    Disk(String),
    /// The program is stopping.
    #[error("the program is stopping")]
    Closed,
}

/// A batch on its way, with the place for its answer.
pub(super) struct Request {
    pub batch: Batch,
    pub answer: oneshot::Sender<Result<Receipt, Refused>>,
}

/// Up to where the spool is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Number of the first message of the newest segment.
    pub segment: u64,
    /// Bytes of it that are durable.
    pub length: u64,
    /// Number that the next message will get.
    pub next: u64,
}

/// What all parts of a spool share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub written: Mutex<Written>,
    pub grown: Condvar,
    /// Bytes of all segments.
    pub held: AtomicU64,
    /// Bytes that have been sent to the writer and are not written.
    pub waiting: AtomicU64,
    pub bytes: u64,
    pub refused: AtomicU64,
    pub was_full: AtomicBool,
    pub disk_faults: AtomicU64,
    /// Messages before it are done with.
    pub released: AtomicU64,
    pub closed: AtomicBool,
}

impl Shared {
    pub fn written(&self) -> Written {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub fn is_full(&self) -> bool {
        let full = self.held.load(Ordering::Relaxed) + self.waiting.load(Ordering::Relaxed) >= self.bytes;
        if full {
            self.was_full.store(true, Ordering::Relaxed);
        }
        full
    }
}

/// What a spool is like now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpoolState {
    /// Bytes on disk.
    pub held: u64,
    /// Bytes allowed.
    pub most: u64,
    /// Number that the next message will get.
    pub next: u64,
    /// Batches that were refused because it was full or busy.
    pub refused: u64,
    /// Times the disk did not take a batch.
    pub disk_faults: u64,
    /// It is full now.
    pub full: bool,
}

/// Whether a sender that cannot wait is to be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Refuse when the batch cannot be taken soon: the sender keeps it (HTTP).
    Soon,
    /// Wait for as long as it takes: the sender is held back meanwhile (TCP, files).
    Held,
}

/// How long a sender that cannot wait does wait.
const SOON: Duration = Duration::from_secs(2);
/// Between two looks whether there is room again.
const LOOK: Duration = Duration::from_millis(100);

/// The way into the spool. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    pub(super) requests: mpsc::Sender<Request>,
    pub(super) shared: Arc<Shared>,
}

impl Gate {
    /// Hands a batch in and waits until it is durable.
    pub async fn submit(&self, batch: Batch, wanted: Wanted) -> Result<Receipt, Refused> {
        self.begin(batch, wanted).await?.await.map_err(|_| Refused::Closed)?
    }
    /// Hands a batch in; the answer comes when it is durable. A sender may have several under way.
    pub async fn begin(
        &self,
        batch: Batch,
        wanted: Wanted,
    ) -> Result<oneshot::Receiver<Result<Receipt, Refused>>, Refused> {
        let refuse = |why: Refused| {
            self.shared.refused.fetch_add(1, Ordering::Relaxed);
            Err(why)
        };
        while self.shared.is_full() {
            if self.shared.closed.load(Ordering::Relaxed) {
                return Err(Refused::Closed);
            }
            if wanted == Wanted::Soon {
                return refuse(Refused::Full);
            }
            tokio::time::sleep(LOOK).await;
        }
        let place = match wanted {
            Wanted::Held => self.requests.reserve().await,
            Wanted::Soon => match tokio::time::timeout(SOON, self.requests.reserve()).await {
                Ok(place) => place,
                Err(_) => return refuse(Refused::Busy),
            },
        };
        let place = place.map_err(|_| Refused::Closed)?;
        let (answer, answered) = oneshot::channel();
        self.shared.waiting.fetch_add(batch.size() as u64, Ordering::Relaxed);
        place.send(Request { batch, answer });
        Ok(answered)
    }
    /// What the spool is like now.
    pub fn state(&self) -> SpoolState {
        let shared = &self.shared;
        SpoolState {
            held: shared.held.load(Ordering::Relaxed),
            most: shared.bytes,
            next: shared.written().next,
            refused: shared.refused.load(Ordering::Relaxed),
            disk_faults: shared.disk_faults.load(Ordering::Relaxed),
            full: shared.is_full(),
        }
    }
    /// Whether it was full since this was asked last.
    pub fn was_full(&self) -> bool {
        self.shared.was_full.swap(false, Ordering::Relaxed)
    }
}
