//! One rule in hand: as it runs, or as its kept text says; and texts that people write here.

use super::row::RuleRow;
use super::{Arrival, Synced, kept_file};
use crate::{App, Ctx, Error, Refusal};
use wardkeep_detect::{Rule, RuleFile, RuleSet, RuleSource};
use wardkeep_store::cells;
use wardkeep_types::{Id, Problem, Problems};

/// A compiled rule within its set.
#[derive(Debug, Clone)]
pub struct RuleInHand {
    /// The set it stands in.
    pub set: RuleSet,
    /// Its place.
    pub at: usize,
}

impl RuleInHand {
    /// The rule itself.
    pub fn rule(&self) -> &Rule {
        &self.set.rules()[self.at]
    }
    fn find(set: RuleSet, id: &str) -> Option<Self> {
        let at = set.rules().iter().position(|rule| rule.id.eq_ignore_ascii_case(id))?;
        Some(Self { set, at })
    }
}

impl App {
    /// The rule of that id: as it runs, tuned; a rule that does not run, as its text says.
    pub(crate) async fn rule_in_hand(&self, rule_id: &str) -> Result<Option<RuleInHand>, Error> {
        if rule_id.is_empty() {
            return Ok(None);
        }
        let active = self.active_rules().await?;
        if let Some(found) = RuleInHand::find(active.set.clone(), rule_id) {
            return Ok(Some(found));
        }
        let rows = self.rule_rows("WHERE lower(rule_id) = lower($1)", cells![rule_id]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        self.rule_of_row(row).await
    }
    /// The reference of the record of a rule.
    pub(crate) async fn rule_record(&self, rule_id: &str) -> Result<Option<String>, Error> {
        let rows = self.rule_rows("WHERE lower(rule_id) = lower($1)", cells![rule_id]).await?;
        Ok(rows.into_iter().next().map(|row| row.reference))
    }
    /// The rule of a record, from its text alone.
    pub(crate) async fn rule_of_row(&self, row: &RuleRow) -> Result<Option<RuleInHand>, Error> {
        let Some(hash) = &row.hash else { return Ok(None) };
        let Some(text) = self.rule_text(hash).await? else { return Ok(None) };
        let (set, _) = RuleSet::load([kept_file(&row.file, text, &row.source)]);
        Ok(RuleInHand::find(set, &row.rule_id))
    }

    /// Registers rules that somebody wrote here: one file of one or more rules. New ones are drafts.
    pub async fn write_rules(&self, ctx: &Ctx, unit: Id, text: &str) -> Result<Synced, Error> {
        let file = RuleFile { path: "written here".into(), text: text.to_owned(), source: RuleSource::Hand };
        let (set, problems) = RuleSet::load([file.clone()]);
        let refused: Vec<_> = problems.iter().filter(|problem| problem.refused).collect();
        if !refused.is_empty() || set.is_empty() {
            return Err(Refusal::Invalid(told(&refused)).into());
        }
        if let Some(rule) = set.rules().iter().find(|rule| rule.id.starts_with("unnamed-")) {
            let message = format!("'{}' has no id; alerts and tuning hang on it", rule.title);
            return Err(Refusal::invalid("text", "no_id", message).into());
        }
        for rule in set.rules() {
            let rows =
                self.rule_rows("WHERE lower(rule_id) = lower($1)", cells![rule.id.to_string()]).await?;
            if let Some(old) = rows
                .first()
                .filter(|old| old.source != "hand" || old.stage == "active" || old.stage == "muted")
            {
                let message = match old.source.as_str() {
                    "hand" => format!(
                        "{} is {}; rework it first, so that nothing runs untried",
                        old.reference, old.stage
                    ),
                    _ => format!(
                        "{} has this id and comes from elsewhere; write a rule filter instead, or give yours another id",
                        old.reference
                    ),
                };
                return Err(Refusal::NotYet(message).into());
            }
        }
        let arrival = Arrival { files: vec![file], source: "hand", origin: None, stage: "draft" };
        self.sync_rules(ctx, unit, arrival).await
    }
}

fn told(refused: &[&wardkeep_detect::RuleProblem]) -> Problems {
    let mut problems = Problems::new();
    for problem in refused {
        let message = format!("line {}, column {}: {}", problem.line, problem.column, problem.message);
        problems.add(Problem::new("text", "rule_refused", message).hint(&problem.remedy));
    }
    if refused.is_empty() {
        problems.add(Problem::new("text", "empty", "there is no rule in this text"));
    }
    problems
}
