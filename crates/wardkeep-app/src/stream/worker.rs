//! The matching thread: events in, hits, alerts and counters out. One thread, since correlations need one order.

use super::commit::{AlertWork, Checkpoint, Flush, Growth, Saved};
use super::read::{Made, Piece};
use super::sources::Tally;
use super::{Hot, Status};
use crate::assess::{AlertDraft, add_hit};
use crate::ioc::{ActiveIocs, add_sighting};
use crate::rules::{ActiveRules, SeenSources};
use crate::{App, Ctx, Error};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use wardkeep_detect::{AlertKey, Engine, Hit, IocSet, RuleSet};
use wardkeep_types::event::Event;
use wardkeep_types::{Length, Moment};

/// How long a new alert waits for company.
const ALERTS_EVERY: Duration = Duration::from_millis(200);
/// How long growth of known alerts waits.
const GROWTH_EVERY: Duration = Duration::from_mins(1);
/// How often is asked whether the rules are still the same.
const RULES_EVERY: Duration = Duration::from_secs(5);
/// How long nothing may come before the thread looks at the clock.
const PATIENCE: Duration = Duration::from_millis(100);
/// Drafts held before they are written early.
const DRAFTS: usize = 20_000;
/// Alert keys remembered as written.
const TOLD: usize = 200_000;

/// What a worker is given.
pub(super) struct WorkerParts {
    pub app: Arc<App>,
    pub runtime: Handle,
    pub rules: Arc<ActiveRules>,
    pub iocs: ActiveIocs,
    pub hot: Arc<Hot>,
    pub status: Arc<Status>,
    pub alerts: mpsc::Sender<AlertWork>,
    pub flushes: SyncSender<Flush>,
    /// Events, in the order of the spool.
    pub pieces: Receiver<Piece>,
    /// Asks the reading thread for a place to go on from.
    pub wanted: Arc<AtomicBool>,
}

pub(super) struct Worker {
    parts: WorkerParts,
    work: Work,
    tallies: HashMap<Arc<str>, Tally>,
    /// Number after the last message that was worked on.
    position: u64,
    /// Parts in [`Hot`] that were not flushed.
    fresh: Vec<Arc<Vec<Event>>>,
    told: HashSet<AlertKey>,
    alerted: Instant,
    grown: Instant,
    asked: Instant,
}

/// What rules and indicators say of events.
struct Work {
    rules: Arc<RuleSet>,
    iocs: Arc<IocSet>,
    seen: SeenSources,
    engine: Engine,
    hits: Vec<Hit>,
    drafts: HashMap<AlertKey, AlertDraft>,
    /// Up to where hits of an alert were counted before a crash.
    counted: HashMap<AlertKey, u64>,
}

impl Work {
    fn event(&mut self, event: &Event, seq: u64, received: Moment) {
        self.seen.add(event, received);
        self.engine.push(event, &mut self.hits);
        for hit in self.hits.drain(..) {
            let Some(rule) = self.rules.rules().get(hit.rule) else { continue };
            if self.counted.get(&hit.key(&rule.id)).is_some_and(|upto| seq < *upto) {
                continue;
            }
            add_hit(&self.rules, &mut self.drafts, hit, Some(event));
        }
        self.iocs.look(event, &mut |place, field| {
            let counted = |key: &AlertKey| self.counted.get(key).is_some_and(|upto| seq < *upto);
            add_sighting(&mut self.drafts, &self.iocs.list()[place], field, event, counted);
        });
    }
}

impl Worker {
    pub async fn new(parts: WorkerParts, checkpoint: Checkpoint) -> Result<Self, Error> {
        let position = checkpoint.cursor;
        let (rules, iocs) = (Arc::new(parts.rules.set.clone()), parts.iocs.set.clone());
        let mut engine = Engine::live(&rules, Length::from_seconds(0));
        let mut drafts = HashMap::new();
        let counted = parts.app.counted_alerts(checkpoint.cursor).await?;
        if let Some(saved) = checkpoint.saved {
            let restored = engine.restore(saved.engine);
            if restored.dropped > 0 {
                tracing::info!(groups = restored.dropped, "rules changed: some correlations begin anew");
            }
            for growth in saved.growth {
                // Written before the crash, and then not noted.
                if let Some((key, draft)) = growth.draft(&rules, &iocs)
                    && !counted.contains_key(&key)
                {
                    drafts.insert(key, draft);
                }
            }
        }
        let told = drafts.keys().copied().collect();
        let work =
            Work { rules, iocs, seen: SeenSources::default(), engine, hits: Vec::new(), drafts, counted };
        let now = Instant::now();
        Ok(Self {
            parts,
            work,
            tallies: HashMap::new(),
            position,
            fresh: Vec::new(),
            told,
            alerted: now,
            grown: now,
            asked: now,
        })
    }

