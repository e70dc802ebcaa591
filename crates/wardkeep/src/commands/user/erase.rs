//! `wardkeep user erase`.

use crate::exit::Failure;
use crate::open::Installation;
use crate::output::Out;
use clap::Args;
use serde_json::json;
use wardkeep_app::Ctx;
use wardkeep_app::records::EraseAsk;
use wardkeep_report::words::count;
use wardkeep_store::FilePolicy;

/// Whom to erase.
#[derive(Debug, Args)]
#[command(
    after_help = "The change log keeps its chain: who erased, when and on which basis stays, the values are gone.\nBackups taken before still hold the person; they are yours to end."
)]
pub struct EraseArgs {
    /// Mail address of the person
    pub email: String,
    /// Legal basis, such as "GDPR 17(1)(b)"
    #[arg(long)]
    pub basis: String,
    /// Another text that gives the person away, such as a nickname or an account name; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub also: Vec<String>,
    /// Erase stored files too in which the person stands, unless they are under legal hold
    #[arg(long)]
    pub files: bool,
    /// Really do it
    #[arg(long)]
    pub yes: bool,
}

/// Erases the person of that address.
pub async fn erase(here: &Installation, ctx: &Ctx, out: Out, args: EraseArgs) -> anyhow::Result<()> {
    let unknown = || {
        Failure::refused("unknown_person", "there is no person of that address")
            .at(&args.email)
            .remedy("see `wardkeep export --register people`")
    };
    let person = super::person(here, args.email.trim()).await?.ok_or_else(unknown)?;
    if !args.yes {
        return Err(Failure::refused("not_confirmed", "nothing was erased yet: this cannot be undone")
            .at(&args.email)
            .remedy("give --yes as well")
            .into());
    }
    let files = if args.files { FilePolicy::Erase } else { FilePolicy::Report };
    let ask = EraseAsk { person, basis: args.basis, also: args.also, files };
    let done = here.app.erase_person(ctx, &ask).await?;
    let rows: u64 = done.database.rows.values().sum();
    out.json(&json!({
        "change": done.database.change, "values": done.database.values, "rows": rows, "event_files": done.event_files,
        "files": done.database.files, "files_kept": done.database.files_kept, "compacted": done.database.compacted,
        "too_short": done.database.too_short.len(),
    }))?;
    out.say(format!(
        "Erased, as change {}: {} of the log, texts in {}, {} of log records.",
        done.database.change,
        count(done.database.values, "value", "values"),
        count(rows, "row", "rows"),
        count(done.event_files as u64, "file", "files")
    ))?;
    for file in &done.database.files_kept {
        out.say(format!("  Kept, and the person stands in it: stored file {file}"))?;
    }
    if !done.database.too_short.is_empty() {
        out.say(format!(
            "  {} too short to be searched for elsewhere.",
            count(done.database.too_short.len() as u64, "text is", "texts are")
        ))?;
    }
    if !done.database.compacted {
        out.say("  The database was in use and is not compacted yet: run this again when nobody reads.")?;
    }
    Ok(())
}
