//! JSON records as [`Record`]s: what [`event`](super::shape::event) says about the fields, without an event.

use super::network::blank;
use super::scan::Scanner;
use super::shape::{Shape, TIME_NAMES};
use crate::time::{access_log, c_time, epoch, stated};
use crate::windows::{SAME, TIMES, target};
use std::collections::HashMap;
use wardkeep_types::Moment;
use wardkeep_types::record::{Cell, NameId, Names, Record};

/// What a dotted name of a record stands for.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    /// Bit of [`TELLING`], if it tells what kind of record it is.
    tells: u64,
    /// The name itself.
    plain: NameId,
    /// The name in a Windows event; absent when it is dropped.
    windows: Option<NameId>,
    /// Whether a list under the Windows name becomes one text.
    joined: bool,
}

/// Names by which the kinds of records are told apart.
const TELLING: [&str; 58] = [
    "Event.System.EventID",
    "Event.System.EventID.#text",
    "winlog.event_id",
    "winlog.channel",
    "event_id",
    "log_name",
    "source_name",
    "EventID",
    "Channel",
    "SourceName",
    "Provider_Name",
    "EventSourceName",
    "Provider",
    "eventSource",
    "eventName",
    "eventVersion",
    "awsRegion",
    "event_type",
    "timestamp",
    "flow_id",
    "src_ip",
    "stats.uptime",
    "ts",
    "_path",
    "uid",
    "id.orig_h",
    "class_uid",
    "category_uid",
    "metadata.version",
    "eventType",
    "published",
    "actor.alternateId",
    "id.applicationName",
    "id.time",
    "Operation",
    "Workload",
    "CreationTime",
    "AuditData",
    "UserIds",
    "RecordType",
    "createdDateTime",
    "userPrincipalName",
    "appDisplayName",
    "conditionalAccessStatus",
    "activityDateTime",
    "activityDisplayName",
    "riskEventType",
    "operationName",
    "properties.userPrincipalName",
    "properties.activityDisplayName",
    "properties.riskEventType",
    "action",
    "actor",
    "actor_id",
    "org",
    "business",
    "_document_id",
    "_write_ts",
];

/// The reader of one file's records.
#[derive(Debug, Default)]
pub(crate) struct Light {
    scanner: Scanner,
    meanings: Vec<Meaning>,
    shapes: HashMap<u64, Shape>,
    same: Vec<(NameId, Vec<NameId>)>,
    times: Vec<(NameId, bool)>,
    other_times: Vec<NameId>,
    /// Names of the time by shape, before the others.
    own_times: HashMap<Shape, Vec<NameId>>,
    event_id: Option<NameId>,
    event_data: Option<NameId>,
    pub(crate) names: Names,
    pub(crate) record: Record,
}

impl Light {
    /// Reads one record; false when it must be read the careful way.
    pub(crate) fn read(&mut self, line: &str, modified: Moment) -> bool {
        self.try_read(line, modified).is_some()
    }

    fn try_read(&mut self, line: &str, modified: Moment) -> Option<()> {
        if self.same.is_empty() {
            self.learn()?;
        }
        self.record.clear();
        self.scanner.scan(line)?;
        for path in self.meanings.len()..self.scanner.paths.len() {
            let meaning = self.meaning(path)?;
            self.meanings.push(meaning);
        }
        let told =
            self.scanner.found.iter().fold(0, |told, (path, _)| told | self.meanings[*path as usize].tells);
        let shape = *self.shapes.entry(told).or_insert_with(|| Shape::of(|name| told & bit(name) != 0));
        let blank = || self.scanner.lists.iter().any(|list| blank(list));
        if shape.adds_fields() || (shape == Shape::Zeek && blank()) {
            return None;
        }
        std::mem::swap(&mut self.record.own, &mut self.scanner.own);
        std::mem::swap(&mut self.record.lists, &mut self.scanner.lists);
        self.record.dialect = shape.dialect();
        if shape == Shape::Windows {
            self.windows(line)?;
        } else {
            self.other()?;
        }
        self.record.at = self.time(shape, line).unwrap_or(modified);
        Some(())
    }

    fn learn(&mut self) -> Option<()> {
        let names = &mut self.names;
        self.times = TIMES.iter().map(|(name, utc)| Some((names.add(name)?, *utc))).collect::<Option<_>>()?;
        self.other_times = TIME_NAMES.iter().map(|name| names.add(name)).collect::<Option<_>>()?;
        for shape in Shape::ALL {
            let own = shape.own_times().iter().map(|name| names.add(name)).collect::<Option<_>>()?;
            self.own_times.insert(shape, own);
        }
        (self.event_id, self.event_data) = (names.add("EventID"), names.add("EventData"));
        for (kept, others) in SAME {
            let others = others.iter().map(|name| names.add(name)).collect::<Option<_>>()?;
            self.same.push((names.add(kept)?, others));
        }
        Some(())
    }

    fn meaning(&mut self, path: usize) -> Option<Meaning> {
        let name = &self.scanner.paths[path].name;
        let kept = target(name);
        Some(Meaning {
            tells: bit(name),
            plain: self.names.add(name)?,
            windows: match &kept {
                Some((name, _)) => Some(self.names.add(name)?),
                None => None,
            },
            joined: kept.is_some_and(|(_, joined)| joined),
        })
    }

    fn other(&mut self) -> Option<()> {
        for (path, cell) in &self.scanner.found {
            if !self.record.put(self.meanings[*path as usize].plain, *cell) {
                return None;
            }
        }
        Some(())
    }

