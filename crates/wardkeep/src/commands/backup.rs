//! `wardkeep backup`.

use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::Out;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use wardkeep_report::words::{count, number};
use wardkeep_store::{Keys, cells, sign_head};

/// Name of the setting that says when the last backup was taken.
pub const LAST: &str = "last_backup";

/// Where to.
#[derive(Debug, Args)]
#[command(
    after_help = "The program may be in use meanwhile. Check a backup with `wardkeep verify FILE`.\nNothing is copied over an existing file."
)]
pub struct BackupArgs {
    /// The file to make, such as wardkeep-2026-03-31.tar.zst
    pub file: PathBuf,
    /// Put the private keys in too; then the file is a secret
    #[arg(long)]
    pub with_keys: bool,
}

/// Signs the head of the change log and takes the backup.
pub async fn run(global: &Global, out: Out, args: BackupArgs) -> anyhow::Result<Exit> {
    if args.file.exists() {
        let remedy = "choose another name, such as one with today's date";
        return Err(Failure::refused("exists", "there is a file of that name already")
            .at(args.file.display())
            .remedy(remedy)
            .into());
    }
    let here = Installation::there(global).await?;
    let (ctx, app) = (here.ctx("backup"), &here.app);
    let keys = Keys::open(&app.folder.keys(), &app.db, &ctx.author()).await?;
    sign_head(&app.db, &keys, ctx.now, "backup").await?;
    let taken = wardkeep_store::backup(&app.db, app.folder.path(), &args.file, args.with_keys, ctx.now).await;
    let manifest = taken.map_err(|error| {
        let remedy = "see that the folder is there, can be written and has space";
        Failure::refused("not_written", format!("the backup was not taken: {error}"))
            .at(args.file.display())
            .remedy(remedy)
    })?;
    let stamp = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    app.db.run(stamp, cells![LAST, ctx.now.to_string()]).await?;
    let bytes = args.file.metadata().map_or(0, |m| m.len());
    let rows: u64 = manifest.rows.values().sum();
    out.json(&json!({
        "file": args.file, "bytes": bytes, "change": manifest.change, "hash": manifest.hash,
        "schema": manifest.schema, "rows": rows, "members": manifest.members.len(), "with_keys": args.with_keys,
    }))?;
    out.say(format!("Backup of change {} in {}.", manifest.change, args.file.display()))?;
    out.say(format!(
        "  {}, {}, {} kB",
        count(rows, "row", "rows"),
        count(manifest.members.len() as u64, "member", "members"),
        number(bytes.div_ceil(1_000))
    ))?;
    out.say(if args.with_keys {
        "  The private keys are in it: keep it as you keep a password."
    } else {
        "  Private keys are not in it: keep a copy of keys/ apart (or use --with-keys)."
    })?;
    Ok(Exit::Fine)
}
