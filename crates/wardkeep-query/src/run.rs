//! Answering a search.

use crate::answer::{error, rows};
use crate::lower::{filter, moment, value, wanted};
use crate::needle::needles;
use crate::table::Events;
use crate::{Here, answer};
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::common::ScalarValue;
use datafusion::functions::datetime::expr_fn::date_bin;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Expr as Plan, SortExpr, ident, lit};
use datafusion::prelude::DataFrame;
use std::sync::Arc;
use wardkeep_app::events::{Answer, AskError, Holdings, SearchAsk};
use wardkeep_events::search::{FieldName, Stage};
use wardkeep_types::Length;

/// The columns of a list of events.
const LISTED: [&str; 14] = [
    "event_id", "at", "host", "user", "src_ip", "dst_ip", "process", "action", "outcome", "message",
    "dialect", "source", "position", "raw",
];

/// Answers a search with at most that many rows.
pub(crate) async fn search(
    here: &Here,
    holdings: Holdings,
    ask: SearchAsk,
    most: usize,
) -> Result<Answer, AskError> {
    let wanted = wanted(&ask.search);
    let events = Arc::new(Events::open(here, holdings, &wanted, needles(&ask.search))?);
    let most = ask.search.limit.map_or(most, |limit| most.min(limit as usize));
    let table = here.session().read_table(events.clone()).map_err(|e| error(&e))?;
    let found = table.filter(filter(&events, &ask.search, ask.now)).map_err(|e| error(&e))?;
    let (columns, batches) = match &ask.search.stage {
        None => list(here, &events, found, &ask, &[], most).await?,
        Some(Stage::Fields(fields)) => list(here, &events, found, &ask, fields, most).await?,
        Some(stage) => count_by(&events, found, stage, most).await?,
    };
    let mut rows = rows(&batches, most + 1)?;
    let more = rows.len() > most;
    rows.truncate(most);
    let unknown = if events.rest() { Vec::new() } else { wanted.missing(events.columns()) };
    Ok(Answer { columns, rows, more, files: events.looked(), unknown })
}

type Found = (Vec<String>, Vec<RecordBatch>);

/// The newest events. First only their times and ids are looked for; the rest is read of those that are shown.
async fn list(
    here: &Here,
    events: &Arc<Events>,
    mut found: DataFrame,
    ask: &SearchAsk,
    fields: &[FieldName],
    most: usize,
) -> Result<Found, AskError> {
    if let Some((at, id)) = ask.after {
        let older = ident("at").lt(moment(at));
        let same = ident("at").eq(moment(at)).and(ident("event_id").lt(lit(id.to_string())));
        found = found
            .filter(ident("at").lt_eq(moment(at)))
            .and_then(|found| found.filter(older.or(same)))
            .map_err(|e| error(&e))?;
    }
    let newest: Vec<SortExpr> = vec![ident("at").sort(false, false), ident("event_id").sort(false, false)];
    let keys = found
        .select(vec![ident("at"), ident("event_id")])
        .and_then(|keys| keys.sort(newest.clone()))
        .and_then(|keys| keys.limit(0, Some(most + 1)))
        .map_err(|e| error(&e))?;
    let keys = keys.collect().await.map_err(|e| error(&e))?;
    let mut columns: Vec<(String, Plan)> = Vec::new();
    if fields.is_empty() {
        columns.extend(LISTED.map(|name| (name.to_owned(), ident(name))));
    } else {
        columns.extend(["event_id", "at"].map(|name| (name.to_owned(), ident(name))));
        for field in fields {
            columns.push((field.to_string(), value(events, field)?));
        }
    }
    let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
    let (mut times, mut ids) = (Vec::new(), Vec::new());
    for batch in &keys {
        times.extend(batch.column(0).as_primitive::<TimestampMicrosecondType>().values());
        let texts = datafusion::arrow::compute::cast(batch.column(1), &DataType::Utf8);
        let texts = texts.map_err(|e| error(&e.into()))?;
        ids.extend(texts.as_string::<i32>().iter().flatten().map(|id| lit(id.to_owned())));
    }
    if ids.is_empty() {
        return Ok((names, Vec::new()));
    }
    let at = |micros| lit(ScalarValue::TimestampMicrosecond(Some(micros), Some("UTC".into())));
    let those = stretches(times)
        .into_iter()
        .map(|(first, last)| ident("at").gt_eq(at(first)).and(ident("at").lt_eq(at(last))))
        .reduce(Plan::or)
        .unwrap_or_else(|| lit(true));
    let shown = here
        .session()
        .read_table(events.clone())
        .and_then(|table| table.filter(those.and(ident("event_id").in_list(ids, false))))
        .and_then(|shown| shown.sort(newest))
        .and_then(|shown| {
            shown.select(columns.into_iter().map(|(name, column)| column.alias(name)).collect::<Vec<_>>())
        })
        .map_err(|e| error(&e))?;
    Ok((names, shown.collect().await.map_err(|e| error(&e))?))
}

