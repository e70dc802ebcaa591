//! EVTX: a file header of 4 KiB and chunks of 64 KiB, each chunk whole in itself, so that the file is streamed
//! and a damaged or cut-off chunk costs only its own records.

use super::fill;
use crate::emit::Emit;
use crate::json::flatten;
use crate::text::cut;
use crate::{Ending, Position, Refusal};
use evtx::{EvtxChunkData, ParserSettings};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, TimeQuality};

const HEADER: usize = 4096;
const CHUNK: usize = 65_536;
const MAGIC: &[u8] = b"ElfFile\0";
const REMEDY: &str = "Export the log again; the other records were read.";

/// Reads every record of the file, chunk by chunk in file order.
pub(crate) fn evtx(emit: &mut Emit<'_>, input: &mut dyn Read) -> Result<Ending, Refusal> {
    let mut block = vec![0; HEADER];
    let got = fill_block(input, &mut block).map_err(|e| Refusal::from_io(&e))?;
    if !block.starts_with(MAGIC) {
        return Err(Refusal::new(
            "wrong_format",
            "This is no EVTX file: its signature is missing.",
            "Export the log from the event viewer as .evtx.",
        ));
    }
    if got < HEADER {
        return Ok(truncated(emit, got as u64));
    }
    let settings = Arc::new(ParserSettings::new().indent(false));
    let mut number = 0;
    for index in 0_u64.. {
        let start = HEADER as u64 + index * CHUNK as u64;
        let mut data = vec![0; CHUNK];
        let got = match fill_block(input, &mut data) {
            Ok(0) => break,
            Ok(got) => got,
            Err(error) => return cut(emit, Position::Byte(start), &error),
        };
        // A log is grown by whole chunks, so an empty one is room that was never used.
        if data.iter().any(|byte| *byte != 0) {
            chunk(emit, data, start, got, &settings, &mut number);
        }
        if got < CHUNK {
            return Ok(truncated(emit, start + got as u64));
        }
        if emit.stop() {
            return Ok(Ending::Cancelled);
        }
    }
    Ok(Ending::Complete)
}

fn truncated(emit: &mut Emit<'_>, byte: u64) -> Ending {
    let at = Position::Byte(byte);
    emit.fault(
        at,
        "truncated",
        "The file breaks off in the middle of a chunk.",
        "Copy or export the log again.",
    );
    Ending::Truncated { at }
}

/// Fills as much of a block as the input has.
fn fill_block(input: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < block.len() {
        match input.read(&mut block[got..]) {
            Ok(0) => break,
            Ok(count) => got += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if got == 0 => return Err(error),
            Err(_) => break,
        }
    }
    Ok(got)
}

/// A record in its JSON form, or what is wrong with it.
type Rendered = Result<(u64, Moment, Vec<u8>), String>;

fn chunk(
    emit: &mut Emit<'_>,
    data: Vec<u8>,
    start: u64,
    whole: usize,
    settings: &Arc<ParserSettings>,
    number: &mut u64,
) {
    // The parser is careful, but it is fed hostile bytes: a panic in it must cost one chunk, not the program.
    let rendered = catch_unwind(AssertUnwindSafe(|| render(data, whole, settings)));
    let records = match rendered {
        Ok(Ok(records)) => records,
        Ok(Err(text)) => return bad_chunk(emit, start, &text),
        Err(_) => return bad_chunk(emit, start, "its parser failed"),
    };
    for record in records {
        *number += 1;
        match record {
            Ok((id, at, json)) => one(emit, id, at, json, *number),
            // Behind the cut everything is missing; that is told once, for the file.
            Err(_) if whole < CHUNK => {}
            Err(text) => {
                emit.fault(
                    Position::Record(*number),
                    "bad_record",
                    format!("The record is damaged: {text}."),
                    REMEDY,
                );
            }
        }
    }
}

fn bad_chunk(emit: &mut Emit<'_>, start: u64, text: &str) {
    let text = format!("A chunk of 64 KiB is damaged ({text}). Its records were left out.");
    emit.fault(Position::Byte(start), "bad_chunk", text, REMEDY);
}

fn render(data: Vec<u8>, whole: usize, settings: &Arc<ParserSettings>) -> Result<Vec<Rendered>, String> {
    let mut data = EvtxChunkData::new(data, false).map_err(|e| e.to_string())?;
    let mut chunk = data.parse(settings.clone()).map_err(|e| e.to_string())?;
    let records = chunk.iter().map(|record| {
        let record = record.map_err(|e| short(&e))?;
        // A record ends with four bytes that repeat its size. One that the cut runs through would be read with
        // zeros for what is missing.
        if record.binxml_offset + u64::from(record.binxml_size) + 4 > whole as u64 {
            return Err("it is cut off".to_owned());
        }
        let (id, at) = (record.event_record_id, Moment::from_micros(record.timestamp.as_microsecond()));
        record.into_json_bytes().map(|json| (id, at, json.data)).map_err(|e| short(&e))
    });
    Ok(records.collect())
}

/// The error's first line; the crate quotes whole records in some.
fn short(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(160).collect()
}

fn one(emit: &mut Emit<'_>, id: u64, written: Moment, json: Vec<u8>, number: u64) {
    let fields = match flatten(&json) {
        Ok(fields) => fields,
        Err(error) => {
            let text = format!("The record is damaged: {error}.");
            return emit.fault(Position::Record(number), "bad_record", text, REMEDY);
        }
    };
    // Rendered from checked text, so nothing is lost here.
    let raw = String::from_utf8_lossy(&json);
    let mut event = Event::new(Dialect::Windows, emit.file.clone(), if id == 0 { number } else { id }, raw);
    event.fields = fields;
    fill(&mut event);
    if event.time_quality == TimeQuality::Missing {
        (event.at, event.time_quality) = (written, TimeQuality::Stated);
    }
    emit.event(event);
}
