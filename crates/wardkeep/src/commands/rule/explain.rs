//! `rule explain`: each part of a rule's condition on one event, with the value looked at.

use super::{ExplainArgs, events_of, there};
use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::Installation;
use crate::output::{Line, Out, Style};
use std::io;
use std::path::Path;
use wardkeep_app::rules::RuleInHand;
use wardkeep_detect::{Explanation, Outcome, Step, explain};
use wardkeep_types::event::Event;

/// Explains.
pub(super) async fn run(global: &Global, out: Out, args: &ExplainArgs) -> anyhow::Result<Exit> {
    there(&args.rules)?;
    let (rule_file, event_file) = (Path::new(&args.rule), Path::new(&args.event));
    let given = if rule_file.is_file() {
        Some(super::kept::of_file(rule_file)?)
    } else if args.rules.is_empty() {
        None
    } else {
        let (set, _) = wardkeep_app::rules::rules_of(&args.rules);
        let at = set.rules().iter().position(|rule| rule.id.eq_ignore_ascii_case(&args.rule));
        let missing = || {
            Failure::refused("no_rule", "none of these rules has that id")
                .at(&args.rule)
                .remedy("give the id as it stands in the rule's file")
        };
        Some(RuleInHand { at: at.ok_or_else(missing)?, set })
    };
    let first = if event_file.is_file() { Some(first_of(event_file)?) } else { None };
    let explanation = match (given, first) {
        (Some(rule), Some(event)) => explain(rule.rule(), &event),
        (given, first) => {
            let here = Installation::there(global).await?;
            let rule = match given {
                Some(rule) => rule,
                None => here.app.rule_of(&args.rule).await?,
            };
            let event = match first {
                Some(event) => event,
                None => here.app.event_of(&args.event).await?,
            };
            explain(rule.rule(), &event)
        }
    };
    out.json(&serde_json::to_value(&explanation)?)?;
    if !out.json {
        print(&out, &explanation)?;
    }
    Ok(Exit::Fine)
}

fn first_of(path: &Path) -> anyhow::Result<Event> {
    let refused = |why: String| {
        Failure::refused("no_event", why).at(path.display()).remedy("give a file that holds one log record")
    };
    let events = events_of(path).map_err(refused)?;
    Ok(events.into_iter().next().ok_or_else(|| refused("there is no event in it".to_owned()))?)
}

fn print(out: &Out, found: &Explanation) -> io::Result<()> {
    let verdict = if found.fires { "fires" } else { "does not fire" };
    out.line(&Line::new().put(Style::Bold, format!("{} {verdict}.", found.title)))?;
    if let Some(asleep) = &found.asleep {
        out.wrapped("  ", 2, Style::Warn, asleep)?;
    }
    if !found.routed {
        let said = |s: &wardkeep_types::event::LogSource| {
            [&s.product, &s.category, &s.service]
                .into_iter()
                .flatten()
                .map(|p| &**p)
                .collect::<Vec<_>>()
                .join("/")
        };
        let has: Vec<String> = found.event.iter().map(said).collect();
        let text = format!("It looks at {}; the event is of {}.", said(&found.wanted), has.join(", "));
        out.wrapped("  ", 2, Style::Warn, &text)?;
    }
    for step in found.logic.decisive() {
        let value = step.value.as_deref().unwrap_or("(no such field)");
        let field = step.field.as_deref().unwrap_or_default();
        out.wrapped("  ", 4, Style::Plain, &format!("decided by {}: {field} = {value}", step.label))?;
    }
    out.say("")?;
    step(out, &found.logic, 1)
}

fn step(out: &Out, one: &Step, depth: usize) -> io::Result<()> {
    let (style, word) = match one.outcome {
        Outcome::True => (Style::Good, "true   "),
        Outcome::False => (Style::Bad, "false  "),
        Outcome::Missing => (Style::Dim, "missing"),
    };
    let indent = "  ".repeat(depth);
    let mut line = Line::new().text(&indent).put(style, word).text(" ").text(&one.label);
    if let Some(value) = &one.value {
        line = line.put(Style::Dim, format!("   {} = {value}", one.field.as_deref().unwrap_or_default()));
    }
    out.line(&line)?;
    one.parts.iter().try_for_each(|part| step(out, part, depth + 1))
}
