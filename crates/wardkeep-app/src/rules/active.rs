//! The rules that run: those that are active, tuned by the filters that hold today.

use super::kept_file;
use crate::{App, Error};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use wardkeep_detect::{RuleFile, RuleProblem, RuleSet};
use wardkeep_store::cells;
use wardkeep_types::{Date, Id};

/// The rules that run now.
#[derive(Debug, Clone, Default)]
pub struct ActiveRules {
    /// Compiled. Rules that are not active but stand in a file with active ones are asleep.
    pub set: RuleSet,
    /// The record of each rule, by the rule's id in small letters.
    pub records: HashMap<Arc<str>, Id>,
    /// What could not be used.
    pub problems: Vec<RuleProblem>,
    /// Equal exactly when rules, texts and filters are.
    pub fingerprint: String,
}

/// What was compiled last, and from what.
#[derive(Debug, Default)]
pub(crate) struct RuleCache(RwLock<(Stamp, Arc<ActiveRules>)>);

/// The newest change of rules, that of filters, and the day on which filters are judged.
type Stamp = (i64, i64, Option<Date>);

/// Whether a rule that is absent from the register may run: before the first start nothing is registered.
const SHIPPED: &str = "shipped";

impl App {
    /// The rules that run now. Two small statements when nothing changed since the last call, so that whoever runs
    /// rules asks again every few seconds; what was given before stays the same `Arc` until a rule, a text or a
    /// filter changes, in this process or another.
    pub async fn active_rules(&self) -> Result<Arc<ActiveRules>, Error> {
        let today = self.clock.now().date();
        let sql = "SELECT (SELECT max(from_change) FROM rule) AS rules, (SELECT max(from_change) FROM rule_filter) AS filters";
        let row = self.db.row(sql, cells![]).await?.ok_or_else(|| Error::fault("no stamp"))?;
        let newest = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
        let stamp = (newest("rules")?.unwrap_or(0), newest("filters")?.unwrap_or(0), Some(today));
        let (known, rules) = self.rules.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if known == stamp && !rules.fingerprint.is_empty() {
            return Ok(rules);
        }
        let rows = self.rule_rows("WHERE stage = 'active'", cells![]).await?;
        let filters = self.filters_that_hold(today).await?;
        let mut hasher = blake3::Hasher::new();
        for row in &rows {
            hasher.update(format!("{} {:?}\n", row.rule_id, row.hash).as_bytes());
        }
        filters.iter().for_each(|filter| {
            hasher.update(filter.text.as_bytes());
        });
        let fingerprint =
            if stamp.0 == 0 { SHIPPED.to_owned() } else { hasher.finalize().to_hex().to_string() };
        let same = rules.fingerprint == fingerprint;
        let fresh = if same { rules } else { Arc::new(self.compile(rows, filters, fingerprint).await?) };
        *self.rules.0.write().unwrap_or_else(PoisonError::into_inner) = (stamp, fresh.clone());
        Ok(fresh)
    }

    async fn compile(
        &self,
        rows: Vec<super::row::RuleRow>,
        filters: Vec<RuleFile>,
        fingerprint: String,
    ) -> Result<ActiveRules, Error> {
        if fingerprint == SHIPPED {
            let (set, problems) = RuleSet::load(wardkeep_detect::builtin());
            return Ok(ActiveRules { set, records: HashMap::new(), problems, fingerprint });
        }
        let mut files = self.texts_of(&rows).await?;
        files.extend(filters);
        let records: HashMap<Arc<str>, Id> =
            rows.iter().map(|row| (row.rule_id.to_lowercase().into(), row.id)).collect();
        tokio::task::spawn_blocking(move || {
            let (set, problems) = RuleSet::load(files);
            let whole = set.rules().iter().all(|rule| records.contains_key(&rule.id));
            let set = if whole { set } else { set.keep(|rule| records.contains_key(&rule.id)) };
            ActiveRules { set, records, problems, fingerprint }
        })
        .await
        .map_err(Error::fault)
    }

    /// The files of these rules, each once, in the order of the rules.
    pub(crate) async fn texts_of(&self, rows: &[super::row::RuleRow]) -> Result<Vec<RuleFile>, Error> {
        let mut texts = HashMap::new();
        let sql = "SELECT hash, body FROM rule_text WHERE hash IN (SELECT text_hash FROM rule)";
        for row in self.db.rows(sql, cells![]).await? {
            let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
            texts.insert(text("hash")?, text("body")?);
        }
        let mut seen = HashSet::new();
        let mut files = Vec::new();
        for row in rows {
            let Some(hash) = row.hash.as_ref().filter(|hash| seen.insert((*hash).clone())) else { continue };
            if let Some(text) = texts.remove(hash) {
                files.push(kept_file(&row.file, text, &row.source));
            }
        }
        Ok(files)
    }
}
