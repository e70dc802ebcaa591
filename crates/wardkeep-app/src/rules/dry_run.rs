//! A rule over stored history, before it makes alerts (DE-4).

use super::hand::RuleInHand;
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc::UnboundedSender;
use wardkeep_detect::check::{DryRun, DryRunReport};
use wardkeep_events::store::read_columns;
use wardkeep_register::{Value, Verb};
use wardkeep_report::words::count;
use wardkeep_store::{Beat, Job, JobState, NewJob, Progress, cells};
use wardkeep_types::limits::QUERY_SECONDS;
use wardkeep_types::{Id, Moment};

/// Events looked at together.
const ROWS: usize = 8_192;
/// Stored events over which a rule is run while somebody waits; more are work in the background.
const AT_ONCE: u64 = 200_000;
/// The kind of job for that.
pub const RULE_TRY: &str = "rule_try";
/// Seconds for which a job is one worker's; each file extends them.
const LEASE: i64 = 600;
/// Seconds that a dry run in the background may take.
const BACKGROUND_SECONDS: i64 = 3_600;
const CORRELATION: &str = "a correlation looks at hits of other rules: try those";

/// What became of a dry run that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DryRunAsked {
    /// It ran.
    Done(Box<DryRunView>),
    /// It waits for the background.
    Waits,
}

/// What a dry run found, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRunView {
    /// Days, values, examples.
    #[serde(flatten)]
    pub report: DryRunReport,
    /// When it ran.
    pub at: Moment,
    /// Hash of the text that ran.
    pub text_hash: String,
    /// Microseconds it took.
    pub micros: i64,
    /// Event files that were read, newest first, of how many.
    pub files: (u64, u64),
    /// It stopped at the limit on queries: older events were not looked at.
    pub cut: bool,
}

impl DryRunView {
    /// Hits on a day with events, rounded up: a rule that fires once in ten days does fire.
    pub fn hits_a_day(&self) -> u64 {
        self.report.hits.div_ceil((self.report.per_day.len() as u64).max(1))
    }
    /// Nanoseconds for one event of the rule's log source; `None` when there was none.
    pub fn cost(&self) -> Option<i64> {
        let looked_at = i64::try_from(self.report.looked_at).ok().filter(|n| *n > 0)?;
        Some(self.micros.saturating_mul(1_000) / looked_at)
    }
}

