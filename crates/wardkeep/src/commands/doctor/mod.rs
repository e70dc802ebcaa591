//! `wardkeep doctor`: what stands in the way, and what to do about it. Changes nothing.

mod database;
mod intake;
mod place;

use crate::args::Global;
use crate::exit::Exit;
use crate::open;
use crate::output::{Line, Out, Style};
use crate::table::{Table, cell, styled};
use clap::Args;
use serde_json::{Value as Json, json};
use std::io;
use wardkeep_app::Config;
use wardkeep_types::{Clock as _, SystemClock, limits};

/// What to tell.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// List the limits too (with --json they always are)
    #[arg(long)]
    pub limits: bool,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// As it should be.
    Fine,
    /// Worth knowing; nothing has to be done at once.
    Note,
    /// To be mended.
    Wrong,
}

impl State {
    const fn key(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Note => "note",
            Self::Wrong => "wrong",
        }
    }
    const fn style(self) -> Style {
        match self {
            Self::Fine => Style::Good,
            Self::Note => Style::Warn,
            Self::Wrong => Style::Bad,
        }
    }
}

/// One check.
#[derive(Debug, Clone)]
struct Check {
    name: &'static str,
    state: State,
    found: String,
    remedy: String,
}

impl Check {
    fn fine(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Fine, found: found.into(), remedy: String::new() }
    }
    fn note(name: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, state: State::Note, found: found.into(), remedy: remedy.into() }
    }
    fn wrong(name: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, state: State::Wrong, found: found.into(), remedy: remedy.into() }
    }
    fn to_json(&self) -> Json {
        json!({"name": self.name, "state": self.state.key(), "found": self.found, "remedy": self.remedy})
    }
}

/// Runs all checks.
pub async fn run(global: &Global, out: Out, args: DoctorArgs) -> anyhow::Result<Exit> {
    let (now, folder) = (SystemClock.now(), global.data());
    let (config, mut checks) = match open::config(global) {
        Ok(config) => {
            let path = open::config_path(global);
            let from = if path.exists() {
                path.display().to_string()
            } else {
                "defaults and environment".to_owned()
            };
            (config, vec![Check::fine("configuration", from)])
        }
        Err(error) => {
            let failure = crate::exit::Failure::of(error);
            let found = format!("{}: {}", failure.place, failure.what);
            (Config::default(), vec![Check::wrong("configuration", found, failure.remedy)])
        }
    };
    checks.extend(place::checks(folder, &config));
    checks.extend(intake::checks(folder, &config));
    if folder.is_dir() || config.database_url.is_some() {
        checks.extend(database::checks(folder, &config, now).await);
    }
    let wrong = checks.iter().filter(|c| c.state == State::Wrong).count();
    out.json(&json!({
        "ok": wrong == 0,
        "version": env!("CARGO_PKG_VERSION"),
        "data": folder,
        "checks": checks.iter().map(Check::to_json).collect::<Vec<_>>(),
        "limits": limits::ALL.iter().map(|(name, value, unit)| json!({"name": name, "value": value, "unit": unit})).collect::<Vec<_>>(),
    }))?;
    print(&out, &checks, wrong)?;
    if args.limits && !out.json {
        out.heading("Limits")?;
        let mut table = Table::new(&["", ">", ""]);
        for (name, value, unit) in limits::ALL {
            table.row([
                cell(name.replace('_', " ")),
                cell(wardkeep_report::words::number(*value)),
                cell(unit),
            ]);
        }
        table.print(&out)?;
    }
    Ok(if wrong == 0 { Exit::Fine } else { Exit::Found })
}

fn print(out: &Out, checks: &[Check], wrong: usize) -> io::Result<()> {
    for check in checks {
        let mut table = Table::new(&["", "", ""]);
        let name = format!("{:<14}", check.name);
        if check.found.chars().count() <= 50 {
            table.row([
                styled(check.state.style(), format!("{:<5}", check.state.key())),
                cell(name),
                cell(&check.found),
            ]);
            table.print(out)?;
        } else {
            let state = Line::new().text("  ").put(check.state.style(), format!("{:<5}", check.state.key()));
            out.line(&state.text(format!("  {name}")))?;
            out.wrapped("", 25, Style::Plain, &check.found)?;
        }
        if !check.remedy.is_empty() {
            out.wrapped("", 25, Style::Dim, &check.remedy)?;
        }
    }
    out.say("")?;
    let notes = checks.iter().filter(|c| c.state == State::Note).count();
    out.say(match (wrong, notes) {
        (0, 0) => "All is well.".to_owned(),
        (0, n) => format!(
            "Nothing is wrong; {} worth knowing.",
            wardkeep_report::words::count(n as u64, "thing is", "things are")
        ),
        (n, _) => {
            format!("{} to be mended.", wardkeep_report::words::count(n as u64, "thing is", "things are"))
        }
    })
}
