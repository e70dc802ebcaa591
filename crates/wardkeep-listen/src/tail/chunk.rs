//! The content of a file, plain or packed, from any place on.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// An opened file. A packed one is read from its start again when one goes back in it.
pub(super) struct Content {
    file: File,
    packed: Option<Packed>,
    ratio: u64,
    size: u64,
}

#[derive(Clone, Copy)]
enum Kind {
    Gzip,
    Zstd,
}

struct Packed {
    kind: Kind,
    stream: Option<(u64, Box<dyn Read + Send>)>,
}

/// Unpacked bytes that are always allowed, however small the packed file is.
const ALLOWED: u64 = 16 * 1024 * 1024;

/// Whether a name says that the file is packed.
pub(super) fn is_packed(path: &Path) -> bool {
    kind_of(path).is_some()
}

fn kind_of(path: &Path) -> Option<Kind> {
    match path.extension()?.to_str()? {
        "gz" => Some(Kind::Gzip),
        "zst" => Some(Kind::Zstd),
        _ => None,
    }
}

impl Content {
    pub fn open(path: &Path, ratio: u64) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let packed = kind_of(path).map(|kind| Packed { kind, stream: None });
        Ok(Self { file, packed, ratio, size })
    }
    /// The file that was opened: a name may have got another one since it was looked up.
    pub fn inode(&self) -> io::Result<(u64, u64)> {
        let meta = self.file.metadata()?;
        Ok((meta.dev(), meta.ino()))
    }
    /// At most `length` bytes from a place on; fewer at the end.
    pub fn bytes(&mut self, from: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        if let Some(packed) = &mut self.packed {
            let stream = match packed.stream.take() {
                Some((at, stream)) if at <= from => Some((at, stream)),
                _ => None,
            };
            let (mut at, mut stream) = match stream {
                Some(open) => open,
                None => (0, unpacked(&self.file, packed.kind)?),
            };
            if from.saturating_add(length) > (self.size.saturating_mul(self.ratio)).max(ALLOWED) {
                return Err(io::Error::other("it grows too much when it is unpacked"));
            }
            at += io::copy(&mut (&mut stream).take(from - at), &mut io::sink())?;
            if at == from {
                at += (&mut stream).take(length).read_to_end(&mut out)? as u64;
            }
            packed.stream = Some((at, stream));
        } else {
            self.file.seek(SeekFrom::Start(from))?;
            (&mut self.file).take(length).read_to_end(&mut out)?;
        }
        Ok(out)
    }
}

fn unpacked(file: &File, kind: Kind) -> io::Result<Box<dyn Read + Send>> {
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(0))?;
    Ok(match kind {
        Kind::Gzip => Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::new(file))),
        Kind::Zstd => Box::new(zstd::Decoder::new(file)?),
    })
}
