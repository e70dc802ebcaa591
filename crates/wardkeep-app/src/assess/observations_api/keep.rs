//! Keeping observations, each once: the same key and body give the first one, another body is a conflict (OB-3).

use super::{Fit, Taken};
use crate::{App, Ctx, Error, Refusal};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use wardkeep_store::{Act, Cell, FieldEdit, NewJob, Write, cells};
use wardkeep_types::observation::Observation;
use wardkeep_types::{Id, Moment, limits};

/// The job that works out controls anew.
pub const RECOMPUTE: &str = "controls";
/// Seconds that observations may gather before controls are worked out.
const GATHER: i64 = 5;
/// Keys looked up in one statement.
const LOOK_UP: usize = 400;

type Known = HashMap<(Id, String), (String, Observation)>;

impl App {
    pub(super) async fn keep_observations(
        &self,
        ctx: &Ctx,
        read: Vec<Result<Fit, Error>>,
    ) -> Result<Vec<Taken>, Error> {
        let mut taken = Vec::with_capacity(read.len());
        let mut rest = read.into_iter();
        loop {
            let batch: Vec<_> = rest.by_ref().take(limits::BATCH_ROWS).collect();
            if batch.is_empty() {
                return Ok(taken);
            }
            taken.extend(self.keep_batch(ctx, batch).await?);
        }
    }
    async fn keep_batch(&self, ctx: &Ctx, batch: Vec<Result<Fit, Error>>) -> Result<Vec<Taken>, Error> {
        let known = self.known_observations(&batch).await?;
        let (new, written) = self.write_new(ctx, &batch, &known).await;
        if written.is_ok() {
            return Ok(judged(batch, known, &new));
        }
        // Somebody may have sent one of the same keys meanwhile; then theirs is the first.
        let known = self.known_observations(&batch).await?;
        let (new, written) = self.write_new(ctx, &batch, &known).await;
        written?;
        Ok(judged(batch, known, &new))
    }
    /// Writes those whose key is not known, and says which they are.
    async fn write_new(
        &self,
        ctx: &Ctx,
        batch: &[Result<Fit, Error>],
        known: &Known,
    ) -> (Vec<Id>, Result<(), Error>) {
        let mut by_unit: BTreeMap<Id, Vec<&Fit>> = BTreeMap::new();
        let mut seen = std::collections::HashSet::new();
        let mut new = Vec::new();
        for fit in batch.iter().flatten() {
            let key = (fit.unit, fit.key.clone());
            if !known.contains_key(&key) && seen.insert(key) {
                new.push(fit.observation.id);
                by_unit.entry(fit.unit).or_default().push(fit);
            }
        }
        if new.is_empty() {
            return (new, Ok(()));
        }
        let acts = by_unit.into_iter().map(|(unit, fits)| act(unit, &fits)).collect::<Result<Vec<_>, _>>();
        let written = match acts {
            Ok(acts) => {
                let job = NewJob {
                    unique_key: Some(RECOMPUTE.into()),
                    run_at: ctx.now.plus_seconds(GATHER),
                    ..NewJob::new(RECOMPUTE, json!({}), ctx.now)
                };
                self.db
                    .write(&ctx.author(), acts, vec![job.statement(ctx.now)])
                    .await
                    .map(|_| ())
                    .map_err(Error::from)
            }
            Err(error) => Err(error),
        };
        (new, written)
    }
    /// What was kept before under the keys of a batch.
    async fn known_observations(&self, batch: &[Result<Fit, Error>]) -> Result<Known, Error> {
        let fits: Vec<&Fit> = batch.iter().flatten().collect();
        let mut known = Known::new();
        for chunk in fits.chunks(LOOK_UP) {
            let mut values: Vec<Cell> = cells![];
            let pairs: Vec<String> = chunk
                .iter()
                .map(|fit| {
                    values.extend(cells![fit.unit, fit.key.clone()]);
                    format!("(r.unit_id = ${} AND r.idempotency_key = ${})", values.len() - 1, values.len())
                })
                .collect();
            let sql = format!(
                "SELECT r.unit_id, r.idempotency_key, r.body_sha256, o.body FROM observation_request r JOIN observation o ON o.id = r.observation_id WHERE {}",
                pairs.join(" OR ")
            );
            for row in self.db.rows(&sql, values).await? {
                let unit = Id::from_uuid(row.try_get("", "unit_id").map_err(Error::fault)?);
                let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
                let observation = serde_json::from_str(&text("body")?).map_err(Error::fault)?;
                known.insert((unit, text("idempotency_key")?), (text("body_sha256")?, observation));
            }
        }
        Ok(known)
    }
    /// Works out controls as of now, after observations came in.
    pub async fn recompute_now(&self, now: Moment) -> Result<(), Error> {
        self.recompute_controls(&Ctx::system("controls", now), now).await
    }
}

