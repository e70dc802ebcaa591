//! Running every control test over what is known, and recording what came out. An observation is never edited;
//! the same evidence for the same period gives the same one, once.

use super::id_for;
use crate::{App, Ctx, Error};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::ops::ControlFlow;
use wardkeep_assure::{Evaluator, Excepted, Exception, Facts as _, Frame, Run, Source, TestFile};
use wardkeep_store::cells;
use wardkeep_types::observation::{Basis, Observation};
use wardkeep_types::{Id, Moment};

/// What ran the tests, as observations name it.
const COLLECTOR: &str = concat!("wardkeep ", env!("CARGO_PKG_VERSION"));

impl App {
    /// Runs the tests of the baseline as of a moment and records their observations.
    pub(crate) async fn run_tests(&self, ctx: &Ctx, unit: Id, as_of: Moment) -> Result<(), Error> {
        self.run_tests_of(ctx, unit, as_of, |_| true).await
    }
    /// As [`App::run_tests`], for some of them.
    pub(crate) async fn run_tests_of(
        &self,
        ctx: &Ctx,
        unit: Id,
        as_of: Moment,
        wanted: impl Fn(&TestFile) -> bool,
    ) -> Result<(), Error> {
        let tests = wardkeep_assure::baseline::tests().map_err(|p| Error::fault(format!("tests: {p:?}")))?;
        let exceptions = self.exceptions().await?;
        let mut runs: Vec<(&TestFile, String, Evaluator<'_>)> = Vec::new();
        for test in tests.iter().filter(|test| wanted(test)) {
            let controls: Vec<&str> =
                if test.per_control { test.controls.iter().map(String::as_str).collect() } else { vec![""] };
            for control in controls {
                let excepted = Excepted::at(&exceptions, control, as_of);
                let run = Run { control: control.to_owned(), ..Run::until(as_of) };
                runs.push((test, control.to_owned(), Evaluator::new(test, run, excepted)));
            }
        }
        self.feed_records(&mut runs).await?;
        self.feed_reports(&mut runs).await?;
        let runs = self.feed_events(&mut runs, as_of).await?;
        for (test, control, draft) in runs {
            let rules = test.rules_for(&control);
            let id =
                id_for("observation", &format!("{}:{}:{}:{as_of}", rules.key, test.sha256, digest(&draft)));
            let frame = Frame { id, unit, recorded_at: ctx.now, collector: COLLECTOR.to_owned() };
            self.record_observation(&draft.observation(&rules, &test.sha256, frame)).await?;
        }
        Ok(())
    }
    async fn feed_records(&self, runs: &mut [(&TestFile, String, Evaluator<'_>)]) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        let mut wanted: Vec<Source> = runs.iter().flat_map(|(test, _, _)| test.sources()).collect();
        wanted.sort();
        wanted.dedup();
        for source in wanted {
            let register = match &source {
                Source::Records(register) => register.as_str(),
                Source::Findings => "finding",
                Source::Events | Source::Sightings | Source::Scans => continue,
            };
            for row in self.record_rows(&organisation, register).await? {
                for (_, _, run) in runs.iter_mut().filter(|(_, _, r)| r.wants(&source)) {
                    run.feed(&source, &row);
                }
            }
        }
        Ok(())
    }
    async fn feed_reports(&self, runs: &mut [(&TestFile, String, Evaluator<'_>)]) -> Result<(), Error> {
        let wants = |source: &Source, runs: &[(&TestFile, String, Evaluator<'_>)]| {
            runs.iter().any(|(_, _, r)| r.wants(source))
        };
        let (scans, sightings) = (wants(&Source::Scans, runs), wants(&Source::Sightings, runs));
        if !scans && !sightings {
            return Ok(());
        }
        let from = runs.iter().map(|(_, _, r)| r.reads_from()).min().unwrap_or(Moment::EPOCH);
        let (scan_rows, sighting_rows) = self.report_rows(from, sightings).await?;
        for (source, rows) in [(Source::Scans, scan_rows), (Source::Sightings, sighting_rows)] {
            for (_, _, run) in runs.iter_mut().filter(|(_, _, r)| r.wants(&source)) {
                rows.iter().for_each(|row| run.feed(&source, row));
            }
        }
        Ok(())
    }
    /// Streams stored events through the tests, keeps the records that answers rest on, and ends the runs.
    async fn feed_events<'t>(
        &self,
        runs: &mut Vec<(&'t TestFile, String, Evaluator<'t>)>,
        as_of: Moment,
    ) -> Result<Vec<(&'t TestFile, String, wardkeep_assure::Draft)>, Error> {
        let from =
            runs.iter().filter(|(_, _, r)| r.wants(&Source::Events)).map(|(_, _, r)| r.reads_from()).min();
        if let Some(from) = from {
            let folder = self.folder.events();
            for name in self.event_files(Some(from)).await? {
                // A file at a time, so that the runtime breathes between them.
                let read = wardkeep_events::store::read_events(&folder, &name, |event| {
                    if event.at >= from && event.at <= as_of {
                        for (_, _, run) in runs.iter_mut().filter(|(_, _, r)| r.wants(&Source::Events)) {
                            run.feed(&Source::Events, &event);
                        }
                    }
                    ControlFlow::Continue(())
                });
                if let Err(error) = read {
                    // A damaged file must never look like a quiet day.
                    for (_, _, run) in runs.iter_mut().filter(|(_, _, r)| r.wants(&Source::Events)) {
                        run.fail(error.to_string());
                    }
                }
                tokio::task::yield_now().await;
            }
        }
        let done: Vec<_> = runs.drain(..).map(|(test, control, run)| (test, control, run.finish())).collect();
        self.keep_basis(done.iter().map(|(_, _, draft)| draft)).await?;
        Ok(done)
    }
    /// Copies the log records that answers rest on beside the observations, so that the why panel opens to them
    /// even after the events' own retention has ended.
    async fn keep_basis(&self, drafts: impl Iterator<Item = &wardkeep_assure::Draft>) -> Result<(), Error> {
        let mut wanted: std::collections::HashSet<String> = std::collections::HashSet::new();
        for basis in drafts.flat_map(|d| d.subjects.iter().take(200)).flat_map(|s| s.basis.iter().take(5)) {
            if let Basis::Event { event } = basis {
                wanted.insert(event.clone());
            }
        }
        for row in self.db.rows("SELECT event_id FROM basis_event", cells![]).await? {
            wanted.remove(&row.try_get::<String>("", "event_id").map_err(Error::fault)?);
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let (folder, names) = (self.folder.events(), self.event_files(None).await?);
        let found = tokio::task::spawn_blocking(move || {
            let mut found = HashMap::new();
            for name in names {
                // A file that cannot be read leaves its records without a copy; the run has already failed over it.
                let _ = wardkeep_events::store::read_events(&folder, &name, |event| {
                    let id = event.id.to_string();
                    if wanted.remove(&id) {
                        found.insert(id, super::reading::sample(&event));
                    }
                    if wanted.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
            }
            found
        })
        .await
        .map_err(Error::fault)?;
        let tx = self.db.begin().await?;
        for (id, s) in found {
            let sql = "INSERT INTO basis_event (event_id, at, source, position, raw, fields) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (event_id) DO NOTHING";
            tx.run(sql, cells![id, s.at, s.source, s.position as i64, s.raw, s.fields]).await?;
        }
        Ok(tx.commit().await?)
    }
    pub(crate) async fn record_observation(&self, observation: &Observation) -> Result<(), Error> {
        let body = serde_json::to_string(observation).map_err(Error::fault)?;
        let hash = wardkeep_assure::observation::hash(observation);
        let result = serde_json::to_value(observation.result)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        let sql = "INSERT INTO observation (id, test, test_version, unit_id, effective_at, recorded_at, result, hash, idempotency_key, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
        let values = cells![
            observation.id,
            observation.test.clone(),
            i64::from(observation.test_version),
            observation.unit,
            observation.effective_at,
            observation.recorded_at,
            result,
            hash,
            observation.id.to_string(),
            body,
        ];
        self.db.run(sql, values).await?;
        Ok(())
    }
    /// Approved exceptions, as far as counting needs them.
    pub(crate) async fn exceptions(&self) -> Result<Vec<Exception>, Error> {
        let organisation = self.organisation().await?;
        let controls = self.control_keys().await?;
        let mut found = Vec::new();
        for row in self.record_rows(&organisation, "exception").await? {
            let text = |name: &str| row.fact(name).map(|f| f.shown()).unwrap_or_default();
            let day = |name: &str| text(name).parse::<wardkeep_types::Date>().ok();
            let (Some(from), Some(until)) = (day("starts_on"), day("until")) else { continue };
            if text("stage") != "approved" {
                continue;
            }
            let named = match row.fact("controls") {
                Some(wardkeep_assure::Fact::List(items)) => {
                    items.iter().map(wardkeep_assure::Fact::shown).collect()
                }
                _ => Vec::new(),
            };
            let named: Vec<String> = named
                .iter()
                .filter_map(|n: &String| {
                    controls.get(n.split_whitespace().next().unwrap_or_default()).cloned()
                })
                .collect();
            let subjects =
                text("subjects").lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect();
            // An exception that names no control of ours takes nothing out of any rate.
            if !named.is_empty() {
                let (from, until) = (from.start(), until.plus_days(1).start());
                found.push(Exception {
                    reference: text("reference"),
                    controls: named,
                    subjects,
                    from,
                    until,
                });
            }
        }
        Ok(found)
    }
    /// Baseline keys by reference of the control.
    async fn control_keys(&self) -> Result<HashMap<String, String>, Error> {
        let rows = self.db.rows("SELECT ref_number, outside_reference FROM control", cells![]).await?;
        let mut keys = HashMap::new();
        for row in rows {
            let number: i64 = row.try_get("", "ref_number").map_err(Error::fault)?;
            if let Some(key) = row.try_get::<Option<String>>("", "outside_reference").map_err(Error::fault)? {
                keys.insert(format!("CTL-{number:04}"), key);
            }
        }
        Ok(keys)
    }
}

fn digest(draft: &wardkeep_assure::Draft) -> String {
    let text = format!(
        "{:?}{:?}{:?}{:?}{}",
        draft.result, draft.counts, draft.subjects, draft.completeness, draft.note
    );
    hex::encode(Sha256::digest(text.as_bytes()))
}
