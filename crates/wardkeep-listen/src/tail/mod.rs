//! Follows log files and folders of them.
//!
//! Where a file was read up to is remembered in the spool together with what was read, so that a crash neither loses
//! nor doubles a line. A file is known by its content (a hash of its beginning and of what lies before the place up
//! to which it was read) and by its inode: renamed, copied or packed, it stays the same file.

mod chunk;
mod found;
mod identity;
mod poll;

use crate::Gate;
use poll::Follower;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Handle;
use wardkeep_types::{Clock, Moment};

/// A file or folder to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailPath {
    /// A log file, whose rotations beside it are finished too; or a folder, whose files are all followed.
    pub path: PathBuf,
    /// When it is seen for the first time, begin at its end.
    pub from_end: bool,
}

/// What to follow, and the bounds.
#[derive(Debug, Clone)]
pub struct TailOptions {
    /// Files and folders.
    pub paths: Vec<TailPath>,
    /// Bytes of a line; what is longer is cut.
    pub line_bytes: usize,
    /// Files of one folder, or rotations of one file.
    pub files: usize,
    /// Times a packed rotation may grow.
    pub ratio: u64,
    /// Time between two looks.
    pub pause: Duration,
    /// When the program came up: what was rotated since then is read, also before the first look.
    pub since: Moment,
}

/// What happened to followed files, since the program was started.
#[derive(Debug, Default)]
pub struct TailCounts {
    /// Lines taken.
    pub messages: AtomicU64,
    /// Lines that were cut because they were too long.
    pub cut: AtomicU64,
    /// Times a file was found to be renamed, copied or packed, and was read on where it had been left.
    pub moved: AtomicU64,
    /// Times a file was found to begin anew.
    pub restarted: AtomicU64,
    faults: Mutex<BTreeMap<String, String>>,
}

impl TailCounts {
    /// Files that cannot be read now, and why.
    pub fn faults(&self) -> BTreeMap<String, String> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    fn fault(&self, path: &std::path::Path, why: Option<String>) {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let path = path.display().to_string();
        match why {
            Some(why) => {
                if faults.get(&path) != Some(&why) {
                    tracing::warn!(path, why, "a log file cannot be read");
                }
                faults.insert(path, why);
            }
            None => {
                faults.remove(&path);
            }
        }
    }
}

/// The thread that follows files.
pub struct Tail {
    counts: Arc<TailCounts>,
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Tail {
    /// Starts following. `marks` are those of the spool behind the gate.
    pub fn start(
        options: TailOptions,
        gate: Gate,
        marks: &BTreeMap<Arc<str>, Vec<u8>>,
        clock: Arc<dyn Clock>,
        runtime: Handle,
    ) -> std::io::Result<Self> {
        let counts = Arc::new(TailCounts::default());
        let (stop, stopped) = channel();
        let mut follower = Follower::new(options, gate, marks, clock, runtime, counts.clone());
        let thread = std::thread::Builder::new().name("tail".into()).spawn(move || {
            loop {
                let busy = follower.look();
                let pause = if busy { Duration::ZERO } else { follower.pause() };
                match stopped.recv_timeout(pause) {
                    Err(RecvTimeoutError::Timeout) if !follower.over() => {}
                    _ => return,
                }
            }
        })?;
        Ok(Self { counts, stop, thread: Some(thread) })
    }
    /// What happened so far.
    pub fn counts(&self) -> &Arc<TailCounts> {
        &self.counts
    }
    /// Stops; what was read is handed in first.
    pub fn close(mut self) {
        let _ = self.stop.send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
