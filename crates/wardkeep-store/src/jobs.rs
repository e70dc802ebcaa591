//! The job queue: work that outlives a request. A job is enqueued in the transaction of what asks for it, is
//! claimed by exactly one worker under a lease, and is taken over when its worker dies.

use crate::sql::{get, get_id_maybe};
use crate::{Cell, Db, StoreError, cells};
use sea_orm::QueryResult;
use serde_json::Value as Json;
use wardkeep_types::{Id, Moment};

/// Bytes of a job's log that are kept: its end.
pub const LOG_BYTES: usize = 16 * 1024;
/// Longest wait before another attempt, in seconds.
const LONGEST_WAIT: i64 = 3_600;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waits for a worker, or for its time.
    Queued,
    /// A worker has it.
    Running,
    /// Done.
    Done,
    /// Given up after the last attempt.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

impl JobState {
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
    fn from_key(key: &str) -> Result<Self, StoreError> {
        let all = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];
        let found = all.into_iter().find(|s| s.key() == key);
        found.ok_or_else(|| StoreError::Inconsistent(format!("a job in state '{key}'")))
    }
}

/// A job to be enqueued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What sort of work: `import`, `assess`, ...
    pub kind: String,
    /// What it needs to know. No personal data beyond ids: erasure could not tell it from other text.
    pub payload: Json,
    /// Smaller comes first; 0 for what a person waits for, 10 for the rest.
    pub priority: i64,
    /// While a job with this key is queued or running, no second one is enqueued.
    pub unique_key: Option<String>,
    /// Not before.
    pub run_at: Moment,
    /// Attempts before it is given up.
    pub attempts_most: i64,
    /// Who asked.
    pub person: Option<Id>,
    /// For which unit: who may see it.
    pub unit: Option<Id>,
}

impl NewJob {
    /// A job to be run at once, up to five times.
    pub fn new(kind: &str, payload: Json, now: Moment) -> Self {
        Self {
            kind: kind.into(),
            payload,
            priority: 10,
            unique_key: None,
            run_at: now,
            attempts_most: 5,
            person: None,
            unit: None,
        }
    }
    /// The statement that enqueues it, for [`Db::write`]'s `extra`: the job exists exactly when the rest of
    /// that transaction does.
    pub fn statement(&self, now: Moment) -> (String, Vec<Cell>) {
        let sql = "INSERT INTO job (kind, payload, state, priority, unique_key, run_at, attempts, attempts_most, cancel_asked, done, total, note, log, person_id, unit_id, created_at) VALUES ($1, $2, 'queued', $3, $4, $5, 0, $6, 0, 0, 0, '', '', $7, $8, $9) ON CONFLICT (unique_key) WHERE state IN ('queued', 'running') DO NOTHING";
        let values = cells![
            self.kind.clone(),
            self.payload.to_string(),
            self.priority,
            self.unique_key.clone(),
            self.run_at,
            self.attempts_most,
            self.person,
            self.unit,
            now,
        ];
        (sql.into(), values)
    }
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Number.
    pub id: i64,
    /// What sort of work.
    pub kind: String,
    /// What it needs to know.
    pub payload: Json,
    /// Where it stands.
    pub state: JobState,
    /// Attempts so far, this one included.
    pub attempts: i64,
    /// Attempts before it is given up.
    pub attempts_most: i64,
    /// Not before.
    pub run_at: Moment,
    /// Who has it.
    pub claimed_by: Option<String>,
    /// Somebody asked for it to stop.
    pub cancel_asked: bool,
    /// How far it is.
    pub progress: Progress,
    /// The end of its log.
    pub log: String,
    /// Where the next attempt goes on, as the last one left it.
    pub checkpoint: Option<Json>,
    /// What came of it, or why it failed.
    pub outcome: Option<String>,
    /// Who asked.
    pub person: Option<Id>,
    /// For which unit.
    pub unit: Option<Id>,
    /// When it was enqueued.
    pub created_at: Moment,
    /// When its last attempt began.
    pub started_at: Option<Moment>,
    /// When it ended.
    pub finished_at: Option<Moment>,
}

/// How far a job is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Units of work done.
    pub done: i64,
    /// Units of work in all; 0 when unknown.
    pub total: i64,
    /// What it does just now.
    pub note: String,
}

/// What a worker learns from its heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// Go on.
    GoOn,
    /// Somebody wants it to stop: end at the next safe place with [`Db::stop_job`].
    Stop,
    /// The lease ended and the job is another worker's, or it is over. Write nothing more for it.
    Lost,
}

