//! EVTX files, byte by byte: a file header of 4 KiB, chunks of 64 KiB, records in binary XML. Names stand in line
//! with each element, which the format allows; real logs share them.
//!
//! After the description of the format by the libevtx project (Joachim Metz).

use wardkeep_types::Moment;

const HEADER: usize = 4_096;
const CHUNK: usize = 65_536;
const CHUNK_HEADER: usize = 512;

/// One event: what `System` holds, and the named data.
pub(super) struct Event {
    pub at: Moment,
    pub provider: &'static str,
    pub id: u16,
    pub channel: &'static str,
    pub computer: String,
    /// Audit success or failure, as the `Keywords` bits; `None` for logs without audit.
    pub keywords: Option<&'static str>,
    pub data: Vec<(&'static str, String)>,
}

/// A whole file.
pub(super) fn file(events: &[Event]) -> Vec<u8> {
    let mut chunks: Vec<Chunk> = vec![Chunk::new(1)];
    for (number, event) in (1_u64..).zip(events) {
        let full = chunks.last_mut().is_none_or(|last| !last.push(number, event));
        if full {
            let mut next = Chunk::new(number);
            next.push(number, event);
            chunks.push(next);
        }
    }
    let mut out = vec![0; HEADER];
    put(&mut out, 0, b"ElfFile\0");
    put(&mut out, 16, &(chunks.len() as u64 - 1).to_le_bytes());
    put(&mut out, 24, &(events.len() as u64 + 1).to_le_bytes());
    put(&mut out, 32, &128_u32.to_le_bytes());
    // Version 3.1, size of this block, number of chunks.
    put(&mut out, 36, &[1, 0, 3, 0]);
    put(&mut out, 40, &(HEADER as u16).to_le_bytes());
    put(&mut out, 42, &(chunks.len() as u16).to_le_bytes());
    let sum = crc(&[&out[..120]]);
    put(&mut out, 124, &sum.to_le_bytes());
    for chunk in chunks {
        out.extend(chunk.finish());
    }
    out
}

fn put(out: &mut [u8], at: usize, bytes: &[u8]) {
    out[at..at + bytes.len()].copy_from_slice(bytes);
}

fn crc(parts: &[&[u8]]) -> u32 {
    let mut sum = flate2::Crc::new();
    for part in parts {
        sum.update(part);
    }
    sum.sum()
}

struct Chunk {
    bytes: Vec<u8>,
    first: u64,
    last: u64,
    last_at: usize,
}

impl Chunk {
    fn new(first: u64) -> Self {
        Self { bytes: vec![0; CHUNK_HEADER], first, last: first, last_at: CHUNK_HEADER }
    }
    /// False when there is no room left.
    fn push(&mut self, number: u64, event: &Event) -> bool {
        let record = record(self.bytes.len(), number, event);
        if self.bytes.len() + record.len() > CHUNK {
            return false;
        }
        (self.last, self.last_at) = (number, self.bytes.len());
        self.bytes.extend(record);
        true
    }
    fn finish(mut self) -> Vec<u8> {
        let free = self.bytes.len();
        let events = crc(&[&self.bytes[CHUNK_HEADER..]]);
        self.bytes.resize(CHUNK, 0);
        let out = &mut self.bytes;
        put(out, 0, b"ElfChnk\0");
        for (at, number) in [(8, self.first), (16, self.last), (24, self.first), (32, self.last)] {
            put(out, at, &number.to_le_bytes());
        }
        for (at, number) in [(40, 128), (44, self.last_at as u32), (48, free as u32), (52, events)] {
            put(out, at, &number.to_le_bytes());
        }
        let sum = crc(&[&out[..120], &out[128..CHUNK_HEADER]]);
        put(out, 124, &sum.to_le_bytes());
        self.bytes
    }
}

/// A record that begins at `at` within its chunk; offsets of names count from the chunk's start.
fn record(at: usize, number: u64, event: &Event) -> Vec<u8> {
    // Fragment header: token, version 1.1, no flags.
    let mut xml = vec![0x0f, 0x01, 0x01, 0x00];
    let begin = at + 24 + xml.len();
    xml.extend(element(begin, "Event", &[], |at| {
        let mut out = system(at, number, event);
        out.extend(element(at + out.len(), "EventData", &[], |at| {
            let mut out = Vec::new();
            for (name, value) in &event.data {
                out.extend(element(at + out.len(), "Data", &[("Name", name)], |_| text(value)));
            }
            out
        }));
        out
    }));
    xml.push(0x00);
    let size = (24 + xml.len() + 4) as u32;
    let mut out = b"\x2a\x2a\0\0".to_vec();
    out.extend(size.to_le_bytes());
    out.extend(number.to_le_bytes());
    // Units of 100 ns since 1601.
    let ticks = (event.at.as_micros() + 11_644_473_600_000_000).max(0) as u64 * 10;
    out.extend(ticks.to_le_bytes());
    out.extend(xml);
    out.extend(size.to_le_bytes());
    out
}

fn system(at: usize, number: u64, event: &Event) -> Vec<u8> {
    element(at, "System", &[], |at| {
        let mut out = element(at, "Provider", &[("Name", event.provider)], |_| Vec::new());
        let mut plain = |name: &str, value: &str| {
            let made = element(at + out.len(), name, &[], |_| text(value));
            out.extend(made);
        };
        plain("EventID", &event.id.to_string());
        if let Some(keywords) = event.keywords {
            plain("Keywords", keywords);
        }
        plain("EventRecordID", &number.to_string());
        plain("Channel", event.channel);
        plain("Computer", &event.computer);
        let time = event.at.to_string();
        out.extend(element(at + out.len(), "TimeCreated", &[("SystemTime", &time)], |_| Vec::new()));
        out
    })
}

/// `<name ...>inside</name>`.
fn element(
    at: usize,
    name: &str,
    attributes: &[(&str, &str)],
    inside: impl FnOnce(usize) -> Vec<u8>,
) -> Vec<u8> {
    // Token and size, then the offset of the name, which follows at once.
    let mut body = named(at + 5, name);
    if !attributes.is_empty() {
        let list_at = at + 5 + body.len() + 4;
        let mut list = Vec::new();
        for (index, (name, value)) in attributes.iter().enumerate() {
            list.push(if index + 1 < attributes.len() { 0x46 } else { 0x06 });
            list.extend(named(list_at + list.len(), name));
            list.extend(text(value));
        }
        body.extend((list.len() as u32).to_le_bytes());
        body.extend(list);
    }
    body.push(0x02);
    body.extend(inside(at + 5 + body.len()));
    body.push(0x04);
    let mut out = vec![if attributes.is_empty() { 0x01 } else { 0x41 }];
    out.extend((body.len() as u32).to_le_bytes());
    out.extend(body);
    out
}

/// The offset of a name that stands right behind its offset: link, hash, length, letters, end.
fn named(at: usize, name: &str) -> Vec<u8> {
    let mut out = (at as u32 + 4).to_le_bytes().to_vec();
    let hash = name.encode_utf16().fold(0_u32, |h, c| h.wrapping_mul(65_599).wrapping_add(u32::from(c)));
    out.extend([0; 4]);
    out.extend((hash as u16).to_le_bytes());
    out.extend((name.encode_utf16().count() as u16).to_le_bytes());
    out.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    out.extend([0, 0]);
    out
}

fn text(value: &str) -> Vec<u8> {
    let mut out = vec![0x05, 0x01];
    out.extend((value.encode_utf16().count() as u16).to_le_bytes());
    out.extend(value.encode_utf16().flat_map(u16::to_le_bytes));
    out
}
