//! Tuning: filters that people keep beside rules, as the engine takes them.

use crate::{App, Error};
use std::collections::BTreeMap;
use wardkeep_detect::{RuleFile, RuleSource};
use wardkeep_store::cells;
use wardkeep_types::Date;

impl App {
    /// The filters that hold on that day, as files of Sigma filters. What is past its last day filters nothing,
    /// whatever its stage says.
    pub(crate) async fn filters_that_hold(&self, today: Date) -> Result<Vec<RuleFile>, Error> {
        let sql = r#"SELECT f.ref_number, f."filter", r.rule_id FROM rule_filter f JOIN link l ON l.from_id = f.id AND l.field = 'rules' AND l.to_change IS NULL JOIN rule r ON r.id = l.to_id WHERE f.stage = 'active' AND f.until >= $1 ORDER BY f.ref_number, r.rule_id"#;
        let mut filters: BTreeMap<i64, (String, Vec<String>)> = BTreeMap::new();
        for row in self.db.rows(sql, cells![today]).await? {
            let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
            let number: i64 = row.try_get("", "ref_number").map_err(Error::fault)?;
            filters.entry(number).or_insert((text("filter")?, Vec::new())).1.push(text("rule_id")?);
        }
        Ok(filters
            .into_iter()
            .map(|(number, (body, rules))| filter_file(&format!("FIL-{number:04}"), &body, &rules))
            .collect())
    }
}

/// A Sigma filter for these rules; `body` are its selections and condition. Without a log source of its own it fits
/// whatever rule it names.
pub(crate) fn filter_file(reference: &str, body: &str, rules: &[String]) -> RuleFile {
    let rules: Vec<String> = rules.iter().map(|id| format!("'{}'", id.replace('\'', "''"))).collect();
    let body: String = body.lines().map(|line| format!("  {line}\n")).collect();
    RuleFile {
        path: reference.to_owned(),
        text: format!("title: {reference}\nfilter:\n  rules: [{}]\n{body}", rules.join(", ")),
        source: RuleSource::Hand,
    }
}

#[cfg(test)]
mod tests {
    use super::filter_file;
    use wardkeep_detect::{RuleFile, RuleSet};

    #[test]
    fn a_filter_takes_away_what_it_names_and_says_so() {
        let rule = "title: Backup tool\nid: 0b7f9f4e-0000-4000-8000-000000000001\nlogsource: {product: windows, category: process_creation}\ndetection:\n  s:\n    Image|endswith: \\tool.exe\n  condition: s\n";
        let filter = filter_file(
            "FIL-0001",
            "nightly:\n  User: backup\ncondition: not nightly",
            &["0b7f9f4e-0000-4000-8000-000000000001".to_owned()],
        );
        let (set, problems) = RuleSet::load([RuleFile::new("r.yml", rule), filter]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(set.rules()[0].filters.iter().map(|f| &**f).collect::<Vec<_>>(), ["FIL-0001"]);
    }
}