    fn windows(&mut self, line: &str) -> Option<()> {
        for (path, cell) in &self.scanner.found {
            let meaning = self.meanings[*path as usize];
            let Some(name) = meaning.windows else { continue };
            let cell = match *cell {
                Cell::List(at) if meaning.joined => join(&mut self.record, at),
                cell => cell,
            };
            let cell = trimmed(cell, &self.record, line);
            if !self.record.put(name, cell) {
                return None;
            }
        }
        // XML within a text is for the careful reader.
        if let Some(Cell::Line(..) | Cell::Own(..)) = self.event_data.and_then(|name| self.record.get(name)) {
            return None;
        }
        for (kept, others) in &self.same {
            if self.record.get(*kept).is_none()
                && let Some(cell) = others.iter().find_map(|other| self.record.get(*other))
            {
                self.record.put(*kept, cell);
            }
        }
        if let Some(name) = self.event_id
            && let Some(cell) = self.record.get(name)
            && let Some(number) = self.record.text(cell, line).and_then(|text| text.trim().parse().ok())
        {
            self.record.set(name, Cell::Int(number));
        }
        Some(())
    }

    fn time(&self, shape: Shape, line: &str) -> Option<Moment> {
        let of = |cell: Cell, more: fn(&str) -> Option<Moment>| match cell {
            Cell::Int(number) => epoch(number as f64),
            Cell::Float(number) if shape != Shape::Windows => epoch(number),
            cell => {
                let text = self.record.text(cell, line)?;
                stated(text).map(|(at, _)| at).or_else(|| more(text))
            }
        };
        let seconds = |text: &str| text.parse().ok().and_then(epoch).or_else(|| access_log(text));
        match shape {
            Shape::Windows => self.times.iter().find_map(|(name, _)| of(self.record.get(*name)?, c_time)),
            _ => {
                let own = self.own_times.get(&shape).into_iter().flatten();
                own.chain(&self.other_times).find_map(|name| of(self.record.get(*name)?, seconds))
            }
        }
    }
}

/// Repeated unnamed data are one text with line breaks.
fn join(record: &mut Record, list: u32) -> Cell {
    let members = record.lists.get(list as usize).map_or(&[][..], Vec::as_slice);
    let text = members.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let start = record.own.len() as u32;
    record.own.push_str(&text);
    Cell::Own(start, record.own.len() as u32)
}

fn bit(name: &str) -> u64 {
    TELLING.iter().position(|telling| *telling == name).map_or(0, |at| 1 << at)
}

/// Trailing blanks are cut, as everywhere in Windows events.
fn trimmed(cell: Cell, record: &Record, line: &str) -> Cell {
    let Some(text) = record.text(cell, line) else { return cell };
    match text.as_bytes().last() {
        Some(b) if *b > b' ' && b.is_ascii() => cell,
        _ => {
            let length = text.trim_end_matches(|c: char| c.is_whitespace() || c == '\0').len() as u32;
            match cell {
                Cell::Line(start, _) => Cell::Line(start, start + length),
                Cell::Own(start, _) => Cell::Own(start, start + length),
                other => other,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Light, TELLING, bit};
    use crate::json::flatten;
    use crate::json::shape::{Shape, event};
    use std::sync::Arc;
    use wardkeep_types::Moment;
    use wardkeep_types::event::Fields;

    /// A record must say what its event says.
    #[test]
    fn records_say_what_events_say() {
        let mut light = Light::default();
        for json in [
            r##"{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"P"}},"EventID":{"#attributes":{"Qualifiers":1},"#text":4625},"Channel":"Security","Computer":"H","TimeCreated":{"#attributes":{"SystemTime":"2020-01-02T03:04:05.6Z"}}},"EventData":{"TargetUserName":"anna \r\n","Path":"C:\\x\u0000"}}}"##,
            r#"{"winlog":{"provider_name":"P","event_id":"4625","channel":"Security","event_data":{"TargetUserName":"anna"}},"@timestamp":"2020-01-02T03:04:05Z"}"#,
            r#"{"SourceName":"P","EventID":4625,"Channel":"Security","Hostname":"H","tags":["a","b"],"EventTime":"2020-09-21 19:35:26"}"#,
            r#"{"eventVersion":"1.08","eventTime":"2023-07-10T11:42:36Z","eventSource":"s3.amazonaws.com","eventName":"X","userIdentity":{"type":"IAMUser"}}"#,
            r#"{"ts":1521911721.255387,"uid":"C1","id":{"orig_h":"10.1.1.1","resp_h":"10.1.1.2"}}"#,
            r#"{"a":1,"time":"1521911721"}"#,
            r#"{"Event":{"System":{"EventID":1},"EventData":{"Data":["a","b ",1]}}}"#,
        ] {
            assert!(light.read(json, Moment::EPOCH), "{json}");
            let event = event(&Arc::from("a"), Moment::EPOCH, 1, flatten(json.as_bytes()).unwrap(), json);
            let names = light.names.all();
            let fields: Fields = light
                .record
                .fields
                .iter()
                .map(|(name, cell)| (names[name.0 as usize].clone(), light.record.value(*cell, json)))
                .collect();
            assert_eq!(fields, event.fields, "{json}");
            assert_eq!((light.record.dialect, light.record.at), (event.dialect, event.at), "{json}");
        }
    }

    #[test]
    fn every_name_that_tells_is_listed() {
        let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
        // Answers without a pattern walk through all of the questions.
        let numbers = std::cell::Cell::new(7_u64);
        for _ in 0..40_000 {
            Shape::of(|name| {
                asked.borrow_mut().insert(name.to_owned());
                let next = numbers.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                numbers.set(next);
                next >> 61 < 3
            });
        }
        let asked = asked.into_inner();
        assert!(asked.iter().all(|name| bit(name) != 0), "{asked:?}");
        assert!(TELLING.iter().all(|name| asked.contains(*name)));
    }
}
