//! A rule over stored history, before it makes alerts (DE-4).

use super::hand::RuleInHand;
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde::{Deserialize, Serialize};
use wardkeep_detect::check::{DryRun, DryRunReport};
use wardkeep_register::{Value, Verb};
use wardkeep_store::cells;
use wardkeep_types::limits::QUERY_SECONDS;
use wardkeep_types::{Id, Moment};

/// Events looked at together.
const ROWS: usize = 8_192;

/// What a dry run found, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRunView {
    /// Days, values, examples.
    #[serde(flatten)]
    pub report: DryRunReport,
    /// When it ran.
    pub at: Moment,
    /// Hash of the text that ran.
    pub text_hash: String,
    /// Microseconds it took.
    pub micros: i64,
    /// Event files that were read, newest first, of how many.
    pub files: (u64, u64),
    /// It stopped at the limit on queries: older events were not looked at.
    pub cut: bool,
}

impl DryRunView {
    /// Hits on a day with events, rounded up: a rule that fires once in ten days does fire.
    pub fn hits_a_day(&self) -> u64 {
        self.report.hits.div_ceil((self.report.per_day.len() as u64).max(1))
    }
    /// Nanoseconds for one event of the rule's log source; `None` when there was none.
    pub fn cost(&self) -> Option<i64> {
        let looked_at = i64::try_from(self.report.looked_at).ok().filter(|n| *n > 0)?;
        Some(self.micros.saturating_mul(1_000) / looked_at)
    }
}

impl App {
    /// Runs a registered rule over stored events, newest files first, and keeps what it found with the record: from
    /// then on this text counts as tried.
    pub async fn dry_run_rule(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
    ) -> Result<DryRunView, Error> {
        let schema = App::schema("rule")?;
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, Verb::Edit, &head).await?;
        let rule = head.id;
        let row = self.rule_row(rule).await?.ok_or(Refusal::NotFound)?;
        let hash = row.hash.clone().ok_or_else(|| Refusal::NotYet("write the rule's text first".into()))?;
        let found = self.rule_of_row(&row).await?;
        let found =
            found.ok_or_else(|| Refusal::NotYet("its text cannot be compiled: mend it first".into()))?;
        let view = self.dry_run(found, hash.clone()).await?;
        let mut edits = Edits::from([
            ("tried_text".into(), Value::text(&hash)),
            ("tried_at".into(), Value::Moment(ctx.now)),
            ("tried_hits".into(), Value::Int(view.hits_a_day() as i64)),
        ]);
        if let Some(cost) = view.cost() {
            edits.insert("cost".into(), Value::Int(cost));
        }
        let json = serde_json::to_string(&view).map_err(Error::fault)?;
        let sql = "INSERT INTO rule_run (rule_id, at, report) VALUES ($1, $2, $3) ON CONFLICT (rule_id) DO UPDATE SET at = excluded.at, report = excluded.report";
        let why = "a dry run over stored events";
        let proposal = Proposal::change(schema, rule, None, edits).worked_out().because(why);
        self.write_batch(ctx, vec![proposal], vec![(sql.to_owned(), cells![rule, ctx.now, json])]).await?;
        Ok(view)
    }

    /// The last dry run of a rule.
    pub async fn last_dry_run(&self, rule: Id) -> Result<Option<DryRunView>, Error> {
        let row = self.db.row("SELECT report FROM rule_run WHERE rule_id = $1", cells![rule]).await?;
        let json = row.map(|row| row.try_get::<String>("", "report").map_err(Error::fault)).transpose()?;
        // A report of an older version that reads differently is as good as none.
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Runs any rule over stored events; nothing is kept.
    pub async fn dry_run(&self, found: RuleInHand, text_hash: String) -> Result<DryRunView, Error> {
        let (folder, mut names) = (self.folder.events(), self.event_files(None).await?);
        names.reverse();
        let (clock, all) = (self.clock.clone(), names.len() as u64);
        tokio::task::spawn_blocking(move || {
            let begun = clock.now();
            let Some(mut run) = DryRun::new(&found.set, found.at) else {
                let what = "a correlation looks at hits of other rules: try those";
                return Err(Refusal::NotYet(what.into()).into());
            };
            let (mut read, mut cut) = (0, false);
            for name in names {
                if clock.now().seconds_since(begun) >= QUERY_SECONDS as i64 {
                    cut = true;
                    break;
                }
                let keywords = run.has_keywords();
                let fields = run.wanted();
                let wanted = |field: &str| fields.iter().any(|wanted| **wanted == *field);
                wardkeep_events::store::read_columns(
                    &folder,
                    &name,
                    ROWS,
                    Some(&wanted),
                    keywords,
                    |columns| {
                        run.add(&columns);
                    },
                )
                .map_err(Error::fault)?;
                read += 1;
            }
            let at = clock.now();
            let micros = at.as_micros() - begun.as_micros();
            Ok(DryRunView { report: run.finish(), at, text_hash, micros, files: (read, all), cut })
        })
        .await
        .map_err(Error::fault)?
    }
}
