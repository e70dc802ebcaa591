//! From a search to expressions of the engine, built from values and never from text.
//!
//! Conditions are put to columns with the same test that answers for a single event. Where the engine can skip parts
//! of files by their statistics or bloom filters (addresses, ids, kinds of records, whole numbers), a plain comparison
//! is used instead; but only where the condition is not denied, because a comparison with nothing is neither true nor
//! false.

use crate::check::{Held, passes, taken};
use crate::schema::{PREFIX, Wanted};
use crate::table::Events;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::logical_expr::{Expr as Plan, cast, ident, lit, not};
use std::net::Ipv4Addr;
use wardkeep_app::events::AskError;
use wardkeep_events::search::{Compare, Expr, FieldName, Known, Search, Stage, Term, Test};
use wardkeep_types::Moment;

/// The fields that a search reads.
pub(crate) fn wanted(search: &Search) -> Wanted {
    let mut wanted = Wanted::default();
    let mut add = |field: &FieldName| {
        if let FieldName::Other(name) = field {
            wanted.add(name);
        }
    };
    search.terms().into_iter().filter_map(|term| term.field.as_ref()).for_each(&mut add);
    match &search.stage {
        None => {}
        Some(Stage::Count(fields) | Stage::Fields(fields)) => fields.iter().for_each(add),
        Some(Stage::Top(_, field) | Stage::Over(_, Some(field))) => add(field),
        Some(Stage::Over(_, None)) => {}
    }
    wanted
}

/// A moment as the column `at` holds it.
pub(crate) fn moment(at: Moment) -> Plan {
    lit(ScalarValue::TimestampMicrosecond(Some(at.as_micros()), Some("UTC".into())))
}

/// The condition of a search, with its period.
pub(crate) fn filter(events: &Events, search: &Search, now: Moment) -> Plan {
    let (from, to) = search.window.resolve(now);
    let mut all = Vec::new();
    all.extend(from.map(|from| ident("at").gt_eq(moment(from))));
    all.extend(to.map(|to| ident("at").lt(moment(to))));
    if search.filter != Expr::All {
        all.push(condition(events, &search.filter, true));
    }
    all.into_iter().reduce(Plan::and).unwrap_or_else(|| lit(true))
}

fn condition(events: &Events, expr: &Expr, asked: bool) -> Plan {
    match expr {
        Expr::All => lit(true),
        Expr::Not(inner) => not(condition(events, inner, !asked)),
        Expr::And(parts) => parts
            .iter()
            .map(|part| condition(events, part, asked))
            .reduce(Plan::and)
            .unwrap_or_else(|| lit(true)),
        Expr::Or(parts) => parts
            .iter()
            .map(|part| condition(events, part, asked))
            .reduce(Plan::or)
            .unwrap_or_else(|| lit(false)),
        Expr::Term(term) => single(events, term, asked),
    }
}

fn single(events: &Events, term: &Term, asked: bool) -> Plan {
    let put = |column: &str| passes(term, Held::Plain, ident(column));
    let literal = match &term.test {
        Test::Fits(pattern) => pattern.as_literal(),
        _ => None,
    };
    let known = match &term.field {
        None => return put("raw").or(put("message")),
        Some(FieldName::Other(name)) => return other(events, term, name, asked),
        Some(FieldName::Known(known)) => *known,
    };
    let address = |column: &str| match literal {
        Some(ip) if asked && ip.parse::<Ipv4Addr>().is_ok() => ident(column).eq(lit(ip)),
        _ => put(column),
    };
    match known {
        Known::Ip => address("src_ip").or(address("dst_ip")),
        Known::SrcIp | Known::DstIp => address(known.key()),
        Known::Dialect => match literal {
            Some(dialect) if asked => ident("dialect").eq(lit(dialect.to_ascii_lowercase())),
            _ => put("dialect"),
        },
        Known::Id => match literal {
            Some(id) if asked => ident("event_id").eq(lit(id.to_ascii_lowercase())),
            _ => put("event_id"),
        },
        Known::LogSource => put("logsources"),
        Known::Hash if events.hashes() => put("hashes"),
        // Files of older programs have no such column.
        Known::Hash | Known::Raw => put("raw"),
        Known::Host
        | Known::User
        | Known::Process
        | Known::Action
        | Known::Outcome
        | Known::Message
        | Known::Source => put(known.key()),
    }
}

/// A field of the record: any column of that name, and what stands among the rest.
fn other(events: &Events, term: &Term, name: &str, asked: bool) -> Plan {
    let columns = named(events, name).into_iter().map(|(column, kind)| match (kind, &term.test) {
        (DataType::Int64, test) if asked => {
            numbers(ident(&column), test).unwrap_or_else(|| passes(term, Held::Field, ident(&column)))
        }
        _ => passes(term, Held::Field, ident(&column)),
    });
    let rest = events.rest().then(|| passes(term, Held::Within(name.to_owned()), ident("fields")));
    columns.chain(rest).reduce(Plan::or).unwrap_or_else(|| lit(false))
}

/// A comparison of whole numbers, where the test is one.
fn numbers(column: Plan, test: &Test) -> Option<Plan> {
    let whole = |number: f64| (number.fract() == 0.0 && number.abs() < 9e15).then(|| lit(number as i64));
    Some(match test {
        Test::Fits(pattern) => {
            let text = pattern.as_literal()?;
            let number: i64 = text.parse().ok()?;
            (number.to_string() == text).then(|| column.eq(lit(number)))?
        }
        Test::Compare(Compare::Above, bound) => column.gt(whole(*bound)?),
        Test::Compare(Compare::From, bound) => column.gt_eq(whole(*bound)?),
        Test::Compare(Compare::Below, bound) => column.lt(whole(*bound)?),
        Test::Compare(Compare::UpTo, bound) => column.lt_eq(whole(*bound)?),
        Test::Between(low, high) => column.clone().gt_eq(whole(*low)?).and(column.lt_eq(whole(*high)?)),
        Test::Exists => column.is_not_null(),
        Test::Within(_) => return None,
    })
}

/// The columns of that field, whatever the case of their letters.
fn named(events: &Events, name: &str) -> Vec<(String, DataType)> {
    let fields = events.columns().fields().iter();
    let named =
        fields.filter(|f| f.name().strip_prefix(PREFIX).is_some_and(|f| f.eq_ignore_ascii_case(name)));
    named.map(|f| (f.name().clone(), f.data_type().clone())).collect()
}

/// The value of a field, to be shown or counted by.
pub(crate) fn value(events: &Events, field: &FieldName) -> Result<Plan, AskError> {
    let name = match field {
        FieldName::Other(name) => name,
        FieldName::Known(Known::Hash) => {
            return Err(AskError::Wrong(
                "a hash may stand anywhere in a record: name the field that holds it".into(),
            ));
        }
        FieldName::Known(Known::Ip) => return Ok(coalesce(vec![ident("src_ip"), ident("dst_ip")])),
        FieldName::Known(Known::Id) => return Ok(ident("event_id")),
        FieldName::Known(Known::LogSource) => return Ok(ident("logsources")),
        FieldName::Known(known) => return Ok(ident(known.key())),
    };
    let mut found: Vec<Plan> = named(events, name).into_iter().map(|(column, _)| ident(column)).collect();
    if events.rest() {
        found.push(taken(name, ident("fields")));
    }
    Ok(match found.len() {
        0 => lit(ScalarValue::Utf8(None)),
        1 => found.swap_remove(0),
        _ => coalesce(found.into_iter().map(|column| cast(column, DataType::Utf8)).collect()),
    })
}