impl App {
    /// Runs a registered rule over stored events and keeps what it found with the record: from then on this text
    /// counts as tried. A small store is run over at once; over a large one it becomes work in the background, unless
    /// whoever asks `waits`.
    pub async fn dry_run_rule(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        waits: bool,
    ) -> Result<DryRunAsked, Error> {
        let schema = App::schema("rule")?;
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, Verb::Edit, &head).await?;
        let (found, hash) = self.rule_to_try(head.id).await?;
        if DryRun::new(&found.set, found.at).is_none() {
            return Err(Refusal::NotYet(CORRELATION.into()).into());
        }
        let files = self.holdings(None, None).await?.files;
        if !waits && files.iter().map(|file| file.rows).sum::<u64>() > AT_ONCE {
            let mut job = NewJob::new(RULE_TRY, serde_json::json!({ "rule": head.id }), ctx.now);
            job.unique_key = Some(try_key(head.id));
            (job.priority, job.person, job.attempts_most) = (0, ctx.person(), 3);
            self.db.enqueue(&job, ctx.now).await?;
            return Ok(DryRunAsked::Waits);
        }
        let seconds = if waits { BACKGROUND_SECONDS } else { QUERY_SECONDS as i64 };
        let view = self.run_over(found, hash, seconds, None).await?;
        self.keep_dry_run(ctx, head.id, &view, "a dry run over stored events").await?;
        Ok(DryRunAsked::Done(Box::new(view)))
    }
    /// The rule of a record and the hash of its text.
    async fn rule_to_try(&self, rule: Id) -> Result<(RuleInHand, String), Error> {
        let row = self.rule_row(rule).await?.ok_or(Refusal::NotFound)?;
        let hash = row.hash.clone().ok_or_else(|| Refusal::NotYet("write the rule's text first".into()))?;
        let found = self.rule_of_row(&row).await?;
        let found =
            found.ok_or_else(|| Refusal::NotYet("its text cannot be compiled: mend it first".into()))?;
        Ok((found, hash))
    }
    async fn keep_dry_run(&self, ctx: &Ctx, rule: Id, view: &DryRunView, why: &str) -> Result<(), Error> {
        let mut edits = Edits::from([
            ("tried_text".into(), Value::text(&view.text_hash)),
            ("tried_at".into(), Value::Moment(ctx.now)),
            ("tried_hits".into(), Value::Int(view.hits_a_day() as i64)),
        ]);
        if let Some(cost) = view.cost() {
            edits.insert("cost".into(), Value::Int(cost));
        }
        let json = serde_json::to_string(view).map_err(Error::fault)?;
        let sql = "INSERT INTO rule_run (rule_id, at, report) VALUES ($1, $2, $3) ON CONFLICT (rule_id) DO UPDATE SET at = excluded.at, report = excluded.report";
        let proposal = Proposal::change(App::schema("rule")?, rule, None, edits).worked_out().because(why);
        self.write_batch(ctx, vec![proposal], vec![(sql.to_owned(), cells![rule, ctx.now, json])]).await?;
        Ok(())
    }
    /// The dry run of a rule that waits or runs in the background.
    pub async fn open_dry_run(&self, rule: Id) -> Result<Option<Job>, Error> {
        let sql = "SELECT max(id) AS id FROM job WHERE unique_key = $1";
        let row = self.db.row(sql, cells![try_key(rule)]).await?;
        let id: Option<i64> = row.map_or(Ok(None), |row| row.try_get("", "id")).map_err(Error::fault)?;
        let Some(id) = id else { return Ok(None) };
        // One that failed is shown until another is asked for.
        let job = self.db.job(id).await?;
        Ok(job.filter(|job| matches!(job.state, JobState::Queued | JobState::Running | JobState::Failed)))
    }
    /// Stops a dry run in the background; what it found so far is not kept.
    pub async fn stop_dry_run(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
    ) -> Result<(), Error> {
        let schema = App::schema("rule")?;
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, Verb::Edit, &head).await?;
        if let Some(job) = self.open_dry_run(head.id).await? {
            self.db.cancel_job(job.id, ctx.now).await?;
        }
        Ok(())
    }
    /// Does the dry runs that wait; returns how many were taken.
    pub async fn run_dry_runs(&self, worker: &str) -> Result<u64, Error> {
        let mut taken = 0;
        while let Some(job) = self.db.claim(&[RULE_TRY], worker, LEASE, self.clock.now()).await? {
            taken += 1;
            let ended = self.dry_run_of(&job, worker).await;
            let now = self.clock.now();
            match ended {
                Ok(Some(said)) => self.db.finish_job(job.id, worker, &said, now).await?,
                Ok(None) => false,
                Err(Error::Refusal(refusal)) => {
                    self.db.fail_job(&job, worker, &refusal.sentence(), false, now).await?
                }
                Err(fault) => self.db.fail_job(&job, worker, &fault.to_string(), true, now).await?,
            };
        }
        Ok(taken)
    }
    /// One of them; nothing when it was stopped or is another worker's by now.
    async fn dry_run_of(&self, job: &Job, worker: &str) -> Result<Option<String>, Error> {
        let rule: Id = serde_json::from_value(job.payload["rule"].clone()).map_err(Error::fault)?;
        let (found, hash) = self.rule_to_try(rule).await?;
        let (told, mut steps) = tokio::sync::mpsc::unbounded_channel();
        let stop = Arc::new(AtomicBool::new(false));
        let work = self.run_over(found, hash, BACKGROUND_SECONDS, Some((told, stop.clone())));
        tokio::pin!(work);
        let view = loop {
            tokio::select! {
                view = &mut work => break view?,
                Some((done, total)) = steps.recv() => {
                    let progress = Progress { done, total, note: String::new() };
                    match self.db.beat(job.id, worker, LEASE, &progress, "", self.clock.now()).await? {
                        Beat::GoOn => {}
                        Beat::Stop => {
                            stop.store(true, Ordering::Relaxed);
                            self.db.stop_job(job.id, worker, self.clock.now()).await?;
                            return Ok(None);
                        }
                        Beat::Lost => {
                            stop.store(true, Ordering::Relaxed);
                            return Ok(None);
                        }
                    }
                }
            }
        };
        let ctx = Ctx::system("dry run", self.clock.now());
        self.keep_dry_run(&ctx, rule, &view, "a dry run over stored events that somebody asked for").await?;
        let hits = count(view.report.hits, "hit", "hits");
        Ok(Some(format!("{hits} in {}", count(view.report.events, "log record", "log records"))))
    }

    /// The last dry run of a rule.
    pub async fn last_dry_run(&self, rule: Id) -> Result<Option<DryRunView>, Error> {
        let row = self.db.row("SELECT report FROM rule_run WHERE rule_id = $1", cells![rule]).await?;
        let json = row.map(|row| row.try_get::<String>("", "report").map_err(Error::fault)).transpose()?;
        // A report of an older version that reads differently is as good as none.
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Runs any rule over stored events; nothing is kept.
    pub async fn dry_run(&self, found: RuleInHand, text_hash: String) -> Result<DryRunView, Error> {
        self.run_over(found, text_hash, QUERY_SECONDS as i64, None).await
    }
    /// Runs a rule over stored events, the newest files first, for so many seconds at most; tells after each file how
    /// many of how many are read.
    async fn run_over(
        &self,
        found: RuleInHand,
        text_hash: String,
        seconds: i64,
        told: Option<(UnboundedSender<(i64, i64)>, Arc<AtomicBool>)>,
    ) -> Result<DryRunView, Error> {
        let (folder, mut names) = (self.folder.events(), self.event_files(None).await?);
        names.reverse();
        let (clock, all) = (self.clock.clone(), names.len() as u64);
        tokio::task::spawn_blocking(move || {
            let begun = clock.now();
            let Some(mut run) = DryRun::new(&found.set, found.at) else {
                return Err(Refusal::NotYet(CORRELATION.into()).into());
            };
            let (mut read, mut cut) = (0, false);
            let (keywords, fields) = (run.has_keywords(), run.wanted());
            let wanted = |field: &str| fields.iter().any(|wanted| **wanted == *field);
            for name in names {
                if clock.now().seconds_since(begun) >= seconds {
                    cut = true;
                    break;
                }
                if let Some((told, stop)) = &told {
                    let _ = told.send((read as i64, all as i64));
                    if stop.load(Ordering::Relaxed) {
                        return Err(Refusal::NotYet("it was stopped".into()).into());
                    }
                }
                read_columns(&folder, &name, ROWS, Some(&wanted), keywords, |columns| run.add(&columns))
                    .map_err(Error::fault)?;
                read += 1;
            }
            let at = clock.now();
            let micros = at.as_micros() - begun.as_micros();
            Ok(DryRunView { report: run.finish(), at, text_hash, micros, files: (read, all), cut })
        })
        .await
        .map_err(Error::fault)?
    }
}

fn try_key(rule: Id) -> String {
    format!("{RULE_TRY}:{rule}")
}
