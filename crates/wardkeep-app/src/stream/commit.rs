//! Making things last: alerts, files of events, and the checkpoint that says up to where everything is done.

use super::sources::{Tally, tally_rows};
use super::{Hot, Status};
use crate::assess::{AT_ONCE, AlertDraft, Claim};
use crate::events::closed;
use crate::rules::SeenSources;
use crate::{App, Error};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use wardkeep_detect::{AlertKey, IocSet, RuleSet, SavedState};
use wardkeep_events::store::{Written, write_parts};
use wardkeep_listen::Spool;
use wardkeep_store::{Cell, Hold, Write, cells};
use wardkeep_types::event::{Event, EventId};
use wardkeep_types::{Id, Moment};

/// Times that something is tried before the worker gives up; the next start does it again.
const TRIES: u32 = 20;

/// Alerts to be written.
pub(super) struct AlertWork {
    pub drafts: Vec<AlertDraft>,
    /// The rules whose places the drafts name.
    pub rules: Arc<RuleSet>,
    /// Number after the last message whose hits are in the drafts.
    pub upto: u64,
    /// Told when they are written.
    pub done: Option<oneshot::Sender<()>>,
}

/// Events to be filed, and everything that belongs to the checkpoint behind them.
pub(super) struct Flush {
    pub parts: Vec<Arc<Vec<Event>>>,
    pub cursor: u64,
    pub saved: Saved,
    pub tallies: HashMap<Arc<str>, Tally>,
    pub seen: SeenSources,
    pub alerts_done: oneshot::Receiver<()>,
}

/// What the worker must remember over a restart.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub engine: SavedState,
    /// Hits of known alerts that are not written yet.
    pub growth: Vec<Growth>,
}

/// A draft of a known alert, without its events.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Growth {
    /// Id of the rule; empty for an indicator.
    rule: String,
    /// The indicator, and the field in which it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    indicator: Option<(Id, Box<str>)>,
    key: String,
    group: Vec<(Arc<str>, Box<str>)>,
    from: Moment,
    at: Moment,
    count: u64,
}

impl Growth {
    pub fn of(draft: &AlertDraft, rules: &RuleSet) -> Option<Self> {
        let (rule, indicator) = match &draft.claim {
            Claim::Rule(place) => (rules.rules().get(*place)?.id.to_string(), None),
            Claim::Ioc(ioc, field) => (String::new(), Some((ioc.id, field.clone()))),
        };
        let (key, group) = (draft.key.to_string(), draft.group.clone());
        Some(Self { rule, indicator, key, group, from: draft.from, at: draft.at, count: draft.count })
    }
    pub fn draft(self, rules: &RuleSet, iocs: &IocSet) -> Option<(AlertKey, AlertDraft)> {
        let claim = match &self.indicator {
            None => Claim::Rule(rules.rules().iter().position(|rule| *rule.id == *self.rule)?),
            Some((id, field)) => {
                let ioc = iocs.list().iter().find(|ioc| ioc.id == *id)?;
                Claim::Ioc(Arc::new(ioc.clone()), field.clone())
            }
        };
        let key = alert_key_of(&self.key)?;
        let Self { group, from, at, count, .. } = self;
        let draft =
            AlertDraft { claim, key, group, from, at, count, events: Vec::new(), samples: Vec::new() };
        Some((key, draft))
    }
}

fn alert_key_of(text: &str) -> Option<AlertKey> {
    let mut bytes = [0; 16];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(AlertKey(bytes))
}

/// Where work goes on.
#[derive(Debug, Default)]
pub(crate) struct Checkpoint {
    /// Number of the first message that is not done with.
    pub cursor: u64,
    pub saved: Option<Saved>,
}

impl App {
    /// The last checkpoint. What the correlations remembered may be missing or unreadable; then they begin anew.
    pub(crate) async fn stream_checkpoint(&self) -> Result<Checkpoint, Error> {
        let sql = "SELECT cursor_at, state_file FROM stream_checkpoint WHERE id = 1";
        let Some(row) = self.db.row(sql, cells![]).await? else {
            return Ok(Checkpoint { cursor: 1, saved: None });
        };
        let cursor: i64 = row.try_get("", "cursor_at").map_err(Error::fault)?;
        let file: String = row.try_get("", "state_file").map_err(Error::fault)?;
        let read = fs::read(self.folder.spool().join(&file)).map_err(|error| error.to_string());
        let saved = read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()));
        if let Err(error) = &saved {
            tracing::error!(file, error, "what correlations remembered cannot be read; they begin anew");
        }
        Ok(Checkpoint { cursor: cursor as u64, saved: saved.ok() })
    }
    /// Alerts that count hits of messages behind the checkpoint, and up to which.
    pub(super) async fn counted_alerts(&self, cursor: u64) -> Result<HashMap<AlertKey, u64>, Error> {
        let sql = "SELECT source_ref, upto FROM stream_alert WHERE upto > $1";
        let mut counted = HashMap::new();
        for row in self.db.rows(sql, cells![cursor as i64]).await? {
            let key: String = row.try_get("", "source_ref").map_err(Error::fault)?;
            let upto: i64 = row.try_get("", "upto").map_err(Error::fault)?;
            if let Some(key) = alert_key_of(&key) {
                counted.insert(key, upto as u64);
            }
        }
        Ok(counted)
    }
    async fn checkpoint(
        &self,
        written: &[Written],
        cursor: u64,
        state_file: &str,
        tallies: &HashMap<Arc<str>, Tally>,
        seen: &SeenSources,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let mut extra: Vec<(String, Vec<Cell>)> =
            tally_rows(tallies, now).into_iter().map(|(sql, values)| (sql.to_owned(), values)).collect();
        extra.extend(seen.statements());
        let sql = "INSERT INTO stream_checkpoint (id, cursor_at, state_file, at) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO UPDATE SET cursor_at = excluded.cursor_at, state_file = excluded.state_file, at = excluded.at";
        extra.push((sql.to_owned(), cells![cursor as i64, state_file, now]));
        let acts = if written.is_empty() { Vec::new() } else { vec![Write::Act(closed(written, "live"))] };
        self.db.write(&self.intake_ctx().author(), acts, extra).await?;
        Ok(())
    }
}

