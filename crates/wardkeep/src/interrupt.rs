//! Ctrl-C and the signals that ask a program to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Waits for Ctrl-C or a request to end.
pub async fn asked() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut end), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        else {
            let _ = tokio::signal::ctrl_c().await;
            return;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = end.recv() => {}
            _ = hang_up.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// A mark that Ctrl-C sets. The first asks the work to stop at the next safe place; the second ends at once:
/// what was not finished is taken up again by the next run.
pub fn stop_mark() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let mark = stop.clone();
    tokio::spawn(async move {
        asked().await;
        mark.store(true, Ordering::Relaxed);
        crate::output::note(
            "Stopping at the next safe place. Ctrl-C again stops at once; nothing is lost either way.",
        );
        asked().await;
        std::process::exit(crate::exit::Exit::Interrupted as i32);
    });
    stop
}
