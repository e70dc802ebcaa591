//! Ctrl-C and the signals that ask a program to end.

use crate::exit::Exit;
use crate::output::note;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ears for Ctrl-C and requests to end. From their making on, no request is missed and none kills the process.
pub struct Ears {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 3],
}

impl Ears {
    /// Begins to listen.
    #[cfg(unix)]
    pub fn open() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let [interrupt, terminate, hang_up] = kinds.map(signal);
        Ok(Self { signals: [interrupt?, terminate?, hang_up?] })
    }
    /// Begins to listen.
    #[cfg(not(unix))]
    pub fn open() -> std::io::Result<Self> {
        Ok(Self {})
    }
    /// Waits for the next request.
    pub async fn asked(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate, hang_up] = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
        }
        #[cfg(not(unix))]
        {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

/// A mark that Ctrl-C sets. The first asks the work to stop at the next safe place; the second ends at once:
/// what was not finished is taken up again by the next run.
pub fn stop_mark() -> std::io::Result<Arc<AtomicBool>> {
    let (stop, mut ears) = (Arc::new(AtomicBool::new(false)), Ears::open()?);
    let mark = stop.clone();
    tokio::spawn(async move {
        ears.asked().await;
        mark.store(true, Ordering::Relaxed);
        note("Stopping at the next safe place. Ctrl-C again stops at once; nothing is lost either way.");
        ears.asked().await;
        std::process::exit(Exit::Interrupted as i32);
    });
    Ok(stop)
}
