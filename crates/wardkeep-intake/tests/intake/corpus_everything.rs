//! Every other file of the test data: read, or listed as not understood; never a panic. Also cut and scrambled.

use crate::support::{Counted, data, files};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use wardkeep_intake::{Options, Source, read};
use wardkeep_types::Moment;

#[test]
fn every_file_is_read_or_said_not_to_be() {
    let mut formats: BTreeMap<String, u64> = BTreeMap::new();
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    let (mut events, mut rows, mut lines) = (0, 0, 0);
    for part in ["logs", "scanners"] {
        let Some(folder) = data(part) else { return };
        for path in files(&folder) {
            let (result, out) = crate::support::count(&path);
            for closed in out.closed.iter().filter(|closed| !closed.format.is_container()) {
                *formats.entry(closed.format.label().to_owned()).or_default() += 1;
            }
            events += out.events;
            rows += out.rows;
            lines += out.table_rows;
            if let Err(refusal) = result {
                assert!(
                    !refusal.message.is_empty() && !refusal.remedy.is_empty(),
                    "{} {refusal:?}",
                    path.display()
                );
                *refused.entry(refusal.code.to_owned()).or_default() += 1;
            }
        }
    }
    println!("{formats:#?}\nrefused: {refused:?}\n{events} events, {rows} report rows, {lines} table rows");
    assert!(refused.keys().all(|code| ["unknown_format", "bad_report", "empty"].contains(&code.as_str())));
}

/// A generator that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }
}

fn content(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    if !bytes.starts_with(b"\x1f\x8b") {
        return bytes;
    }
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
    plain
}

#[test]
fn cut_and_scrambled_reports_never_panic() {
    let Some(folder) = data("scanners/defectdojo") else { return };
    let mut numbers = Numbers(7);
    let mut tried = 0;
    for part in ["tenable", "sarif", "cyclonedx", "nmap"] {
        for path in files(&folder.join(part)) {
            let bytes = content(&path);
            if bytes.len() > 120_000 {
                continue;
            }
            for round in 0..6 {
                let mut broken = bytes.clone();
                if round % 2 == 0 {
                    broken.truncate(numbers.next(bytes.len()));
                } else {
                    for _ in 0..8 {
                        let at = numbers.next(bytes.len());
                        broken[at] = numbers.next(256) as u8;
                    }
                }
                let mut out = Counted::default();
                let _ = read(Source::memory("broken", Moment::EPOCH, broken), &Options::default(), &mut out);
                tried += 1;
            }
        }
    }
    println!("{tried} broken reports");
}

#[test]
fn scrambled_evtx_never_panics() {
    let Some(folder) = data("detection/evtx") else { return };
    let mut numbers = Numbers(11);
    let all = files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "evtx"));
    let mut kept = 0;
    for path in all.filter(|path| path.metadata().unwrap().len() <= 70_000).take(40) {
        let mut bytes = std::fs::read(&path).unwrap();
        for _ in 0..60 {
            let at = 4_096 + numbers.next(bytes.len() - 4_096);
            bytes[at] = numbers.next(256) as u8;
        }
        let mut out = Counted::default();
        let _ = read(Source::memory("broken.evtx", Moment::EPOCH, bytes), &Options::default(), &mut out);
        kept += out.events;
    }
    println!("{kept} events kept from scrambled files");
}
