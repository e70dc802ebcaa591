//! Runs: computed on the blocking pool, stored whole, never changed.

use super::build::Built;
use super::desk::Ready;
use super::views::{CauseView, ChangeView};
use crate::{App, Error, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use wardkeep_risk::model::Model;
use wardkeep_risk::run::{RunOptions, RunResult, Why};
use wardkeep_store::{Cell, cells};
use wardkeep_types::{Id, Moment, Problems};

/// What ids of a model stand for; kept beside the input, for records get new titles.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Names {
    /// Scenario of the model to risk.
    pub risk_of: BTreeMap<String, Id>,
    /// Control of the model to control.
    pub control_of: BTreeMap<String, Id>,
    /// Control and scenario of the model to effect.
    pub effect_of: Vec<(String, String, Id)>,
    /// What is in no sum, and why.
    pub outside: Vec<(Id, String)>,
    /// Incidents with a loss that name no scenario.
    pub homeless: Vec<Id>,
}

impl From<&Built> for Names {
    fn from(built: &Built) -> Self {
        Self {
            risk_of: built.risk_of.clone(),
            control_of: built.control_of.clone(),
            effect_of: built.effect_of.iter().map(|((c, s), e)| (c.clone(), s.clone(), *e)).collect(),
            outside: built.outside.clone(),
            homeless: built.homeless.clone(),
        }
    }
}

/// The few figures that trends need.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figures {
    /// Mean of the year.
    pub mean: Option<f64>,
    /// 99 % value at risk.
    pub var99: Option<f64>,
    /// 99 % tail mean.
    pub tvar99: Option<f64>,
    /// By risk: mean and part of the tail.
    pub risks: BTreeMap<Id, (Option<f64>, Option<f64>)>,
}

/// A stored run.
#[derive(Debug, Clone)]
pub(crate) struct StoredRun {
    /// Number.
    pub number: i64,
    /// Hash of the inputs.
    pub hash: String,
    /// When it was computed.
    pub computed_at: Moment,
    /// The model.
    pub model: Model,
    /// How it was made.
    pub options: RunOptions,
    /// What ids stand for.
    pub names: Names,
    /// The result.
    pub result: RunResult,
    /// The few figures.
    pub figures: Figures,
    /// What changed since the run that was published before.
    pub why: Option<Change>,
}

/// A change since an earlier run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// When the earlier run was computed.
    pub since: Moment,
    /// Hash of the earlier run.
    pub from_hash: String,
    /// The engine's word.
    pub why: Why,
}

/// One point of a trend.
#[derive(Debug, Clone)]
pub(crate) struct TrendPoint {
    pub number: i64,
    pub hash: String,
    pub at: Moment,
    pub figures: Figures,
    pub why: Option<Change>,
}

/// Problems of the engine as a refusal.
pub(crate) fn refused(problems: Problems) -> Error {
    Refusal::Invalid(problems).into()
}

