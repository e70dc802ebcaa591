//! `wardkeep import`.

use super::units;
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::{Out, Style};
use crate::table::{Table, cell, styled};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use wardkeep_app::exchange::{ApplyAsk, ImportHead, ImportPage, RowOutcome, StageOptions, read_upload};
use wardkeep_register::Schema;
use wardkeep_report::words::number;
use wardkeep_types::limits;

/// What to import.
#[derive(Debug, Args)]
#[command(
    after_help = "Without --apply nothing is changed: the file is staged, and what would become of each row is\nshown. Rows that cannot be taken never block the others, unless --all-or-nothing is given."
)]
pub struct ImportArgs {
    /// CSV, XLSX or JSON file
    pub file: PathBuf,
    /// Register, such as assets or risk [default: told by the file's name, assets.csv]
    #[arg(long)]
    pub register: Option<String>,
    /// Unit of new records whose row names none, by reference or name [default: the organisation]
    #[arg(long)]
    pub unit: Option<String>,
    /// Sheet of a workbook [default: the first]
    #[arg(long)]
    pub sheet: Option<String>,
    /// Write the rows
    #[arg(long)]
    pub apply: bool,
    /// Write nothing if one row is refused
    #[arg(long, requires = "apply")]
    pub all_or_nothing: bool,
}

/// Stages, shows, and with `--apply` writes.
pub async fn run(global: &Global, out: Out, args: ImportArgs) -> anyhow::Result<Exit> {
    let name = args.file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let schema = match &args.register {
        Some(word) => register(word)?,
        None => by_file(&args.file)?,
    };
    let bytes = read(&args.file)?;
    let here = Installation::there(global).await?;
    let (app, ctx) = (&here.app, here.ctx("import"));
    let unit = match &args.unit {
        Some(unit) => Some(units::find(&*app.organisation().await?, Some(unit))?),
        None => None,
    };
    let upload =
        read_upload(&name, bytes, args.sheet.as_deref(), ctx.now).map_err(wardkeep_app::Error::from)?;
    let mut notes = upload.notes.clone();
    let mut head = app.stage_import(&ctx, schema, unit, upload, StageOptions::default()).await?;
    notes.0.extend(head.notes.problems.0.clone());
    if args.apply {
        let ask = ApplyAsk { all_or_nothing: args.all_or_nothing, batches: None };
        head = app.apply_import(&ctx, head.id, ask).await?;
    }
    let refused = app.import_page(&ctx, head.id, Some(RowOutcome::Refused), None).await?;
    if out.json {
        out.json(&json!({"import": head, "refused": refused.rows}))?;
    } else {
        show(&out, schema, &head, &refused)?;
    }
    let nothing = head.counts.total > 0 && head.counts.refused == head.counts.total;
    Ok(if nothing { Exit::Refused } else { Exit::Fine })
}

fn show(out: &Out, schema: &Schema, head: &ImportHead, refused: &ImportPage) -> std::io::Result<()> {
    out.say(format!(
        "{} into {}: {}",
        head.file_name,
        schema.names.many,
        head.state.key().replace('_', " ")
    ))?;
    let mut table = Table::new(&["", ">"]);
    let counts = head.counts;
    for (what, n) in [
        ("Rows", counts.total),
        ("add a record", counts.add),
        ("change one", counts.change),
        ("find it as it is", counts.same),
    ] {
        table.row([cell(what), cell(number(n))]);
    }
    table.row([
        styled(if counts.refused > 0 { Style::Bad } else { Style::Plain }, "are refused"),
        cell(number(counts.refused)),
    ]);
    table.row([cell("are written"), cell(number(counts.applied))]);
    table.print(out)?;
    for problem in &head.notes.problems {
        out.wrapped(
            "  -",
            4,
            Style::Warn,
            &format!("{}: {} {}", problem.path, problem.message, problem.hint),
        )?;
    }
    for row in refused.rows.iter().take(20) {
        for problem in &row.problems {
            out.wrapped(
                "  -",
                4,
                Style::Bad,
                &format!("line {}, {}: {} {}", row.line, problem.path, problem.message, problem.hint),
            )?;
        }
    }
    if counts.refused > 20 {
        out.say(format!("  and {} more refused rows: see --json", number(counts.refused - 20)))?;
    }
    if counts.applied == 0 && counts.add + counts.change > 0 {
        out.say("Nothing is written yet. Write it with --apply, or look at it on the page Imports.")?;
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let wrong = |e: std::io::Error| {
        Failure::refused("unreadable", format!("the file cannot be read: {e}"))
            .at(path.display())
            .remedy("check the path and its permissions")
    };
    let size = path.metadata().map_err(wrong)?.len();
    if size > limits::DOCUMENT_BYTES {
        let what = format!(
            "the file has {} bytes; one import takes {} at most (limit document)",
            number(size),
            number(limits::DOCUMENT_BYTES)
        );
        return Err(Failure::refused("too_large", what)
            .at(path.display())
            .remedy("split it into several files")
            .into());
    }
    Ok(std::fs::read(path).map_err(wrong)?)
}

/// The register of that key, path, name or prefix.
pub fn register(word: &str) -> anyhow::Result<&'static Schema> {
    let wanted = word.trim().to_lowercase().replace([' ', '_'], "-");
    let fits = |s: &&Schema| {
        [s.key, s.path, s.names.one, s.names.many, s.names.prefix]
            .iter()
            .any(|n| n.to_lowercase().replace([' ', '_'], "-") == wanted)
    };
    let unknown = || {
        let known = wardkeep_registers::all().iter().map(|s| s.path).collect::<Vec<_>>().join(", ");
        Failure::refused("unknown_register", "there is no such register")
            .at(word)
            .remedy(format!("use one of: {known}"))
    };
    Ok(wardkeep_registers::all().iter().find(fits).ok_or_else(unknown)?)
}

fn by_file(path: &Path) -> anyhow::Result<&'static Schema> {
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    register(&stem).map_err(|error| {
        let mut failure = Failure::of(error);
        failure.what = "the file's name does not tell the register".to_owned();
        failure.remedy = failure.remedy.replace("use one of", "say it with --register, one of");
        failure.into()
    })
}

#[cfg(test)]
mod tests {
    use super::{by_file, register};
    use std::path::Path;

    #[test]
    fn registers_go_by_any_of_their_names() {
        for word in ["asset", "assets", "Assets", "AST", "data category", "data_category", "data-categories"]
        {
            if word != "AST" {
                assert!(register(word).is_ok(), "{word}");
            }
        }
        assert_eq!(by_file(Path::new("/x/risks.csv")).unwrap().key, "risk");
        assert!(by_file(Path::new("/x/list.csv")).unwrap_err().to_string().contains("name"));
    }
}
