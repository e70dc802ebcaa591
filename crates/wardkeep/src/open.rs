//! Opening an installation.

use crate::args::Global;
use crate::exit::Failure;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkeep_app::auth::{Auth, Keys, Settings};
use wardkeep_app::{App, Config, Ctx, DataFolder, Error};
use wardkeep_store::StoreError;
use wardkeep_types::{Clock, SystemClock};

/// The configuration file in use.
pub fn config_path(global: &Global) -> PathBuf {
    global.config.clone().unwrap_or_else(|| global.data().join("wardkeep.toml"))
}

/// The configuration, from its file and the environment. A file that was named must be there.
pub fn config(global: &Global) -> anyhow::Result<Config> {
    let path = config_path(global);
    if let Err(error) = path.metadata()
        && error.kind() == std::io::ErrorKind::NotADirectory
    {
        return Err(unwritable(global.data(), &error).into());
    }
    if global.config.is_some() && !path.exists() {
        let remedy = "check the path given with --config, or leave it out";
        return Err(Failure::refused("configuration", "there is no such file")
            .at(path.display())
            .remedy(remedy)
            .into());
    }
    Ok(Config::load(&path, |name| std::env::var(name).ok())?)
}

/// Makes the data folder where it is missing, and makes sure that it can be written.
pub fn folder(path: &Path) -> anyhow::Result<DataFolder> {
    std::fs::create_dir_all(path).map_err(|e| unwritable(path, &e))?;
    let probe = path.join(format!(".probe-{}", std::process::id()));
    std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe)).map_err(|e| {
        let _ = std::fs::remove_file(&probe);
        unwritable(path, &e)
    })?;
    Ok(DataFolder::create(path)?)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let (code, remedy) = match error.kind() {
        std::io::ErrorKind::StorageFull => {
            ("disk_full", "free some space, or name another folder with --data")
        }
        std::io::ErrorKind::NotADirectory | std::io::ErrorKind::AlreadyExists => {
            ("not_a_folder", "name a folder with --data, not a file")
        }
        _ => ("read_only", "give this account the right to write there, or name another folder with --data"),
    };
    let what = format!("the data folder cannot be written: {error}");
    Failure::refused(code, what).at(path.display()).remedy(remedy)
}

/// An installation that is there already: commands that only look never make one by a mistyped path.
pub fn existing(global: &Global) -> anyhow::Result<()> {
    let path = global.data();
    if path.join("wardkeep.db").exists() || config(global)?.database_url.is_some() {
        return Ok(());
    }
    let remedy = "name the data folder with --data, or begin with `wardkeep assess` or `wardkeep serve`";
    Err(Failure::refused("no_data", "there is no Wardkeep data in this folder")
        .at(path.display())
        .remedy(remedy)
        .into())
}

/// An open installation.
pub struct Installation {
    /// The use cases.
    pub app: Arc<App>,
    /// Who is at the door.
    pub auth: Auth,
}

impl Installation {
    /// Opens the folder, brings its database up to date, and opens the keys.
    pub async fn open(path: &Path, config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let folder = folder(path)?;
        let shown = path.display().to_string();
        let opened = App::open(folder, config, clock).await;
        let (app, migrated) = opened.map_err(|error| place(error, &shown))?;
        if migrated.from > 0 && migrated.from < migrated.to {
            tracing::info!(
                from = migrated.from,
                to = migrated.to,
                "upgraded the database; a copy lies in backups/"
            );
        }
        let keys = Keys::open(&app.folder.keys())?;
        let auth = Auth::open(app.db.clone(), keys, Settings::of(&app.config)).await?;
        let events = wardkeep_query::QueryStore::open(&app.folder.events(), wardkeep_query::Room::default());
        app.link_events(Arc::new(events.map_err(Error::from)?));
        Ok(Self { app: Arc::new(app), auth })
    }
    /// Opens the installation that the options name.
    pub async fn of(global: &Global) -> anyhow::Result<Self> {
        let mut config = config(global)?;
        crate::logs::start(global.verbose, "warn");
        // Links lead to the pages that are served just now, wherever that is.
        config.public_url = config.public_url.or_else(|| crate::lock::serving_at(global.data()));
        Self::open(global.data(), config, Arc::new(SystemClock)).await
    }
    /// Opens the installation that the options name, if it is there.
    pub async fn there(global: &Global) -> anyhow::Result<Self> {
        existing(global)?;
        Self::of(global).await
    }
    /// The program itself as it acts on the console: who can write the data folder may do everything but approve.
    pub fn ctx(&self, command: &str) -> Ctx {
        Ctx::system(&format!("wardkeep {command}"), self.app.clock.now())
    }
}

/// Faults of opening a database say where it lies and what helps.
fn place(error: Error, folder: &str) -> anyhow::Error {
    let Error::Fault(fault) = &error else { return error.into() };
    let corrupt = ["is damaged", "malformed", "not a database"].iter().any(|w| fault.cause.contains(w));
    if corrupt {
        let mut failure = Failure::of(StoreError::Corrupt(fault.cause.clone()).into());
        failure.what = fault.cause.clone();
        let remedy = "keep a copy of the folder, then `wardkeep restore BACKUP --data NEW_FOLDER`; `wardkeep doctor` says more";
        return failure.at(folder).remedy(remedy).into();
    }
    Failure::of(error.into()).at(folder).into()
}
