//! Every log of the test data: read whole, or with its problems listed. What should come out is counted by other
//! means: lines, serial numbers, JSON values, rows, records of the EVTX parser.

use crate::support::{collect, collect_bytes, data, files};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use wardkeep_intake::{Collected, Ending, Format, LineReader};
use wardkeep_types::event::Event;

/// The bytes of a file, unpacked when it is a gzip file; nothing for archives of several files.
fn content(path: &Path) -> Option<Vec<u8>> {
    let bytes = std::fs::read(path).unwrap();
    if bytes.starts_with(b"PK") {
        return None;
    }
    if !bytes.starts_with(b"\x1f\x8b") {
        return Some(bytes);
    }
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
    Some(plain)
}

/// How many records the bytes hold, counted without the readers; good and bad ones together.
fn count(format: &Format, bytes: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(bytes);
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    Some(match format {
        Format::Evtx => {
            let mut parser = evtx::EvtxParser::from_buffer(bytes.to_vec()).unwrap();
            parser.serialized_records(|record| record.map(drop)).count()
        }
        Format::Auditd => {
            let stamp = |line: &str| Some(line.split_once("audit(")?.1.split_once(')')?.0.to_owned());
            let unread = lines().filter(|line| stamp(line).is_none()).count();
            lines().filter_map(stamp).collect::<BTreeSet<_>>().len() + unread
        }
        Format::Zeek if text.starts_with('#') => lines().filter(|line| !line.starts_with('#')).count(),
        Format::CsvLog => csv::ReaderBuilder::new().flexible(true).from_reader(bytes).records().count(),
        Format::Syslog
        | Format::AuthLog
        | Format::WebAccess
        | Format::WebError
        | Format::Logfmt
        | Format::Cef => lines().count(),
        format if format.is_log() => {
            let values: Result<Vec<serde_json::Value>, _> =
                serde_json::Deserializer::from_slice(bytes).into_iter().collect();
            match values {
                Ok(values) => values.iter().map(inner).sum(),
                // Not JSON as a whole: each line counts.
                Err(_) => lines().count(),
            }
        }
        _ => return None,
    })
}

/// Records in one value: those of an export are in a member of it.
fn inner(value: &serde_json::Value) -> usize {
    if let Some(items) = value.as_array() {
        return items.len();
    }
    ["Records", "records", "items"].iter().find_map(|name| value[*name].as_array()).map_or(1, Vec::len)
}

#[test]
fn every_log_is_read_or_lists_its_problems() {
    let Some(folder) = data("logs") else { return };
    let mut table: BTreeMap<&'static str, [usize; 4]> = BTreeMap::new();
    let mut broken = Vec::new();
    for path in files(&folder) {
        let Some(bytes) = content(&path) else { continue };
        let (result, out) = collect(&path);
        let last = &out.opened.last().unwrap().format;
        let Some(expected) = count(last, &bytes) else { continue };
        // Mixed kinds of audit records in one file may reuse a stamp, and a cut record is a fault of its own.
        let got = out.events.len() + out.faults.len();
        assert_eq!(got, expected, "{} as {last}: {:?}", path.display(), out.faults.first());
        let row = table.entry(last.key()).or_default();
        row[0] += 1;
        row[1] += expected;
        row[2] += out.events.len();
        row[3] += out.faults.len();
        if !matches!(result, Ok(Ending::Complete)) || !out.faults.is_empty() {
            broken.extend(out.faults.iter().map(|fault| format!("{}: {fault}", path.display())));
            assert!(!out.faults.is_empty(), "{} {result:?}", path.display());
        }
    }
    println!("format: files, records counted, events, problems");
    for (key, row) in &table {
        println!("{key}: {row:?}");
    }
    // The test cases of the audit library are audit records between lines of YAML.
    broken.iter().filter(|line| !line.contains(".yaml")).take(40).for_each(|line| println!("{line}"));
    assert!(table.len() >= 10, "{table:?}");
}

/// The example files of every format that stands on lines.
fn examples() -> Vec<(String, Format, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/evidence");
    let mut all = Vec::new();
    for path in files(&folder) {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (_, out) = collect_bytes(&name, bytes.clone());
        let format = out.opened[0].format.clone();
        if LineReader::new("x", Some(format.clone())).is_ok() {
            all.push((name, format, bytes));
        }
    }
    all
}

