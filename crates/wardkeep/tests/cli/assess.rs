//! `assess` on a little evidence.

use crate::support::{Place, evidence};

#[test]
fn the_second_run_adds_nothing() {
    let place = Place::new();
    let folder = evidence(&place);
    let folder = folder.to_str().unwrap();
    let first = place.json(0, &["assess", folder]);
    for key in ["as_of", "formats", "events", "alerts", "findings", "controls", "problems", "seconds"] {
        assert!(!first[key].is_null(), "{key}: {first}");
    }
    assert_eq!(first["events"], 31);
    let sum = |object: &serde_json::Value, key: &str| {
        object[key].as_object().unwrap().values().map(|v| v.as_u64().unwrap()).sum::<u64>()
    };
    assert!(sum(&first, "alerts") >= 1, "{first}");
    assert_eq!(sum(&first, "findings"), 2, "{first}");
    assert!(sum(&first, "controls") > 10, "{first}");
    let second = place.json(0, &["assess", folder]);
    for key in ["alerts", "findings", "controls", "as_of"] {
        assert_eq!(first[key], second[key], "{key}");
    }
    assert_eq!((&second["events"], &second["files_known"]), (&0.into(), &2.into()), "{second}");
    let report = std::fs::read_to_string(place.at("data/posture.html")).unwrap();
    assert!(report.starts_with("<!DOCTYPE html>") && !report.contains("http-equiv=\"refresh\""));
    // What the data folder says agrees with what the run said.
    assert_eq!(place.json(0, &["verify"])["ok"], true);
}

#[test]
fn the_summary_is_plain_and_fits() {
    let place = Place::new();
    let folder = evidence(&place);
    place.write("evidence/\u{1b}[31mred.bin", [0xff, 0x00, 0x17, 0x80].repeat(50));
    let ran = place.run(&["assess", folder.to_str().unwrap()]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    for part in [
        "What was read",
        "Not understood",
        "Alerts",
        "Open findings: 2",
        "Controls",
        "What to do first",
        "posture.html",
        "wardkeep serve --data",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert!(!ran.out.contains('\x1b'), "no colour into a pipe, nothing from a file name either");
    for line in ran.out.lines().filter(|l| !l.contains("/tmp")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn the_data_folder_is_never_evidence() {
    let place = Place::new();
    evidence(&place);
    let first = place.json(0, &["assess", "."]);
    let again = place.json(0, &["assess", "."]);
    assert_eq!(first["files"], again["files"], "{again}");
    assert_eq!(again["events"], 0);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_cleanly_and_the_next_run_goes_on() {
    let place = Place::new();
    evidence(&place);
    // Enough that it is still reading when it is asked to stop.
    let line =
        "2026-03-30T04:11:01Z web01 sshd[4242]: Failed password for root from 203.0.113.9 port 40001 ssh2\n";
    for n in 0..20 {
        place.write(
            &format!("evidence/more/{n}.log"),
            format!("{}2026-03-30T05:00:00Z web01 app[1]: {n}\n", line.repeat(500)),
        );
    }
    let child = place
        .command(&["assess", "evidence", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The lock tells that the work has begun; from before it, Ctrl-C is heard.
    crate::support::wait_for(|| place.at("data/.assess.lock").exists());
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("Stopping at the next safe place") && said.contains("\"stopped\": true"), "{said}");
    let rest = place.json(0, &["assess", "evidence"]);
    assert_eq!(rest["stopped"], false);
    let whole = Place::new();
    let all = whole.json(0, &["assess", place.at("evidence").to_str().unwrap()]);
    assert_eq!((&rest["alerts"], &rest["findings"]), (&all["alerts"], &all["findings"]));
    assert_eq!(place.json(0, &["verify"])["ok"], true);
}
