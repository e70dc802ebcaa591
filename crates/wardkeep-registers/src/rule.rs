//! Detection rules: what is looked for in log records, and how far each rule is trusted.

use crate::Person;
use crate::checks::only;
use crate::choices::Severity;
use wardkeep_register::prelude::*;

/// What is looked for in log records, written in Sigma.
#[derive(Record)]
pub struct Rule {
    /// What it finds.
    #[field(title)]
    pub name: Line,
    /// The rule's own id. Alerts, tuning and updates hang on it.
    #[field(unique)]
    pub rule_id: Line,
    /// How bad a hit would be.
    #[field(list, filter)]
    pub level: Severity,
    /// Where it comes from.
    #[field(list, filter)]
    pub source: Source,
    /// Who answers for it.
    #[field(filter)]
    pub owner: Option<Link<Person>>,
    /// What it is about.
    pub description: Markdown,
    /// The file, as its source names it.
    pub file: Option<Line>,
    /// The folder or checkout that it came from, with the commit.
    pub origin: Option<Line>,
    /// The log source it is written for: product, category, service.
    #[field(list, filter)]
    pub log_source: Option<Line>,
    /// Tactics of MITRE ATT&CK, such as TA0006.
    pub tactics: Option<Line>,
    /// Techniques of MITRE ATT&CK, such as T1110.001.
    #[field(filter)]
    pub techniques: Option<Line>,
    /// Whether records of its log source arrive. A rule that sees none is blind, however active it is.
    #[field(list, filter, computed)]
    pub sight: Option<Sight>,
    /// Hash of its text.
    #[field(computed)]
    pub text_hash: Option<Line>,
    /// Hash of its text before the last update.
    #[field(computed)]
    pub text_before: Option<Line>,
    /// Why it cannot be compiled.
    #[field(computed)]
    pub refused: Text,
    /// Hash of the text whose tests ran last.
    #[field(computed)]
    pub tested_text: Option<Line>,
    /// How its tests ended.
    #[field(filter, computed)]
    pub test_result: Option<TestResult>,
    /// When its tests ran.
    #[field(computed)]
    pub tested_at: Option<Moment>,
    /// Hash of the text that was tried on stored records.
    #[field(computed)]
    pub tried_text: Option<Line>,
    /// When it was tried on stored records.
    #[field(computed)]
    pub tried_at: Option<Moment>,
    /// Hits a day in that dry run.
    #[field(computed)]
    pub tried_hits: Option<i64>,
    /// Hits in the last 30 days.
    #[field(list, computed)]
    pub hits: Option<i64>,
    /// Closed alerts of it that were false, of all that were judged.
    #[field(list, computed)]
    pub false_share: Option<Percent>,
    /// When it fired last.
    #[field(list, computed)]
    pub last_fired: Option<Moment>,
    /// Nanoseconds for one stored record of its log source.
    #[field(computed)]
    pub cost: Option<i64>,
}

/// Where rules come from.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Source {
    /// Written here.
    Hand,
    /// Shipped with Wardkeep.
    Ours,
    /// Read from a folder.
    Folder,
    /// Read from a git checkout.
    Git,
}

/// Whether a rule can see anything.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Sight {
    /// Records of its log source arrived.
    Sees,
    /// No record of its log source arrived.
    Blind,
}

/// How tests ended.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum TestResult {
    /// All samples came out as written.
    Passed,
    /// Some sample did not.
    Failed,
}

/// Life of a rule.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Being tried; makes no alerts.
    #[open]
    Test,
    /// Makes alerts.
    #[open]
    Active,
    /// Makes no alerts for a while.
    #[open]
    Muted,
    /// Used no more.
    #[done]
    Retired,
}

use Stage::{Active, Draft, Muted, Retired, Test};

impl Register for Rule {
    type Stage = Stage;
    const NAMES: Names = Names { one: "rule", many: "rules", prefix: "RUL", area: Area::Detect, key: "rule" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("test", &[Draft], Test).only_if(compiles),
        Move::new("activate", &[Test], Active).only_if(is_proven),
        Move::new("mute", &[Active], Muted).with_reason(),
        Move::new("unmute", &[Muted], Active).only_if(compiles),
        Move::new("rework", &[Test, Active, Muted], Draft),
        Move::new("retire", &[Draft, Test, Active, Muted], Retired).with_reason(),
        Move::new("revive", &[Retired], Draft),
    ];

    fn check(&self, _stage: Stage, problems: &mut Problems) {
        let id = self.rule_id.as_str();
        let plain = id.chars().all(|c| !c.is_control() && !matches!(c, '\'' | '"' | '`'));
        problems.require(plain, "rule_id", "invalid", "an id has no quotes; a new UUID is the best one");
        let counts = [("hits", self.hits), ("tried_hits", self.tried_hits), ("cost", self.cost)];
        for (field, count) in counts {
            problems.require(count.is_none_or(|n| n >= 0), field, "negative", "this is zero or more");
        }
    }
}

fn compiles(rule: &Rule, _: &GuardContext) -> Result<(), Refused> {
    only(rule.text_hash.is_some(), "write the rule's text first")?;
    only(rule.refused.as_str().is_empty(), "its text cannot be compiled: mend it first")
}

/// This very text was tried on stored records, or passed its tests (DE-4).
fn is_proven(rule: &Rule, context: &GuardContext) -> Result<(), Refused> {
    compiles(rule, context)?;
    let passed = rule.test_result == Some(TestResult::Passed) && rule.tested_text == rule.text_hash;
    let tried = rule.tried_text == rule.text_hash;
    only(
        passed || tried,
        "run its tests or a dry run of this text first: nobody knows yet what it would find",
    )
}

#[cfg(test)]
mod tests {
    use super::Rule;
    use crate::testing::sample;

    #[test]
    fn a_rule_is_active_only_when_this_text_is_proven() {
        let bare = sample::<Rule>().refuses("test", "text first");
        let written = bare.with("text_hash", "aa").allows("test").at("test");
        let tried = written.refuses("activate", "dry run").with("tried_text", "aa").allows("activate");
        let changed = tried.with("text_hash", "bb").refuses("activate", "dry run");
        let failed = changed.with("tested_text", "bb").with("test_result", "failed");
        failed.refuses("activate", "dry run").with("test_result", "passed").allows("activate");
    }

    #[test]
    fn a_text_that_does_not_compile_is_never_used() {
        let broken = sample::<Rule>().with("text_hash", "aa").with("refused", "line 3: no condition");
        broken.refuses("test", "mend").at("muted").refuses("unmute", "mend");
        sample::<Rule>().with("rule_id", "it's").fails_in("rule_id");
        sample::<Rule>().with("hits", "-1").fails_in("hits");
    }
}
