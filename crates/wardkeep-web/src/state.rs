//! What every handler has at hand.

use std::sync::Arc;
use wardkeep_app::auth::Auth;
use wardkeep_app::courier::Desk;
use wardkeep_app::{App, Error};
use wardkeep_store::Files;

/// The open installation and its door. Cheap to clone.
#[derive(Clone)]
pub struct State {
    /// The installation: records, rights, clock.
    pub app: Arc<App>,
    /// The door: accounts, sessions, approvals.
    pub auth: Auth,
    /// Contents of attached files.
    pub files: Files,
    /// Webhooks and their deliveries.
    pub desk: Desk,
}

impl State {
    /// What handlers need.
    pub fn new(app: Arc<App>, auth: Auth) -> Result<Self, Error> {
        let files = Files::open(app.folder.path())?;
        let desk = Desk::open(Arc::clone(&app), auth.clone(), "pages")?;
        Ok(Self { app, auth, files, desk })
    }
}
