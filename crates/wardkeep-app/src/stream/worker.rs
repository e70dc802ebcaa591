//! The worker: messages in, events, hits and counters out. One thread; correlations need one order.

use super::commit::{AlertWork, Checkpoint, Flush, Growth, Saved};
use super::sources::Tally;
use super::{Hot, Status};
use crate::assess::{AlertDraft, add_hit};
use crate::ioc::{ActiveIocs, add_sighting};
use crate::rules::{ActiveRules, SeenSources};
use crate::{App, Ctx, Error};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use wardkeep_detect::{AlertKey, Engine, Hit, IocSet, RuleSet};
use wardkeep_intake::{Fault, Format, LineReader};
use wardkeep_listen::{Cursor, Next, Stored};
use wardkeep_types::event::{Event, TimeQuality};
use wardkeep_types::{Id, Length, Moment};

/// Bytes of raw records after which they go to their files.
const FLUSH_BYTES: usize = 48 * 1024 * 1024;
/// How long a new alert waits for company.
const ALERTS_EVERY: Duration = Duration::from_millis(200);
/// How long growth of known alerts waits.
const GROWTH_EVERY: Duration = Duration::from_mins(1);
/// How often is asked whether the rules are still the same.
const RULES_EVERY: Duration = Duration::from_secs(5);
/// Drafts held before they are written early.
const DRAFTS: usize = 20_000;
/// Alert keys remembered as written.
const TOLD: usize = 200_000;
/// Sources whose reader is kept.
const READERS: usize = 10_000;
/// A record that is dated further ahead of its receipt has a wrong clock, and must not settle windows.
const AHEAD: i64 = 86_400;

/// What a worker is given.
pub(super) struct WorkerParts {
    pub app: Arc<App>,
    pub runtime: Handle,
    pub unit: Id,
    pub rules: Arc<ActiveRules>,
    pub iocs: ActiveIocs,
    pub hot: Arc<Hot>,
    pub status: Arc<Status>,
    pub alerts: mpsc::Sender<AlertWork>,
    pub flushes: SyncSender<Flush>,
    pub stop: Arc<AtomicBool>,
}

pub(super) struct Worker {
    parts: WorkerParts,
    cursor: Cursor,
    readers: HashMap<Arc<str>, LineReader>,
    work: Work,
    /// Parts in [`Hot`] that were not flushed.
    fresh: Vec<Arc<Vec<Event>>>,
    bytes: usize,
    told: HashSet<AlertKey>,
    flushed: Instant,
    alerted: Instant,
    grown: Instant,
    asked: Instant,
}

/// What the reader of messages writes to.
struct Work {
    rules: Arc<RuleSet>,
    iocs: Arc<IocSet>,
    seen: SeenSources,
    engine: Engine,
    events: Vec<Event>,
    hits: Vec<Hit>,
    drafts: HashMap<AlertKey, AlertDraft>,
    /// Up to where hits of an alert were counted before a crash.
    counted: HashMap<AlertKey, u64>,
    tallies: HashMap<Arc<str>, Tally>,
    tally: Tally,
    seq: u64,
    received: Moment,
    first_of_log: bool,
}

impl wardkeep_intake::Sink for Work {
    fn event(&mut self, mut event: Event) {
        wardkeep_events::classify(&mut event);
        if event.at > self.received.plus_seconds(AHEAD) {
            // Kept as it says in the record; filed and judged by when it came.
            (event.at, event.time_quality) = (self.received, TimeQuality::Missing);
        }
        self.tally.event(&event, self.received);
        self.seen.add(&event, self.received);
        self.engine.push(&event, &mut self.hits);
        for hit in self.hits.drain(..) {
            let Some(rule) = self.rules.rules().get(hit.rule) else { continue };
            if self.counted.get(&hit.key(&rule.id)).is_some_and(|upto| self.seq < *upto) {
                continue;
            }
            add_hit(&self.rules, &mut self.drafts, hit, Some(&event));
        }
        self.iocs.look(&event, &mut |place, field| {
            let counted = |key: &AlertKey| self.counted.get(key).is_some_and(|upto| self.seq < *upto);
            add_sighting(&mut self.drafts, &self.iocs.list()[place], field, &event, counted);
        });
        self.events.push(event);
    }
    fn fault(&mut self, fault: Fault) {
        self.tally.failures += 1;
        if std::mem::replace(&mut self.first_of_log, false) {
            tracing::debug!(source = %fault.file, code = fault.code, position = %fault.position, "a record was not understood and was kept as it came");
        }
    }
}

impl Worker {
    pub async fn new(parts: WorkerParts, checkpoint: Checkpoint, cursor: Cursor) -> Result<Self, Error> {
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
        let work = Work {
            rules,
            iocs,
            seen: SeenSources::default(),
            engine,
            events: Vec::new(),
            hits: Vec::new(),
            drafts,
            counted,
            tallies: HashMap::new(),
            tally: Tally::default(),
            seq: 0,
            received: Moment::EPOCH,
            first_of_log: true,
        };
        let now = Instant::now();
        Ok(Self {
            parts,
            cursor,
            readers: HashMap::new(),
            work,
            fresh: Vec::new(),
            bytes: 0,
            told,
            flushed: now,
            alerted: now,
            grown: now,
            asked: now,
        })
    }

