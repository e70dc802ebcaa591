//! Reading files on a thread of their own: events go to Parquet and through the rules, reports and tables come
//! back to be written as records.

use crate::Error;
use crate::rules::SeenSources;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wardkeep_detect::{AlertKey, Engine, IocSet, RuleSet, SavedState};
use wardkeep_events::store::{EventWriter, Written};
use wardkeep_intake::{Ending, Table};
use wardkeep_types::event::Event;
use wardkeep_types::sighting::Report;
use wardkeep_types::{Moment, Problem};

mod drafts;
mod queue;
mod sink;

pub(crate) use drafts::{AlertDraft, Claim, Sample, add_hit, sample};
pub(crate) use queue::{Queue, Todo};
use sink::Sink;

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
