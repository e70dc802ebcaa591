//! CycloneDX 1.2 to 1.7, JSON and XML; 1.0 and 1.1 leniently. Both forms are read into one model, so that they
//! give equal reports.

mod json;
mod model;
mod xml;

use super::{deliver, room, words};
use crate::emit::Emit;
use crate::{Ending, Position, Refusal};
use model::Bom;
use std::io::Read;

/// Reads a document in either form.
pub(crate) fn cyclonedx(emit: &mut Emit<'_>, input: &mut dyn Read, head: &[u8]) -> Result<Ending, Refusal> {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let mut bom = Bom::default();
    let is_xml = start.first() == Some(&b'<');
    let ending =
        if is_xml { xml::read(emit, input, head, &mut bom)? } else { json::read(emit, input, &mut bom)? };
    let report = bom.report(emit);
    Ok(deliver(emit, report, ending))
}

/// Whether one more row fits; a document with more is told to be split.
fn fits(emit: &mut Emit<'_>, bom: &Bom, at: Position) -> bool {
    room(emit, bom.components.len() + bom.vulnerabilities.len(), at)
}
