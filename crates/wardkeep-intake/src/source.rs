//! A file to read, wherever its bytes are.

use crate::Refusal;
use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkeep_types::Moment;

/// A file's display name, its date and its bytes.
pub struct Source {
    pub(crate) name: Arc<str>,
    pub(crate) modified: Moment,
    bytes: Bytes,
}

enum Bytes {
    Path(PathBuf),
    Memory(Vec<u8>),
    Stream(Box<dyn Read + Send>),
}

/// A reader that can go back: archives keep their list of members at the end.
pub(crate) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// An opened source.
pub(crate) enum Input {
    Seekable(Box<dyn ReadSeek>),
    Stream(Box<dyn Read + Send>),
}

impl Source {
    /// A file on disk. Its modification date gives logs without a year their year.
    pub fn file(path: impl Into<PathBuf>, display: impl Into<Arc<str>>) -> io::Result<Self> {
        let path = path.into();
        let modified = modified(&path)?;
        Ok(Self { name: display.into(), modified, bytes: Bytes::Path(path) })
    }
    /// Bytes in memory, such as an upload.
    pub fn memory(display: impl Into<Arc<str>>, modified: Moment, bytes: Vec<u8>) -> Self {
        Self { name: display.into(), modified, bytes: Bytes::Memory(bytes) }
    }
    /// Bytes that can be read only once, such as standard input. ZIP archives and workbooks need to go back
    /// and are held in memory then, up to `limits::EVIDENCE_BYTES`.
    pub fn stream(display: impl Into<Arc<str>>, modified: Moment, bytes: Box<dyn Read + Send>) -> Self {
        Self { name: display.into(), modified, bytes: Bytes::Stream(bytes) }
    }
    /// The name as displayed, which becomes `Event::source`.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Where it lies on disk, for a file.
    pub fn path(&self) -> Option<&Path> {
        match &self.bytes {
            Bytes::Path(path) => Some(path),
            Bytes::Memory(_) | Bytes::Stream(_) => None,
        }
    }
    /// When it was last changed.
    pub fn modified(&self) -> Moment {
        self.modified
    }
    pub(crate) fn open(self) -> Result<Input, Refusal> {
        match self.bytes {
            Bytes::Path(path) => {
                let file = File::open(path).map_err(|e| Refusal::from_io(&e))?;
                Ok(Input::Seekable(Box::new(file)))
            }
            Bytes::Memory(bytes) => Ok(Input::Seekable(Box::new(Cursor::new(bytes)))),
            Bytes::Stream(stream) => Ok(Input::Stream(stream)),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("modified", &self.modified)
            .finish_non_exhaustive()
    }
}

fn modified(path: &Path) -> io::Result<Moment> {
    let since = path.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH);
    // A file dated before 1970 says nothing useful about a log's year.
    Ok(since.map_or(Moment::EPOCH, |length| {
        Moment::from_micros(i64::try_from(length.as_micros()).unwrap_or(i64::MAX))
    }))
}
