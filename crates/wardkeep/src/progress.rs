//! How far an assessment is, with rate and remaining time. Only where somebody watches.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use wardkeep_app::assess::Progress;

/// A bar on a terminal, nothing with `--json` or into a file.
pub fn display(json: bool) -> Arc<dyn Progress> {
    if json || !std::io::stderr().is_terminal() { Arc::new(()) } else { Arc::new(Bar::new()) }
}

struct Bar {
    bar: ProgressBar,
    files: AtomicU64,
    done: AtomicU64,
}

const READING: &str = "{msg:<14!} {wide_bar} {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left";
const WORKING: &str = "{msg:<40!} {spinner} {elapsed}";

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, files: AtomicU64::new(0), done: AtomicU64::new(0) }
    }
    fn style(&self, template: &str) {
        // The templates are constants, checked by a test.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
    }
}

impl Progress for Bar {
    fn phase(&self, name: &str) {
        let reading = name == "Reading" && self.files.load(Ordering::Relaxed) > 0;
        self.style(if reading { READING } else { WORKING });
        self.bar.set_message(name.to_owned());
    }
    fn total(&self, files: u64, bytes: u64) {
        self.files.store(files, Ordering::Relaxed);
        self.bar.set_length(bytes);
        self.bar.set_position(0);
        self.bar.reset_eta();
    }
    fn bytes(&self, bytes: u64) {
        self.bar.inc(bytes);
    }
    fn file(&self, _: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_message(format!("{done}/{} files", self.files.load(Ordering::Relaxed)));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{READING, WORKING};
    use indicatif::ProgressStyle;

    #[test]
    fn the_bars_can_be_drawn() {
        for template in [READING, WORKING] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }
}
