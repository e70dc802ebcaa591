//! A list's question, as it stands in the URL. Every view has an address.

use crate::{App, Ctx, Error, Organisation, Refusal};
use serde::Serialize;
use wardkeep_register::{Field, Kind, Schema, Value, Verb};
use wardkeep_store::{Cell, Cursor, Filter, ListQuery, Op, Sort};
use wardkeep_types::{Id, Moment, Problem, Problems};

/// One filter, as the filter bar reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilterView {
    /// Field name.
    pub field: String,
    /// `is`, `not`, `empty`, `present`, `below`, `from`, `has`.
    pub op: String,
    /// As typed.
    pub text: String,
}

/// A list's question: `?stage=draft|assessed&owner.not=PER-0003&due.below=2026-04-01&q=text&sort=-due_on`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Filters.
    pub filters: Vec<FilterView>,
    /// Words to search for.
    pub text: Option<String>,
    /// Field name, with `-` for largest first.
    pub sort: Option<String>,
    /// Where the page begins.
    pub after: Option<String>,
    /// Rows of a page, 1 to 200.
    pub limit: Option<u64>,
    /// Columns, in order.
    pub columns: Option<Vec<String>>,
    /// As it was known then: a moment or a change number.
    pub known_at: Option<String>,
}

const OPS: [&str; 7] = ["is", "not", "empty", "present", "below", "from", "has"];

impl Ask {
    /// Reads the pairs of a query string. Unknown names are refused, so that a typing error is not a wider list.
    pub fn read(schema: &Schema, custom: &[Field], pairs: &[(String, String)]) -> Result<Self, Problems> {
        let (mut ask, mut problems) = (Self::default(), Problems::new());
        for (name, text) in pairs {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            match name.as_str() {
                "q" => ask.text = Some(text.to_owned()),
                "sort" => ask.sort = Some(text.to_owned()),
                "after" => ask.after = Some(text.to_owned()),
                "known_at" => ask.known_at = Some(text.to_owned()),
                "columns" => ask.columns = Some(text.split(',').map(|c| c.trim().to_owned()).collect()),
                "limit" => match text.parse() {
                    Ok(limit @ 1..=200) => ask.limit = Some(limit),
                    _ => problems.add(Problem::new("limit", "invalid", "a page has 1 to 200 rows")),
                },
                // Names that pages use for themselves.
                "view" | "flash" | "panel" | "tab" | "group" => {}
                _ => {
                    let (field, op) = name.split_once('.').unwrap_or((name, "is"));
                    let known = ["stage", "unit"].contains(&field)
                        || schema.field(field).is_some()
                        || custom.iter().any(|f| f.name == field);
                    if known && OPS.contains(&op) {
                        ask.filters.push(FilterView {
                            field: field.into(),
                            op: op.into(),
                            text: text.into(),
                        });
                    } else {
                        let message = format!("a list of {} has no filter '{name}'", schema.names.many);
                        problems.add(Problem::new(name.as_str(), "unknown_filter", message));
                    }
                }
            }
        }
        if problems.is_empty() { Ok(ask) } else { Err(problems) }
    }
}

impl App {
    /// The question for the store: rights first, then filters, order and page.
    pub async fn list_query<'a>(
        &self,
        ctx: &Ctx,
        organisation: &'a Organisation,
        schema: &'a Schema,
        ask: &Ask,
    ) -> Result<ListQuery<'a>, Error> {
        let reach = super::reach_of(ctx, organisation, schema, Verb::View);
        if !reach.system && reach.units.is_empty() && reach.own_units.is_empty() {
            return Err(Refusal::NotFound.into());
        }
        let texts: Vec<(String, String)> =
            ask.filters.iter().map(|f| (f.field.clone(), f.text.clone())).collect();
        let links =
            texts.iter().any(|(name, _)| schema.field(name).is_some_and(|(_, f)| f.kind.target().is_some()));
        let mut known = std::collections::HashMap::new();
        if links {
            known = self.resolve(ctx, organisation, schema, &[texts]).await?;
        }
        let mut filters = Vec::new();
        for filter in &ask.filters {
            filters.push(
                to_filter(schema, organisation, filter, &known)
                    .map_err(|m| Refusal::invalid(&filter.field, "invalid", m))?,
            );
        }
        let sort = sort_of(schema, ask)?;
        let after: Option<Cursor> = ask
            .after
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|e: wardkeep_types::ParseError| Refusal::invalid("after", "invalid", e.0))?;
        let known_at = match ask.known_at.as_deref() {
            None => None,
            Some(text) => Some(self.change_number(ctx, text).await?),
        };
        Ok(ListQuery {
            schema,
            custom: organisation.custom(schema.key),
            reach,
            filters,
            text: ask.text.clone(),
            sort,
            after,
            limit: ask.limit.unwrap_or(50),
            known_at,
        })
    }
    /// The change number behind `?known_at=`: a number, a day (its end) or a moment. The future is refused.
    pub async fn change_number(&self, ctx: &Ctx, text: &str) -> Result<i64, Error> {
        if let Ok(n) = text.parse::<i64>() {
            return Ok(n);
        }
        let moment = text
            .parse::<Moment>()
            .or_else(|_| {
                text.parse::<wardkeep_types::Date>().map(|d| d.plus_days(1).start().plus_seconds(-1))
            })
            .map_err(|e| Refusal::invalid("known_at", "invalid", e.0))?;
        if moment > ctx.now && moment.date() > ctx.now.date() {
            return Err(Refusal::invalid("known_at", "future", "what will be known is not known yet").into());
        }
        Ok(self.db.change_at(moment).await?)
    }
}

