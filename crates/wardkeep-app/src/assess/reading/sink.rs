//! What a reader finds in one file: events go through the rules into Parquet, the rest is collected.

use super::{BatchRead, FileRead, Progress, add_hit};
use crate::assess::{PROBLEMS_TOLD, id_for};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wardkeep_detect::{Engine, Hit, IocSet, RuleSet};
use wardkeep_events::store::{EventError, EventWriter};
use wardkeep_intake::{Closed, Fault, Format, Opened, Table};
use wardkeep_types::event::{Event, TimeQuality};
use wardkeep_types::sighting::Report;
use wardkeep_types::{Moment, Problem};

/// Takes what a reader finds in one file.
pub(super) struct Sink<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) iocs: &'a IocSet,
    pub(super) engine: &'a mut Engine,
    pub(super) writer: &'a mut EventWriter,
    pub(super) out: &'a mut BatchRead,
    pub(super) progress: &'a dyn Progress,
    pub(super) stop: &'a AtomicBool,
    pub(super) file: FileRead,
    pub(super) now: Moment,
    pub(super) said: u64,
    pub(super) hits: Vec<Hit>,
    pub(super) failed: Option<EventError>,
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
            let ioc = &self.iocs.list()[place];
            crate::ioc::add_sighting(&mut self.out.alerts, ioc, field, &event, |_| false);
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
        if self.out.problems.len() < PROBLEMS_TOLD {
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
