//! An old run, worked out again: it matches, or it is said what differs and why.

use super::runs::StoredRun;
use super::views::{RerunView, RunShown};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::Verb;
use wardkeep_risk::run::{CrossCheck, Engine, RunResult, Session};
use wardkeep_store::NewJob;
use wardkeep_types::Moment;

/// Figures of another machine or engine agree to this, relative (`specs/risk.md` 11).
const TOLERANCE: f64 = 1e-9;

impl App {
    /// A run with its inputs, by its hash; for those who may view the portfolio.
    pub async fn risk_run_shown(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        hash: &str,
    ) -> Result<RunShown, Error> {
        Self::risk_whole(ctx, organisation, Verb::View)?;
        let run = self.risk_run_named(hash).await?.ok_or(Refusal::NotFound)?;
        Ok(RunShown {
            number: run.number,
            hash: run.hash,
            computed_at: run.computed_at,
            model: serde_json::to_value(&run.model).map_err(Error::fault)?,
            options: serde_json::to_value(&run.options).map_err(Error::fault)?,
            result: serde_json::to_value(&run.result).map_err(Error::fault)?,
        })
    }
    /// Works a run out again from its stored input, with nothing cached.
    pub async fn risk_verified(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        hash: &str,
    ) -> Result<RerunView, Error> {
        Self::risk_whole(ctx, organisation, Verb::View)?;
        let run = self.risk_run_named(hash).await?.ok_or(Refusal::NotFound)?;
        let (model, options) = (run.model.clone(), run.options.clone());
        let now = tokio::task::spawn_blocking(move || Session::new().run(&model, &options))
            .await
            .map_err(Error::fault)?;
        let now = match now {
            Ok(run) => run.result,
            Err(problems) => {
                let why = problems.0.first().map_or_else(String::new, |p| p.message.clone());
                let words = format!("this engine refuses what the old one computed: {why}");
                return Ok(RerunView { matches: false, words: vec![words], ..begun(&run) });
            }
        };
        Ok(compared(&run, &now))
    }
    /// Simulated years beside the exact figures of a run: of the one whose figures stand when no hash is given.
    pub async fn risk_checked(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        hash: Option<&str>,
        key: u64,
        years: usize,
    ) -> Result<(String, CrossCheck), Error> {
        Self::risk_whole(ctx, organisation, Verb::View)?;
        let run = match hash {
            Some(hash) => self.risk_run_named(hash).await?,
            None => self.risk_published().await?,
        };
        self.risk_simulated(run.ok_or(Refusal::NotFound)?, key, years).await
    }
    async fn risk_simulated(
        &self,
        run: StoredRun,
        key: u64,
        years: usize,
    ) -> Result<(String, CrossCheck), Error> {
        let ready = self.risk_ready(&run).await?;
        let check = self.risk_ask(ready, move |r| Ok(r.run.cross_check(key, years))).await?;
        Ok((run.hash, check))
    }
    /// Asks that the figures be simulated next night, once.
    pub(crate) async fn risk_ask_check(&self, now: Moment) -> Result<(), Error> {
        let night = now.date().plus_days(1).start().plus_seconds(2 * 3_600);
        let job = NewJob {
            unique_key: Some(CHECK.into()),
            run_at: night,
            ..NewJob::new(CHECK, serde_json::json!({}), now)
        };
        self.db.enqueue(&job, now).await?;
        Ok(())
    }
    /// Simulates the figures that stand, with other years each night; says what came of it, or what is wrong.
    pub(crate) async fn risk_check_now(&self, now: Moment) -> Result<Result<String, String>, Error> {
        let Some(run) = self.risk_published().await? else {
            return Ok(Ok("there are no figures yet".into()));
        };
        let key = now.date().start().seconds_since(Moment::EPOCH).unsigned_abs();
        let (hash, check) = self.risk_simulated(run, key, NIGHTLY).await?;
        let farthest = check.figures.iter().max_by(|a, b| a.apart.total_cmp(&b.apart));
        let most =
            farthest.map_or_else(String::new, |f| format!(", {} {:.1} standard errors", f.figure, f.apart));
        let said = format!("run {}: {} simulated years{most}", &hash[..12.min(hash.len())], check.years);
        Ok(if check.agrees {
            Ok(format!("{said}; they agree"))
        } else {
            Err(format!("{said}; they do not agree"))
        })
    }
}

/// The job that simulates the figures that stand.
pub const CHECK: &str = "risk-check";
/// Years that it simulates.
const NIGHTLY: usize = 200_000;

fn begun(run: &StoredRun) -> RerunView {
    RerunView {
        hash: run.hash.clone(),
        then: format!("{} {}", run.result.engine.name, run.result.engine.version),
        now: format!("{} {}", Engine::this().name, Engine::this().version),
        digest: (run.result.digest.clone(), String::new()),
        matches: false,
        identical: false,
        largest_difference: 0.0,
        words: Vec::new(),
    }
}

fn compared(run: &StoredRun, now: &RunResult) -> RerunView {
    let mut view = begun(run);
    let mut words = Vec::new();
    if !run.result.is_intact() {
        words.push("the stored result is not the one that was sealed: its digest does not fit".to_owned());
    }
    let input = wardkeep_risk::canonical::hex(&(&run.model, &run.options));
    if input != run.hash {
        words.push(format!(
            "the stored input has the hash {input}: it was changed, or the format of models was"
        ));
    }
    let mut pairs =
        vec![("mean".to_owned(), run.result.mean, now.mean), ("sd".into(), run.result.sd, now.sd)];
    pairs.push(("chance of no loss".into(), Some(run.result.no_loss), Some(now.no_loss)));
    for (level, value) in &run.result.var {
        pairs.push((format!("value at risk {level} %"), Some(*value), now.var.get(level).copied()));
    }
    for (level, value) in &run.result.tvar {
        pairs.push((format!("tail mean {level} %"), Some(*value), now.tvar.get(level).copied()));
    }
    let mut largest = 0.0f64;
    for (name, then, new) in pairs {
        match (then, new) {
            (Some(a), Some(b)) => {
                let off = (a - b).abs() / a.abs().max(1e-300);
                let off = if a == b { 0.0 } else { off };
                largest = largest.max(off);
                if off > TOLERANCE {
                    words.push(format!("{name} was {a} and is {b}: {:+.3e} relative", b / a - 1.0));
                }
            }
            (None, None) => {}
            _ => words.push(format!("{name} was {then:?} and is {new:?}")),
        }
    }
    if run.result.engine != now.engine {
        words.push(format!(
            "the engine was {} with formulas {} and is {} with formulas {}",
            run.result.engine.version, run.result.engine.formulas, now.engine.version, now.engine.formulas
        ));
    }
    view.identical = run.result.digest == now.digest;
    view.digest.1.clone_from(&now.digest);
    view.largest_difference = largest;
    view.matches = largest <= TOLERANCE && input == run.hash && run.result.is_intact();
    view.words = words;
    view
}
