//! What a piece of work cost.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Processor time of this thread so far.
pub(super) fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Bytes of memory that the program holds; zero where the system does not say.
pub(super) fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) * 1_024
}

/// Adds up the processor time of the work given to it.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Meter {
    pub spent: Duration,
}

impl Meter {
    pub(super) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begun = cpu();
        let result = work();
        self.spent += cpu().saturating_sub(begun);
        result
    }
}