    pub fn run(mut self) {
        let every = Duration::from_secs(self.parts.app.config.intake.flush_seconds);
        loop {
            match self.cursor.next(Duration::from_millis(100)) {
                Ok(Next::Batch(stored)) => self.batch(&stored),
                Ok(Next::Quiet) => self.idle(),
                Ok(Next::Closed) => break,
                Err(error) => {
                    tracing::error!(%error, "the spool cannot be read; it is tried again");
                    let _ = self.parts.runtime.block_on(async {
                        tokio::time::timeout(Duration::from_secs(1), std::future::pending::<()>()).await
                    });
                }
            }
            if self.asked.elapsed() >= RULES_EVERY {
                self.follow_rules();
            }
            if self.alerted.elapsed() >= ALERTS_EVERY {
                self.tell(false, None);
            }
            let due = !self.work.tallies.is_empty() && self.flushed.elapsed() >= every;
            if (due || self.bytes >= FLUSH_BYTES || self.work.drafts.len() >= DRAFTS) && !self.flush(false) {
                return;
            }
            if self.parts.stop.load(Ordering::Relaxed) {
                break;
            }
        }
        self.flush(true);
    }

    fn batch(&mut self, stored: &Stored) {
        let source = stored.batch.source.clone();
        if self.readers.len() >= READERS && !self.readers.contains_key(&source) {
            self.finish_readers();
            self.readers.clear();
        }
        let work = &mut self.work;
        work.received = stored.batch.received;
        work.tally = work.tallies.remove(&source).unwrap_or_default();
        let parts = &self.parts;
        let reader = self.readers.entry(source.clone()).or_insert_with(|| {
            let known = parts.runtime.block_on(parts.app.source_of(&source, parts.unit));
            let format = known.unwrap_or_else(|error| {
                tracing::error!(%error, source = %source, "a log source could not be looked up");
                None
            });
            reader(&source, format.as_deref())
        });
        let from = parts.status.worked.load(Ordering::Relaxed);
        for (place, message) in stored.batch.messages().enumerate() {
            work.seq = stored.first + place as u64;
            if work.seq < from {
                continue;
            }
            self.bytes += message.len() + 200;
            reader.push(message, work.seq, stored.batch.received, work);
        }
        work.seq = stored.first + stored.batch.len() as u64;
        if !stored.batch.is_empty() {
            work.tally.seen(stored.batch.received, stored.batch.size() as u64);
            work.tallies.insert(source, std::mem::take(&mut work.tally));
        }
        self.show();
        let status = &self.parts.status;
        status.worked.store(self.cursor.position(), Ordering::Relaxed);
        let lag = self.parts.app.clock.now().as_micros() - stored.batch.received.as_micros();
        status.lag.store(lag.max(0) as u64, Ordering::Relaxed);
    }

    /// Shows the events that were made.
    fn show(&mut self) {
        if self.work.events.is_empty() {
            return;
        }
        let part = Arc::new(std::mem::take(&mut self.work.events));
        self.parts.status.events.fetch_add(part.len() as u64, Ordering::Relaxed);
        self.parts.hot.add(part.clone());
        self.fresh.push(part);
    }

    fn idle(&mut self) {
        self.parts.status.lag.store(0, Ordering::Relaxed);
        let since = self.parts.app.clock.now().plus_seconds(-2);
        for (source, reader) in self.readers.iter_mut().filter(|(_, reader)| reader.holds()) {
            self.work.tally = self.work.tallies.remove(source).unwrap_or_default();
            reader.idle(since, &mut self.work);
            self.work.tallies.insert(source.clone(), std::mem::take(&mut self.work.tally));
        }
        self.show();
    }

    fn finish_readers(&mut self) {
        let now = self.parts.app.clock.now();
        for (source, reader) in self.readers.iter_mut().filter(|(_, reader)| reader.holds()) {
            self.work.tally = self.work.tallies.remove(source).unwrap_or_default();
            reader.finish(now, &mut self.work);
            self.work.tallies.insert(source.clone(), std::mem::take(&mut self.work.tally));
        }
        self.show();
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
        let work = AlertWork { drafts, rules, upto: self.cursor.position(), done };
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
        self.finish_readers();
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
            cursor: self.cursor.position(),
            saved: Saved { engine: self.work.engine.save(), growth },
            tallies: std::mem::take(&mut self.work.tallies),
            seen: std::mem::take(&mut self.work.seen),
            alerts_done,
        };
        (self.bytes, self.flushed) = (0, Instant::now());
        self.parts.flushes.send(flush).is_ok()
    }
}

fn reader(source: &Arc<str>, format: Option<&str>) -> LineReader {
    let named = format.and_then(Format::from_key);
    let made = LineReader::new(source.clone(), named).or_else(|_| LineReader::new(source.clone(), None));
    match made {
        Ok(reader) => reader.ids_by_position(),
        // Without a format no reader is refused.
        Err(refusal) => unreachable!("{refusal}"),
    }
}

impl App {
    /// The context in which live intake writes.
    pub(super) fn intake_ctx(&self) -> Ctx {
        Ctx::system("live intake", self.clock.now())
    }
}
