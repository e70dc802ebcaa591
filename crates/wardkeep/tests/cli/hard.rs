//! What must hold when the program is killed, when a person must go, and when a backup is taken in the middle.
//! WARDKEEP_ROWS and WARDKEEP_KILLS set the sizes; the figures quoted in notes were seen with 50000 and 50.

use crate::support::{Place, evidence, files};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

fn from_environment(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A data folder with an officer in it.
fn founded(place: &Place) {
    std::fs::create_dir_all(place.at("nothing")).unwrap();
    place.json(0, &["assess", "nothing", "--as-of", "2026-03-30"]);
    place.json(0, &["user", "add", "o@hospital.example", "--name", "The Officer", "--role", "officer"]);
}

fn people(rows: usize) -> String {
    let mut text = String::from("name,email,employment\n");
    for n in 0..rows {
        text.push_str(&format!("Person {n:06},p{n:06}@hospital.example,employee\n"));
    }
    text
}

/// Lets a child run that long, then kills it; returns whether it had ended by itself.
fn kill_after(mut child: Child, time: Duration) -> bool {
    let (_open, never) = std::sync::mpsc::channel::<()>();
    let begun = Instant::now();
    while begun.elapsed() < time {
        if child.try_wait().unwrap().is_some() {
            return true;
        }
        let _ = never.recv_timeout(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    false
}

/// Kills a command `kills` times at many points of its run; `verify` passes after every kill. What earlier runs did
/// is not done again, so that in the end there is nothing left to kill: then `ended` looks at the place, and it goes on
/// in a fresh one. `span` is how long the run takes undisturbed. Returns how many places it took.
fn survives(
    args: &[&str],
    kills: usize,
    span: Duration,
    fresh: impl Fn() -> Place,
    ended: impl Fn(&Place),
) -> usize {
    let (mut killed, mut tries, mut places) = (0, 0, 0);
    while killed < kills {
        let place = fresh();
        let spawn = || place.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        places += 1;
        assert!(places <= 2 * kills, "it ends before it can be killed");
        while killed < kills {
            // Spread over the run by the golden ratio, so that no two fall on the same point.
            let share = (f64::from(tries) * 0.618_034).fract();
            tries += 1;
            if kill_after(spawn(), span.mul_f64(0.02 + 0.9 * share)) {
                break;
            }
            killed += 1;
            if place.at("data/wardkeep.db").exists() {
                let found = place.json(0, &["verify"]);
                assert_eq!(found["ok"], true, "after kill {killed}: {found}");
            }
        }
        ended(&place);
    }
    places
}

fn count(place: &Place, register: &str) -> usize {
    let out = place.run(&["export", "--register", register, "-o", "-"]).out;
    out.lines().count().saturating_sub(1)
}

#[test]
fn an_import_that_is_killed_again_and_again_adds_every_row_once() {
    let (rows, kills) = (from_environment("WARDKEEP_ROWS", 2_000), from_environment("WARDKEEP_KILLS", 6));
    let fresh = || {
        let place = Place::new();
        founded(&place);
        place.write("people.csv", people(rows));
        place
    };
    let args = ["import", "people.csv", "--register", "people", "--apply"];
    let whole = fresh();
    let before = count(&whole, "people");
    let begun = Instant::now();
    whole.json(0, &args);
    let places = survives(&args, kills, begun.elapsed(), fresh, |place| {
        let had = count(place, "people") - before;
        let done = place.json(0, &args);
        assert_eq!(count(place, "people"), before + rows, "{}", done["import"]["counts"]);
        assert_eq!(done["import"]["counts"]["same"], had, "what killed runs had written is found as it is");
        assert_eq!(place.json(0, &["verify"])["ok"], true);
    });
    println!("{rows} rows, killed {kills} times in {places} places: every row once");
}

#[test]
fn an_assessment_that_is_killed_again_and_again_ends_as_if_it_never_had_been() {
    let kills = from_environment("WARDKEEP_KILLS", 6);
    let fresh = || {
        let place = Place::new();
        founded(&place);
        evidence(&place);
        let line = "2026-03-30T04:11:01Z web01 sshd[4242]: Failed password for root from 203.0.113.9 port 40001 ssh2\n";
        for n in 0..30 {
            let text = line
                .replace("web01", &format!("web{n:02}"))
                .repeat(from_environment("WARDKEEP_ROWS", 2_000) / 4);
            place.write(&format!("evidence/more/{n}.log"), text);
        }
        place
    };
    let args = ["assess", "evidence", "--as-of", "2026-03-31"];
    let whole = fresh();
    let begun = Instant::now();
    let never = whole.json(0, &args);
    let places = survives(&args, kills, begun.elapsed(), fresh, |place| {
        let after = place.json(0, &args);
        for what in ["findings", "controls"] {
            assert_eq!(after[what], never[what], "{what}");
        }
        for register in ["alerts", "findings", "assets"] {
            assert_eq!(count(place, register), count(&whole, register), "{register}");
        }
        assert_eq!(place.json(0, &["verify"])["ok"], true);
    });
    println!("killed {kills} times in {places} places: the same alerts, findings and controls");
}

#[test]
fn nothing_readable_is_left_of_a_person_who_was_erased() {
    let place = Place::new();
    founded(&place);
    place.json(
        0,
        &["user", "add", "z.quixote@hospital.example", "--name", "Zenobia Quixote", "--role", "analyst"],
    );
    place.write("tasks.csv", "name,kind,priority,anchor,owner\nCall Zenobia Quixote back,work,high,fixed,z.quixote@hospital.example\n");
    place.json(0, &["import", "tasks.csv", "--apply"]);
    let line = |n: usize| {
        format!(
            "2026-03-30T04:{:02}:{:02}Z web01 sshd[4242]: Accepted password for z.quixote@hospital.example from 203.0.113.9 port {} ssh2\n",
            n / 60,
            n % 60,
            40_000 + n
        )
    };
    place.write("evidence/auth.log", (0..300).map(line).collect::<String>());
    place.json(0, &["assess", "evidence", "--as-of", "2026-03-31"]);
    let stands = |place: &Place| {
        let all = files(&place.at("data"));
        let words: [&[u8]; 3] = [b"Quixote", b"quixote", b"Zenobia"];
        all.into_iter()
            .filter(|path| {
                let bytes = std::fs::read(path).unwrap();
                let text = readable(path, bytes);
                words.iter().any(|word| text.windows(word.len()).any(|at| at == *word))
            })
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect::<Vec<_>>()
    };
    let before = stands(&place);
    assert!(
        before.iter().any(|n| n.ends_with(".parquet")) && before.iter().any(|n| n.contains(".db")),
        "{before:?}"
    );
    let erase = ["user", "erase", "z.quixote@hospital.example", "--basis", "GDPR 17(1)(b)"];
    assert_eq!(place.json(3, &erase)["error"]["code"], "not_confirmed");
    // Reports are written anew by every assessment; one that names the person is a file of the officer's.
    let _ = std::fs::remove_file(place.at("data/posture.html"));
    let done = place.json(0, &[&erase[..], &["--also", "z.quixote", "--files", "--yes"]].concat());
    assert_eq!((&done["event_files"], &done["compacted"]), (&1.into(), &true.into()), "{done}");
    assert_eq!(stands(&place), Vec::<String>::new());
    for register in ["people", "tasks"] {
        let out = place.run(&["export", "--register", register, "-o", "-"]).out;
        assert!(!out.to_lowercase().contains("quixote") && !out.contains("Zenobia"), "{out}");
    }
    assert_eq!(place.json(0, &["verify"])["ok"], true);
    assert_eq!(place.json(3, &erase)["error"]["code"], "unknown_person");
}

/// The bytes of a file as somebody with the right tools reads them: Parquet pages are packed.
fn readable(path: &std::path::Path, bytes: Vec<u8>) -> Vec<u8> {
    if path.extension().is_none_or(|e| e != "parquet") {
        return bytes;
    }
    let folder = path.parent().and_then(std::path::Path::parent).unwrap();
    let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
    let mut text = String::new();
    wardkeep_events::store::read_events(folder, &name, |event| {
        text.push_str(&format!("{event:?}\n"));
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    [text.into_bytes(), bytes].concat()
}

#[test]
fn a_backup_in_the_middle_of_import_and_ingest_restores_and_verifies() {
    let place = Place::new();
    founded(&place);
    place.write("people.csv", people(from_environment("WARDKEEP_ROWS", 2_000)));
    evidence(&place);
    let quiet =
        |args: &[&str]| place.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut import = quiet(&["import", "people.csv", "--register", "people", "--apply"]);
    let mut assess = quiet(&["assess", "evidence", "--as-of", "2026-03-31"]);
    let mut taken = 0;
    for n in 0..3 {
        let name = format!("backup-{n}.tar.zst");
        place.json(0, &["backup", &name]);
        let running = import.try_wait().unwrap().is_none() || assess.try_wait().unwrap().is_none();
        taken += usize::from(running);
        assert_eq!(place.json(0, &["verify", &name])["ok"], true);
        let to = format!("restored-{n}");
        place.json(0, &["restore", &name, "--data", &to]);
        assert_eq!(place.json(0, &["verify", &to])["ok"], true);
    }
    assert!(import.wait().unwrap().success() && assess.wait().unwrap().success());
    assert_eq!(place.json(0, &["verify"])["ok"], true);
    println!("{taken} of 3 backups were taken while others wrote");
}
