//! How many rows a list has, and how many each value of a column.

use super::ListQuery;
use crate::sql::{get, name};
use crate::{Db, StoreError};
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Query, SelectStatement, UnionType};
use std::collections::BTreeMap;

/// How many rows there are; counting stops where people stop caring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exact(u64),
    /// More than so many.
    Over(u64),
}

/// Where counting stops.
const COUNT_CAP: u64 = 10_000;

impl Db {
    /// How many rows the list has, up to a cap.
    pub async fn count(&self, ask: &ListQuery<'_>) -> Result<Count, StoreError> {
        let units = ask.units();
        let Some(text) = ask.text.as_deref().filter(|t| !t.trim().is_empty()) else {
            let mut left = COUNT_CAP + 1;
            let mut parts = units.into_iter();
            let Some(first) = parts.next() else { return Ok(Count::Exact(0)) };
            let narrow = |unit| -> Result<SelectStatement, StoreError> {
                let mut part = ask.within(unit)?;
                part.clear_selects().expr(Expr::val(1)).limit(COUNT_CAP + 1);
                Ok(Query::select().column(Asterisk).from_subquery(part, name("p")).take())
            };
            let mut all = narrow(first)?;
            for unit in parts {
                all.union(UnionType::All, narrow(unit)?);
            }
            all.limit(left);
            let query = Query::select()
                .expr_as(Expr::col(Asterisk).count(), name("total"))
                .from_subquery(all, name("q"))
                .take();
            let rows = self.select(&query).await?;
            left = rows.first().map_or(Ok(0), |r| get::<i64>(r, "total"))? as u64;
            return Ok(if left > COUNT_CAP { Count::Over(COUNT_CAP) } else { Count::Exact(left) });
        };
        let found = self.matching_ids(ask, text, 1_001).await?.len() as u64;
        Ok(if found > 1_000 { Count::Over(1_000) } else { Count::Exact(found) })
    }

    /// How many rows each value of a column has, largest first: the facets of a filter and the bars of a page.
    pub async fn count_by(
        &self,
        ask: &ListQuery<'_>,
        column: &str,
    ) -> Result<Vec<(Option<String>, u64)>, StoreError> {
        let mut units = ask.units().into_iter();
        let Some(first) = units.next() else { return Ok(Vec::new()) };
        let within = |unit| -> Result<SelectStatement, StoreError> {
            let mut part = ask.within(unit)?;
            part.clear_selects()
                .expr_as(ask.column(column)?, name("v"))
                .expr_as(Expr::col(Asterisk).count(), name("k"))
                .add_group_by([ask.column(column)?]);
            Ok(Query::select().column(Asterisk).from_subquery(part, name("p")).take())
        };
        let mut all = within(first)?;
        for unit in units {
            all.union(UnionType::All, within(unit)?);
        }
        let mut totals: BTreeMap<Option<String>, u64> = BTreeMap::new();
        for row in &self.select(&all).await? {
            *totals.entry(get(row, "v")?).or_default() += get::<i64>(row, "k")? as u64;
        }
        let mut totals: Vec<_> = totals.into_iter().collect();
        totals.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(totals)
    }
}
