//! Work that people ask for and watch: imports applied and undone, the whole chain verified. It runs beside the
//! request that asks, in the name of the one who asked, and goes on where it was when its process dies.

use crate::auth::Auth;
use crate::exchange::{ApplyAsk, IMPORT, ImportAct, ImportState};
use crate::{App, Ctx, Error, Refusal};
use serde::Deserialize;
use wardkeep_report::words::{count, number};
use wardkeep_store::{Beat, Files, Job, Progress, Scope, verify};
use wardkeep_types::{Id, Problems};

/// The kind of job that verifies the whole installation.
pub const VERIFY: &str = "verify";
/// Seconds for which a job is one worker's; each batch extends them.
const LEASE: i64 = 300;

#[derive(Deserialize)]
struct Wanted {
    import: Id,
    what: ImportAct,
}

/// How a job ended, if it is still this worker's.
enum End {
    Done(String),
    /// Stopped as asked, or another worker's by now.
    Left,
}

impl App {
    /// Does all work that people asked for and that waits; returns how many jobs were taken. Several processes may call
    /// it at once: each job goes to one.
    pub async fn run_asked(&self, auth: &Auth, worker: &str) -> Result<u64, Error> {
        let mut taken = 0;
        while let Some(job) = self.db.claim(&[IMPORT, VERIFY], worker, LEASE, self.clock.now()).await? {
            taken += 1;
            let ended = match job.kind.as_str() {
                IMPORT => self.run_import(auth, &job, worker).await,
                _ => self.run_verify().await,
            };
            let now = self.clock.now();
            match ended {
                Ok(End::Done(outcome)) => self.db.finish_job(job.id, worker, &outcome, now).await?,
                Ok(End::Left) => false,
                // What a person must mend is not mended by trying again.
                Err(Error::Refusal(refusal)) => {
                    self.db.fail_job(&job, worker, &refusal.sentence(), false, now).await?
                }
                Err(fault) => self.db.fail_job(&job, worker, &fault.to_string(), true, now).await?,
            };
        }
        Ok(taken)
    }

    async fn run_import(&self, auth: &Auth, job: &Job, worker: &str) -> Result<End, Error> {
        let wanted: Wanted = serde_json::from_value(job.payload.clone()).map_err(Error::fault)?;
        let person = job.person.ok_or_else(|| Error::fault("an import that nobody asked for"))?;
        let gone = || Refusal::Forbidden("whoever asked for it has left, or their account is closed".into());
        let actor = self.addressee(auth, person, self.clock.now()).await?.ok_or_else(gone)?.ctx.actor;
        let ctx = || Ctx::new(actor.clone(), self.clock.now());
        let ImportAct::Apply { all_or_nothing } = wanted.what else {
            let undone = self.undo_import(&ctx(), wanted.import).await?;
            let new = count(undone.retired, "new record", "new records");
            return Ok(End::Done(format!(
                "{new} out of use, {} restored, {} left as they are",
                undone.restored, undone.left
            )));
        };
        let ask = ApplyAsk { all_or_nothing, batches: Some(1) };
        let total = {
            let head = self.import_head(&ctx(), wanted.import).await?;
            head.counts.applied + self.rows_to_apply(&head).await?
        };
        loop {
            let head = self.apply_import(&ctx(), wanted.import, ask).await?;
            let counts = head.counts;
            if head.state != ImportState::Applying {
                let rows = count(counts.applied, "row is", "rows are");
                return Ok(End::Done(format!("{rows} in, {} refused", number(counts.refused))));
            }
            let (done, total) = (counts.applied as i64, total as i64);
            let progress = Progress { done, total, note: String::new() };
            match self.db.beat(job.id, worker, LEASE, &progress, "", self.clock.now()).await? {
                Beat::GoOn => {}
                Beat::Stop => {
                    self.db.stop_job(job.id, worker, self.clock.now()).await?;
                    return Ok(End::Left);
                }
                Beat::Lost => return Ok(End::Left),
            }
        }
    }

    async fn run_verify(&self) -> Result<End, Error> {
        let files = Files::open(self.folder.path())?;
        let scope = Scope {
            schemas: wardkeep_registers::all(),
            files: Some(&files),
            events: Some(self.folder.events()),
            outside: Vec::new(),
        };
        let report = verify(&self.db, scope).await?;
        if report.is_sound() {
            return Ok(End::Done(format!(
                "sound: {}, {}, {}, {}",
                count(report.entries, "change", "changes"),
                count(report.heads, "signed head", "signed heads"),
                count(report.rows, "record", "records"),
                count(report.files, "file", "files")
            )));
        }
        let more = report.problems.0.len() as u64 + report.more_problems;
        let mut told = Problems(report.problems.0.into_iter().take(3).collect());
        told.0.iter_mut().for_each(|p| p.message = format!("{}: {}", p.path, p.message));
        let said: Vec<&str> = told.iter().map(|p| p.message.as_str()).collect();
        Err(Refusal::Conflict(format!(
            "not sound, {}: {}",
            count(more, "problem", "problems"),
            said.join("; ")
        ))
        .into())
    }
}
