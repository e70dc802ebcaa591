//! Lists: one table, the rows within reach, filtered, sorted, page by page by key.
//!
//! A page is found by one small ordered look-up per unit, merged: every look-up walks an index that begins with
//! the unit, so the cost follows the page's size and the number of units, not the size of the register.

use crate::read::stored;
use crate::sql::name;
use crate::{Cell, Cursor, Db, StoreError};
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use wardkeep_register::{Field, Schema, Stored};
use wardkeep_types::Id;

mod count;
mod page;
mod within;

pub use count::Count;
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

impl Reach {
    /// A condition over the head table `r` for several registers at once; values are pushed to `values`.
    pub fn any_of(reach: &[(&str, Self)], values: &mut Vec<Cell>) -> String {
        // Most registers are within the same reach: one condition for all of those, not one for each.
        let mut same: Vec<(&Self, Vec<&str>)> = Vec::new();
        for (register, reach) in reach {
            match same.iter_mut().find(|(known, _)| *known == reach) {
                Some((_, registers)) => registers.push(register),
                None => same.push((reach, vec![register])),
            }
        }
        let parts: Vec<String> = same
            .into_iter()
            .filter_map(|(reach, registers)| reach.of_registers(&registers, values))
            .map(|part| format!("({part})"))
            .collect();
        if parts.is_empty() { "1 = 0".into() } else { parts.join(" OR ") }
    }
    /// A condition over the head table `r`: records of that register which may be seen; `None` when none may.
    pub fn of_register(&self, register: &str, values: &mut Vec<Cell>) -> Option<String> {
        self.of_registers(&[register], values)
    }
    /// As [`Self::of_register`], for several.
    fn of_registers(&self, registers: &[&str], values: &mut Vec<Cell>) -> Option<String> {
        let mut bind = |cell: Cell| {
            values.push(cell);
            format!("${}", values.len())
        };
        if self.system {
            return Some(registers_in(registers, &mut bind));
        }
        if self.units.is_empty() && self.own_units.is_empty() {
            return None;
        }
        let register = registers_in(registers, &mut bind);
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
            "{register} AND ({}) AND (r.restricted = 0 OR EXISTS (SELECT 1 FROM need_to_know k WHERE k.record_id = r.id AND k.person_id = {person}))",
            seen.join(" OR ")
        ))
    }
}

fn registers_in(registers: &[&str], bind: &mut impl FnMut(Cell) -> String) -> String {
    match registers {
        [one] => format!("r.register = {}", bind((*one).into())),
        all => {
            let all: Vec<String> = all.iter().map(|one| bind((*one).into())).collect();
            format!("r.register IN ({})", all.join(","))
        }
    }
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
