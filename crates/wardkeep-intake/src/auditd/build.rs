//! The event of several records.

use super::record::{Pair, Record};
use super::words;
use crate::emit::Emit;
use crate::entities::{Fields, first, put, text};
use std::borrow::Cow;
use std::collections::BTreeMap;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, FieldValue, TimeQuality};

/// Paths and arguments of one event that get fields of their own.
const ITEMS: usize = 256;

/// Records of one serial number, being joined.
#[derive(Debug)]
pub(super) struct Joined {
    node: Option<Box<str>>,
    pub(super) at: Moment,
    serial: u64,
    /// When its last record came.
    pub(super) received: Moment,
    /// The number of its last record among all that were taken.
    pub(super) last: u64,
    position: u64,
    raw: String,
    kinds: Vec<FieldValue>,
    fields: Fields,
    /// Arguments by number; long ones come in pieces.
    arguments: BTreeMap<u32, String>,
    paths: usize,
}

impl Joined {
    pub(super) fn new(record: &Record<'_>, host: Option<&str>, position: u64, received: Moment) -> Self {
        Self {
            node: record.node.or(host).map(Into::into),
            at: record.at,
            serial: record.serial,
            received,
            last: 0,
            position,
            raw: String::new(),
            kinds: Vec::new(),
            fields: Fields::new(),
            arguments: BTreeMap::new(),
            paths: 0,
        }
    }
    pub(super) fn is_of(&self, record: &Record<'_>, host: Option<&str>) -> bool {
        (self.serial, self.at, self.node.as_deref()) == (record.serial, record.at, record.node.or(host))
    }
    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.raw.len()
    }
    /// Keeps a line that says nothing more.
    pub(super) fn note(&mut self, line: &str) {
        if !self.raw.is_empty() {
            self.raw.push('\n');
        }
        self.raw.push_str(line);
    }
    /// Adds a record.
    pub(super) fn add(&mut self, record: Record<'_>, line: &str, received: Moment, count: u64) {
        self.note(line);
        (self.received, self.last) = (received, count);
        let kind = FieldValue::from(&*record.kind);
        if !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
        let path = (record.kind == "PATH").then_some(self.paths);
        self.paths += usize::from(path.is_some());
        let arguments = record.kind == "EXECVE";
        for key in record.keys {
            join(&mut self.fields, "key", key);
        }
        let socket = record.kind == "SOCKADDR";
        for Pair { name, value, written, .. } in record.pairs {
            if let Some((written, raw)) = written {
                let at = if written == name { Cow::Owned(format!("raw.{written}")) } else { written };
                join(&mut self.fields, &at, raw.to_owned());
            }
            if let Some(number) = path.filter(|number| *number < ITEMS) {
                self.fields.insert(format!("path.{number}.{name}").into(), FieldValue::from(value.as_str()));
            }
            if arguments && let Some(number) = argument(&name) {
                self.arguments.entry(number).or_default().push_str(&value);
                if name.ends_with(']') {
                    continue;
                }
            }
            if socket {
                join(&mut self.fields, &format!("socket_{name}"), value);
            } else {
                join(&mut self.fields, &name, value);
            }
        }
    }
    /// The event.
    pub(super) fn event(self, emit: &Emit<'_>) -> Event {
        let mut event = Event::new(Dialect::Auditd, emit.file.clone(), self.position, self.raw);
        (event.at, event.time_quality) = (self.at, TimeQuality::Stated);
        let mut fields = self.fields;
        let lead = lead(&self.kinds);
        let kinds = match <[FieldValue; 1]>::try_from(self.kinds) {
            Ok([kind]) => kind,
            Err(kinds) => FieldValue::List(kinds),
        };
        fields.insert("type".into(), kinds);
        put(&mut fields, "record_type", lead.as_str());
        put(&mut fields, "serial", self.serial.to_string());
        if !self.arguments.is_empty() {
            let words: Vec<&str> = self.arguments.values().map(String::as_str).collect();
            put(&mut fields, "CommandLine", words.join(" "));
        }
        if let Some(node) = &self.node {
            put(&mut fields, "node", &**node);
        }
        event.host = self.node;
        event.fields = fields;
        describe(&mut event, &lead);
        event
    }
}

/// The record that tells what the event is about.
fn lead(kinds: &[FieldValue]) -> String {
    let names = || kinds.iter().map(ToString::to_string);
    let syscall = || names().find(|kind| kind == "SYSCALL");
    names().find(|kind| words::leads(kind)).or_else(syscall).or_else(|| names().next()).unwrap_or_default()
}

/// `a2` and `a2[0]` are argument 2.
fn argument(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('a')?;
    let digits = digits.split_once('[').map_or(digits, |(digits, _)| digits);
    digits.parse().ok()
}

/// A name that several records carry has all their values.
fn join(fields: &mut Fields, name: &str, value: String) {
    let value = FieldValue::from(value);
    match fields.get_mut(name) {
        None => {
            fields.insert(name.into(), value);
        }
        Some(FieldValue::List(values)) if values.len() < ITEMS => {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Some(FieldValue::List(_)) => {}
        Some(single) if *single == value => {}
        Some(single) => {
            let earlier = std::mem::replace(single, FieldValue::Null);
            *single = FieldValue::List(vec![earlier, value]);
        }
    }
}

fn describe(event: &mut Event, lead: &str) {
    let fields = &event.fields;
    let known = |value: &str| !matches!(value, "unset" | "4294967295");
    event.user = ["acct", "AUID", "UID", "auid", "uid"]
        .iter()
        .find_map(|name| first(fields, &[name]).filter(|value| known(value)));
    event.process = first(fields, &["exe", "comm"]);
    event.src_ip = first(fields, &["addr"]);
    let call = text(fields, "syscall");
    if let Some(address) = first(fields, &["socket_addr"]) {
        match call {
            Some("connect" | "sendto" | "sendmsg") => event.dst_ip = Some(address),
            _ => event.src_ip = event.src_ip.take().or(Some(address)),
        }
    }
    let word = words::act(lead, call, fields.contains_key("apparmor"));
    event.action = Some(word.map_or_else(|| call.unwrap_or(lead).to_ascii_lowercase(), str::to_owned).into());
    event.outcome = match text(fields, "result") {
        Some("success") => Some("success".into()),
        Some("fail") => Some("failure".into()),
        _ => None,
    };
    event.message = first(fields, &["CommandLine", "proctitle", "cmd", "op"]);
}
