//! Zeek, Suricata, auditd and Windows XML against what others made of the same records.

use crate::support::{collect, collect_bytes, data, files};
use std::collections::{BTreeMap, BTreeSet};
use wardkeep_intake::{Ending, Format, Position};
use wardkeep_types::event::{Dialect, Event, FieldValue, Fields, TimeQuality};

/// The entities and fields of an event, without where it stood.
fn said(event: &Event) -> String {
    let mut fields = event.fields.clone();
    // Only the streaming package writes this.
    fields.remove("_write_ts");
    for value in fields.values_mut() {
        // The text has six digits behind the point.
        if let FieldValue::Float(number) = value {
            *number = (*number * 1e6).round() / 1e6;
        }
    }
    let parts = [
        &event.host,
        &event.user,
        &event.src_ip,
        &event.dst_ip,
        &event.action,
        &event.outcome,
        &event.message,
    ];
    // Without a time of its own a record has its file's.
    let at = (event.time_quality != TimeQuality::Missing).then(|| event.at.to_string());
    format!("{:?} {at:?} {:?} {parts:?} {fields:?}", event.dialect, event.time_quality)
}

#[test]
fn zeek_text_equals_zeek_json() {
    let Some(folder) = data("logs/zeek/brimdata-zed-sample-data") else { return };
    let (mut pairs, mut events) = (0, 0);
    for path in files(&folder.join("zeek-default")) {
        let name = path.file_name().unwrap().to_string_lossy().replace(".log.gz", ".json.gz");
        let (text_end, text) = collect(&path);
        let (json_end, json) = collect(&folder.join("zeek-json").join(&name));
        assert_eq!((text_end, json_end), (Ok(Ending::Complete), Ok(Ending::Complete)), "{name}");
        assert!(
            text.faults.is_empty() && json.faults.is_empty(),
            "{name} {:?} {:?}",
            text.faults,
            json.faults
        );
        assert_eq!((text.opened[1].format.key(), json.opened[1].format.key()), ("zeek", "zeek"), "{name}");
        // The two were written by one run, but not always in one order.
        let sorted = |events: &[Event]| {
            let mut all: Vec<String> = events.iter().map(said).collect();
            all.sort();
            all
        };
        let (text_said, json_said) = (sorted(&text.events), sorted(&json.events));
        for (a, b) in text_said.iter().zip(&json_said) {
            assert_eq!(a, b, "{name}");
        }
        assert_eq!(text_said.len(), json_said.len(), "{name}");
        pairs += 1;
        events += text.events.len();
    }
    println!("{pairs} pairs of Zeek logs, {events} events, equal");
    assert!(pairs == 30 && events > 10_000);
}

#[test]
fn suricata_tells_where_files_are_broken() {
    let Some(folder) = data("logs/suricata-eve") else { return };
    let check = |name: &str, events: usize, faults: &[(&str, Position)]| {
        let (result, out) = collect(&folder.join(name));
        let told: Vec<_> = out.faults.iter().map(|fault| (fault.code, fault.position)).collect();
        println!("{name}: {} events, {result:?}, {told:?}", out.events.len());
        assert_eq!((out.events.len(), told.as_slice()), (events, faults), "{name}");
        assert!(out.events.iter().all(|event| event.dialect == Dialect::Suricata), "{name}");
    };
    check("dcso-fever/jsonparse_eve_broken1.json", 2, &[("bad_record", Position::Line(2))]);
    for name in ["wrccdc-2018", "wrccdc-2017", "honeypot-2018", "first-org-conf-2015"] {
        let path =
            folder.join("frankhassanabad-suricata-sample-data/samples").join(name).join("alerts-only.json");
        let values: Vec<serde_json::Value> = serde_json::from_slice(&std::fs::read(&path).unwrap())
            .unwrap_or_else(|_| {
                let text = std::fs::read_to_string(&path).unwrap();
                text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
            });
        let (result, out) = collect(&path);
        assert_eq!((result, out.events.len()), (Ok(Ending::Complete), values.len()), "{name}");
        for (event, value) in out.events.iter().zip(&values) {
            assert_eq!(event.src_ip.as_deref(), value["src_ip"].as_str());
            assert_eq!(event.message.as_deref(), value["alert"]["signature"].as_str().map(str::trim));
        }
    }
}

