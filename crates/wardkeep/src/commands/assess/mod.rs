//! `wardkeep assess`.

mod paths;
pub mod summary;

use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::lock::{Lock, What};
use crate::open::Installation;
use crate::output::Out;
use crate::{interrupt, progress};
use clap::Args;
use std::path::{Path, PathBuf};
use wardkeep_app::assess::{Assessed, Options};
use wardkeep_types::{Date, Moment};

/// What to assess.
#[derive(Debug, Args)]
#[command(
    after_help = "Running it again on the same folder adds nothing twice; new files are added to what is known.\nCtrl-C stops cleanly: what was read is kept, the rest is read by the next run."
)]
pub struct AssessArgs {
    /// Folders and files of evidence: logs, EVTX, cloud audit trails, scanner reports, SBOMs, tables
    #[arg(required = true, value_name = "DIR")]
    pub paths: Vec<PathBuf>,
    /// Folder of Sigma rules to use beside our own; may be given several times
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Speak about this day or moment (2026-03-31 or 2026-03-31T09:00:00Z) [default: now, or the end of old evidence]
    #[arg(long, value_name = "DATE", value_parser = as_of)]
    pub as_of: Option<Moment>,
    /// Where the report goes [default: posture.html in the data folder]
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// A day means its end, as far as a moment can tell.
fn as_of(text: &str) -> Result<Moment, String> {
    match text.parse::<Date>() {
        Ok(day) => Ok(Moment::from_micros(day.plus_days(1).start().as_micros() - 1)),
        Err(_) => text
            .parse()
            .map_err(|_| "write a day as 2026-03-31 or a moment as 2026-03-31T09:00:00Z".to_owned()),
    }
}

/// Assesses, writes the report and says what came of it.
pub async fn run(global: &Global, out: Out, args: AssessArgs) -> anyhow::Result<Exit> {
    let stop = interrupt::stop_mark()?;
    let missing = |path: &&PathBuf| !path.exists();
    if let Some(path) = args.paths.iter().chain(&args.rules).find(missing) {
        let remedy = "check the path; nothing was read";
        let what = "there is no such file or folder";
        return Err(Failure::refused("not_found", what).at(path.display()).remedy(remedy).into());
    }
    let here = Installation::of(global).await?;
    let _lock = Lock::take(here.app.folder.path(), What::Assess, here.app.clock.now())?;
    let options = Options {
        paths: paths::without(&args.paths, here.app.folder.path()),
        rules: args.rules,
        as_of: args.as_of,
    };
    let display = progress::display(out.json);
    let assessed = here.app.assess(&here.ctx("assess"), &options, display, stop).await?;
    let report = args.report.unwrap_or_else(|| here.app.folder.path().join("posture.html"));
    write_report(&report, &assessed)?;
    if out.json {
        let mut object = assessed.to_json();
        object["report"] = report.display().to_string().into();
        object["data"] = global.data().display().to_string().into();
        out.json(&object)?;
    } else {
        summary::print(&out, &assessed, &report, global.data())?;
    }
    Ok(if assessed.stopped { Exit::Interrupted } else { Exit::Fine })
}

/// Writes `posture.html`, whole or not at all.
pub fn write_report(path: &Path, assessed: &Assessed) -> anyhow::Result<()> {
    let html = wardkeep_report::posture_html(&assessed.posture);
    let half = path.with_extension("html.part");
    let written = std::fs::write(&half, html).and_then(|()| std::fs::rename(&half, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&half);
        let remedy = "name another file with --report; the data folder is complete, and running again reads nothing twice";
        let what = format!("the report cannot be written: {error}");
        Failure::refused("not_written", what).at(path.display()).remedy(remedy).into()
    })
}
