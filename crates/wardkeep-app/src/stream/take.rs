//! Records that arrive over HTTP.

use crate::{App, Error};
use std::sync::Arc;
use wardkeep_listen::{Batch, Packing, Refused, UnpackError, Wanted, unpack};
use wardkeep_types::limits;

/// What was sent.
#[derive(Debug)]
pub struct Sent<'s> {
    /// The source's token.
    pub token: &'s str,
    /// The body as it came.
    pub body: Vec<u8>,
    /// How it is packed.
    pub packing: Packing,
    /// The whole body is one piece of JSON, not lines.
    pub whole: bool,
    /// The sender's key for this delivery; equal bodies are one delivery without it.
    pub key: Option<&'s str>,
}

/// What was taken; it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventsTaken {
    /// Messages.
    pub messages: usize,
    /// Messages that were cut because they were too long.
    pub cut: u64,
    /// The same delivery came before and was taken then.
    pub repeated: bool,
}

/// Why nothing was taken.
#[derive(Debug)]
pub enum TakeRefusal {
    /// This process takes nothing in over HTTP.
    Off,
    /// The token is unknown, or its source is retired.
    Unknown,
    /// The body is too large, or grows too much.
    TooLarge(String),
    /// The body cannot be read.
    Unreadable(String),
    /// Come back in so many seconds.
    Busy(u64, String),
    /// We failed.
    Fault(Error),
}

impl From<Error> for TakeRefusal {
    fn from(error: Error) -> Self {
        Self::Fault(error)
    }
}

impl App {
    /// Takes a body of log records from the source whose token it carries.
    pub async fn take_events(&self, sent: Sent<'_>) -> Result<EventsTaken, TakeRefusal> {
        let live = self.live().filter(|_| self.config.intake.http).ok_or(TakeRefusal::Off)?;
        let source: Arc<str> = self.source_of_token(sent.token).await?.ok_or(TakeRefusal::Unknown)?.into();
        if live.gate.state().full {
            return Err(TakeRefusal::Busy(10, Refused::Full.to_string()));
        }
        let (body, packing, whole, now) = (sent.body, sent.packing, sent.whole, self.clock.now());
        let key = sent.key.map(str::to_owned);
        let made = tokio::task::spawn_blocking(move || {
            let body = match packing {
                Packing::Plain => body,
                packed => unpack(&body, packed, limits::DOCUMENT_BYTES as usize, limits::EXPANSION_RATIO)?,
            };
            let mut hasher = blake3::Hasher::new();
            hasher.update(source.as_bytes());
            match &key {
                Some(key) => hasher.update(b"\0key\0").update(key.as_bytes()),
                None => hasher.update(b"\0body\0").update(&body),
            };
            let mut batch = Batch::new(source, now);
            let mut id = [0; 16];
            id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
            batch.key = Some(id);
            let cut = if whole {
                batch.push(&body);
                0
            } else {
                batch.push_lines(&body, limits::LOG_LINE_BYTES)
            };
            Ok((batch, cut))
        });
        let made = made.await.map_err(|error| TakeRefusal::Fault(Error::fault(error)))?;
        let (batch, cut) = made.map_err(|error: UnpackError| match error {
            UnpackError::Broken(_) => TakeRefusal::Unreadable(error.to_string()),
            _ => TakeRefusal::TooLarge(error.to_string()),
        })?;
        if batch.is_empty() {
            return Ok(EventsTaken { messages: 0, cut, repeated: false });
        }
        match live.gate.submit(batch, Wanted::Soon).await {
            Ok(receipt) => Ok(EventsTaken { messages: receipt.messages, cut, repeated: receipt.repeated }),
            Err(Refused::Full) => Err(TakeRefusal::Busy(10, Refused::Full.to_string())),
            Err(refused @ (Refused::Busy | Refused::Closed)) => {
                Err(TakeRefusal::Busy(1, refused.to_string()))
            }
            Err(refused @ Refused::Disk(_)) => Err(TakeRefusal::Busy(30, refused.to_string())),
        }
    }
}