impl Db {
    /// Enqueues a job in a transaction of its own; `None` when one with its key already waits or runs.
    pub async fn enqueue(&self, job: &NewJob, now: Moment) -> Result<Option<i64>, StoreError> {
        let (sql, values) = job.statement(now);
        self.run_returning(&format!("{sql} RETURNING id"), values).await?.map(|r| get(&r, "id")).transpose()
    }
    /// Gives the next job of those kinds to `worker` for `lease` seconds; also one whose worker has died.
    /// Several workers may ask at once: each job goes to one.
    pub async fn claim(
        &self,
        kinds: &[&str],
        worker: &str,
        lease: i64,
        now: Moment,
    ) -> Result<Option<Job>, StoreError> {
        self.give_up_lost(now).await?;
        let mut values = cells![worker, now.plus_seconds(lease), now];
        values.extend(kinds.iter().map(|k| Cell::from(*k)));
        let marks: Vec<String> = (4..4 + kinds.len()).map(|i| format!("${i}")).collect();
        let sql = format!(
            "UPDATE job SET state = 'running', claimed_by = $1, lease_until = $2, attempts = attempts + 1, started_at = $3 WHERE id = (SELECT id FROM job WHERE ((state = 'queued' AND run_at <= $3) OR (state = 'running' AND lease_until < $3)) AND kind IN ({}) ORDER BY priority, run_at, id LIMIT 1{}) RETURNING *",
            marks.join(","),
            self.dialect().skip_locked()
        );
        self.run_returning(&sql, values).await?.as_ref().map(job).transpose()
    }
    /// Jobs whose worker died: stopped when that was asked for, given up after the last attempt.
    async fn give_up_lost(&self, now: Moment) -> Result<(), StoreError> {
        let sql = "UPDATE job SET state = CASE WHEN cancel_asked = 1 THEN 'cancelled' ELSE 'failed' END, outcome = CASE WHEN cancel_asked = 1 THEN 'stopped' ELSE 'the program ended while it worked, several times' END, claimed_by = NULL, lease_until = NULL, finished_at = $1 WHERE state = 'running' AND lease_until < $1 AND (cancel_asked = 1 OR attempts >= attempts_most)";
        self.run(sql, cells![now]).await.map(|_| ())
    }
    /// Tells that `worker` is alive and how far it is, extends the lease, adds `log` to the job's log.
    pub async fn beat(
        &self,
        id: i64,
        worker: &str,
        lease: i64,
        progress: &Progress,
        log: &str,
        now: Moment,
    ) -> Result<Beat, StoreError> {
        let sql = format!(
            "UPDATE job SET lease_until = $1, done = $2, total = $3, note = $4, log = {} WHERE id = $6 AND claimed_by = $7 AND state = 'running' RETURNING cancel_asked",
            self.dialect().tail("log", "$5", LOG_BYTES)
        );
        let Progress { done, total, note } = progress.clone();
        let values = cells![now.plus_seconds(lease), done, total, note, log, id, worker];
        Ok(match self.run_returning(&sql, values).await? {
            None => Beat::Lost,
            Some(row) if get::<i64>(&row, "cancel_asked")? != 0 => Beat::Stop,
            Some(_) => Beat::GoOn,
        })
    }
    /// The statement that notes where a job goes on, for [`Db::write`]'s `extra` beside the work itself. When
    /// the job is no longer `worker`'s it fails, and so does the whole transaction: a worker that lost its
    /// lease cannot write what its successor writes.
    pub fn checkpoint(id: i64, worker: &str, at: &Json) -> (String, Vec<Cell>) {
        let sql = "UPDATE job SET checkpoint = $1, kind = CASE WHEN claimed_by = $2 AND state = 'running' THEN kind ELSE NULL END WHERE id = $3";
        (sql.into(), cells![at.to_string(), worker, id])
    }
    /// The job is done. False when it is no longer `worker`'s.
    pub async fn finish_job(
        &self,
        id: i64,
        worker: &str,
        outcome: &str,
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.end(id, worker, "done", outcome, now).await
    }
    /// The worker stopped, as asked. What was done stays; [`Db::resume_job`] goes on from the checkpoint.
    pub async fn stop_job(&self, id: i64, worker: &str, now: Moment) -> Result<bool, StoreError> {
        self.end(id, worker, "cancelled", "stopped", now).await
    }
    async fn end(
        &self,
        id: i64,
        worker: &str,
        state: &str,
        outcome: &str,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET state = $1, outcome = $2, finished_at = $3, claimed_by = NULL, lease_until = NULL, cancel_asked = 0 WHERE id = $4 AND claimed_by = $5 AND state = 'running'";
        Ok(self.run(sql, cells![state, outcome, now, id, worker]).await? > 0)
    }
    /// The attempt failed: it is tried again after a wait that doubles (10 seconds to an hour), or given up
    /// after the last attempt or when `again` is false.
    pub async fn fail_job(
        &self,
        job: &Job,
        worker: &str,
        why: &str,
        again: bool,
        now: Moment,
    ) -> Result<bool, StoreError> {
        if !again || job.attempts >= job.attempts_most {
            return self.end(job.id, worker, "failed", why, now).await;
        }
        let wait = (5_i64 << job.attempts.clamp(1, 12)).min(LONGEST_WAIT);
        // Jobs that failed together do not come back together.
        let wait = wait + job.id % (wait / 4).max(1);
        let sql = "UPDATE job SET state = CASE WHEN cancel_asked = 1 THEN 'cancelled' ELSE 'queued' END, outcome = $1, run_at = $2, claimed_by = NULL, lease_until = NULL WHERE id = $3 AND claimed_by = $4 AND state = 'running'";
        Ok(self.run(sql, cells![why, now.plus_seconds(wait), job.id, worker]).await? > 0)
    }
    /// Asks a job to stop: at once when it waits, at its next heartbeat when it runs.
    pub async fn cancel_job(&self, id: i64, now: Moment) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET cancel_asked = 1, finished_at = CASE WHEN state = 'queued' THEN $1 ELSE finished_at END, outcome = CASE WHEN state = 'queued' THEN 'stopped' ELSE outcome END, state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END WHERE id = $2 AND state IN ('queued', 'running')";
        Ok(self.run(sql, cells![now, id]).await? > 0)
    }
    /// Queues a failed or cancelled job again; it goes on from its checkpoint. False when there is nothing to
    /// resume, or another job with its key waits or runs.
    pub async fn resume_job(&self, id: i64, now: Moment) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET state = 'queued', attempts = 0, cancel_asked = 0, outcome = NULL, finished_at = NULL, run_at = $1 WHERE id = $2 AND state IN ('failed', 'cancelled') AND NOT EXISTS (SELECT 1 FROM job other WHERE other.unique_key = job.unique_key AND other.state IN ('queued', 'running'))";
        Ok(self.run(sql, cells![now, id]).await? > 0)
    }
    /// One job.
    pub async fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        self.row("SELECT * FROM job WHERE id = $1", cells![id]).await?.as_ref().map(job).transpose()
    }
    /// Jobs newest first, below number `before` if given; of all kinds when `kind` is empty.
    pub async fn jobs(&self, kind: &str, before: Option<i64>, limit: i64) -> Result<Vec<Job>, StoreError> {
        let sql = "SELECT * FROM job WHERE id < $1 AND ($2 = '' OR kind = $2) ORDER BY id DESC LIMIT $3";
        self.rows(sql, cells![before.unwrap_or(i64::MAX), kind, limit]).await?.iter().map(job).collect()
    }
    /// Forgets jobs that ended before that moment; returns how many.
    pub async fn forget_jobs(&self, before: Moment) -> Result<u64, StoreError> {
        let sql = "DELETE FROM job WHERE finished_at < $1 AND state IN ('done', 'failed', 'cancelled')";
        self.run(sql, cells![before]).await
    }
}

