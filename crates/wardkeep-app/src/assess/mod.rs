//! The main job: from folders of real evidence to alerts, findings, observations, control states and a posture.
//!
//! Files are read in batches on a thread of their own. What a batch found is written first (alerts, findings,
//! rows: each under a key that makes repeating harmless), and only then are its files marked as read. A run that
//! is killed leaves unmarked files, which the next run reads again; a file that was read is never read twice.

mod alerts;
mod assessed;
mod assets;
mod baseline;
mod commit;
mod controls;
mod facts;
mod findings;
mod live_alerts;
mod observations_api;
mod posture;
mod reading;
mod tests_run;
mod views;

pub(crate) use alerts::{TACTICS, tactic_id};
pub use assessed::Assessed;
pub(crate) use baseline::control_edits;
pub(crate) use live_alerts::AT_ONCE;
pub use observations_api::{
    MOST as OBSERVATIONS_MOST, ObservationAsk, ObservationPage, RECOMPUTE, Taken, observation_hash,
};
pub use reading::Progress;
pub(crate) use reading::{AlertDraft, Claim, add_hit, sample};
pub use views::*;
pub(crate) use {id_for as id_of, line as line_of, text as text_of};

use crate::{App, Ctx, Error};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wardkeep_types::{Id, Moment, Problem};

/// What to assess, and how.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Folders and files.
    pub paths: Vec<PathBuf>,
    /// Folders of Sigma rules beside our own.
    pub rules: Vec<PathBuf>,
    /// The moment to speak about; worked out from the evidence when absent (`decisions.md` 14).
    pub as_of: Option<Moment>,
}

/// Files of one format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormatCount {
    /// Files.
    pub files: u64,
    /// Records, rows, components.
    pub rows: u64,
    /// Rows that could not be read.
    pub problems: u64,
}

/// What reading found, over the whole run.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub formats: BTreeMap<String, FormatCount>,
    pub events: u64,
    pub bytes: u64,
    pub files: u64,
    pub known_files: u64,
    pub problems: Vec<Problem>,
    pub more_problems: u64,
    pub unread: Vec<(String, String)>,
}

/// Name under which the state of correlations of an unfinished run is kept.
const STATE: &str = "assess";
/// Problems told one by one; the rest is counted.
const PROBLEMS_TOLD: usize = 2_000;

impl Totals {
    pub fn problem(&mut self, problem: Problem) {
        if self.problems.len() < PROBLEMS_TOLD {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }
}

impl App {
    /// Assesses the evidence. `stop` ends the reading cleanly after the current batch.
    pub async fn assess(
        &self,
        ctx: &Ctx,
        options: &Options,
        progress: Arc<dyn Progress>,
        stop: Arc<AtomicBool>,
    ) -> Result<Assessed, Error> {
        let begun = self.clock.now();
        let unit = self.ensure_baseline(ctx).await?;
        self.sweep_events(false).await?;
        let mut totals = Totals::default();
        self.sync_shipped_rules(ctx, unit).await?;
        for folder in &options.rules {
            self.sync_folder(ctx, unit, folder, "active")
                .await?
                .problems
                .into_iter()
                .for_each(|p| totals.problem(p));
        }
        let active = self.active_rules().await?;
        let rules = active.set.clone();
        let (folder, iocs) = (self.folder.events(), self.active_iocs().await?.set);
        let mut reader = reading::Reader::new(folder, &rules, iocs, progress.clone(), stop.clone(), ctx.now);
        if self.setting("assess_unfinished").await?.is_some() {
            // The last run did not end: its correlations go on where its last batch ended. Where the rules are others
            // by now, what was stored is seen again; keys keep alerts single.
            let kept = self.kept_state(STATE, &active.fingerprint).await?;
            if !kept.is_some_and(|state| reader.restore(state)) {
                reader.forget();
                reader = self.replay(reader).await?;
            }
        }
        self.set_setting("assess_unfinished", Some("1")).await?;
        let walk = wardkeep_intake::walk(&options.paths);
        for (path, why) in walk.unreadable {
            let path = path.display().to_string();
            let remedy = "give this account the right to read it, or leave it out";
            totals.problem(Problem::new(&path, "unreadable", why.clone()).hint(remedy));
            totals.unread.push((path, why));
        }
        let known = self.known_files().await?;
        let mut queue = reading::Queue::new(walk.sources, known, &mut totals, progress.as_ref());
        while let Some(batch) = queue.next_batch() {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let (back, read) = reader.read(batch).await?;
            reader = back;
            self.commit_batch(ctx, unit, read, &active, &mut totals).await?;
        }
        let stopped = stop.load(Ordering::Relaxed);
        progress.phase("Detection");
        let hits = reader.finish();
        self.write_alerts(ctx, unit, &rules, hits).await?;
        if !stopped {
            self.set_setting("assess_unfinished", None).await?;
            self.drop_state(STATE).await?;
        }
        progress.phase("Control tests");
        let (as_of, banner) = self.as_of(ctx, options).await?;
        self.rules_upkeep(ctx, as_of).await?;
        self.run_tests(ctx, unit, as_of).await?;
        progress.phase("Controls");
        self.recompute_controls(ctx, as_of).await?;
        let seconds = (self.clock.now().as_micros() - begun.as_micros()) as f64 / 1e6;
        self.assessed(ctx, options, totals, as_of, banner, seconds, stopped).await
    }

    pub(crate) async fn setting(&self, name: &str) -> Result<Option<String>, Error> {
        let row =
            self.db.row("SELECT value FROM setting WHERE name = $1", wardkeep_store::cells![name]).await?;
        row.map(|r| r.try_get("", "value").map_err(Error::fault)).transpose()
    }
    pub(crate) async fn set_setting(&self, name: &str, value: Option<&str>) -> Result<(), Error> {
        use wardkeep_store::cells;
        self.db.run("DELETE FROM setting WHERE name = $1", cells![name]).await?;
        if let Some(value) = value {
            self.db.run("INSERT INTO setting (name, value) VALUES ($1, $2)", cells![name, value]).await?;
        }
        Ok(())
    }
}

/// One line of text for a field of kind Line: no line breaks, at most 200 characters.
pub(crate) fn line(text: &str) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= wardkeep_types::limits::LINE_CHARACTERS {
        return flat;
    }
    let cut: String = flat.chars().take(wardkeep_types::limits::LINE_CHARACTERS - 1).collect();
    format!("{cut}…")
}

/// Text for a field of kind Text or Markdown: no control characters, bounded.
pub(crate) fn text(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let mut end = clean.len().min(wardkeep_types::limits::TEXT_BYTES - 64);
    while !clean.is_char_boundary(end) {
        end -= 1;
    }
    clean[..end].to_owned()
}

/// Ids that follow from what they stand for, so that repeating a run finds the same record.
pub(crate) fn id_for(kind: &str, key: &str) -> Id {
    Id::derived(&Id::NIL, &format!("wardkeep:{kind}:{key}"))
}
