//! The rows of an import: what each would do, does, or did, and which are taken.

use super::super::errors::sentence;
use super::preview::Shown;
use crate::parts::{ButtonView, ImportRowView, ImportView, Outcome, OutcomeCount, PagerView};
use crate::words::{fill, words};
use wardkeep_app::exchange::{ImportRow, ImportState, RowOutcome};
use wardkeep_types::Problem;

impl Shown<'_> {
    pub(super) fn preview(&self) -> ImportView {
        let import = self.import();
        let counts = &import.counts;
        let at = |outcome: RowOutcome| format!("{}?outcome={}", self.place(), outcome.key());
        let count = |outcome, n: u64, of: RowOutcome| OutcomeCount {
            outcome,
            count: self.reader.taste.count(n as i64),
            href: at(of),
        };
        let choose = self.may.0 && matches!(import.state, ImportState::Staged | ImportState::Applying);
        let mut fields = self.reader.hidden();
        for (name, value) in &self.reader.pairs {
            if matches!(name.as_str(), "outcome" | "after") {
                fields.push((name.clone(), value.clone()));
            }
        }
        let mut acts = Vec::new();
        if choose {
            let n = self.reader.taste.count(self.waiting as i64);
            let label = fill("imports.apply", &[("n", &n)]);
            let apply = ButtonView::verb(label, "verb", "apply").main();
            acts.push(if self.waiting > 0 { apply } else { apply.disabled(words("imports.nothing_to_do")) });
            acts.push(ButtonView::verb(words("imports.choose"), "verb", "choose"));
        }
        ImportView {
            counts: vec![
                count(Outcome::Refused, counts.refused, RowOutcome::Refused),
                count(Outcome::Change, counts.change, RowOutcome::Change),
                count(Outcome::Add, counts.add, RowOutcome::Add),
                count(Outcome::Same, counts.same, RowOutcome::Same),
            ],
            rows: self.page.rows.iter().map(|row| self.row(row, choose)).collect(),
            action: self.place(),
            fields,
            whole: (choose && import.state == ImportState::Staged)
                .then(|| (words("imports.whole").to_owned(), false)),
            acts,
        }
    }
    fn row(&self, row: &ImportRow, choose: bool) -> ImportRowView {
        let label = |path: &str| {
            let custom = self.reader.organisation.custom(self.schema.key);
            super::super::convert::declared(self.schema, custom, path)
                .map_or_else(|| path.to_owned(), wardkeep_register::Field::label)
        };
        let problem = |p: &Problem| {
            let (label, message) = (label(&p.path), sentence(&p.message));
            if message.starts_with(&label) { message } else { format!("{label}: {message}") }
        };
        let writes = matches!(row.outcome, RowOutcome::Add | RowOutcome::Change);
        let mut changes: Vec<(String, String, String)> =
            row.changes.iter().map(|c| (c.label.clone(), c.before.clone(), c.after.clone())).collect();
        changes.extend(row.moves.iter().map(|step| {
            let label = self
                .schema
                .moves
                .iter()
                .find(|m| m.name == step)
                .map_or(step.clone(), wardkeep_register::MoveSchema::label);
            (words("imports.move").to_owned(), String::new(), label)
        }));
        ImportRowView {
            key: row.row.to_string(),
            line: row.line,
            title: row.title.clone(),
            reference: row.reference.clone().map(|r| {
                let path = format!("/{}/{r}", self.schema.path);
                (r, path)
            }),
            outcome: match row.outcome {
                RowOutcome::Add => Outcome::Add,
                RowOutcome::Change => Outcome::Change,
                RowOutcome::Same => Outcome::Same,
                RowOutcome::Refused => Outcome::Refused,
            },
            reasons: row.problems.iter().map(|p| (problem(p), remedy(p))).collect(),
            // Of a refused row only what is wrong with it counts.
            changes: if row.outcome == RowOutcome::Refused { Vec::new() } else { changes },
            note: self.note(row, writes),
            take: (choose && writes && !row.applied).then_some(row.taken),
        }
    }
    /// What became of a row once the import ran.
    fn note(&self, row: &ImportRow, writes: bool) -> Option<String> {
        let word = match self.import().state {
            _ if !writes => return None,
            ImportState::Staged | ImportState::Reading => return None,
            ImportState::Undone if !row.applied => words("imports.row_back"),
            _ if row.applied => return None,
            ImportState::Applying => words("imports.row_waits"),
            _ => words("imports.row_out"),
        };
        Some(word.to_owned())
    }
    pub(super) fn pager(&self) -> PagerView {
        let counts = &self.import().counts;
        let of = match self.outcome {
            None => counts.total,
            Some(RowOutcome::Add) => counts.add,
            Some(RowOutcome::Change) => counts.change,
            Some(RowOutcome::Same) => counts.same,
            Some(RowOutcome::Refused) => counts.refused,
        };
        let address = self.reader.address().without(&["ask"]);
        PagerView {
            shown: fill("list.rows", &[("n", &self.page.rows.len().to_string())]),
            total: Some(self.reader.taste.count(of as i64)),
            about: false,
            first: (self.reader.asked("after").is_some() || self.outcome.is_some()).then(|| self.place()),
            previous: None,
            next: self.page.next.map(|row| address.with("after", row.to_string()).to_string()),
        }
    }
}

/// What to do about a problem, unless its message says it already.
fn remedy(problem: &Problem) -> String {
    let core = problem.hint.trim_start_matches("Write ").trim_end_matches('.');
    // "write it as 2026-03-31" and "Write the day as 2026-03-31." say the same.
    let example = core.rsplit_once(" as ").map_or(core, |(_, example)| example);
    if problem.message.ends_with(&format!(" as {example}")) || problem.message.contains(core) {
        String::new()
    } else {
        sentence(&problem.hint)
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, remedy};

    #[test]
    fn a_remedy_is_said_once() {
        let of = |message: &str, hint: &str| remedy(&Problem::new("email", "invalid", message).hint(hint));
        assert_eq!(of("'x' is not one of: a, b", "Write one of: a, b."), "");
        assert_eq!(of("'x' is no colour", "Write red."), "Write red.");
        assert_eq!(of("'x' is no day", "Write the day as 2026-03-31."), "Write the day as 2026-03-31.");
        assert_eq!(of("'x' is no day; write it as 2026-03-31", "Write the day as 2026-03-31."), "");
    }
}
