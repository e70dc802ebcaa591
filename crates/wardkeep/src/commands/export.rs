//! `wardkeep export`.

use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::Out;
use crate::table::{Table, cell};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};
use wardkeep_app::Refusal;
use wardkeep_app::exchange::{ExportAsk, ExportColumns, ExportFormat};
use wardkeep_app::records::Ask;
use wardkeep_report::words::{count, number};

/// What to export.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("what").required(true).args(["dir", "register"]),
    after_help = "A folder receives every register and the change log; check it with `wardkeep verify DIR`.\nAn export is an entry of the change log."
)]
pub struct ExportArgs {
    /// New folder for every register as JSON lines, and the change log
    pub dir: Option<PathBuf>,
    /// One register instead, such as risks
    #[arg(long)]
    pub register: Option<String>,
    /// Form of the file
    #[arg(long, value_enum, default_value_t = Form::Csv, requires = "register")]
    pub format: Form,
    /// Filter as in a list's address: stage=open&owner=PER-0003&q=words; may be given several times
    #[arg(long, value_name = "QUERY", requires = "register")]
    pub filter: Vec<String>,
    /// Only the columns of the list, for people; such a file cannot be imported again
    #[arg(long, requires = "register")]
    pub listed: bool,
    /// The file to write; - for standard output [default: risks-DATE.csv here]
    #[arg(short, long, value_name = "FILE", requires = "register")]
    pub output: Option<PathBuf>,
}

/// Forms of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Comma-separated values
    Csv,
    /// A workbook
    Xlsx,
    /// JSON lines
    Json,
}

/// Exports a register or everything.
pub async fn run(global: &Global, out: Out, args: ExportArgs) -> anyhow::Result<Exit> {
    match (&args.register, &args.dir) {
        (Some(register), _) => one(global, out, register, &args).await,
        (None, Some(dir)) => all(global, out, dir).await,
        (None, None) => Err(Failure::refused("usage", "name a folder or a register").into()),
    }
}

async fn all(global: &Global, out: Out, dir: &Path) -> anyhow::Result<Exit> {
    let full = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if full || dir.is_file() {
        let remedy = "name a new or empty folder; nothing is written over";
        return Err(Failure::refused("not_empty", "there is something in this place already")
            .at(dir.display())
            .remedy(remedy)
            .into());
    }
    let here = Installation::there(global).await?;
    std::fs::create_dir_all(dir).map_err(|error| {
        Failure::refused("not_written", format!("the folder cannot be made: {error}"))
            .at(dir.display())
            .remedy("name another folder")
    })?;
    let exported = here.app.export_all(&here.ctx("export"), dir).await?;
    out.json(&json!({"folder": dir, "export": exported}))?;
    let rows: u64 = exported.registers.iter().map(|r| r.rows).sum();
    out.say(format!(
        "Exported {} and {} into {}.",
        count(rows, "record", "records"),
        count(exported.changes.n.max(0) as u64, "change", "changes"),
        dir.display()
    ))?;
    let mut table = Table::new(&["Register", ">Records", "File"]);
    for register in exported.registers.iter().filter(|r| r.rows > 0) {
        table.row([cell(&register.register), cell(number(register.rows)), cell(&register.file)]);
    }
    if !table.is_empty() {
        table.print(&out)?;
    }
    Ok(Exit::Fine)
}

async fn one(global: &Global, out: Out, register: &str, args: &ExportArgs) -> anyhow::Result<Exit> {
    let schema = super::import::register(register)?;
    let stdout = args.output.as_deref() == Some(Path::new("-"));
    if stdout && out.json {
        let remedy = "leave out --json, or write to a file";
        return Err(Failure::refused("usage", "standard output is for the JSON object")
            .at("--output -")
            .remedy(remedy)
            .into());
    }
    let here = Installation::there(global).await?;
    let organisation = here.app.organisation().await?;
    let pairs: Vec<(String, String)> = args.filter.iter().flat_map(|text| pairs(text)).collect();
    let ask = Ask::read(schema, organisation.custom(schema.key), &pairs)
        .map_err(|p| wardkeep_app::Error::from(Refusal::Invalid(p)))?;
    let format = match args.format {
        Form::Csv => ExportFormat::Csv,
        Form::Xlsx => ExportFormat::Xlsx,
        Form::Json => ExportFormat::Jsonl,
    };
    let columns = if args.listed { ExportColumns::Listed } else { ExportColumns::Full };
    let exported = here.app.export(&here.ctx("export"), schema, &ExportAsk { ask, format, columns }).await?;
    if stdout {
        out.raw(&std::fs::read(exported.file.path())?)?;
        return Ok(Exit::Fine);
    }
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(&exported.name));
    let copied = std::fs::copy(exported.file.path(), &path);
    let bytes = copied.map_err(|error| {
        Failure::refused("not_written", format!("the file cannot be written: {error}"))
            .at(path.display())
            .remedy("name another with --output")
    })?;
    out.json(&json!({"file": path, "register": schema.key, "rows": exported.rows, "bytes": bytes, "change": exported.change}))?;
    out.say(format!("{} in {}.", count(exported.rows, schema.names.one, schema.names.many), path.display()))?;
    Ok(Exit::Fine)
}

/// Names and values of a query string; what a browser encoded is decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.trim_start_matches('?').split('&').filter(|p| !p.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(n, v)| (decoded(n), decoded(v)))
        .collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut i) = (Vec::with_capacity(bytes.len()), 0);
    while i < bytes.len() {
        let hex = bytes
            .get(i + 1..i + 3)
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match (bytes[i], hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                i += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn filters_read_as_in_an_address() {
        let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        assert_eq!(pairs("?stage=open%7Cdraft&q=a+b"), [pair("stage", "open|draft"), pair("q", "a b")]);
        assert_eq!(pairs("x=100%&y"), [pair("x", "100%"), pair("y", "")]);
    }
}