fn sort_of(schema: &Schema, ask: &Ask) -> Result<Sort, Refusal> {
    let default =
        schema.due_index().map_or_else(|| "-changed_at".to_owned(), |i| schema.fields[i].name.to_owned());
    let text = ask.sort.clone().unwrap_or(default);
    let (descending, column) = text.strip_prefix('-').map_or((false, text.as_str()), |c| (true, c));
    let column = if column == "reference" { "ref_number" } else { column };
    let fits = ["ref_number", "changed_at", "stage"].contains(&column)
        || schema.field(column).is_some_and(|(_, f)| f.kind.sortable());
    if !fits {
        return Err(Refusal::invalid("sort", "invalid", format!("this list cannot be sorted by '{column}'")));
    }
    Ok(Sort { column: column.to_owned(), descending })
}

fn to_filter(
    schema: &Schema,
    organisation: &Organisation,
    filter: &FilterView,
    known: &std::collections::HashMap<String, Id>,
) -> Result<Filter, String> {
    let op = match filter.op.as_str() {
        "not" => Op::IsNot,
        "empty" => Op::Empty,
        "present" => Op::Present,
        "below" => Op::Below,
        "from" => Op::From,
        "has" => Op::Contains,
        _ => Op::Is,
    };
    let parts: Vec<&str> = filter.text.split('|').map(str::trim).filter(|p| !p.is_empty()).collect();
    let of = |column: &str, values: Vec<Cell>| Ok(Filter { column: column.to_owned(), op, values });
    match filter.field.as_str() {
        "unit" => {
            let find = |text: &&str| {
                let wanted = text.split_whitespace().next().unwrap_or_default().to_uppercase();
                let found = organisation.unit_names.iter().find(|(_, (reference, _))| *reference == wanted);
                found.map(|(id, _)| Cell::from(*id)).ok_or_else(|| format!("there is no unit '{text}'"))
            };
            of("unit_id", parts.iter().map(find).collect::<Result<_, _>>()?)
        }
        "stage" => {
            // A category stands for all its stages.
            let mut keys = Vec::new();
            for part in parts {
                match part {
                    "open" | "done" => keys.extend(
                        schema
                            .stages
                            .iter()
                            .filter(|s| schema.is_open(s.key) == (part == "open"))
                            .map(|s| Cell::from(s.key)),
                    ),
                    key if schema.stage(key).is_some() => keys.push(Cell::from(key)),
                    other => return Err(format!("there is no stage '{other}'")),
                }
            }
            of("stage", keys)
        }
        name => {
            let Some((_, field)) = schema.field(name) else {
                return Err(format!(
                    "lists cannot be filtered by '{name}' yet; search for its words instead"
                ));
            };
            if matches!(op, Op::Empty | Op::Present) {
                return of(name, Vec::new());
            }
            if op == Op::Contains {
                return of(name, vec![Cell::from(filter.text.as_str())]);
            }
            let cell = |text: &&str| -> Result<Cell, String> {
                if field.kind.target().is_some() {
                    let key = text.to_lowercase();
                    let key = if key.contains('@') {
                        key
                    } else {
                        key.split_whitespace().next().unwrap_or_default().to_owned()
                    };
                    return known
                        .get(&key)
                        .map(|id| Cell::from(*id))
                        .ok_or_else(|| format!("there is no record '{text}'"));
                }
                let value = match field.kind {
                    Kind::Date if *text == "today" => return Err("write the day as 2026-03-31".into()),
                    _ => Value::parse(field, text).map_err(|e| e.0)?,
                };
                wardkeep_store::filter_cell(field, &value)
                    .ok_or_else(|| "this field cannot be filtered".to_owned())
            };
            of(name, parts.iter().map(cell).collect::<Result<_, _>>()?)
        }
    }
}
