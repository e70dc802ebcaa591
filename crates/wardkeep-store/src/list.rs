//! Lists: one table, the rows within reach, filtered, sorted, page by page by key.
//!
//! A page is found by one small ordered look-up per unit, merged: every look-up walks an index that begins with
//! the unit, so the cost follows the page's size and the number of units, not the size of the register.

use crate::read::stored;
use crate::sql::{get, name};
use crate::{Cell, Cursor, Db, StoreError};
use sea_orm::sea_query::{
    Asterisk, Cond, Expr, ExprTrait, LikeExpr, Order, Query, SelectStatement, UnionType,
};
use wardkeep_register::{Field, Kind, Schema, Stored, Value};
use wardkeep_types::Id;

mod page;

use page::{beyond, merge, order_by, page};

/// Which records somebody may see in one register.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reach {
    /// Units in which every record is within reach.
    pub units: Vec<Id>,
    /// Units in which only the person's own records are.
    pub own_units: Vec<Id>,
    /// The person: owns records, stands on need-to-know lists.
    pub person: Option<Id>,
    /// The program itself, which sees restricted records too.
    pub system: bool,
}

/// How many rows there are; counting stops where people stop caring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exact(u64),
    /// More than so many.
    Over(u64),
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Equal to any of the values.
    Is,
    /// Equal to none of the values.
    IsNot,
    /// Empty.
    Empty,
    /// Not empty.
    Present,
    /// Less than or before the value.
    Below,
    /// At or above, on or after the value.
    From,
    /// Holds the text, whatever the case.
    Contains,
}

/// One condition of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Column: a field's name, or `stage`, `unit_id`, `id`.
    pub column: String,
    /// How it compares.
    pub op: Op,
    /// With what; several for `Is` and `IsNot`.
    pub values: Vec<Cell>,
}

/// The order of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// Column: a sortable field's name, or `ref_number`, `changed_at`, `stage`.
    pub column: String,
    /// Largest first.
    pub descending: bool,
}

/// What a list asks.
#[derive(Debug, Clone)]
pub struct ListQuery<'a> {
    /// The register.
    pub schema: &'a Schema,
    /// Custom fields of it.
    pub custom: &'a [Field],
    /// Which records may be seen.
    pub reach: Reach,
    /// All must hold.
    pub filters: Vec<Filter>,
    /// Full-text condition.
    pub text: Option<String>,
    /// Order; ties go by id.
    pub sort: Sort,
    /// Where the page begins.
    pub after: Option<Cursor>,
    /// Rows of the page.
    pub limit: u64,
    /// The list as it was known at this change.
    pub known_at: Option<i64>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The records; link lists are empty, see [`Db::link_lists`].
    pub rows: Vec<Stored>,
    /// The page after this one.
    pub next: Option<Cursor>,
    /// The page before this one.
    pub previous: Option<Cursor>,
}

/// Where counting stops.
const COUNT_CAP: u64 = 10_000;

impl Reach {
    /// A condition over the head table `r` for several registers at once; values are pushed to `values`.
    pub fn any_of(reach: &[(&str, Self)], values: &mut Vec<Cell>) -> String {
        let parts: Vec<String> = reach
            .iter()
            .filter_map(|(register, reach)| reach.of_register(register, values))
            .map(|part| format!("({part})"))
            .collect();
        if parts.is_empty() { "1 = 0".into() } else { parts.join(" OR ") }
    }
    /// A condition over the head table `r`: records of that register which may be seen; `None` when none may.
    pub fn of_register(&self, register: &str, values: &mut Vec<Cell>) -> Option<String> {
        let mut bind = |cell: Cell| {
            values.push(cell);
            format!("${}", values.len())
        };
        if self.system {
            return Some(format!("r.register = {}", bind(register.into())));
        }
        if self.units.is_empty() && self.own_units.is_empty() {
            return None;
        }
        let register = bind(register.into());
        let mut list = |ids: &[Id]| ids.iter().map(|id| bind((*id).into())).collect::<Vec<_>>().join(",");
        let (all, own) = (list(&self.units), list(&self.own_units));
        let person = bind(self.person.into());
        let mut seen = Vec::new();
        if !all.is_empty() {
            seen.push(format!("r.unit_id IN ({all})"));
        }
        if !own.is_empty() {
            // Whoever is named on a record's need-to-know list may read it like an own one.
            seen.push(format!("(r.unit_id IN ({own}) AND (r.owner_id = {person} OR r.id = {person} OR EXISTS (SELECT 1 FROM need_to_know m WHERE m.record_id = r.id AND m.person_id = {person})))"));
        }
        Some(format!(
            "r.register = {register} AND ({}) AND (r.restricted = 0 OR EXISTS (SELECT 1 FROM need_to_know k WHERE k.record_id = r.id AND k.person_id = {person}))",
            seen.join(" OR ")
        ))
    }
}

