//! `wardkeep verify`.

mod exported;

use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::output::{Line, Out, Style};
use crate::table::{Table, cell};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use wardkeep_report::words::{count, number};
use wardkeep_store::{Db, Files, Report, Scope, SignedHead, Target, verify, verify_backup, verify_export};

/// What to check.
#[derive(Debug, Args)]
#[command(after_help = "Works offline and changes nothing. Exit code 4 when something does not agree.")]
pub struct VerifyArgs {
    /// A data folder, a backup or an exported change log [default: the data folder]
    pub path: Option<PathBuf>,
    /// Signed heads that were kept elsewhere (heads.json of an export): a log that was rewritten together with its
    /// own heads fails these
    #[arg(long, value_name = "FILE")]
    pub heads: Option<PathBuf>,
}

/// Checks, and says what it found.
pub async fn run(global: &Global, out: Out, args: VerifyArgs) -> anyhow::Result<Exit> {
    let path = args.path.clone().unwrap_or_else(|| global.data().to_owned());
    let outside = args.heads.as_deref().map(heads).transpose()?.unwrap_or_default();
    let (kind, report) = check(global, &path, args.path.is_none(), outside).await?;
    out.json(&json!({"ok": report.is_sound(), "kind": kind, "path": path, "report": report}))?;
    let (style, word) = if report.is_sound() { (Style::Good, "Sound") } else { (Style::Bad, "Not sound") };
    out.line(&Line::new().put(style, word).text(format!(": {kind} {}", path.display())))?;
    let mut table = Table::new(&["", ">", ""]);
    let erased = format!("erased, each by an entry: {}", number(report.erased));
    table.row([cell("Changes, chained by hash"), cell(number(report.entries)), cell("")]);
    table.row([
        cell("Values that fit their commitment"),
        cell(number(report.values)),
        cell(if report.erased > 0 { &erased } else { "" }),
    ]);
    table.row([
        cell("Signed heads"),
        cell(number(report.heads)),
        cell(format!("keys: {}", report.keys.len())),
    ]);
    table.row([cell("Records that agree with the changes"), cell(number(report.rows)), cell("")]);
    table.row([cell("Files with their hash"), cell(number(report.files)), cell("")]);
    table.row([cell("Event files with their hash"), cell(number(report.event_files)), cell("")]);
    table.print(&out)?;
    out.say(format!("  Head: change {} {}", report.last, report.head))?;
    if report.is_sound() {
        return Ok(Exit::Fine);
    }
    let all = report.problems.0.len() as u64 + report.more_problems;
    out.heading(&format!(
        "{}{}",
        count(all, "problem", "problems"),
        report.first_bad.map_or(String::new(), |n| format!(", the first at change {n}"))
    ))?;
    for problem in report.problems.iter().take(20) {
        out.wrapped("  -", 4, Style::Plain, &format!("{}: {}", problem.path, problem.message))?;
    }
    if all > 20 {
        out.say(format!("  and {} more: see --json", number(all - 20)))?;
    }
    out.wrapped("", 0, Style::Plain, "What this means: somebody or something changed the data behind the program's back. Keep a copy, compare with the last backup that verifies, and find out who could write here.")?;
    Ok(Exit::Found)
}

async fn check(
    global: &Global,
    path: &Path,
    own: bool,
    outside: Vec<SignedHead>,
) -> anyhow::Result<(&'static str, Report)> {
    let remedy = "give a data folder, a backup (.tar.zst) or the folder of an exported change log";
    let needless = || {
        Failure::refused("heads", "--heads is for a data folder; an export and a backup bring their own")
            .remedy("leave it out")
    };
    let url = if own { crate::open::config(global)?.database_url } else { None };
    if url.is_none() && !path.exists() {
        return Err(Failure::refused("not_found", "there is no such file or folder")
            .at(path.display())
            .remedy(remedy)
            .into());
    }
    if path.is_file() {
        anyhow::ensure!(outside.is_empty(), needless());
        let file = path.to_owned();
        let report = tokio::task::spawn_blocking(move || verify_backup(&file)).await?;
        return Ok(("backup", report.map_err(|e| unreadable(&e, path, remedy))?));
    }
    let whole = path.join("export.json").exists();
    if whole || path.join("chain.json").exists() {
        anyhow::ensure!(outside.is_empty(), needless());
        let folder = if whole { path.join("changes") } else { path.to_owned() };
        let report = tokio::task::spawn_blocking(move || verify_export(&folder)).await?;
        let mut report = report.map_err(|e| unreadable(&e, path, remedy))?;
        if whole {
            exported::check(path, &mut report);
        }
        return Ok((if whole { "export" } else { "exported change log" }, report));
    }
    let target = match url {
        Some(url) => {
            let schema = crate::open::config(global)?.database_schema;
            Target::Postgres { url: url.reveal().to_owned(), schema }
        }
        None if path.join("wardkeep.db").exists() => Target::File(path.join("wardkeep.db")),
        None => {
            return Err(Failure::refused("no_data", "there is nothing to verify here")
                .at(path.display())
                .remedy(remedy)
                .into());
        }
    };
    let db = Db::open(&target).await?;
    let found = db.schema_number().await?;
    let known = wardkeep_store::MIGRATIONS.last().map_or(0, |m| m.0);
    if found != known {
        let what = format!("the data has schema {found}, this program reads {known}");
        let remedy = "verify with the program that wrote it, or start this one once to upgrade (it takes a copy first)";
        return Err(Failure::refused("schema", what).at(path.display()).remedy(remedy).into());
    }
    let files = if path.is_dir() { Some(Files::open(path)?) } else { None };
    let events = path.is_dir().then(|| path.join("events"));
    let scope = Scope { schemas: wardkeep_registers::all(), files: files.as_ref(), events, outside };
    let report = verify(&db, scope).await?;
    db.close().await?;
    Ok(("data folder", report))
}

fn unreadable(error: &wardkeep_store::StoreError, path: &Path, remedy: &str) -> Failure {
    Failure::refused("unreadable", format!("this cannot be read as a backup or an export: {error}"))
        .at(path.display())
        .remedy(remedy)
}

fn heads(path: &Path) -> anyhow::Result<Vec<SignedHead>> {
    let wrong = |e: &dyn std::fmt::Display| {
        Failure::refused("heads", format!("the signed heads cannot be read: {e}"))
            .at(path.display())
            .remedy("give the heads.json of an export")
    };
    let text = std::fs::read(path).map_err(|e| wrong(&e))?;
    Ok(serde_json::from_slice(&text).map_err(|e| wrong(&e))?)
}
