//! What each step of live intake costs on one core, for the records of `wardkeep bench intake` and all public rules:
//! `cargo run --release -p wardkeep-detect --features bench --example live -- DATA [--records N] [--tcp]`, with DATA the
//! folder of test data. Made for a profiler: one thread, one step after the other, batches as they come over HTTP.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a tool for developers

#[path = "../../wardkeep/src/commands/bench/intake/lines.rs"]
#[allow(dead_code)]
mod lines;

use lines::Way;
use rustix::time::{ClockId, clock_gettime};
use std::path::PathBuf;
use std::sync::Arc;
use wardkeep_detect::{Engine, RuleFile, RuleSet, bench};
use wardkeep_intake::{Fault, LineReader, Sink};
use wardkeep_types::event::Event;
use wardkeep_types::{Length, Moment};

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Records of one batch.
const TOGETHER: u64 = 500;
/// Records of one stretch that goes to files.
const STRETCH: u64 = 100_000;

#[derive(Default)]
struct Kept(Vec<Event>);

impl Sink for Kept {
    fn event(&mut self, event: Event) {
        self.0.push(event);
    }
    fn fault(&mut self, fault: Fault) {
        println!("{fault:?}");
    }
}

fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Does a step and adds its processor time to a sum.
fn time<T>(sum: &mut f64, work: impl FnOnce() -> T) -> T {
    let begun = cpu();
    let done = work();
    *sum += cpu() - begun;
    done
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let at = |name: &str| arguments.iter().position(|a| a == name);
    let data = PathBuf::from(arguments.first().map_or("../shared/data", String::as_str));
    let records = at("--records").and_then(|at| arguments[at + 1].parse().ok()).unwrap_or(400_000_u64);
    let way = if at("--tcp").is_some() { Way::Syslog } else { Way::Http };
    let mut files = bench::rules(&data.join("detection/sigma"), false).unwrap();
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/rules");
    for entry in std::fs::read_dir(own).unwrap() {
        let path = entry.unwrap().path();
        if let Ok(text) = std::fs::read_to_string(&path) {
            files.push(RuleFile::new(path.to_string_lossy(), text));
        }
    }
    let (set, _) = RuleSet::load(files);
    let mut engine = Engine::live(&set, Length::from_seconds(0));
    let mut reader = LineReader::new("bench", None).unwrap().ids_by_position();
    let folder = tempfile::tempdir().unwrap();
    let now: Moment = "2026-03-01T10:20:30.123456Z".parse().unwrap();
    let [mut read, mut classify, mut run, mut keep, mut file, mut free] = [0.0; 6];
    let (mut hits, mut parts, mut fired, mut bytes, mut text) = (Vec::new(), Vec::new(), 0, 0, String::new());
    for first in (0..records).step_by(TOGETHER as usize) {
        let received = Moment::from_micros(now.as_micros() + first as i64 * 25);
        text.clear();
        (first..first + TOGETHER).for_each(|number| lines::put(&mut text, way, number, received));
        let mut kept = Kept::default();
        time(&mut read, || {
            for (place, line) in text.lines().enumerate() {
                reader.push(line.as_bytes(), first + place as u64 + 1, received, &mut kept);
            }
        });
        time(&mut classify, || kept.0.iter_mut().for_each(wardkeep_events::classify));
        time(&mut run, || kept.0.iter().for_each(|event| engine.push(event, &mut hits)));
        fired += hits.drain(..).count();
        time(&mut keep, || parts.push(Arc::new(kept.0)));
        if (first + TOGETHER).is_multiple_of(STRETCH) {
            let written =
                time(&mut file, || wardkeep_events::store::write_parts(folder.path(), now, &parts).unwrap());
            bytes += written.iter().map(|file| file.size).sum::<u64>();
            time(&mut free, || parts.clear());
        }
    }
    println!("{} rules, {records} records, {fired} hits, {bytes} bytes in files", set.len());
    let steps = [
        ("read", read),
        ("classify", classify),
        ("match", run),
        ("keep", keep),
        ("file", file),
        ("free", free),
    ];
    for (name, seconds) in steps {
        println!("{name:<10} {:>7.2} µs a record", seconds * 1e6 / records as f64);
    }
}
