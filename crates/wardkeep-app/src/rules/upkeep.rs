//! What is known of each rule beside its text: whether it sees anything, what it found, how often it was wrong.
//! Written to the records only where it differs.

use super::sight::heard;
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use std::collections::{BTreeSet, HashMap, HashSet};
use wardkeep_register::Value;
use wardkeep_store::cells;
use wardkeep_types::event::LogSource;
use wardkeep_types::limits::BATCH_ROWS;
use wardkeep_types::{Id, Moment, Percent};

/// Days over which hits are counted, and within which a log source must have given something.
const DAYS: i64 = 30;

#[derive(Debug, Clone, PartialEq, Default)]
struct Facts {
    sight: Option<String>,
    hits: Option<i64>,
    false_share: Option<i64>,
    last_fired: Option<Moment>,
}

impl App {
    /// What a program that goes on running does at its start: registers what ships with it, ends filters that are
    /// over. Nothing happens before there is an organisation.
    pub async fn rules_at_start(&self, ctx: &Ctx) -> Result<(), Error> {
        let Some(unit) = self.organisation().await?.units.roots().next() else { return Ok(()) };
        self.sync_shipped_rules(ctx, unit).await?;
        self.end_filters(ctx).await
    }
    /// Ends filters whose last day has passed, and brings the figures of all rules up to `as_of`.
    pub async fn rules_upkeep(&self, ctx: &Ctx, as_of: Moment) -> Result<(), Error> {
        self.end_filters(ctx).await?;
        let fired = self.fired(as_of).await?;
        let seen = self.sources_seen(as_of.plus_seconds(-DAYS * 86_400)).await?;
        let active = self.active_rules().await?;
        let blind: HashSet<&str> =
            active.set.blind(&seen).into_iter().map(|at| &*active.set.rules()[at].id).collect();
        let running: HashSet<&str> = active.set.rules().iter().map(|rule| &*rule.id).collect();
        let sql = "SELECT id, rule_id, stage, log_source, sight, hits, false_share, last_fired FROM rule WHERE stage <> 'retired'";
        let schema = App::schema("rule")?;
        let mut proposals = Vec::new();
        for row in self.db.rows(sql, cells![]).await? {
            let maybe = |name: &str| row.try_get::<Option<String>>("", name).map_err(Error::fault);
            let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
            let rule = maybe("rule_id")?.unwrap_or_default().to_lowercase();
            let before = Facts {
                sight: maybe("sight")?,
                hits: int("hits")?,
                false_share: int("false_share")?,
                last_fired: int("last_fired")?.map(Moment::from_micros),
            };
            let sees = match maybe("log_source")? {
                _ if running.contains(&*rule) => Some(!blind.contains(&*rule)),
                Some(said) => Some(sees(&heard(&said), &seen)),
                // What a correlation sees depends on the rules that it watches.
                None => None,
            };
            let found = fired.get(&rule);
            let is_active = maybe("stage")?.as_deref() == Some("active");
            let after = Facts {
                sight: sees.map(|sees| if sees { "sees" } else { "blind" }.to_owned()),
                // A rule that sees nothing found nothing that could be counted as none.
                hits: found.map(|f| f.0).or((is_active && sees == Some(true)).then_some(0)),
                false_share: found.and_then(|f| f.1),
                last_fired: found.and_then(|f| f.2),
            };
            if before != after {
                let id = Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?);
                proposals.push(Proposal::change(schema, id, None, edits(after)));
            }
        }
        for chunk in proposals.chunks(BATCH_ROWS) {
            self.write_batch(ctx, chunk.to_vec(), vec![]).await?;
        }
        Ok(())
    }

    /// Hits, share of false ones in basis points, and last time, by rule id.
    async fn fired(
        &self,
        as_of: Moment,
    ) -> Result<HashMap<String, (i64, Option<i64>, Option<Moment>)>, Error> {
        let sql = "SELECT rule, CAST(sum(CASE WHEN last_event >= $1 AND last_event <= $2 THEN coalesce(event_count, 1) ELSE 0 END) AS BIGINT) AS hits, max(last_event) AS last, CAST(sum(CASE WHEN stage = 'dismissed' AND verdict = 'false_positive' THEN 1 ELSE 0 END) AS BIGINT) AS wrong, CAST(sum(CASE WHEN stage IN ('dismissed', 'promoted', 'merged') AND verdict IN ('true_positive', 'benign', 'false_positive') THEN 1 ELSE 0 END) AS BIGINT) AS judged FROM alert WHERE rule IS NOT NULL GROUP BY rule";
        let from = as_of.plus_seconds(-DAYS * 86_400);
        let mut all = HashMap::new();
        for row in self.db.rows(sql, cells![from, as_of]).await? {
            let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
            let rule: String = row.try_get("", "rule").map_err(Error::fault)?;
            let (wrong, judged) = (int("wrong")?.unwrap_or(0), int("judged")?.unwrap_or(0));
            let share = (judged > 0).then(|| wrong * 10_000 / judged);
            let last = int("last")?.map(Moment::from_micros);
            all.insert(rule.to_lowercase(), (int("hits")?.unwrap_or(0), share, last));
        }
        Ok(all)
    }

    /// Filters that are past their last day end, so that lists say what is so: they have filtered nothing since.
    async fn end_filters(&self, ctx: &Ctx) -> Result<(), Error> {
        let schema = App::schema("rule_filter")?;
        let sql = "SELECT id FROM rule_filter WHERE stage = 'active' AND until < $1";
        let mut moves = Vec::new();
        for row in self.db.rows(sql, cells![ctx.now.date()]).await? {
            let id = Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?);
            let over = "its last day has passed: it filters nothing any more";
            moves.push(Proposal::movement(schema, id, None, "expire").because(over));
        }
        self.write_batch(ctx, moves, vec![]).await?;
        Ok(())
    }
}

fn sees(wanted: &LogSource, seen: &BTreeSet<LogSource>) -> bool {
    seen.iter().any(|from| wardkeep_detect::takes(wanted, from))
}

fn edits(facts: Facts) -> Edits {
    let share = facts.false_share.and_then(Percent::from_basis_points);
    Edits::from([
        ("sight".into(), facts.sight.map_or(Value::Empty, Value::Choice)),
        ("hits".into(), facts.hits.map_or(Value::Empty, Value::Int)),
        ("false_share".into(), share.map_or(Value::Empty, Value::Percent)),
        ("last_fired".into(), facts.last_fired.map_or(Value::Empty, Value::Moment)),
    ])
}
