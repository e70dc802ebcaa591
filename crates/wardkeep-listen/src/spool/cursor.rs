//! Reading the spool in order.

use super::gate::{Shared, Written};
use super::open::{SpoolError, segment_path, segments};
use super::record::{Content, HEADER, MAGIC, header, read};
use crate::batch::Batch;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// A batch from the spool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Number of its first message.
    pub first: u64,
    /// The messages.
    pub batch: Batch,
}

/// What a cursor found.
#[derive(Debug)]
pub enum Next {
    /// A batch. Its first messages may lie before the place that was asked for.
    Batch(Stored),
    /// Nothing came within the time.
    Quiet,
    /// The spool was closed and everything in it was read.
    Closed,
}

/// A reader of the spool. It sees only what is durable.
pub struct Cursor {
    folder: PathBuf,
    shared: Arc<Shared>,
    next: u64,
    open: Option<(u64, File, u64)>,
    damaged: u64,
}

impl Cursor {
    pub(super) fn new(folder: PathBuf, shared: Arc<Shared>, next: u64) -> Self {
        Self { folder, shared, next, open: None, damaged: 0 }
    }
    /// Number of the next message that it will give.
    pub fn position(&self) -> u64 {
        self.next
    }
    /// Bytes that it had to pass over because they are damaged.
    pub fn damaged(&self) -> u64 {
        self.damaged
    }
    /// The next batch; waits for one for at most `patience`.
    pub fn next(&mut self, patience: Duration) -> Result<Next, SpoolError> {
        let mut waited = false;
        loop {
            if let Some(stored) = self.step()? {
                self.next = stored.first + stored.batch.len() as u64;
                return Ok(Next::Batch(stored));
            }
            if self.shared.closed.load(Ordering::Relaxed) && self.shared.written().next <= self.next {
                return Ok(Next::Closed);
            }
            if waited {
                return Ok(Next::Quiet);
            }
            let written = self.shared.written.lock().unwrap_or_else(PoisonError::into_inner);
            if written.next <= self.next {
                drop(self.shared.grown.wait_timeout(written, patience));
                waited = true;
            }
        }
    }

    /// One batch that is not read yet, if there is one.
    fn step(&mut self) -> Result<Option<Stored>, SpoolError> {
        let written = self.shared.written();
        if written.next <= self.next {
            return Ok(None);
        }
        if self.open.is_none() && !self.seek()? {
            return Ok(None);
        }
        loop {
            let Some((segment, mut file, at)) = self.open.take() else { return Ok(None) };
            let end = self.end_of(segment, &file, written)?;
            match self.record(segment, &mut file, at, end)? {
                Some((content, after)) => {
                    self.open = Some((segment, file, after));
                    let Content::Batch(first, batch) = content else { continue };
                    if first + batch.len() as u64 > self.next {
                        return Ok(Some(Stored { first, batch }));
                    }
                }
                None if segment < written.segment => {
                    let following = self.segments()?.into_iter().find(|other| *other > segment);
                    self.open = following.map(|following| self.open_at(following)).transpose()?;
                }
                None => {
                    self.open = Some((segment, file, end));
                    // Damage at the end of what was written must not be looked for again and again.
                    self.next = self.next.max(written.next);
                    return Ok(None);
                }
            }
        }
    }
    /// Opens the segment in which the next message lies.
    fn seek(&mut self) -> Result<bool, SpoolError> {
        let known = self.segments()?;
        let place = known.partition_point(|first| *first <= self.next).saturating_sub(1);
        let Some(segment) = known.get(place) else { return Ok(false) };
        self.open = Some(self.open_at(*segment)?);
        Ok(true)
    }
    fn segments(&self) -> Result<Vec<u64>, SpoolError> {
        segments(&self.folder).map_err(|error| SpoolError::at(&self.folder, &error))
    }
    fn open_at(&self, segment: u64) -> Result<(u64, File, u64), SpoolError> {
        let path = segment_path(&self.folder, segment);
        let file = File::open(&path).map_err(|error| SpoolError::at(&path, &error))?;
        Ok((segment, file, 0))
    }
    fn end_of(&self, segment: u64, file: &File, written: Written) -> Result<u64, SpoolError> {
        if segment == written.segment {
            return Ok(written.length);
        }
        let path = segment_path(&self.folder, segment);
        Ok(file.metadata().map_err(|error| SpoolError::at(&path, &error))?.len())
    }
    /// The record at a place, or the first whole one after it.
    fn record(
        &mut self,
        segment: u64,
        file: &mut File,
        mut at: u64,
        end: u64,
    ) -> Result<Option<(Content, u64)>, SpoolError> {
        let path = segment_path(&self.folder, segment);
        let wrong = |error| SpoolError::at(&path, &error);
        let mut head = [0; HEADER];
        while at + HEADER as u64 <= end {
            file.seek(SeekFrom::Start(at)).map_err(wrong)?;
            file.read_exact(&mut head).map_err(wrong)?;
            if let Some((length, sum)) = header(&head)
                && at + (HEADER + length) as u64 <= end
            {
                let mut body = vec![0; length];
                file.read_exact(&mut body).map_err(wrong)?;
                if let Some(content) = read(&body, sum) {
                    return Ok(Some((content, at + (HEADER + length) as u64)));
                }
            }
            let from = at;
            at = self.find(file, at + 1, end).map_err(wrong)?;
            self.damaged += at - from;
            tracing::error!(segment = %path.display(), byte = from, bytes = at - from, "passed over damage in the spool");
        }
        Ok(None)
    }
    /// The next place where a record may begin.
    fn find(&self, file: &mut File, from: u64, end: u64) -> std::io::Result<u64> {
        let mut rest = Vec::new();
        file.seek(SeekFrom::Start(from))?;
        file.take(end - from).read_to_end(&mut rest)?;
        Ok(rest.windows(MAGIC.len()).position(|window| window == MAGIC).map_or(end, |at| from + at as u64))
    }
}
