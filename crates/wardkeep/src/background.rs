//! What goes on while `serve` runs: notices, hourly signatures, sweeping.
//!
//! Each task is a loop of its own that outlives its failures; what it did is in the database, so it may be killed
//! at any moment and several processes may run it.

use crate::open::Installation;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use wardkeep_app::auth::Auth;
use wardkeep_app::{App, Ctx, Error};
use wardkeep_store::{Keys, StoreError, sign_head};

const NOTICES: &str = "notices";
/// Changes that are dealt with at a time.
const RANGE: i64 = 500;
const DAY: i64 = 86_400;

/// The tasks in the background.
pub struct Background {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Background {
    /// Starts them.
    pub fn start(here: &Installation) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let app = &here.app;
        let (one, two, three) = (app.clone(), app.clone(), (app.clone(), here.auth.clone()));
        tasks.spawn(every("notices", Duration::from_secs(2), stopped.clone(), move || notices(one.clone())));
        tasks.spawn(every("signing", Duration::from_hours(1), stopped.clone(), move || {
            sign(two.clone(), "hour")
        }));
        tasks
            .spawn(every("sweeping", Duration::from_secs(DAY as u64), stopped, move || sweep(three.clone())));
        Self { stop, tasks }
    }
    /// Asks them to stop and waits until they have.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn every<F>(
    name: &'static str,
    pause: Duration,
    mut stopped: watch::Receiver<bool>,
    mut work: impl FnMut() -> F,
) where
    F: Future<Output = Result<(), Error>>,
{
    loop {
        if let Err(error) = work().await {
            tracing::error!(task = name, %error, "background work failed; it is tried again");
        }
        tokio::select! {
            _ = stopped.changed() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Tells people of changes, in order, from where the last process stopped.
async fn notices(app: Arc<App>) -> Result<(), Error> {
    let worker = format!("process {}", std::process::id());
    let (head, _) = app.db.chain_head().await?;
    // Who looks at the log for the first time is told of what is new, not of a year's history.
    app.db.add_consumer(NOTICES, head, app.clock.now()).await?;
    while let Some(range) = app.db.next_range(NOTICES, &worker, RANGE, 60, app.clock.now()).await? {
        let changes = app.db.changes_from(range.first, range.last - range.first + 1).await?;
        match app.tell_of_changes(&changes).await {
            Ok(_) => app.db.range_done(&range, &worker, app.clock.now()).await?,
            Err(error) => {
                app.db.range_failed(&range, &worker, &error.to_string(), app.clock.now()).await?;
                return Err(error);
            }
        };
    }
    Ok(())
}

/// Signs the head of the change log.
pub async fn sign(app: Arc<App>, reason: &str) -> Result<(), Error> {
    let ctx = Ctx::system("signing", app.clock.now());
    // Opened each time: another process may have rotated the key.
    let keys = Keys::open(&app.folder.keys(), &app.db, &ctx.author()).await?;
    sign_head(&app.db, &keys, ctx.now, reason).await?;
    Ok(())
}

async fn sweep((app, auth): (Arc<App>, Auth)) -> Result<(), Error> {
    let now = app.clock.now();
    auth.sweep(now).await?;
    app.db.tidy_outbox(now.plus_seconds(-7 * DAY), now).await?;
    app.db.forget_jobs(now.plus_seconds(-90 * DAY)).await.map(|_| ()).map_err(StoreError::into)
}
