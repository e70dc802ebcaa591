//! How fast each reader is on one core: MB/s and records/s over the example evidence, repeated to some 64 MB, and
//! over other files when they are named. Run in release:
//! `cargo run --release -p wardkeep-intake --example speed -- [FILE.evtx ...]`
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a tool for developers

use std::path::{Path, PathBuf};
use std::time::Instant;
use wardkeep_intake::{Format, LineReader, Options, Sink, Source, read, sniff};
use wardkeep_types::Moment;
use wardkeep_types::event::Event;

/// Bytes that each reader gets.
const BYTES: usize = 64 << 20;
/// Fronts of files that are one value: these are read again and again instead of being repeated inside.
const WHOLE: [&[u8]; 5] = [b"ElfFile", b"[", b"{\"Records\"", b"{\"@odata", b"{\"kind\""];

/// Counts and drops.
#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn event(&mut self, _: Event) {
        self.0 += 1;
    }
}

fn main() {
    println!("{:<18} {:>9} {:>12} {:>12}  of", "reader", "MB/s", "records/s", "records");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/evidence");
    let mut all = Vec::new();
    files(&folder, &mut all);
    all.extend(std::env::args().skip(1).map(PathBuf::from));
    for path in all {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let format = sniff(&bytes, &name).format;
        if format.is_log() {
            file(&name, &format, &bytes);
        }
    }
    let syslog = "<38>Feb 28 06:55:46 h1 sshd[811]: Failed password for root from 10.0.0.1 port 4711 ssh2";
    let json = "{\"time\":\"2026-02-03T04:05:06Z\",\"host\":{\"name\":\"h1\"},\"event\":{\"action\":\"login\"},\
                \"user\":{\"name\":\"anna\"},\"source\":{\"ip\":\"10.0.0.1\"}}";
    push("push: syslog", syslog);
    push("push: JSON", json);
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    let mut here: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    here.sort();
    for path in here {
        if path.is_dir() { files(&path, all) } else { all.push(path) }
    }
}

fn file(name: &str, format: &Format, bytes: &[u8]) {
    let whole = WHOLE.iter().any(|front| bytes.starts_with(front));
    let room = BYTES / bytes.len().max(1);
    let (input, times) = if whole { (bytes.to_vec(), room.max(1)) } else { (bytes.repeat(room.max(1)), 1) };
    let mut count = Count::default();
    let start = Instant::now();
    for _ in 0..times {
        let source = Source::memory(name, Moment::EPOCH.plus_seconds(1_800_000_000), input.clone());
        let _ = read(source, &Options::default(), &mut count);
    }
    say(format.key(), start, input.len() * times, count.0, name);
}

fn push(name: &str, line: &str) {
    let mut reader = LineReader::new("s", None).unwrap().ids_by_position();
    let mut count = Count::default();
    let start = Instant::now();
    for number in 0..500_000 {
        reader.push(line.as_bytes(), number, Moment::EPOCH.plus_seconds(1_800_000_000), &mut count);
    }
    say(name, start, line.len() * 500_000, count.0, "one message a call, each judged by itself");
}

fn say(name: &str, start: Instant, bytes: usize, count: u64, of: &str) {
    let seconds = start.elapsed().as_secs_f64();
    let (speed, records) = (bytes as f64 / seconds / 1e6, count as f64 / seconds);
    println!("{name:<18} {speed:>9.1} {records:>12.0} {count:>12}  {of}");
}