/// Writes alerts, one lot after the other, until nobody sends any more.
pub(super) async fn alerts(
    app: Arc<App>,
    unit: Id,
    hot: Arc<Hot>,
    status: Arc<Status>,
    mut work: mpsc::Receiver<AlertWork>,
) {
    while let Some(AlertWork { mut drafts, rules, upto, done }) = work.recv().await {
        let recent = |wanted: &HashSet<EventId>| -> Vec<Event> {
            let parts = hot.events();
            let all = parts.iter().rev().flat_map(|part| part.iter());
            all.filter(|event| wanted.contains(&event.id)).take(wanted.len()).cloned().collect()
        };
        let mut tries = 0;
        while !drafts.is_empty() {
            let ctx = app.intake_ctx();
            // What is written is taken off at once: a later lot that fails must not count it a second time.
            let lot = drafts.len().min(AT_ONCE);
            match app.write_live_alerts(&ctx, unit, &rules, &mut drafts[..lot], upto, &recent).await {
                Ok(()) => {
                    status.alerts.fetch_add(lot as u64, Ordering::Relaxed);
                    drafts.drain(..lot);
                    tries = 0;
                }
                Err(error) if tries < TRIES => {
                    tries += 1;
                    tracing::warn!(%error, "alerts could not be written; it is tried again");
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                Err(error) => {
                    // Without an answer no checkpoint follows: the next start writes them.
                    tracing::error!(%error, "alerts could not be written; live intake stops");
                    return;
                }
            }
        }
        if let Some(done) = done {
            let _ = done.send(());
        }
    }
}

/// Files events and moves the checkpoint, one stretch after the other, until nobody sends any more.
pub(super) fn files(
    app: &Arc<App>,
    runtime: &Handle,
    hot: &Hot,
    status: &Status,
    spool: &Spool,
    flushes: &Receiver<Flush>,
) {
    while let Ok(flush) = flushes.recv() {
        let Flush { parts, cursor, saved, tallies, seen, alerts_done } = flush;
        let mut tries = 0;
        let filed = loop {
            match file_all(app, &parts, cursor, &saved) {
                Ok(filed) => break filed,
                Err(error) if tries < TRIES => {
                    tries += 1;
                    tracing::warn!(%error, "events could not be filed; it is tried again");
                    runtime.block_on(tokio::time::sleep(Duration::from_millis(500)));
                }
                Err(error) => {
                    tracing::error!(%error, "events could not be filed; live intake stops, and what is in the spool stays there");
                    return;
                }
            }
        };
        if runtime.block_on(alerts_done).is_err() {
            return;
        }
        let (written, state_file) = filed;
        let mut tries = 0;
        while let Err(error) =
            runtime.block_on(app.checkpoint(&written, cursor, &state_file, &tallies, &seen))
        {
            tries += 1;
            if tries > TRIES {
                tracing::error!(%error, "the checkpoint could not be written; live intake stops");
                return;
            }
            tracing::warn!(%error, "the checkpoint could not be written; it is tried again");
            runtime.block_on(tokio::time::sleep(Duration::from_millis(500)));
        }
        hot.drop_first(parts.len());
        status.checkpoint.store(cursor, Ordering::Relaxed);
        // A backup copies the spool as it stood at its snapshot; what it copies is removed at a later checkpoint.
        if let Ok(Some(_alone)) = Hold::try_exclusive(app.folder.path()) {
            if let Err(error) = spool.release(cursor) {
                tracing::warn!(%error, "the spool could not be cleared");
            }
            sweep_states(&app.folder.spool(), &state_file);
        }
    }
}

fn file_all(
    app: &App,
    parts: &[Arc<Vec<Event>>],
    cursor: u64,
    saved: &Saved,
) -> Result<(Vec<Written>, String), Error> {
    let written = write_parts(&app.folder.events(), app.clock.now(), parts).map_err(Error::fault)?;
    let name = format!("state-{cursor:016x}.json");
    let path = app.folder.spool().join(&name);
    let bytes = serde_json::to_vec(saved).map_err(Error::fault)?;
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&path)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::File::open(app.folder.spool())?.sync_all()
    };
    write().map_err(|error| Error::fault(format!("{}: {error}", path.display())))?;
    Ok((written, name))
}

fn sweep_states(folder: &Path, kept: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("state-") && name != kept {
            // Left over; nothing refers to it.
            let _ = fs::remove_file(entry.path());
        }
    }
}
