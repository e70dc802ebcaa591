//! The summary of an assessment in the terminal.

use crate::output::{Line, Out, Style};
use crate::table::{Cell, Table, cell, styled};
use std::io;
use std::path::Path;
use wardkeep_app::assess::Assessed;
use wardkeep_report::words::{count, moment, number};
use wardkeep_report::{Due, Posture};
use wardkeep_types::{Severity, State};

/// Lines of a list before it refers to the report.
const LISTED: usize = 10;

/// Prints all of it.
pub fn print(out: &Out, assessed: &Assessed, report: &Path, data: &Path) -> io::Result<()> {
    let posture = &assessed.posture;
    out.line(&Line::new().put(Style::Bold, format!("Posture as of {}", moment(posture.as_of))))?;
    if let Some(banner) = &posture.banner {
        out.wrapped("", 0, Style::Warn, banner)?;
    }
    if assessed.stopped {
        out.wrapped(
            "",
            0,
            Style::Warn,
            "Stopped before the end. What was read is kept; run the same command again to go on.",
        )?;
    }
    read(out, assessed)?;
    not_understood(out, posture)?;
    problems(out, posture)?;
    alerts(out, posture)?;
    findings(out, posture)?;
    controls(out, posture)?;
    first(out, posture)?;
    out.heading("Where to go on")?;
    let data = data.display().to_string();
    let option = if data == "wardkeep-data" { String::new() } else { format!(" --data {}", quoted(&data)) };
    let mut table = Table::new(&["", ""]);
    table.row([cell("Report"), cell(report.display().to_string())]);
    table.row([cell("Data folder"), cell(&data)]);
    table.row([cell("Pages"), cell(format!("wardkeep serve{option}"))]);
    table.print(out)
}

fn read(out: &Out, assessed: &Assessed) -> io::Result<()> {
    let posture = &assessed.posture;
    out.heading("What was read")?;
    let mut table = Table::new(&["Format", ">Files", ">Rows", ">Problems"]);
    for line in &posture.formats {
        let problems = styled(some(line.problems, Style::Warn), number(line.problems));
        table.row([cell(&line.name), cell(number(line.files)), cell(number(line.rows)), problems]);
    }
    if !table.is_empty() {
        table.print(out)?;
    }
    let evidence = &posture.evidence;
    let mut said = format!(
        "{}, {}",
        count(evidence.files, "file", "files"),
        count(evidence.events, "log record", "log records")
    );
    if let (Some(from), Some(to)) = (evidence.from, evidence.to) {
        said.push_str(&format!(", from {} to {}", moment(from), moment(to)));
    }
    said.push_str(&format!("; took {:.1}s.", posture.seconds));
    if assessed.known_files > 0 {
        let known = count(assessed.known_files, "file was", "files were");
        said.push_str(&format!(" {known} read before and added nothing."));
    }
    out.wrapped("  ", 2, Style::Plain, &said)
}

fn not_understood(out: &Out, posture: &Posture) -> io::Result<()> {
    if posture.not_understood.is_empty() {
        return Ok(());
    }
    out.heading(&format!("Not understood: {}", count(posture.not_understood.len() as u64, "file", "files")))?;
    for unread in posture.not_understood.iter().take(LISTED) {
        out.line(&Line::new().text("  ").text(&unread.file))?;
        out.wrapped("", 6, Style::Dim, &unread.reason)?;
    }
    more(out, posture.not_understood.len().saturating_sub(LISTED) as u64)
}

fn problems(out: &Out, posture: &Posture) -> io::Result<()> {
    if posture.problems.is_empty() {
        return Ok(());
    }
    let all = posture.problems.len() as u64 + posture.more_problems;
    out.heading(&format!("Problems in what was read: {}", number(all)))?;
    for problem in posture.problems.iter().take(LISTED) {
        out.line(&Line::new().text("  ").text(&problem.path))?;
        out.wrapped("", 6, Style::Warn, &problem.message)?;
        if !problem.hint.is_empty() {
            out.wrapped("", 6, Style::Dim, &problem.hint)?;
        }
    }
    more(out, all.saturating_sub(LISTED as u64))
}