/// What each of a batch came to, in order.
fn judged(batch: Vec<Result<Fit, Error>>, mut known: Known, new: &[Id]) -> Vec<Taken> {
    let mut answers = Vec::with_capacity(batch.len());
    for read in batch {
        let fit = match read {
            Ok(fit) => fit,
            Err(error) => {
                answers.push(Taken::Refused(error));
                continue;
            }
        };
        let key = (fit.unit, fit.key);
        match known.get(&key) {
            Some((sha256, first)) if *sha256 == fit.body_sha256 => answers.push(Taken::Same(first.clone())),
            Some(_) => {
                let text =
                    format!("the key '{}' was used before for another observation; choose a new one", key.1);
                answers.push(Taken::Refused(Refusal::Conflict(text).into()));
            }
            None if new.contains(&fit.observation.id) => {
                known.insert(key, (fit.body_sha256, fit.observation.clone()));
                answers.push(Taken::New(fit.observation));
            }
            None => answers.push(Taken::Refused(Error::fault("an observation was neither kept nor known"))),
        }
    }
    answers
}

/// The entry of the change log for those of one unit: how many, and the hash over their hashes.
fn act(unit: Id, fits: &[&Fit]) -> Result<Write<'static>, Error> {
    let mut all = Sha256::new();
    let mut statements = Vec::with_capacity(fits.len() * 2);
    for fit in fits {
        let hash = wardkeep_assure::observation::hash(&fit.observation);
        all.update(&hash);
        statements.extend(rows(fit, hash)?);
    }
    let new = json!({ "count": fits.len(), "sha256": hex::encode(all.finalize()) });
    let fields = vec![FieldEdit { field: "observations".into(), old: Json::Null, new }];
    Ok(Write::Act(Act {
        act: "observation:add".into(),
        record: None,
        unit: Some(unit),
        fields,
        why: None,
        statements,
    }))
}

fn rows(fit: &Fit, hash: String) -> Result<[(String, Vec<Cell>); 2], Error> {
    let o = &fit.observation;
    let body = serde_json::to_string(o).map_err(Error::fault)?;
    let result =
        serde_json::to_value(o.result).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let kept = "INSERT INTO observation (id, test, test_version, unit_id, effective_at, recorded_at, result, hash, idempotency_key, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    // Keys of collectors are their own within a unit; the table's key is one for the whole installation.
    let values = cells![
        o.id,
        o.test.clone(),
        i64::from(o.test_version),
        o.unit,
        o.effective_at,
        o.recorded_at,
        result,
        hash,
        o.id.to_string(),
        body,
    ];
    let asked = "INSERT INTO observation_request (unit_id, idempotency_key, body_sha256, observation_id) VALUES ($1, $2, $3, $4)";
    let request = cells![fit.unit, fit.key.clone(), fit.body_sha256.clone(), o.id];
    Ok([(kept.into(), values), (asked.into(), request)])
}
