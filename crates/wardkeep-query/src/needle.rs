//! Which row groups may hold an address, by their bloom filters.
//!
//! The engine asks filters itself, but only about one column at a time: an address on either side of a connection is
//! a choice of two, for which it would read both columns of every file.

use crate::footers::Footer;
use datafusion::datasource::physical_plan::parquet::{ParquetAccessPlan, RowGroupAccess};
use datafusion::parquet::bloom_filter::Sbbf;
use datafusion::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use std::fs::File;
use std::net::Ipv4Addr;
use std::path::Path;
use wardkeep_events::search::{Expr, FieldName, Known, Search, Term, Test};

/// The columns of addresses.
const SIDES: [&str; 2] = ["src_ip", "dst_ip"];

/// The columns of addresses in each row group of a file; `None` where a file has no such column.
pub(crate) type Sides = Vec<[Option<ColumnChunkMetaData>; SIDES.len()]>;

pub(crate) fn sides(metadata: &ParquetMetaData) -> Sides {
    let columns = metadata.file_metadata().schema_descr().columns();
    let places = SIDES.map(|side| columns.iter().position(|column| column.name() == side));
    let groups = metadata.row_groups().iter();
    groups.map(|group| places.map(|place| place.map(|place| group.column(place).clone()))).collect()
}

/// An address that every event found must have, in one of the columns marked.
#[derive(Debug)]
pub(crate) struct Needle {
    address: String,
    sides: [bool; SIDES.len()],
}

/// The addresses that a search demands. The condition itself compares them, see `lower`.
pub(crate) fn needles(search: &Search) -> Vec<Needle> {
    let demanded: &[Expr] = match &search.filter {
        Expr::And(parts) => parts,
        one => std::slice::from_ref(one),
    };
    demanded.iter().filter_map(|part| if let Expr::Term(term) = part { needle(term) } else { None }).collect()
}

fn needle(term: &Term) -> Option<Needle> {
    let sides = match term.field {
        Some(FieldName::Known(Known::Ip)) => [true, true],
        Some(FieldName::Known(Known::SrcIp)) => [true, false],
        Some(FieldName::Known(Known::DstIp)) => [false, true],
        _ => return None,
    };
    let Test::Fits(pattern) = &term.test else { return None };
    let address = pattern.as_literal()?;
    address.parse::<Ipv4Addr>().is_ok().then(|| Needle { address: address.to_owned(), sides })
}

/// What of a file must be read: `None` for nothing. What cannot be known is read.
pub(crate) fn access(path: &Path, footer: &Footer, needles: &[Needle]) -> Option<ParquetAccessPlan> {
    let all = || ParquetAccessPlan::new_all(footer.sides.len());
    // A file that cannot be opened is told of by the engine.
    let Ok(file) = File::open(path) else { return Some(all()) };
    let may_hold = |chunk: &Option<ColumnChunkMetaData>, address: &str| {
        let Some(chunk) = chunk else { return true };
        match Sbbf::read_from_column_chunk(chunk, &file) {
            Ok(Some(filter)) => filter.check(address),
            _ => true,
        }
    };
    let groups: Vec<RowGroupAccess> = footer
        .sides
        .iter()
        .map(|group| {
            let found = needles.iter().all(|needle| {
                let asked = group.iter().zip(needle.sides).filter(|(_, asked)| *asked);
                asked.into_iter().any(|(chunk, _)| may_hold(chunk, &needle.address))
            });
            if found { RowGroupAccess::Scan } else { RowGroupAccess::Skip }
        })
        .collect();
    groups.iter().any(RowGroupAccess::should_scan).then(|| ParquetAccessPlan::new(groups))
}
