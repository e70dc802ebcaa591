//! Background work and the health of the installation, for those who keep it running.

use super::row::get;
use crate::courier::VERIFY;
use crate::{App, Ctx, Error, Refusal};
use serde_json::{Value as Json, json};
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource, Target, decide};
use wardkeep_store::{Act, ConsumerState, FieldEdit, Job, JobState, NewJob, Write, cells};
use wardkeep_types::Moment;

const JOB: Resource = Resource::Named(Named::Job);
const HEALTH: Resource = Resource::Named(Named::Health);
/// Name of the setting that says when the last backup was taken.
const LAST_BACKUP: &str = "last_backup";

/// How far the change log is, and how well it is kept.
#[derive(Debug, Clone)]
pub struct HealthView {
    /// Number and hash of the last change.
    pub head: (i64, String),
    /// The newest signed head: change, moment, key.
    pub signed: Option<(i64, Moment, String)>,
    /// The newest verification that was asked for.
    pub verified: Option<Job>,
    /// When a backup was taken last.
    pub backup: Option<Moment>,
    /// Readers of the change log and how far each is.
    pub readers: Vec<ConsumerState>,
    /// Number of the database's schema.
    pub schema: i64,
}

impl App {
    /// Jobs, newest first, those below number `before`.
    pub async fn jobs_seen(&self, ctx: &Ctx, before: Option<i64>, most: i64) -> Result<Vec<Job>, Error> {
        self.may_keep(ctx, Verb::View, JOB).await?;
        Ok(self.db.jobs("", before, most).await?)
    }
    /// Queues a job that failed or was stopped again.
    pub async fn retry_job(&self, ctx: &Ctx, job: i64) -> Result<(), Error> {
        self.may_keep(ctx, Verb::Administer, JOB).await?;
        let found = self.db.job(job).await?.ok_or(Refusal::NotFound)?;
        if !self.db.resume_job(job, ctx.now).await? {
            return Err(Refusal::NotYet(
                "this job waits, runs or is done; there is nothing to try again".into(),
            )
            .into());
        }
        self.job_act(ctx, "job:retry", &found).await
    }
    /// Asks a job to stop.
    pub async fn stop_job_asked(&self, ctx: &Ctx, job: i64) -> Result<(), Error> {
        self.may_keep(ctx, Verb::Administer, JOB).await?;
        let found = self.db.job(job).await?.ok_or(Refusal::NotFound)?;
        if !self.db.cancel_job(job, ctx.now).await? {
            return Err(Refusal::NotYet("this job is over; there is nothing to stop".into()).into());
        }
        self.job_act(ctx, "job:stop", &found).await
    }
    /// How many jobs were given up and not tried again.
    pub async fn failed_jobs(&self, ctx: &Ctx) -> Result<i64, Error> {
        self.may_keep(ctx, Verb::View, JOB).await?;
        let sql = "SELECT count(*) AS k FROM job WHERE state = $1";
        self.db.row(sql, cells![JobState::Failed.key()]).await?.map_or(Ok(0), |row| get(&row, "k"))
    }
    /// The state of the change log, its signatures and backups.
    pub async fn health(&self, ctx: &Ctx) -> Result<HealthView, Error> {
        self.may_keep(ctx, Verb::View, HEALTH).await?;
        let sql = "SELECT n, at, key_id FROM signed_head ORDER BY n DESC, at DESC LIMIT 1";
        let signed = match self.db.row(sql, cells![]).await? {
            Some(row) => {
                Some((get(&row, "n")?, Moment::from_micros(get(&row, "at")?), get::<String>(&row, "key_id")?))
            }
            None => None,
        };
        let row = self.db.row("SELECT value FROM setting WHERE name = $1", cells![LAST_BACKUP]).await?;
        let backup =
            row.map(|row| get::<String>(&row, "value")).transpose()?.and_then(|text| text.parse().ok());
        Ok(HealthView {
            head: self.db.chain_head().await?,
            signed,
            verified: self.db.jobs(VERIFY, None, 1).await?.pop(),
            backup,
            readers: self.db.consumers().await?,
            schema: self.db.schema_number().await?,
        })
    }
    /// Queues a check of the whole chain against records and files.
    pub async fn ask_verify(&self, ctx: &Ctx) -> Result<(), Error> {
        self.may_keep(ctx, Verb::Administer, HEALTH).await?;
        let job = NewJob {
            priority: 0,
            unique_key: Some(VERIFY.to_owned()),
            person: ctx.person(),
            attempts_most: 1,
            ..NewJob::new(VERIFY, Json::Null, ctx.now)
        };
        self.db.enqueue(&job, ctx.now).await?;
        Ok(())
    }
    async fn may_keep(&self, ctx: &Ctx, verb: Verb, what: Resource) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        decide(&ctx.actor, &organisation.units, verb, what, &Target::INSTALLATION)?;
        Ok(())
    }
    async fn job_act(&self, ctx: &Ctx, act: &str, job: &Job) -> Result<(), Error> {
        let field = |name: &str, new: Json| FieldEdit { field: name.into(), old: Json::Null, new };
        let fields = vec![field("job", json!(job.id)), field("kind", json!(job.kind))];
        let act = Act { act: act.into(), fields, ..Act::default() };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
}
