//! Log records: asked about, put together, held, kept for a time, and checked.

use crate::support::Place;
use serde_json::{Value as Json, json};

/// Two assessments, so that a day has two files.
fn filled(days: std::ops::RangeInclusive<u32>) -> Place {
    let place = Place::new();
    for (folder, from) in [("one", 0), ("two", 30)] {
        let line = |day: u32, n: u32| {
            let user = if n.is_multiple_of(2) { "root" } else { "anna" };
            format!(
                "2026-03-{day:02}T10:{n:02}:00+00:00 web1 sshd[{n}]: Failed password for {user} from 203.0.113.{n} port 4{n:03} ssh2\n"
            )
        };
        let text: String =
            days.clone().flat_map(|day| (from..from + 30).map(move |n| line(day, n))).collect();
        place.write(&format!("{folder}/auth.log"), text);
        place.json(0, &["assess", folder, "--as-of", "2026-03-31"]);
    }
    place
}

fn count(place: &Place, search: &str) -> Json {
    place.json(0, &["events", "count", search])["events"].clone()
}

#[test]
fn log_records_are_asked_about() {
    let place = filled(30..=30);
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
    let place = filled(30..=30);
    let done = place.json(0, &["events", "compact"]);
    assert_eq!((&done["files_before"], &done["files_after"]), (&json!(2), &json!(1)), "{done}");
    assert_eq!(count(&place, "user:root"), 30);
    let sound = place.json(0, &["verify"]);
    assert_eq!(sound["report"]["event_files"], 1, "{sound}");
    // Nothing under a hold goes, whatever retention says.
    let hold = ["events", "hold", "add", "--from", "2026-03-01", "--dialect", "auth", "--reason", "Case 12"];
    let id = place.json(0, &hold)["id"].as_str().unwrap().to_owned();
    let holds = place.json(0, &["events", "hold", "list"]);
    assert_eq!((&holds["holds"][0]["reason"], &holds["holds"][0]["ended"]), (&json!("Case 12"), &Json::Null));
    place.json(3, &["events", "hold", "add", "--dialect", "pigeon", "--reason", "Case 13"]);
    let kept = place.json(0, &["events", "retain", "--days", "1", "--apply"]);
    assert_eq!(
        (kept["deleted"].as_array().unwrap().len(), kept["held"].as_array().unwrap().len()),
        (0, 1),
        "{kept}"
    );
    assert_eq!(count(&place, ""), 60);
    place.json(3, &["events", "hold", "end", &id, "--reason", ""]);
    place.json(0, &["events", "hold", "end", &id, "--reason", "closed"]);
    let holds = place.json(0, &["events", "hold", "list"]);
    assert_eq!(holds["holds"][0]["ended_why"], "closed");
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

#[test]
fn compaction_that_is_killed_loses_nothing_and_goes_on() {
    let place = filled(1..=12);
    let files = |place: &Place| {
        let all = crate::support::files(&place.at("data/events"));
        all.iter().filter(|path| path.extension().is_some_and(|e| e == "parquet")).count()
    };
    assert_eq!(files(&place), 24);
    let (mut killed, mut wait) = (0, 100);
    loop {
        let mut child = place.command(&["events", "compact"]).spawn().unwrap();
        let (_open, never) = std::sync::mpsc::channel::<()>();
        let _ = never.recv_timeout(std::time::Duration::from_millis(wait));
        let over = child.try_wait().unwrap().is_some();
        let _ = child.kill();
        child.wait().unwrap();
        let sound = place.json(0, &["verify"]);
        assert_eq!(sound["ok"], true, "{sound}");
        assert_eq!(count(&place, ""), 720, "after {killed} kills");
        if over {
            break;
        }
        killed += 1;
        wait += 120;
        assert!(killed < 400, "it never ends");
    }
    assert!(killed > 1, "the test is too slow to kill anything");
    // Every day is one file by now; what was left over goes with the next assessment.
    place.json(0, &["assess", "one", "--as-of", "2026-03-31"]);
    let report = place.json(0, &["verify"]);
    assert_eq!(report["report"]["event_files"], 12, "{report}");
    let left = crate::support::files(&place.at("data/events"));
    assert!(left.iter().all(|path| path.extension().is_some_and(|e| e == "parquet")), "{left:?}");
}

#[test]
fn a_person_can_be_erased_after_compaction_and_verification_holds() {
    let place = filled(30..=30);
    place.write("people.csv", "name,email,employment\nAnna Zoe,anna.zoe@example.org,employee\n");
    place.json(0, &["import", "people.csv", "--register", "people", "--apply"]);
    place.json(0, &["events", "compact"]);
    let hold = place.json(0, &["events", "hold", "add", "--reason", "Case 14"]);
    let erase =
        ["user", "erase", "anna.zoe@example.org", "--basis", "GDPR 17(1)(b)", "--also", "anna", "--yes"];
    let held = place.json(3, &erase);
    assert!(held.to_string().contains("legal hold"), "{held}");
    assert_eq!(count(&place, "user:anna"), 30);
    let id = hold["id"].as_str().unwrap();
    place.json(0, &["events", "hold", "end", id, "--reason", "closed"]);
    assert_eq!(place.json(0, &erase)["event_files"], 1);
    assert_eq!((count(&place, "user:anna"), count(&place, "")), (json!(0), json!(60)));
    assert_eq!(place.json(0, &["verify"])["ok"], true);
}
