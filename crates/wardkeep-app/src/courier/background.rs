//! What goes on while the program serves: webhooks, notices, mail, jobs, hourly signatures, the care of log records,
//! sweeping.
//!
//! Each task is a loop of its own that outlives its failures. What it did stands in the database, so it may be
//! killed at any moment, and several processes may run it.

use super::deliver::Desk;
use super::mail::mailer;
use crate::assess::RECOMPUTE;
use crate::auth::{Auth, Keys};
use crate::risk::{CHECK, RISK};
use crate::{App, Ctx, Error};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use wardkeep_courier::{Courier, Reach};
use wardkeep_risk::run::RunOptions;
use wardkeep_store::{Keys as SigningKeys, sign_head};

const DAY: i64 = 86_400;
/// Seconds for which a job is one worker's.
const JOB_LEASE: i64 = 900;
/// How often the log is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// Runs every task until `stop` says true or its sender is gone; what is under way is finished first.
pub async fn run_background(app: Arc<App>, auth: Auth, stop: watch::Receiver<bool>) -> Result<(), Error> {
    let keys = Keys::open(&app.folder.keys())?;
    let reach = if app.config.private_webhooks { Reach::Private } else { Reach::Public };
    let mailer = mailer(&app.config)?;
    let worker = format!("process {}", std::process::id());
    let desk = Desk::new(app.clone(), auth, keys, Courier::new(reach), mailer, &worker);
    let mut tasks = JoinSet::new();
    let mut every = |name: &'static str, pause: Duration, work: Task| {
        tasks.spawn(again(name, pause, stop.clone(), desk.clone(), work));
    };
    every("webhooks", LOOK, |desk| Box::pin(webhooks(desk)));
    every("notices", LOOK, |desk| Box::pin(notices(desk)));
    every("risk", LOOK, |desk| Box::pin(risk(desk)));
    every("asking for the check of figures", Duration::from_hours(1), |desk| {
        Box::pin(async move { desk.app.risk_ask_check(desk.app.clock.now()).await })
    });
    every("rest", Duration::from_mins(1), |desk| {
        Box::pin(async move {
            rest(&desk);
            Ok(())
        })
    });
    every("jobs", LOOK, |desk| Box::pin(jobs(desk)));
    every("care of log records", LOOK, |desk| Box::pin(event_care(desk)));
    every("dry runs", LOOK, |desk| Box::pin(dry_runs(desk)));
    every("asking for care", Duration::from_mins(10), |desk| Box::pin(ask_event_care(desk)));
    every("rules", Duration::from_hours(1), |desk| Box::pin(rules(desk)));
    every("signing", Duration::from_hours(1), |desk| Box::pin(sign(desk)));
    every("sweeping", Duration::from_secs(DAY as u64), |desk| Box::pin(sweep(desk)));
    while tasks.join_next().await.is_some() {}
    Ok(())
}

type Task = fn(Desk) -> std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

