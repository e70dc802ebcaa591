//! What was measured over the year: every four weeks collectors send counts, the tests over records run, and the
//! controls are worked out, so that trends have a shape before the first evidence file is read.

use super::plan::Plan;
use super::random::Random;
use crate::assess::Taken;
use crate::{App, Ctx, Error};
use serde_json::{Value as Json, json};
use wardkeep_assure::Source;
use wardkeep_risk::run::RunOptions;
use wardkeep_types::Moment;

/// Times that were measured.
pub(super) const TIMES: i64 = 12;
/// Days between them.
const EVERY: i64 = 28;

/// Test, how many there are to look at, how many passed the first and the last time.
type Course = (&'static str, i64, i64, i64);

#[rustfmt::skip] // one row a line
const COURSES: [Course; 11] = [
    ("admin-changes-named", 14, 10, 14),
    ("audit-trail-kept", 3, 3, 3),
    ("configuration-checks-pass", 120, 70, 101),
    ("log-coverage-critical-assets", 46, 12, 43),
    ("malware-protection-running", 210, 186, 207),
    ("mfa-console-sign-in", 24, 9, 23),
    ("remote-sign-in-with-keys", 14, 6, 13),
    ("root-account-unused", 3, 2, 3),
    ("sbom-per-service", 25, 0, 11),
    ("scan-coverage", 180, 60, 168),
    ("security-log-kept", 60, 51, 60),
];

/// Plans the measurements.
pub(super) fn plan(plan: &mut Plan) {
    for time in 0..TIMES {
        // The last one is a few days old when the sample is made.
        let at = plan.at(EVERY * (TIMES - 1 - time) + 5, 5, 0);
        plan.measure(at, time);
    }
}

/// Carries one out.
pub(super) async fn take(app: &App, at: Moment, time: i64) -> Result<(), Error> {
    let ctx = Ctx::system("collector", at);
    let organisation = app.organisation().await?;
    let root = organisation.units.roots().next().ok_or_else(|| Error::fault("the sample has no unit"))?;
    let unit = organisation.unit(root).0.to_owned();
    let mut random = Random::new(0x6d65_6173 ^ time as u64);
    let sent: Vec<Json> = COURSES.iter().map(|course| counts(course, time, at, &unit, &mut random)).collect();
    for taken in app.take_observations(&ctx, &organisation, &sent).await? {
        if let Taken::Refused(error) = taken {
            return Err(Error::fault(format!("sample: an observation at {at}: {error}")));
        }
    }
    let system = Ctx::system("tests", at);
    app.run_tests_of(&system, root, at, |test| {
        test.sources().iter().all(|source| matches!(source, Source::Records(_) | Source::Findings))
    })
    .await?;
    app.recompute_controls(&system, at).await?;
    // The year's figures stand as they were worked out: nobody was there to ask.
    let options = RunOptions { cells: 1 << 13, draws: 16, points: 40, ..RunOptions::default() };
    let engine = Ctx::system("risk engine", at);
    app.risk_rerun(&engine, &options, true).await.map(|_| ())
}

fn counts(course: &Course, time: i64, at: Moment, unit: &str, random: &mut Random) -> Json {
    let (test, population, first, last) = *course;
    let on_the_way = first + (last - first) * time / (TIMES - 1);
    let wobble = if population > 20 { random.between(-2, 2) } else { 0 };
    let passed = (on_the_way + wobble).clamp(0, population);
    json!({
        "test": test,
        "unit": unit,
        "period": { "from": at.plus_seconds(-86_400 * EVERY), "to": at },
        "collector": { "name": "sample collector", "version": "1" },
        "population": population,
        "examined": population,
        "passed": passed,
        "failed": population - passed,
        "note": "Invented for the sample organisation.",
        "idempotency_key": format!("{test}-{}", at.date()),
    })
}
