//! Reads text of several encodings as UTF-8.

use encoding_rs::{CoderResult, Decoder};
use std::io::{self, Read};

/// How a text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encoding(pub(crate) &'static encoding_rs::Encoding);

impl Encoding {
    pub(crate) const UTF_8: Self = Self(encoding_rs::UTF_8);
    pub(crate) const WINDOWS_1252: Self = Self(encoding_rs::WINDOWS_1252);
}

/// The encoding that a byte order mark states.
pub(crate) fn encoding(head: &[u8]) -> Option<Encoding> {
    encoding_rs::Encoding::for_bom(head).map(|(encoding, _)| Encoding(encoding))
}

/// A stream of UTF-8 made from a stream of another encoding; a byte order mark is taken off and what cannot be
/// decoded becomes the replacement character.
pub(crate) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    input: Box<[u8]>,
    ready: std::ops::Range<usize>,
    output: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(inner: R, encoding: Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.0.new_decoder_with_bom_removal(),
            input: vec![0; 16 * 1024].into_boxed_slice(),
            ready: 0..0,
            output: Vec::new(),
            given: 0,
            ended: false,
        }
    }
    fn fill(&mut self) -> io::Result<()> {
        self.output.clear();
        self.given = 0;
        while self.output.is_empty() && !self.ended {
            if self.ready.is_empty() {
                let count = self.inner.read(&mut self.input)?;
                self.ready = 0..count;
                self.ended = count == 0;
            }
            self.output.resize(48 * 1024 + 16, 0);
            let source = &self.input[self.ready.clone()];
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(source, &mut self.output, self.ended);
            self.output.truncate(written);
            self.ready.start += read;
            // The output has room for three bytes per input byte, so it is never full before the input is empty;
            // should it be, the rest of the input is decoded by the next call.
            if result == CoderResult::OutputFull {
                self.ended = false;
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.output.len() {
            self.fill()?;
        }
        let count = (self.output.len() - self.given).min(buffer.len());
        buffer[..count].copy_from_slice(&self.output[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{Decoded, Encoding, encoding};
    use std::io::Read;

    #[test]
    fn utf_16_and_windows_1252_become_utf_8() {
        let mut wide = vec![0xff, 0xfe];
        wide.extend("Größe;1\r\n".encode_utf16().flat_map(u16::to_le_bytes));
        let mut text = String::new();
        Decoded::new(wide.as_slice(), encoding(&wide).unwrap()).read_to_string(&mut text).unwrap();
        assert_eq!(text, "Größe;1\r\n");
        let mut text = String::new();
        Decoded::new(b"caf\xe9 \x80".as_slice(), Encoding::WINDOWS_1252).read_to_string(&mut text).unwrap();
        assert_eq!(text, "café €");
    }
}
