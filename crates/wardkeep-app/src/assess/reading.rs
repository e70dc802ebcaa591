//! Reading files on a thread of their own: events go to Parquet and through the rules, reports and tables come
//! back to be written as records.

use super::{Totals, id_for};
use crate::Error;
use crate::rules::SeenSources;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wardkeep_detect::{AlertKey, Engine, Hit, Ioc, IocSet, RuleSet, SavedState};
use wardkeep_events::store::{EventWriter, Written};
use wardkeep_intake::{Closed, Ending, Fault, Format, Opened, Source, Table};
use wardkeep_types::event::{Event, EventId, TimeQuality};
use wardkeep_types::sighting::Report;
use wardkeep_types::{Moment, Problem};

/// Shows how far a run is.
pub trait Progress: Send + Sync {
    /// A new part of the work begins.
    fn phase(&self, name: &str);
    /// Bytes and files that lie ahead.
    fn total(&self, files: u64, bytes: u64);
    /// Bytes read since the last call.
    fn bytes(&self, bytes: u64);
    /// A file is done with.
    fn file(&self, name: &str);
}

/// No display.
impl Progress for () {
    fn phase(&self, _: &str) {}
    fn total(&self, _: u64, _: u64) {}
    fn bytes(&self, _: u64) {}
    fn file(&self, _: &str) {}
}

/// A file to read, with its content's hash.
pub(crate) struct Todo {
    pub source: Source,
    pub sha256: String,
    pub size: u64,
}

/// Files that were not read before, in batches.
pub(crate) struct Queue {
    todo: std::vec::IntoIter<Todo>,
}

/// Bytes of files in one batch: what a killed run may have to read again.
const BATCH_BYTES: u64 = 64 * 1024 * 1024;
const BATCH_FILES: usize = 400;

impl Queue {
    pub fn new(
        sources: Vec<Source>,
        known: HashSet<String>,
        totals: &mut Totals,
        progress: &dyn Progress,
    ) -> Self {
        progress.phase("Looking at files");
        let (mut todo, mut seen) = (Vec::new(), known);
        for source in sources {
            totals.files += 1;
            match hash(&source) {
                Ok((sha256, size)) if seen.insert(sha256.clone()) => {
                    totals.bytes += size;
                    todo.push(Todo { source, sha256, size });
                }
                Ok(_) => totals.known_files += 1,
                Err(error) => {
                    let name = source.name().to_owned();
                    totals.problem(
                        Problem::new(&name, "unreadable", error.clone())
                            .hint("give this account the right to read it"),
                    );
                    totals.unread.push((name, error));
                }
            }
        }
        progress.total(todo.len() as u64, todo.iter().map(|t| t.size).sum());
        progress.phase("Reading");
        Self { todo: todo.into_iter() }
    }
    pub fn next_batch(&mut self) -> Option<Vec<Todo>> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH_BYTES && batch.len() < BATCH_FILES {
            let Some(next) = self.todo.next() else { break };
            bytes += next.size;
            batch.push(next);
        }
        (!batch.is_empty()).then_some(batch)
    }
}

fn hash(source: &Source) -> Result<(String, u64), String> {
    let Some(path) = source.path() else { return Err("this is not a file".into()) };
    let mut file = std::fs::File::open(path).map_err(|e| e.to_string())?;
    let (mut hasher, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 256 * 1024]);
    loop {
        let n = file.read(&mut buffer).map_err(|e| e.to_string())?;
        if n == 0 {
            return Ok((hex::encode(hasher.finalize()), size));
        }
        hasher.update(&buffer[..n]);
        size += n as u64;
    }
}

/// A file that was read.
#[derive(Debug, Clone)]
pub(crate) struct FileRead {
    pub path: String,
    pub sha256: String,
    pub size: u64,
    pub format: String,
    pub rows: u64,
    pub faults: u64,
    pub first: Option<Moment>,
    pub last: Option<Moment>,
    pub state: &'static str,
    pub reason: String,
    pub modified: Moment,
}

