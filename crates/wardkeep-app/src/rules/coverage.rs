//! How much of ATT&CK the rules cover: claimed (a rule exists), with data (its log source arrives), proven (it passed
//! its test, or fired in the last 90 days).

use crate::{App, Ctx, Error, Organisation};
use std::collections::BTreeMap;
use wardkeep_assure::{Fact, Row};
use wardkeep_register::Verb;
use wardkeep_rights::{Resource, scope};
use wardkeep_store::cells;
use wardkeep_types::Moment;

/// Days for which having fired proves a rule.
const DAYS: i64 = 90;

/// Rules or techniques that are covered so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Covered {
    /// Active rules exist.
    pub claimed: u64,
    /// Records that they look at arrive.
    pub with_data: u64,
    /// They passed their tests as they are written now, or fired of late.
    pub proven: u64,
}

impl Covered {
    fn add(&mut self, more: Self) {
        self.claimed += more.claimed;
        self.with_data += more.with_data;
        self.proven += more.proven;
    }
}

/// One tactic.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TacticCover {
    /// Its id, such as TA0006.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Techniques of its rules.
    pub techniques: Covered,
    /// Active rules.
    pub rules: Covered,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Coverage {
    /// Tactics in the order of an attack.
    pub tactics: Vec<TacticCover>,
    /// Techniques over all tactics, each counted once, by id.
    pub techniques: BTreeMap<String, Covered>,
    /// All active rules.
    pub rules: Covered,
    /// Active rules whose log source does not arrive.
    pub blind: u64,
    /// Rules by stage.
    pub stages: BTreeMap<String, u64>,
}

impl Coverage {
    /// How many techniques are claimed, seen, proven.
    pub fn technique_counts(&self) -> Covered {
        let mut all = Covered::default();
        self.techniques.values().for_each(|one| all.add(once(*one)));
        all
    }
}

fn once(count: Covered) -> Covered {
    let one = |n: u64| n.min(1);
    Covered { claimed: one(count.claimed), with_data: one(count.with_data), proven: one(count.proven) }
}

impl App {
    /// Coverage by the rules of all units. Who may view rules nowhere gets none.
    pub async fn rule_coverage(&self, ctx: &Ctx, organisation: &Organisation) -> Result<Coverage, Error> {
        if scope(&ctx.actor, &organisation.units, Resource::Register("rule"), Verb::View).is_empty() {
            return Ok(Coverage::default());
        }
        self.coverage(ctx.now).await
    }
    /// Each technique that active rules claim, as a fact of control tests (`records/technique`): how many rules claim
    /// it, see data, are proven.
    pub(crate) async fn technique_rows(&self) -> Result<Vec<Row>, Error> {
        let coverage = self.coverage(self.clock.now()).await?;
        let row = |(technique, covered): (String, Covered)| {
            Row::default()
                .text("reference", &technique)
                .text("title", &technique)
                .with("claimed", Fact::Number(covered.claimed as f64))
                .with("with_data", Fact::Number(covered.with_data as f64))
                .with("proven", Fact::Number(covered.proven as f64))
        };
        Ok(coverage.techniques.into_iter().map(row).collect())
    }
    /// Coverage as of a moment.
    pub(crate) async fn coverage(&self, as_of: Moment) -> Result<Coverage, Error> {
        let since = as_of.plus_seconds(-DAYS * 86_400);
        let sql = "SELECT stage, sight, tactics, techniques, text_hash, tested_text, test_result, last_fired FROM rule";
        let mut coverage = Coverage::default();
        let mut tactics: BTreeMap<String, (Covered, BTreeMap<String, Covered>)> = BTreeMap::new();
        for row in self.db.rows(sql, cells![]).await? {
            let text = |name: &str| {
                row.try_get::<Option<String>>("", name).map(Option::unwrap_or_default).map_err(Error::fault)
            };
            let stage = text("stage")?;
            *coverage.stages.entry(stage.clone()).or_default() += 1;
            if stage != "active" {
                continue;
            }
            let fired: Option<i64> = row.try_get("", "last_fired").map_err(Error::fault)?;
            let fired = fired.is_some_and(|at| at >= since.as_micros());
            let tested = text("test_result")? == "passed" && text("tested_text")? == text("text_hash")?;
            let sees = text("sight")? == "sees";
            let rule = Covered { claimed: 1, with_data: u64::from(sees), proven: u64::from(fired || tested) };
            coverage.rules.add(rule);
            coverage.blind += u64::from(text("sight")? == "blind");
            let techniques = text("techniques")?;
            for technique in techniques.split(", ").filter(|t| !t.is_empty()) {
                coverage.techniques.entry(technique.to_owned()).or_default().add(rule);
            }
            for tactic in text("tactics")?.split(", ") {
                let entry = tactics.entry(tactic.to_owned()).or_default();
                entry.0.add(rule);
                for technique in techniques.split(", ").filter(|t| !t.is_empty()) {
                    entry.1.entry(technique.to_owned()).or_default().add(rule);
                }
            }
        }
        coverage.tactics = crate::assess::TACTICS
            .iter()
            .map(|(_, id, name)| {
                let (rules, of_tactic) = tactics.remove(*id).unwrap_or_default();
                let mut techniques = Covered::default();
                of_tactic.values().for_each(|one| techniques.add(once(*one)));
                TacticCover { id, name, techniques, rules }
            })
            .collect();
        Ok(coverage)
    }
}
