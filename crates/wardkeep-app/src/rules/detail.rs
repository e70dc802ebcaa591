//! What a rule's page shows beside its fields.

use super::diff::{DiffLine, diff};
use super::dry_run::DryRunView;
use super::samples::KeptSample;
use crate::{App, Ctx, Error, Organisation};
use wardkeep_detect::{Logic, Samples, shipped_samples};
use wardkeep_store::{Job, cells};
use wardkeep_types::{Date, Id};

/// A filter of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterOf {
    /// Reference.
    pub reference: String,
    /// What it lets pass.
    pub name: String,
    /// Its last day.
    pub until: Option<Date>,
    /// Whether it filters now.
    pub holds: bool,
    /// Stage.
    pub stage: String,
}

/// Samples that a shipped rule carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamplesOf {
    /// Those that must fire it.
    pub positive: usize,
    /// Those that must not.
    pub negative: usize,
    /// What came out otherwise, run just now.
    pub wrong: Vec<String>,
}

/// A rule's page.
#[derive(Debug, Clone, Default)]
pub struct RuleDetail {
    /// The rule's text; empty when none was written yet.
    pub text: String,
    /// What the last update changed.
    pub changes: Vec<DiffLine>,
    /// The condition as written.
    pub condition: String,
    /// Titles of the rules that a correlation watches.
    pub watches: Vec<String>,
    /// Known harmless causes.
    pub harmless: Vec<String>,
    /// Its samples.
    pub samples: Option<SamplesOf>,
    /// Tests that people keep with it, run just now.
    pub kept: Vec<KeptSample>,
    /// A dry run in the background: waiting, running, or failed.
    pub dry_run_job: Option<Job>,
    /// The last dry run.
    pub dry_run: Option<DryRunView>,
    /// Whether that ran on the text as it is now.
    pub dry_run_fits: bool,
    /// Filters that name it.
    pub filters: Vec<FilterOf>,
    /// What is wrong with its text, if it cannot be compiled.
    pub refused: Vec<String>,
    /// Whether it comes from a file: then its text is not changed here.
    pub from_file: bool,
}

impl App {
    /// What the page of a rule shows; that the reader may see the rule is the caller's matter.
    pub async fn rule_detail(&self, rule: Id) -> Result<RuleDetail, Error> {
        let Some(row) = self.rule_row(rule).await? else { return Ok(RuleDetail::default()) };
        let mut detail = RuleDetail { from_file: row.source != "hand", ..RuleDetail::default() };
        detail.dry_run = self.last_dry_run(rule).await?;
        detail.dry_run_fits = detail.dry_run.as_ref().map(|run| &run.text_hash) == row.hash.as_ref();
        detail.filters = self.filters_of(rule).await?;
        detail.dry_run_job = self.open_dry_run(rule).await?;
        detail.kept = self.rule_samples(rule).await?;
        let Some(hash) = &row.hash else { return Ok(detail) };
        detail.text = self.rule_text(hash).await?.unwrap_or_default();
        let before = "SELECT text_before FROM rule WHERE id = $1";
        let before = self.db.row(before, cells![rule]).await?;
        let before: Option<String> = before.and_then(|r| r.try_get("", "text_before").ok()).flatten();
        if let Some(before) = before
            && let Some(before) = self.rule_text(&before).await?
        {
            detail.changes = diff(&before, &detail.text);
        }
        match self.rule_of_row(&row).await? {
            Some(found) => {
                let rule = found.rule();
                detail.condition.clone_from(&rule.condition);
                detail.harmless.clone_from(&rule.falsepositives);
                if let Logic::Correlation(correlation) = &rule.logic {
                    let members = correlation.members.iter();
                    let title = |m: &wardkeep_detect::correlation::Member| {
                        found.set.rules()[m.rule].title.to_string()
                    };
                    detail.watches = members.map(title).collect();
                }
                let samples = shipped_samples(&row.file).filter(|_| row.source == "ours");
                if let Some(Ok(samples)) = samples.map(Samples::parse) {
                    let ids: Vec<&str> = found.set.rules().iter().map(|rule| &*rule.id).collect();
                    let wrong = samples.check(&found.set, &ids, &wardkeep_events::classify);
                    let (positive, negative) = (samples.positive.len(), samples.negative.len());
                    detail.samples = Some(SamplesOf { positive, negative, wrong });
                }
            }
            None => {
                let file = super::kept_file(&row.file, detail.text.clone(), &row.source);
                let (_, problems) = wardkeep_detect::RuleSet::load([file]);
                let told = |p: &wardkeep_detect::RuleProblem| {
                    format!("line {}, column {}: {}. {}", p.line, p.column, p.message, p.remedy)
                };
                detail.refused = problems.iter().map(told).collect();
            }
        }
        Ok(detail)
    }

    async fn filters_of(&self, rule: Id) -> Result<Vec<FilterOf>, Error> {
        let today = self.clock.now().date();
        let sql = "SELECT f.ref_number, f.name, f.stage, f.until FROM link l JOIN rule_filter f ON f.id = l.from_id WHERE l.to_id = $1 AND l.field = 'rules' AND l.to_change IS NULL AND f.restricted = 0 ORDER BY f.ref_number";
        let rows = self.db.rows(sql, cells![rule]).await?;
        rows.iter()
            .map(|row| {
                let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
                let number: i64 = row.try_get("", "ref_number").map_err(Error::fault)?;
                let until: Option<String> = row.try_get("", "until").map_err(Error::fault)?;
                let until = until.and_then(|day| day.parse::<Date>().ok());
                let stage = text("stage")?;
                let holds = stage == "active" && until.is_some_and(|day| day >= today);
                Ok(FilterOf {
                    reference: format!("FIL-{number:04}"),
                    name: text("name")?,
                    until,
                    holds,
                    stage,
                })
            })
            .collect()
    }

    /// The unit in which rules that people write are kept: the top one that the reader may add rules to.
    pub fn rule_unit(&self, ctx: &Ctx, organisation: &Organisation) -> Option<Id> {
        use wardkeep_register::Verb;
        use wardkeep_rights::{Resource, Target, decide};
        let may = |unit: &Id| {
            let target = Target::of(*unit, None);
            decide(&ctx.actor, &organisation.units, Verb::Add, Resource::Register("rule"), &target).is_ok()
        };
        let all = organisation.unit_names.keys().copied();
        organisation.units.roots().find(|unit| may(unit)).or_else(|| {
            let mut may: Vec<Id> = all.filter(|unit| may(unit)).collect();
            may.sort_unstable();
            may.first().copied()
        })
    }
}
