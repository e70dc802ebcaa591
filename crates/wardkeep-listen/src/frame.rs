//! Messages out of a stream of bytes (RFC 6587): counted, or ended by a line break.

/// How messages are told apart on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `17 <34>1 - - ...`: the length first.
    Counted,
    /// Each message ends with a line break (or NUL).
    Lines,
}

/// What became of the bytes beyond whole messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Framed {
    /// Messages that were cut because they were too long.
    pub cut: u64,
    /// The sender's framing cannot be followed any more; the connection is of no use.
    pub lost: bool,
}

/// The reader of one connection. Holds at most one message and its length.
#[derive(Debug)]
pub struct Framer {
    framing: Option<Framing>,
    most: usize,
    held: Vec<u8>,
    /// Bytes of an over-long message that are still to be passed over.
    skip: usize,
    /// Within an over-long line: everything up to its end is passed over.
    skipping: bool,
}

/// Digits of a length at most.
const DIGITS: usize = 10;

impl Framer {
    /// For one connection; messages are cut at `most` bytes.
    pub fn new(most: usize) -> Self {
        Self { framing: None, most: most.max(1), held: Vec::new(), skip: 0, skipping: false }
    }
    /// How this connection tells messages apart, once its first byte has come.
    pub fn framing(&self) -> Option<Framing> {
        self.framing
    }
    /// Takes bytes and gives every message that is whole.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8])) -> Framed {
        let mut framed = Framed::default();
        let Some(first) = bytes.first() else { return framed };
        let framing = *self.framing.get_or_insert(match first {
            b'1'..=b'9' => Framing::Counted,
            _ => Framing::Lines,
        });
        match framing {
            Framing::Counted => self.counted(bytes, &mut framed, &mut each),
            Framing::Lines => self.lines(bytes, &mut framed, &mut each),
        }
        framed
    }
    /// The stream is over: gives what was begun. True when something was begun and is not whole.
    pub fn finish(&mut self, mut each: impl FnMut(&[u8])) -> bool {
        let held = std::mem::take(&mut self.held);
        let (rest, torn) = match self.framing {
            // Its length says that more was to come.
            Some(Framing::Counted) => match counted(&held) {
                Counted::Message { start, .. } => (&held[start..], true),
                _ => (&held[..], !held.is_empty()),
            },
            _ => (&held[..], false),
        };
        if !rest.trim_ascii().is_empty() {
            each(trimmed(rest));
        }
        torn
    }

    fn lines(&mut self, mut bytes: &[u8], framed: &mut Framed, each: &mut impl FnMut(&[u8])) {
        while let Some(end) = bytes.iter().position(|b| matches!(b, b'\n' | 0)) {
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            bytes = rest;
            if std::mem::take(&mut self.skipping) {
                continue;
            }
            if self.held.is_empty() && line.len() <= self.most {
                give(line, each);
                continue;
            }
            self.hold(line, framed);
            self.skipping = false;
            let held = std::mem::take(&mut self.held);
            give(&held, each);
        }
        if self.skipping || bytes.is_empty() {
            return;
        }
        self.hold(bytes, framed);
        if self.skipping {
            let held = std::mem::take(&mut self.held);
            give(&held, each);
        }
    }
    /// Adds to what is held; beyond the bound the rest of the message is passed over.
    fn hold(&mut self, bytes: &[u8], framed: &mut Framed) {
        let room = self.most.saturating_sub(self.held.len());
        self.held.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            framed.cut += 1;
            self.skipping = true;
        }
    }

    fn counted(&mut self, bytes: &[u8], framed: &mut Framed, each: &mut impl FnMut(&[u8])) {
        let passed = self.skip.min(bytes.len());
        self.skip -= passed;
        self.held.extend_from_slice(&bytes[passed..]);
        let mut at = 0;
        loop {
            match counted(&self.held[at..]) {
                Counted::Nothing => break,
                Counted::Nonsense => {
                    framed.lost = true;
                    self.held.clear();
                    return;
                }
                Counted::Message { start, length } => {
                    let from = at + start;
                    let kept = length.min(self.most);
                    let Some(message) = self.held.get(from..from + kept) else { break };
                    give(message, each);
                    framed.cut += u64::from(kept < length);
                    let there = (self.held.len() - from).min(length);
                    self.skip = length - there;
                    at = from + there;
                    if self.skip > 0 {
                        break;
                    }
                }
            }
        }
        self.held.drain(..at);
    }
}

