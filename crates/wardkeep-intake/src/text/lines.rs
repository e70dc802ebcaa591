//! Lines of bounded length from a stream of any size.

use std::io::{self, BufRead, BufReader, Read};

/// One line, without its line ending.
pub(crate) enum Line<'b> {
    /// Its bytes.
    Bytes(&'b [u8]),
    /// It is longer than allowed and was skipped; this many bytes.
    TooLong(u64),
}

/// Reads lines one at a time; a line that is too long is passed over without being held.
pub(crate) struct Lines<R> {
    inner: BufReader<R>,
    limit: usize,
    buffer: Vec<u8>,
    /// Number of the line given last, from 1.
    pub(crate) number: u64,
    /// Whether the line given last had a line ending.
    pub(crate) ended: bool,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(inner: R, limit: usize) -> Self {
        let inner = BufReader::with_capacity(64 * 1024, inner);
        Self { inner, limit, buffer: Vec::new(), number: 0, ended: true }
    }
    /// The next line; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        self.ended = false;
        let mut length = 0_u64;
        loop {
            let ready = match self.inner.fill_buf() {
                Ok(ready) => ready,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if ready.is_empty() {
                break;
            }
            let (end, used) = match memchr::memchr(b'\n', ready) {
                Some(end) => (end, end + 1),
                None => (ready.len(), ready.len()),
            };
            // One byte over the limit is kept so that the check below sees it.
            let room = (self.limit + 1).saturating_sub(self.buffer.len());
            self.buffer.extend_from_slice(&ready[..end.min(room)]);
            length += end as u64;
            self.ended = used > end;
            self.inner.consume(used);
            if self.ended {
                break;
            }
        }
        if length == 0 && !self.ended {
            return Ok(None);
        }
        self.number += 1;
        if length > self.limit as u64 {
            return Ok(Some(Line::TooLong(length)));
        }
        let line = self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer);
        let line = if self.number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        Ok(Some(Line::Bytes(line)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Lines};

    fn shown(input: &[u8], limit: usize) -> Vec<String> {
        let mut lines = Lines::new(input, limit);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push(match line {
                Line::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Line::TooLong(length) => format!("<{length}>"),
            });
        }
        all
    }

    #[test]
    fn every_ending_is_taken_off() {
        assert_eq!(shown(b"\xef\xbb\xbfa\r\n\nb", 10), ["a", "", "b"]);
        assert_eq!(shown(b"", 10), Vec::<String>::new());
    }

    #[test]
    fn a_long_line_costs_one_line() {
        assert_eq!(shown(b"short\n0123456789\nend\n", 5), ["short", "<10>", "end"]);
    }
}
