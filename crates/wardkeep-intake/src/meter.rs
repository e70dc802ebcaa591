//! Counts bytes going in and coming out, and stops what grows too much.

use crate::{Limits, Refusal};
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

/// Free growth before the ratio counts.
const FREE_BYTES: u64 = 10 * 1024 * 1024;

/// Bytes taken from the outermost file and bytes that came out of archives.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    pub(crate) taken: Cell<u64>,
    expanded: Cell<u64>,
    size: Cell<Option<u64>>,
}

impl Meter {
    /// Bytes in the outermost file, when known: reading the same bytes twice is no growth allowance.
    pub(crate) fn set_size(&self, size: u64) {
        self.size.set(Some(size));
    }
    fn expand(&self, bytes: u64, limits: &Limits) -> io::Result<()> {
        let expanded = self.expanded.get() + bytes;
        self.expanded.set(expanded);
        let base = self.size.get().map_or(self.taken.get(), |size| self.taken.get().min(size)).max(1);
        if expanded > limits.expansion_bytes {
            let text =
                format!("The archive holds more than {} MiB when unpacked.", limits.expansion_bytes >> 20);
            return Err(Refusal::new("bomb", text, "Unpack it and give the files one by one.").into_io());
        }
        if expanded > FREE_BYTES && expanded / base > limits.expansion_ratio {
            let text = format!(
                "The archive grows more than {} times and was stopped after {} MiB.",
                limits.expansion_ratio,
                expanded >> 20
            );
            return Err(Refusal::new("bomb", text, "Unpack it and give the files one by one.").into_io());
        }
        Ok(())
    }
}

/// Counts what is taken from the outermost file.
pub(crate) struct Taken<R>(pub(crate) R, pub(crate) Rc<Meter>);

impl<R: Read> Read for Taken<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.taken.set(self.1.taken.get() + count as u64);
        Ok(count)
    }
}

impl<R: Seek> Seek for Taken<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// Counts what comes out of a decompressor and stops a bomb.
pub(crate) struct Expanded<'a, R> {
    pub(crate) inner: R,
    pub(crate) meter: Rc<Meter>,
    pub(crate) limits: &'a Limits,
}

impl<R: Read> Read for Expanded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.expand(count as u64, self.limits)?;
        Ok(count)
    }
}

/// A buffered reader that knows its byte offset and line, and can hold a single item to a budget.
pub(crate) struct Located<R> {
    inner: BufReader<R>,
    /// Bytes consumed.
    pub(crate) byte: u64,
    /// Line feeds consumed, plus one.
    pub(crate) line: u64,
    budget: Option<u64>,
}

impl<R: Read> Located<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner: BufReader::with_capacity(64 * 1024, inner), byte: 0, line: 1, budget: None }
    }
    /// The reader below.
    pub(crate) fn inner(&self) -> &R {
        self.inner.get_ref()
    }
    /// From here on at most `bytes` may be consumed before the next call.
    pub(crate) fn allow(&mut self, bytes: u64) {
        self.budget = Some(bytes);
    }
}

impl<R: Read> Read for Located<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(out.len());
        out[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Located<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.budget == Some(0) {
            let text = "One item of the file is longer than 16 MiB.";
            return Err(Refusal::new("too_long", text, "Check that the file is what it should be.").into_io());
        }
        self.inner.fill_buf()
    }
    fn consume(&mut self, count: usize) {
        let ready = self.inner.buffer();
        let taken = &ready[..count.min(ready.len())];
        self.line += memchr::memchr_iter(b'\n', taken).count() as u64;
        self.byte += count as u64;
        if let Some(left) = &mut self.budget {
            *left = left.saturating_sub(count as u64);
        }
        self.inner.consume(count);
    }
}
