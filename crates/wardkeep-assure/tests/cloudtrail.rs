//! The tests of `content/tests` over real CloudTrail records (`specs/assurance.md` 5, 6, 23).
#![allow(clippy::unwrap_used)] // a test may end here

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkeep_assure::{
    Control, Evaluator, Excepted, Frame, Instant, Recorded, Run, Source, TestFile, assess_control, baseline,
};
use wardkeep_types::event::{Dialect, Event, EventId, FieldValue};
use wardkeep_types::observation::{Basis, Observation};
use wardkeep_types::{Id, Moment, State};

fn folder() -> Option<PathBuf> {
    let data = std::env::var("WARDKEEP_DATA")
        .unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let folder = Path::new(&data).join("logs/aws-cloudtrail/invictus-ir-aws_dataset/CloudTrail");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").is_err(), "{} is missing", folder.display());
    eprintln!("left out: {} is missing", folder.display());
    None
}

fn flatten(value: &serde_json::Value, name: String, event: &mut Event) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, member) in members {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                flatten(member, name, event);
            }
        }
        scalar => {
            event.fields.insert(
                name.into(),
                serde_json::from_value(scalar.clone()).unwrap_or_else(|_| scalar.to_string().into()),
            );
        }
    }
}

fn events(folder: &Path) -> Vec<Event> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()) {
        let bytes = std::fs::read(&file).unwrap();
        let mut text = String::new();
        if file.extension().is_some_and(|e| e == "gz") {
            flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes).unwrap();
        }
        let file = file.file_name().unwrap().to_string_lossy().into_owned();
        let log: serde_json::Value = serde_json::from_str(&text).unwrap();
        for (record, position) in log["Records"].as_array().unwrap().iter().zip(1..) {
            let raw = record.to_string();
            let mut event = Event::new(Dialect::CloudTrail, Arc::from(file.as_str()), position, raw.as_str());
            event.id = EventId::of(&file, raw.as_bytes(), 0);
            event.at = record["eventTime"].as_str().unwrap().parse().unwrap();
            flatten(record, String::new(), &mut event);
            all.push(event);
        }
    }
    all
}

fn test(key: &str) -> TestFile {
    baseline::tests().unwrap().into_iter().find(|t| t.rules.key == key).unwrap()
}

fn observe(test: &TestFile, events: &[Event]) -> Observation {
    let times = || events.iter().map(|e| e.at);
    let run = Run::over(times().min().unwrap(), times().max().unwrap());
    let mut evaluator = Evaluator::new(test, run, Excepted::default());
    assert!(evaluator.wants(&Source::Events) && !evaluator.wants(&Source::Scans));
    for event in events {
        evaluator.feed(&Source::Events, event);
    }
    let recorded_at: Moment = "2026-07-01T00:00:00Z".parse().unwrap();
    let frame =
        Frame { id: Id::new(recorded_at), unit: Id::NIL, recorded_at, collector: "test 1".to_owned() };
    let observation = evaluator.finish().observation(&test.rules, &test.sha256, frame);
    assert!(wardkeep_assure::observation::check(&observation, recorded_at).is_empty());
    observation
}

fn state(test: &TestFile, observation: &Observation, as_of: &str) -> State {
    let at = Instant { as_of: as_of.parse().unwrap(), known_at: "2026-08-01T00:00:00Z".parse().unwrap() };
    let seen = [Recorded { observation: observation.clone(), voided_at: None }];
    assess_control(&Control::new("c"), std::slice::from_ref(&test.rules), &seen, &[], at).state
}

#[test]
fn console_sign_in_uses_mfa() {
    let Some(folder) = folder() else { return };
    let events = events(&folder);
    assert_eq!(events.len(), 2_900);
    let test = test("mfa-console-sign-in");
    let seen = observe(&test, &events);
    assert_eq!((seen.counts.population, seen.counts.passed, seen.counts.failed), (Some(2), 1, 1));
    let failing = &seen.subjects[0];
    assert!(failing.subject.ends_with("user/stratus-red-team-nmfalu-gfjyeaypjt"));
    assert_eq!(failing.detail, "Signed in without a second factor from 192.168.10.20.");
    // It opens down to the record.
    let [Basis::Event { event: id }] = &failing.basis[..] else { panic!("{:?}", failing.basis) };
    let record = events.iter().find(|e| e.id.to_string() == *id).unwrap();
    assert_eq!(record.field("eventName"), Some(&FieldValue::from("ConsoleLogin")));
    // The upload date changes neither answer.
    assert_eq!(state(&test, &seen, "2023-07-10T13:00:00Z"), State::Failing);
    assert_eq!(state(&test, &seen, "2026-07-01T00:00:00Z"), State::Insufficient);
    assert_eq!(state(&test, &seen, "2023-07-10T11:00:00Z"), State::NotTested);
}

#[test]
fn flipping_one_result_or_removing_its_file_changes_the_state() {
    let Some(folder) = folder() else { return };
    let mut events = events(&folder);
    let test = test("mfa-console-sign-in");
    let bad = |e: &Event| e.text("additionalEventData.MFAUsed").as_deref() == Some("No");
    let file = events.iter().find(|e| bad(e)).unwrap().source.clone();
    let without: Vec<Event> = events.iter().filter(|e| e.source != file).cloned().collect();
    let seen = observe(&test, &without);
    assert_eq!((seen.counts.population, seen.counts.passed), (Some(1), 1));
    assert_eq!(state(&test, &seen, "2023-07-10T13:00:00Z"), State::Effective);
    let flipped = events.iter_mut().find(|e| bad(e)).unwrap();
    flipped.fields.insert("additionalEventData.MFAUsed".into(), FieldValue::from("Yes"));
    assert_eq!(state(&test, &observe(&test, &events), "2023-07-10T13:00:00Z"), State::Effective);
    let other = |e: &Event| e.text("eventName").as_deref() != Some("ConsoleLogin");
    events.retain(other);
    assert_eq!(state(&test, &observe(&test, &events), "2023-07-10T13:00:00Z"), State::Insufficient);
}

#[test]
fn two_trails_were_deleted_and_refused_calls_do_not_count() {
    let Some(folder) = folder() else { return };
    let test = test("audit-trail-kept");
    let seen = observe(&test, &events(&folder));
    assert_eq!((seen.counts.population, seen.counts.failed, seen.counts.passed), (Some(3), 2, 1));
    let named: Vec<&str> = seen.subjects.iter().take(2).map(|s| s.subject.as_str()).collect();
    assert_eq!(
        named,
        ["trail stratus-red-team-ctes-trail-qyxyekjbtk", "trail stratus-red-team-ctlr-trail-zqfsvooxqj"]
    );
    assert_eq!(state(&test, &seen, "2023-07-10T13:00:00Z"), State::Failing);
}

#[test]
fn the_other_cloud_tests_find_something_to_look_at() {
    let Some(folder) = folder() else { return };
    let events = events(&folder);
    let check = |key: &str, population: u64, failed: u64| {
        let seen = observe(&test(key), &events);
        assert_eq!(
            (seen.counts.population, seen.counts.failed),
            (Some(population), failed),
            "{key}: {}",
            seen.note
        );
    };
    check("root-account-unused", 1, 0);
    check("admin-changes-named", 1, 1);
}