fn alerts(out: &Out, posture: &Posture) -> io::Result<()> {
    let of = |severity| {
        posture.alerts.by_severity.iter().filter(|(s, _)| *s == severity).map(|(_, n)| n).sum::<u64>()
    };
    let all: u64 = posture.alerts.by_severity.iter().map(|(_, n)| n).sum();
    out.heading(&format!("Alerts: {}", number(all)))?;
    if all == 0 {
        return out.say("  None.");
    }
    let mut line = Line::new().text("  ");
    for severity in Severity::ALL {
        let n = of(severity);
        if n > 0 || !matches!(severity, Severity::Info | Severity::Unknown) {
            line = line.put(some(n, colour(severity)), format!("{severity} {}", number(n))).text("   ");
        }
    }
    out.line(&line)?;
    let mut table = Table::new(&["ATT&CK tactic", "Id", ">Alerts"]);
    for tactic in &posture.alerts.by_tactic {
        table.row([cell(&tactic.name), styled(Style::Dim, &tactic.id), cell(number(tactic.alerts))]);
    }
    if posture.alerts.without_tactic > 0 {
        table.row([
            cell("No tactic named by the rule"),
            cell(""),
            cell(number(posture.alerts.without_tactic)),
        ]);
    }
    if table.is_empty() { Ok(()) } else { table.print(out) }
}

fn findings(out: &Out, posture: &Posture) -> io::Result<()> {
    let all: u64 = posture.findings.iter().map(|f| f.count).sum();
    out.heading(&format!("Open findings: {}", number(all)))?;
    if all == 0 {
        return out.say("  None.");
    }
    let mut table =
        Table::new(&["Severity", ">Overdue", ">7 days", ">30 days", ">Later", ">No date", ">All"]);
    let of = |severity: Option<Severity>, due: Option<Due>| {
        let fits = posture
            .findings
            .iter()
            .filter(|f| severity.is_none_or(|s| f.severity == s) && due.is_none_or(|d| f.due == d));
        fits.map(|f| f.count).sum::<u64>()
    };
    let row = |name: Cell, severity: Option<Severity>| {
        let cells = Due::ALL.into_iter().map(move |due| {
            let n = of(severity, Some(due));
            let style = if due == Due::Overdue { some(n, Style::Bad) } else { some(n, Style::Plain) };
            styled(style, number(n))
        });
        [name].into_iter().chain(cells).chain([cell(number(of(severity, None)))]).collect::<Vec<_>>()
    };
    for severity in Severity::ALL.into_iter().filter(|s| of(Some(*s), None) > 0) {
        table.row(row(styled(colour(severity), severity.key()), Some(severity)));
    }
    table.row(row(styled(Style::Bold, "all"), None));
    table.print(out)
}

fn controls(out: &Out, posture: &Posture) -> io::Result<()> {
    out.heading(&format!("Controls: {}", number(posture.controls.len() as u64)))?;
    if posture.controls.is_empty() {
        return out.say("  None.");
    }
    let mut table = Table::new(&["", ">", ""]);
    for state in State::ALL {
        let of_state = posture.controls.iter().filter(|c| c.state == state);
        let n = of_state.clone().count() as u64;
        let style = match state {
            State::Effective => Style::Good,
            State::Degraded => Style::Warn,
            State::Failing => Style::Bad,
            State::Insufficient | State::NotTested => Style::Dim,
        };
        // Which ones matter most where something is to be done.
        let names = of_state.map(|c| c.name.as_str()).collect::<Vec<_>>().join("; ");
        let names = if matches!(state, State::Failing | State::Degraded) { names } else { String::new() };
        table.row([styled(some(n, style), state.word()), cell(number(n)), styled(Style::Dim, names)]);
    }
    table.print(out)
}

fn first(out: &Out, posture: &Posture) -> io::Result<()> {
    if posture.first.is_empty() {
        return Ok(());
    }
    out.heading("What to do first")?;
    for (i, action) in posture.first.iter().enumerate().take(LISTED) {
        let style = action.severity.map_or(Style::Plain, colour);
        out.wrapped(&format!("{:>3}.", i + 1), 5, style, &action.what)?;
        out.wrapped("", 5, Style::Dim, &format!("{} {}", action.why, action.places.join(", ")))?;
    }
    more(out, posture.first.len().saturating_sub(LISTED) as u64)
}

fn more(out: &Out, n: u64) -> io::Result<()> {
    if n == 0 {
        Ok(())
    } else {
        out.line(&Line::new().put(Style::Dim, format!("  and {} more: see the report, or --json", number(n))))
    }
}

/// A figure's style; zero is nothing to look at.
fn some(n: u64, style: Style) -> Style {
    if n == 0 { Style::Dim } else { style }
}

fn colour(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => Style::Bad,
        Severity::Medium => Style::Warn,
        Severity::Low | Severity::Info | Severity::Unknown => Style::Plain,
    }
}

/// A path as a shell takes it.
pub fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@:,~".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}