/// A few of an alert's events, as shown on its page.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub id: EventId,
    pub at: Moment,
    pub source: String,
    pub position: u64,
    pub raw: String,
    pub fields: String,
}

/// What claims that something happened.
#[derive(Debug, Clone)]
pub(crate) enum Claim {
    /// The rule at that place of the rule set.
    Rule(usize),
    /// An indicator of compromise, and the field in which it was seen first.
    Ioc(Arc<Ioc>, Box<str>),
}

/// An alert in the making: every hit of one rule with the same group and window.
#[derive(Debug, Clone)]
pub(crate) struct AlertDraft {
    pub claim: Claim,
    pub key: AlertKey,
    pub group: Vec<(Arc<str>, Box<str>)>,
    pub from: Moment,
    pub at: Moment,
    pub count: u64,
    pub events: Vec<EventId>,
    pub samples: Vec<Sample>,
}

/// Events an alert remembers by id, and in full.
const EVENTS_KEPT: usize = 1_000;
const SAMPLES_KEPT: usize = 20;

/// What a batch found.
#[derive(Default)]
pub(crate) struct BatchRead {
    pub written: Vec<Written>,
    pub files: Vec<FileRead>,
    pub members: Vec<(String, u64, u64)>,
    pub events: u64,
    pub reports: Vec<(FileRead, Report)>,
    pub tables: Vec<(FileRead, Table)>,
    pub problems: Vec<Problem>,
    pub more_problems: u64,
    pub unread: Vec<(String, String)>,
    pub alerts: HashMap<AlertKey, AlertDraft>,
    pub sources: SeenSources,
    /// What correlations remember after this batch.
    pub state: SavedState,
}

/// Reads batches; keeps the state of correlations between them.
pub(crate) struct Reader {
    folder: PathBuf,
    rules: RuleSet,
    iocs: Arc<IocSet>,
    engine: Engine,
    progress: Arc<dyn Progress>,
    stop: Arc<AtomicBool>,
    now: Moment,
}

