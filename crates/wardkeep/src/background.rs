//! What goes on while `serve` runs, and the signature at its end.

use crate::open::Installation;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wardkeep_app::courier::run_background;
use wardkeep_app::{App, Ctx, Error};
use wardkeep_store::{Keys, sign_head};

/// The work in the background.
pub struct Background {
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
}

impl Background {
    /// Starts it.
    pub fn start(here: &Installation) -> Self {
        let (stop, stopped) = watch::channel(false);
        let running = run_background(here.app.clone(), here.auth.clone(), stopped);
        let work = tokio::spawn(async move {
            if let Err(error) = running.await {
                tracing::error!(%error, "background work could not begin: no notices, webhooks, jobs or signatures");
            }
        });
        Self { stop, work }
    }
    /// Asks it to stop and waits until it has.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.work.await;
    }
}

/// Signs the head of the change log.
pub async fn sign(app: Arc<App>, reason: &str) -> Result<(), Error> {
    let ctx = Ctx::system("signing", app.clock.now());
    // Opened each time: another process may have rotated the key.
    let keys = Keys::open(&app.folder.keys(), &app.db, &ctx.author()).await?;
    sign_head(&app.db, &keys, ctx.now, reason).await?;
    Ok(())
}
