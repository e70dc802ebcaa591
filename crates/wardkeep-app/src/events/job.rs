//! The care of event files as work in the background: what was left over is swept away, small files are put together,
//! what is over is deleted. Every step stands by itself, so that it may be killed at any moment.

use super::care::GRACE_SECONDS;
use super::{Compacted, Retained};
use crate::{App, Ctx, Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_report::words::{count, number};
use wardkeep_store::{Beat, Job, JobState, NewJob, Progress, cells};
use wardkeep_types::Moment;

/// The kind of job.
pub const EVENT_CARE: &str = "event_care";
/// Seconds for which a job is one worker's; each step extends them.
const LEASE: i64 = 1_800;
const DAY: i64 = 86_400;

impl App {
    /// Asks for care: at once when a person wants it, otherwise only when there is something to do. Waiting or running
    /// care is not asked for twice.
    pub async fn ask_event_care(&self, ctx: &Ctx) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        if ctx.person().is_none() && !self.event_care_due(ctx.now).await? {
            return Ok(());
        }
        let mut job = NewJob::new(EVENT_CARE, serde_json::json!({}), ctx.now);
        job.unique_key = Some(EVENT_CARE.to_owned());
        job.person = ctx.person();
        job.attempts_most = 3;
        self.db.enqueue(&job, ctx.now).await?;
        Ok(())
    }
    async fn event_care_due(&self, now: Moment) -> Result<bool, Error> {
        let sql = "SELECT count(*) AS n FROM event_file WHERE superseded_by IS NOT NULL AND coalesce(superseded_at, 0) <= $1";
        let row = self.db.row(sql, cells![now.plus_seconds(-GRACE_SECONDS)]).await?;
        let replaced: i64 = row.map_or(Ok(0), |row| row.try_get("", "n")).map_err(Error::fault)?;
        if replaced > 0 || !self.to_compact(now).await?.0.is_empty() {
            return Ok(true);
        }
        let rested = self.last_event_care().await?.and_then(|job| job.finished_at);
        let a_day = rested.is_none_or(|at| now.seconds_since(at) >= DAY);
        Ok(a_day && !self.event_limits().await?.is_empty())
    }
    /// The newest job of care, whatever its state.
    pub async fn last_event_care(&self) -> Result<Option<Job>, Error> {
        let sql = "SELECT max(id) AS id FROM job WHERE kind = $1";
        let row = self.db.row(sql, cells![EVENT_CARE]).await?;
        let id: Option<i64> = row.map_or(Ok(None), |row| row.try_get("", "id")).map_err(Error::fault)?;
        match id {
            Some(id) => Ok(self.db.job(id).await?),
            None => Ok(None),
        }
    }
    /// Does the care that waits; returns how many jobs were taken.
    pub async fn run_event_care(&self, worker: &str) -> Result<u64, Error> {
        let mut taken = 0;
        while let Some(job) = self.db.claim(&[EVENT_CARE], worker, LEASE, self.clock.now()).await? {
            taken += 1;
            let ended = self.event_care(&job, worker).await;
            let now = self.clock.now();
            match ended {
                Ok(Some(said)) => self.db.finish_job(job.id, worker, &said, now).await?,
                Ok(None) => false,
                Err(Error::Refusal(refusal)) => {
                    let again = matches!(refusal, Refusal::NotYet(_));
                    self.db.fail_job(&job, worker, &refusal.sentence(), again, now).await?
                }
                Err(fault) => self.db.fail_job(&job, worker, &fault.to_string(), true, now).await?,
            };
        }
        Ok(taken)
    }
    /// One round; nothing when it was stopped or another worker has it.
    async fn event_care(&self, job: &Job, worker: &str) -> Result<Option<String>, Error> {
        let ctx = || Ctx::system("care of log records", self.clock.now());
        self.sweep_events(true).await?;
        let mut compacted = Compacted::default();
        loop {
            let (parts, held) = self.to_compact(self.clock.now()).await?;
            compacted.held = held;
            if parts.is_empty() {
                break;
            }
            for (at, part) in parts.iter().enumerate() {
                let progress =
                    Progress { done: at as i64, total: parts.len() as i64, note: "putting together".into() };
                match self.db.beat(job.id, worker, LEASE, &progress, "", self.clock.now()).await? {
                    Beat::GoOn => {}
                    Beat::Stop => {
                        self.db.stop_job(job.id, worker, self.clock.now()).await?;
                        return Ok(None);
                    }
                    Beat::Lost => return Ok(None),
                }
                self.compact_one(&ctx(), part, &mut compacted).await?;
            }
        }
        let retained = self.apply_retention(&ctx()).await?;
        compacted.removed = self.drop_replaced(self.clock.now().plus_seconds(-GRACE_SECONDS)).await?;
        Ok(Some(said(&compacted, &retained)))
    }
}

/// Whether care is under way or waits.
pub fn is_open(job: &Job) -> bool {
    matches!(job.state, JobState::Queued | JobState::Running)
}

fn said(compacted: &Compacted, retained: &Retained) -> String {
    let mut parts = Vec::new();
    if compacted.before > 0 {
        let files = count(compacted.before as u64, "file", "files");
        parts.push(format!("{files} became {}", number(compacted.after as u64)));
    }
    if retained.events > 0 {
        let files = retained.deleted.len() + retained.rewritten.len();
        let records = count(retained.events, "log record", "log records");
        let files = count(files as u64, "file", "files");
        parts.push(format!("{records} of {files} deleted, their time is over"));
    }
    if !retained.held.is_empty() {
        let files = count(retained.held.len() as u64, "file", "files");
        parts.push(format!("{files} kept by a legal hold"));
    }
    if parts.is_empty() { "nothing had to be done".to_owned() } else { parts.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::{Compacted, Retained, said};

    #[test]
    fn one_is_one_and_many_are_many() {
        assert_eq!(said(&Compacted::default(), &Retained::default()), "nothing had to be done");
        let compacted = |before, after| Compacted { before, after, ..Compacted::default() };
        let retained = |events, files: usize, held: usize| Retained {
            deleted: (0..files).map(|n| n.to_string()).collect(),
            events,
            held: (0..held).map(|n| (n.to_string(), String::new())).collect(),
            ..Retained::default()
        };
        assert_eq!(
            said(&compacted(1, 1), &retained(1, 1, 1)),
            "1 file became 1; 1 log record of 1 file deleted, their time is over; 1 file kept by a legal hold"
        );
        assert_eq!(
            said(&compacted(1_200, 2), &retained(45_000, 2, 3)),
            "1,200 files became 2; 45,000 log records of 2 files deleted, their time is over; 3 files kept by a legal hold"
        );
    }
}