impl ListQuery<'_> {
    fn column(&self, column: &str) -> Result<Expr, StoreError> {
        let known = ["id", "stage", "unit_id", "ref_number", "changed_at", "created_at", "version"]
            .contains(&column)
            || self.schema.field(column).is_some_and(|(_, f)| !matches!(f.kind, Kind::Links(_)));
        if known {
            Ok(Expr::col(name(column)))
        } else {
            Err(StoreError::Inconsistent(format!(
                "a list of {} cannot use the column {column}",
                self.schema.names.many
            )))
        }
    }

    fn conditions(&self) -> Result<Cond, StoreError> {
        let mut all = Cond::all();
        for filter in &self.filters {
            let links = self.schema.field(&filter.column).filter(|(_, f)| matches!(f.kind, Kind::Links(_)));
            all = all.add(match links {
                Some((_, field)) => linked(field, filter),
                None => compare(self.column(&filter.column)?, filter),
            });
        }
        Ok(all)
    }

    /// The rows of one unit, or of all units for the program itself.
    fn within(&self, unit: Option<(Id, bool)>) -> Result<SelectStatement, StoreError> {
        let mut query = Query::select();
        query.column(Asterisk).from(name(self.schema.key)).cond_where(self.conditions()?);
        if let Some((unit, own)) = unit {
            query.and_where(Expr::col(name("unit_id")).eq(Cell::from(unit)));
            if own {
                query.cond_where(self.own());
            }
        }
        if self.schema.need_to_know && !self.reach.system {
            let listed = Query::select()
                .expr(Expr::val(1))
                .from(name("need_to_know"))
                .and_where(Expr::col(name("record_id")).equals((name(self.schema.key), name("id"))))
                .and_where(Expr::col(name("person_id")).eq(Cell::from(self.reach.person)))
                .take();
            query.cond_where(Cond::any().add(Expr::col(name("restricted")).eq(0)).add(Expr::exists(listed)));
        }
        Ok(query)
    }

    fn own(&self) -> Cond {
        let person = Cell::from(self.reach.person);
        let named = Query::select()
            .column(name("record_id"))
            .from(name("need_to_know"))
            .and_where(Expr::col(name("person_id")).eq(person.clone()))
            .take();
        let mut own = Cond::any()
            .add(Expr::col(name("id")).eq(person.clone()))
            .add(Expr::col(name("id")).in_subquery(named));
        if self.schema.owner_index().is_some() {
            own = own.add(Expr::col(name("owner")).eq(person));
        }
        own
    }

    /// Records that are restricted today and whose lists do not name the reader: their past is closed too.
    fn closed(&self) -> SelectStatement {
        let named = Query::select()
            .column(name("record_id"))
            .from(name("need_to_know"))
            .and_where(Expr::col(name("person_id")).eq(Cell::from(self.reach.person)))
            .take();
        Query::select()
            .column(name("id"))
            .from(name("record"))
            .and_where(Expr::col(name("register")).eq(self.schema.key))
            .and_where(Expr::col(name("restricted")).eq(1))
            .and_where(Expr::col(name("id")).not_in_subquery(named))
            .take()
    }

    fn units(&self) -> Vec<Option<(Id, bool)>> {
        if self.reach.system {
            return vec![None];
        }
        let wanted = self.filters.iter().find(|f| f.column == "unit_id" && f.op == Op::Is);
        let fits = |id: &Id| wanted.is_none_or(|f| f.values.contains(&Cell::from(*id)));
        let own = self.reach.own_units.iter().filter(|u| !self.reach.units.contains(u));
        let all = self.reach.units.iter().map(|u| (*u, false)).chain(own.map(|u| (*u, true)));
        all.filter(|(id, _)| fits(id)).map(Some).collect()
    }
}

fn compare(column: Expr, filter: &Filter) -> Cond {
    let first = || filter.values.first().cloned().unwrap_or(Cell::Text(None));
    let values = || filter.values.iter().cloned().map(Expr::from);
    let condition = match filter.op {
        Op::Is => column.is_in(values()),
        Op::IsNot => return Cond::any().add(column.clone().is_null()).add(column.is_not_in(values())),
        Op::Empty => column.is_null(),
        Op::Present => column.is_not_null(),
        Op::Below => column.lt(first()),
        Op::From => column.gte(first()),
        Op::Contains => {
            let Cell::Text(Some(text)) = first() else { return Cond::all() };
            let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            Expr::expr(sea_orm::sea_query::Func::lower(column))
                .like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
        }
    };
    Cond::all().add(condition)
}

fn linked(field: &Field, filter: &Filter) -> Cond {
    let mut links = Query::select();
    links
        .column(name("from_id"))
        .from(name("link"))
        .and_where(Expr::col(name("field")).eq(field.name))
        .and_where(Expr::col(name("to_change")).is_null());
    if matches!(filter.op, Op::Is | Op::IsNot) {
        links.and_where(Expr::col(name("to_id")).is_in(filter.values.iter().cloned().map(Expr::from)));
    }
    let id = Expr::col(name("id"));
    Cond::all().add(match filter.op {
        Op::IsNot | Op::Empty => id.not_in_subquery(links.take()),
        _ => id.in_subquery(links.take()),
    })
}