#[test]
fn windows_xml_equals_evtx() {
    let Some(folder) = data("detection/sigma/regression_data") else { return };
    let (mut compared, mut fields) = (0, 0);
    for path in files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "evtx")) {
        let (_, out) = collect(&path);
        let mut parser = evtx::EvtxParser::from_path(&path).unwrap();
        let records: Vec<String> = parser.records().map(|record| record.unwrap().data).collect();
        let text =
            format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>{}</Events>", records.join("\n"));
        let (result, xml) = collect_bytes("export.xml", text.into_bytes());
        assert_eq!(result, Ok(Ending::Complete), "{}", path.display());
        assert_eq!(xml.opened[0].format, Format::WindowsXml);
        assert_eq!((xml.events.len(), xml.faults.len()), (out.events.len(), 0), "{}", path.display());
        for (a, b) in out.events.iter().zip(&xml.events) {
            let who = |e: &Event| {
                (e.at, e.host.clone(), e.user.clone(), e.src_ip.clone(), e.process.clone(), e.action.clone())
            };
            assert_eq!(who(a), who(b), "{}", path.display());
            for (name, value) in &a.fields {
                // Times and numbers are typed in one and text in the other; empty elements say nothing in JSON.
                let other = b.fields.get(name).map(ToString::to_string).unwrap_or_default();
                let this = value.to_string();
                let same = this == other || this.trim() == other.trim() || loose(&this) == loose(&other);
                assert!(same, "{} {name}: {this:?} {other:?}", path.display());
                fields += 1;
            }
        }
        compared += out.events.len();
    }
    println!("{compared} events as XML say what their EVTX says, {fields} fields");
    assert!(compared >= 200);
}

/// Ways of writing that differ: zeros behind a time, case of hexadecimal, lists.
fn loose(text: &str) -> String {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let bare = bare.to_lowercase().replace("utc", "").replace(['t', 'z'], "");
    bare.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn text(event: &Event, name: &str) -> BTreeSet<String> {
    match event.field(name) {
        Some(FieldValue::List(items)) => items.iter().map(ToString::to_string).collect(),
        Some(value) => [value.to_string()].into(),
        None => BTreeSet::new(),
    }
}

#[test]
fn audit_events_equal_the_golden_files() {
    let Some(folder) = data("logs/linux-auditd/elastic-go-libaudit/aucoalesce/testdata") else { return };
    let (mut cases, mut facts) = (0, 0);
    for path in files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "yaml")) {
        let yaml = std::fs::read_to_string(&path).unwrap();
        let golden = std::fs::read_to_string(path.with_extension("json.golden")).unwrap();
        let golden: Vec<serde_json::Value> = serde_json::from_str(&golden).unwrap();
        for (name, log) in blocks(&yaml) {
            let wanted = golden.iter().find(|case| case["test_name"] == name.as_str());
            let wanted = &wanted.unwrap_or_else(|| panic!("{name}"))["event"];
            let (result, out) = collect_bytes("audit.log", log.into_bytes());
            assert_eq!((result, out.faults.len()), (Ok(Ending::Complete), 0), "{name}");
            assert_eq!(out.events.len(), 1, "{name}");
            facts += compare(&name, &out.events[0], wanted);
            cases += 1;
        }
    }
    println!("{cases} audit events equal the golden files in {facts} facts");
    assert_eq!(cases, 48);
}

/// The cases of a file: a name, and lines that are set in deeper.
fn blocks(yaml: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut name = String::new();
    for line in yaml.lines() {
        if let Some(title) =
            line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ') && rest.contains(':'))
        {
            name = title.rsplit_once(':').unwrap().0.trim_matches(['"', '\'']).to_owned();
        } else if let Some(record) = line.strip_prefix("    ") {
            let block: &mut String = all.entry(name.clone()).or_default();
            block.push_str(record);
            block.push('\n');
        }
    }
    all.retain(|_, log| log.contains("msg=audit"));
    all
}

