//! One record of a segment: a header with length and checksum, then a batch or the spool's memory.

use crate::batch::{Batch, Mark};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use twox_hash::XxHash3_64;
use wardkeep_types::Moment;

/// Begins every record, so that reading can go on behind damage.
pub(super) const MAGIC: [u8; 4] = *b"WkS1";
/// Magic, length, checksum.
pub(super) const HEADER: usize = 4 + 4 + 8;
/// Bytes of a record at most; a length beyond it is damage.
pub(super) const MOST: usize = 256 * 1024 * 1024;
/// Deliveries whose keys are remembered.
pub(super) const KEYS: usize = 16_384;

/// What the spool remembers beside messages: marks, and the keys of the last deliveries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Memory {
    pub marks: BTreeMap<Arc<str>, Vec<u8>>,
    pub keys: VecDeque<[u8; 16]>,
}

impl Memory {
    pub fn learn(&mut self, batch: &Batch) {
        for mark in &batch.marks {
            if mark.value.is_empty() {
                self.marks.remove(&mark.name);
            } else {
                self.marks.insert(mark.name.clone(), mark.value.clone());
            }
        }
        if let Some(key) = batch.key {
            if self.keys.len() >= KEYS {
                self.keys.pop_front();
            }
            self.keys.push_back(key);
        }
    }
}

/// What a record holds.
#[derive(Debug)]
pub(super) enum Content {
    /// The number of the first message, and the messages.
    Batch(u64, Batch),
    /// What the spool remembered when the segment was begun, and the number of its first message.
    Memory(u64, Memory),
}

/// Appends a record with a batch.
pub(super) fn put_batch(out: &mut Vec<u8>, first: u64, batch: &Batch) {
    let (bytes, ends) = batch.parts();
    record(out, |out| {
        out.push(1);
        out.extend_from_slice(&first.to_le_bytes());
        out.extend_from_slice(&batch.received.as_micros().to_le_bytes());
        put(out, batch.source.as_bytes());
        put(out, batch.key.as_ref().map_or(&[][..], |key| &key[..]));
        put_marks(out, batch.marks.iter().map(|mark| (&*mark.name, &*mark.value)));
        number(out, ends.len());
        ends.iter().for_each(|end| out.extend_from_slice(&end.to_le_bytes()));
        out.extend_from_slice(bytes);
    });
}

/// Appends a record with the spool's memory.
pub(super) fn put_memory(out: &mut Vec<u8>, first: u64, memory: &Memory) {
    record(out, |out| {
        out.push(2);
        out.extend_from_slice(&first.to_le_bytes());
        put_marks(out, memory.marks.iter().map(|(name, value)| (&**name, &**value)));
        number(out, memory.keys.len());
        memory.keys.iter().for_each(|key| out.extend_from_slice(key));
    });
}

fn record(out: &mut Vec<u8>, fill: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&[0; 12]);
    fill(out);
    let body = start + HEADER;
    let length = (out.len() - body) as u32;
    let sum = XxHash3_64::oneshot(&out[body..]);
    out[start + 4..start + 8].copy_from_slice(&length.to_le_bytes());
    out[start + 8..body].copy_from_slice(&sum.to_le_bytes());
}

fn number(out: &mut Vec<u8>, number: usize) {
    out.extend_from_slice(&(number as u32).to_le_bytes());
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    number(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn put_marks<'m>(out: &mut Vec<u8>, marks: impl ExactSizeIterator<Item = (&'m str, &'m [u8])>) {
    number(out, marks.len());
    for (name, value) in marks {
        put(out, name.as_bytes());
        put(out, value);
    }
}

/// Length of the body and its checksum, if this is a header.
pub(super) fn header(bytes: &[u8]) -> Option<(usize, u64)> {
    let header = bytes.get(..HEADER)?;
    if header[..4] != MAGIC {
        return None;
    }
    let length = u32::from_le_bytes(header[4..8].try_into().ok()?) as usize;
    (length <= MOST).then_some((length, u64::from_le_bytes(header[8..16].try_into().ok()?)))
}

/// Reads the body of a record; `None` when it is damaged.
pub(super) fn read(body: &[u8], sum: u64) -> Option<Content> {
    if XxHash3_64::oneshot(body) != sum {
        return None;
    }
    let mut rest = body;
    let kind = take(&mut rest, 1)?[0];
    let first = u64::from_le_bytes(take(&mut rest, 8)?.try_into().ok()?);
    match kind {
        1 => {
            let received = i64::from_le_bytes(take(&mut rest, 8)?.try_into().ok()?);
            let source = std::str::from_utf8(sized(&mut rest)?).ok()?;
            let mut batch = Batch::new(source.into(), Moment::from_micros(received));
            let key = sized(&mut rest)?;
            batch.key = if key.is_empty() { None } else { Some(key.try_into().ok()?) };
            batch.marks = marks(&mut rest)?;
            let count = length(&mut rest)?;
            let ends = take(&mut rest, count.checked_mul(4)?)?;
            let ends = ends.chunks_exact(4).map(|e| Some(u32::from_le_bytes(e.try_into().ok()?)));
            let ends = ends.collect::<Option<Vec<u32>>>()?;
            Some(Content::Batch(first, batch.of_parts(rest.to_vec(), ends)?))
        }
        2 => {
            let marks = marks(&mut rest)?.into_iter().map(|mark| (mark.name, mark.value)).collect();
            let count = length(&mut rest)?;
            let keys = take(&mut rest, count.checked_mul(16)?)?;
            let keys = keys.chunks_exact(16).map(|key| key.try_into().ok()).collect::<Option<_>>()?;
            Some(Content::Memory(first, Memory { marks, keys }))
        }
        _ => None,
    }
}

fn take<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

fn length(rest: &mut &[u8]) -> Option<usize> {
    Some(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?) as usize)
}

fn sized<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let count = length(rest)?;
    take(rest, count)
}

fn marks(rest: &mut &[u8]) -> Option<Vec<Mark>> {
    let count = length(rest)?;
    let mut marks = Vec::new();
    for _ in 0..count {
        let name = std::str::from_utf8(sized(rest)?).ok()?.into();
        marks.push(Mark { name, value: sized(rest)?.to_vec() });
    }
    Some(marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(messages in proptest::collection::vec(".{0,40}", 0..9), key in any::<Option<[u8; 16]>>(), at in any::<i32>()) {
            let mut batch = Batch::new("syslog/a".into(), Moment::from_micros(i64::from(at)));
            batch.key = key;
            batch.marks.push(Mark { name: "m".into(), value: vec![1, 2] });
            messages.iter().for_each(|m| batch.push(m.as_bytes()));
            let mut out = Vec::new();
            put_batch(&mut out, 7, &batch);
            let (length, sum) = header(&out).unwrap();
            prop_assert_eq!(length, out.len() - HEADER);
            let Some(Content::Batch(7, back)) = read(&out[HEADER..], sum) else { panic!("not read") };
            prop_assert_eq!(&back, &batch);
        }
        #[test]
        fn damage_is_seen(bytes in proptest::collection::vec(any::<u8>(), 0..200), sum in any::<u64>()) {
            prop_assert!(header(&bytes).is_none_or(|(length, _)| length <= MOST));
            prop_assert!(read(&bytes, sum).is_none());
            // Even with a fitting checksum nonsense is refused, not believed.
            let _ = read(&bytes, XxHash3_64::oneshot(&bytes));
        }
    }
}