fn job(row: &QueryResult) -> Result<Job, StoreError> {
    let moment = |column| get::<Option<i64>>(row, column).map(|at| at.map(Moment::from_micros));
    let json = |text: &str| {
        serde_json::from_str(text).map_err(|e| StoreError::Inconsistent(format!("what a job holds: {e}")))
    };
    let checkpoint: Option<String> = get(row, "checkpoint")?;
    Ok(Job {
        id: get(row, "id")?,
        kind: get(row, "kind")?,
        payload: json(&get::<String>(row, "payload")?)?,
        state: JobState::from_key(&get::<String>(row, "state")?)?,
        attempts: get(row, "attempts")?,
        attempts_most: get(row, "attempts_most")?,
        run_at: Moment::from_micros(get(row, "run_at")?),
        claimed_by: get(row, "claimed_by")?,
        cancel_asked: get::<i64>(row, "cancel_asked")? != 0,
        progress: Progress { done: get(row, "done")?, total: get(row, "total")?, note: get(row, "note")? },
        log: get(row, "log")?,
        checkpoint: checkpoint.as_deref().map(json).transpose()?,
        outcome: get(row, "outcome")?,
        person: get_id_maybe(row, "person_id")?,
        unit: get_id_maybe(row, "unit_id")?,
        created_at: Moment::from_micros(get(row, "created_at")?),
        started_at: moment("started_at")?,
        finished_at: moment("finished_at")?,
    })
}