impl Reader {
    pub fn new(
        folder: PathBuf,
        rules: &RuleSet,
        iocs: Arc<IocSet>,
        progress: Arc<dyn Progress>,
        stop: Arc<AtomicBool>,
        now: Moment,
    ) -> Self {
        Self { folder, rules: rules.clone(), iocs, engine: Engine::new(rules), progress, stop, now }
    }
    /// Reads a batch on the blocking pool.
    pub async fn read(mut self, batch: Vec<Todo>) -> Result<(Self, BatchRead), Error> {
        tokio::task::spawn_blocking(move || {
            let read = self.read_now(batch)?;
            Ok((self, read))
        })
        .await
        .map_err(Error::fault)?
    }
    /// Takes over what a run that did not end remembered; false when some of it does not fit the rules of now.
    pub fn restore(&mut self, state: SavedState) -> bool {
        self.engine.restore(state).dropped == 0
    }
    /// Forgets what correlations remember.
    pub fn forget(&mut self) {
        self.engine = Engine::new(&self.rules);
    }
    /// Lets the rules see an event that was stored before.
    pub fn replay(&mut self, event: &Event) {
        self.engine.push(event, &mut Vec::new());
    }
    /// Settles correlations.
    pub fn finish(mut self) -> HashMap<AlertKey, AlertDraft> {
        let mut hits = Vec::new();
        self.engine.finish(&mut hits);
        let mut alerts = HashMap::new();
        for hit in hits {
            add_hit(&self.rules, &mut alerts, hit, None);
        }
        alerts
    }
    fn read_now(&mut self, batch: Vec<Todo>) -> Result<BatchRead, Error> {
        let mut out = BatchRead::default();
        let mut writer = EventWriter::new(&self.folder, self.now);
        for todo in batch {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            self.read_file(todo, &mut writer, &mut out)?;
        }
        out.written = writer.finish().map_err(Error::fault)?;
        out.state = self.engine.save();
        Ok(out)
    }
    fn read_file(&mut self, todo: Todo, writer: &mut EventWriter, out: &mut BatchRead) -> Result<(), Error> {
        let Todo { source, sha256, size } = todo;
        let name: Arc<str> = source.name().into();
        let modified = source.modified();
        let mut sink = Sink {
            rules: &self.rules,
            iocs: &self.iocs,
            engine: &mut self.engine,
            writer,
            out,
            progress: self.progress.as_ref(),
            stop: &self.stop,
            file: FileRead {
                path: name.to_string(),
                sha256,
                size,
                format: String::new(),
                rows: 0,
                faults: 0,
                first: None,
                last: None,
                state: "read",
                reason: String::new(),
                modified,
            },
            now: self.now,
            said: 0,
            hits: Vec::new(),
            failed: None,
        };
        let result = wardkeep_intake::read(source, &wardkeep_intake::Options::default(), &mut sink);
        let mut file = sink.file;
        if let Some(error) = sink.failed {
            return Err(Error::fault(error));
        }
        self.progress.bytes(file.size.saturating_sub(sink.said));
        self.progress.file(&file.path);
        match result {
            Ok(Ending::Complete) => {}
            Ok(Ending::Truncated { at }) => {
                file.state = "truncated";
                file.reason = format!("the file stops at {at}");
                let hint = "fetch the file again; what was whole has been kept";
                out.problems.push(
                    Problem::new(format!("{name}: {at}"), "truncated", "the file stops before it should")
                        .hint(hint),
                );
            }
            Ok(Ending::ToolFailed { text }) => {
                file.state = "tool_failed";
                file.reason.clone_from(&text);
                let hint = "run the tool again: nothing can be concluded from this report";
                out.problems.push(
                    Problem::new(
                        name.to_string(),
                        "tool_failed",
                        format!("the tool says that it failed: {text}"),
                    )
                    .hint(hint),
                );
            }
            // Not marked as read: the next run takes it again.
            Ok(Ending::Cancelled) => return Ok(()),
            Err(_) if file.state == "not_understood" => {}
            Err(refusal) => {
                file.state = "refused";
                file.reason = refusal.message.clone();
            }
        }
        if file.reason.is_empty() && file.faults > 0 {
            file.reason =
                format!("{} row{} could not be read", file.faults, if file.faults == 1 { "" } else { "s" });
        }
        out.files.push(file);
        Ok(())
    }
}

struct Sink<'a> {
    rules: &'a RuleSet,
    iocs: &'a IocSet,
    engine: &'a mut Engine,
    writer: &'a mut EventWriter,
    out: &'a mut BatchRead,
    progress: &'a dyn Progress,
    stop: &'a AtomicBool,
    file: FileRead,
    now: Moment,
    said: u64,
    hits: Vec<Hit>,
    failed: Option<wardkeep_events::store::EventError>,
}