/// Stretches of time, at most [`STRETCHES`], that hold all of these times and leave out the widest gaps between them:
/// pages of files outside of them need not be read.
fn stretches(mut times: Vec<i64>) -> Vec<(i64, i64)> {
    times.sort_unstable();
    times.dedup();
    let mut gaps: Vec<usize> = (1..times.len()).collect();
    gaps.sort_by_key(|next| std::cmp::Reverse(times[*next].saturating_sub(times[*next - 1])));
    gaps.truncate(STRETCHES - 1);
    gaps.sort_unstable();
    let firsts = std::iter::once(0).chain(gaps.iter().copied());
    let ends = gaps.iter().copied().chain([times.len()]);
    firsts
        .zip(ends)
        .filter(|(first, end)| first < end)
        .map(|(first, end)| (times[first], times[end - 1]))
        .collect()
}

/// Each is compared with every row of the pages that are left.
const STRETCHES: usize = 32;

/// Counts, the largest first; over time, the earliest first.
async fn count_by(events: &Events, found: DataFrame, stage: &Stage, most: usize) -> Result<Found, AskError> {
    let (mut groups, mut most): (Vec<(String, Plan)>, usize) = (Vec::new(), most + 1);
    let mut by_time = false;
    let fields: Vec<&FieldName> = match stage {
        Stage::Count(fields) | Stage::Fields(fields) => fields.iter().collect(),
        Stage::Top(n, field) => {
            most = most.min(*n as usize);
            vec![field]
        }
        Stage::Over(every, field) => {
            groups.push(("at".to_owned(), stretch(*every)));
            by_time = true;
            field.iter().collect()
        }
    };
    for field in fields {
        groups.push((field.to_string(), value(events, field)?));
    }
    let mut names: Vec<String> = groups.iter().map(|(name, _)| name.clone()).collect();
    // Names of our own: a field may be called as the count is.
    let own: Vec<String> = (0..groups.len()).map(|i| format!("g{i}")).collect();
    let group = groups.into_iter().zip(&own).map(|((_, group), own)| group.alias(own)).collect();
    let counted = found.aggregate(group, vec![count(lit(1_i64)).alias("n")]).map_err(|e| error(&e))?;
    let mut order: Vec<SortExpr> = own.iter().map(|name| ident(name).sort(true, true)).collect();
    order.insert(usize::from(by_time), ident("n").sort(false, false));
    let sorted = counted
        .sort(order)
        .and_then(|sorted| sorted.limit(0, Some(most)))
        .and_then(|sorted| {
            let columns = own.iter().map(ident).chain([ident("n")]);
            sorted.select(columns.collect::<Vec<_>>())
        })
        .map_err(|e| error(&e))?;
    names.push("events".to_owned());
    Ok((names, sorted.collect().await.map_err(|e| answer::error(&e))?))
}

/// The beginning of the stretch of time that an event falls in.
fn stretch(every: Length) -> Plan {
    let nanos = every.seconds().saturating_mul(1_000_000_000);
    let length = lit(ScalarValue::new_interval_mdn(0, 0, nanos));
    let zero = lit(ScalarValue::TimestampMicrosecond(Some(0), Some("UTC".into())));
    date_bin(length, ident("at"), zero)
}

#[cfg(test)]
mod tests {
    use super::{STRETCHES, stretches};

    #[test]
    fn stretches_hold_all_times_and_leave_out_the_widest_gaps() {
        assert_eq!(stretches(vec![]), []);
        assert_eq!(stretches(vec![5, 1, 5]), [(1, 1), (5, 5)]);
        // Pairs of neighbours, so many that each cannot have a stretch of its own; two lie far from all others.
        let times: Vec<i64> = (0..100).flat_map(|n| [n * 10, n * 10 + 1]).chain([-9_000, 70_000]).collect();
        let found = stretches(times.clone());
        assert_eq!(found.len(), STRETCHES);
        assert_eq!((found[0], found[STRETCHES - 1]), ((-9_000, -9_000), (70_000, 70_000)));
        assert!(found.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert!(times.iter().all(|t| found.iter().any(|(first, last)| (first..=last).contains(&t))));
    }
}
