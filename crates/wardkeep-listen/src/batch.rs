//! Messages that arrived together from one source.

use std::sync::Arc;
use wardkeep_types::Moment;

/// Something to be remembered with a batch, durable exactly when the batch is: where a file was read up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it belongs to.
    pub name: Arc<str>,
    /// What to remember; empty forgets it.
    pub value: Vec<u8>,
}

/// Messages of one source, in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Key of the source: `syslog/10.0.0.7`, `http/<id>`, `file/<path>`.
    pub source: Arc<str>,
    /// When it arrived.
    pub received: Moment,
    /// By which a repeated delivery is known; the second is acknowledged and not kept.
    pub key: Option<[u8; 16]>,
    /// What is remembered with it.
    pub marks: Vec<Mark>,
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Batch {
    /// An empty batch.
    pub fn new(source: Arc<str>, received: Moment) -> Self {
        Self { source, received, key: None, marks: Vec::new(), bytes: Vec::new(), ends: Vec::new() }
    }
    pub(crate) fn of_parts(mut self, bytes: Vec<u8>, ends: Vec<u32>) -> Option<Self> {
        let ordered = ends.windows(2).all(|pair| pair[0] <= pair[1]);
        if !ordered || ends.last().copied().unwrap_or(0) as usize != bytes.len() {
            return None;
        }
        (self.bytes, self.ends) = (bytes, ends);
        Some(self)
    }
    /// Adds a message. The callers' bounds keep a batch far below 4 GiB.
    pub fn push(&mut self, message: &[u8]) {
        self.bytes.extend_from_slice(message);
        self.ends.push(self.bytes.len() as u32);
    }
    /// Adds every line of a text that is not blank; carriage returns at the end of a line are cut. Lines over `most`
    /// bytes are cut there; returns how many were.
    pub fn push_lines(&mut self, text: &[u8], most: usize) -> u64 {
        let mut cut = 0;
        for line in text.split(|b| *b == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.trim_ascii().is_empty() {
                continue;
            }
            cut += u64::from(line.len() > most);
            self.push(&line[..line.len().min(most)]);
        }
        cut
    }
    /// Number of messages.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
    /// Bytes of all messages.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }
    /// The messages in order.
    pub fn messages(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let message = &self.bytes[start..*end as usize];
            start = *end as usize;
            message
        })
    }
    pub(crate) fn parts(&self) -> (&[u8], &[u32]) {
        (&self.bytes, &self.ends)
    }
}

#[cfg(test)]
mod tests {
    use super::Batch;
    use wardkeep_types::Moment;

    #[test]
    fn lines_become_messages() {
        let mut batch = Batch::new("a".into(), Moment::EPOCH);
        assert_eq!(batch.push_lines(b"one\r\n\n  \ntwo\nlonger", 5), 1);
        assert_eq!(batch.messages().collect::<Vec<_>>(), [&b"one"[..], b"two", b"longe"]);
        assert_eq!((batch.len(), batch.size()), (3, 11));
    }
}
