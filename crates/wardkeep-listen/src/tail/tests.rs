//! Files that grow, are rotated, copied, cut and packed, with restarts in between.

use super::poll::Follower;
use super::*;
use crate::{Next, Spool, SpoolOptions};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use wardkeep_types::SystemClock;

/// Seconds since 1970 from which files are dated.
const BASE: u64 = 1_700_000_000;

struct Bench {
    dir: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
    spool: Option<Spool>,
    follower: Option<Follower>,
    path: TailPath,
    since: Moment,
}

impl Bench {
    fn new(of_folder: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("logs")).unwrap();
        let path = if of_folder { dir.path().join("logs") } else { dir.path().join("logs/a.log") };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let path = TailPath { path, from_end: false };
        let since = SystemClock.now();
        let mut bench = Self { dir, runtime, spool: None, follower: None, path, since };
        bench.restart();
        bench
    }
    fn restart(&mut self) {
        self.follower = None;
        if let Some(spool) = self.spool.take() {
            spool.close();
        }
        let spool = Spool::open(&self.dir.path().join("spool"), SpoolOptions::default(), 0).unwrap();
        let options = TailOptions {
            paths: vec![self.path.clone()],
            line_bytes: 2_000_000,
            files: 100,
            ratio: 100,
            pause: Duration::from_millis(1),
            since: self.since,
        };
        let clock = Arc::new(SystemClock);
        let handle = self.runtime.handle().clone();
        let counts = Arc::new(TailCounts::default());
        self.follower = Some(Follower::new(options, spool.gate(), spool.marks(), clock, handle, counts));
        self.spool = Some(spool);
    }
    fn log(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join("logs").join(name)
    }
    fn write(&self, name: &str, range: std::ops::Range<u32>) {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(self.log(name)).unwrap();
        for n in range {
            writeln!(file, "2026-01-02T03:04:05 line {n:05} of the log").unwrap();
        }
    }
    /// Sets when a file was written last, seconds after a fixed moment.
    fn date(&self, name: &str, second: u64) {
        let file = fs::File::options().write(true).open(self.log(name)).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(BASE + second)).unwrap();
    }
    fn look(&mut self) {
        while self.follower.as_mut().unwrap().look() {}
    }
    fn lines(&self) -> Vec<u32> {
        let mut cursor = self.spool.as_ref().unwrap().cursor(1);
        let mut out = Vec::new();
        while let Next::Batch(stored) = cursor.next(Duration::from_millis(5)).unwrap() {
            for message in stored.batch.messages() {
                let text = String::from_utf8_lossy(message).into_owned();
                out.push(text.split(' ').nth(2).unwrap().parse().unwrap());
            }
        }
        out
    }
    fn expect(&self, upto: u32) {
        assert_eq!(self.lines(), (0..upto).collect::<Vec<_>>());
    }
    fn gzip(&self, from: &str, to: &str) {
        let file = fs::File::create(self.log(to)).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        encoder.write_all(&fs::read(self.log(from)).unwrap()).unwrap();
        encoder.finish().unwrap();
        fs::remove_file(self.log(from)).unwrap();
    }
}

fn copy_and_cut(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
    fs::OpenOptions::new().write(true).open(from).unwrap().set_len(0).unwrap();
}

#[test]
fn a_file_is_read_on_over_renames_and_restarts() {
    for of_folder in [false, true] {
        let mut bench = Bench::new(of_folder);
        bench.write("a.log", 0..50);
        bench.look();
        bench.write("a.log", 50..60);
        bench.restart();
        bench.look();
        bench.expect(60);
        // Rotated while we look, and once while we do not.
        bench.write("a.log", 60..70);
        fs::rename(bench.log("a.log"), bench.log("a.log.1")).unwrap();
        bench.write("a.log", 70..80);
        bench.look();
        bench.expect(80);
        bench.write("a.log", 80..90);
        fs::rename(bench.log("a.log.1"), bench.log("a.log.2")).unwrap();
        fs::rename(bench.log("a.log"), bench.log("a.log.1")).unwrap();
        bench.write("a.log", 90..95);
        bench.restart();
        bench.look();
        bench.restart();
        bench.look();
        bench.expect(95);
    }
}

#[test]
fn copies_that_are_cut_and_packed_are_not_counted_twice() {
    for of_folder in [false, true] {
        let mut bench = Bench::new(of_folder);
        bench.write("a.log", 0..100);
        bench.look();
        bench.write("a.log", 100..120);
        copy_and_cut(&bench.log("a.log"), &bench.log("a.log.1"));
        bench.look();
        bench.write("a.log", 120..130);
        bench.look();
        bench.expect(130);
        // Packed while nobody looks, with lines that were not read yet.
        bench.write("a.log", 130..140);
        copy_and_cut(&bench.log("a.log"), &bench.log("a.log.0"));
        bench.gzip("a.log.1", "a.log.2.gz");
        bench.gzip("a.log.0", "a.log.1.gz");
        bench.write("a.log", 140..145);
        bench.restart();
        bench.look();
        bench.look();
        bench.expect(145);
    }
}

