//! `wardkeep restore`.

use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::lock::{Lock, What};
use crate::open;
use crate::output::Out;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use wardkeep_report::words::{count, moment};
use wardkeep_store::{Db, StoreError, Target};
use wardkeep_types::{Clock as _, SystemClock};

/// From which backup.
#[derive(Debug, Args)]
#[command(
    after_help = "Restores into an empty folder: wardkeep restore FILE --data NEW_FOLDER.\nNothing is changed when the backup is damaged or the folder holds data."
)]
pub struct RestoreArgs {
    /// The backup
    pub file: PathBuf,
}

/// Restores into the data folder, which must be empty.
pub async fn run(global: &Global, out: Out, args: RestoreArgs) -> anyhow::Result<Exit> {
    if !args.file.is_file() {
        let remedy = "give the file that `wardkeep backup` made";
        return Err(Failure::refused("not_found", "there is no such backup")
            .at(args.file.display())
            .remedy(remedy)
            .into());
    }
    let (path, config) = (global.data(), open::config(global)?);
    if config.database_url.is_none() && path.join("wardkeep.db").exists() {
        let remedy = "name an empty or new folder with --data; the backup is not poured over existing data";
        return Err(Failure::refused("not_empty", "this folder holds Wardkeep data already")
            .at(path.display())
            .remedy(remedy)
            .into());
    }
    let folder = open::folder(path)?;
    let _lock = Lock::take(path, What::Serve, SystemClock.now())?;
    let target = match &config.database_url {
        Some(url) => {
            Target::Postgres { url: url.reveal().to_owned(), schema: config.database_schema.clone() }
        }
        None => Target::File(folder.database()),
    };
    let db = Db::open(&target).await?;
    let restored = wardkeep_store::restore(&args.file, &db, path).await;
    let manifest = match restored {
        Ok(manifest) => manifest,
        Err(error) => {
            db.close().await?;
            // The database was made for this and holds nothing; the next try begins anew.
            if config.database_url.is_none() {
                for name in ["wardkeep.db", "wardkeep.db-wal", "wardkeep.db-shm"] {
                    let _ = std::fs::remove_file(path.join(name));
                }
            }
            return Err(refusal(&error, &args.file).into());
        }
    };
    db.migrate(|| async { Ok(()) }).await?;
    db.close().await?;
    out.json(&json!({"data": path, "change": manifest.change, "hash": manifest.hash, "made_at": manifest.made_at, "rows": manifest.rows.values().sum::<u64>()}))?;
    out.say(format!(
        "Restored change {} of {} into {}.",
        manifest.change,
        moment(manifest.made_at),
        path.display()
    ))?;
    out.say(format!("  {}", count(manifest.rows.values().sum(), "row", "rows")))?;
    out.say("  Now check it: wardkeep verify")?;
    if !folder.keys().join("accounts.key").exists() {
        out.say("  The backup held no private keys: put your copy of keys/ back before the next start,")?;
        out.say("  or people set up their second factors anew.")?;
    }
    Ok(Exit::Fine)
}

fn refusal(error: &StoreError, file: &std::path::Path) -> Failure {
    let remedy = match error {
        StoreError::Newer { .. } => "install the newer program",
        StoreError::DiskFull => "free some space, or name a folder on another disk",
        _ => "check the file with `wardkeep verify FILE`, and the folder given with --data",
    };
    Failure::refused("not_restored", format!("nothing was restored: {error}"))
        .at(file.display())
        .remedy(remedy)
}
