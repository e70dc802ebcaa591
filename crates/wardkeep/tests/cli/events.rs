//! Log records: asked about, put together, held, kept for a time, and checked.

use crate::support::Place;
use serde_json::{Value as Json, json};

/// Two assessments, so that a day has two files.
fn filled() -> Place {
    let place = Place::new();
    for (folder, from) in [("one", 0), ("two", 30)] {
        std::fs::create_dir_all(place.at(folder)).unwrap();
        let line = |n: u32| {
            let user = if n.is_multiple_of(2) { "root" } else { "anna" };
            format!(
                "2026-03-30T10:{n:02}:00+00:00 web1 sshd[{n}]: Failed password for {user} from 203.0.113.{n} port 4{n:03} ssh2\n"
            )
        };
        let text: String = (from..from + 30).map(line).collect();
        std::fs::write(place.at(folder).join("auth.log"), text).unwrap();
        place.json(0, &["assess", folder, "--as-of", "2026-03-31"]);
    }
    place
}

fn count(place: &Place, search: &str) -> Json {
    place.json(0, &["events", "count", search])["events"].clone()
}

#[test]
fn log_records_are_asked_about() {
    let place = filled();
    assert_eq!(count(&place, ""), 60);
    assert_eq!(count(&place, "user:ROOT -src_ip:203.0.113.0/28"), 22);
    assert_eq!(count(&place, "\"Failed password\" from:2026-03-31"), 0);
    let top = place.json(0, &["events", "search", "| count by user"]);
    assert_eq!(top["rows"], json!([["anna", 30], ["root", 30]]));
    let sql = place.json(0, &["events", "sql", "SELECT count(*) FROM events WHERE src_ip = '203.0.113.7'"]);
    assert_eq!(sql["rows"], json!([[1]]));
    place.json(3, &["events", "sql", "DELETE FROM events"]);
    let wrong = place.json(3, &["events", "search", "user:anna (last:1h"]);
    assert!(wrong.to_string().contains("query:12"), "{wrong}");
    for name in ["out.csv", "out.jsonl", "out.parquet"] {
        let path = place.at(name).display().to_string();
        assert_eq!(place.json(0, &["events", "export", "user:anna", "--out", &path])["events"], 30, "{name}");
        assert!(place.at(name).metadata().unwrap().len() > 500, "{name}");
    }
    let lines = std::fs::read_to_string(place.at("out.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 30);
}

#[test]
fn event_files_are_cared_for_and_every_act_is_provable() {
    let place = filled();
    let done = place.json(0, &["events", "compact"]);
    assert_eq!((&done["files_before"], &done["files_after"]), (&json!(2), &json!(1)), "{done}");
    assert_eq!(count(&place, "user:root"), 30);
    let sound = place.json(0, &["verify"]);
    assert_eq!(sound["report"]["event_files"], 1, "{sound}");
    // Nothing under a hold goes, whatever retention says.
    let hold = ["events", "hold", "add", "--from", "2026-03-01", "--dialect", "auth", "--reason", "Case 12"];
    let id = place.json(0, &hold)["id"].as_str().unwrap().to_owned();
    let kept = place.json(0, &["events", "retain", "--days", "1", "--apply"]);
    assert_eq!(
        (kept["deleted"].as_array().unwrap().len(), kept["held"].as_array().unwrap().len()),
        (0, 1),
        "{kept}"
    );
    assert_eq!(count(&place, ""), 60);
    place.json(3, &["events", "hold", "end", &id, "--reason", ""]);
    place.json(0, &["events", "hold", "end", &id, "--reason", "closed"]);
    // A file that was changed or taken away is found.
    let events = place.at("data/events/2026-03-30");
    let named = place.json(0, &["events", "verify"]);
    assert_eq!(named["event_files"], 1);
    let sql = "SELECT DISTINCT dialect FROM events";
    assert_eq!(place.json(0, &["events", "sql", sql])["rows"], json!([["auth"]]));
    let mut saved = Vec::new();
    for file in std::fs::read_dir(&events).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let mut changed = bytes.clone();
        changed[100] ^= 1;
        std::fs::write(&path, changed).unwrap();
        saved.push((path, bytes));
    }
    let found = place.json(4, &["verify"]).to_string();
    assert!(found.contains("not what was written"), "{found}");
    saved.iter().for_each(|(path, _)| std::fs::remove_file(path).unwrap());
    let found = place.json(4, &["events", "verify"]).to_string();
    assert!(found.contains("it is not there"), "{found}");
    saved.iter().for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
    // Without a hold retention deletes, and the log still agrees.
    let gone = place.json(0, &["events", "retain", "--apply"]);
    assert_eq!(
        (gone["deleted"].as_array().unwrap().len(), &gone["events_deleted"]),
        (1, &json!(60)),
        "{gone}"
    );
    assert_eq!(count(&place, ""), 0);
    assert_eq!(place.json(0, &["verify"])["ok"], true);
}
