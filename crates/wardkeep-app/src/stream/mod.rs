//! Live intake: from the spool to events, alerts and the register of log sources.
//!
//! # What happens in which order
//!
//! A record is acknowledged when it is in the spool, on disk. One thread reads the spool in order and gives each
//! message a number that never changes; the event's id is made of it. Another matches the events, in that order. For
//! every stretch of messages
//!
//! 1. events are made, rules are run over them, and they are shown in [`Hot`];
//! 2. alerts are written: new ones at once, growth of known ones now and then. With each alert stands the number of
//!    the message up to which its hits are counted (`stream_alert`);
//! 3. the events are written to Parquet files, which are durable before anybody knows of them;
//! 4. one transaction names these files, adds to the counters of the sources, and moves the checkpoint to the number
//!    after the last message, together with what the correlations remember and what growth is not written yet;
//! 5. the events leave [`Hot`], and segments of the spool that lie before the checkpoint are removed.
//!
//! A crash before 4 leaves the checkpoint where it was: the stretch is read again with the same numbers, so events
//! get the same ids, files that no transaction names are swept away, and hits of an alert that were counted already
//! are left out by its number. A crash after 4 only leaves segments that the next release removes. So nothing that
//! was acknowledged is lost and nothing is double, wherever the program dies. Records that a reader joins from several
//! lines are closed at each checkpoint.

mod commit;
mod hot;
mod panel;
mod read;
mod run;
mod silence;
mod sources;
mod take;
mod worker;

pub use hot::Hot;
pub use panel::{LimitOf, SourcePanel};
pub use run::{Running, start};
pub use sources::{NewSource, SourceLine};
pub use take::{EventsTaken, Sent, TakeRefusal};

pub use silence::IntakeTroubles;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wardkeep_listen::Gate;
pub use wardkeep_listen::{Losses, Packing, SpoolState, TlsOptions, check_tls, udp_drops};

/// Live intake of this process.
pub struct Live {
    pub(crate) gate: Gate,
    hot: Arc<Hot>,
    status: Arc<Status>,
}

/// Counters of the worker.
#[derive(Debug, Default)]
pub(crate) struct Status {
    events: AtomicU64,
    faults: AtomicU64,
    /// Number after the last message that was worked on.
    worked: AtomicU64,
    /// Number after the last message behind the checkpoint.
    checkpoint: AtomicU64,
    alerts: AtomicU64,
    /// Time between the receipt of the last message and its being worked on, microseconds.
    lag: AtomicU64,
}

/// Where live intake stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveState {
    /// The spool.
    pub spool: SpoolState,
    /// Events made since the start.
    pub events: u64,
    /// Records that could not be understood, since the start.
    pub faults: u64,
    /// Alerts that were written or grew, since the start.
    pub alerts: u64,
    /// Messages that wait in the spool.
    pub waiting: u64,
    /// Number after the last message behind the checkpoint.
    pub checkpoint: u64,
    /// Microseconds from receipt to work, of the last message.
    pub lag_micros: u64,
}

impl Live {
    /// Events that do not stand in their files yet.
    pub fn hot(&self) -> &Arc<Hot> {
        &self.hot
    }
    /// Where it stands.
    pub fn state(&self) -> LiveState {
        let (spool, status) = (self.gate.state(), &self.status);
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        LiveState {
            spool,
            events: read(&status.events),
            faults: read(&status.faults),
            alerts: read(&status.alerts),
            waiting: spool.next.saturating_sub(read(&status.worked)),
            checkpoint: read(&status.checkpoint),
            lag_micros: read(&status.lag),
        }
    }
}

impl crate::App {
    /// Live intake, if this process runs it.
    pub fn live(&self) -> Option<&Arc<Live>> {
        self.intake.get()
    }
    /// Events that were received and do not stand in their files yet; empty when this process takes nothing in.
    pub fn hot_events(&self) -> Vec<Arc<Vec<wardkeep_types::event::Event>>> {
        self.intake.get().map(|live| live.hot.events()).unwrap_or_default()
    }
}