impl App {
    /// Computes on the blocking pool and keeps the run ready under its hash.
    pub(crate) async fn risk_compute(&self, model: Model, options: RunOptions) -> Result<Arc<Ready>, Error> {
        let hash = wardkeep_risk::canonical::hex(&(&model, &options));
        if let Some(ready) = self.risk_desk().find(&hash) {
            return Ok(ready);
        }
        let session = self.risk_desk().session();
        let kept = session.clone();
        let (model, run) = tokio::task::spawn_blocking(move || {
            let run = session.run(&model, &options);
            (model, run)
        })
        .await
        .map_err(Error::fault)?;
        let run = run.map_err(refused)?;
        Ok(self.risk_desk().keep(Ready { key: hash, model, run, session: kept }))
    }
    /// Asks a ready run something that takes the engine, on the blocking pool.
    pub(crate) async fn risk_ask<T: Send + 'static>(
        &self,
        ready: Arc<Ready>,
        ask: impl FnOnce(&Ready) -> Result<T, Problems> + Send + 'static,
    ) -> Result<T, Error> {
        tokio::task::spawn_blocking(move || ask(&ready)).await.map_err(Error::fault)?.map_err(refused)
    }
    /// Asks a stored run something, once: `key` names whatever else the answer depends on.
    pub(crate) async fn risk_ask_once<T: Send + Sync + 'static>(
        &self,
        run: &StoredRun,
        key: &str,
        ask: impl FnOnce(&Ready) -> Result<T, Problems> + Send + 'static,
    ) -> Result<Arc<T>, Error> {
        let key = format!("{} {key}", run.number);
        if let Some(known) = self.risk_desk().answer(&key) {
            return Ok(known);
        }
        let ready = self.risk_ready(run).await?;
        let answer = self.risk_ask(ready, ask).await?;
        Ok(self.risk_desk().keep_answer(key, answer))
    }
    /// A stored run, ready for questions.
    pub(crate) async fn risk_ready(&self, run: &StoredRun) -> Result<Arc<Ready>, Error> {
        self.risk_compute(run.model.clone(), run.options.clone()).await
    }
    /// The run whose figures stand.
    pub(crate) async fn risk_published(&self) -> Result<Option<StoredRun>, Error> {
        let sql = "SELECT * FROM risk_run WHERE number = (SELECT run_number FROM risk_publication ORDER BY number DESC LIMIT 1)";
        self.db.row(sql, cells![]).await?.as_ref().map(read).transpose()
    }
    /// The newest run.
    pub(crate) async fn risk_newest(&self) -> Result<Option<StoredRun>, Error> {
        let sql = "SELECT * FROM risk_run ORDER BY number DESC LIMIT 1";
        self.db.row(sql, cells![]).await?.as_ref().map(read).transpose()
    }
    /// A run by (the beginning of) its hash; the newest of that name. At least eight characters are asked for.
    pub(crate) async fn risk_run_named(&self, hash: &str) -> Result<Option<StoredRun>, Error> {
        let plain = (8..=64).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_hexdigit());
        if !plain {
            return Ok(None);
        }
        let sql = "SELECT * FROM risk_run WHERE hash LIKE $1 ORDER BY number DESC LIMIT 1";
        self.db.row(sql, cells![format!("{}%", hash.to_lowercase())]).await?.as_ref().map(read).transpose()
    }
    /// Published runs, oldest first; the newest `most`.
    pub(crate) async fn risk_trend(&self, most: i64) -> Result<Vec<TrendPoint>, Error> {
        let sql = "SELECT r.number, r.hash, r.computed_at, r.figures, r.why FROM risk_run r WHERE r.number IN (SELECT run_number FROM risk_publication) ORDER BY r.number DESC LIMIT $1";
        let mut out = self
            .db
            .rows(sql, cells![most])
            .await?
            .iter()
            .map(|row| {
                let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
                Ok(TrendPoint {
                    number: row.try_get("", "number").map_err(Error::fault)?,
                    hash: text("hash")?,
                    at: Moment::from_micros(row.try_get("", "computed_at").map_err(Error::fault)?),
                    figures: serde_json::from_str(&text("figures")?).map_err(Error::fault)?,
                    why: serde_json::from_str(&text("why")?).map_err(Error::fault)?,
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        out.reverse();
        Ok(out)
    }
    /// Stores a run; answers with its number.
    pub(crate) async fn risk_store(
        &self,
        ready: &Ready,
        names: &Names,
        change: Option<&Change>,
        now: Moment,
    ) -> Result<i64, Error> {
        let result = &ready.run.result;
        let input = wardkeep_risk::canonical::text(&(&ready.model, &ready.run.options));
        let json = |value: Result<String, serde_json::Error>| value.map_err(Error::fault);
        let values: Vec<Cell> = cells![
            result.inputs_sha256.clone(),
            result.digest.clone(),
            json(serde_json::to_string(&result.engine))?,
            result.as_of.map(|d| d.to_string()).unwrap_or_default(),
            now,
            input,
            json(serde_json::to_string(names))?,
            json(serde_json::to_string(result))?,
            json(serde_json::to_string(&figures(result, names)))?,
            json(serde_json::to_string(&change))?,
        ];
        let sql = "INSERT INTO risk_run (hash, digest, engine, as_of, computed_at, input, names, result, figures, why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING number";
        let row =
            self.db.run_returning(sql, values).await?.ok_or_else(|| Error::fault("no run was stored"))?;
        row.try_get("", "number").map_err(Error::fault)
    }
}

/// Sums by risk.
pub(crate) fn figures(result: &RunResult, names: &Names) -> Figures {
    let mut risks: BTreeMap<Id, (Option<f64>, Option<f64>)> = BTreeMap::new();
    for part in &result.scenarios {
        let Some(risk) = names.risk_of.get(&part.trail.id) else { continue };
        let slot = risks.entry(*risk).or_insert((Some(0.0), Some(0.0)));
        // An infinite part makes the sum infinite; it is never left out of it.
        slot.0 = slot.0.zip(part.mean).map(|(a, b)| a + b);
        slot.1 = slot.1.zip(part.tail).map(|(a, b)| a + b);
    }
    Figures {
        mean: result.mean,
        var99: result.var.get("99").copied(),
        tvar99: result.tvar.get("99").copied(),
        risks,
    }
}

fn read(row: &sea_orm::QueryResult) -> Result<StoredRun, Error> {
    let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
    let int = |name: &str| row.try_get::<i64>("", name).map_err(Error::fault);
    let (model, options) = exact(&text("input")?)?;
    Ok(StoredRun {
        number: int("number")?,
        hash: text("hash")?,
        computed_at: Moment::from_micros(int("computed_at")?),
        model,
        options,
        names: serde_json::from_str(&text("names")?).map_err(Error::fault)?,
        result: RunResult::read(&text("result")?).map_err(Error::fault)?,
        figures: serde_json::from_str(&text("figures")?).map_err(Error::fault)?,
        why: serde_json::from_str(&text("why")?).map_err(Error::fault)?,
    })
}

/// The stored input, every number to the last bit.
fn exact(text: &str) -> Result<(Model, RunOptions), Error> {
    wardkeep_risk::canonical::read(text).map_err(Error::fault)
}

/// 1.82 M, 640 k, 950: three digits, as sentences say it.
pub fn short(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        v if v >= 999.5e6 => (value / 1e9, " bn"),
        v if v >= 999.5e3 => (value / 1e6, " M"),
        v if v >= 999.5 => (value / 1e3, " k"),
        _ => (value, ""),
    };
    let digits = match scaled.abs() {
        v if v >= 99.95 => 0,
        v if v >= 9.995 => 1,
        _ if unit.is_empty() => 0,
        _ => 2,
    };
    format!("{scaled:.digits$}{unit}")
}

/// "annual loss 1.82 M -> 2.00 M because MFA coverage fell 98.0 -> 91.0 %".
pub(crate) fn sentence(what: &str, before: f64, after: f64, causes: &[(&str, f64)]) -> String {
    let mut causes: Vec<&(&str, f64)> = causes.iter().filter(|(_, part)| *part != 0.0).collect();
    causes.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let because: Vec<&str> = causes.iter().take(2).map(|(words, _)| *words).collect();
    let because = match because.as_slice() {
        [] => "inputs changed".to_owned(),
        [one] => (*one).to_owned(),
        [one, two] if causes.len() == 2 => format!("{one} and {two}"),
        [one, ..] => format!("{one} (and {} more)", causes.len() - 1),
    };
    format!("{what} {} -> {} because {because}", short(before), short(after))
}

impl Change {
    /// As pages show it; `record` finds what an input stands for.
    pub(crate) fn view(&self, record: &dyn Fn(&str) -> Option<super::views::Ref>) -> ChangeView {
        let parts: Vec<(&str, f64)> = self.why.causes.iter().map(|c| (c.what.as_str(), c.mean)).collect();
        ChangeView {
            since: self.since,
            from_hash: self.from_hash.clone(),
            mean: self.why.mean,
            var: self.why.var,
            tvar: self.why.tvar,
            causes: self
                .why
                .causes
                .iter()
                .map(|c| CauseView {
                    input: c.input.clone(),
                    words: c.what.clone(),
                    record: record(&c.input),
                    mean: c.mean,
                    var: c.var,
                    tvar: c.tvar,
                })
                .collect(),
            sentence: sentence("annual loss", self.why.mean.0, self.why.mean.1, &parts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{sentence, short};

    #[test]
    fn figures_are_said_with_three_digits() {
        let check = |value: f64, text: &str| assert_eq!(short(value), text);
        check(1_823_400.0, "1.82 M");
        check(2_000_000.0, "2.00 M");
        check(640_400.0, "640 k");
        check(12_345.0, "12.3 k");
        check(950.0, "950");
        check(-1_500.0, "-1.50 k");
        check(999_600.0, "1.00 M");
    }

    #[test]
    fn a_change_names_its_largest_cause() {
        let causes = [("a rose", 1.0), ("b fell", -5.0), ("c changed", 0.0)];
        assert_eq!(
            sentence("annual loss", 1_820_000.0, 2e6, &causes[1..]),
            "annual loss 1.82 M -> 2.00 M because b fell"
        );
        assert_eq!(sentence("x", 1.0, 2.0, &causes), "x 1 -> 2 because b fell and a rose");
        assert_eq!(sentence("x", 1.0, 2.0, &[]), "x 1 -> 2 because inputs changed");
    }
}
