//! Effectiveness and state of every control, from its observations; stored with the hash of what they were
//! worked out from, and written to the record through the normal path when they changed.

use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use sha2::{Digest, Sha256};
use wardkeep_assure::{Control, Effect, Instant, Recorded, TestRules, assess_control};
use wardkeep_register::Value;
use wardkeep_store::cells;
use wardkeep_types::observation::Strength;
use wardkeep_types::{Id, Moment, Percent};

/// A control as the engine sees it, with its record.
pub(crate) struct ControlRow {
    pub id: Id,
    pub reference: String,
    pub name: String,
    pub key: String,
    pub category: String,
    pub input: Control,
    pub state: Option<String>,
    pub effectiveness: Option<i64>,
}

impl App {
    /// Works out every control as of a moment and records what changed.
    pub async fn recompute_controls(&self, ctx: &Ctx, as_of: Moment) -> Result<(), Error> {
        let effects = self.effects(Instant { as_of, known_at: ctx.now }).await?;
        let schema = App::schema("control")?;
        let mut proposals = Vec::new();
        for (control, effect) in effects {
            let why = serde_json::to_string(&effect).map_err(Error::fault)?;
            let inputs = hex::encode(Sha256::digest(inputs_of(&effect).as_bytes()));
            let points = |ratio: f64| (ratio * 10_000.0).round() as i64;
            let unknown = effect.state.is_unknown() && effect.tests.iter().all(|t| t.observation.is_none());
            let e = (!unknown).then(|| points(effect.shown));
            let sql = "INSERT INTO control_result (control_id, computed_at, as_of, state, e, low, high, inputs_hash, why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (control_id, computed_at) DO NOTHING";
            let last = "SELECT inputs_hash FROM control_result WHERE control_id = $1 ORDER BY computed_at DESC LIMIT 1";
            let last: Option<String> = self
                .db
                .row(last, cells![control.id])
                .await?
                .map(|r| r.try_get("", "inputs_hash").map_err(Error::fault))
                .transpose()?;
            if last.as_deref() != Some(&inputs) {
                let values = cells![
                    control.id,
                    ctx.now,
                    as_of,
                    effect.state.key(),
                    e,
                    points(effect.low),
                    points(effect.high),
                    inputs,
                    why,
                ];
                self.db.run(sql, values).await?;
            }
            let same = control.state.as_deref() == Some(effect.state.key()) && control.effectiveness == e;
            if !same {
                let cause = effect
                    .reasons
                    .first()
                    .map_or_else(|| "its tests have new answers".to_owned(), |r| r.text.clone());
                let share = e.and_then(Percent::from_basis_points);
                let edits = Edits::from([
                    ("state".into(), Value::Choice(effect.state.key().into())),
                    ("effectiveness".into(), share.map_or(Value::Empty, Value::Percent)),
                    ("assessed_at".into(), Value::Moment(as_of)),
                ]);
                proposals.push(Proposal::change(schema, control.id, None, edits).because(cause));
            }
        }
        self.write_batch(ctx, proposals, vec![]).await?;
        Ok(())
    }
    /// Every control with its effect at an instant: a pure function of what was known then.
    pub(crate) async fn effects(&self, at: Instant) -> Result<Vec<(ControlRow, Effect)>, Error> {
        let observations = self.observations(at).await?;
        self.effects_of(&observations, at).await
    }
    /// The same from observations that were read before.
    pub(crate) async fn effects_of(
        &self,
        observations: &[Recorded],
        at: Instant,
    ) -> Result<Vec<(ControlRow, Effect)>, Error> {
        let tests = wardkeep_assure::baseline::tests().map_err(|p| Error::fault(format!("tests: {p:?}")))?;
        let exceptions = self.exceptions().await?;
        let mut effects = Vec::new();
        for control in self.control_rows().await? {
            let rules: Vec<TestRules> = tests
                .iter()
                .filter(|t| t.controls.contains(&control.key))
                .map(|t| t.rules_for(&control.key))
                .collect();
            let effect = assess_control(&control.input, &rules, observations, &exceptions, at);
            effects.push((control, effect));
        }
        Ok(effects)
    }
    /// Observations that were known at an instant.
    pub(crate) async fn observations(&self, at: Instant) -> Result<Vec<Recorded>, Error> {
        let sql = "SELECT body, voided_at FROM observation WHERE effective_at <= $1 AND recorded_at <= $2 ORDER BY effective_at DESC LIMIT 20000";
        let rows = self.db.rows(sql, cells![at.as_of, at.known_at]).await?;
        rows.iter()
            .map(|row| {
                let body: String = row.try_get("", "body").map_err(Error::fault)?;
                let voided: Option<i64> = row.try_get("", "voided_at").map_err(Error::fault)?;
                let observation = serde_json::from_str(&body).map_err(Error::fault)?;
                Ok(Recorded { observation, voided_at: voided.map(Moment::from_micros) })
            })
            .collect()
    }
    /// Controls that are not retired, as the engine sees them.
    pub(super) async fn control_rows(&self) -> Result<Vec<ControlRow>, Error> {
        let sql = "SELECT id, ref_number, name, outside_reference, stage, is_key, required_strength, csf_category, state, effectiveness FROM control WHERE stage <> 'retired' ORDER BY ref_number";
        let rows = self.db.rows(sql, cells![]).await?;
        rows.iter()
            .map(|row| {
                let text = |name: &str| {
                    row.try_get::<Option<String>>("", name)
                        .map(Option::unwrap_or_default)
                        .map_err(Error::fault)
                };
                let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
                let key = text("outside_reference")?;
                let required = match text("required_strength")?.as_str() {
                    "automated" => Strength::Automated,
                    "attested" => Strength::Attested,
                    _ => Strength::Sampled,
                };
                let input = Control {
                    in_operation: text("stage")? == "in_operation",
                    is_key: int("is_key")? == Some(1),
                    required,
                    ..Control::new(key.clone())
                };
                Ok(ControlRow {
                    id: Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?),
                    reference: format!("CTL-{:04}", int("ref_number")?.unwrap_or(0)),
                    name: text("name")?,
                    key,
                    category: text("csf_category")?,
                    input,
                    state: Some(text("state")?).filter(|s| !s.is_empty()),
                    effectiveness: int("effectiveness")?,
                })
            })
            .collect()
    }
}

/// What an effect was worked out from: the observations and factors of its tests, and the state.
fn inputs_of(effect: &Effect) -> String {
    let tests: Vec<String> = effect
        .tests
        .iter()
        .map(|t| format!("{}:{}:{:?}:{:.4}:{:.4}", t.test, t.state.key(), t.observation, t.low, t.high))
        .collect();
    format!(
        "{}|{}|{:.4}|{:.4}|{}",
        effect.control,
        effect.state.key(),
        effect.shown,
        effect.high,
        tests.join("|")
    )
}