fn without_place(events: &[Event]) -> Vec<Event> {
    let mut all = events.to_vec();
    for event in &mut all {
        (event.position, event.id, event.raw) = (0, wardkeep_types::event::EventId::default(), "".into());
    }
    all.sort_by_key(|event| format!("{event:?}"));
    all
}

#[test]
fn cutting_a_log_into_batches_changes_nothing() {
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    let mut formats = BTreeSet::new();
    for (name, format, bytes) in examples() {
        // Exports of one array are one piece, not lines.
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        let whole = matches!(text.trim_start().as_bytes().first(), Some(b'['))
            || text.contains("\"value\":[")
            || text.contains("\"Records\":[")
            || text.contains("\"items\":[");
        if whole || (format == Format::M365 && !text.starts_with('{')) {
            continue;
        }
        let (_, file) = collect_bytes(&name, bytes.clone());
        for size in [1, 7, 100, usize::MAX] {
            let mut reader = LineReader::new(name.as_str(), Some(format.clone())).unwrap();
            let mut out = Collected::default();
            let mut first = 1;
            for batch in lines.chunks(size.min(lines.len())) {
                first +=
                    reader.push_lines(batch.join("\n").as_bytes(), |line, _| first + line, now, &mut out);
            }
            reader.finish(now, &mut out);
            // Bad lines of a file are told, those that arrive are also kept.
            out.events.retain(|event| event.field("problem").is_none());
            assert_eq!(
                without_place(&out.events),
                without_place(&file.events),
                "{name} in batches of {size}"
            );
            assert_eq!(out.faults.len(), file.faults.len(), "{name}");
        }
        formats.insert(format.key());
    }
    println!("{formats:?}");
    assert!(formats.len() >= 14, "{formats:?}");
}

#[test]
fn the_order_of_fields_changes_nothing() {
    let (mut tried, mut numbers) = (0, 1_u64);
    for (name, format, bytes) in examples() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for line in text.lines().take(20) {
            let Some(shuffled) = shuffle(&format, line, &mut numbers) else { continue };
            let read = |line: &str| {
                let mut reader = LineReader::new("x", Some(format.clone())).unwrap();
                let mut out = Collected::default();
                reader.push(line.as_bytes(), 1, "2026-03-01T00:00:00Z".parse().unwrap(), &mut out);
                reader.finish("2026-03-01T00:00:00Z".parse().unwrap(), &mut out);
                assert!(out.faults.is_empty(), "{name}: {line} {:?}", out.faults);
                without_place(&out.events)
            };
            assert_eq!(read(line), read(&shuffled), "{name}: {shuffled}");
            tried += 1;
        }
    }
    println!("{tried} records with their fields in another order");
    assert!(tried > 100);
}

/// The same record with its fields in another order, for formats that allow it.
fn shuffle(format: &Format, line: &str, numbers: &mut u64) -> Option<String> {
    let mut turn = |words: &mut Vec<String>| {
        *numbers = numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let by = (*numbers >> 33) as usize % words.len().max(1);
        words.rotate_left(by);
        words.reverse();
    };
    match format {
        Format::Auditd => {
            let (front, body) = line.split_once("): ")?;
            if body.contains('\'') || body.contains(" dir/") {
                return None;
            }
            let mut words: Vec<String> = body.split(' ').map(str::to_owned).collect();
            turn(&mut words);
            Some(format!("{front}): {}", words.join(" ")))
        }
        Format::Leef => {
            let (front, body) = line.rsplit_once('|')?;
            let mut words: Vec<String> = body.split('^').map(str::to_owned).collect();
            turn(&mut words);
            Some(format!("{front}|{}", words.join("^")))
        }
        format if format.is_log() && line.starts_with('{') && line.ends_with('}') => {
            let object: BTreeMap<String, serde_json::Value> = serde_json::from_str(line).ok()?;
            let mut words: Vec<String> = object
                .iter()
                .map(|(key, value)| format!("{}:{value}", serde_json::to_string(key).unwrap()))
                .collect();
            turn(&mut words);
            Some(format!("{{{}}}", words.join(",")))
        }
        _ => None,
    }
}