    /// Works until nobody gives events any more, or nobody takes them.
    pub fn run(mut self) {
        loop {
            match self.parts.pieces.recv_timeout(PATIENCE) {
                Ok(Piece::Events(made)) => self.events(made),
                Ok(Piece::Closed(at)) => {
                    self.position = at;
                    if !self.flush(false) {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.asked.elapsed() >= RULES_EVERY {
                self.follow_rules();
            }
            if self.alerted.elapsed() >= ALERTS_EVERY {
                self.tell(false, None);
            }
            if self.work.drafts.len() >= DRAFTS {
                self.parts.wanted.store(true, Ordering::Relaxed);
            }
        }
        self.flush(true);
    }

    /// Matches events, and shows them.
    fn events(&mut self, made: Made) {
        for (event, seq) in made.events.iter().zip(&made.seqs) {
            self.work.event(event, *seq, made.received);
        }
        if made.tally.is_something() {
            self.tallies.entry(made.source).or_default().merge(made.tally);
        }
        let status = &self.parts.status;
        if !made.events.is_empty() {
            let part = Arc::new(made.events);
            status.events.fetch_add(part.len() as u64, Ordering::Relaxed);
            self.parts.hot.add(part.clone());
            self.fresh.push(part);
        }
        self.position = made.next;
        status.worked.store(made.next, Ordering::Relaxed);
        let lag = self.parts.app.clock.now().as_micros() - made.received.as_micros();
        status.lag.store(lag.max(0) as u64, Ordering::Relaxed);
    }

    /// Hands drafts over to be written: new alerts, and with `all` also growth of known ones.
    fn tell(&mut self, all: bool, done: Option<oneshot::Sender<()>>) {
        self.alerted = Instant::now();
        let told = &self.told;
        let drafts: Vec<AlertDraft> = self
            .work
            .drafts
            .extract_if(|key, _| all || !told.contains(key))
            .map(|(_, draft)| draft)
            .collect();
        if self.told.len() + drafts.len() > TOLD {
            self.told.clear();
        }
        self.told.extend(drafts.iter().map(|draft| draft.key));
        if drafts.is_empty() && done.is_none() {
            return;
        }
        let rules = self.work.rules.clone();
        let work = AlertWork { drafts, rules, upto: self.position, done };
        let _ = self.parts.alerts.blocking_send(work);
    }

    /// Goes on with other rules when somebody changed them, here or in another process. Correlations that stay the same
    /// keep what they remember.
    fn follow_rules(&mut self) {
        self.asked = Instant::now();
        match self.parts.runtime.block_on(self.parts.app.active_iocs()) {
            // Drafts carry their indicator along: nothing needs to be told first.
            Ok(iocs) if iocs.stamp != self.parts.iocs.stamp => {
                tracing::info!(indicators = iocs.set.len(), "the indicators of compromise changed");
                (self.work.iocs, self.parts.iocs) = (iocs.set.clone(), iocs);
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "the indicators could not be read; those from before are looked for");
            }
        }
        let now = match self.parts.runtime.block_on(self.parts.app.active_rules()) {
            Ok(now) if now.fingerprint != self.parts.rules.fingerprint => now,
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(%error, "the active rules could not be read; those from before run on");
                return;
            }
        };
        // Drafts name their rule by its place: they go before the places change.
        self.tell(true, None);
        let rules = Arc::new(now.set.clone());
        let mut engine = Engine::live(&rules, Length::from_seconds(0));
        let restored = engine.restore(self.work.engine.save());
        tracing::info!(rules = rules.rules().len(), dropped = restored.dropped, "the rules changed");
        (self.work.engine, self.work.rules, self.parts.rules) = (engine, rules, now);
    }

    /// Hands over what goes to the files, with the checkpoint. False when nobody takes it any more.
    fn flush(&mut self, last: bool) -> bool {
        let all = last || self.grown.elapsed() >= GROWTH_EVERY || self.work.drafts.len() >= DRAFTS;
        let (done, alerts_done) = oneshot::channel();
        self.tell(all, Some(done));
        if all {
            self.grown = Instant::now();
        }
        let rules = &self.work.rules;
        let growth = self.work.drafts.values().filter_map(|draft| Growth::of(draft, rules)).collect();
        let flush = Flush {
            parts: std::mem::take(&mut self.fresh),
            cursor: self.position,
            saved: Saved { engine: self.work.engine.save(), growth },
            tallies: std::mem::take(&mut self.tallies),
            seen: std::mem::take(&mut self.work.seen),
            alerts_done,
        };
        self.parts.flushes.send(flush).is_ok()
    }
}

impl App {
    /// The context in which live intake writes.
    pub(super) fn intake_ctx(&self) -> Ctx {
        Ctx::system("live intake", self.clock.now())
    }
}