impl Db {
    /// One page of a list.
    pub async fn list(&self, ask: &ListQuery<'_>) -> Result<Page, StoreError> {
        if ask.known_at.is_some() {
            return self.list_known(ask).await;
        }
        if let Some(text) = ask.text.as_deref().filter(|t| !t.trim().is_empty()) {
            return self.list_matching(ask, text).await;
        }
        let backwards = ask.after.as_ref().is_some_and(|c| c.backwards);
        let descending = ask.sort.descending != backwards;
        let units = ask.units();
        if units.is_empty() {
            return Ok(Page { rows: Vec::new(), next: None, previous: None });
        }
        let order = if descending { Order::Desc } else { Order::Asc };
        let column = ask.column(&ask.sort.column)?;
        let mut parts = Vec::with_capacity(units.len());
        for unit in units {
            let mut part = ask.within(unit)?;
            if let Some(cursor) = &ask.after {
                part.cond_where(beyond(&column, cursor, descending));
            }
            order_by(&mut part, &ask.sort.column, order.clone());
            part.limit(ask.limit + 1);
            parts.push(part);
        }
        let query = merge(parts, &ask.sort.column, order, ask.limit + 1);
        let rows = self.select(&query).await?;
        Ok(page(ask, rows.iter().map(|row| stored(ask.schema, ask.custom, row)).collect::<Result<_, _>>()?))
    }

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
        let mut parts = Vec::new();
        for unit in ask.units() {
            let mut part = ask.within(unit)?;
            part.clear_selects()
                .expr_as(ask.column(column)?, name("v"))
                .expr_as(Expr::col(Asterisk).count(), name("k"))
                .add_group_by([ask.column(column)?]);
            parts.push(part);
        }
        let mut totals: std::collections::BTreeMap<Option<String>, u64> = std::collections::BTreeMap::new();
        for part in parts {
            for row in &self.select(&part).await? {
                *totals.entry(get(row, "v")?).or_default() += get::<i64>(row, "k")? as u64;
            }
        }
        let mut totals: Vec<_> = totals.into_iter().collect();
        totals.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(totals)
    }

    async fn list_matching(&self, ask: &ListQuery<'_>, text: &str) -> Result<Page, StoreError> {
        let ids = self.matching_ids(ask, text, ask.limit as i64 + 1).await?;
        if ids.is_empty() {
            return Ok(Page { rows: Vec::new(), next: None, previous: None });
        }
        let mut query = ask.within(None)?;
        query.and_where(Expr::col(name("id")).is_in(ids.iter().map(|id| Expr::from(Cell::from(*id)))));
        let rows = self.select(&query).await?;
        let mut rows: Vec<Stored> =
            rows.iter().map(|r| stored(ask.schema, ask.custom, r)).collect::<Result<_, _>>()?;
        rows.sort_by_key(|r| ids.iter().position(|id| *id == r.head.id));
        rows.truncate(ask.limit as usize);
        Ok(Page { rows, next: None, previous: None })
    }

    /// A list as it was known: today's rows that are old enough, and the rows that held then.
    async fn list_known(&self, ask: &ListQuery<'_>) -> Result<Page, StoreError> {
        let n = ask.known_at.unwrap_or(i64::MAX);
        let order = if ask.sort.descending { Order::Desc } else { Order::Asc };
        let mut parts = Vec::new();
        for unit in ask.units() {
            let mut now = ask.within(unit)?;
            now.and_where(Expr::col(name("from_change")).lte(n));
            let mut was = ask.within(unit)?;
            // Under the register's own name, which the conditions use.
            was.from_clear().from_as(name(&format!("{}_was", ask.schema.key)), name(ask.schema.key));
            if ask.schema.need_to_know && !ask.reach.system {
                was.and_where(Expr::col(name("id")).not_in_subquery(ask.closed()));
            }
            was.and_where(Expr::col(name("from_change")).lte(n))
                .and_where(Expr::col(name("to_change")).gt(n));
            for part in [&mut now, &mut was] {
                part.clear_selects().columns(shared_columns(ask.schema).iter().map(|c| name(c)));
                order_by(part, &ask.sort.column, order.clone());
                part.limit(ask.limit + 1);
            }
            parts.extend([now, was]);
        }
        if parts.is_empty() {
            return Ok(Page { rows: Vec::new(), next: None, previous: None });
        }
        let query = merge(parts, &ask.sort.column, order, ask.limit + 1);
        let rows = self.select(&query).await?;
        let rows = rows.iter().map(|row| stored(ask.schema, ask.custom, row)).collect::<Result<_, _>>()?;
        let mut found = page(ask, rows);
        (found.next, found.previous) = (None, None); // as-of lists are read whole or narrowed, not paged
        Ok(found)
    }
}

pub(crate) fn shared_columns(schema: &Schema) -> Vec<String> {
    let head = [
        "id",
        "ref_prefix",
        "ref_number",
        "unit_id",
        "stage",
        "version",
        "restricted",
        "created_at",
        "changed_at",
        "custom",
        "from_change",
    ];
    head.iter().map(|c| (*c).to_owned()).chain(crate::values::column_names(schema)).collect()
}