enum Counted {
    Nothing,
    Nonsense,
    Message { start: usize, length: usize },
}

fn counted(bytes: &[u8]) -> Counted {
    // Some senders put a line break between counted messages.
    let blank = bytes.iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
    let bytes = &bytes[blank..];
    let digits = bytes.iter().take(DIGITS + 1).take_while(|b| b.is_ascii_digit()).count();
    match bytes.get(digits) {
        None if digits <= DIGITS => Counted::Nothing,
        Some(b' ') if digits > 0 && digits <= DIGITS => {
            let text = std::str::from_utf8(&bytes[..digits]).unwrap_or_default();
            match text.parse::<usize>() {
                Ok(length) => Counted::Message { start: blank + digits + 1, length },
                Err(_) => Counted::Nonsense,
            }
        }
        _ => Counted::Nonsense,
    }
}

fn give(message: &[u8], each: &mut impl FnMut(&[u8])) {
    let message = trimmed(message);
    if !message.trim_ascii().is_empty() {
        each(message);
    }
}

fn trimmed(mut message: &[u8]) -> &[u8] {
    while let Some((b'\n' | b'\r' | 0, rest)) = message.split_last() {
        message = rest;
    }
    message
}

#[cfg(test)]
mod tests {
    use super::{Framed, Framer, Framing};
    use proptest::prelude::*;

    fn run(parts: &[&[u8]], most: usize) -> (Vec<String>, Framed, Option<Framing>) {
        let (mut framer, mut out, mut all) = (Framer::new(most), Vec::new(), Framed::default());
        for part in parts {
            let framed = framer.push(part, |m| out.push(String::from_utf8_lossy(m).into_owned()));
            all.cut += framed.cut;
            all.lost |= framed.lost;
        }
        framer.finish(|m| out.push(String::from_utf8_lossy(m).into_owned()));
        (out, all, framer.framing())
    }

    #[test]
    fn both_framings_are_told_apart() {
        let (out, _, framing) = run(&[b"<34>one\r\n\n<34>t", b"wo\n<34>rest"], 100);
        assert_eq!(
            (out, framing),
            (["<34>one", "<34>two", "<34>rest"].map(str::to_owned).to_vec(), Some(Framing::Lines))
        );
        let (out, _, framing) = run(&[b"5 <1>ab7 <1>", b"a\nbc\n4 <2>x"], 100);
        assert_eq!(
            (out, framing),
            (["<1>ab", "<1>a\nbc", "<2>x"].map(str::to_owned).to_vec(), Some(Framing::Counted))
        );
    }

    #[test]
    fn long_messages_are_cut_and_the_next_ones_found() {
        let (out, framed, _) = run(&[b"abcdef", b"ghij\nkl\n", b"mnopqrstu\nv\n"], 4);
        assert_eq!((out, framed.cut), (["abcd", "kl", "mnop", "v"].map(str::to_owned).to_vec(), 2));
        let (out, framed, _) = run(&[b"9 abcde", b"fghi2 ", b"kl"], 4);
        assert_eq!((out, framed.cut), (["abcd", "kl"].map(str::to_owned).to_vec(), 1));
    }

    #[test]
    fn a_broken_count_ends_the_connection() {
        let (out, framed, _) = run(&[b"3 abcx9 nonsense"], 100);
        assert_eq!((out, framed.lost), (vec!["abc".to_owned()], true));
    }

    proptest! {
        #[test]
        fn where_the_network_cuts_changes_nothing(messages in proptest::collection::vec("[a-z<>]{1,30}", 1..20), cuts in proptest::collection::vec(1..40_usize, 1..40), counted in any::<bool>(), most in 5..50_usize) {
            let whole: String = messages.iter().map(|m| if counted { format!("{} {m}", m.len()) } else { format!("{m}\n") }).collect();
            let (mut parts, mut rest) = (Vec::new(), whole.as_bytes());
            for cut in cuts {
                let (part, left) = rest.split_at(cut.min(rest.len()));
                parts.push(part);
                rest = left;
            }
            parts.push(rest);
            let expect: Vec<String> = messages.iter().map(|m| m[..m.len().min(most)].to_owned()).collect();
            let (out, framed, _) = run(&parts, most);
            prop_assert_eq!(out, expect);
            prop_assert_eq!(framed.cut, messages.iter().filter(|m| m.len() > most).count() as u64);
        }
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), most in 1..20_usize) {
            run(&[&bytes], most);
        }
    }
}
