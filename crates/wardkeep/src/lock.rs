//! One process at a time where two would be in each other's way: `serve` on a data folder, `assess` on its events.
//!
//! The lock is the operating system's, on an open file, so it ends with its process however that ends. The file's
//! text says who holds it; a text that was left behind by a dead process holds nothing.

use crate::exit::Failure;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use wardkeep_types::Moment;

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Serving pages and running the background work.
    Serve,
    /// Reading evidence into the event files.
    Assess,
}

impl What {
    const fn file(self) -> &'static str {
        match self {
            Self::Serve => ".serve.lock",
            Self::Assess => ".assess.lock",
        }
    }
    const fn sentence(self) -> &'static str {
        match self {
            Self::Serve => "another Wardkeep serves this data folder already",
            Self::Assess => "another assessment writes to this data folder just now",
        }
    }
    const fn remedy(self) -> &'static str {
        match self {
            Self::Serve => "use that one, stop it first, or name another folder with --data",
            Self::Assess => "wait until it is done, or name another folder with --data",
        }
    }
}

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock, or says who has it.
    pub fn take(folder: &Path, what: What, now: Moment) -> anyhow::Result<Self> {
        let path = folder.join(what.file());
        let place = |error: std::io::Error| {
            let remedy = "give this account the right to write there, or name another folder with --data";
            Failure::refused("read_only", format!("the lock file cannot be written: {error}"))
                .at(path.display())
                .remedy(remedy)
        };
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(place)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = std::io::Read::take(&mut file, 400).read_to_string(&mut holder);
                let holder = holder.trim();
                let by = if holder.is_empty() { String::new() } else { format!(": {holder}") };
                let what_said = format!("{}{by}", what.sentence());
                return Err(Failure::refused("in_use", what_said)
                    .at(folder.display())
                    .remedy(what.remedy())
                    .into());
            }
            Err(TryLockError::Error(error)) => return Err(place(error).into()),
        }
        let mut lock = Self { file };
        let since = wardkeep_report::words::moment(now);
        lock.tell(&format!("process {}, since {since}", std::process::id())).map_err(place)?;
        Ok(lock)
    }
    /// Says more about who holds it.
    pub fn tell(&mut self, text: &str) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        writeln!(self.file, "{text}")
    }
}

/// The address of the pages of a running `serve` of this data folder, as it wrote it into its lock.
pub fn serving_at(folder: &Path) -> Option<String> {
    let mut file = OpenOptions::new().read(true).open(folder.join(What::Serve.file())).ok()?;
    if !matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return None; // what a dead process left behind
    }
    let mut text = String::new();
    std::io::Read::take(&mut file, 400).read_to_string(&mut text).ok()?;
    text.split(", ").find(|part| part.starts_with("http")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Lock, What, serving_at};
    use wardkeep_types::Moment;

    #[test]
    fn the_second_is_told_who_was_first() {
        let dir = tempfile::tempdir().unwrap();
        let mut first = Lock::take(dir.path(), What::Serve, Moment::EPOCH).unwrap();
        let said = Lock::take(dir.path(), What::Serve, Moment::EPOCH).unwrap_err().to_string();
        assert!(said.contains(&format!("process {}", std::process::id())), "{said}");
        assert!(Lock::take(dir.path(), What::Assess, Moment::EPOCH).is_ok());
        first.tell("process 7, http://127.0.0.1:8431, since noon").unwrap();
        assert_eq!(serving_at(dir.path()).as_deref(), Some("http://127.0.0.1:8431"));
        drop(first);
        assert_eq!(serving_at(dir.path()), None, "a lock that nobody holds says nothing");
        assert!(Lock::take(dir.path(), What::Serve, Moment::EPOCH).is_ok());
    }
}