#[test]
fn a_copy_made_before_the_last_lines_is_not_read_again() {
    let mut bench = Bench::new(true);
    bench.write("a.log", 0..100);
    fs::copy(bench.log("a.log"), bench.log("a.log.1")).unwrap();
    bench.look();
    bench.write("a.log", 100..150);
    bench.look();
    bench.restart();
    bench.look();
    bench.expect(150);
}

#[test]
fn half_lines_wait_and_long_ones_are_cut() {
    let mut bench = Bench::new(false);
    let path = bench.log("a.log");
    fs::write(&path, "t line 00000 x\nt line 0").unwrap();
    bench.look();
    bench.expect(1);
    fs::write(&path, "t line 00000 x\nt line 00001 y\n").unwrap();
    bench.look();
    bench.expect(2);
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    write!(file, "t line 00002 {}", "x".repeat(3_500_000)).unwrap();
    file.write_all(b"\nt line 00003 y\n").unwrap();
    bench.look();
    bench.expect(4);
    let counts = bench.follower.as_ref().unwrap();
    assert!(!counts.over());
}

#[test]
fn what_was_there_before_can_be_left_out() {
    let mut bench = Bench::new(false);
    bench.path.from_end = true;
    bench.restart();
    bench.write("a.log.1", 0..3);
    bench.write("a.log", 0..10);
    bench.look();
    assert!(bench.lines().is_empty());
    bench.write("a.log", 10..12);
    bench.restart();
    bench.look();
    assert_eq!(bench.lines(), [10, 11]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let counts = TailCounts::default();
    counts.fault(dir.path(), Some("no right".into()));
    assert_eq!(counts.faults().len(), 1);
    counts.fault(dir.path(), None);
    assert!(counts.faults().is_empty());
}

#[test]
fn a_rotation_that_was_missed_is_read_whatever_was_read_since() {
    let mut bench = Bench::new(false);
    // Old rotations are from before we came; an empty log shows that we did.
    bench.write("a.log.9", 900..905);
    bench.date("a.log.9", 1);
    bench.write("a.log", 0..0);
    bench.date("a.log", 2);
    bench.look();
    // Written and rotated twice between two looks; the listing of the folder missed the middle one.
    bench.write("a.log", 0..10);
    bench.date("a.log", 3);
    fs::rename(bench.log("a.log"), bench.log("a.log.1")).unwrap();
    bench.write("a.log", 10..20);
    bench.date("a.log", 4);
    fs::rename(bench.log("a.log"), bench.log("elsewhere")).unwrap();
    bench.write("a.log", 20..30);
    bench.look();
    fs::rename(bench.log("elsewhere"), bench.log("a.log.2")).unwrap();
    bench.look();
    bench.restart();
    bench.look();
    let mut lines = bench.lines();
    lines.sort_unstable();
    assert_eq!(lines, (0..30).collect::<Vec<_>>());
}

#[test]
fn what_was_rotated_between_the_start_and_the_first_look_is_read_once() {
    let mut bench = Bench::new(false);
    bench.since = Moment::from_micros((BASE as i64 + 10) * 1_000_000);
    bench.restart();
    bench.write("a.log.3", 900..905);
    bench.date("a.log.3", 9);
    // Two rotations and the log itself, all before anybody looks. Times of files may lie a tick behind the clock.
    for (name, lines, second) in [("a.log.2", 0..10, 10), ("a.log.1", 10..20, 12), ("a.log", 20..25, 13)] {
        bench.write(name, lines);
        bench.date(name, second);
    }
    bench.look();
    bench.expect(25);
    bench.look();
    bench.restart();
    bench.look();
    bench.expect(25);
}

#[test]
fn old_rotations_stay_out_and_so_do_all_when_the_end_is_asked_for() {
    for (from_end, upto) in [(false, 5), (true, 0)] {
        let mut bench = Bench::new(false);
        bench.path.from_end = from_end;
        bench.since = Moment::from_micros((BASE as i64 + 10) * 1_000_000);
        bench.restart();
        bench.write("a.log.1", 900..905);
        bench.date("a.log.1", if from_end { 11 } else { 9 });
        bench.write("a.log", 0..5);
        bench.date("a.log", 12);
        bench.look();
        bench.look();
        bench.expect(upto);
        // A later start does not make them new.
        bench.since = bench.since.plus_seconds(60);
        bench.restart();
        bench.look();
        bench.expect(upto);
    }
}

#[test]
fn a_rotation_waits_for_its_log_without_being_lost() {
    let mut bench = Bench::new(false);
    bench.since = Moment::from_micros((BASE as i64 + 10) * 1_000_000);
    bench.restart();
    bench.write("a.log.2", 900..905);
    bench.date("a.log.2", 1);
    bench.write("a.log.1", 0..10);
    bench.date("a.log.1", 11);
    bench.look();
    bench.expect(10);
    bench.write("a.log", 10..12);
    bench.look();
    bench.expect(12);
}
