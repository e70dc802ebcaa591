//! A hold on the data folder's files: as long as somebody copies them, nobody deletes any.
//!
//! Who copies (a backup) takes a shared hold, who deletes (an erasure, compaction of events) an exclusive one
//! and waits. The hold is a lock of the operating system on one file, so it ends with its process.

use crate::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// Held until it is dropped.
#[derive(Debug)]
pub struct Hold {
    _file: File,
}

impl Hold {
    /// For copying: others may copy too. Waits while somebody deletes.
    pub async fn shared(data_folder: &Path) -> Result<Self, StoreError> {
        Self::take(data_folder, File::lock_shared).await
    }
    /// For deleting: alone. Waits until nobody copies.
    pub async fn exclusive(data_folder: &Path) -> Result<Self, StoreError> {
        Self::take(data_folder, File::lock).await
    }
    /// For deleting, if nobody copies just now.
    pub fn try_exclusive(data_folder: &Path) -> Result<Option<Self>, StoreError> {
        let file = open(data_folder)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(fault(data_folder, cause)),
        }
    }
    async fn take(folder: &Path, lock: fn(&File) -> std::io::Result<()>) -> Result<Self, StoreError> {
        let folder = folder.to_owned();
        let taken = tokio::task::spawn_blocking(move || {
            let file = open(&folder)?;
            lock(&file).map_err(|cause| fault(&folder, cause))?;
            Ok(Self { _file: file })
        });
        taken.await.map_err(|e| StoreError::Inconsistent(format!("waiting for the files: {e}")))?
    }
}

fn open(folder: &Path) -> Result<File, StoreError> {
    let open = || {
        std::fs::create_dir_all(folder)?;
        OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(".hold"))
    };
    open().map_err(|cause| fault(folder, cause))
}

fn fault(folder: &Path, cause: std::io::Error) -> StoreError {
    StoreError::File { path: folder.join(".hold").display().to_string(), cause }
}
