//! CPU time of this thread.

use std::hint::black_box;
use std::time::Instant;

/// Nanoseconds on a CPU so far; the wall clock where the system does not say.
fn cpu_ns(start: Instant) -> u128 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse().ok())
        .unwrap_or_else(|| start.elapsed().as_nanos())
}

/// Milliseconds of CPU of one call.
pub fn once_ms<T>(mut work: impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    let before = cpu_ns(start);
    black_box(work());
    (cpu_ns(start) - before) as f64 / 1e6
}

/// Milliseconds of CPU: median of five, after one call to warm up. Short work is repeated, for some systems
/// count CPU time in steps of milliseconds.
pub fn cpu_ms<T>(mut work: impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    black_box(work());
    let once = start.elapsed().as_secs_f64().max(1e-6);
    let repeats = (0.2 / once).ceil().clamp(1.0, 2_000.0) as usize;
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            once_ms(|| {
                for _ in 0..repeats {
                    black_box(work());
                }
            }) / repeats as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[2]
}

/// Name of the CPU.
pub fn cpu_model() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name")).unwrap_or("model name: unknown");
    line.split_once(':').map_or("unknown", |(_, name)| name.trim()).to_owned()
}
