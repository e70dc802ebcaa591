//! Working out one control at an instant (TM-1): its record, its exceptions and its observations as they were
//! known then.

use super::row::{id, int, marks, maybe_moment, text};
use crate::{App, Error, Refusal};
use std::collections::BTreeMap;
use wardkeep_assure::{Control, Effect, Exception, Instant, Recorded, TestFile, TestRules, assess_control};
use wardkeep_store::{Cell, cells};
use wardkeep_types::observation::Strength;
use wardkeep_types::{Date, Id, Moment};

/// A control worked out.
pub(super) struct Worked {
    /// As it was called then.
    pub name: String,
    /// What came out.
    pub effect: Effect,
    /// Its tests, in the order of the effect's.
    pub tests: Vec<(&'static TestFile, TestRules)>,
    /// The observations that counted.
    pub observations: Vec<Recorded>,
}

/// Observations looked at for one test: the newest ones decide, and among them the newest good one.
const NEWEST: i64 = 4;

impl App {
    /// Works a control out at an instant. Three statements when `known` is now, four otherwise.
    pub(super) async fn work_out(&self, control: Id, at: Instant, now: Moment) -> Result<Worked, Error> {
        let change = if at.known_at < now { Some(self.db.change_at(at.known_at).await?) } else { None };
        let (name, input) = self.control_as_known(control, change).await?;
        let tests: Vec<(&TestFile, TestRules)> = super::tests()?
            .iter()
            .filter(|t| t.controls.contains(&input.key))
            .map(|t| (t, t.rules_for(&input.key)))
            .collect();
        let keys: Vec<&str> = tests.iter().map(|(_, r)| r.key.as_str()).collect();
        let observations = self.observations_of(&keys, at).await?;
        let exceptions = self.exceptions_of(control, &input.key, change).await?;
        let rules: Vec<TestRules> = tests.iter().map(|(_, r)| r.clone()).collect();
        let effect = assess_control(&input, &rules, &observations, &exceptions, at);
        let mut tests = tests;
        tests.sort_by(|a, b| a.1.key.cmp(&b.1.key));
        Ok(Worked { name, effect, tests, observations })
    }
    async fn control_as_known(&self, control: Id, change: Option<i64>) -> Result<(String, Control), Error> {
        const COLUMNS: &str = "name, outside_reference, stage, is_key, required_strength";
        let row = match change {
            None => {
                self.db.row(&format!("SELECT {COLUMNS} FROM control WHERE id = $1"), cells![control]).await?
            }
            Some(n) => {
                let sql = format!(
                    "SELECT {COLUMNS} FROM control WHERE id = $1 AND from_change <= $2 UNION ALL SELECT {COLUMNS} FROM control_was WHERE id = $1 AND from_change <= $2 AND to_change > $2"
                );
                self.db.row(&sql, cells![control, n]).await?
            }
        };
        // A control that was not yet known had no state.
        let row = row.ok_or(Refusal::NotFound)?;
        let required = match text(&row, "required_strength")?.as_str() {
            "automated" => Strength::Automated,
            "attested" => Strength::Attested,
            _ => Strength::Sampled,
        };
        let input = Control {
            in_operation: text(&row, "stage")? == "in_operation",
            is_key: int(&row, "is_key")? == 1,
            required,
            ..Control::new(text(&row, "outside_reference")?)
        };
        Ok((text(&row, "name")?, input))
    }
    /// The newest observations of those tests that were known at the instant and not void by then.
    async fn observations_of(&self, tests: &[&str], at: Instant) -> Result<Vec<Recorded>, Error> {
        if tests.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT body, voided_at FROM (SELECT body, voided_at, row_number() OVER (PARTITION BY test, unit_id, CASE WHEN result = 'error' THEN 1 ELSE 0 END ORDER BY effective_at DESC, recorded_at DESC, id DESC) AS place FROM observation WHERE effective_at <= $1 AND recorded_at <= $2 AND (voided_at IS NULL OR voided_at > $2) AND test IN ({})) newest WHERE place <= $3",
            marks(4, tests.len())
        );
        let mut values: Vec<Cell> = cells![at.as_of, at.known_at, NEWEST];
        values.extend(tests.iter().map(|t| Cell::from(*t)));
        let mut all = Vec::new();
        for row in self.db.rows(&sql, values).await? {
            let observation = serde_json::from_str(&text(&row, "body")?).map_err(Error::fault)?;
            all.push(Recorded { observation, voided_at: maybe_moment(&row, "voided_at")? });
        }
        Ok(all)
    }
    /// Approved exceptions that name the control, as they were known.
    async fn exceptions_of(
        &self,
        control: Id,
        key: &str,
        change: Option<i64>,
    ) -> Result<Vec<Exception>, Error> {
        const COLUMNS: &str = "e.id, e.ref_number, e.subjects, e.starts_on, e.until";
        let now = change.unwrap_or(i64::MAX);
        let of = |table: &str, alive: &str| {
            format!(
                "SELECT {COLUMNS} FROM {table} e JOIN link l ON l.from_id = e.id AND l.field = 'controls' AND l.to_id = $1 AND l.from_change <= $2 AND (l.to_change IS NULL OR l.to_change > $2) WHERE e.stage = 'approved' AND e.from_change <= $2{alive}"
            )
        };
        let mut sql = of("exception", "");
        if change.is_some() {
            sql = format!("{sql} UNION ALL {}", of("exception_was", " AND e.to_change > $2"));
        }
        let mut found: BTreeMap<Id, Exception> = BTreeMap::new();
        for row in self.db.rows(&sql, cells![control, now]).await? {
            let day = |name: &str| Ok::<_, Error>(text(&row, name)?.parse::<Date>().ok());
            let (Some(from), Some(until)) = (day("starts_on")?, day("until")?) else { continue };
            let subjects = text(&row, "subjects")?;
            let exception = Exception {
                reference: format!("EXC-{:04}", int(&row, "ref_number")?),
                controls: vec![key.to_owned()],
                subjects: subjects.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect(),
                from: from.start(),
                until: until.plus_days(1).start(),
            };
            found.insert(id(&row, "id")?, exception);
        }
        Ok(found.into_values().collect())
    }
}
