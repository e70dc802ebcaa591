//! The data folder: `wardkeep.db`, `events/`, `files/`, `spool/`, `keys/`, `wardkeep.toml`.

use crate::Error;
use std::path::{Path, PathBuf};

/// Where an installation keeps what is not in PostgreSQL or S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// Makes the folder and its parts where they are missing; `keys/` is for its owner alone.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let folder = Self(path.to_owned());
        for part in [
            folder.0.clone(),
            folder.events(),
            folder.files(),
            folder.spool(),
            folder.keys(),
            folder.backups(),
        ] {
            std::fs::create_dir_all(&part).map_err(|e| Error::fault(explain(&part, &e)))?;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let private = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(folder.keys(), private)
                .map_err(|e| Error::fault(explain(&folder.keys(), &e)))?;
        }
        Ok(folder)
    }
    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }
    /// The SQLite file.
    pub fn database(&self) -> PathBuf {
        self.0.join("wardkeep.db")
    }
    /// Parquet files of events.
    pub fn events(&self) -> PathBuf {
        self.0.join("events")
    }
    /// Content-addressed files.
    pub fn files(&self) -> PathBuf {
        self.0.join("files")
    }
    /// Received and not yet stored.
    pub fn spool(&self) -> PathBuf {
        self.0.join("spool")
    }
    /// Secrets, mode 0600.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }
    /// Automatic backups.
    pub fn backups(&self) -> PathBuf {
        self.0.join("backups")
    }
    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.0.join("wardkeep.toml")
    }
}

fn explain(path: &Path, error: &std::io::Error) -> String {
    format!(
        "{}: {error}; check that the folder exists, is writable and has space, or name another with --data",
        path.display()
    )
}