impl wardkeep_intake::Sink for Sink<'_> {
    fn opened(&mut self, file: &Opened) {
        if self.file.format.is_empty() || !file.format.is_container() {
            file.format.key().clone_into(&mut self.file.format);
        }
    }
    fn event(&mut self, mut event: Event) {
        wardkeep_events::classify(&mut event);
        self.out.events += 1;
        self.out.sources.add(&event, self.now);
        if event.time_quality != TimeQuality::Missing && event.at <= self.now.plus_seconds(86_400) {
            self.file.first = Some(self.file.first.map_or(event.at, |f| f.min(event.at)));
            self.file.last = Some(self.file.last.map_or(event.at, |l| l.max(event.at)));
        }
        self.engine.push(&event, &mut self.hits);
        for hit in std::mem::take(&mut self.hits) {
            add_hit(self.rules, &mut self.out.alerts, hit, Some(&event));
        }
        self.iocs.look(&event, &mut |place, field| {
            crate::ioc::add_sighting(&mut self.out.alerts, &self.iocs.list()[place], field, &event, |_| false);
        });
        if let Err(error) = self.writer.push(event) {
            self.failed.get_or_insert(error);
        }
    }
    fn report(&mut self, name: &Arc<str>, report: Report) {
        for at in [report.started, report.ended]
            .into_iter()
            .flatten()
            .filter(|at| *at <= self.now.plus_seconds(86_400))
        {
            self.file.first = Some(self.file.first.map_or(at, |f| f.min(at)));
            self.file.last = Some(self.file.last.map_or(at, |l| l.max(at)));
        }
        let mut file = self.file.clone();
        file.path = name.to_string();
        if **name != *self.file.path || self.out.reports.iter().any(|(f, _)| f.sha256 == file.sha256) {
            // Members of an archive, and further runs within one file, get an address of their own.
            let number = self.out.reports.iter().filter(|(f, _)| f.path == file.path).count();
            file.sha256 = id_for("report", &format!("{}:{name}:{number}", self.file.sha256)).to_string();
        }
        self.out.reports.push((file, report));
    }
    fn table(&mut self, name: &Arc<str>, table: Table) {
        let mut file = self.file.clone();
        file.path = name.to_string();
        self.out.tables.push((file, table));
    }
    fn fault(&mut self, fault: Fault) {
        if self.out.problems.len() < super::PROBLEMS_TOLD {
            self.out.problems.push(fault.into());
        } else {
            self.out.more_problems += 1;
        }
    }
    fn closed(&mut self, file: &Closed) {
        let rows = file.events + file.rows;
        self.file.rows += rows;
        self.file.faults += file.faults;
        match (&file.format, &file.result) {
            (Format::Unknown(unknown), _) => {
                if *file.file == *self.file.path {
                    self.file.state = "not_understood";
                    self.file.reason = format!("{}: {}", unknown.sniffed, unknown.reason);
                } else if self.file.reason.is_empty() {
                    self.file.reason = format!("in it, {} was not understood: {}", file.file, unknown.reason);
                }
                self.out
                    .unread
                    .push((file.file.to_string(), format!("{}: {}", unknown.sniffed, unknown.reason)));
            }
            (format, Err(refusal)) => {
                let place = format!("{}: {}", file.file, refusal.position);
                self.out
                    .problems
                    .push(Problem::new(place, refusal.code, &refusal.message).hint(&refusal.remedy));
                self.out
                    .unread
                    .push((file.file.to_string(), format!("{}: {}", format.label(), refusal.message)));
            }
            _ => {}
        }
        if !file.format.is_container() {
            self.out.members.push((file.format.key().to_owned(), rows, file.faults));
        }
    }
    fn progress(&mut self, bytes: u64) {
        self.progress.bytes(bytes.saturating_sub(self.said));
        self.said = self.said.max(bytes);
    }
    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.failed.is_some()
    }
}

/// Puts a hit to the alert it belongs to.
pub(crate) fn add_hit(
    rules: &RuleSet,
    alerts: &mut HashMap<AlertKey, AlertDraft>,
    hit: Hit,
    event: Option<&Event>,
) {
    let Some(rule) = rules.rules().get(hit.rule) else { return };
    let key = hit.key(&rule.id);
    let draft = alerts.entry(key).or_insert_with(|| AlertDraft {
        claim: Claim::Rule(hit.rule),
        key,
        group: hit.group.clone(),
        from: hit.from,
        at: hit.at,
        count: 0,
        events: Vec::new(),
        samples: Vec::new(),
    });
    draft.from = draft.from.min(hit.from);
    draft.at = draft.at.max(hit.at);
    draft.count += hit.count;
    let room = EVENTS_KEPT.saturating_sub(draft.events.len());
    draft.events.extend(hit.events.iter().take(room));
    if let (Some(event), true) = (event, draft.samples.len() < SAMPLES_KEPT) {
        draft.samples.push(sample(event));
    }
}

pub(crate) fn sample(event: &Event) -> Sample {
    let mut raw = event.raw.to_string();
    if raw.len() > 16 * 1024 {
        let end = (0..=16 * 1024).rev().find(|i| raw.is_char_boundary(*i)).unwrap_or(0);
        raw.truncate(end);
    }
    Sample {
        id: event.id,
        at: event.at,
        source: event.source.to_string(),
        position: event.position,
        raw,
        fields: serde_json::to_string(&event.fields).unwrap_or_default(),
    }
}
