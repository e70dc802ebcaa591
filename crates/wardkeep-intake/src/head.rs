//! The first bytes of a piece, looked at before its reader is chosen.

use crate::read::Body;
use crate::{HEAD_BYTES, Refusal};
use std::io::{self, Cursor, Read, SeekFrom};

/// The first bytes; a seekable body is rewound, a stream's are handed back to be put in front again, with the error
/// that followed them if there was one.
pub(crate) fn head(body: &mut Body<'_>) -> Result<Head, Refusal> {
    let mut broken = None;
    let mut head = Vec::new();
    let limit = HEAD_BYTES as u64;
    let read = match body {
        Body::Seekable(inner) => inner.take(limit).read_to_end(&mut head),
        Body::Stream(inner) => inner.take(limit).read_to_end(&mut head),
    };
    if let Err(error) = read {
        // A cut-off compressed stream may still hold whole lines.
        let refused = error.get_ref().is_some_and(
            <dyn std::error::Error + std::marker::Send + std::marker::Sync + 'static>::is::<Refusal>,
        );
        if head.is_empty() || refused {
            return Err(Refusal::from_io(&error));
        }
        broken = Some(error);
    }
    if let Body::Seekable(inner) = body {
        inner.seek(SeekFrom::Start(0)).map_err(|e| Refusal::from_io(&e))?;
    }
    Ok(Head { bytes: head, broken: Broken(broken) })
}

/// The first bytes of a piece.
pub(crate) struct Head {
    pub(crate) bytes: Vec<u8>,
    broken: Broken,
}

impl Head {
    /// A stream with its first bytes in front again.
    pub(crate) fn before(self, rest: &mut dyn Read) -> impl Read {
        Cursor::new(self.bytes).chain(self.broken).chain(rest)
    }
}

/// Gives an error once: a stream need not repeat the one that the head met.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