fn compare(name: &str, event: &Event, wanted: &serde_json::Value) -> usize {
    let mut facts = 0;
    let mut same = |ours: &BTreeSet<String>, golden: &serde_json::Value, what: &str| {
        let all: Vec<&str> = match golden {
            serde_json::Value::Array(items) => items.iter().map(|item| item.as_str().unwrap()).collect(),
            one => vec![one.as_str().unwrap_or_else(|| panic!("{name} {what} {one}"))],
        };
        for one in all {
            assert!(ours.contains(one), "{name}: {what} is {ours:?}, golden {one}");
            facts += 1;
        }
    };
    let one = |text: String| BTreeSet::from([text]);
    same(&one(event.at.to_string()), &wanted["@timestamp"], "@timestamp");
    same(&text(event, "serial"), &serde_json::json!(wanted["sequence"].to_string()), "sequence");
    same(&one(event.text("record_type").unwrap().to_lowercase()), &wanted["record_type"], "record_type");
    if wanted["result"] != "unknown" {
        same(&text(event, "result"), &wanted["result"], "result");
    }
    if wanted["session"] != "unset" {
        same(&text(event, "ses"), &wanted["session"], "session");
    }
    if wanted["summary"]["action"].is_string() {
        same(&one(event.action.as_deref().unwrap().to_owned()), &wanted["summary"]["action"], "action");
    }
    let members = |part: &str| wanted[part].as_object().cloned().unwrap_or_default();
    // One golden file takes the name of the architecture, which auditd wrote behind an absent key, for a key.
    if let Some(tags) = wanted.get("tags").filter(|tags| tags[0] != "x86_64") {
        same(&text(event, "key"), tags, "tags");
    }
    for (id, value) in wanted["user"]["ids"].as_object().into_iter().flatten() {
        same(&text(event, id), value, id);
    }
    for (key, value) in wanted["user"]["selinux"].as_object().into_iter().flatten() {
        same(&text(event, &format!("subj_{key}")), value, key);
    }
    for (key, value) in members("process") {
        let ours = match key.as_str() {
            "title" => "proctitle",
            "name" if event.field("comm").is_some() => "comm",
            "name" => continue,
            "args" => {
                let words: Vec<&str> =
                    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
                assert_eq!(event.text("CommandLine").unwrap(), words.join(" "), "{name}");
                continue;
            }
            other => other,
        };
        same(&text(event, ours), &value, &key);
    }
    for (key, value) in members("data") {
        same(&text(event, &key), &value, &key);
    }
    for (at, path) in wanted["paths"].as_array().into_iter().flatten().enumerate() {
        for (key, value) in path.as_object().unwrap() {
            same(&text(event, &format!("path.{at}.{key}")), value, key);
        }
    }
    for (part, ours) in [("source", &event.src_ip), ("destination", &event.dst_ip)] {
        if let Some(ip) = wanted[part].get("ip") {
            same(&one(ours.as_deref().unwrap_or_default().to_owned()), ip, part);
        }
    }
    facts
}

#[test]
fn audit_records_are_joined_in_any_order() {
    let Some(folder) = data("logs/linux-auditd/elastic-go-libaudit/testdata") else { return };
    let read = |name: &str| {
        let (result, out) = collect(&folder.join(name));
        assert_eq!((result, out.faults.len()), (Ok(Ending::Complete), 0), "{name}");
        let mut all: Vec<_> = out
            .events
            .iter()
            .map(|e| (e.text("serial").unwrap(), format!("{:?}", sorted(&e.fields))))
            .collect();
        all.sort();
        all
    };
    let (normal, mixed, lost) = (read("normal.log"), read("out_of_order.log"), read("lost_messages.log"));
    println!("{} events in order, {} mixed, {} with gaps", normal.len(), mixed.len(), lost.len());
    assert_eq!(normal, mixed);
    assert_eq!(read("rollover.log").len(), 5);
}

/// Fields with the members of lists in order: records of an event may come in any.
fn sorted(fields: &Fields) -> BTreeMap<String, Vec<String>> {
    let members = |value: &FieldValue| {
        let mut all = match value {
            FieldValue::List(items) => items.iter().map(ToString::to_string).collect(),
            one => vec![one.to_string()],
        };
        all.sort();
        all
    };
    fields.iter().map(|(name, value)| (name.to_string(), members(value))).collect()
}
