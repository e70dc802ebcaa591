//! Live intake: sockets, framing, file tails and the spool. Bytes in, batches out.
//!
//! Whatever arrives becomes a [`Batch`] of messages and goes through the [`Gate`] into the [`Spool`]: files that only
//! grow, with checksums, made durable for many batches at once. Only then is a batch acknowledged. Whoever works on
//! the messages reads them from the spool with a [`Cursor`] and says up to where they are done with.
//!
//! Memory and disk are bounded. When the gate is full, TCP senders are not read from, HTTP senders are told to come
//! back, and what the kernel drops of UDP is counted from its own counters.

mod batch;
mod frame;
mod kernel;
mod net;
mod spool;
mod tail;
mod unpack;

pub use batch::{Batch, Mark};
pub use frame::{Framed, Framer, Framing};
pub use kernel::{KernelDrops, udp_drops};
pub use net::{Counts, ListenError, Listening, LossMeter, Losses, NetOptions, TlsOptions, check_tls, listen};
pub use spool::{
    Cursor, Gate, Next, Receipt, Refused, Spool, SpoolError, SpoolOptions, SpoolState, Stored, Wanted,
};
pub use tail::{Tail, TailCounts, TailOptions, TailPath};
pub use unpack::{Packing, UnpackError, unpack};
