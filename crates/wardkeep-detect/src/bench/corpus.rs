//! Events for the benchmark: read once, then given as JSON lines as often as wanted.

use crate::rule::RuleFile;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkeep_types::event::Event;

/// Events of one kind, in every form that the matchers take.
#[derive(Debug, Default)]
pub struct Corpus {
    /// Name to show.
    pub name: String,
    /// Records that are no JSON, or not on one line.
    pub left_out: usize,
    /// The events, log sources filled.
    pub events: Vec<Event>,
    /// The records as received, one a line.
    pub raw: Vec<Box<str>>,
    /// The normalised fields as JSON: what the oracle is given, so that mapping costs it nothing.
    pub flat: Vec<Box<str>>,
}

impl Corpus {
    /// Reads every file of a folder that is a Windows event file or JSON, also in archives.
    pub fn read(name: &str, folder: &Path) -> io::Result<Self> {
        let mut events = wardkeep_intake::Collected::default();
        for path in files(folder, &[".evtx", ".zip", ".json"])? {
            let shown = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            let source = wardkeep_intake::Source::file(&path, shown)?;
            // A capture beside the logs is refused; what else the archive holds is read.
            let _ = wardkeep_intake::read(source, &wardkeep_intake::Options::default(), &mut events);
        }
        let mut corpus = Self { name: name.to_owned(), ..Self::default() };
        for mut event in events.events {
            if event.raw.contains('\n') || !event.raw.starts_with('{') {
                corpus.left_out += 1;
                continue;
            }
            // The name of a file is no part of what is compared.
            event.source = Arc::from(name);
            wardkeep_events::classify(&mut event);
            corpus.raw.push(event.raw.clone());
            corpus.flat.push(serde_json::to_string(&event.fields).map_err(io::Error::other)?.into());
            corpus.events.push(event);
        }
        Ok(corpus)
    }
    /// How many events there are.
    pub fn len(&self) -> usize {
        self.events.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
    /// The records as one text of lines, changed for the copy of that number (see [`vary`]).
    pub(super) fn lines(&self, copy: u32) -> Vec<u8> {
        let mut lines = Vec::new();
        for raw in &self.raw {
            vary(raw, copy, &mut lines);
            lines.push(b'\n');
        }
        lines
    }
}

/// Fields whose value is another in every event of a living log.
const LIVING: [&str; 24] = [
    "ProcessGuid",
    "ParentProcessGuid",
    "SourceProcessGUID",
    "TargetProcessGUID",
    "LogonGuid",
    "SourceProcessGuid",
    "TargetProcessGuid",
    "UtcTime",
    "@timestamp",
    "RecordNumber",
    "EventRecordID",
    "ProcessId",
    "ExecutionProcessID",
    "Execution_ProcessID",
    "Execution_ThreadID",
    "ThreadID",
    "SourceThreadId",
    "ParentProcessId",
    "SourceProcessId",
    "TargetProcessId",
    "HandleId",
    "SubjectLogonId",
    "SystemTime",
    "SourcePort",
];

/// Writes a record with other digits in the fields that are never twice the same, so that copies of a corpus are
/// no kinder to a memory of values than a living log is. Copy 0 is the record itself.
pub(super) fn vary(record: &str, copy: u32, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(record.as_bytes());
    if copy == 0 {
        return;
    }
    let bytes = &mut out[start..];
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'"', &bytes[at..]) {
        let key = at + found + 1;
        let Some(end) = memchr::memchr(b'"', &bytes[key..]).map(|end| key + end) else { return };
        at = end + 1;
        if bytes.get(at) != Some(&b':') || !LIVING.iter().any(|name| name.as_bytes() == &bytes[key..end]) {
            continue;
        }
        let length = bytes[at..].iter().position(|b| matches!(b, b',' | b'}')).unwrap_or(0);
        let value = &mut bytes[at..at + length];
        // Times stay times: only fractions of a second change. Of other values the first digit stays.
        let from = if value.contains(&b'T') || memchr::memchr_iter(b':', value).count() > 2 {
            value.iter().position(|b| *b == b'.').unwrap_or(value.len())
        } else {
            value.iter().position(u8::is_ascii_digit).map_or(value.len(), |at| at + 1)
        };
        let mut seed = copy;
        for digit in value[from..].iter_mut().filter(|b| b.is_ascii_digit()) {
            *digit = b'0' + (u32::from(*digit - b'0') + seed % 10) as u8 % 10;
            seed = seed / 10 + copy % 7;
        }
    }
}

/// The public rules below a folder of SigmaHQ; with `windows`, those for that product.
pub fn rules(root: &Path, windows: bool) -> io::Result<Vec<RuleFile>> {
    let mut rules = Vec::new();
    for folder in
        ["rules", "rules-compliance", "rules-emerging-threats", "rules-placeholder", "rules-threat-hunting"]
    {
        for path in files(&root.join(folder), &[".yml", ".yaml"])? {
            let text = std::fs::read_to_string(&path)?;
            if !windows || text.contains("product: windows") {
                rules.push(RuleFile::new(path.strip_prefix(root).unwrap_or(&path).to_string_lossy(), text));
            }
        }
    }
    Ok(rules)
}

/// All files below a folder whose names end so, sorted.
pub(super) fn files(folder: &Path, endings: &[&str]) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::vary;

    #[test]
    fn copies_differ_only_where_logs_live() {
        let check = |record: &str, copy: u32, same: bool| {
            let mut out = Vec::new();
            vary(record, copy, &mut out);
            let out = String::from_utf8(out).unwrap();
            assert_eq!(out.len(), record.len());
            assert_eq!(out == record, same, "{out}");
        };
        check(r#"{"ProcessId":"1234","Image":"C:\\a1.exe"}"#, 0, true);
        check(r#"{"ProcessId":"1234","Image":"C:\\a1.exe"}"#, 3, false);
        check(r#"{"EventID":4688,"Image":"C:\\a1.exe"}"#, 3, true);
        check(r#"{"UtcTime":"2020-01-01 10:00:00.123"}"#, 3, false);
        check(r#"{"@timestamp":"2020-01-01T10:00:00"}"#, 3, true);
    }
}
