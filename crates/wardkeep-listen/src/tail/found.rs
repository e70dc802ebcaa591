//! The files that a path of the configuration stands for.

use super::identity::Node;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// A file of a path.
pub(super) struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// What the system says of it.
    pub meta: Metadata,
    /// The file that the configuration names, or any of a folder.
    pub wanted: bool,
}

impl Found {
    /// Device and inode.
    pub fn inode(&self) -> (u64, u64) {
        (self.meta.dev(), self.meta.ino())
    }
    /// Device, inode and size.
    pub fn node(&self) -> Node {
        (self.meta.dev(), self.meta.ino(), self.meta.len())
    }
    /// Size and change time: while they stay, nothing is new.
    pub fn stamp(&self) -> (u64, i64, i64) {
        (self.meta.len(), self.meta.mtime(), self.meta.mtime_nsec())
    }
    /// When it was written last, microseconds since 1970.
    pub fn changed(&self) -> i64 {
        self.meta.mtime().saturating_mul(1_000_000) + self.meta.mtime_nsec() / 1_000
    }

    /// A log file with its rotations, or the files of a folder, oldest first.
    pub fn all(root: &Path) -> io::Result<Vec<Self>> {
        let is_folder = root.is_dir();
        let folder = if is_folder { root } else { root.parent().unwrap_or(Path::new(".")) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let name = root.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(file) = entry.file_name().into_string() else { continue };
            let (own, rotation) = if is_folder {
                (!file.starts_with('.'), false)
            } else {
                let rest = file.strip_prefix(name);
                (rest == Some(""), rest.is_some_and(|rest| rest.starts_with(['.', '-', '_'])))
            };
            // Links are followed: logs often are.
            let Ok(meta) = std::fs::metadata(entry.path()) else { continue };
            if (own || rotation) && meta.is_file() {
                found.push(Self { path: entry.path(), meta, wanted: own });
            }
        }
        found.sort_by(|a, b| {
            (a.wanted && !is_folder).cmp(&(b.wanted && !is_folder)).then_with(|| {
                // Of two files of one moment, the rotation is the older: its name is the longer one.
                let time = |file: &Self| (file.meta.mtime(), file.meta.mtime_nsec());
                time(a).cmp(&time(b)).then_with(|| b.path.cmp(&a.path))
            })
        });
        Ok(found)
    }
}
