//! Running anew when something changed, showing before asking, and what follows from new figures.

use super::build::{Built, Sources};
use super::runs::{Change, Names, StoredRun, figures};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde_json::json;
use wardkeep_risk::run::RunOptions;
use wardkeep_store::{NewJob, cells};
use wardkeep_types::{Id, Moment};

/// The job.
pub const RISK: &str = "risk";
/// Seconds that a change waits for others before the engine runs.
const DEBOUNCE: i64 = 5;
/// What became of a rerun.
#[derive(Debug, Clone, PartialEq)]
pub struct Reran {
    /// Hash of the newest run.
    pub hash: String,
    /// False: the inputs were those of the newest run, nothing was stored.
    pub new: bool,
    /// Its figures stand; else they wait for somebody.
    pub published: bool,
}

impl App {
    /// Runs the engine if its inputs changed. `publish` lets the figures stand however far they moved.
    pub async fn risk_rerun(&self, ctx: &Ctx, options: &RunOptions, publish: bool) -> Result<Reran, Error> {
        let organisation = self.organisation().await?;
        let sources = self.risk_sources(&organisation).await?;
        let built = self.risk_model(&organisation, &sources, ctx.now).await?;
        self.risk_expire(ctx, &sources).await?;
        let hash = wardkeep_risk::canonical::hex(&(&built.model, options));
        let before = self.risk_published().await?;
        if before.is_none() && !built.model.scenarios.iter().any(wardkeep_risk::model::Scenario::is_assessed)
        {
            // Nothing to sum yet: no run rather than a year that costs nothing.
            return Ok(Reran { hash: String::new(), new: false, published: false });
        }
        let system = Ctx::system("risk engine", ctx.now);
        if let Some(run) = before.as_ref().filter(|run| run.hash == hash) {
            self.risk_void(&system, &organisation, &sources, run).await?;
            return Ok(Reran { hash, new: false, published: true });
        }
        if let Some(newest) = self.risk_newest().await?.filter(|run| run.hash == hash) {
            if publish {
                self.risk_publish(ctx, &organisation, &sources, newest, before.as_ref(), None).await?;
            }
            return Ok(Reran { hash, new: false, published: publish });
        }
        let ready = self.risk_compute(built.model.clone(), options.clone()).await?;
        let change = match &before {
            None => None,
            Some(run) => Some(self.risk_why(run, &built).await?),
        };
        let names = Names::from(&built);
        let number = self.risk_store(&ready, &names, change.as_ref(), ctx.now).await?;
        let stored = StoredRun {
            number,
            hash: hash.clone(),
            computed_at: ctx.now,
            model: built.model,
            options: options.clone(),
            figures: figures(&ready.run.result, &names),
            names,
            result: ready.run.result.clone(),
            why: change,
        };
        // Show, then ask (`specs/risk.md` 5.3).
        let below = self.config.risk.publish_below();
        let small = before.as_ref().is_none_or(|run| {
            let pair = run.result.mean.zip(stored.result.mean);
            pair.is_some_and(|(old, new)| (new - old).abs() < below * old.abs().max(1.0))
        });
        let published = publish || small;
        // Who lives with a risk learns at once that it changed, whoever confirms the figures later.
        self.risk_void(&system, &organisation, &sources, &stored).await?;
        if published {
            self.risk_publish(ctx, &organisation, &sources, stored, before.as_ref(), None).await?;
        }
        Ok(Reran { hash, new: true, published })
    }
    async fn risk_why(&self, before: &StoredRun, after: &Built) -> Result<Change, Error> {
        let ready = self.risk_ready(before).await?;
        let model = after.model.clone();
        let why = self.risk_ask(ready, move |r| r.session.why((&r.model, &r.run), &model)).await?;
        Ok(Change { since: before.computed_at, from_hash: before.hash.clone(), why })
    }
    /// Lets a run's figures stand: risks, treatments, appetite and indicators get theirs, acceptances are looked at.
    pub(crate) async fn risk_publish(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        sources: &Sources,
        run: StoredRun,
        before: Option<&StoredRun>,
        person: Option<Id>,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO risk_publication (run_number, at, person_id) VALUES ($1, $2, $3)";
        self.db.run(sql, cells![run.number, ctx.now, person]).await?;
        let system = Ctx::system("risk engine", ctx.now);
        self.risk_write_figures(&system, sources, &run, before).await?;
        self.risk_write_appetite(&system, organisation, sources, &run).await?;
        self.risk_write_treatments(&system, sources, &run).await?;
        self.risk_write_indicators(&system, organisation, sources, &run).await
    }
    /// Asks for a run in a few seconds: changes that come together are worked out together, one run at a time.
    pub async fn risk_asked(&self, now: Moment) -> Result<(), Error> {
        let job = NewJob {
            unique_key: Some(RISK.into()),
            run_at: now.plus_seconds(DEBOUNCE),
            ..NewJob::new(RISK, json!({}), now)
        };
        self.db.enqueue(&job, now).await?;
        Ok(())
    }
    /// Looks at a range of the change log; asks for a run when something in it can move a figure.
    pub(crate) async fn risk_follow(&self, first: i64, last: i64, now: Moment) -> Result<(), Error> {
        let moving = self.db.changes_from(first, last - first + 1).await?.into_iter().any(|change| {
            let act = change.entry.act.as_str();
            INPUTS.contains(&change.entry.register.as_str())
                // What the engine itself wrote is no reason to run it again; a control's new state is.
                && (act != "compute" || change.entry.register == "control")
        });
        if moving { self.risk_asked(now).await } else { Ok(()) }
    }
    /// Publishes a draft that somebody has looked at.
    pub(crate) async fn risk_confirm_run(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        hash: &str,
    ) -> Result<(), Error> {
        let newest = self.risk_newest().await?.ok_or(Refusal::NotFound)?;
        let before = self.risk_published().await?;
        if newest.hash != hash {
            let text = "there are newer figures by now; look at them and confirm those";
            return Err(Refusal::Conflict(text.into()).into());
        }
        if before.as_ref().is_some_and(|run| run.number == newest.number) {
            return Err(Refusal::NotYet("these figures stand already".into()).into());
        }
        let sources = self.risk_sources(organisation).await?;
        self.risk_publish(ctx, organisation, &sources, newest, before.as_ref(), ctx.person()).await
    }
}

/// Registers whose changes can move a figure.
const INPUTS: [&str; 12] = [
    "risk",
    "scenario",
    "estimate",
    "control_effect",
    "control",
    "incident",
    "insurance",
    "shared_factor",
    "exchange_rate",
    "appetite",
    "treatment_plan",
    "acceptance",
];
