//! Built on a fresh SQLite database, and read back by the readers.

use super::{EXAMPLES_AS_OF, SampleSummary, Volume, build, evidence};
use crate::{App, Config, DataFolder, Error, Refusal};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use wardkeep_intake::{Collected, Ending, Format, Options, Source, read};
use wardkeep_store::{Scope, cells, verify};
use wardkeep_types::{Moment, SetClock};

fn now() -> Moment {
    EXAMPLES_AS_OF.parse().unwrap()
}

async fn built(dir: &Path) -> (App, SampleSummary) {
    let folder = DataFolder::create(dir).unwrap();
    let app = App::open(folder, Config::default(), Arc::new(SetClock::at(now()))).await.unwrap().0;
    let made = build(&app, now()).await.unwrap_or_else(|e| panic!("{e}"));
    (app, made)
}

async fn column(app: &App, sql: &str) -> Vec<String> {
    let rows = app.db.rows(sql, cells![]).await.unwrap();
    rows.iter().map(|row| row.try_get::<String>("", "t").unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_year_is_the_same_every_time_and_its_chain_holds() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (app, made) = built(dirs[0].path()).await;
    let (again, twin) = built(dirs[1].path()).await;
    assert_eq!(made, twin);
    let titles = "SELECT reference || ' ' || title || ' ' || stage AS t FROM record ORDER BY seq";
    let first = column(&app, titles).await;
    assert_eq!(first, column(&again, titles).await);

    let count = |register: &str| made.records.get(register).copied().unwrap_or(0);
    assert_eq!((count("unit"), count("asset"), count("service"), count("control")), (12, 600, 25, 25));
    assert_eq!((count("person"), count("supplier"), count("risk")), (400, 40, 30));
    assert_eq!(made.records.values().sum::<usize>(), first.len());
    // Log sources come with what is taken in live, and a sample takes in nothing.
    for register in wardkeep_registers::all().iter().filter(|r| r.key != "log_source") {
        assert!(count(register.key) > 0, "no {}", register.names.many);
    }

    let scope = Scope { schemas: wardkeep_registers::all(), ..Scope::default() };
    let report = verify(&app.db, scope).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    let backwards = "SELECT b.n || '' AS t FROM change a JOIN change b ON b.n = a.n + 1 WHERE b.at < a.at";
    assert_eq!(column(&app, backwards).await, [""; 0]);
    let outside = format!(
        "SELECT n || '' AS t FROM change WHERE at >= {} OR at < {}",
        now().as_micros(),
        now().plus_seconds(-367 * 86_400).as_micros()
    );
    assert_eq!(column(&app, &outside).await, [""; 0]);
    // Every month has its share: trends have a shape.
    let months = column(&app, "SELECT DISTINCT CAST(at / 2630000000000 AS text) AS t FROM change").await;
    assert!(months.len() >= 12, "{months:?}");
    let stages = column(&app, "SELECT DISTINCT register || ' ' || stage AS t FROM record").await;
    assert!(stages.len() >= 55, "{} stages", stages.len());
    let hidden = column(&app, "SELECT title AS t FROM record WHERE restricted = 1").await;
    assert_eq!(hidden.len(), 1);

    let refused = build(&app, now()).await;
    assert!(matches!(refused, Err(Error::Refusal(Refusal::Conflict(_)))));
}

#[test]
fn example_evidence_holds_every_format_and_reads_without_faults() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let files = evidence(dirs[0].path(), now(), Volume::Small).unwrap();
    assert_eq!(files, evidence(dirs[1].path(), now(), Volume::Small).unwrap());
    let mut seen: BTreeSet<&'static str> = BTreeSet::new();
    for file in &files {
        let path = dirs[0].path().join(&file.path);
        assert_eq!(
            std::fs::read(&path).unwrap(),
            std::fs::read(dirs[1].path().join(&file.path)).unwrap(),
            "{}",
            file.path
        );
        if file.path == "README.md" {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let mut out = Collected::default();
        let result = read(Source::memory(file.path.as_str(), now(), bytes), &Options::default(), &mut out);
        assert_eq!(result, Ok(Ending::Complete), "{}: {:?}", file.path, out.faults);
        assert_eq!(out.faults.len() as u64, file.planted, "{}: {:?}", file.path, out.faults);
        assert_eq!(out.opened[0].format.key(), file.format, "{}", file.path);
        for opened in &out.opened {
            assert!(!matches!(opened.format, Format::Unknown(_)), "{opened:?}");
            seen.insert(opened.format.key());
        }
        let rows: u64 = out.closed.iter().map(|c| c.events + c.rows).sum();
        let targets: usize = out.reports.iter().map(|(_, report)| report.targets.len()).sum();
        assert!(rows > 0 || targets > 0, "{} is empty", file.path);
        // Logs of programs and tables of any make belong to no Sigma log source.
        let plain = ["json", "logfmt", "csv_log", "ocsf", "gzip", "zip", "tar", "zst"];
        if let Some(event) = out.events.first_mut().filter(|_| !plain.contains(&file.format)) {
            wardkeep_events::classify(event);
            assert!(!event.logsources.is_empty(), "{}", file.path);
        }
        let late =
            out.events.iter().filter(|e| e.at > now() || e.at < now().plus_seconds(-14 * 86_400)).count();
        assert_eq!(late, 0, "{}", file.path);
    }
    let all: BTreeSet<&'static str> = Format::ALL.iter().map(Format::key).collect();
    assert_eq!(seen, all);
    let bytes: usize = files.iter().map(|f| f.bytes).sum();
    assert!(bytes < 1_000_000, "{bytes} bytes");
}

#[test]
fn the_committed_examples_are_what_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let committed = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/evidence"));
    for file in evidence(dir.path(), now(), Volume::Small).unwrap() {
        let fresh = std::fs::read(dir.path().join(&file.path)).unwrap();
        let there = std::fs::read(committed.join(&file.path)).unwrap_or_default();
        assert!(fresh == there, "{} differs: run cargo xtask evidence", file.path);
    }
}

#[test]
fn the_event_log_is_read_with_provider_time_and_data() {
    let dir = tempfile::tempdir().unwrap();
    evidence(dir.path(), now(), Volume::Full).unwrap();
    let bytes = std::fs::read(dir.path().join("windows/dc01-security.evtx")).unwrap();
    let mut out = Collected::default();
    read(Source::memory("dc01.evtx", now(), bytes), &Options::default(), &mut out).unwrap();
    assert!(
        out.events.len() > 1_500 && out.faults.is_empty(),
        "{} {:?}",
        out.events.len(),
        out.faults.first()
    );
    let failed: Vec<_> = out.events.iter().filter(|e| e.action.as_deref() == Some("4625")).collect();
    assert_eq!(failed.len(), 26);
    let one = failed[0];
    assert_eq!(one.text("Provider_Name").as_deref(), Some("Microsoft-Windows-Security-Auditing"));
    assert_eq!((one.user.as_deref(), one.outcome.as_deref()), (Some("jweidlich"), Some("failure")));
    assert_eq!(one.host.as_deref(), Some("dc01.tarnwald.example"));
    assert!(out.events.windows(2).all(|pair| pair[0].at <= pair[1].at));
}
