//! Filters: tuning of detection rules, kept apart from them so that no update of a rule loses it.

use crate::checks::{is_over, lies_ahead, only, owned};
use crate::{Person, Rule};
use wardkeep_register::prelude::*;

/// Longest time that a filter holds before somebody looks at it again, in days.
pub const LONGEST_DAYS: i64 = 365;

/// What a detection rule is told to let pass, for a time.
#[derive(Record)]
pub struct RuleFilter {
    /// What is let pass.
    #[field(title)]
    pub name: Line,
    /// The rules that it tunes.
    pub rules: Links<Rule>,
    /// Selections and a condition as in a Sigma filter; records for which the condition does not hold are let pass.
    pub filter: Text,
    /// What sort of harmless it is.
    #[field(list, filter)]
    pub cause: Cause,
    /// Why this is harmless here.
    pub reason: Markdown,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// Last day on which it holds, a year ahead at most.
    #[field(list, due)]
    pub until: Option<Date>,
    /// Why it cannot be compiled.
    #[field(computed)]
    pub refused: Text,
}

/// Why records are let pass.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Cause {
    /// It happens, and is meant to.
    Meant,
    /// It does not happen: the rule is mistaken.
    Mistaken,
    /// Somebody tries something out.
    Trial,
}

/// Life of a filter.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Holds until its last day.
    #[open]
    Active,
    /// Its last day has passed: it filters nothing.
    #[done]
    Expired,
    /// Taken back.
    #[done]
    Withdrawn,
}

use Stage::{Active, Draft, Expired, Withdrawn};

impl Register for RuleFilter {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "rule filter",
        many: "rule filters",
        prefix: "FIL",
        area: Area::Detect,
        key: "rule_filter",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("activate", &[Draft], Active).only_if(is_complete),
        Move::new("renew", &[Expired, Withdrawn], Active).with_reason().only_if(is_complete),
        Move::new("expire", &[Active], Expired).only_if(end_has_come),
        Move::new("withdraw", &[Draft, Active, Expired], Withdrawn).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let says = self.filter.as_str();
        let whole = says.is_empty() || says.lines().any(|line| line.starts_with("condition:"));
        problems.require(
            whole,
            "filter",
            "invalid",
            "the filter needs selections and a line 'condition: ...'",
        );
        if stage == Active {
            problems.require(self.until.is_some(), "until", "required", "say until when it holds");
            problems.require(!self.rules.is_empty(), "rules", "required", "name the rules that it tunes");
        }
    }
}

fn is_complete(filter: &RuleFilter, context: &GuardContext) -> Result<(), Refused> {
    only(!filter.rules.is_empty(), "name the rules that it tunes")?;
    only(!filter.filter.as_str().is_empty(), "write what it lets pass")?;
    only(filter.refused.as_str().is_empty(), "it cannot be compiled: mend it first")?;
    only(!filter.reason.as_str().is_empty(), "say why this is harmless here")?;
    owned(filter.owner)?;
    lies_ahead(filter.until, "the last day", context)?;
    let days = filter.until.map_or(0, |day| day.days_since(context.today()));
    only(days <= LONGEST_DAYS, "a filter holds for 365 days at most; renew it then")
}

fn end_has_come(filter: &RuleFilter, context: &GuardContext) -> Result<(), Refused> {
    is_over(filter.until, "the last day", context)
}

#[cfg(test)]
mod tests {
    use super::RuleFilter;
    use crate::testing::{ID, sample};

    #[test]
    fn a_filter_has_a_reason_an_owner_and_an_end() {
        let named = sample::<RuleFilter>().refuses("activate", "rules that it tunes").with("rules", ID);
        let written = named.refuses("activate", "lets pass").with("filter", "s:\n  a: b\ncondition: not s");
        let why = written.refuses("activate", "harmless").with("reason", "The backup does this nightly.");
        let owned = why.refuses("activate", "answers").with("owner", ID);
        let dated = owned.refuses("activate", "last day").with("until", "2027-06-02");
        let held = dated.refuses("activate", "365 days").with("until", "2026-07-01").allows("activate");
        held.with("refused", "line 2").refuses("activate", "compiled");
    }

    #[test]
    fn a_filter_ends_on_its_last_day_and_no_sooner() {
        let held = sample::<RuleFilter>().with("rules", ID).at("active");
        held.with("until", "2026-06-02")
            .refuses("expire", "wait until")
            .with("until", "2026-05-31")
            .allows("expire");
        sample::<RuleFilter>().with("filter", "s: {a: b}").fails_in("filter");
    }
}