async fn again(name: &'static str, pause: Duration, mut stop: watch::Receiver<bool>, desk: Desk, work: Task) {
    while !*stop.borrow() {
        if let Err(error) = work(desk.clone()).await {
            tracing::error!(task = name, %error, "background work failed; it is tried again");
        }
        tokio::select! {
            changed = stop.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn webhooks(desk: Desk) -> Result<(), Error> {
    desk.begin(desk.app.clock.now()).await?;
    desk.dispatch_webhooks(desk.app.clock.now()).await?;
    desk.send_parcels(desk.app.clock.now()).await?;
    Ok(())
}

/// Memory that was only worth its while in use goes back, and texts of log records go out of it.
fn rest(desk: &Desk) {
    desk.app.risk_desk().rest();
    desk.app.rest_answers(desk.app.clock.now());
}

async fn notices(desk: Desk) -> Result<(), Error> {
    desk.begin(desk.app.clock.now()).await?;
    desk.dispatch_notices(desk.app.clock.now()).await?;
    desk.send_letters(desk.app.clock.now()).await?;
    Ok(())
}

/// Ends tuning that is over, and notes which rules see anything and what they found.
async fn rules(desk: Desk) -> Result<(), Error> {
    let now = desk.app.clock.now();
    desk.app.expire_iocs(&Ctx::system("indicators of compromise", now)).await?;
    desk.app.rules_upkeep(&Ctx::system("upkeep of rules", now), now).await
}

/// Puts files of log records together and deletes those whose time is over, when that waits.
async fn event_care(desk: Desk) -> Result<(), Error> {
    desk.app.run_event_care(&desk.worker).await.map(|_| ())
}

/// Runs rules over stored log records, when somebody asked for it.
async fn dry_runs(desk: Desk) -> Result<(), Error> {
    desk.app.run_dry_runs(&desk.worker).await.map(|_| ())
}

/// Asks for care when there is something to do. Nothing happens before there is an organisation.
async fn ask_event_care(desk: Desk) -> Result<(), Error> {
    if desk.app.organisation().await?.units.roots().next().is_none() {
        return Ok(());
    }
    desk.app.ask_event_care(&Ctx::system("care of log records", desk.app.clock.now())).await
}

/// Jobs that are due, one after the other.
async fn jobs(desk: Desk) -> Result<(), Error> {
    let (app, worker) = (&desk.app, desk.worker.as_str());
    app.run_asked(&desk.auth, worker).await?;
    app.run_ioc_hunts(worker).await?;
    while let Some(job) = app.db.claim(&[RECOMPUTE], worker, JOB_LEASE, app.clock.now()).await? {
        match app.recompute_now(app.clock.now()).await {
            Ok(()) => {
                // New observations move money even where no control's state changes.
                app.risk_asked(app.clock.now()).await?;
                app.db.finish_job(job.id, worker, "controls were worked out", app.clock.now()).await?
            }
            Err(error) => app.db.fail_job(&job, worker, &error.to_string(), true, app.clock.now()).await?,
        };
    }
    Ok(())
}

/// Follows the change log for what can move a figure, and runs the engine when it is due, one run at a time.
async fn risk(desk: Desk) -> Result<(), Error> {
    let (app, worker, now) = (&desk.app, desk.worker.as_str(), desk.app.clock.now());
    let (head, _) = app.db.chain_head().await?;
    app.db.add_consumer(RISK, head, now).await?;
    while let Some(range) = app.db.next_range(RISK, worker, 500, 60, app.clock.now()).await? {
        if let Err(error) = app.risk_follow(range.first, range.last, app.clock.now()).await {
            app.db.range_failed(&range, worker, &error.to_string(), app.clock.now()).await?;
            return Err(error);
        }
        app.db.range_done(&range, worker, app.clock.now()).await?;
    }
    while let Some(job) = app.db.claim(&[RISK], worker, JOB_LEASE, app.clock.now()).await? {
        let ctx = Ctx::system("risk engine", app.clock.now());
        match app.risk_rerun(&ctx, &RunOptions::default(), false).await {
            Ok(done) => {
                let outcome = match (done.new, done.published) {
                    (false, _) => "nothing that counts has changed",
                    (true, true) => "the figures were worked out",
                    (true, false) => "new figures wait for somebody to confirm them",
                };
                app.db.finish_job(job.id, worker, outcome, app.clock.now()).await?
            }
            Err(error) => app.db.fail_job(&job, worker, &error.to_string(), true, app.clock.now()).await?,
        };
    }
    while let Some(job) = app.db.claim(&[CHECK], worker, JOB_LEASE, app.clock.now()).await? {
        match app.risk_check_now(app.clock.now()).await {
            Ok(Ok(said)) => app.db.finish_job(job.id, worker, &said, app.clock.now()).await?,
            Ok(Err(wrong)) => {
                tracing::error!(wrong, "simulation and exact figures differ");
                app.db.fail_job(&job, worker, &wrong, false, app.clock.now()).await?
            }
            Err(error) => app.db.fail_job(&job, worker, &error.to_string(), true, app.clock.now()).await?,
        };
    }
    Ok(())
}

/// Signs the head of the change log.
async fn sign(desk: Desk) -> Result<(), Error> {
    let ctx = Ctx::system("signing", desk.app.clock.now());
    // Opened each time: another process may have rotated the key.
    let keys = SigningKeys::open(&desk.app.folder.keys(), &desk.app.db, &ctx.author()).await?;
    sign_head(&desk.app.db, &keys, ctx.now, "hour").await?;
    Ok(())
}

async fn sweep(desk: Desk) -> Result<(), Error> {
    let now = desk.app.clock.now();
    desk.auth.sweep(now).await?;
    desk.tidy(now).await?;
    desk.app.db.tidy_outbox(now.plus_seconds(-7 * DAY), now).await?;
    desk.app.db.forget_jobs(now.plus_seconds(-90 * DAY)).await?;
    Ok(())
}
