//! SARIF 2.1.0: runs of tools, each with rules and results, in any order.

mod locate;
mod result;
mod rules;

use super::{deliver, room, words};
use crate::emit::Emit;
use crate::json::{Pull, PullError};
use crate::{Ending, Refusal};
use locate::Artifacts;
use result::Row;
use rules::Rules;
use serde_json::Value;
use std::io::Read;
use wardkeep_types::Moment;
use wardkeep_types::sighting::Report;

/// Reads every run; each gives one report.
pub(crate) fn sarif(emit: &mut Emit<'_>, input: &mut dyn Read) -> Result<Ending, Refusal> {
    // Rules may hold whole help pages, and results code flows: deeper than a log record.
    let limits = crate::Limits { nesting: emit.limits.nesting.max(128), ..emit.limits.clone() };
    let mut pull = Pull::new(input, &limits);
    let mut failed = None;
    let mut open: Option<Run> = None;
    let mut seen = 0;
    let result = pull.object_or_skip(|pull, key| match key {
        "runs" => pull.array(|pull| {
            seen += 1;
            let run = open.insert(Run::default());
            pull.object_or_skip(|pull, key| run.member(emit, pull, key))?;
            if let Some(run) = open.take()
                && let Ending::ToolFailed { text } = run.finish(emit, Ending::Complete)
            {
                failed = Some(text);
            }
            Ok(())
        }),
        _ => pull.skip(),
    });
    let ending = match result {
        Ok(()) => failed.map_or(Ending::Complete, |text| Ending::ToolFailed { text }),
        Err(error) => {
            if let Some(refusal) = error.refusal() {
                return Err(refusal);
            }
            let at = pull.position();
            emit.fault(at, "truncated", error.text(), "Run the tool again; what stands before was kept.");
            let ending = Ending::Truncated { at };
            open.map_or(ending.clone(), |run| run.finish(emit, ending))
        }
    };
    if seen == 0 && ending == Ending::Complete {
        return Err(Refusal::new("bad_report", "The file has no runs.", "Check how the tool wrote it."));
    }
    Ok(ending)
}

/// One run, as far as it is read.
#[derive(Default)]
struct Run {
    tool: String,
    version: Option<String>,
    rules: Rules,
    artifacts: Artifacts,
    rows: Vec<Row>,
    repository: Option<String>,
    started: Option<Moment>,
    ended: Option<Moment>,
    failed: Option<String>,
}

impl Run {
    fn member<R: Read>(
        &mut self,
        emit: &mut Emit<'_>,
        pull: &mut Pull<R>,
        key: &str,
    ) -> Result<(), PullError> {
        match key {
            "results" => pull.array(|pull| {
                let (at, number) = (pull.position(), self.rows.len() as u64 + 1);
                let value = pull.value()?;
                emit.stop();
                match value {
                    Some(Value::Object(value)) if room(emit, self.rows.len(), at) => {
                        self.rows.push(Row::read(number, &value));
                    }
                    Some(Value::Object(_)) => {}
                    _ => emit.fault(
                        at,
                        "bad_row",
                        "A result cannot be read. It was left out.",
                        "Run the tool again.",
                    ),
                }
                Ok(())
            }),
            "tool" => pull.object_or_skip(|pull, key| match key {
                "driver" => self.component(pull, true),
                "extensions" => pull.array(|pull| self.component(pull, false)),
                _ => pull.skip(),
            }),
            "artifacts" => pull.array(|pull| {
                let value = pull.value()?;
                self.artifacts.add(value.as_ref());
                Ok(())
            }),
            "originalUriBaseIds" => {
                let value = pull.value()?;
                self.artifacts.bases(value.as_ref());
                Ok(())
            }
            "invocations" => pull.array(|pull| {
                let value = pull.value()?;
                self.invocation(value.as_ref().unwrap_or(&Value::Null));
                Ok(())
            }),
            "versionControlProvenance" => pull.array(|pull| {
                let value = pull.value()?;
                let uri = value.as_ref().and_then(|v| v.get("repositoryUri")).and_then(Value::as_str);
                self.repository = self.repository.take().or_else(|| uri.map(str::to_owned));
                Ok(())
            }),
            _ => pull.skip(),
        }
    }
    fn component<R: Read>(&mut self, pull: &mut Pull<R>, driver: bool) -> Result<(), PullError> {
        self.rules.begin_component();
        pull.object_or_skip(|pull, key| match key {
            "name" if driver => {
                let value = pull.value()?;
                if let Some(name) = value.as_ref().and_then(Value::as_str) {
                    self.tool = words::family(name);
                }
                Ok(())
            }
            "semanticVersion" | "version"
                if driver && (key == "semanticVersion" || self.version.is_none()) =>
            {
                let value = pull.value()?;
                self.version =
                    value.as_ref().and_then(Value::as_str).map(str::to_owned).or(self.version.take());
                Ok(())
            }
            "rules" => pull.array(|pull| {
                let value = pull.value()?;
                self.rules.add(value.as_ref());
                Ok(())
            }),
            _ => pull.skip(),
        })
    }
    fn invocation(&mut self, value: &Value) {
        let time = |name: &str| Some(crate::time::stated(value.get(name)?.as_str()?)?.0);
        self.started = self.started.or_else(|| time("startTimeUtc"));
        self.ended = time("endTimeUtc").or(self.ended);
        if value.get("executionSuccessful") == Some(&Value::Bool(false)) {
            let notes = value.get("toolExecutionNotifications").and_then(Value::as_array);
            let said =
                notes.and_then(|notes| notes.iter().find_map(|n| n.pointer("/message/text")?.as_str()));
            self.failed = Some(said.unwrap_or("The tool says that its run did not succeed.").to_owned());
        }
    }
    fn finish(self, emit: &mut Emit<'_>, ending: Ending) -> Ending {
        let tool = if self.tool.is_empty() { "sarif".to_owned() } else { self.tool };
        let sightings =
            result::sightings(&tool, self.repository.as_deref(), self.rows, &self.rules, &self.artifacts);
        let report = Report {
            tool,
            tool_version: self.version,
            started: self.started,
            ended: self.ended,
            sightings,
            tool_failed: self.failed,
            ..Report::default()
        };
        deliver(emit, report, ending)
    }
}
